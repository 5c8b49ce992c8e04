"""What edits do to Markdown; each program is total on damaged documents."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from worktrial.documents import programs
from worktrial.documents.domains.markdown.format import (
    BULLET,
    CODE,
    DEEPEST,
    HEADING,
    ITEM,
    LEVEL,
    PARAGRAPH,
    is_fenced,
)
from worktrial.documents.unit import Document, Unit

NUMBERED = re.compile(r"\d+\. ")


def move(document: Document, *, section: str, before: str) -> Document:
    """Move a section to just before another one."""

    def moved(units: Sequence[Unit]) -> Sequence[Unit]:
        start, end = extent(units, section)
        rest = [*units[:start], *units[end:]]
        at, _ = extent(rest, before)
        return [*rest[:at], *units[start:end], *rest[at:]] if at < len(rest) else units

    return programs.in_each_file(document, moved)


def number(document: Document, *, level: str) -> Document:
    """Number the headings of a level in every file."""

    def numbered(units: Sequence[Unit]) -> Iterator[Unit]:
        count = 0
        for unit in units:
            count += _has(unit, level)
            yield _retitled(unit, f"{count}. {unit.text}") if _has(unit, level) else unit

    return programs.in_each_file(document, numbered)


def unnumber(document: Document, *, level: str) -> Document:
    """Take the numbers of the headings of a level away."""

    def bare(unit: Unit) -> Unit:
        return _retitled(unit, NUMBERED.sub("", unit.text, count=1)) if _has(unit, level) else unit

    return programs.each(document, HEADING, bare)


def demote(document: Document) -> Document:
    """Every heading one level deeper, where there is one."""
    return _shifted(document, 1)


def promote(document: Document) -> Document:
    """Every heading one level higher, where there is one."""
    return _shifted(document, -1)


def _shifted(document: Document, by: int) -> Document:
    def shifted(unit: Unit) -> Unit:
        level = int(str(unit.fields[LEVEL])) + by
        fits = 1 <= level <= DEEPEST
        return programs.with_fields(unit, {LEVEL: Decimal(level)}) if fits else unit

    return programs.each(document, HEADING, shifted)


def bullets(document: Document, *, old: str, new: str) -> Document:
    """Other bullets in all lists."""

    def marked(unit: Unit) -> Unit:
        found = BULLET.match(unit.text)
        if found is None or found[2] != old:
            return unit
        text = unit.text[: found.start(2)] + new + unit.text[found.end(2) :]
        return replace(unit, text=text, layout=None)

    return programs.each(document, ITEM, marked)


def take_code(document: Document, *, file: str, target: str, mark: str) -> Document:
    """Move fenced code to a file, under a numbered mark that also stands in its place."""
    taken: list[Unit] = []

    def left(unit: Unit) -> Unit:
        if not is_fenced(unit):
            return unit
        place = Unit(PARAGRAPH, text=f"{mark}{len(taken) // 2 + 1}")
        taken.extend((place, replace(unit, layout=None)))
        return place

    units = tuple(map(left, document.files.get(file, ())))
    return document.replacing(file, units).replacing(target, taken)


def give_code(document: Document, *, file: str, target: str, mark: str) -> Document:
    """Put code back where its marks stand, and remove the file."""
    units = document.files.get(target, ())
    known = {
        one.text: code
        for one, code in pairwise(units)
        if one.text.startswith(mark) and code.kind == CODE
    }
    back = [known.get(u.text, u) for u in document.files.get(file, ())]
    return document.replacing(target, None).replacing(file, back)


def split(document: Document, *, file: str, places: Mapping[str, str]) -> Document:
    """Move sections to files of their own."""
    for section, place in places.items():
        units = document.files.get(file, ())
        start, end = extent(units, section)
        document = document.replacing(file, [*units[:start], *units[end:]])
        document = document.replacing(place, units[start:end])
    return document


def merge(document: Document, *, file: str, places: Sequence[str]) -> Document:
    """Append files to another one and remove them."""
    units = list(document.files.get(file, ()))
    for place in places:
        units += document.files.get(place, ())
        document = document.replacing(place, None)
    return document.replacing(file, units)


def extent(units: Sequence[Unit], section: str) -> tuple[int, int]:
    """Where a section begins, and where the next heading of its level or a higher one does."""
    found = (i for i, u in enumerate(units) if u.kind == HEADING and u.text == section)
    start = next(found, len(units))
    rest = range(start + 1, len(units))
    end = (
        i for i in rest if units[i].kind == HEADING and level_of(units[i]) <= level_of(units[start])
    )
    return start, next(end, len(units))


def level_of(unit: Unit) -> int:
    """The level of a heading."""
    return int(str(unit.fields[LEVEL]))


def _has(unit: Unit, level: str) -> bool:
    return unit.kind == HEADING and str(level_of(unit)) == level


def _retitled(unit: Unit, text: str) -> Unit:
    return replace(unit, text=text, layout=None)
