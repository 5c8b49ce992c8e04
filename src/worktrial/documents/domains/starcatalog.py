"""A catalogue of stars, in VOTable.

A unit is a row, whose fields are its cells by place (`TD`, `TD[2]`), so that a column's declaration
which is lost costs that alone. Edits call columns by the names that `FIELD` elements give them.
The file, its resources and tables are structural, as are columns (`FIELD`) and constants (`PARAM`).

What counts is every attribute and element, and the order of rows and columns; `xmltext` says what
doesn't. An empty cell and a missing last one are the same. A cell written as a number is one.

Known limits: only tables as `TABLEDATA`, with one value a cell; binary data are text. Two numbers
that differ in trailing zeros alone are equal, in columns of text too.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table, xmledits, xmltext
from worktrial.documents.domain import Domain
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, KeyedVerbs, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value
from worktrial.documents.xmltext import Element, Vocabulary, Xml

FILE, RESOURCE, TABLE, DATA, BODY = "VOTABLE", "RESOURCE", "TABLE", "DATA", "TABLEDATA"
PARAM, COLUMN, ROW = "PARAM", "FIELD", "TR"
NAME, UNIT, NULL = "@name", "@unit", "VALUES/@null"
_CELL = re.compile(r"TD(?:\[(\d{1,4})\])?")


class VoTable(Xml):
    """VOTable with its rows in plain elements."""

    def parse(self, text: str) -> list[Unit]:
        """Rows without their empty cells."""
        return [_without_empty(unit) for unit in super().parse(text)]

    def render(self, units: Sequence[Unit]) -> str:
        """Rows with a cell for every column."""
        return super().render(list(_padded(units)))


VOTABLE = VoTable(
    Vocabulary(
        {
            FILE: Element(0, holds=True, text="DESCRIPTION", order=("@version", "@xmlns")),
            RESOURCE: Element(1, holds=True),
            TABLE: Element(2, holds=True),
            PARAM: Element(3, structural=True, key=NAME, inline=True),
            COLUMN: Element(3, structural=True, key=NAME, inline=True),
            DATA: Element(3, holds=True),
            BODY: Element(4, holds=True),
            ROW: Element(5, inline=True),
        },
        numbers=("TD",),
    )
)


def _without_empty(unit: Unit) -> Unit:
    if unit.kind != ROW:
        return unit
    return replace(unit, fields={n: v for n, v in unit.fields.items() if v != ""})


def _padded(units: Sequence[Unit]) -> Iterator[Unit]:
    width = 0
    for unit in units:
        width = 0 if unit.kind == TABLE else width + (unit.kind == COLUMN)
        if unit.kind == ROW:
            places = [_place(n) for n in unit.fields if _place(n)]
            empty = {_cell(i): "" for i in range(1, max(width, *places, 0) + 1)}
            unit = programs.with_fields(unit, {**empty, **unit.fields})
        yield unit


def _place(field: str) -> int:
    """Which cell of its row a field is, or 0."""
    found = _CELL.fullmatch(field)
    return int(found[1] or 1) if found else 0


def _cell(place: int) -> str:
    return "TD" if place == 1 else f"TD[{place}]"


# --- columns by name ---------------------------------------------------------------------------


def with_names(document: Document) -> Document:
    """The cells of every row by the names of their columns."""

    def named(unit: Unit, names: Sequence[str]) -> dict[str, Value]:
        known = {_cell(i): name for i, name in enumerate(names, 1)}
        return {known.get(n, n): v for n, v in unit.fields.items()}

    return _rows(document, named)


def with_places(document: Document) -> Document:
    """The cells of every row by place; values without a column come last."""

    def placed(unit: Unit, names: Sequence[str]) -> dict[str, Value]:
        loose = [n for n in unit.fields if n not in names and n[:1].isalnum()]
        cells = enumerate([*names, *loose], 1)
        rest = {n: v for n, v in unit.fields.items() if not n[:1].isalnum()}
        return {**{_cell(i): unit.fields[n] for i, n in cells if n in unit.fields}, **rest}

    return _rows(document, placed)


def _rows(
    document: Document, change: Callable[[Unit, Sequence[str]], Mapping[str, Value]]
) -> Document:
    """Change the fields of every row, given the names of the columns before it."""

    def changed(units: Sequence[Unit]) -> Iterator[Unit]:
        names: list[str] = []
        for unit in units:
            if unit.kind == TABLE:
                names = []
            elif unit.kind == COLUMN:
                name = table.written(unit.fields.get(NAME))
                fits = name[:1].isalnum() and name not in names and not _place(name)
                names.append(name if fits else _cell(len(names) + 1))
            yield replace(unit, fields=change(unit, names)) if unit.kind == ROW else unit

    return programs.in_each_file(document, changed)


def by_name(sentence: str, program: Callable[..., Document]) -> Verb:
    """A verb whose program knows columns by name."""
    return Verb(
        sentence, lambda document, **said: with_places(program(with_names(document), **said))
    )


def planned_by_name(planner: Planner) -> Planner:
    """The same planner, with columns by name, where every cell has one."""

    def plan(document: Document, rng: Random) -> Edit | None:
        named = with_names(document)
        nameless = any(n.startswith("TD") for u in named.units() if u.kind == ROW for n in u.fields)
        return None if nameless else planner(named, rng)

    return xmledits.regular(plan)


# --- edits -------------------------------------------------------------------------------------

_CONVERSIONS = {
    "ra": ("deg", "arcsec", "3600"),
    "dec": ("deg", "arcsec", "3600"),
    "parallax": ("mas", "uas", "1000"),
    "pm_ra": ("mas/yr", "uas/yr", "1000"),
    "pm_dec": ("mas/yr", "uas/yr", "1000"),
}
_WORDS = keyed_verbs(
    ROW,
    one="star",
    many="stars",
    a_field="column",
    key="source",
    readers=dict.fromkeys(
        ("ra", "dec", "parallax", "pm_ra", "pm_dec", "mag", "observed", "epoch"), table.typed
    ),
    text="The `<FIELD>` of every column stays, and what is gone leaves an empty `<TD/>`.",
)
_SAID = {f.name: getattr(_WORDS, f.name) for f in fields(_WORDS)}
RECORDS = KeyedVerbs(**{n: by_name(v.sentence, v.program) for n, v in _SAID.items()})
EDITS = KeyedEdits(
    RECORDS,
    kind=ROW,
    keys=("source",),
    columns=(
        "source", "ra", "dec", "parallax", "pm_ra", "pm_dec", "mag", "class", "observed", "epoch",
    ),
    sortable=("ra", "dec", "mag"),
    shiftable={"observed": ("-2400000.5",), "mag": ("0.023", "-0.11")},
    removable=("parallax", "mag", "class"),
    recodes={"class": {"G": "yellow", "K": "orange", "M": "red", "A": "white", "B": "blue"}},
    plural="rows",
)  # fmt: skip


def to_unit(document: Document, *, column: str, old: str, new: str, factor: str) -> Document:
    """Express a column in another unit of measure by multiplication."""
    done = programs.multiply(document, kind=ROW, field=column, factor=factor)
    return _with_unit(done, column, old, new)


def from_unit(document: Document, *, column: str, old: str, new: str, factor: str) -> Document:
    """Express a column in another unit of measure by division."""
    done = programs.divide(document, kind=ROW, field=column, factor=factor)
    return _with_unit(done, column, old, new)


def _with_unit(document: Document, column: str, old: str, new: str) -> Document:
    def changed(unit: Unit) -> Unit:
        if unit.fields.get(NAME) != column or unit.fields.get(UNIT) != old:
            return unit
        return programs.with_fields(unit, {**unit.fields, UNIT: new})

    return programs.each(document, COLUMN, changed)


def rename(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename columns."""
    renamed = programs.substitute(document, kind=COLUMN, field=NAME, legend=names)

    def row(unit: Unit) -> Unit:
        return replace(unit, fields={names.get(n, n): v for n, v in unit.fields.items()})

    return programs.each(renamed, ROW, row)


def move(document: Document, *, column: str, after: str) -> Document:
    """Move a column behind another."""

    def moved(units: Sequence[Unit]) -> list[Unit]:
        own = [u for u in units if u.kind == COLUMN and u.fields.get(NAME) == column]
        done = [u for u in units if not (u.kind == COLUMN and u.fields.get(NAME) == column)]
        at = _after(done, after)
        return [*done[:at], *own, *done[at:]] if at else [*units]

    return programs.in_each_file(document, moved)


def _after(units: Sequence[Unit], name: str) -> int:
    """The place behind a column, or 0."""
    found = (i for i, u in enumerate(units, 1) if u.kind == COLUMN and u.fields.get(NAME) == name)
    return next(found, 0)


def lift(document: Document, *, column: str, value: str) -> Document:
    """Make a column that has one value a constant of its table."""
    said = table.typed(value)

    def lifted(units: Sequence[Unit]) -> list[Unit]:
        at = next((i for i, u in enumerate(units) if u.kind == COLUMN), len(units))
        own = [u for u in units if u.kind == COLUMN and u.fields.get(NAME) == column]
        made = [replace(u, kind=PARAM, fields={**u.fields, "@value": value}) for u in own]
        rest = [_less(u, column, said) for u in units if u not in own]
        return [*rest[:at], *made, *rest[at:]]

    return programs.in_each_file(document, lifted)


def _less(unit: Unit, column: str, value: Value) -> Unit:
    if unit.kind != ROW or unit.fields.get(column) != value:
        return unit
    return programs.with_fields(unit, {n: v for n, v in unit.fields.items() if n != column})


def lower(document: Document, *, column: str, after: str) -> Document:
    """Make a constant of a table a column with one value."""

    def lowered(units: Sequence[Unit]) -> list[Unit]:
        own = [u for u in units if u.kind == PARAM and u.fields.get(NAME) == column][:1]
        rest = [u for u in units if u not in own]
        at = _after(rest, after)
        if not own or not at:
            return [*units]
        value = table.typed(table.written(own[0].fields.get("@value")))
        about = {n: v for n, v in own[0].fields.items() if n != "@value"}
        made = replace(own[0], kind=COLUMN, fields=about)
        return [_more(u, column, value) for u in (*rest[:at], made, *rest[at:])]

    return programs.in_each_file(document, lowered)


def _more(unit: Unit, column: str, value: Value) -> Unit:
    if unit.kind != ROW or column in unit.fields:
        return unit
    return programs.with_fields(unit, {**unit.fields, column: value})


def fill(document: Document, *, column: str, null: str) -> Document:
    """Write a value that stands for none into the empty cells of a column, and declare it."""
    filled = programs.each(document, ROW, lambda u: _more(u, column, table.typed(null)))
    return _declared(filled, column, {NULL: null})


def clear(document: Document, *, column: str, null: str) -> Document:
    """Empty the cells of a column that hold the value for none."""
    cleared = programs.each(document, ROW, lambda u: _less(u, column, table.typed(null)))
    return _declared(cleared, column, {})


def _declared(document: Document, column: str, more: Mapping[str, Value]) -> Document:
    def declared(unit: Unit) -> Unit:
        if unit.fields.get(NAME) != column:
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != NULL}
        return programs.with_fields(unit, {**rest, **more})

    return programs.each(document, COLUMN, declared)


TO_UNIT = by_name(
    "Change the unit of the column {column} from {old} to {new}: multiply its values by {factor} "
    "and set the `unit` of its `<FIELD>`.",
    to_unit,
)
FROM_UNIT = by_name(
    "Change the unit of the column {column} from {old} to {new}: divide its values by {factor} "
    "and set the `unit` of its `<FIELD>`.",
    from_unit,
)
RENAME = by_name("Rename columns, by the `name` of their `<FIELD>`: {**names}.", rename)
MOVE = by_name(
    "Move the column {column}, its `<FIELD>` and its cells, directly behind the column {after}.",
    move,
)
LIFT = by_name(
    "Make the column {column}, which is {value} in every row, a `<PARAM>` with the same attributes "
    "and that `value` in front of the first `<FIELD>`, and take its cells out of the rows.",
    lift,
)
LOWER = by_name(
    "Make the `<PARAM>` with the name {column} a column directly behind {after}: a `<FIELD>` with "
    "its attributes but for the `value`, which every row gets as a cell.",
    lower,
)
FILL = by_name(
    "Write {null} into every empty cell of the column {column}, and declare it in its `<FIELD>` "
    "as the `null` of `<VALUES>`.",
    fill,
)
CLEAR = by_name(
    "Empty every cell of the column {column} that is {null}, and drop the `<VALUES>` with that "
    "`null` from its `<FIELD>`.",
    clear,
)


def _columns(document: Document) -> list[Unit]:
    """The columns, if there is one table of distinct ones."""
    found = [u for u in document.units() if u.kind == COLUMN]
    names = {u.fields.get(NAME) for u in found}
    alone = sum(u.kind == TABLE for u in document.units()) == 1
    sound = alone and len(names) == len(found) and sayable(*names)
    return found if sound and EDITS.records(document) else []


def _names(document: Document) -> list[str]:
    return programs.text_values(_columns(document), NAME)


def units(document: Document, rng: Random) -> Edit | None:
    """Another unit of measure."""
    known = {(n, old) for n, (old, _, _) in _CONVERSIONS.items()}
    fitting = [u for u in _columns(document) if (u.fields[NAME], u.fields.get(UNIT)) in known]
    if not fitting:
        return None
    column = table.written(rng.choice(fitting).fields[NAME])
    old, new, factor = _CONVERSIONS[column]
    return edit(
        "units",
        "scale",
        [TO_UNIT(column=column, old=old, new=new, factor=factor)],
        [FROM_UNIT(column=column, old=new, new=old, factor=factor)],
    )


def columns(document: Document, rng: Random) -> Edit | None:
    """Other names for some columns."""
    present = _names(document)
    old = rng.sample(present, min(3, len(present)))
    names = {name: f"{name}_gaia" for name in old}
    if not names or set(names.values()) & set(present) or not sayable(*names.values()):
        return None
    return edit("columns", "rename", [RENAME(names=names)], [RENAME(names=programs.inverse(names))])


def last(document: Document, rng: Random) -> Edit | None:
    """A column at the end."""
    names = _names(document)
    if len(names) < 3:
        return None
    at = rng.randrange(1, len(names) - 1)
    return edit(
        "last",
        "move",
        [MOVE(column=names[at], after=names[-1])],
        [MOVE(column=names[at], after=names[at - 1])],
    )


def constant(document: Document, _: Random) -> Edit | None:
    """A column of one value as a constant of the table."""
    names, rows = _names(document), EDITS.records(document)
    fixed = {n: {table.written(u.fields.get(n)) for u in rows} for n in names}
    column = next((n for n in names[1:] if len(fixed[n]) == 1 and "" not in fixed[n]), "")
    about = [
        u for u in document.units() if u.kind in (COLUMN, PARAM) and u.fields.get(NAME) == column
    ]
    if not column or len(about) != 1 or "@value" in about[0].fields or not sayable(*fixed[column]):
        return None
    before = names[names.index(column) - 1]
    return edit(
        "constant",
        "normalise",
        [LIFT(column=column, value=fixed[column].pop())],
        [LOWER(column=column, after=before)],
    )


def nulls(document: Document, rng: Random) -> Edit | None:
    """A number that stands for none."""
    null, rows = "-9999", EDITS.records(document)
    fitting = [
        table.written(u.fields[NAME])
        for u in _columns(document)
        if not any(n.startswith("VALUES") for n in u.fields)
        and any(u.fields[NAME] not in r.fields for r in rows)
        and not any(r.fields.get(str(u.fields[NAME])) == Decimal(null) for r in rows)
    ]
    if not fitting:
        return None
    said = {"column": rng.choice(fitting), "null": null}
    return edit("nulls", "substitute", [FILL(**said)], [CLEAR(**said)])


PLANNERS: tuple[Planner, ...] = tuple(
    map(
        planned_by_name,
        (
            *EDITS.planners(), units, columns, last, constant, nulls,
            compose("archive", constant, EDITS.sort, units),
            compose("submission", last, EDITS.extract, columns),
        ),
    )
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_CLASSES = "BAFGKM"
_MEASURES = {
    "parallax": ("mas", 200, 90_000, 3),
    "pm_ra": ("mas/yr", -900_000, 900_000, 3),
    "pm_dec": ("mas/yr", -900_000, 900_000, 3),
    "mag": ("mag", 2_000, 19_000, 3),
    "observed": ("d", 24_500_000, 24_610_000, 1),
}


def _column(rng: Random, name: str, unit: str) -> Unit:
    about: dict[str, Value] = {"@ID": f"c{rng.randint(100, 999)}_{name}", NAME: name}
    if unit:
        about |= {"@datatype": "double", UNIT: unit, "@width": str(rng.randint(6, 20))}
        about["@precision"] = str(rng.randint(1, 9))
    else:
        about |= {"@datatype": "char", "@arraysize": str(rng.randint(8, 40))}
    return Unit(COLUMN, about, structural=True)


def _row(rng: Random, source: str, names: Sequence[str], epoch: str) -> Unit:
    values: dict[str, Value] = {
        "source": source,
        "ra": Decimal(rng.randrange(36_000_000)).scaleb(-5),
        "dec": Decimal(rng.randint(-8_900_000, 8_900_000)).scaleb(-5),
        "class": f"{rng.choice(_CLASSES)}{rng.choice(('', '2', '5'))}",
        "epoch": Decimal(epoch),
    }
    for name, (_, low, high, decimals) in _MEASURES.items():
        values[name] = Decimal(rng.randint(low, high)).scaleb(-decimals)
    gone = [n for n in names if n in ("parallax", "mag") and rng.random() < 0.15]
    return Unit(ROW, {n: values[n] for n in names if n not in gone})


class Starcatalog(Domain):
    """A catalogue of stars."""

    name = "starcatalog"
    category = "science"
    formats: ClassVar = {".vot": VOTABLE, ".xml": VOTABLE, ".csv": table.CSV}
    clips: ClassVar = {COLUMN: 0.7}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), TO_UNIT, FROM_UNIT, RENAME, MOVE, LIFT, LOWER, FILL, CLEAR,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    derived: ClassVar = (xmltext.DERIVED,)
    floor = 0.03

    def generate(self, rng: Random, size: int) -> Files:
        """One table, with more columns where there is room for them."""
        more = ["pm_ra", "pm_dec", "class", "observed"] if size > 400 else []
        names = ["source", "ra", "dec", "epoch", "parallax", *(["mag"] if more else []), *more]
        units = {
            "ra": "deg",
            "dec": "deg",
            "epoch": "yr",
            **{n: m[0] for n, m in _MEASURES.items()},
        }
        head = 90 + 24 * len(names)
        count = max(4, round((size - head) / (2.5 + 4.8 * len(names))))
        epoch = rng.choice(("2000.0", "2015.5", "2016.0"))
        letters = "".join(rng.choices("ABCDEFGHKLMNPRSTUVWXYZ", k=2))
        rows = [_row(rng, key, names, epoch) for key in content.codes(rng, letters, count)]
        about: dict[str, Value] = {
            "@version": "1.4",
            "@xmlns": "http://www.ivoa.net/xml/VOTable/v1.3",
        }
        written = VOTABLE.render(
            with_places(
                Document(
                    {
                        "": (
                            Unit(FILE, about, text=f"Survey of {content.person(rng)}"),
                            Unit(RESOURCE, {NAME: f"run{rng.randint(100, 999)}"}),
                            Unit(TABLE, {NAME: f"field_{rng.randint(1000, 9999)}"}),
                            *(_column(rng, n, units.get(n, "")) for n in names),
                            Unit(DATA),
                            Unit(BODY),
                            *rows,
                        )
                    }
                )
            ).files[""]
        )
        return {"stars.vot": written}

    def reformatted(self, name: str, text: str) -> list[str]:
        """What means nothing in any XML; numbers with another number of decimals."""
        return [
            *xmltext.reformatted(text),
            re.sub(r"<TD>(-?\d+\.\d+)</TD>", r"<TD>\g<1>0</TD>", text),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the observatory and a log of its nights."""
        rows = [
            Unit(table.ROW, {"night": str(content.day(rng)), "observer": content.person(rng)})
            for _ in range(max(3, size // 18))
        ]
        return {"notes.md": content.memo(rng, size // 2), "nights.csv": table.CSV.render(rows)}


DOMAIN = Starcatalog()
