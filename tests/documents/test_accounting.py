from datetime import date
from decimal import Decimal

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

ACCOUNTING = domain("accounting")
LEDGER = """\
option "operating_currency" "EUR"

2026-01-01 open Assets:Bank EUR
2026-01-01 open Expenses:Rent EUR

2026-01-31 * "Halcyon Ltd" "Rent, \\"first\\" month" #office ^V-1
  Expenses:Rent                   1200.50 EUR
  Assets:Bank                    -1200.50 EUR

2026-02-01 ! "Shares" ^V-2
  broker: "Calder"
  Assets:Broker                        10 HOOL {5.10 USD} @ 1.20 EUR ; bought
  Assets:Bank
"""


def read(text: str = LEDGER) -> Document:
    return ACCOUNTING.parse({"main.beancount": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = ACCOUNTING.read(instruction)
    assert program is not None
    return ACCOUNTING.render(program(document))


def test_a_transaction_is_one_unit_with_typed_postings() -> None:
    *_, rent, shares = read().files["main.beancount"]
    assert rent.fields == {
        "date": date(2026, 1, 31),
        "flag": "*",
        "payee": "Halcyon Ltd",
        "narration": 'Rent, "first" month',
        "tag": "office",
        "link": "V-1",
        "Expenses:Rent EUR": Decimal("1200.50"),
        "Assets:Bank EUR": Decimal("-1200.50"),
    }
    assert shares.fields["Assets:Broker HOOL @ EUR"] == Decimal("1.20")
    assert shares.fields["Assets:Bank"] is None
    assert (shares.fields["broker"], shares.text) == ("Calder", "")
    assert ACCOUNTING.render(read()) == {"main.beancount": LEDGER}


def test_minor_units_as_asked() -> None:
    text = done(
        "Book `EUR` in its minor unit: multiply every posting amount in `EUR` by `100` and write "
        "`EUR-MINOR` as its currency, also in the open directives and in the options.",
        read(),
    )["main.beancount"]
    assert 'option "operating_currency" "EUR-MINOR"\n' in text
    assert "open Assets:Bank EUR-MINOR\n" in text
    assert "Expenses:Rent                    120050 EUR-MINOR\n" in text
    assert "10 HOOL {5.10 USD} @ 1.20 EUR ; bought\n" in text


def test_a_new_chart_of_accounts_as_asked() -> None:
    text = done(
        "Rename accounts wherever they stand, in the open directives and in all postings, as "
        "follows: `Assets:Bank` → `Assets:1200-Bank`. Every other account keeps its name.",
        read(),
    )["main.beancount"]
    assert text.replace("1200-Bank    ", "Bank         ").replace("1200-Bank", "Bank") == LEDGER


def test_the_order_of_postings_and_the_writing_of_amounts_mean_nothing() -> None:
    lines = LEDGER.replace("1200.50", "1,200.50").splitlines(keepends=True)
    lines[6], lines[7] = lines[7].replace("   ", " "), lines[6]
    assert likeness(read(), read("".join(lines))).lossless


def test_one_wrong_digit_in_an_amount_costs() -> None:
    result = likeness(read(), read(LEDGER.replace(" 1200.50", " 1200.51", 1)))
    assert 0.9 < result.value < 1
    assert not result.lossless


def test_a_broken_first_line_costs_one_transaction() -> None:
    broken = read(LEDGER.replace('"Halcyon Ltd"', '"Halcyon Ltd'))
    assert [u.kind for u in broken.units()].count("opaque") == 1
    assert likeness(read(), broken).value > 0.6


def test_an_impossible_date_costs_one_field_and_an_unread_line_stays_as_text() -> None:
    odd = read(LEDGER.replace("2026-01-31", "2026-13-31").replace("Assets:Bank   ", "Bank"))
    rent = odd.files["main.beancount"][3]
    assert rent.fields["date"] == "2026-13-31"
    assert rent.text.startswith("Bank")
    assert likeness(odd, ACCOUNTING.parse(ACCOUNTING.render(odd))).lossless


def test_hostile_lines_are_read_in_linear_time() -> None:
    for text in ('\\"' * 50_000, "A:" * 50_000, " " * 100_000 + '"', "#" * 100_000):
        read(f'2026-01-01 * "{text}\n  {text}\n')
    read('2026-01-01 * "x"\n' + "  A:B 1 EUR\n" * 5000)
