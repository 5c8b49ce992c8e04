"""Bibliographies in BibTeX: text ↔ one unit an entry."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from worktrial.documents.domain import Format
from worktrial.documents.table import typed, written
from worktrial.documents.unit import Unit, Value, opaque

ENTRY = "entry"
COMMENT = "comment"
TYPE, KEY = "entry_type", "cite_key"

_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^\s,{}\"]+)\s*,")
_FIELD = re.compile(r"\s*([A-Za-z][\w-]*)\s*=\s*")
_QUOTED = re.compile(r'"([^"]*)"')
_BARE = re.compile(r"[\w.:+-]+")
_BRACE = re.compile(r"\\.|[{}]")
_COMMA = re.compile(r"\s*,")
_CLOSING = re.compile(r"\s*\}")


class BibFormat(Format):
    """A BibTeX file: a unit an entry; the order of its fields and its quotes mean nothing."""

    def parse(self, text: str) -> list[Unit]:
        """Entries in order; lines that belong to none are opaque."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        starts = [m.start() for m in re.finditer(r"^[ \t]*@", text, re.MULTILINE)]
        bounds = [0, *starts, len(text)]
        chunks = (text[a:b] for a, b in pairwise(bounds))
        return [unit for chunk in chunks for unit in bib_units(chunk)]

    def render(self, units: Sequence[Unit]) -> str:
        """One field a line, an empty line between entries."""
        return "\n".join(f"{bib_source(unit)}\n" for unit in units)


BIB = BibFormat()


def bib_units(chunk: str) -> Iterator[Unit]:
    """The entry that a piece of text begins with; what follows it is comment or opaque."""
    at = len(chunk) - len(chunk.lstrip())
    found = _ENTRY.match(chunk, at)
    if found:
        fields: dict[str, Value] = {TYPE: found[1].lower(), KEY: found[2]}
        at, closed = _fields(chunk, found.end(), fields)
        unit = Unit(ENTRY, fields, key=KEY)
        yield replace(unit, layout=chunk[:at].strip()) if closed else unit
    for line in chunk[at:].splitlines():
        if line.strip().startswith("%"):
            yield Unit(COMMENT, text=" ".join(line.split()))
        elif line.strip():
            yield opaque(line)


def _fields(chunk: str, at: int, fields: dict[str, Value]) -> tuple[int, bool]:
    """Read fields up to the brace that closes the entry, or to what cannot be read."""
    while found := _FIELD.match(chunk, at):
        value = _value(chunk, found.end())
        name = found[1].lower()
        if value is None or name in fields:
            return at, False
        fields[name] = typed(" ".join(value[0].split()))
        at = value[1]
        comma = _COMMA.match(chunk, at)
        if comma is None:
            break
        at = comma.end()
    closing = _CLOSING.match(chunk, at)
    return (closing.end(), True) if closing else (at, False)


def _value(chunk: str, at: int) -> tuple[str, int] | None:
    """A value in braces, in quotes, or bare, and where it ends."""
    if chunk[at : at + 1] != "{":
        found = _QUOTED.match(chunk, at) or _BARE.match(chunk, at)
        return (found[found.lastindex or 0], found.end()) if found else None
    depth = 0
    for mark in _BRACE.finditer(chunk, at):
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if depth == 0:
            return chunk[at + 1 : mark.start()], mark.end()
    return None


def bib_source(unit: Unit) -> str:
    """A unit as BibTeX."""
    if unit.layout is not None:
        return unit.layout
    if unit.kind != ENTRY:
        return unit.text
    values = {name: written(value) for name, value in unit.fields.items()}
    kind, key = values.pop(TYPE, "misc"), values.pop(KEY, "unknown")
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in values.items())
    return f"@{kind}{{{key},\n{fields}}}"
