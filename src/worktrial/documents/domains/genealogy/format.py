"""GEDCOM: records of lines with a level, a tag and a value."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from worktrial.documents import table
from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit, Value, opaque

INDIVIDUAL, FAMILY, SOURCE, HEAD, TRAILER = "INDI", "FAM", "SOUR", "HEAD", "TRLR"
XREF, OWN = "XREF", "="
"""The fields of a record's identifier, and of a value in its first line."""
_LISTS = ("CHIL", "FAMS")
"""Tags whose lines, one after another, are one list of references."""
_LINE = re.compile(
    r"\s*([0-9]{1,2})\s+(@[^@\s]{1,40}@\s+)?([A-Za-z_]\w{0,30})(?:\s(.*))?", re.DOTALL
)
_BREAK = re.compile(r"\r\n|\r|\n")
REFERENCES = re.compile(r"@[^@\s]{1,40}@(?: @[^@\s]{1,40}@)*")
_WIDTH = 200
_DEEPEST = 99


class Gedcom(Format):
    """Lines with a level, a tag and a value; level 0 begins a record."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a record; lines before the first are opaque."""
        units: list[Unit] = []
        record: _Record | None = None
        for line in filter(str.strip, _BREAK.split(text.removeprefix("\ufeff"))):
            found = _LINE.fullmatch(line)
            if found and int(found[1]) == 0:
                units += [record.unit()] if record else []
                record = _Record(found)
            elif record:
                record.add(line, found)
            else:
                units.append(opaque(line))
        units += [record.unit()] if record else []
        return [u for u in units if u != _TRAILER]

    def render(self, units: Sequence[Unit]) -> str:
        """A line a value, and the trailer after the last record."""
        lines = [line for unit in units for line in _lines(unit)]
        closing = any(u.kind != "opaque" for u in units)
        return "".join(f"{line}\n" for line in (*lines, *(["0 TRLR"] if closing else [])))


GEDCOM = Gedcom()


class _Record:
    """A record that is being read, with the names that lead to the present line."""

    def __init__(self, first: re.Match[str]) -> None:
        self.kind = first[3].upper()
        self.fields: dict[str, Value] = {XREF: first[2].strip()} if first[2] else {}
        if first[4]:
            self.fields[OWN] = first[4]
        self.loose: list[str] = []
        self.names = [""]
        self.seen = Counter[str]()

    def add(self, line: str, found: re.Match[str] | None) -> None:
        """Take a line below the first; one that fits nowhere is text."""
        if found is None or found[2] or int(found[1]) > len(self.names):
            self.loose.append(line)
            return
        self.names = self.names[: int(found[1])]
        tag, value, parent = found[3].upper(), found[4] or "", self.names[-1]
        if tag in ("CONT", "CONC"):
            name = parent or OWN
            joint = "\n" if tag == "CONT" else ""
            self.fields[name] = f"{self.fields.get(name, '')}{joint}{value}"
            return
        if self.fields.get(parent) == "":
            del self.fields[parent]
        self._put(f"{parent}.{tag}" if parent else tag, tag, value)

    def _put(self, name: str, tag: str, value: str) -> None:
        present = self.fields.get(name)
        if tag in _LISTS and REFERENCES.fullmatch(f"{present} {value}"):
            self.fields[name] = f"{present} {value}"
        else:
            self.seen[name] += 1
            name += f"#{self.seen[name]}" * (self.seen[name] > 1)
            self.fields[name] = value
        self.names.append(name)

    def unit(self) -> Unit:
        """The record as a unit."""
        text = "\n".join(" ".join(line.split()) for line in self.loose)
        key = XREF if XREF in self.fields else None
        return Unit(self.kind, self.fields, key=key, text=text, structural=self.kind == HEAD)


_TRAILER = Unit(TRAILER)


def _lines(unit: Unit) -> Iterator[str]:
    if unit.kind == "opaque":
        yield unit.layout or unit.text
        return
    tree: dict[str, Any] = {}
    for name, value in unit.fields.items():
        node = tree
        for step in () if name in (XREF, OWN) else name.split(".", _DEEPEST - 1):
            node = node.setdefault(step, {})
        node[name if node is tree else ""] = table.written(value)
    xref = tree.pop(XREF, "")
    yield from _broken(f"0 {xref} {unit.kind}" if xref else f"0 {unit.kind}", 1, tree.pop(OWN, ""))
    yield from unit.text.split("\n") if unit.text else ()
    yield from _below(tree, 1)


def _below(tree: Mapping[str, Any], level: int) -> Iterator[str]:
    """The lines of a level and all deeper ones."""
    for step, node in tree.items():
        if not isinstance(node, dict):
            continue
        head, value = f"{level} {step.partition('#')[0]}", node.get("", "")
        if step in _LISTS and REFERENCES.fullmatch(value):
            yield from (f"{head} {reference}" for reference in value.split())
        else:
            yield from _broken(head, level + 1, value)
        yield from _below(node, level + 1)


def _broken(head: str, level: int, value: str) -> Iterator[str]:
    """A line, and others for what is too long for it or begins a new one."""
    for i, line in enumerate(_BREAK.split(value)):
        first, *rest = [line[at : at + _WIDTH] for at in range(0, len(line), _WIDTH)] or [""]
        start = f"{level} CONT" if i else head
        yield f"{start} {first}" if first else start
        yield from (f"{level} CONC {part}" for part in rest)
