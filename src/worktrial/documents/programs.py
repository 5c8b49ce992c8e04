"""Programs on units that many domains share; a domain supplies the words.

Every program is total: on a damaged document it does what it can and leaves the rest alone.
Each takes the document and its arguments by name, as a verb's sentence carries them; what is
fixed for a domain (`kind`) is bound where the verb is made.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from worktrial.documents.unit import Document, Unit, Value

HEADER = "header"
"""The kind of a unit whose text names the columns of a table, separated by tabs."""


def each(document: Document, kind: str, change: Callable[[Unit], Unit]) -> Document:
    """Change every unit of a kind."""
    return Document(
        {
            name: tuple(change(u) if u.kind == kind else u for u in units)
            for name, units in document.files.items()
        }
    )


def in_each_file(
    document: Document, change: Callable[[Sequence[Unit]], Iterable[Unit]]
) -> Document:
    """Change the units of every file as a whole."""
    return Document({name: tuple(change(units)) for name, units in document.files.items()})


def with_fields(unit: Unit, fields: Mapping[str, Value]) -> Unit:
    """The same unit with other fields, no longer laid out as it was."""
    return replace(unit, fields=fields, layout=None)


def columns(document: Document, change: Callable[[list[str]], list[str]]) -> Document:
    """Change the column names of every table's header."""

    def headed(unit: Unit) -> Unit:
        return replace(unit, text="\t".join(change(unit.text.split("\t"))), layout=None)

    return each(document, HEADER, headed)


# --- order -------------------------------------------------------------------------------------


def number(document: Document, *, kind: str, field: str) -> Document:
    """Number the units of a kind in their present order, over all files, in a new field."""
    count = iter(range(1, 1_000_000_000))
    numbered = each(
        document, kind, lambda u: with_fields(u, {**u.fields, field: Decimal(next(count))})
    )
    return columns(numbered, lambda names: [*names, field])


def drop(document: Document, *, kind: str, field: str) -> Document:
    """Take a field away."""
    dropped = each(
        document,
        kind,
        lambda u: with_fields(u, {n: v for n, v in u.fields.items() if n != field}),
    )
    return columns(dropped, lambda names: [n for n in names if n != field])


def sort(document: Document, *, kind: str, field: str, descending: bool = False) -> Document:
    """Sort the units of a kind within each file; equal ones keep their order."""

    def by_field(units: Sequence[Unit]) -> list[Unit]:
        return sorted(units, key=lambda u: _rank(u.fields.get(field)), reverse=descending)

    return reorder(document, kind=kind, order=by_field)


def sort_within(
    document: Document, *, kind: str, field: str, group: Callable[[Unit], Value]
) -> Document:
    """Sort the units of each group among the places that they have, as `sort` does."""

    def by_group(units: Sequence[Unit]) -> list[Unit]:
        groups: dict[Value, list[Unit]] = {}
        for unit in units:
            groups.setdefault(group(unit), []).append(unit)
        ordered = {
            name: iter(sorted(members, key=lambda u: _rank(u.fields.get(field))))
            for name, members in groups.items()
        }
        return [next(ordered[group(unit)]) for unit in units]

    return reorder(document, kind=kind, order=by_group)


def reorder(
    document: Document, *, kind: str, order: Callable[[Sequence[Unit]], Sequence[Unit]]
) -> Document:
    """Put the units of a kind into another order, file by file; others keep their places."""

    def reordered(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
        moved = iter(order([u for u in units if u.kind == kind]))
        return tuple(next(moved) if u.kind == kind else u for u in units)

    return Document({name: reordered(units) for name, units in document.files.items()})


def _rank(value: Value) -> tuple[int, object]:
    """Numbers before dates before text before nothing, so that any mixture can be sorted."""
    match value:
        case None:
            return (4, 0)
        case bool():
            return (0, value)
        case Decimal():
            return (1, value)
        case datetime():
            return (2, value.isoformat())
        case date():
            return (2, value.isoformat())
        case _:
            return (3, value)


# --- fields ------------------------------------------------------------------------------------


def rename(document: Document, *, kind: str, names: Mapping[str, str]) -> Document:
    """Rename fields."""

    def renamed(unit: Unit) -> Unit:
        key = names.get(unit.key, unit.key) if unit.key else None
        fields = {names.get(n, n): v for n, v in unit.fields.items()}
        return replace(unit, fields=fields, key=key, layout=None)

    return columns(each(document, kind, renamed), lambda old: [names.get(n, n) for n in old])


def substitute(document: Document, *, kind: str, field: str, legend: Mapping[str, str]) -> Document:
    """Replace the values of a text field by a legend; values not in it stay."""

    def substituted(unit: Unit) -> Unit:
        value = unit.fields.get(field)
        if isinstance(value, str) and value in legend:
            return with_fields(unit, {**unit.fields, field: legend[value]})
        return unit

    return each(document, kind, substituted)


def inverse(mapping: Mapping[str, str]) -> dict[str, str]:
    """The map read the other way."""
    return {new: old for old, new in mapping.items()}


def multiply(document: Document, *, kind: str, field: str, factor: str) -> Document:
    """Multiply a number by an exact factor, keeping its decimals."""
    return _arithmetic(document, kind, field, lambda v: v * Decimal(factor))


def divide(document: Document, *, kind: str, field: str, factor: str) -> Document:
    """Divide a number by an exact factor, the inverse of `multiply`."""
    return _arithmetic(document, kind, field, lambda v: v / Decimal(factor))


def add(document: Document, *, kind: str, field: str, amount: str) -> Document:
    """Add an exact amount to a number."""
    return _arithmetic(document, kind, field, lambda v: v + Decimal(amount))


def subtract(document: Document, *, kind: str, field: str, amount: str) -> Document:
    """Subtract an exact amount from a number, the inverse of `add`."""
    return _arithmetic(document, kind, field, lambda v: v - Decimal(amount))


def _arithmetic(
    document: Document, kind: str, field: str, change: Callable[[Decimal], Decimal]
) -> Document:
    def changed(unit: Unit) -> Unit:
        value = unit.fields.get(field)
        if not isinstance(value, Decimal):
            return unit
        try:
            return with_fields(unit, {**unit.fields, field: plain(change(value))})
        except ArithmeticError:
            return unit

    return each(document, kind, changed)


def plain(number: Decimal) -> Decimal:
    """The same number without an exponent, so that it is written as people write it."""
    return (
        number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
    )


# --- files -------------------------------------------------------------------------------------


def split(
    document: Document, *, kind: str, file: str, field: str, places: Mapping[str, str]
) -> Document:
    """Move the units of a kind into files by the value of a field, each under the same header.

    Values without a place of their own stay in `file`.
    """
    units = document.files.get(file, ())
    headers = [u for u in units if u.kind == HEADER]
    moved = {
        place: [*headers, *(u for u in units if u.kind == kind and u.fields.get(field) == value)]
        for value, place in places.items()
    }
    rest = [u for u in units if not (u.kind == kind and u.fields.get(field) in places)]
    files = dict(document.files)
    files[file] = tuple(rest)
    files |= {place: tuple(units) for place, units in moved.items()}
    return Document(files)


def merge(document: Document, *, kind: str, file: str, places: Sequence[str]) -> Document:
    """Move the units of a kind from files into one, at its end, and remove those files."""
    gathered = list(document.files.get(file, ()))
    for place in places:
        gathered += [u for u in document.files.get(place, ()) if u.kind == kind]
    files = {name: units for name, units in document.files.items() if name not in places}
    return Document({**files, file: tuple(gathered)})


def values(units: Iterable[Unit], field: str) -> list[Value]:
    """The distinct values of a field in order of first appearance."""
    return list(dict.fromkeys(u.fields[field] for u in units if field in u.fields))


def text_values(units: Iterable[Unit], field: str) -> list[str]:
    """The distinct values of a field that are text."""
    return [v for v in values(units, field) if isinstance(v, str)]


# --- look-ups ----------------------------------------------------------------------------------


def extract(
    document: Document, *, kind: str, key: str, field: str, lookup: str, row: str | None = None
) -> Document:
    """Move a field into a look-up file of its own, one row (of kind `row`) a unit, by key."""
    rows = [
        Unit(row or kind, {key: u.fields[key], field: u.fields[field]})
        for u in document.units()
        if u.kind == kind and key in u.fields and field in u.fields
    ]
    has_header = any(u.kind == HEADER for u in document.units())
    header = [Unit(HEADER, text=f"{key}\t{field}")] if has_header else []
    return drop(document, kind=kind, field=field).replacing(lookup, [*header, *rows])


def join(
    document: Document, *, kind: str, key: str, field: str, lookup: str, after: str = ""
) -> Document:
    """Put a field back from its look-up file, after column `after` (first if empty)."""
    known = {
        _hashable(u.fields[key]): u.fields[field]
        for u in document.files.get(lookup, ())
        if key in u.fields and field in u.fields
    }

    def joined(unit: Unit) -> Unit:
        found = _hashable(unit.fields.get(key))
        return with_fields(unit, {**unit.fields, field: known[found]}) if found in known else unit

    def restored(names: list[str]) -> list[str]:
        at = names.index(after) + 1 if after in names else 0
        return [*names[:at], field, *names[at:]]

    rest = document.replacing(lookup, None)
    return columns(each(rest, kind, joined), restored)


def _hashable(value: Value) -> tuple[type, Value]:
    return type(value), value
