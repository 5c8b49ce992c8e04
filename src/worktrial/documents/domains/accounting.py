"""Plain-text double-entry ledgers in the style of beancount, with our own parser."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import chain, groupby, pairwise
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.records import RecordEdits, record_verbs
from worktrial.documents.table import CSV, ROW, written
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

TRANSACTION = "transaction"
OPEN = "open"
OPTION = "option"
_BREAK = " \n "
_MOST_FIELDS = 400
"""Lines beyond this in one transaction are kept as text."""
_HEAD = ("date", "flag", "payee", "narration", "tag", "link")
"""The fields of a transaction's first line."""

_ACCOUNT = r"[A-Z][\w-]*(?::[\w-]+)+"
_CURRENCY = r"[A-Z][A-Z0-9'._-]{0,23}"
_AMOUNT = r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,30})(?:\.[0-9]{1,30})?"
_STRING = r'"(?:[^"\\]|\\.)*"'
_DATE = r"[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}"
_WORD = re.compile(rf"{_STRING}|;.*|[^\s;\"]\S*|\"")
_POSTING = re.compile(
    rf"(?:([!*])\s+)?({_ACCOUNT})"
    rf"(?:\s+({_AMOUNT})\s+({_CURRENCY})"
    rf"(?:\s*\{{([^{{}}]*)\}})?(?:\s*(@@?)\s*({_AMOUNT})\s+({_CURRENCY}))?)?"
    r"\s*(?:;(.*))?"
)
_POSTED = re.compile(rf"({_ACCOUNT})(?: ({_CURRENCY}))?(?: #[0-9]+)?")
"""The name of a posting's amount among the fields; `#2` tells a second one like it apart."""
_NOTE = re.compile(r"([a-z][\w-]*):\s*(.*)")
_DATED = re.compile(rf"({_DATE})\s+(\S+)\s*(.*)")
_STATED = re.compile(rf"(\S+)\s+({_AMOUNT})\s+({_CURRENCY})")
_UNDATED = re.compile(r"(include|plugin|pushtag|poptag)\s+(.*)")
_OPTION = re.compile(rf"option\s+({_STRING})\s+({_STRING})")
_FLAGS = frozenset("*!&#?%PSTCURM")
_STATEMENTS = (
    "close",
    "balance",
    "pad",
    "note",
    "price",
    "commodity",
    "event",
    "document",
    "query",
)


# --- reading -----------------------------------------------------------------------------------


class Ledger(Format):
    """A unit a directive; a transaction is one unit together with its postings and metadata.

    A posting is a field: its account and currency name it, its amount is the value. The order of
    postings, of metadata, of tags and of links within a transaction means nothing, nor do
    alignment, blank lines and thousands separators. A line within a directive that can't be read
    is kept in its text.
    """

    def parse(self, text: str) -> list[Unit]:
        """One unit a block of a line and what is indented under it."""
        return [_unit(block) for block in _blocks(text.removeprefix("\ufeff"))]

    def render(self, units: Sequence[Unit]) -> str:
        """Directives of a kind together, a blank line around every transaction."""
        lines: list[str] = []
        before = None
        for unit in units:
            loose = unit.kind != before or unit.kind in (TRANSACTION, "opaque")
            lines += [""] * (loose and bool(lines)) + [_written(unit)]
            before = unit.kind
        return "".join(f"{line}\n" for line in lines)


LEDGER = Ledger()


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        if block and line[:1] in (" ", "\t") and line.strip():
            block.append(line.rstrip())
            continue
        if block:
            yield block
        block = [line.rstrip()] if line.strip() else []


def _unit(block: list[str]) -> Unit:
    head, *rest = block
    lines = [line.strip() for line in rest]
    if head.startswith((";", "* ", "# ")):
        return Unit("comment", text=_BREAK.join([head, *lines]), structural=True)
    if option := _OPTION.fullmatch(head):
        fields = {"name": _unquoted(option[1]), "value": _unquoted(option[2])}
        return Unit(OPTION, fields, key="name", text=_BREAK.join(lines), structural=True)
    if undated := _UNDATED.fullmatch(head):
        return Unit(undated[1], text=_BREAK.join([undated[2], *lines]), structural=True)
    found = _DATED.fullmatch(head)
    unit = _dated(_day(found[1]), found[2], found[3], lines) if found else None
    return unit or opaque("\n".join(block))


def _dated(day: Value, word: str, rest: str, lines: list[str]) -> Unit | None:
    if word == "txn" or word in _FLAGS:
        return _transaction(day, "*" if word == "txn" else word, rest, lines)
    if word == OPEN and (words := rest.split()) and re.fullmatch(_ACCOUNT, words[0]):
        fields: dict[str, Value] = {"date": day, "account": words[0]}
        if words[1:]:
            fields["currencies"] = " ".join(words[1:])
        return Unit(OPEN, fields, key="account", text=_BREAK.join(lines), structural=True)
    if word not in _STATEMENTS:
        return None
    if stated := _STATED.fullmatch(rest):
        fields = {"date": day, "of": stated[1], "amount": _number(stated[2]), "in": stated[3]}
        return Unit(word, fields, text=_BREAK.join(lines))
    return Unit(word, {"date": day}, text=_BREAK.join([rest, *lines]))


def _transaction(day: Value, flag: str, rest: str, lines: list[str]) -> Unit | None:
    words = _WORD.findall(rest)
    strings = [_unquoted(w) for w in words if w.startswith('"') and len(w) > 1]
    marks = [w for w in words if not w.startswith('"')]
    known = all((m[0] in "#^" and len(m) > 1) or m[0] == ";" for m in marks)
    if not 1 <= len(strings) <= 2 or not known or '"' in words:
        return None
    tags, links = (" ".join(sorted(m[1:] for m in marks if m[0] == s)) for s in "#^")
    payee = strings[0] if len(strings) == 2 else ""
    optional = {"payee": payee, "tag": tags, "link": links}
    fields: dict[str, Value] = {"date": day, "flag": flag, "narration": strings[-1]}
    fields |= {name: value for name, value in optional.items() if value}
    text = [m for m in marks if m[0] == ";"]
    text += [line for line in lines if not (_post(fields, line) or _annotate(fields, line))]
    return Unit(TRANSACTION, fields, key="link", text=_BREAK.join(text))


def _post(fields: dict[str, Value], line: str) -> bool:
    """Read a posting into the fields."""
    found = _POSTING.fullmatch(line)
    if found is None or len(fields) > _MOST_FIELDS:
        return False
    flag, account, amount, currency, cost, at, price, quote, comment = found.groups()
    base = name = f"{account} {currency}" if currency else account
    copy = 2
    while name in fields:
        name, copy = f"{base} #{copy}", copy + 1
    fields[name] = _number(amount) if amount else None
    more = {"!": flag, "{}": cost, ";": comment}
    fields |= {f"{name} {mark}": value.strip() for mark, value in more.items() if value is not None}
    if at:
        fields[f"{name} {at} {quote}"] = _number(price)
    return True


def _annotate(fields: dict[str, Value], line: str) -> bool:
    """Read a line of metadata into the fields; one that is no plain value stays text."""
    found = _NOTE.fullmatch(line)
    if found is None or found[1] in (*_HEAD, *fields) or len(fields) > _MOST_FIELDS:
        return False
    if re.fullmatch(_STRING, found[2]):
        fields[found[1]] = _unquoted(found[2])
    elif re.fullmatch(_AMOUNT, found[2]):
        fields[found[1]] = _number(found[2])
    else:
        return False
    return True


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return text


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


# --- writing -----------------------------------------------------------------------------------


def _written(unit: Unit) -> str:
    lines = [line.strip() for line in unit.text.splitlines()]
    match unit.kind:
        case "transaction":
            comment = [line for line in lines[:1] if line.startswith(";")]
            rest = lines[len(comment) :]
            return _indented(" ".join([_heading(unit), *comment]), [*_body(unit), *rest])
        case "opaque":
            return unit.layout or unit.text
        case "comment":
            return _indented(lines[0], lines[1:])
        case "option":
            name, value = (_quoted(unit.fields.get(n)) for n in ("name", "value"))
            return _indented(f"option {name} {value}", lines)
        case _:
            return _statement(unit, lines)


def _statement(unit: Unit, lines: list[str]) -> str:
    """Any directive but a transaction: its fields in the order they are read, then its text."""
    if "date" not in unit.fields:
        return _indented(" ".join([unit.kind, *lines[:1]]).strip(), lines[1:])
    day, *values = (written(value) for value in unit.fields.values())
    if not values:
        values, lines = lines[:1], lines[1:]
    return _indented(" ".join([day, unit.kind, *values]).strip(), lines)


def _indented(head: str, lines: Sequence[str]) -> str:
    return "\n".join([head, *(f"  {line}" for line in lines if line)])


def _heading(unit: Unit) -> str:
    head = {name: written(unit.fields.get(name, "")) for name in _HEAD}
    payee = [_quoted(head["payee"])] if head["payee"] else []
    marks = [f"#{tag}" for tag in head["tag"].split()]
    marks += [f"^{link}" for link in head["link"].split()]
    return " ".join([head["date"], head["flag"], *payee, _quoted(head["narration"]), *marks])


def _body(unit: Unit) -> Iterator[str]:
    """Metadata, then postings with their amounts aligned."""
    for name, value in unit.fields.items():
        if re.fullmatch(r"[a-z][\w-]*", name) and name not in _HEAD:
            yield f"{name}: {written(value) if isinstance(value, Decimal) else _quoted(value)}"
    for name, value in unit.fields.items():
        if posted := _POSTED.fullmatch(name):
            yield _posting(unit.fields, name, posted[1], posted[2], value)


def _posting(
    fields: Mapping[str, Value], name: str, account: str, currency: str | None, amount: Value
) -> str:
    flag = f"{fields[f'{name} !']} " if f"{name} !" in fields else ""
    cost = f" {{{fields[f'{name} {{}}']}}}" if f"{name} {{}}" in fields else ""
    prices = [
        f" {n.removeprefix(name).split()[0]} {written(v)} {n.split()[-1]}"
        for n, v in fields.items()
        if n.startswith(f"{name} @")
    ]
    comment = f" ; {fields[f'{name} ;']}" if f"{name} ;" in fields else ""
    if currency is None:
        return f"{flag}{account}{comment}"
    number = f"{written(amount):>{max(1, 38 - len(flag) - len(account))}}"
    return f"{flag}{account} {number} {currency}{cost}{''.join(prices)}{comment}"


def _quoted(value: Value) -> str:
    text = " ".join(written(value).splitlines())
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


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

    kinds = (TRANSACTION, OPEN, *_STATEMENTS)
    for kind in kinds:
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
        posted = _POSTED.fullmatch(name)
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
    of = {id(u): places.get(written(u.fields.get("date"))[:7]) for u in units if _is_entry(u)}
    files = {**document.files, file: tuple(u for u in units if of.get(id(u)) is None)}
    for place in places.values():
        files[place] = tuple(u for u in units if of.get(id(u)) == place)
    return Document(files)


def _is_entry(unit: Unit) -> bool:
    return unit.kind == TRANSACTION


_JOURNAL = ("txn", *_HEAD, "account", "currency", "debit", "credit")


def to_journal(document: Document, *, file: str, target: str) -> Document:
    """Move transactions into a journal: a row a posting."""
    units = document.files.get(file, ())
    entries = [u for u in units if _is_entry(u)]
    rows = [row for number, u in enumerate(entries, 1) for row in _journal_rows(number, u)]
    header = Unit(programs.HEADER, text="\t".join(_JOURNAL), structural=True)
    ledger = document.replacing(file, [u for u in units if not _is_entry(u)])
    return ledger.replacing(target, [header, *rows])


def _journal_rows(number: int, entry: Unit) -> Iterator[Unit]:
    head = {name: written(entry.fields.get(name)) for name in _HEAD}
    for name, amount in entry.fields.items():
        posted = _POSTED.fullmatch(name)
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
    head = {name: written(rows[0].fields.get(name)) for name in _HEAD}
    fields: dict[str, Value] = {n: v for n, v in head.items() if v or n == "narration"}
    fields["date"] = _day(head["date"])
    for row in rows:
        debit, credit = row.fields.get("debit"), row.fields.get("credit")
        amount = -credit if isinstance(credit, Decimal) else debit
        name = f"{written(row.fields.get('account'))} {written(row.fields.get('currency'))}".strip()
        fields[_free(fields, name)] = amount if isinstance(amount, Decimal) else None
    return Unit(TRANSACTION, fields, key="link")


def _free(fields: Mapping[str, Value], name: str) -> str:
    """A name that no posting has yet."""
    copies = (f"{name} #{copy}" for copy in range(2, len(fields) + 3))
    return next(n for n in (name, *copies) if n not in fields)


def chart_out(document: Document, *, file: str, chart: str) -> Document:
    """Move the open directives to a file that the ledger includes."""
    units = document.files.get(file, ())
    include = Unit("include", text=_quoted(chart), structural=True)
    rest = [include, *(u for u in units if u.kind != OPEN)]
    return document.replacing(file, rest).replacing(chart, [u for u in units if u.kind == OPEN])


def chart_in(document: Document, *, file: str, chart: str) -> Document:
    """Move the open directives of an included file back, to the place below the options."""
    included = Unit("include", text=_quoted(chart), structural=True)
    units = [u for u in document.files.get(file, ()) if u != included]
    at = next((i for i, u in enumerate(units) if u.kind != OPTION), len(units))
    units[at:at] = document.files.get(chart, ())
    return document.replacing(chart, None).replacing(file, units)


# --- words -------------------------------------------------------------------------------------

VERBS = replace(
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
        "Sort the transactions of every file by {field}, smallest first, text in plain character "
        "order; ties keep their order, and what is no transaction keeps its place.",
        partial(programs.sort, kind=TRANSACTION),
    ),
    descending=Verb(
        "Sort the transactions of every file by {field}, largest first, text in plain character "
        "order; ties keep their order, and what is no transaction keeps its place.",
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

EDITS = RecordEdits(
    VERBS,
    kind=TRANSACTION,
    key="link",
    sortable=("payee", "narration", "link", "tag"),
    category="tag",
    removable=("narration", "tag"),
    recodes={
        "office": "cc100",
        "travel": "cc210",
        "field": "cc220",
        "events": "cc300",
        "research": "cc400",
        "repairs": "cc510",
    },
    extension=".beancount",
)
LOOKUPS = replace(EDITS, extension=".csv")


# --- edits -------------------------------------------------------------------------------------


def _entries(document: Document) -> list[Unit]:
    return [u for u in document.units() if _is_entry(u)]


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
        [RECHART(accounts=new)],
        [RECHART(accounts=programs.inverse(new))],
    )


def minor_units(document: Document, _: Random) -> Edit | None:
    """Cents for the currency that most postings are in."""
    posted = [_POSTED.fullmatch(name) for u in _entries(document) for name in u.fields]
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
        [TO_MINOR(old=old, new=new, factor="100")],
        [TO_MAJOR(old=new, new=old, factor="100")],
    )


def months(document: Document, _: Random) -> Edit | None:
    """A file a month; the dates carry the order."""
    file = _ledger(document)
    found = dict.fromkeys(written(u.fields.get("date"))[:7] for u in _entries(document))
    if file is None or not 2 <= len(found) <= 12:
        return None
    places = {month: f"{month}.beancount" for month in found}
    merge = VERBS.merge(file=file, places=tuple(places.values()))
    return edit("months", "split", [BY_MONTH(file=file, places=places)], [merge])


def journal(document: Document, _: Random) -> Edit | None:
    """Transactions to a journal in CSV."""
    file = _ledger(document)
    if file is None or not all(_is_plain(u) for u in _entries(document)):
        return None
    target = "journal.csv"
    return edit(
        "journal",
        "convert",
        [TO_JOURNAL(file=file, target=target)],
        [FROM_JOURNAL(file=target, target=file)],
    )


def _is_plain(entry: Unit) -> bool:
    """Whether a journal can hold all that a transaction says."""
    others = [name for name in entry.fields if name not in _HEAD]
    posted = all(_POSTED.fullmatch(n) and entry.fields[n] is not None for n in others)
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
        [CHART_OUT(file=file, chart=target)],
        [CHART_IN(file=file, chart=target)],
    )


def close(document: Document, rng: Random) -> Edit | None:
    """Composed: a new chart of accounts, minor units, a file a month."""
    parts = (planner(document, rng) for planner in (chart_of_accounts, minor_units, months))
    return compose("close", *parts)


def audit(document: Document, rng: Random) -> Edit | None:
    """Composed: narrations apart, tags as cost centres, the rest as a journal."""
    planners = (replace(LOOKUPS, removable=("narration",)).extract, EDITS.recode, journal)
    return compose("audit", *(planner(document, rng) for planner in planners))


def review(document: Document, rng: Random) -> Edit | None:
    """Composed: a new chart of accounts, tags as cost centres, sorted."""
    parts = (planner(document, rng) for planner in (chart_of_accounts, EDITS.recode, EDITS.sort))
    return compose("review", *parts)


# --- fresh documents ---------------------------------------------------------------------------

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


class Accounting(Domain):
    """The ledger of a small firm."""

    name = "accounting"
    category = "records"
    formats: ClassVar = {".beancount": LEDGER, ".csv": CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *VERBS.all(), RECHART, TO_MINOR, TO_MAJOR, BY_MONTH, TO_JOURNAL, FROM_JOURNAL,
        CHART_OUT, CHART_IN,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = (
        EDITS.sort, EDITS.recode, EDITS.split, LOOKUPS.extract, chart_of_accounts, minor_units,
        months, journal, chart, close, audit, review,
    )  # fmt: skip
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
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

    def reformatted(self, name: str, text: str) -> list[str]:
        """Other alignment; Windows line ends; postings in reverse; `txn` and thousands."""
        lines = re.sub(r"(?m)^  +(\S+) +", r"\t\1  ", text)
        turned = re.sub(r"(?m)((?:^  .*\n)+)", lambda m: "".join(_reversed_lines(m[1])), text)
        wordy = re.sub(r"(?m)^([0-9-]+) \* ", r"\1 txn ", text)
        wordy = re.sub(r" (-?[0-9])([0-9]{3}\.)", r" \1,\2", wordy)
        return [lines, text.replace("\n", "\r\n"), turned, wordy]

    def distractors(self, rng: Random, size: int) -> Files:
        """A list of assets and the minutes of a meeting."""
        rows = [_asset(rng, code) for code in content.codes(rng, "FA", max(3, size // 36))]
        return {"fixed_assets.csv": CSV.render(rows), "minutes.md": content.memo(rng, size // 2)}


_Books = tuple[list[str], list[str], list[str]]


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
        "tag": rng.choice(list(EDITS.recodes)),
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


def _reversed_lines(block: str) -> list[str]:
    return list(reversed(block.splitlines(keepends=True)))


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


DOMAIN = Accounting()
