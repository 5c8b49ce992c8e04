"""Markdown as units: blocks, and lines of tables, quotations and HTML."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit

HEADING, PARAGRAPH, ITEM, CODE, ROW = "heading", "paragraph", "item", "code", "row"
QUOTE, DEFINITION, HTML, RULE, FRONT = "quote", "definition", "html", "rule", "front"
LEVEL, DEEPEST = "level", 6
_TIGHT = (ITEM, ROW, QUOTE, DEFINITION, HTML)
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?")
_CLOSED = re.compile(r"(?:^|[ \t]+)#+$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})([^`]*)")
BULLET = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])(?:[ \t]+(.*))?")
_LINES = {
    RULE: re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}"),
    ROW: re.compile(r"[ \t]*\|.*"),
    QUOTE: re.compile(r"[ \t]*>.*"),
    DEFINITION: re.compile(r" {0,3}\[[^\]]+\]:.*"),
    HTML: re.compile(r" {0,3}<[a-zA-Z/!?].*"),
}
_UNDER_HEADER = re.compile(r"[|: -]+")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t).*")


class Markdown(Format):
    """Blocks in order; layout is a block as it stood, with the blank lines before it."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a block, or a line of a table, a quotation or HTML."""
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        lines = text.split("\n")
        units: list[Unit] = []
        at = start = 0
        while at < len(lines):
            end = at + 1
            if lines[at].strip(" \t"):
                found, end = _block(lines, at, units[-1].kind if start == at and units else "")
                raw = "\n".join(lines[at:end])
                units.append(replace(found, layout="\n" * (at - start) + raw))
                start = end
            at = end
        return units

    def render(self, units: Sequence[Unit]) -> str:
        """Each as it stood, or else set apart by a blank line."""
        parts: list[str] = []
        before = ""
        for unit in units:
            text = unit.layout if unit.layout is not None else _written(unit)
            tight = unit.layout is not None or (unit.kind == before and unit.kind in _TIGHT)
            apart = not tight or (text[:1] != "\n" and _runs_on(before, unit, text))
            parts.append("\n" if before and apart else "")
            parts.append(f"{text}\n")
            before = unit.kind
        return "".join(parts)


MARKDOWN = Markdown()


def _block(lines: Sequence[str], at: int, before: str) -> tuple[Unit, int]:
    """The block that begins in a line, and where it ends."""
    line = lines[at].rstrip(" \t")
    if at == 0 and line == "---" and (end := _first(lines, 1, re.compile(r"---\s*"))):
        return Unit(FRONT, text="\n".join(lines[: end + 1])), end + 1
    if before == HTML:
        return Unit(HTML, text=line), at + 1
    if (fence := _FENCE.fullmatch(line)) and (end := _closing(lines, at + 1, fence[1])):
        return Unit(CODE, text="\n".join(lines[at : end + 1])), end + 1
    if _INDENTED.fullmatch(line) and not BULLET.fullmatch(line):
        end = at + 1
        while end < len(lines) and _INDENTED.match(lines[end]) and not _FENCE.fullmatch(lines[end]):
            end += 1
        return Unit(CODE, text="\n".join(text.rstrip(" \t") for text in lines[at:end])), end
    if found := _HEADING.fullmatch(line):
        return _heading(len(found[1]), _CLOSED.sub("", found[2] or "")), at + 1
    kind = next((kind for kind, form in _LINES.items() if form.fullmatch(line)), None)
    if kind:
        text = _cells(line) if kind == ROW else line
        under = kind == ROW and _UNDER_HEADER.fullmatch(text) is not None
        return Unit(kind, text=text, structural=under), at + 1
    return _running(lines, at)


def _running(lines: Sequence[str], at: int) -> tuple[Unit, int]:
    """A paragraph, a list item, or a heading that is underlined."""
    end = at + 1
    item = BULLET.fullmatch(lines[at].rstrip(" \t")) is not None
    while end < len(lines) and (line := lines[end].rstrip(" \t")):
        if not item and _UNDERLINE.fullmatch(line):
            level = 1 if "=" in line else 2
            return _heading(level, _folded(lines[at:end]).strip(" \t")), end + 1
        if _interrupts(line):
            break
        end += 1
    return Unit(ITEM if item else PARAGRAPH, text=_folded(lines[at:end])), end


def _interrupts(line: str) -> bool:
    forms = (_HEADING, _FENCE, BULLET, *_LINES.values())
    return any(form.fullmatch(line) for form in forms)


def _folded(lines: Sequence[str]) -> str:
    """Lines as one, but for breaks that are meant: two spaces or a backslash at the end."""
    parts = [lines[0].rstrip(" \t")]
    for before, line in pairwise(lines):
        meant = before.endswith(("  ", "\\"))
        parts += ["  \n" if meant else " ", line.strip(" \t")]
    return "".join(parts)


def _heading(level: int, text: str) -> Unit:
    return Unit(HEADING, {LEVEL: Decimal(level)}, text=text, structural=True)


def _cells(line: str) -> str:
    return re.sub(r"-{3,}", "---", re.sub(r"[ \t]*\|[ \t]*", " | ", line)).strip()


def _first(lines: Sequence[str], at: int, form: re.Pattern[str]) -> int | None:
    return next((i for i in range(at, len(lines)) if form.fullmatch(lines[i])), None)


def _closing(lines: Sequence[str], at: int, fence: str) -> int | None:
    """Where a fence is closed; not past another one that opens."""
    for i in range(at, len(lines)):
        found = _FENCE.fullmatch(lines[i])
        if found and found[1][0] == fence[0] and len(found[1]) >= len(fence):
            return None if found[2].strip() else i
    return None


def _written(unit: Unit) -> str:
    level = unit.fields.get(LEVEL)
    hashes = "#" * int(level) if isinstance(level, Decimal) else ""
    return f"{hashes} {unit.text}".rstrip() if unit.kind == HEADING else unit.text


def _runs_on(before: str, unit: Unit, text: str) -> bool:
    """Whether a block would be read as part of the one before it."""
    if before == HTML:
        return unit.kind != HTML
    plain = unit.kind in (PARAGRAPH, RULE) or (unit.kind == CODE and not _FENCE.match(text))
    marked = unit.kind == HEADING and not text.lstrip().startswith("#")
    return before in (PARAGRAPH, ITEM, CODE) and (plain or marked)


def is_fenced(unit: Unit) -> bool:
    """Whether a block is code between fences."""
    return unit.kind == CODE and _FENCE.match(unit.text) is not None
