"""What a ledger can be asked to do: programs, and the sentences that ask for them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import groupby

from worktrial.documents import programs
from worktrial.documents.domains.accounting.format import (
    HEAD,
    OPEN,
    OPTION,
    POSTED,
    STATEMENTS,
    TRANSACTION,
    free,
    quoted,
    read_day,
)
from worktrial.documents.edits import Verb
from worktrial.documents.records import record_verbs
from worktrial.documents.table import ROW, written
from worktrial.documents.unit import Document, Unit, Value

# --- programs ----------------------------------------------------------------------------------


def recharted(document: Document, *, accounts: Mapping[str, str]) -> Document:
    """Rename accounts wherever they stand."""

    def renamed(name: str) -> str:
        account, *rest = name.split(" ", 1)
        return " ".join([accounts.get(account, account), *rest])

    def change(unit: Unit) -> Unit:
        fields = {renamed(name): value for name, value in unit.fields.items()}
        for name in ("account", "of"):
            if isinstance(old := fields.get(name), str):
                fields[name] = accounts.get(old, old)
        return programs.with_fields(unit, fields)

    for kind in (TRANSACTION, OPEN, *STATEMENTS):
        document = programs.each(document, kind, change)
    return document


def to_minor(document: Document, *, old: str, new: str, factor: str) -> Document:
    """Count a currency in its minor unit, under another name."""
    return _recount(document, old, new, lambda amount: amount * Decimal(factor))


def to_major(document: Document, *, old: str, new: str, factor: str) -> Document:
    """Count a currency in its major unit, with two decimals."""

    def divided(amount: Decimal) -> Decimal:
        exact = amount / Decimal(factor)
        cents = exact.quantize(Decimal("0.01"))
        return cents if cents == exact else exact

    return _recount(document, old, new, divided)


def _recount(
    document: Document, old: str, new: str, change: Callable[[Decimal], Decimal]
) -> Document:
    def posting(name: str, value: Value) -> tuple[str, Value]:
        posted = POSTED.fullmatch(name)
        if posted is None or posted[2] != old or not isinstance(value, Decimal):
            return name, value
        return name.replace(f" {old}", f" {new}", 1), _total(change, value)

    def recounted(unit: Unit) -> Unit:
        return programs.with_fields(unit, dict(posting(n, v) for n, v in unit.fields.items()))

    def reopened(unit: Unit) -> Unit:
        listed = str(unit.fields.get("currencies", "")).split(",")
        named = ",".join(new if currency == old else currency for currency in listed)
        return programs.with_fields(unit, {**unit.fields, "currencies": named}) if named else unit

    document = programs.each(document, TRANSACTION, recounted)
    document = programs.each(document, OPEN, reopened)
    return programs.substitute(document, kind=OPTION, field="value", legend={old: new})


def _total(change: Callable[[Decimal], Decimal], value: Decimal) -> Decimal:
    try:
        return programs.plain(changed) if (changed := change(value)) % 1 == 0 else changed
    except InvalidOperation:
        return value


def by_month(document: Document, *, file: str, places: Mapping[str, str]) -> Document:
    """Move transactions into a file a month."""
    units = document.files.get(file, ())

    def place(unit: Unit) -> str | None:
        entry = unit.kind == TRANSACTION
        return places.get(written(unit.fields.get("date"))[:7]) if entry else None

    files = {**document.files, file: tuple(u for u in units if place(u) is None)}
    files |= {name: tuple(u for u in units if place(u) == name) for name in places.values()}
    return Document(files)


_JOURNAL = ("txn", *HEAD, "account", "currency", "debit", "credit")


def to_journal(document: Document, *, file: str, target: str) -> Document:
    """Move transactions into a journal: a row a posting."""
    units = document.files.get(file, ())
    entries = [u for u in units if u.kind == TRANSACTION]
    rows = [row for number, u in enumerate(entries, 1) for row in _journal_rows(number, u)]
    header = Unit(programs.HEADER, text="\t".join(_JOURNAL), structural=True)
    ledger = document.replacing(file, [u for u in units if u.kind != TRANSACTION])
    return ledger.replacing(target, [header, *rows])


def _journal_rows(number: int, entry: Unit) -> Iterator[Unit]:
    head = {name: written(entry.fields.get(name)) for name in HEAD}
    for name, amount in entry.fields.items():
        posted = POSTED.fullmatch(name)
        if posted is None:
            continue
        side = {"debit": amount, "credit": ""}
        if isinstance(amount, Decimal) and amount < 0:
            side = {"debit": "", "credit": -amount}
        account = {"account": posted[1], "currency": posted[2] or ""}
        yield Unit(ROW, {"txn": Decimal(number), **head, **account, **side})


def from_journal(document: Document, *, file: str, target: str) -> Document:
    """Turn a journal's rows into transactions at the end of a ledger."""
    rows = [u for u in document.files.get(file, ()) if u.kind == ROW]
    grouped = groupby(rows, key=lambda u: written(u.fields.get("txn")))
    entries = [_from_rows(list(group)) for _, group in grouped]
    ledger = document.files.get(target, ())
    return document.replacing(file, None).replacing(target, [*ledger, *entries])


def _from_rows(rows: list[Unit]) -> Unit:
    head = {name: written(rows[0].fields.get(name)) for name in HEAD}
    fields: dict[str, Value] = {n: v for n, v in head.items() if v or n == "narration"}
    fields["date"] = read_day(head["date"])
    for row in rows:
        debit, credit = row.fields.get("debit"), row.fields.get("credit")
        amount = -credit if isinstance(credit, Decimal) else debit
        name = f"{written(row.fields.get('account'))} {written(row.fields.get('currency'))}".strip()
        fields[free(fields, name)] = amount if isinstance(amount, Decimal) else None
    return Unit(TRANSACTION, fields, key="link")


def chart_out(document: Document, *, file: str, chart: str) -> Document:
    """Move the open directives to a file that the ledger includes."""
    units = document.files.get(file, ())
    rest = [_include(chart), *(u for u in units if u.kind != OPEN)]
    return document.replacing(file, rest).replacing(chart, [u for u in units if u.kind == OPEN])


def chart_in(document: Document, *, file: str, chart: str) -> Document:
    """Move the open directives of an included file back, to the place below the options."""
    units = [u for u in document.files.get(file, ()) if u != _include(chart)]
    at = next((i for i, u in enumerate(units) if u.kind != OPTION), len(units))
    units[at:at] = document.files.get(chart, ())
    return document.replacing(chart, None).replacing(file, units)


def _include(chart: str) -> Unit:
    return Unit("include", text=quoted(chart), structural=True)


# --- words -------------------------------------------------------------------------------------

_IN_ORDER = (
    "text in plain character order; ties keep their order, and what is no transaction keeps its "
    "place."
)
RECORDS = replace(
    record_verbs(
        TRANSACTION, one="transaction", many="transactions", a_field="field", lookup_kind=ROW
    ),
    number=Verb(
        "Number the transactions from 1 in their present order, in a metadata line such as "
        "`line_no: 1` with the key {field} under the first line of each transaction.",
        partial(programs.number, kind=TRANSACTION),
    ),
    drop=Verb(
        "Delete the metadata key {field} from every transaction.",
        partial(programs.drop, kind=TRANSACTION),
    ),
    ascending=Verb(
        f"Sort the transactions of every file by {{field}}, smallest first, {_IN_ORDER}",
        partial(programs.sort, kind=TRANSACTION),
    ),
    descending=Verb(
        f"Sort the transactions of every file by {{field}}, largest first, {_IN_ORDER}",
        partial(programs.sort, kind=TRANSACTION, descending=True),
    ),
    substitute=Verb(
        "Replace the {field} of the transactions as follows: {**legend}. Any other stays.",
        partial(programs.substitute, kind=TRANSACTION),
    ),
    extract=Verb(
        "Move the {field} of the transactions out into a new CSV file {lookup} with the columns "
        "{key} and {field}: a row for every transaction in the same order, {key} without its "
        "caret, a tag without its hash. In the ledger an empty string stays in the place of a "
        "narration, and nothing in the place of a tag.",
        partial(programs.extract, kind=TRANSACTION, row=ROW),
    ),
    join=Verb(
        "Put the {field} from {lookup} back into the transactions, matched by {key}; then remove "
        "{lookup}.",
        partial(programs.join, kind=TRANSACTION),
    ),
)
RECHART = Verb(
    "Rename accounts wherever they stand, in the open directives and in all postings, as follows: "
    "{**accounts}. Every other account keeps its name.",
    recharted,
)
TO_MINOR = Verb(
    "Book {old} in its minor unit: multiply every posting amount in {old} by {factor} and write "
    "{new} as its currency, also in the open directives and in the options.",
    to_minor,
)
TO_MAJOR = Verb(
    "Book {old} in its major unit: divide every posting amount in {old} by {factor}, with two "
    "decimals, and write {new} as its currency, also in the open directives and in the options.",
    to_major,
)
BY_MONTH = Verb(
    "Move the transactions of {file} into a file for every month, by their date and in the same "
    "order: {**places}. Everything else stays in {file}.",
    by_month,
)
TO_JOURNAL = Verb(
    "Move the transactions of {file} out into a journal {target}: CSV with the columns `txn`, "
    "`date`, `flag`, `payee`, `narration`, `tag`, `link`, `account`, `currency`, `debit` and "
    "`credit`. Every posting is a row, in the order of the ledger; `txn` numbers the transactions "
    "from 1, and each of its rows repeats the first line's fields, the tag without its hash and "
    "the link without its caret. A positive amount goes to `debit`, a negative one without its "
    "sign to `credit`; what does not apply stays empty. {file} keeps everything else.",
    to_journal,
)
FROM_JOURNAL = Verb(
    "Write the journal {file} as transactions at the end of the ledger {target}, in the same "
    "order: the rows with the same `txn` are the postings of one transaction, a debit as a "
    "positive and a credit as a negative amount. Then remove {file}.",
    from_journal,
)
CHART_OUT = Verb(
    "Move the open directives of {file} in their order to a new file {chart}, and include {chart} "
    "in the first line of {file}.",
    chart_out,
)
CHART_IN = Verb(
    "Move the open directives of {chart} in their order into {file}, directly below its options; "
    "then remove {chart} and the line that includes it.",
    chart_in,
)

VERBS = (
    *RECORDS.all(), RECHART, TO_MINOR, TO_MAJOR, BY_MONTH, TO_JOURNAL, FROM_JOURNAL, CHART_OUT,
    CHART_IN,
)  # fmt: skip
