"""Python modules: text ↔ a unit a top-level statement or member of a class."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from worktrial.documents.domain import Format
from worktrial.documents.domains.python.scan import Line, joined, scan, source
from worktrial.documents.table import typed, written
from worktrial.documents.unit import Unit, Value, opaque

FUNCTION = "function"
CONSTANT = "constant"
IMPORT = "import"
CLASS = "class"
METHOD = "method"
ATTRIBUTE = "attribute"
DOCSTRING = "docstring"
STATEMENT = "statement"
_MEMBERS = (METHOD, ATTRIBUTE)
_OWN_FIELDS = {"name", "value", "type", "note", "comment"}

_META = re.compile(r"# ([a-z_]+): (\S(?:.{0,58}\S)?)")
IDENTIFIER = re.compile(r"[^\W\d]\w*")
_STRING = re.compile(r"[a-zA-Z]{0,2}[\"']")
_CONTINUES = {"else", "elif", "except", "finally"}


class PythonFormat(Format):
    """Python source; comments directly above a statement belong to it.

    A comment of the form `# area: billing` above a definition is a field of it.
    """

    def parse(self, text: str) -> list[Unit]:
        """A unit for each top-level statement, and for each member of a class."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return list(_units(text, scan(text)))

    def render(self, units: Sequence[Unit]) -> str:
        """Blank lines as PEP 8 wants them."""
        parts: list[str] = []
        before: Unit | None = None
        for unit in units:
            parts.append("\n" * _blank_lines(before, unit))
            parts.append(f"{_written(unit) if unit.layout is None else unit.layout}\n")
            before = unit
        return "".join(parts)


PYTHON = PythonFormat()


def _units(text: str, lines: list[Line]) -> Iterator[Unit]:
    at = 0
    while at < len(lines):
        head = _head(lines, at)
        if lines[at].broken or lines[head].broken:
            unit, end = opaque(text[lines[at].start : lines[at].end]), at + 1
        else:
            end = _end(lines, head)
            unit = _unit(lines[at:end], head - at)
            unit = replace(unit, layout=text[lines[at].start : lines[end - 1].end].rstrip())
        yield unit
        at = end


def _head(lines: list[Line], at: int) -> int:
    """The line that comments and decorators from `at` on belong to."""
    level, head = lines[at].level, at
    while lines[head].is_comment or lines[head].tokens[0] == "@":
        following = head + 1
        if following == len(lines) or lines[following].level != level or lines[following].broken:
            break
        head = following
    return head


def _end(lines: list[Line], head: int) -> int:
    """Where the statement that begins at `head` ends; a class ends after its docstring."""
    level, end = lines[head].level, head + 1
    if lines[head].head == "class" and level == 0:
        has_doc = end < len(lines) and lines[end].level > 0 and _is_text(lines[end])
        return end + has_doc
    while end < len(lines) and not lines[end].broken:
        if lines[end].level <= level and not (
            lines[end].level == level and lines[end].tokens[0] in _CONTINUES
        ):
            break
        end += 1
    return end


def _is_text(line: Line) -> bool:
    return not line.broken and all(_STRING.match(token) for token in line.tokens)


def _unit(lines: list[Line], at: int) -> Unit:
    head = lines[at]
    if head.head == "def" and _defined(head):
        return _definition(lines, at)
    if head.level:
        return Unit(ATTRIBUTE, text=source(lines))
    if head.head == "class":
        return Unit(CLASS, text=source(lines), structural=True)
    if len(lines) == at + 1 and head.tokens[1:] and IDENTIFIER.fullmatch(head.tokens[0]):
        constant = _constant(lines[:at], head.tokens)
        if constant:
            return constant
    if head.tokens[0] in ("import", "from"):
        return Unit(IMPORT, text=source(lines))
    return Unit(DOCSTRING if _is_text(head) else STATEMENT, text=source(lines))


def _defined(head: Line) -> str:
    """The name that a `def` defines, or nothing."""
    at = head.tokens.index("def") + 1
    found = head.tokens[at] if len(head.tokens) > at else ""
    return found if IDENTIFIER.fullmatch(found) else ""


def _definition(lines: list[Line], at: int) -> Unit:
    """A function: its name and remarks as fields, the rest as text, without `def` and the name."""
    meta, rest = _remarks(lines[:at])
    head = lines[at]
    cut = head.tokens.index("def")
    signature = joined([*head.tokens[:cut], *head.tokens[cut + 2 :]], head.level)
    text = [source(rest)] if rest else []
    text.append("    " * head.level + signature)
    if lines[at + 1 :]:
        text.append(source(lines[at + 1 :]))
    fields = {"name": _defined(head), **meta}
    return Unit(METHOD if head.level else FUNCTION, fields, key="name", text="\n".join(text))


def _remarks(lines: Sequence[Line]) -> tuple[dict[str, Value], list[Line]]:
    """Comments of the form `# field: value`, and the other lines."""
    meta: dict[str, Value] = {}
    rest: list[Line] = []
    for line in lines:
        found = _META.fullmatch(line.tokens[0])
        if found and found[1] not in _OWN_FIELDS and found[1] not in meta:
            meta[found[1]] = typed(found[2])
        else:
            rest.append(line)
    return meta, rest


def _constant(above: Sequence[Line], tokens: list[str]) -> Unit | None:
    """`NAME = value  # note`, with or without a type."""
    meta, rest = _remarks(above)
    equals = tokens.index("=") if "=" in tokens else 0
    if any(not line.is_comment for line in rest) or tokens[1] not in ("=", ":") or not equals:
        return None
    fields: dict[str, Value] = {"name": tokens[0], **meta}
    value, kind = tokens[equals + 1 :], joined(tokens[2:equals])
    if rest:
        fields["comment"] = source(rest)
    if kind:
        fields["type"] = kind
    if value and value[-1][0] == "#":
        fields["note"] = value.pop()
    if len(value) == 1 or (len(value) == 2 and value[0] == "-"):
        fields["value"] = typed(re.sub(r"(?<=\d)_(?=\d)", "", "".join(value)))
        return Unit(CONSTANT, fields, key="name")
    return Unit(CONSTANT, fields, key="name", text=joined(value)) if value else None


def _written(unit: Unit) -> str:
    """A unit as source, from what it says alone."""
    indent = "    " if unit.kind == METHOD else ""
    meta = [
        f"{indent}# {name}: {written(value)}\n"
        for name, value in unit.fields.items()
        if name not in _OWN_FIELDS
    ]
    if unit.kind in (FUNCTION, METHOD):
        return "".join(meta) + _named(unit.text, written(unit.fields.get("name")))
    if unit.kind == CONSTANT:
        return "".join(meta) + _assignment(unit)
    return unit.text


def _named(text: str, name: str) -> str:
    """Put `def` and the name back before the signature, the first line that is no remark."""
    lines = text.split("\n")
    at = next((i for i, line in enumerate(lines) if line.lstrip()[:1] not in ("#", "@")), 0)
    stripped = lines[at].lstrip()
    indent, asynchronous = lines[at][: -len(stripped) or None], stripped.startswith("async")
    signature = stripped.removeprefix("async").lstrip() if asynchronous else stripped
    lines[at] = f"{indent}{'async ' * asynchronous}def {name}{signature}"
    return "\n".join(lines)


def _assignment(unit: Unit) -> str:
    fields = {name: written(value) for name, value in unit.fields.items()}
    comment = f"{fields['comment']}\n" if "comment" in fields else ""
    kind = f": {fields['type']}" if "type" in fields else ""
    note = f"  {fields['note']}" if "note" in fields else ""
    return f"{comment}{fields.get('name', '')}{kind} = {fields.get('value', unit.text)}{note}"


def _blank_lines(before: Unit | None, unit: Unit) -> int:
    if before is None or (before.kind == CLASS and unit.kind in _MEMBERS):
        return 0
    if unit.kind in _MEMBERS and before.kind in _MEMBERS:
        return int(METHOD in (unit.kind, before.kind))
    if {before.kind, unit.kind} & {FUNCTION, CLASS, *_MEMBERS}:
        return 2
    return int(before.kind != unit.kind or unit.kind == DOCSTRING)
