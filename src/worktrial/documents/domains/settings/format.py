"""Settings as units: keys and values in sections, comments, and any other line."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from worktrial.documents import table
from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit, Value

SETTING, SECTION, COMMENT, LINE = "setting", "section", "comment", "line"
KEY, SIGN, VALUE, COLON = "key", "sign", "value", ":"
_QUOTED = r'"[^"\n]*"|' r"'[^'\n]*'"
_SPACE = " \t"
_SETTING = (
    re.compile(rf"({_QUOTED}|[\w$.@/?+~*-]{{1,80}})([ \t]*:(?:[ \t]+|(?=\n)|\Z))(.*)", re.DOTALL),
    re.compile(
        rf"({_QUOTED}|[\w$.@/?+~*%-][\w$.@/?+~*%:,&!\\\[\] \t-]{{0,80}}?)([ \t]*=[ \t]*)(.*)",
        re.DOTALL,
    ),
)
_HEADING = re.compile(r"\[[^\n]*\](?:[ \t]*[#;].*)?")
_COMMENT = re.compile(r"#|;|//")
_ASIDE = re.compile(rf"{_QUOTED}|#.*")
_OPENING, _CLOSING = "[{(", "]})"
_TEXTS = ('"""', "'''")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOST_LINES = 2000


class Settings(Format):
    """Keys and values in sections; layout is the space before a line, and the sign with its own."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a setting, however many lines it has, and one for any other line."""
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        lines = [line.rstrip(_SPACE) for line in text.split("\n")]
        units: list[Unit] = []
        at = start = 0
        while at < len(lines):
            end = at + 1
            if lines[at]:
                end = at + _extent(lines, at)
                units.append(_unit("\n" * (at - start), "\n".join(lines[at:end])))
                start = end
            at = end
        return units

    def render(self, units: Sequence[Unit]) -> str:
        """Each as it was laid out, or else like the one before it."""
        parts: list[str] = []
        before, sign = "", " = "
        for unit in units:
            space, bar, own = (unit.layout or "").partition("|")
            if bar:
                before = space.lstrip("\n")
            else:
                space = "\n" + before if unit.kind == SECTION and parts else before
            if unit.kind != SETTING:
                parts.append(f"{space}{unit.text}\n")
                continue
            if unit.fields.get(SIGN) == COLON:
                own = own or ": "
            else:
                own = sign = own or sign
            value = written(unit.fields.get(VALUE))
            parts.append(f"{space}{unit.fields.get(KEY, '')}{own}{value}".rstrip(_SPACE) + "\n")
        return "".join(parts)


SETTINGS = Settings()


def typed(text: str) -> Value:
    """A value where it is a plain number, true, false or a date; else its text."""
    number = table.typed(text)
    if isinstance(number, Decimal):
        return text if "." in text and text.endswith("0") else number
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return {"true": True, "false": False}.get(text, text)


def written(value: Value) -> str:
    """A value as it is written."""
    return str(value).lower() if isinstance(value, bool) else table.written(value)


def _unit(blank: str, lines: str) -> Unit:
    text = lines.lstrip(_SPACE)
    layout = blank + lines[: len(lines) - len(text)] + "|"
    if _COMMENT.match(text):
        return Unit(COMMENT, text=text, layout=layout)
    if _HEADING.fullmatch(text):
        return Unit(SECTION, text=text, structural=True, layout=layout)
    found = _setting(text)
    if found is None:
        return Unit(LINE, text=text, layout=layout)
    key, sign, value = found.groups()
    return said(key, sign, value, layout)


def said(key: str, sign: str, value: str, layout: str = "|") -> Unit:
    """A setting as it is said, its value typed.

    Args:
        key: Its key.
        sign: The sign, with the space around it.
        value: Its value as it is written.
        layout: The blank lines and the space before it, and a bar.
    """
    colon = {SIGN: COLON} if COLON in sign else {}
    fields = {KEY: key, **colon, VALUE: typed(value)}
    return Unit(SETTING, fields, key=KEY, layout=f"{layout}{sign}")


def _setting(text: str) -> re.Match[str] | None:
    return next((m for form in _SETTING if (m := form.fullmatch(text))), None)


def _extent(lines: Sequence[str], at: int) -> int:
    """How many lines a setting has; anything else has one."""
    text = lines[at].lstrip(_SPACE)
    found = None if _COMMENT.match(text) or _HEADING.fullmatch(text) else _setting(text)
    if found is None:
        return 1
    rest = lines[at + 1 : at + _MOST_LINES]
    value = found[3]
    if value[:3] in _TEXTS:
        ends = (i for i, line in enumerate(rest, 2) if value[:3] in line)
        return 1 if value[:3] in value[3:] else next(ends, 1)
    if value[:1] and value[0] in _OPENING and _open(value) > 0:
        return _closed(value, rest, _indent(lines[at])) or 1
    return 1 + _continued(lines[at], rest)


def _open(text: str) -> int:
    """How many brackets more are opened than closed."""
    bare = _ASIDE.sub("", text)
    return sum(map(bare.count, _OPENING)) - sum(map(bare.count, _CLOSING))


def _closed(value: str, rest: Sequence[str], indent: int) -> int | None:
    """At which line all brackets are closed, if all before it can belong to the value."""
    depth = _open(value)
    for count, line in enumerate(rest, 2):
        text = line.lstrip(_SPACE)
        if text and _indent(line) <= indent and text[0] not in _CLOSING:
            return None
        depth += _open(text)
        if depth <= 0:
            return count
    return None


def _continued(line: str, rest: Sequence[str]) -> int:
    """How many lines more: after a backslash, and deeper ones."""
    indent = _indent(line)
    for count, after in enumerate(rest):
        deeper = _indent(after) > indent and not _COMMENT.match(after.lstrip(_SPACE))
        if not after or not (line.endswith("\\") or deeper):
            return count
        line = after
    return len(rest)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(_SPACE))
