"""Ledgers as plain text: directives, and transactions with their postings."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from worktrial.documents.domain import Format
from worktrial.documents.table import written
from worktrial.documents.unit import Unit, Value, opaque

TRANSACTION = "transaction"
OPEN = "open"
OPTION = "option"
_BREAK = " \n "
_MOST_FIELDS = 400
"""Lines beyond this in one transaction are kept as text."""
HEAD = ("date", "flag", "payee", "narration", "tag", "link")
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
POSTED = re.compile(rf"({_ACCOUNT})(?: ({_CURRENCY}))?(?: #[0-9]+)?")
"""The name of a posting's amount among the fields; `#2` tells a second one like it apart."""
_NOTE = re.compile(r"([a-z][\w-]*):\s*(.*)")
_DATED = re.compile(rf"({_DATE})\s+(\S+)\s*(.*)")
_STATED = re.compile(rf"(\S+)\s+({_AMOUNT})\s+({_CURRENCY})")
_UNDATED = re.compile(r"(include|plugin|pushtag|poptag)\s+(.*)")
_OPTION = re.compile(rf"option\s+({_STRING})\s+({_STRING})")
_FLAGS = frozenset("*!&#?%PSTCURM")
STATEMENTS = (
    "close", "balance", "pad", "note", "price", "commodity", "event", "document", "query",
)  # fmt: skip
"""Dated directives that are neither transactions nor open accounts."""


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
    unit = _dated(read_day(found[1]), found[2], found[3], lines) if found else None
    return unit or opaque("\n".join(block))


def _dated(day: Value, word: str, rest: str, lines: list[str]) -> Unit | None:
    if word == "txn" or word in _FLAGS:
        return _transaction(day, "*" if word == "txn" else word, rest, lines)
    if word == OPEN and (words := rest.split()) and re.fullmatch(_ACCOUNT, words[0]):
        fields: dict[str, Value] = {"date": day, "account": words[0]}
        if words[1:]:
            fields["currencies"] = " ".join(words[1:])
        return Unit(OPEN, fields, key="account", text=_BREAK.join(lines), structural=True)
    if word not in STATEMENTS:
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
    name = free(fields, f"{account} {currency}" if currency else account)
    fields[name] = _number(amount) if amount else None
    more = {"!": flag, "{}": cost, ";": comment}
    fields |= {f"{name} {mark}": value.strip() for mark, value in more.items() if value is not None}
    if at:
        fields[f"{name} {at} {quote}"] = _number(price)
    return True


def free(fields: Mapping[str, Value], name: str) -> str:
    """A name that no posting has yet."""
    copies = (f"{name} #{copy}" for copy in range(2, len(fields) + 3))
    return next(n for n in (name, *copies) if n not in fields)


def _annotate(fields: dict[str, Value], line: str) -> bool:
    """Read a line of metadata into the fields; one that is no plain value stays text."""
    found = _NOTE.fullmatch(line)
    if found is None or found[1] in (*HEAD, *fields) or len(fields) > _MOST_FIELDS:
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


def read_day(text: str) -> date | str:
    """A date where the text is one, else the text."""
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return text


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


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
            name, value = (quoted(unit.fields.get(n)) for n in ("name", "value"))
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
    head = {name: written(unit.fields.get(name, "")) for name in HEAD}
    payee = [quoted(head["payee"])] if head["payee"] else []
    marks = [f"#{tag}" for tag in head["tag"].split()]
    marks += [f"^{link}" for link in head["link"].split()]
    return " ".join([head["date"], head["flag"], *payee, quoted(head["narration"]), *marks])


def _body(unit: Unit) -> Iterator[str]:
    """Metadata, then postings with their amounts aligned."""
    for name, value in unit.fields.items():
        if re.fullmatch(r"[a-z][\w-]*", name) and name not in HEAD:
            yield f"{name}: {written(value) if isinstance(value, Decimal) else quoted(value)}"
    for name, value in unit.fields.items():
        if posted := POSTED.fullmatch(name):
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


def quoted(value: Value) -> str:
    """A value as a string in the ledger."""
    text = " ".join(written(value).splitlines())
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def rewritten(text: str) -> list[str]:
    """Other alignment; Windows line ends; postings in reverse; `txn` and thousands."""
    lines = re.sub(r"(?m)^  +(\S+) +", r"\t\1  ", text)
    turned = re.sub(r"(?m)((?:^  .*\n)+)", lambda m: _upside_down(m[1]), text)
    wordy = re.sub(r"(?m)^([0-9-]+) \* ", r"\1 txn ", text)
    wordy = re.sub(r" (-?[0-9])([0-9]{3}\.)", r" \1,\2", wordy)
    return [lines, text.replace("\n", "\r\n"), turned, wordy]


def _upside_down(block: str) -> str:
    return "".join(reversed(block.splitlines(keepends=True)))
