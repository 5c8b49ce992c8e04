"""Edits of XML: records into files of their own, into holders and out of them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from worktrial.documents import programs
from worktrial.documents.edits import Edit, Planner, Verb
from worktrial.documents.unit import Document, Unit, Value
from worktrial.documents.xmltext import DEPTH, Vocabulary


def regular(planner: Planner) -> Planner:
    """The same planner, only for documents in which every unit stands where its level has it."""

    def plan(document: Document, rng: Random) -> Edit | None:
        irregular = any(DEPTH in unit.fields for unit in document.units())
        return None if irregular else planner(document, rng)

    return plan


def split_verb(one: str, many: str, kind: str, vocabulary: Vocabulary) -> Verb:
    """Move records into files of their own, each with the elements around them."""

    def split(document: Document, *, file: str, field: str, places: Mapping[str, str]) -> Document:
        around = _around(document.files.get(file, ()), vocabulary)
        done = programs.split(document, kind=kind, file=file, field=field, places=places)
        for place in places.values():
            done = done.replacing(place, [*around, *done.files[place]])
        return done

    return Verb(
        f"Move the {many} of {{file}} into files of their own by {{field}}, in the same order: "
        f"{{**places}}. The elements around the {many} are the same in every file, but in the new "
        f"ones they have nothing else in them and only their attributes. Any other {one} stays "
        "where it is.",
        split,
    )


def _around(units: Sequence[Unit], vocabulary: Vocabulary) -> list[Unit]:
    """The holders that are open at the end, with their attributes alone."""
    found: list[Unit] = []
    for unit in units:
        element = vocabulary.elements.get(unit.kind)
        if element and element.holds:
            above = [u for u in found if vocabulary.elements[u.kind].level < element.level]
            found = [*above, unit]
    return [
        programs.with_fields(u, {n: v for n, v in u.fields.items() if n[0] == "@"}) for u in found
    ]


def gather(
    document: Document, *, kind: str, field: str, holder: str, name: str, values: Sequence[str]
) -> Document:
    """Put the records of each value into a holder of its own that says the value instead.

    Args:
        document: Where no record stands in such a holder yet.
        kind: The kind of the records.
        field: Their field; records with none of the values come first.
        holder: The kind of the holder.
        name: The holder's field.
        values: In the order of the holders.
    """

    def gathered(units: Sequence[Unit]) -> Iterator[Unit]:
        yield from (u for u in units if u.kind != kind or u.fields.get(field) not in values)
        for value in values if any(u.kind == kind for u in units) else ():
            yield Unit(holder, {name: value}, ordered=False, structural=True)
            found = (u for u in units if u.kind == kind and u.fields.get(field) == value)
            yield from (_without(u, field) for u in found)

    return programs.in_each_file(document, gathered)


def scatter(document: Document, *, kind: str, field: str, holder: str, name: str) -> Document:
    """Say the value of its holder in every record, and remove the holders."""

    def scattered(units: Sequence[Unit]) -> Iterator[Unit]:
        value: Value = None
        for unit in units:
            if unit.kind == holder:
                value = unit.fields.get(name)
            elif unit.kind == kind and value is not None:
                yield programs.with_fields(unit, {**unit.fields, field: value})
            else:
                yield unit

    return programs.in_each_file(document, scattered)


def _without(unit: Unit, name: str) -> Unit:
    return replace(unit, fields={n: v for n, v in unit.fields.items() if n != name}, layout=None)


def each_value(
    document: Document, kinds: Collection[str], change: Callable[[str, Value], Value]
) -> Document:
    """Change the values of some kinds' fields; one for which `None` comes back is kept."""

    def changed(unit: Unit) -> Unit:
        if unit.kind not in kinds:
            return unit
        new = {n: change(n, v) for n, v in unit.fields.items()}
        return programs.with_fields(
            unit, {n: unit.fields[n] if v is None else v for n, v in new.items()}
        )

    return programs.in_each_file(document, lambda units: map(changed, units))
