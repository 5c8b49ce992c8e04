"""Edits of records in any format: each record has a key, and book-keeping goes to tables.

Where `records` lets a number ride along in the records themselves, many formats have no place for
one. Here the order, and whatever is taken out, is kept in a CSV table by key; the format needs
nothing but records that can be told apart.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import partial
from pathlib import PurePosixPath
from random import Random

from worktrial.documents import programs, table
from worktrial.documents.edits import Edit, Planner, Verb, edit, sayable
from worktrial.documents.records import recoding, record_verbs, scaling, slug
from worktrial.documents.unit import Document, Unit, Value

TEXT = "text"
"""The column of a record's running text."""
_LONGEST_LEGEND = 6
_MOST_PLACES = 8

Reader = Callable[[str], Value]
"""How a cell is read as the value that the format itself has."""


# --- programs ----------------------------------------------------------------------------------


def note_order(document: Document, *, kind: str, key: str, order: str) -> Document:
    """List the keys of all records in their present order, in a table of one column."""
    keys = [u.fields[key] for u in document.units() if u.kind == kind and key in u.fields]
    return document.replacing(order, [_header([key]), *(_row({key: k}) for k in keys)])


def restore_order(document: Document, *, kind: str, key: str, order: str) -> Document:
    """Put the records of every file into the order of a table, and remove the table.

    Records of one key take its places in turn; those that the table doesn't know come last.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, unit in enumerate(u for u in document.files.get(order, ()) if u.kind == table.ROW):
        places[table.written(unit.fields.get(key))].append(place)

    def by_place(units: Sequence[Unit]) -> list[Unit]:
        left = {name: iter(found) for name, found in places.items()}
        end = len(document.files.get(order, ()))
        found = [next(left.get(table.written(u.fields.get(key)), iter(())), end) for u in units]
        return [units[i] for i in sorted(range(len(units)), key=found.__getitem__)]

    return programs.reorder(document.replacing(order, None), kind=kind, order=by_place)


def to_table(
    document: Document, *, kind: str, file: str, target: str, names: Sequence[str]
) -> Document:
    """Move the records of a file into a table; a file that holds nothing else is removed."""
    units = document.files.get(file, ())
    rows = [_row(_cells(u, names)) for u in units if u.kind == kind]
    rest = [u for u in units if u.kind != kind]
    return document.replacing(file, rest or None).replacing(target, [_header(names), *rows])


def from_table(
    document: Document,
    *,
    kind: str,
    file: str,
    target: str,
    record: Callable[[Mapping[str, str]], Unit],
) -> Document:
    """Write every row of a table as a record at the end of a file, and remove the table."""
    rows = [u for u in document.files.get(target, ()) if u.kind == table.ROW]
    cells = [{n: table.written(v) for n, v in u.fields.items()} for u in rows]
    units = [*document.files.get(file, ()), *map(record, cells)]
    return document.replacing(target, None).replacing(file, units)


def take(document: Document, *, kind: str, key: str, field: str, lookup: str) -> Document:
    """Move a field, or the running text, into a table by key, and remove it from the records."""
    rows = [
        _row(_cells(u, [key, field]))
        for u in document.units()
        if u.kind == kind and key in u.fields and (u.text if field == TEXT else field in u.fields)
    ]
    taken = programs.each(document, kind, lambda u: _without(u, field))
    return taken.replacing(lookup, [_header([key, field]), *rows])


def give(
    document: Document, *, kind: str, key: str, field: str, lookup: str, read: Reader
) -> Document:
    """Put a field, or the running text, back from its table by key, and remove the table."""
    known = {
        table.written(u.fields[key]): table.written(u.fields[field])
        for u in document.files.get(lookup, ())
        if key in u.fields and field in u.fields
    }

    def given(unit: Unit) -> Unit:
        cell = known.get(table.written(unit.fields.get(key)))
        return unit if cell is None else _with(unit, field, cell, read)

    return programs.each(document.replacing(lookup, None), kind, given)


def _header(names: Sequence[str]) -> Unit:
    return Unit(programs.HEADER, text="\t".join(names), structural=True)


def _row(cells: Mapping[str, Value]) -> Unit:
    return Unit(table.ROW, {name: table.typed(table.written(v)) for name, v in cells.items()})


def _cells(unit: Unit, names: Sequence[str]) -> dict[str, Value]:
    """A cell for every name; empty where the record has no such field."""
    return {n: unit.text if n == TEXT else unit.fields.get(n) for n in names}


def _without(unit: Unit, name: str) -> Unit:
    if name == TEXT:
        return replace(unit, text="", layout=None)
    return programs.with_fields(unit, {n: v for n, v in unit.fields.items() if n != name})


def _with(unit: Unit, name: str, cell: str, read: Reader) -> Unit:
    if name == TEXT:
        return replace(unit, text=cell, layout=None)
    return programs.with_fields(unit, {**unit.fields, name: read(cell)})


# --- readers -----------------------------------------------------------------------------------


def as_day(cell: str) -> Value:
    """A date where the cell is one, else its text."""
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return cell


# --- words -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyedVerbs:
    """The sentences of keyed edits in a domain's own words."""

    note: Verb
    restore: Verb
    ascending: Verb
    descending: Verb
    multiply: Verb
    divide: Verb
    add: Verb
    subtract: Verb
    substitute: Verb
    split: Verb
    merge: Verb
    take: Verb
    give: Verb
    tabulate: Verb
    write: Verb

    def all(self) -> tuple[Verb, ...]:
        """Every verb."""
        return tuple(getattr(self, f.name) for f in fields(self))


def keyed_verbs(
    kind: str,
    *,
    one: str,
    many: str,
    a_field: str = "field",
    key: str,
    readers: Mapping[str, Reader] | None = None,
    optional: bool = True,
    text: str = "",
) -> KeyedVerbs:
    """Word the keyed edits.

    Args:
        kind: The kind of unit that is a record.
        one: What a record is called, such as "contact".
        many: And several of them.
        a_field: What a field is called, such as "tag".
        key: The field that identifies a record.
        readers: How the cells of a field are read; as text where none is given.
        optional: Whether a record may lack a field, so that an empty cell means none.
        text: A sentence that says what the `text` of a record is, where records have one.
    """
    known = dict(readers or {})
    plain = record_verbs(kind, one=one, many=many, a_field=a_field)
    bound = partial(partial, kind=kind)
    empty = f" An empty cell means that the {one} has none of it." if optional else ""
    about = f" {text}" if text else ""

    def record(cells: Mapping[str, str]) -> Unit:
        values = {n: known.get(n, str)(c) for n, c in cells.items() if c and n != TEXT}
        return Unit(kind, values, key=key, text=cells.get(TEXT, ""))

    def written(document: Document, *, file: str, target: str) -> Document:
        return from_table(document, kind=kind, file=file, target=target, record=record)

    def given(document: Document, *, key: str, field: str, lookup: str) -> Document:
        read = known.get(field, str)
        return give(document, kind=kind, key=key, field=field, lookup=lookup, read=read)

    return KeyedVerbs(
        note=Verb(
            f"Write {{order}}, a CSV table with the one column {{key}}: the {{key}} of every {one} "
            "in the present order.",
            bound(note_order),
        ),
        restore=Verb(
            f"Put the {many} into the order in which {{order}} lists their {{key}}, then remove "
            "{order}.",
            bound(restore_order),
        ),
        ascending=plain.ascending,
        descending=plain.descending,
        multiply=Verb(
            f"Multiply the {a_field} {{field}} of every {one} that has it by {{factor}}.",
            bound(programs.multiply),
        ),
        divide=Verb(
            f"Divide the {a_field} {{field}} of every {one} that has it by {{factor}}.",
            bound(programs.divide),
        ),
        add=Verb(
            f"Add {{amount}} to the {a_field} {{field}} of every {one} that has it.",
            bound(programs.add),
        ),
        subtract=Verb(
            f"Subtract {{amount}} from the {a_field} {{field}} of every {one} that has it.",
            bound(programs.subtract),
        ),
        substitute=plain.substitute,
        split=plain.split,
        merge=plain.merge,
        take=Verb(
            f"Move the {{field}} of the {many} out into a new CSV table {{lookup}} with the "
            f"columns {{key}} and {{field}}, a row for every {one} that has one, in their order; "
            f"in the {many} it is then gone.{about}",
            bound(take),
        ),
        give=Verb(
            f"Put the {{field}} back into the {many} from the CSV table {{lookup}}, matched by "
            f"{{key}}; then remove {{lookup}}.{about}",
            given,
        ),
        tabulate=Verb(
            f"Move the {many} of {{file}} into a CSV table {{target}} with the columns {{*names}}, "
            f"a row for every {one} in their order.{empty}{about} If nothing else is left in "
            "{file}, remove it.",
            bound(to_table),
        ),
        write=Verb(
            f"Write every row of the CSV table {{target}} as a {one} at the end of {{file}}, in "
            f"their order.{empty}{about} Then remove {{target}}.",
            written,
        ),
    )


# --- planners ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyedEdits:
    """What a domain tells about its records, and the planners that follow.

    Attributes:
        verbs: The wording.
        kind: The kind of unit that is a record.
        keys: Fields that may identify a record; the first that does in a document is used.
        columns: Every field that a record may have, in the order of a table; with `TEXT` if
            records have running text.
        sortable: Fields to sort by.
        scalable: Numeric fields and the exact factors that people convert them by.
        shiftable: Numeric fields and amounts that people move them by.
        category: A text field with few values, to split by.
        removable: Fields, or `TEXT`, that can move to a table.
        recodes: By text field, new values for old ones.
        extension: Of the files that a split makes.
        plural: What the records are called in file names, such as "contacts".
    """

    verbs: KeyedVerbs
    kind: str
    keys: Sequence[str]
    columns: Sequence[str] = ()
    sortable: Sequence[str] = ()
    scalable: Mapping[str, str] = field(default_factory=dict)
    shiftable: Mapping[str, Sequence[str]] = field(default_factory=dict)
    category: str = ""
    removable: Sequence[str] = ()
    recodes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    extension: str = ".csv"
    plural: str = "records"

    def planners(self) -> tuple[Planner, ...]:
        """The plain edits for which the domain has told enough; it composes its own."""
        told = {
            self.sort: self.sortable, self.scale: self.scalable, self.shift: self.shiftable,
            self.recode: self.recodes, self.split: self.category, self.extract: self.removable,
            self.tabulate: self.columns,
        }  # fmt: skip
        return tuple(planner for planner, hook in told.items() if hook)

    def sort(self, document: Document, rng: Random) -> Edit | None:
        """Sort by a field; a table keeps the old order."""
        names, key, order = self._present(document, self.sortable), self.key(document), self._order
        if not names or key is None or order in document.files:
            return None
        by = rng.choice((self.verbs.ascending, self.verbs.descending))
        return edit(
            "sort",
            "sort",
            [self.verbs.note(key=key, order=order), by(field=rng.choice(names))],
            [self.verbs.restore(key=key, order=order)],
        )

    def scale(self, document: Document, rng: Random) -> Edit | None:
        """Convert a number to another unit of measure by an exact factor."""
        names = [n for n in self.scalable if self._any(document, n)]
        if not names:
            return None
        name = rng.choice(names)
        return scaling(self.verbs.multiply, self.verbs.divide, name, self.scalable[name])

    def shift(self, document: Document, rng: Random) -> Edit | None:
        """Move a number by an exact amount."""
        names = [n for n in self.shiftable if self._any(document, n)]
        if not names:
            return None
        name = rng.choice(names)
        said = {"field": name, "amount": rng.choice(self.shiftable[name])}
        return edit("shift", "renumber", [self.verbs.add(**said)], [self.verbs.subtract(**said)])

    def recode(self, document: Document, rng: Random) -> Edit | None:
        """Replace the values of a field by others."""
        legends = {n: self._legend(document, n) for n in self.recodes}
        names = [n for n, legend in legends.items() if legend]
        if not names:
            return None
        name = rng.choice(names)
        return recoding(self.verbs.substitute, name, legends[name])

    def _legend(self, document: Document, name: str) -> dict[str, str]:
        present = programs.text_values(self.records(document), name)
        chosen = [v for v in present if v in self.recodes[name]][:_LONGEST_LEGEND]
        legend = {old: self.recodes[name][old] for old in chosen}
        clash = set(legend.values()) & set(present) or len(set(legend.values())) < len(legend)
        return {} if clash else legend

    def split(self, document: Document, _: Random) -> Edit | None:
        """Move records into files by category; a table keeps the old order."""
        found = sorted(programs.text_values(self.records(document), self.category))
        file, key, order = self.file(document), self.key(document), self._order
        if (
            file is None
            or key is None
            or not 2 <= len(found) <= _MOST_PLACES
            or not sayable(*found)
        ):
            return None
        places = {value: f"{slug(value)}{self.extension}" for value in found}
        if len({file, order, *places.values()}) <= len(places) + 1:
            return None
        return edit(
            "split",
            "split",
            [
                self.verbs.note(key=key, order=order),
                self.verbs.split(file=file, field=self.category, places=places),
            ],
            [
                self.verbs.merge(file=file, places=tuple(places.values())),
                self.verbs.restore(key=key, order=order),
            ],
        )

    def extract(self, document: Document, rng: Random) -> Edit | None:
        """Move a field to a table by key."""
        key = self.key(document)
        names = [n for n in self.removable if n != key and self._any(document, n)]
        if not names or key is None:
            return None
        name = rng.choice(names)
        said = {"key": key, "field": name, "lookup": f"{slug(name)}_by_{slug(key)}.csv"}
        return edit("extract", "extract", [self.verbs.take(**said)], [self.verbs.give(**said)])

    def tabulate(self, document: Document, _: Random) -> Edit | None:
        """Move all records to a table."""
        file = self.file(document)
        if file is None or not self._fits_a_table(document):
            return None
        present = [n for n in self.columns if self._any(document, n)]
        target = f"{PurePosixPath(file).stem}_{self.plural}.csv"
        forward = self.verbs.tabulate(file=file, target=target, names=present)
        return edit("tabulate", "convert", [forward], [self.verbs.write(file=file, target=target)])

    # what a document must be like

    def records(self, document: Document) -> list[Unit]:
        """The records, over all files."""
        return [u for u in document.units() if u.kind == self.kind]

    def file(self, document: Document) -> str | None:
        """The one file, if its records can be told apart and stand together at its end."""
        if len(document.files) != 1 or self.key(document) is None:
            return None
        ((file, units),) = document.files.items()
        count = len(self.records(document))
        together = all(u.kind == self.kind for u in units[len(units) - count :])
        return file if together and sayable(file) else None

    def key(self, document: Document) -> str | None:
        """The first field that tells all records apart."""
        records = self.records(document)
        written = {n: [table.written(u.fields.get(n)) for u in records] for n in self.keys}
        told = (n for n, all_ in written.items() if all(all_) and len(set(all_)) == len(all_))
        return next(told, None) if records else None

    @property
    def _order(self) -> str:
        return f"{self.plural}_order.csv"

    def _fits_a_table(self, document: Document) -> bool:
        """Whether a row can hold all that a record says: known fields, none of them empty."""
        return all(
            set(u.fields) <= set(self.columns)
            and (not u.text or TEXT in self.columns)
            and "" not in map(table.written, u.fields.values())
            for u in self.records(document)
        )

    def _present(self, document: Document, names: Sequence[str]) -> list[str]:
        """Those fields that every record has."""
        return [n for n in names if all(n in u.fields for u in self.records(document))]

    def _any(self, document: Document, name: str) -> bool:
        """Whether any record has a field, or running text."""
        return any(u.text if name == TEXT else name in u.fields for u in self.records(document))
