"""Ledgers to work on, and files that lie beside them."""

from datetime import date
from decimal import Decimal
from itertools import chain
from random import Random

from worktrial.documents import content
from worktrial.documents.domains.accounting.edits import CODES
from worktrial.documents.domains.accounting.format import LEDGER, OPEN, OPTION, TRANSACTION
from worktrial.documents.table import CSV, ROW
from worktrial.documents.unit import Files, Unit, Value

_BANKS = ("Assets:Bank:Checking", "Assets:Bank:Savings", "Liabilities:CreditCard", "Assets:Cash")
_COSTS = (
    "Office:Supplies", "Office:Rent", "Travel:Rail", "Travel:Hotels", "IT:Hosting", "IT:Licences",
    "Repairs", "Insurance", "Telephone", "Energy", "Training", "Marketing:Print",
    "Marketing:Fairs", "Freight", "Legal", "Cleaning",
)  # fmt: skip
_SALES = ("Consulting", "Workshops", "Licences", "Products", "Maintenance", "Royalties")
_WORK = (
    "deposit", "second instalment", "replacement", "monthly fee", "final invoice", "advance",
    "spare parts", "rush order", "annual plan", "refill", "hire for {city}", "delivery to {city}",
    "repair in {city}", "for {person}", "ordered by {person}", "demo at {city}", "week {week}",
    "batch {week}",
)  # fmt: skip

_Books = tuple[list[str], list[str], list[str]]


def generate(rng: Random, size: int) -> Files:
    """A year of a firm's transactions under its accounts."""
    count = max(5, round(size / 42))
    currency = rng.choice(("EUR", "GBP", "CHF", "SEK"))
    books = _books(rng, min(len(_COSTS), 2 + count // 5))
    start = content.day(rng, year=2025)
    days = sorted(content.day(rng) for _ in range(count))
    links = content.codes(rng, rng.choice(("INV", "V", "DOC")), count)
    opened = [_open(start, account, currency) for account in chain(*books)]
    options = {"title": content.firm(rng), "operating_currency": currency}
    units = [Unit(OPTION, {"name": n, "value": v}) for n, v in options.items()] + opened
    units += [_entry(rng, *pair, books, currency) for pair in zip(days, links, strict=True)]
    return {f"{rng.choice(('ledger', 'books', 'main'))}.beancount": LEDGER.render(units)}


def distractors(rng: Random, size: int) -> Files:
    """A list of assets and the minutes of a meeting."""
    rows = [_asset(rng, code) for code in content.codes(rng, "FA", max(3, size // 36))]
    return {"fixed_assets.csv": CSV.render(rows), "minutes.md": content.memo(rng, size // 2)}


def _books(rng: Random, count: int) -> _Books:
    """Accounts that money is in, that it goes to, and that it comes from."""
    banks = rng.sample(_BANKS, min(len(_BANKS), 1 + count // 3))
    costs = [f"Expenses:{name}" for name in rng.sample(_COSTS, count)]
    sales = [f"Income:{name}" for name in rng.sample(_SALES, min(len(_SALES), 1 + count // 4))]
    return banks, costs, sales


def _open(day: date, account: str, currency: str) -> Unit:
    return Unit(OPEN, {"date": day, "account": account, "currencies": currency})


def _entry(rng: Random, day: date, link: str, books: _Books, currency: str) -> Unit:
    banks, costs, sales = books
    total = content.amount(rng, 8, 9000)
    bank = rng.choice(banks)
    if rng.random() < 0.25:
        postings = {bank: total, rng.choice(sales): -total}
    elif rng.random() < 0.3:
        share = (total * rng.randint(2, 8) / 10).quantize(Decimal("0.01"))
        one, other = rng.sample(costs, 2)
        postings = {one: share, other: total - share, bank: -total}
    else:
        postings = {rng.choice(costs): total, bank: -total}
    fields: dict[str, Value] = {
        "date": day,
        "flag": "!" if rng.random() < 0.15 else "*",
        "payee": content.firm(rng),
        "narration": _narration(rng),
        "tag": rng.choice(list(CODES)),
        "link": link,
    }
    return Unit(TRANSACTION, fields | {f"{a} {currency}": v for a, v in postings.items()})


def _narration(rng: Random) -> str:
    work = rng.choice(_WORK).format(
        city=rng.choice(content.CITIES),
        person=rng.choice(content.LAST_NAMES),
        week=rng.randint(1, 52),
    )
    return f"{rng.choice(content.GOODS).capitalize()}, {work}"


def _asset(rng: Random, code: str) -> Unit:
    return Unit(
        ROW,
        {
            "asset": code,
            "bought": content.day(rng, year=2021).isoformat(),
            "what": rng.choice(content.GOODS),
            "cost": content.amount(rng, 200, 20_000),
            "years": Decimal(rng.randint(3, 15)),
        },
    )
