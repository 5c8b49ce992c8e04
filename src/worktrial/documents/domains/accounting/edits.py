"""Reversible changes of a ledger, planned where they fit."""

from dataclasses import replace
from itertools import groupby, pairwise
from random import Random

from worktrial.documents import programs
from worktrial.documents.domains.accounting import verbs
from worktrial.documents.domains.accounting.format import HEAD, OPEN, OPTION, POSTED, TRANSACTION
from worktrial.documents.edits import Edit, Planner, compose, edit, sayable
from worktrial.documents.records import RecordEdits
from worktrial.documents.table import written
from worktrial.documents.unit import Document, Unit

CODES = {
    "office": "cc100",
    "travel": "cc210",
    "field": "cc220",
    "events": "cc300",
    "research": "cc400",
    "repairs": "cc510",
}
"""The tags of transactions, and the cost centres that they are recoded to."""

_PLAIN = RecordEdits(
    verbs.RECORDS,
    kind=TRANSACTION,
    key="link",
    sortable=("payee", "narration", "link", "tag"),
    category="tag",
    removable=("narration", "tag"),
    recodes=CODES,
    extension=".beancount",
)
_LOOKUPS = replace(_PLAIN, extension=".csv")


def _entries(document: Document) -> list[Unit]:
    return [u for u in document.units() if u.kind == TRANSACTION]


def _ledger(document: Document) -> str | None:
    """The one file of a ledger whose transactions come last, in order of their dates."""
    if len(document.files) != 1:
        return None
    ((file, units),) = document.files.items()
    entries = _entries(document)
    last = units[len(units) - len(entries) :]
    days = [written(u.fields.get("date")) for u in entries]
    in_order = all(a <= b for a, b in pairwise(days))
    return file if entries and list(last) == entries and in_order and sayable(file) else None


def chart_of_accounts(document: Document, rng: Random) -> Edit | None:
    """Rename accounts to a numbered chart."""
    accounts = programs.text_values(document.units(), "account")
    if not accounts or not sayable(*accounts):
        return None
    chosen = rng.sample(accounts, min(len(accounts), rng.randint(2, 6)))
    numbers = rng.sample(range(1000, 9999), len(chosen))
    new = {
        old: f"{old.split(':')[0]}:{number}-{old.split(':')[-1]}"
        for old, number in zip(chosen, numbers, strict=True)
    }
    return edit(
        "chart_of_accounts",
        "rename",
        [verbs.RECHART(accounts=new)],
        [verbs.RECHART(accounts=programs.inverse(new))],
    )


def minor_units(document: Document, _: Random) -> Edit | None:
    """Cents for the currency that most postings are in."""
    posted = [POSTED.fullmatch(name) for u in _entries(document) for name in u.fields]
    used = [p[2] for p in posted if p and p[2]]
    if not used:
        return None
    old = max(sorted(set(used)), key=used.count)
    new = f"{old}-MINOR"
    if new in used or len(new) > 24:
        return None
    return edit(
        "minor_units",
        "scale",
        [verbs.TO_MINOR(old=old, new=new, factor="100")],
        [verbs.TO_MAJOR(old=new, new=old, factor="100")],
    )


def months(document: Document, _: Random) -> Edit | None:
    """A file a month; the dates carry the order."""
    file = _ledger(document)
    found = dict.fromkeys(written(u.fields.get("date"))[:7] for u in _entries(document))
    if file is None or not 2 <= len(found) <= 12:
        return None
    places = {month: f"{month}.beancount" for month in found}
    merge = verbs.RECORDS.merge(file=file, places=tuple(places.values()))
    return edit("months", "split", [verbs.BY_MONTH(file=file, places=places)], [merge])


def journal(document: Document, _: Random) -> Edit | None:
    """Transactions to a journal in CSV."""
    file = _ledger(document)
    if file is None or not all(_is_plain(u) for u in _entries(document)):
        return None
    target = "journal.csv"
    return edit(
        "journal",
        "convert",
        [verbs.TO_JOURNAL(file=file, target=target)],
        [verbs.FROM_JOURNAL(file=target, target=file)],
    )


def _is_plain(entry: Unit) -> bool:
    """Whether a journal can hold all that a transaction says."""
    others = [name for name in entry.fields if name not in HEAD]
    posted = all(POSTED.fullmatch(n) and entry.fields[n] is not None for n in others)
    return bool(others) and posted and not entry.text


def chart(document: Document, _: Random) -> Edit | None:
    """The open directives in a file of their own."""
    file = _ledger(document)
    units = list(document.units())
    kinds = [kind for kind, _ in groupby(u.kind for u in units)]
    if file is None or kinds != [OPTION, OPEN, TRANSACTION]:
        return None
    target = "accounts.beancount"
    return edit(
        "chart",
        "move",
        [verbs.CHART_OUT(file=file, chart=target)],
        [verbs.CHART_IN(file=file, chart=target)],
    )


_NARRATIONS = replace(_LOOKUPS, removable=("narration",))

PLANNERS: tuple[Planner, ...] = (
    _PLAIN.sort, _PLAIN.recode, _PLAIN.split, _LOOKUPS.extract, chart_of_accounts, minor_units,
    months, journal, chart,
    compose("close", chart_of_accounts, minor_units, months),
    compose("audit", _NARRATIONS.extract, _PLAIN.recode, journal),
    compose("review", chart_of_accounts, _PLAIN.recode, _PLAIN.sort),
)  # fmt: skip
