"""What can be done to recipes: programs, each with the sentences that ask for it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import groupby
from operator import mul, truediv

from worktrial.documents import programs
from worktrial.documents.domains.recipe.format import (
    AISLE,
    FACT,
    INGREDIENT,
    LEVELS,
    LINE,
    RECIPE,
    SECTION,
    STEP,
    as_decimal,
)
from worktrial.documents.edits import Verb
from worktrial.documents.edits import content as units_of_kind
from worktrial.documents.table import ROW
from worktrial.documents.unit import Document, Unit, Value


def _cut(units: Sequence[Unit], *kinds: str) -> list[list[Unit]]:
    """Cut before every unit of these kinds."""
    parts: list[list[Unit]] = []
    for unit in units:
        if not parts or unit.kind in kinds:
            parts.append([])
        parts[-1].append(unit)
    return parts


# --- numbers and order -------------------------------------------------------------------------


def order(document: Document, *, kind: str, by: str) -> Document:
    """Sort the units of a kind under each heading by their text or a field."""

    def rank(unit: Unit) -> tuple[bool, Decimal, str]:
        value = unit.text if by == "text" else unit.fields.get(by)
        is_number = isinstance(value, Decimal)
        return (not is_number, as_decimal(value), "" if is_number else str(value))

    def ordered(units: Sequence[Unit]) -> Iterator[Unit]:
        for part in _cut(units, *LEVELS):
            moved = iter(sorted((u for u in part if u.kind == kind), key=rank))
            yield from (next(moved) if u.kind == kind else u for u in part)

    return programs.in_each_file(document, ordered)


NUMBER = Verb(
    "Number the ingredients from 1 on through the whole file, in square brackets at the end of "
    "each line, such as [1].",
    partial(programs.number, kind=INGREDIENT, field=LINE),
)
DROP = Verb(
    "Delete the number in square brackets from every ingredient.",
    partial(programs.drop, kind=INGREDIENT, field=LINE),
)
BY_NAME = Verb(
    "Sort the ingredients under each heading alphabetically by name (without quantity and unit); "
    "ties keep their order.",
    partial(order, kind=INGREDIENT, by="name"),
)
BY_LINE = Verb(
    "Sort the ingredients under each heading by their number in square brackets.",
    partial(order, kind=INGREDIENT, by=LINE),
)
STEPS_BY_TEXT = Verb(
    "Put the steps of each recipe in alphabetical order of their wording; every step keeps the "
    "number it has, and ties keep their order.",
    partial(order, kind=STEP, by="text"),
)
STEPS_BY_NUMBER = Verb(
    "Put the steps of each recipe in the order of the numbers they have.",
    partial(order, kind=STEP, by="number"),
)
MULTIPLY_STEPS = Verb(
    "Multiply the number of every step by {factor}, so that there is room for steps in between.",
    partial(programs.multiply, kind=STEP, field="number"),
)
DIVIDE_STEPS = Verb(
    "Divide the number of every step by {factor}.",
    partial(programs.divide, kind=STEP, field="number"),
)


# --- quantities --------------------------------------------------------------------------------

Arithmetic = Callable[[Decimal, Decimal], Decimal]


def convert(document: Document, *, old: str, new: str, factor: str, by: Arithmetic) -> Document:
    """State one unit of measure in another."""

    def converted(unit: Unit) -> Unit:
        if unit.fields.get("unit") != old:
            return unit
        quantity = by(as_decimal(unit.fields.get("quantity")), Decimal(factor))
        return programs.with_fields(unit, {**unit.fields, "quantity": quantity, "unit": new})

    return programs.each(document, INGREDIENT, converted)


def scale(document: Document, *, label: str, factor: str, by: Arithmetic) -> Document:
    """Scale what recipes make, and with it every quantity."""

    def scaled(unit: Unit) -> Unit:
        name = "quantity" if unit.kind == INGREDIENT else "amount"
        value = unit.fields.get(name)
        if not isinstance(value, Decimal) or unit.fields.get("label", label) != label:
            return unit
        return programs.with_fields(unit, {**unit.fields, name: by(value, Decimal(factor))})

    return programs.each(programs.each(document, INGREDIENT, scaled), FACT, scaled)


COARSER = Verb(
    "State every ingredient that is measured in {old} in {new} instead: divide its quantity by "
    "{factor}, exactly, as a decimal number. The steps stay as they are.",
    partial(convert, by=truediv),
)
FINER = Verb(
    "State every ingredient that is measured in {old} in {new} instead: multiply its quantity by "
    "{factor}, exactly. The steps stay as they are.",
    partial(convert, by=mul),
)
SCALE_UP = Verb(
    "Scale every recipe up: multiply its {label} and the quantity of each ingredient by {factor}. "
    "Times and steps stay as they are.",
    partial(scale, by=mul),
)
SCALE_DOWN = Verb(
    "Scale every recipe down: divide its {label} and the quantity of each ingredient by {factor}. "
    "Times and steps stay as they are.",
    partial(scale, by=truediv),
)


# --- headings ----------------------------------------------------------------------------------


def by_aisle(document: Document) -> Document:
    """Put ingredients under a third-level heading for each aisle, in alphabetical order."""

    def shelved(units: Sequence[Unit]) -> Iterator[Unit]:
        for kind, run in groupby(units, key=lambda u: u.kind):
            if kind != INGREDIENT:
                yield from run
                continue
            group = list(run)
            yield from (u for u in group if "aisle" not in u.fields)
            for aisle in sorted(programs.text_values(group, "aisle")):
                yield Unit(AISLE, text=aisle, structural=True)
                yield from (_less(u, "aisle") for u in group if u.fields.get("aisle") == aisle)

    return programs.in_each_file(document, shelved)


def from_aisle(document: Document) -> Document:
    """Take the third-level headings away, each noted with the ingredients under it."""

    def gathered(units: Sequence[Unit]) -> Iterator[Unit]:
        for part in _cut(units, *LEVELS):
            heading, *rest = part
            if heading.kind != AISLE:
                yield from part
                continue
            aisle = {"aisle": heading.text}
            yield from (_with(u, aisle) if u.kind == INGREDIENT else u for u in rest)

    return programs.in_each_file(document, gathered)


def _with(unit: Unit, fields: Mapping[str, Value]) -> Unit:
    return programs.with_fields(unit, {**unit.fields, **fields})


def _less(unit: Unit, *names: str) -> Unit:
    return programs.with_fields(unit, {n: v for n, v in unit.fields.items() if n not in names})


def move(document: Document, *, section: str, before: str = "") -> Document:
    """Move a section within its recipe: before another one, or to the end."""

    def moved(units: Sequence[Unit]) -> Iterator[Unit]:
        for recipe in _cut(units, RECIPE):
            parts = _cut(recipe, SECTION)
            ours = [p for p in parts if _is_section(p, section)]
            rest = [p for p in parts if not _is_section(p, section)]
            places = (i for i, p in enumerate(rest) if before and _is_section(p, before))
            at = next(places, len(rest))
            yield from (u for part in (*rest[:at], *ours, *rest[at:]) for u in part)

    return programs.in_each_file(document, moved)


def _is_section(part: Sequence[Unit], title: str) -> bool:
    return part[0].kind == SECTION and part[0].text == title


def retitle(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename section headings."""
    return programs.each(document, SECTION, lambda u: replace(u, text=names.get(u.text, u.text)))


BY_AISLE = Verb(
    "Within each ingredient list, set the ingredients under third-level headings by aisle: the "
    "aisles in alphabetical order, each heading the aisle's name exactly as it stands in "
    "parentheses, the ingredients under it in their present order, now without the parentheses.",
    by_aisle,
)
FROM_AISLE = Verb(
    "Remove the third-level headings of the ingredient lists: write each one's text in "
    "parentheses at the end of the ingredients under it, before the number in square brackets.",
    from_aisle,
)
MOVE_BEFORE = Verb(
    "In every recipe, move the section {section} with all that is in it to just before the "
    "section {before}.",
    move,
)
MOVE_LAST = Verb(
    "In every recipe, move the section {section} with all that is in it to the end of the recipe.",
    move,
)
RETITLE = Verb("Rename the headings of the sections as follows: {**names}.", retitle)
CODE = Verb(
    "In the ingredient lists (not in the steps), replace ingredient names as follows: {**legend}.",
    partial(programs.substitute, kind=INGREDIENT, field="name"),
)


# --- tables ------------------------------------------------------------------------------------

_SHOPPED = ("quantity", "unit", "aisle")
_COLUMNS = ("quantity", "unit", "name", "preparation", "aisle")


def shop(document: Document, *, target: str) -> Document:
    """Move quantities, units and aisles to a shopping list, by the ingredients' numbers."""
    columns = (LINE, *_SHOPPED)
    rows = [
        Unit(ROW, _cells(u, columns), structural=True)
        for u in units_of_kind(document, INGREDIENT)
        if LINE in u.fields
    ]
    listed = programs.each(
        document, INGREDIENT, lambda u: _less(u, *_SHOPPED) if LINE in u.fields else u
    )
    return listed.replacing(target, [_header(columns), *rows])


def unshop(document: Document, *, target: str) -> Document:
    """Put quantities, units and aisles back from a shopping list."""
    rows = {u.fields.get(LINE): _filled(u, _SHOPPED) for u in document.files.get(target, ())}
    rest = document.replacing(target, None)
    return programs.each(rest, INGREDIENT, lambda u: _with(u, rows.get(u.fields.get(LINE), {})))


def tabulate(document: Document, *, target: str) -> Document:
    """Move all ingredients to a table, under the titles of their recipes."""
    rows = [
        Unit(ROW, {"recipe": title, **_cells(unit, _COLUMNS)})
        for units in document.files.values()
        for title, unit in _titled(units)
        if unit.kind == INGREDIENT
    ]
    rest = programs.in_each_file(document, lambda units: (u for u in units if u.kind != INGREDIENT))
    return rest.replacing(target, [_header(("recipe", *_COLUMNS)), *rows])


def untabulate(document: Document, *, section: str, target: str) -> Document:
    """Put ingredients back under a section of the recipe they belong to."""
    waiting: dict[str, list[Unit]] = {}
    for row in document.files.get(target, ()):
        if row.kind == ROW:
            ingredient = Unit(INGREDIENT, _filled(row, _COLUMNS))
            waiting.setdefault(str(row.fields.get("recipe")), []).append(ingredient)

    def filled(units: Sequence[Unit]) -> Iterator[Unit]:
        for title, unit in _titled(units):
            yield unit
            if unit.kind == SECTION and unit.text == section:
                yield from waiting.pop(title, ())

    return programs.in_each_file(document.replacing(target, None), filled)


def _titled(units: Sequence[Unit]) -> Iterator[tuple[str, Unit]]:
    """Every unit with the title of its recipe."""
    title = ""
    for unit in units:
        title = unit.text if unit.kind == RECIPE else title
        yield title, unit


def _header(names: Sequence[str]) -> Unit:
    return Unit(programs.HEADER, text="\t".join(names), structural=True)


def _cells(unit: Unit, names: Sequence[str]) -> dict[str, Value]:
    return {name: unit.fields.get(name, "") for name in names}


def _filled(row: Unit, names: Sequence[str]) -> dict[str, Value]:
    """The cells of a row that are not empty."""
    return {name: value for name, value in _cells(row, names).items() if value != ""}


SHOP = Verb(
    "Move the quantity, the unit and the aisle of every ingredient out into a shopping list "
    "{target}, a CSV file with the columns line, quantity, unit, aisle: one row an ingredient, "
    "where line is the number in square brackets, quantities are decimal numbers, units are "
    "singular, and a cell is empty where there is nothing. The recipe keeps name, preparation and "
    "number.",
    shop,
)
UNSHOP = Verb(
    "Put the quantity, the unit and the aisle of every ingredient back from {target}, by the "
    "number in square brackets (column line): quantity and unit before the name, the aisle in "
    "parentheses after name and preparation. Then remove {target}.",
    unshop,
)
TABULATE = Verb(
    "Move all ingredients into a CSV file {target} with the columns recipe, quantity, unit, name, "
    "preparation, aisle: one row an ingredient, in the order of the recipes; recipe is the title, "
    "quantities are decimal numbers, units are singular, and a cell is empty where there is "
    "nothing. The headings stay.",
    tabulate,
)
UNTABULATE = Verb(
    "Put the ingredients back from {target} into the recipes, as a bullet list under the heading "
    "{section} of the recipe named in the column recipe, in the order of the rows: quantity, unit, "
    "name, then the preparation after a comma and the aisle in parentheses. Then remove {target}.",
    untabulate,
)

VERBS: Sequence[Verb] = (
    NUMBER, DROP, BY_NAME, BY_LINE, STEPS_BY_TEXT, STEPS_BY_NUMBER, COARSER, FINER, SCALE_UP,
    SCALE_DOWN, BY_AISLE, FROM_AISLE, SHOP, UNSHOP, TABULATE, UNTABULATE, MOVE_BEFORE, MOVE_LAST,
    RETITLE, CODE, MULTIPLY_STEPS, DIVIDE_STEPS,
)  # fmt: skip
