"""What can be done to objects and lists: programs, each with the sentence that asks for it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from worktrial.documents import programs
from worktrial.documents.edits import Verb
from worktrial.documents.jsontext import escaped, unescaped
from worktrial.documents.records import RecordVerbs, record_verbs
from worktrial.documents.table import ROW
from worktrial.documents.unit import Document, Unit, Value


def _less(unit: Unit, name: str) -> dict[str, Value]:
    return {n: v for n, v in unit.fields.items() if n != name}


# --- other formats -----------------------------------------------------------------------------


def rewrite(document: Document, *, file: str, target: str) -> Document:
    """Write a file in another format: both say the same units."""
    units = document.files.get(file, ())
    return document.replacing(file, None).replacing(target, units)


def to_csv(
    document: Document, *, items: str, file: str, target: str, names: Sequence[str]
) -> Document:
    """Move a list of objects out into a table."""
    units = document.files.get(file, ())
    rows = [replace(u, kind=ROW) for u in units if u.kind == f"{items}[]"]
    header = Unit(programs.HEADER, text="\t".join(names), structural=True)
    rest = document.replacing(file, [u for u in units if u.kind != f"{items}[]"])
    return rest.replacing(target, [header, *rows])


def from_csv(document: Document, *, items: str, file: str, target: str) -> Document:
    """Move the rows of a table into a list of objects."""
    rows = [replace(u, kind=f"{items}[]") for u in document.files.get(target, ()) if u.kind == ROW]
    rest = document.replacing(target, None)
    return rest.replacing(file, [*document.files.get(file, ()), *rows])


REWRITE_YAML = Verb(
    "Convert {file} to YAML in {target}: the same keys and values, numbers as numbers, no anchors "
    "or aliases. Then remove {file}.",
    rewrite,
)
REWRITE_JSON = Verb(
    "Convert the YAML in {file} to JSON in {target}: the same keys and values, numbers as numbers. "
    "Then remove {file}.",
    rewrite,
)
TO_CSV = Verb(
    "Move the list {items} of {file} out into a CSV file {target} with the columns {*names}, one "
    "row for each object in the same order; a dot in a column name leads into a nested object. "
    "Take the key {items} out of {file}.",
    to_csv,
)
FROM_CSV = Verb(
    "Move the rows of {target} back into {file} as the list {items}, one object for each row in "
    "the same order; a dot in a column name leads into a nested object, and numbers are numbers. "
    "Then remove {target}.",
    from_csv,
)


# --- regrouping --------------------------------------------------------------------------------


def group(document: Document, *, items: str, field: str, target: str) -> Document:
    """Spread a list over the keys of one object by the value of a field."""

    def grouped(unit: Unit) -> Unit:
        value = unit.fields.get(field)
        if not isinstance(value, str):
            return unit
        return replace(unit, kind=f"{target}.{escaped(value)}[]", fields=_less(unit, field))

    return programs.each(document, f"{items}[]", grouped)


def ungroup(document: Document, *, items: str, field: str, target: str) -> Document:
    """Gather the lists of an object into one, the key of each in a field."""

    def gathered(unit: Unit) -> Unit:
        inner = unit.kind.removeprefix(f"{target}.").removesuffix("[]")
        if not unit.kind.startswith(f"{target}.") or "[]" in inner:
            return unit
        return replace(unit, kind=f"{items}[]", fields={**unit.fields, field: unescaped(inner)})

    return programs.in_each_file(document, partial(map, gathered))


GROUP = Verb(
    "Replace the list {items} by an object {target} that holds one list for every value of "
    "{field}, under that value as its key and in the present order; the entries no longer have "
    "{field} themselves.",
    group,
)
UNGROUP = Verb(
    "Replace the object {target} by a single list {items} of all entries in its lists; the key "
    "that an entry stood under becomes its {field}.",
    ungroup,
)


# --- references --------------------------------------------------------------------------------


def normalise(
    document: Document, *, items: str, nested: str, target: str, reference: str
) -> Document:
    """Keep each different nested object once, in a list of its own, and refer to it by number."""
    prefix = f"{nested}."

    def referring(units: Sequence[Unit]) -> Iterator[Unit]:
        known: dict[tuple[tuple[str, Value], ...], int] = {}
        for unit in units:
            own = sorted(((n, v) for n, v in unit.fields.items() if n.startswith(prefix)), key=repr)
            if not own or unit.kind != f"{items}[]":
                yield unit
                continue
            at = known.setdefault(tuple(own), len(known) + 1)
            rest = {n: v for n, v in unit.fields.items() if not n.startswith(prefix)}
            yield replace(unit, fields={**rest, reference: Decimal(at)})
        for own_fields, at in known.items():
            fields = {n.removeprefix(prefix): v for n, v in own_fields}
            yield Unit(f"{target}[]", {"id": Decimal(at), **fields}, structural=True)

    return programs.in_each_file(document, referring)


def denormalise(
    document: Document, *, items: str, nested: str, target: str, reference: str
) -> Document:
    """Put referenced objects back into the entries that refer to them."""
    known = {
        u.fields.get("id"): {f"{nested}.{n}": v for n, v in _less(u, "id").items()}
        for u in document.units()
        if u.kind == f"{target}[]"
    }

    def resolved(unit: Unit) -> Unit:
        inner = known.get(unit.fields.get(reference))
        return unit if inner is None else replace(unit, fields=_less(unit, reference) | inner)

    whole = programs.each(document, f"{items}[]", resolved)
    return programs.in_each_file(whole, lambda units: (u for u in units if u.kind != f"{target}[]"))


NORMALISE = Verb(
    "Take the nested object {nested} out of every entry of the list {items} and into a new "
    "top-level list {target}, which has each different object once, in order of first appearance, "
    "with an additional key `id` that counts from 1; in its place the entry gets a key {reference} "
    "with that number.",
    normalise,
)
DENORMALISE = Verb(
    "In every entry of the list {items}, replace the key {reference} by a nested object {nested}: "
    "the entry of the list {target} with that `id`, without the `id`. Then remove the list "
    "{target}.",
    denormalise,
)


# --- records -----------------------------------------------------------------------------------


def records(one: str, many: str) -> RecordVerbs:
    """The record edits in the words of JSON, exact about how new files are laid out.

    Args:
        one: What an entry of the list is called.
        many: The key of the list.
    """
    bound = partial(partial, kind=f"{many}[]")
    return replace(
        record_verbs(f"{many}[]", one=one, many=many, a_field="key", lookup_kind="[]"),
        split=Verb(
            f"Move the {many} of {{file}} into JSON files of their own by {{field}}: {{**places}}. "
            f"Each holds one object with the single key `{many}`, a list of its {many} in the "
            f"present order. Any other {one} stays where it is.",
            bound(programs.split),
        ),
        extract=Verb(
            f"Move the key {{field}} of the {many} out into a new file {{lookup}}: a JSON array "
            f"with one object for every {one} in the same order, which has {{key}} and {{field}} "
            "alone.",
            bound(programs.extract, row="[]"),
        ),
        join=Verb(
            f"Put the key {{field}} back into the {many} from {{lookup}}, matched by {{key}}; then "
            "remove {lookup}.",
            bound(programs.join),
        ),
    )
