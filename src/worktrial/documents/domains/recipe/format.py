"""Markdown recipes: text to units and back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from worktrial.documents import programs
from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit, Value, opaque

RECIPE, SECTION, AISLE, FACT = "recipe", "section", "aisle", "fact"
INGREDIENT, STEP, NOTE = "ingredient", "step", "note"
LEVELS = (RECIPE, SECTION, AISLE, "heading4", "heading5", "heading6")
"""The kinds of headings, first level first."""
LINE = "line"
"""The number that an ingredient carries while it is away from its place."""

_UNITS = {
    "clove": "cloves", "can": "cans", "slice": "slices", "sprig": "sprigs", "cup": "cups",
    "bunch": "bunches", "stalk": "stalks", "piece": "pieces",
    "kg": "kg", "g": "g", "mg": "mg", "dag": "dag", "l": "l", "dl": "dl", "cl": "cl", "ml": "ml",
    "tsp": "tsp", "tbsp": "tbsp", "oz": "oz", "lb": "lb",
}  # fmt: skip
"""Units of measure, one and many."""
_SINGULAR = {word: one for one, many in _UNITS.items() for word in (one, many)}
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
_QUANTITY = re.compile(r"(?:(\d{1,15}) )?(\d)/([248])(?= )|(\d{1,15}(?:\.\d{1,15})?)(?= )")
_LINE = re.compile(r"(.*) \[(\d{1,9})\]")
_AISLE = re.compile(r"(.*) \(([^()]*)\)")


class RecipeFormat(Format):
    """Markdown with one recipe under each first-level heading."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a block."""
        units: list[Unit] = []
        begun = False
        for block in _blocks(text):
            unit = _unit(block)
            begun = begun or unit.kind in (*LEVELS, INGREDIENT, STEP)
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


def as_decimal(value: Value) -> Decimal:
    """A number, 0 where there is none."""
    return value if isinstance(value, Decimal) else Decimal(0)


# --- reading -----------------------------------------------------------------------------------


def _blocks(text: str) -> Iterator[str]:
    """Headings, list items, facts and paragraphs, each on one line."""
    block: list[str] = []
    for line in map(str.strip, text.splitlines()):
        starts = not line or _is_one_of(line, _HEADING, _BULLET, _STEP, _FACT)
        if block and (starts or _is_one_of(block[0], _HEADING, _FACT)):
            yield " ".join(block)
            block = []
        if line:
            block.append(line)
    if block:
        yield " ".join(block)


def _is_one_of(line: str, *patterns: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(line) for pattern in patterns)


def _unit(block: str) -> Unit:
    if heading := _HEADING.fullmatch(block):
        words = heading[2].split()
        closed = len(words) > 1 and not words[-1].strip("#")
        title = " ".join(words[:-1] if closed else words)
        return Unit(LEVELS[len(heading[1]) - 1], text=title, structural=True)
    if bullet := _BULLET.fullmatch(block):
        return _ingredient(" ".join(bullet[1].split()))
    if step := _STEP.fullmatch(block):
        text = " ".join(step[2].split())
        return Unit(STEP, {"number": Decimal(step[1])}, key="number", text=text)
    if fact := _FACT.fullmatch(block):
        fields: dict[str, Value] = {"label": fact[1], "amount": Decimal(fact[2])}
        return Unit(FACT, fields | ({"unit": fact[3]} if fact[3] else {}), structural=True)
    return Unit(NOTE, text=" ".join(block.split()))


def _ingredient(text: str) -> Unit:
    ending: dict[str, Value] = {}
    if numbered := _LINE.fullmatch(text):
        text, ending[LINE] = numbered[1], Decimal(numbered[2])
    if sorted_in := _AISLE.fullmatch(text):
        text, ending["aisle"] = sorted_in[1], sorted_in[2]
    fields, text = _measure(text)
    fields["name"], comma, preparation = text.partition(", ")
    if comma:
        fields["preparation"] = preparation
    return Unit(INGREDIENT, fields | ending, key=LINE if LINE in ending else None)


def _measure(text: str) -> tuple[dict[str, Value], str]:
    """The quantity and unit that an ingredient begins with, and the rest of it."""
    plain = text.translate(_VULGAR)
    found = _QUANTITY.match(plain)
    if found is None:
        return {}, text
    whole, over, under, decimal = found.groups()
    quantity = Decimal(decimal or whole or 0)
    if over:
        quantity += Decimal(over) / Decimal(under)
    text = plain[found.end() :].strip()
    word, _, rest = text.partition(" ")
    if rest and word in _SINGULAR:
        return {"quantity": quantity, "unit": _SINGULAR[word]}, rest
    return {"quantity": quantity}, text


# --- writing -----------------------------------------------------------------------------------


def _written(unit: Unit) -> str:
    match unit.kind:
        case kind if kind in LEVELS:
            return f"{'#' * (LEVELS.index(kind) + 1)} {unit.text}"
        case "fact":
            amount = programs.plain(as_decimal(unit.fields.get("amount")))
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


def _integer(value: Value, default: int) -> int:
    return int(value) if isinstance(value, Decimal) and value < 10**9 else default
