"""What edits do to settings; each program is total on damaged documents."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Context, Decimal, localcontext

from worktrial.documents import programs, table
from worktrial.documents.domains.settings.format import (
    KEY,
    LINE,
    SECTION,
    SETTING,
    VALUE,
    said,
    written,
)
from worktrial.documents.sections import sections
from worktrial.documents.unit import Document, Unit, Value

_EXACT = Context(prec=100)


def note(document: Document, *, order: str) -> Document:
    """List the section and key of every setting in the present order, in a table."""
    rows = [
        Unit(table.ROW, {SECTION: section, KEY: table.typed(str(u.fields[KEY]))})
        for section, u in _settings(document.units())
    ]
    return document.replacing(order, [_header(SECTION, KEY), *rows])


def sort(document: Document) -> Document:
    """Sort the settings of every section by key."""
    return _within(document, lambda _, units: sorted(units, key=lambda u: str(u.fields[KEY])))


def put(document: Document, *, order: str) -> Document:
    """Put the settings of every section into the order of a table, and remove the table.

    Those of one section and key take its places in turn; unknown ones come last.
    """
    rows = [u for u in document.files.get(order, ()) if u.kind == table.ROW]
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        places[_cell(row, SECTION), _cell(row, KEY)].append(place)
    left = {name: iter(found) for name, found in places.items()}

    def ordered(section: str, units: Sequence[Unit]) -> list[Unit]:
        names = [(section, str(u.fields[KEY])) for u in units]
        found = [next(left.get(name, iter(())), len(rows)) for name in names]
        return [units[i] for i in sorted(range(len(units)), key=found.__getitem__)]

    return _within(document.replacing(order, None), ordered)


def move_last(document: Document, *, file: str, section: str) -> Document:
    """Move a section to the end of its file."""
    others, ours = _parted(document.files.get(file, ()), section)
    return document.replacing(file, [u for part in (*others, *ours) for u in part])


def move_before(document: Document, *, file: str, section: str, before: str) -> Document:
    """Move a section to just before another one, or to the end."""
    others, ours = _parted(document.files.get(file, ()), section)
    at = next((i for i, part in enumerate(others) if name_of(part) == before), len(others))
    parts = (*others[:at], *ours, *others[at:])
    return document.replacing(file, [u for part in parts for u in part])


def take(document: Document, *, file: str, section: str, target: str) -> Document:
    """Move all that stands under a heading to a file; the heading stays."""
    parts = list(sections(document.files.get(file, ()), SECTION))
    taken = [u for part in parts if name_of(part) == section for u in part[1:]]
    left = [u for part in parts for u in (part[:1] if name_of(part) == section else part)]
    return document.replacing(file, left).replacing(target, taken)


def give(document: Document, *, file: str, section: str, target: str) -> Document:
    """Put all of a file under a heading, and remove the file."""
    units = list(document.files.get(file, ()))
    names = [u.text if u.kind == SECTION else None for u in units]
    at = names.index(section) + 1 if section in names else len(units)
    units[at:at] = document.files.get(target, ())
    return document.replacing(target, None).replacing(file, units)


def tabulate(document: Document, *, file: str, target: str, mark: str) -> Document:
    """Move the settings of a file to a table, a numbered mark in the place of each."""
    rows: list[Unit] = []
    units: list[Unit] = []
    for section, unit in _placed(document.files.get(file, ())):
        if unit.kind == SETTING:
            cells = {SECTION: section, KEY: unit.fields[KEY], VALUE: unit.fields[VALUE]}
            number = Decimal(len(rows) + 1)
            row = {name: table.typed(written(value)) for name, value in cells.items()}
            rows.append(Unit(table.ROW, {"number": number, **row}))
            unit = Unit(LINE, text=f"{mark}{number}", layout=f"{_space(unit)}|")
        units.append(unit)
    header = _header("number", SECTION, KEY, VALUE)
    return document.replacing(file, units).replacing(target, [header, *rows])


def untabulate(document: Document, *, file: str, target: str, mark: str, sign: str) -> Document:
    """Write the rows of a table as settings where their marks stand, and remove the table."""
    rows = [u for u in document.files.get(target, ()) if u.kind == table.ROW]
    known = {f"{mark}{_cell(row, 'number')}": row for row in rows}

    def untabulated(unit: Unit) -> Unit:
        row = known.get(unit.text) if unit.kind == LINE else None
        if row is None:
            return unit
        return said(_cell(row, KEY), sign, _cell(row, VALUE), f"{_space(unit)}|")

    units = [untabulated(u) for u in document.files.get(file, ())]
    return document.replacing(target, None).replacing(file, units)


def rename(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename keys."""
    return _each(document, KEY, lambda u: names.get(str(u.fields[KEY]), u.fields[KEY]))


def substitute(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Replace whole values."""

    def substituted(unit: Unit) -> Value:
        value = unit.fields[VALUE]
        return legend.get(value, value) if isinstance(value, str) else value

    return _each(document, VALUE, substituted)


def multiply(document: Document, *, key: str, factor: str) -> Document:
    """Multiply the numbers of a key by a factor."""
    return _arithmetic(document, key, lambda number: number * Decimal(factor))


def divide(document: Document, *, key: str, factor: str) -> Document:
    """Divide the numbers of a key by a factor, the inverse of `multiply`."""
    return _arithmetic(document, key, lambda number: number / Decimal(factor))


def _arithmetic(document: Document, key: str, change: Callable[[Decimal], Decimal]) -> Document:
    def changed(unit: Unit) -> Value:
        value = unit.fields[VALUE]
        if unit.fields[KEY] != key or not isinstance(value, Decimal):
            return value
        with localcontext(_EXACT):
            return programs.plain(change(value))

    return _each(document, VALUE, changed)


def _each(document: Document, field: str, change: Callable[[Unit], Value]) -> Document:
    """Change a field of every setting; how it was laid out stays."""
    return programs.each(
        document, SETTING, lambda u: replace(u, fields={**u.fields, field: change(u)})
    )


def _within(document: Document, order: Callable[[str, Sequence[Unit]], Sequence[Unit]]) -> Document:
    """Put the settings of every section into another order; others keep their places."""

    def ordered(units: Sequence[Unit]) -> Iterator[Unit]:
        for part in sections(units, SECTION):
            moved = iter(order(name_of(part), [u for u in part if u.kind == SETTING]))
            yield from (next(moved) if u.kind == SETTING else u for u in part)

    return programs.in_each_file(document, ordered)


def _parted(units: Sequence[Unit], section: str) -> tuple[list[Sequence[Unit]], ...]:
    """All other sections, and those of a name."""
    parts: list[Sequence[Unit]] = list(sections(units, SECTION))
    return [p for p in parts if name_of(p) != section], [p for p in parts if name_of(p) == section]


def name_of(part: Sequence[Unit]) -> str:
    """The heading of a section; empty for what stands before the first one."""
    return part[0].text if part and part[0].kind == SECTION else ""


def _placed(units: Iterable[Unit]) -> Iterator[tuple[str, Unit]]:
    """Every unit with the section that it stands in."""
    section = ""
    for unit in units:
        section = unit.text if unit.kind == SECTION else section
        yield section, unit


def _settings(units: Iterable[Unit]) -> list[tuple[str, Unit]]:
    return [(section, u) for section, u in _placed(units) if u.kind == SETTING]


def _header(*names: str) -> Unit:
    return Unit(programs.HEADER, text="\t".join(names), structural=True)


def _cell(row: Unit, name: str) -> str:
    return table.written(row.fields.get(name))


def _space(unit: Unit) -> str:
    return (unit.layout or "").partition("|")[0]
