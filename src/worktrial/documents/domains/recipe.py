"""Recipes in Markdown: a title, what it makes, ingredients, numbered steps and notes."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import count
from random import Random
from typing import ClassVar, TypeVar

from worktrial.documents import content, programs
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Step, Verb, compose, edit, sayable
from worktrial.documents.edits import content as units_of_kind
from worktrial.documents.table import CSV, ROW
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

RECIPE, SECTION, AISLE, FACT = "recipe", "section", "aisle", "fact"
INGREDIENT, STEP, NOTE = "ingredient", "step", "note"
LINE = "line"
"""The number that an ingredient carries while it is away from its place."""

# --- format ------------------------------------------------------------------------------------

_LEVELS = (RECIPE, SECTION, AISLE, "heading4", "heading5", "heading6")
_UNITS = {
    "clove": "cloves", "can": "cans", "slice": "slices", "sprig": "sprigs", "cup": "cups",
    "bunch": "bunches", "stalk": "stalks", "piece": "pieces",
    "kg": "kg", "g": "g", "mg": "mg", "dag": "dag", "l": "l", "dl": "dl", "cl": "cl", "ml": "ml",
    "tsp": "tsp", "tbsp": "tbsp", "oz": "oz", "lb": "lb",
}  # fmt: skip
_SINGULAR = {**{many: one for one, many in _UNITS.items()}, **{one: one for one in _UNITS}}
_VULGAR = str.maketrans({"½": "1/2", "¼": "1/4", "¾": "3/4", "⅛": "1/8"})
_FRACTIONS = {Decimal("0.25"): "1/4", Decimal("0.5"): "1/2", Decimal("0.75"): "3/4"}
_SPOONED = ("tsp", "tbsp", "cup", "")

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_BULLET = re.compile(r"[-*+][ \t]+(.*)")
_STEP = re.compile(r"(\d{1,9})[.)][ \t]+(.*)")
_FACT = re.compile(
    r"(?:\*\*)?([A-Z][a-z]{1,20}(?: [a-z]{1,20})?)(?::\*\*|\*\*:|:)[ \t]+"
    r"(\d{1,12}(?:\.\d{1,9})?)(?: ([a-z]{1,20}))?"
)
_QUANTITY = re.compile(
    r"(?:(\d{1,15}) )?(\d)/([248])(?= )|(\d{1,15}(?:\.\d{1,15})?)(?= )",
)
_LINE = re.compile(r"(.*) \[(\d{1,9})\]")
_AISLE = re.compile(r"(.*) \(([^()]*)\)")


class RecipeFormat(Format):
    """Markdown with one recipe under each first-level heading.

    A bullet is an ingredient, `250 g red lentils, rinsed (dry goods)`: a quantity, a unit, a name,
    a preparation, the aisle. A numbered line is a step and keeps its number; a line of its own
    such as `Serves: 4` is a fact; other paragraphs are notes. Which bullet sign, `1.` or `1)`,
    `1/2` or `0.5`, `clove` or `cloves`, bold labels, line breaks inside a paragraph and blank lines
    mean nothing. What stands before the first heading is opaque.
    """

    def parse(self, text: str) -> list[Unit]:
        """One unit a block."""
        units: list[Unit] = []
        begun = False
        for block in _blocks(text):
            unit = _unit(block)
            begun = begun or unit.kind in (*_LEVELS, INGREDIENT, STEP)
            units.append(unit if begun else opaque(block))
        return units

    def render(self, units: Sequence[Unit]) -> str:
        """Lists without blank lines, everything else set apart by one."""
        lines: list[str] = []
        before = ""
        for unit in units:
            if before and (unit.kind != before or unit.kind not in (FACT, INGREDIENT, STEP)):
                lines.append("")
            lines.append(_written(unit))
            before = unit.kind
        return "".join(f"{line}\n" for line in lines)


MARKDOWN = RecipeFormat()


def _blocks(text: str) -> Iterator[str]:
    """Headings, list items, facts and paragraphs, each on one line."""
    open_block: list[str] = []
    for line in (raw.strip() for raw in text.splitlines()):
        starts = not line or any(p.fullmatch(line) for p in (_HEADING, _BULLET, _STEP, _FACT))
        ended = open_block and any(p.fullmatch(open_block[0]) for p in (_HEADING, _FACT))
        if open_block and (starts or ended):
            yield " ".join(open_block)
            open_block = []
        if line:
            open_block.append(line)
    if open_block:
        yield " ".join(open_block)


def _unit(block: str) -> Unit:
    if heading := _HEADING.fullmatch(block):
        words = heading[2].split()
        title = " ".join(words[:-1] if len(words) > 1 and not words[-1].strip("#") else words)
        return Unit(_LEVELS[len(heading[1]) - 1], text=title, structural=True)
    if bullet := _BULLET.fullmatch(block):
        return _ingredient(" ".join(bullet[1].split()))
    if step := _STEP.fullmatch(block):
        text = " ".join(step[2].split())
        return Unit(STEP, {"number": Decimal(step[1])}, key="number", text=text)
    if fact := _FACT.fullmatch(block):
        fields: dict[str, Value] = {"label": fact[1], "amount": Decimal(fact[2])}
        return Unit(FACT, {**fields, **({"unit": fact[3]} if fact[3] else {})}, structural=True)
    return Unit(NOTE, text=" ".join(block.split()))


def _ingredient(text: str) -> Unit:
    fields: dict[str, Value] = {}
    ending: dict[str, Value] = {}
    if numbered := _LINE.fullmatch(text):
        text, ending[LINE] = numbered[1], Decimal(numbered[2])
    if sorted_in := _AISLE.fullmatch(text):
        text, ending["aisle"] = sorted_in[1], sorted_in[2]
    if measure := _QUANTITY.match(text.translate(_VULGAR)):
        text = text.translate(_VULGAR)
        whole, over, under, plain = measure.groups()
        fields["quantity"] = (
            Decimal(plain) if plain else Decimal(whole or 0) + Decimal(over) / Decimal(under)
        )
        text = text[measure.end() :].strip()
        word, _, rest = text.partition(" ")
        if rest and word in _SINGULAR:
            fields["unit"], text = _SINGULAR[word], rest
    name, comma, preparation = text.partition(", ")
    fields["name"] = name
    if comma:
        fields["preparation"] = preparation
    return Unit(INGREDIENT, {**fields, **ending}, key=LINE if LINE in ending else None)


def _written(unit: Unit) -> str:
    match unit.kind:
        case kind if kind in _LEVELS:
            return f"{'#' * (_LEVELS.index(kind) + 1)} {unit.text}"
        case "fact":
            amount = programs.plain(_decimal(unit.fields.get("amount")))
            return f"{unit.fields.get('label')}: {amount:f} {unit.fields.get('unit', '')}".rstrip()
        case "step":
            return f"{_integer(unit.fields.get('number'), 1)}. {unit.text}"
        case "ingredient":
            return f"- {_listed(unit.fields)}"
        case _:
            return unit.layout or unit.text or " ".join(map(str, unit.fields.values()))


def _listed(fields: Mapping[str, Value]) -> str:
    """An ingredient as people write it."""
    parts = []
    unit = str(fields.get("unit", ""))
    quantity = fields.get("quantity")
    if isinstance(quantity, Decimal):
        parts.append(_measured(quantity, unit))
        parts += [(_UNITS.get(unit, unit) if quantity > 1 else unit)] if unit else []
    name, preparation = str(fields.get("name", "")), fields.get("preparation")
    parts.append(name if preparation is None else f"{name}, {preparation}")
    parts += [f"({fields['aisle']})"] if "aisle" in fields else []
    parts += [f"[{_integer(fields[LINE], 0)}]"] if LINE in fields else []
    return " ".join(parts)


def _measured(quantity: Decimal, unit: str) -> str:
    """A quantity, with the fractions that spoons and cups have."""
    whole, part = divmod(quantity, 1) if abs(quantity) < 10**9 else (quantity, Decimal(0))
    if part not in _FRACTIONS or unit not in _SPOONED:
        return f"{programs.plain(quantity):f}"
    return f"{whole:f} {_FRACTIONS[part]}" if whole else _FRACTIONS[part]


def _decimal(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _integer(value: Value, default: int) -> int:
    return int(value) if isinstance(value, Decimal) and value < 10**9 else default


# --- programs ----------------------------------------------------------------------------------


def stretches(
    document: Document, kind: str, change: Callable[[Sequence[Unit]], Sequence[Unit]]
) -> Document:
    """Reorder the units of a kind, those under one heading at a time."""

    def changed(units: Sequence[Unit]) -> tuple[Unit, ...]:
        place = 0
        groups: list[list[Unit]] = [[]]
        at = []
        for unit in units:
            if unit.kind in _LEVELS:
                groups.append([])
                place += 1
            if unit.kind == kind:
                groups[place].append(unit)
            at.append(place)
        moved = [iter(change(group)) for group in groups]
        return tuple(
            next(moved[p]) if u.kind == kind else u for u, p in zip(units, at, strict=True)
        )

    return Document({name: changed(units) for name, units in document.files.items()})


def order(document: Document, *, kind: str, by: str) -> Document:
    """Sort the units of a kind under each heading by their text or a field."""

    def rank(unit: Unit) -> tuple[bool, Decimal, str]:
        value = unit.text if by == "text" else unit.fields.get(by)
        is_number = isinstance(value, Decimal)
        return (not is_number, _decimal(value), "" if is_number else str(value))

    return stretches(document, kind, lambda units: sorted(units, key=rank))


def convert(document: Document, *, old: str, new: str, factor: str, up: bool) -> Document:
    """State one unit of measure in another."""

    def converted(unit: Unit) -> Unit:
        if unit.fields.get("unit") != old:
            return unit
        amount, by = _decimal(unit.fields.get("quantity")), Decimal(factor)
        return programs.with_fields(
            unit, {**unit.fields, "quantity": amount * by if up else amount / by, "unit": new}
        )

    return programs.each(document, INGREDIENT, converted)


def scale(document: Document, *, label: str, factor: str, up: bool) -> Document:
    """Scale what recipes make, and with it every quantity."""

    def scaled(unit: Unit) -> Unit:
        name = "quantity" if unit.kind == INGREDIENT else "amount"
        value = unit.fields.get(name)
        if not isinstance(value, Decimal) or unit.fields.get("label", label) != label:
            return unit
        by = Decimal(factor)
        return programs.with_fields(unit, {**unit.fields, name: value * by if up else value / by})

    return programs.each(programs.each(document, INGREDIENT, scaled), FACT, scaled)


def by_aisle(document: Document) -> Document:
    """Put ingredients under a third-level heading for each aisle, in alphabetical order."""

    def shelved(units: Sequence[Unit]) -> Iterator[Unit]:
        for kind, group in _runs(units):
            if kind != INGREDIENT:
                yield from group
                continue
            yield from (u for u in group if "aisle" not in u.fields)
            for aisle in sorted(programs.text_values(group, "aisle")):
                yield Unit(AISLE, text=aisle, structural=True)
                yield from (_less(u, "aisle") for u in group if u.fields.get("aisle") == aisle)

    return Document({name: tuple(shelved(units)) for name, units in document.files.items()})


def from_aisle(document: Document) -> Document:
    """Take the third-level headings away, each noted with the ingredients under it."""

    def gathered(units: Sequence[Unit]) -> Iterator[Unit]:
        aisle = ""
        for unit in units:
            if unit.kind in _LEVELS:
                aisle = unit.text if unit.kind == AISLE else ""
            if unit.kind == AISLE:
                continue
            ours = aisle and unit.kind == INGREDIENT
            yield replace(unit, fields={**unit.fields, "aisle": aisle}) if ours else unit

    return Document({name: tuple(gathered(units)) for name, units in document.files.items()})


def _runs(units: Sequence[Unit]) -> Iterator[tuple[str, list[Unit]]]:
    """Neighbours of one kind, together."""
    run: list[Unit] = []
    for unit in units:
        if run and run[0].kind != unit.kind:
            yield run[0].kind, run
            run = []
        run.append(unit)
    if run:
        yield run[0].kind, run


def _less(unit: Unit, *names: str) -> Unit:
    return programs.with_fields(unit, {n: v for n, v in unit.fields.items() if n not in names})


_SHOPPED = ("quantity", "unit", "aisle")


def shop(document: Document, *, target: str) -> Document:
    """Move quantities, units and aisles to a shopping list, by the ingredients' numbers."""
    columns = (LINE, *_SHOPPED)
    rows = [
        Unit(ROW, {n: u.fields.get(n, "") for n in columns}, structural=True)
        for u in units_of_kind(document, INGREDIENT)
        if LINE in u.fields
    ]
    header = Unit(programs.HEADER, text="\t".join(columns), structural=True)
    listed = programs.each(
        document, INGREDIENT, lambda u: _less(u, *_SHOPPED) if LINE in u.fields else u
    )
    return listed.replacing(target, [header, *rows])


def unshop(document: Document, *, target: str) -> Document:
    """Put quantities, units and aisles back from a shopping list."""
    rows = {
        u.fields.get(LINE): {n: u.fields[n] for n in _SHOPPED if u.fields.get(n, "") != ""}
        for u in document.files.get(target, ())
    }
    return programs.each(
        document.replacing(target, None),
        INGREDIENT,
        lambda u: programs.with_fields(u, {**u.fields, **rows.get(u.fields.get(LINE), {})}),
    )


_COLUMNS = ("quantity", "unit", "name", "preparation", "aisle")


def tabulate(document: Document, *, target: str) -> Document:
    """Move all ingredients to a table, under the titles of their recipes."""
    rows: list[Unit] = []
    files = {}
    for name, units in document.files.items():
        title = ""
        for unit in units:
            title = unit.text if unit.kind == RECIPE else title
            if unit.kind == INGREDIENT:
                rows.append(Unit(ROW, {"recipe": title, **_cells(unit)}))
        files[name] = tuple(u for u in units if u.kind != INGREDIENT)
    header = Unit(programs.HEADER, text="\t".join(("recipe", *_COLUMNS)), structural=True)
    return Document({**files, target: (header, *rows)})


def _cells(unit: Unit) -> dict[str, Value]:
    return {n: unit.fields.get(n, "") for n in _COLUMNS}


def untabulate(document: Document, *, section: str, target: str) -> Document:
    """Put ingredients back under a section of the recipe they belong to."""
    waiting: dict[str, list[Unit]] = {}
    for row in document.files.get(target, ()):
        if row.kind == ROW:
            fields = {n: row.fields[n] for n in _COLUMNS if row.fields.get(n, "") != ""}
            waiting.setdefault(str(row.fields.get("recipe")), []).append(Unit(INGREDIENT, fields))

    def filled(units: Sequence[Unit]) -> Iterator[Unit]:
        title = ""
        for unit in units:
            yield unit
            title = unit.text if unit.kind == RECIPE else title
            if unit.kind == SECTION and unit.text == section:
                yield from waiting.pop(title, ())

    rest = document.replacing(target, None)
    return Document({name: tuple(filled(units)) for name, units in rest.files.items()})


def move(document: Document, *, section: str, before: str = "") -> Document:
    """Move a section within its recipe: before another one, or to the end."""

    def moved(units: Sequence[Unit]) -> Iterator[Unit]:
        for recipe in _cut(units, lambda u: u.kind == RECIPE):
            parts = _cut(recipe, lambda u: u.kind == SECTION)
            ours = [p for p in parts if p[0].kind == SECTION and p[0].text == section]
            rest = [p for p in parts if not any(p is o for o in ours)]
            names = [p[0].text if p[0].kind == SECTION else "" for p in rest]
            at = names.index(before) if before and before in names else len(rest)
            yield from (u for part in (*rest[:at], *ours, *rest[at:]) for u in part)

    return Document({name: tuple(moved(units)) for name, units in document.files.items()})


def _cut(units: Sequence[Unit], starts: Callable[[Unit], bool]) -> list[list[Unit]]:
    """Cut before every unit that starts something."""
    parts: list[list[Unit]] = []
    for unit in units:
        if not parts or starts(unit):
            parts.append([])
        parts[-1].append(unit)
    return parts


def retitle(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename section headings."""
    return programs.each(document, SECTION, lambda u: replace(u, text=names.get(u.text, u.text)))


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
COARSER = Verb(
    "State every ingredient that is measured in {old} in {new} instead: divide its quantity by "
    "{factor}, exactly, as a decimal number. The steps stay as they are.",
    partial(convert, up=False),
)
FINER = Verb(
    "State every ingredient that is measured in {old} in {new} instead: multiply its quantity by "
    "{factor}, exactly. The steps stay as they are.",
    partial(convert, up=True),
)
SCALE_UP = Verb(
    "Scale every recipe up: multiply its {label} and the quantity of each ingredient by {factor}. "
    "Times and steps stay as they are.",
    partial(scale, up=True),
)
SCALE_DOWN = Verb(
    "Scale every recipe down: divide its {label} and the quantity of each ingredient by {factor}. "
    "Times and steps stay as they are.",
    partial(scale, up=False),
)
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
MULTIPLY_STEPS = Verb(
    "Multiply the number of every step by {factor}, so that there is room for steps in between.",
    partial(programs.multiply, kind=STEP, field="number"),
)
DIVIDE_STEPS = Verb(
    "Divide the number of every step by {factor}.",
    partial(programs.divide, kind=STEP, field="number"),
)

# --- edits -------------------------------------------------------------------------------------

_MEASURES = (
    ("g", "kg", "1000", COARSER, FINER),
    ("g", "dag", "10", COARSER, FINER),
    ("ml", "l", "1000", COARSER, FINER),
    ("ml", "cl", "10", COARSER, FINER),
    ("tbsp", "tsp", "3", FINER, COARSER),
)
"""Units of measure, the exact factor between them, and the verbs there and back."""
_HEADINGS = {"Ingredients": "You will need", "Method": "Directions", "Notes": "Good to know"}
_IN_PLACE: tuple[Step, ...] = (BY_LINE(), DROP())


def _plain(document: Document) -> bool:
    """Whether there are ingredients, none of them numbered."""
    found = units_of_kind(document, INGREDIENT)
    return bool(found) and not any(LINE in u.fields for u in found)


def _sections(document: Document) -> list[str]:
    return list(dict.fromkeys(u.text for u in units_of_kind(document, SECTION)))


def sort_ingredients(document: Document, _: Random) -> Edit | None:
    """Ingredients by name; their numbers ride along."""
    if not _plain(document):
        return None
    return edit("sort_ingredients", "sort", [NUMBER(), BY_NAME()], _IN_PLACE)


def sort_steps(document: Document, _: Random) -> Edit | None:
    """Steps by wording, if their numbers say where they belong."""
    if order(document, kind=STEP, by="number") != document:
        return None
    if order(document, kind=STEP, by="text") == document:
        return None
    return edit("sort_steps", "sort", [STEPS_BY_TEXT()], [STEPS_BY_NUMBER()])


def measure(document: Document, rng: Random) -> Edit | None:
    """One unit of measure in another that the recipes do not use."""
    used = set(programs.text_values(units_of_kind(document, INGREDIENT), "unit"))
    fitting = [m for m in _MEASURES if m[0] in used and m[1] not in used]
    if not fitting:
        return None
    old, new, factor, there, back = rng.choice(fitting)
    return edit(
        "measure",
        "scale",
        [there(old=old, new=new, factor=factor)],
        [back(old=new, new=old, factor=factor)],
    )


def servings(document: Document, rng: Random) -> Edit | None:
    """Twice, three or five times as much."""
    labels = {u.fields.get("label") for u in units_of_kind(document, FACT)}
    if "Serves" not in labels:
        return None
    words = {"label": "Serves", "factor": rng.choice(("2", "3", "5", "12"))}
    return edit("servings", "scale", [SCALE_UP(**words)], [SCALE_DOWN(**words)])


def group_by_aisle(document: Document, _: Random) -> Edit | None:
    """Ingredients under headings by aisle; their numbers ride along."""
    found = units_of_kind(document, INGREDIENT)
    shelved = units_of_kind(document, AISLE)
    if not _plain(document) or shelved or any("aisle" not in u.fields for u in found):
        return None
    return edit("group_by_aisle", "regroup", [NUMBER(), BY_AISLE()], [FROM_AISLE(), *_IN_PLACE])


def shopping_list(document: Document, _: Random) -> Edit | None:
    """What to buy in a file of its own, by number."""
    if not _plain(document):
        return None
    words = {"target": "shopping.csv"}
    return edit("shopping_list", "extract", [NUMBER(), SHOP(**words)], [UNSHOP(**words), DROP()])


def table_of_ingredients(document: Document, _: Random) -> Edit | None:
    """All ingredients as CSV, if every title stands for one recipe."""
    titles = [u.text for u in units_of_kind(document, RECIPE)]
    lists = [u for u in units_of_kind(document, SECTION) if u.text == "Ingredients"]
    if not titles or len(set(titles)) < len(titles) or len(lists) != len(titles):
        return None
    target = "ingredients.csv"
    return edit(
        "table_of_ingredients",
        "convert",
        [TABULATE(target=target)],
        [UNTABULATE(section="Ingredients", target=target)],
    )


def notes_first(document: Document, _: Random) -> Edit | None:
    """The notes before the ingredients, where they stand last now."""
    if move(document, section="Notes") != document or "Notes" not in _sections(document):
        return None
    return edit(
        "notes_first",
        "move",
        [MOVE_BEFORE(section="Notes", before="Ingredients")],
        [MOVE_LAST(section="Notes")],
    )


def rename_sections(document: Document, _: Random) -> Edit | None:
    """Other words over the sections."""
    names = {old: new for old, new in _HEADINGS.items() if old in _sections(document)}
    if not names or set(names.values()) & set(_sections(document)):
        return None
    return edit(
        "rename_sections",
        "rename",
        [RETITLE(names=names)],
        [RETITLE(names=programs.inverse(names))],
    )


def code_names(document: Document, rng: Random) -> Edit | None:
    """Kitchen codes for some of the ingredients."""
    names = programs.text_values(units_of_kind(document, INGREDIENT), "name")
    sayable_names = [n for n in names if sayable(n) and n]
    chosen = rng.sample(sayable_names, min(12, len(sayable_names)))
    legend = {name: f"K{at:02d}" for at, name in zip(count(1), sorted(chosen))}
    if not legend or set(names) & set(legend.values()):
        return None
    return edit(
        "code_names",
        "substitute",
        [CODE(legend=legend)],
        [CODE(legend=programs.inverse(legend))],
    )


def spread_numbers(document: Document, _: Random) -> Edit | None:
    """Steps numbered in tens."""
    if not units_of_kind(document, STEP):
        return None
    return edit(
        "spread_numbers", "renumber", [MULTIPLY_STEPS(factor="10")], [DIVIDE_STEPS(factor="10")]
    )


def canteen(document: Document, rng: Random) -> Edit | None:
    """Composed: scale up, sort by name, rename sections."""
    return compose(
        "canteen",
        servings(document, rng),
        sort_ingredients(document, rng),
        rename_sections(document, rng),
    )


def shopping_trip(document: Document, rng: Random) -> Edit | None:
    """Composed: scale up, number, move to a shopping list."""
    return compose(
        "shopping_trip",
        servings(document, rng),
        notes_first(document, rng),
        shopping_list(document, rng),
    )


def kitchen_cards(document: Document, rng: Random) -> Edit | None:
    """Composed: codes, spread step numbers, headings by aisle."""
    return compose(
        "kitchen_cards",
        code_names(document, rng),
        spread_numbers(document, rng),
        group_by_aisle(document, rng),
    )


# --- content -----------------------------------------------------------------------------------


def _among(names: str) -> list[str]:
    return names.split("|")


_LARDER: Mapping[str, tuple[str, Sequence[str], Sequence[str]]] = {
    "produce": (
        "g",
        _among(
            "carrots|leeks|fennel|beetroot|celeriac|spinach|mushrooms|courgettes|parsnips|kale|"
            "cherry tomatoes|pumpkin|green beans|white cabbage|new potatoes|rhubarb|plums"
        ),
        ("finely chopped", "peeled", "in thick slices", "diced", "coarsely grated", "quartered"),
    ),
    "dry goods": (
        "g",
        _among(
            "red lentils|pearl barley|basmati rice|plain flour|rolled oats|chickpeas|couscous|"
            "buckwheat|brown sugar|ground almonds|polenta|walnuts|sultanas|rye flour"
        ),
        ("rinsed", "sifted", "toasted", "soaked overnight", "well drained"),
    ),
    "dairy": (
        "ml",
        _among("whole milk|double cream|buttermilk|kefir|plain yoghurt|crème fraîche|oat drink"),
        ("warmed", "at room temperature", "well chilled", "lightly whipped"),
    ),
    "bottles and tins": (
        "ml",
        _among("vegetable stock|coconut milk|passata|dry cider|apple juice|fish stock|red wine"),
        ("hot", "well shaken", "divided", "reduced by half"),
    ),
    "oils and sauces": (
        "tbsp",
        _among("olive oil|soy sauce|cider vinegar|tahini|honey|rapeseed oil|dijon mustard"),
        ("plus more to serve", "divided", "to taste"),
    ),
    "spices": (
        "tsp",
        _among(
            "ground cumin|smoked paprika|fennel seeds|turmeric|sea salt|black pepper|cinnamon|"
            "caraway seeds|ground coriander|nutmeg|chilli flakes"
        ),
        ("freshly ground", "lightly crushed", "heaped", "toasted"),
    ),
    "fresh herbs": (
        "sprig",
        _among("thyme|rosemary|dill|tarragon|marjoram|mint|flat parsley|lovage"),
        ("leaves picked", "finely chopped", "tied together", "torn"),
    ),
    "greengrocer": (
        "",
        _among("onions|lemons|shallots|red peppers|eggs|limes|apples|pears|aubergines"),
        ("halved", "thinly sliced", "finely diced", "roasted", "small ones"),
    ),
}
"""By aisle: the unit it is measured in, what stands there, and how that is prepared."""
_DISHES = _among(
    "soup|stew|gratin|pie|salad|bake|curry|broth|casserole|tart|pilaf|dumplings|fritters|ragout|"
    "hotpot|crumble|chowder|frittata|loaf|stir-fry"
)
_STYLES = _among(
    "Harvest|Farmhouse|Winter|Harbour|Sunday|Smoked|Roasted|Spiced|Market|Garden|Midsummer|Orchard|"
    "Alpine|Coastal|Rustic|Golden|Autumn|Peppery|Slow|Baltic|Lemony|Festive|Weekday|Hearty"
)
_ACTIONS = (
    "Fry the {a} in a wide pan over {heat} heat for {n} minutes, until {sign}.",
    "Add the {a} and the {b}, cover, and simmer for {n} minutes.",
    "Bring the {a} to the boil, then stir in the {b} and cook for {n} minutes more.",
    "Spread the {a} on a tray and roast at {t} degrees for {n} minutes, until {sign}.",
    "Whisk the {a} with the {b} in a bowl and leave to stand for {n} minutes.",
    "Fold in the {a}; the mixture should be {sign} after about {n} minutes.",
    "Meanwhile, mix the {a} and the {b} by hand until {sign}.",
    "Turn the heat to {heat}, pour over the {a} and leave for {n} minutes.",
    "Layer the {a} and the {b} in a deep dish and bake at {t} degrees for {n} minutes.",
    "Season with the {a}, taste after {n} minutes, and serve with the {b}.",
)
_SIGNS = _among(
    "just tender|golden at the edges|thick and glossy|fragrant|almost dry|soft but whole"
)
_TIPS = (
    "Keeps for {n} days in the fridge; the {a} should be added fresh.",
    "In place of the {a}, {b} will do, with {n} minutes less in the pan.",
    "Freezes well for {n} weeks, but without the {a}.",
    "{who} makes this with {b} in place of the {a}, and cooks it {n} minutes longer.",
    "Doubling it takes {n} minutes more and a wider pan for the {a}.",
)


Made = TypeVar("Made")


class _Cook:
    """Writes recipes, no line of which stands twice in a document."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.used: set[object] = set()

    def recipe(self, size: int) -> list[Unit]:
        """One recipe of about `size` tokens."""
        room = max(0, size - 60)
        goods: dict[str, Unit] = {}
        while len(goods) < max(4, round(room * 0.45 / 13)):
            good = self.fresh(self.ingredient)
            goods.setdefault(str(good.fields["name"]), good)
        names = list(goods)
        steps = [self.fresh(partial(self.text, _ACTIONS, names)) for _ in range(max(2, room // 42))]
        tips = [self.fresh(partial(self.text, _TIPS, names)) for _ in range(1 + room // 250)]
        return [
            Unit(RECIPE, text=self.fresh(self.title)),
            *self.facts(),
            _section("Ingredients"),
            *goods.values(),
            _section("Method"),
            *(Unit(STEP, {"number": Decimal(n)}, text=step) for n, step in enumerate(steps, 1)),
            _section("Notes"),
            *(Unit(NOTE, text=tip) for tip in tips),
        ]

    def fresh(self, make: Callable[[], Made]) -> Made:
        """Something that is not in the document yet."""
        while repr(made := make()) in self.used:
            pass
        self.used.add(repr(made))
        return made

    def title(self) -> str:
        """What a recipe is called."""
        main = self.rng.choice(_LARDER["produce"][1])
        return f"{self.rng.choice(_STYLES)} {main} {self.rng.choice(_DISHES)}"

    def facts(self) -> Iterator[Unit]:
        """What it makes and how long it takes."""
        yield Unit(FACT, {"label": "Serves", "amount": Decimal(self.rng.randint(2, 12))})
        for label, longest in (("Prep", 9), ("Cook", 30)):
            minutes = Decimal(5 * self.rng.randint(1, longest))
            yield Unit(FACT, {"label": label, "amount": minutes, "unit": "min"})

    def ingredient(self) -> Unit:
        """A line of the list."""
        aisle = self.rng.choice(list(_LARDER))
        unit, names, preparations = _LARDER[aisle]
        fields: dict[str, Value] = {"quantity": self.quantity(unit)}
        fields |= {"unit": unit} if unit else {}
        fields["name"] = self.rng.choice(names)
        if self.rng.random() < 0.5:
            fields["preparation"] = self.rng.choice(preparations)
        return Unit(INGREDIENT, {**fields, "aisle": aisle})

    def quantity(self, unit: str) -> Decimal:
        """As much of it as cooks take."""
        if unit in ("g", "ml"):
            return Decimal(5 * self.rng.randint(4, 180))
        if unit in ("tsp", "tbsp"):
            return Decimal(self.rng.randint(1, 24)) / 4
        return Decimal(self.rng.randint(2, 14))

    def text(self, templates: Sequence[str], names: Sequence[str]) -> str:
        """A step or a tip about some of the ingredients."""
        a, b = self.rng.sample(names, 2)
        return self.rng.choice(templates).format(
            a=a,
            b=b,
            n=self.rng.randint(2, 90),
            t=5 * self.rng.randint(28, 48),
            heat=self.rng.choice(("low", "medium", "high", "gentle")),
            sign=self.rng.choice(_SIGNS),
            who=content.person(self.rng),
        )


def _section(title: str) -> Unit:
    return Unit(SECTION, text=title, structural=True)


def _pantry(rng: Random, size: int) -> str:
    """What is in the store room: a neighbour that names the same goods."""
    lines = ["item,shelf,packs,best_before"]
    while sum(map(len, lines)) < 3.2 * size:
        _, names, _ = rng.choice(list(_LARDER.values()))
        shelf = f"{rng.choice('ABCD')}{rng.randint(1, 30)}"
        lines.append(f"{rng.choice(names)},{shelf},{rng.randint(0, 60)},{content.day(rng)}")
    return "\n".join((*lines, ""))


class Recipe(Domain):
    """Recipe cards of a kitchen, one after the other in a Markdown file."""

    name = "recipe"
    category = "everyday"
    formats: ClassVar = {".md": MARKDOWN, ".csv": CSV}
    clips: ClassVar = {FACT: 0.7, INGREDIENT: 0.65, STEP: 0.6}
    verbs: ClassVar[Sequence[Verb]] = (
        NUMBER, DROP, BY_NAME, BY_LINE, STEPS_BY_TEXT, STEPS_BY_NUMBER, COARSER, FINER, SCALE_UP,
        SCALE_DOWN, BY_AISLE, FROM_AISLE, SHOP, UNSHOP, TABULATE, UNTABULATE, MOVE_BEFORE,
        MOVE_LAST, RETITLE, CODE, MULTIPLY_STEPS, DIVIDE_STEPS,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = (
        sort_ingredients, sort_steps, measure, servings, group_by_aisle, shopping_list,
        table_of_ingredients, notes_first, rename_sections, code_names, spread_numbers,
        canteen, shopping_trip, kitchen_cards,
    )  # fmt: skip
    floor = 0.13

    def generate(self, rng: Random, size: int) -> Files:
        """Recipes of a few hundred tokens each."""
        cook, left = _Cook(rng), size
        units: list[Unit] = []
        while left > 0:
            share = rng.randint(240, 420)
            share = left if left - share < 160 else share
            units += cook.recipe(share)
            left -= share
        return {"recipes.md": MARKDOWN.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Other bullets and brackets; bold labels and decimal fractions; wrapped lines."""
        halves = re.sub(r"^- 1/2 ", "- 0.5 ", text, flags=re.M)
        return [
            re.sub(r"^(\d+)\.", r"\1)", re.sub(r"^- ", "* ", text, flags=re.M), flags=re.M),
            re.sub(r"^(Serves|Prep|Cook):", r"**\1:**", halves, flags=re.M),
            re.sub(r"^(\d+\..*?\w) (\w+ \w+)", r"\1\n   \2", text, flags=re.M),
            text.replace("\n\n", "\n\n\n").replace("\n", "\r\n"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Recipes of another kitchen and the stock of the store room."""
        (recipes,) = self.generate(rng, size // 2).values()
        return {"test-kitchen.md": recipes, "pantry.csv": _pantry(rng, size // 2)}


DOMAIN = Recipe()
