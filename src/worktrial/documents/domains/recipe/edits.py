"""The edits of recipes: when each fits, what is asked and what restores."""

from itertools import count
from random import Random

from worktrial.documents import programs
from worktrial.documents.domains.recipe import verbs
from worktrial.documents.domains.recipe.format import (
    AISLE,
    FACT,
    INGREDIENT,
    LINE,
    RECIPE,
    SECTION,
    STEP,
)
from worktrial.documents.edits import Edit, Planner, Step, compose, edit, sayable
from worktrial.documents.edits import content as units_of_kind
from worktrial.documents.unit import Document

_MEASURES = (
    ("g", "kg", "1000", verbs.COARSER, verbs.FINER),
    ("g", "dag", "10", verbs.COARSER, verbs.FINER),
    ("ml", "l", "1000", verbs.COARSER, verbs.FINER),
    ("ml", "cl", "10", verbs.COARSER, verbs.FINER),
    ("tbsp", "tsp", "3", verbs.FINER, verbs.COARSER),
)
"""Units of measure, the exact factor between them, and the verbs there and back."""
_HEADINGS = {"Ingredients": "You will need", "Method": "Directions", "Notes": "Good to know"}
_IN_PLACE: tuple[Step, ...] = (verbs.BY_LINE(), verbs.DROP())


def _unnumbered(document: Document) -> bool:
    """Whether there are ingredients, none of them numbered."""
    found = units_of_kind(document, INGREDIENT)
    return bool(found) and not any(LINE in u.fields for u in found)


def _sections(document: Document) -> set[str]:
    return {u.text for u in units_of_kind(document, SECTION)}


def sort_ingredients(document: Document, _: Random) -> Edit | None:
    """Ingredients by name; their numbers ride along."""
    if not _unnumbered(document):
        return None
    return edit("sort_ingredients", "sort", [verbs.NUMBER(), verbs.BY_NAME()], _IN_PLACE)


def sort_steps(document: Document, _: Random) -> Edit | None:
    """Steps by wording, if their numbers say where they belong."""
    if verbs.order(document, kind=STEP, by="number") != document:
        return None
    if verbs.order(document, kind=STEP, by="text") == document:
        return None
    return edit("sort_steps", "sort", [verbs.STEPS_BY_TEXT()], [verbs.STEPS_BY_NUMBER()])


def measure(document: Document, rng: Random) -> Edit | None:
    """One unit of measure in another that the recipes do not use."""
    used = set(programs.text_values(units_of_kind(document, INGREDIENT), "unit"))
    fitting = [m for m in _MEASURES if m[0] in used and m[1] not in used]
    if not fitting:
        return None
    old, new, factor, there, back = rng.choice(fitting)
    forward, backward = (
        there(old=old, new=new, factor=factor),
        back(old=new, new=old, factor=factor),
    )
    return edit("measure", "scale", [forward], [backward])


def servings(document: Document, rng: Random) -> Edit | None:
    """Twice, three or five times as much, or by the dozen."""
    if "Serves" not in programs.values(units_of_kind(document, FACT), "label"):
        return None
    words = {"label": "Serves", "factor": rng.choice(("2", "3", "5", "12"))}
    return edit("servings", "scale", [verbs.SCALE_UP(**words)], [verbs.SCALE_DOWN(**words)])


def group_by_aisle(document: Document, _: Random) -> Edit | None:
    """Ingredients under headings by aisle; their numbers ride along."""
    found = units_of_kind(document, INGREDIENT)
    shelved = units_of_kind(document, AISLE)
    if not _unnumbered(document) or shelved or any("aisle" not in u.fields for u in found):
        return None
    forward = [verbs.NUMBER(), verbs.BY_AISLE()]
    return edit("group_by_aisle", "regroup", forward, [verbs.FROM_AISLE(), *_IN_PLACE])


def shopping_list(document: Document, _: Random) -> Edit | None:
    """What to buy in a file of its own, by number."""
    if not _unnumbered(document):
        return None
    target = "shopping.csv"
    forward = [verbs.NUMBER(), verbs.SHOP(target=target)]
    return edit("shopping_list", "extract", forward, [verbs.UNSHOP(target=target), verbs.DROP()])


def table_of_ingredients(document: Document, _: Random) -> Edit | None:
    """All ingredients as CSV, if every title stands for one recipe."""
    titles = [u.text for u in units_of_kind(document, RECIPE)]
    lists = [u for u in units_of_kind(document, SECTION) if u.text == "Ingredients"]
    if not titles or len(set(titles)) < len(titles) or len(lists) != len(titles):
        return None
    target = "ingredients.csv"
    backward = verbs.UNTABULATE(section="Ingredients", target=target)
    return edit("table_of_ingredients", "convert", [verbs.TABULATE(target=target)], [backward])


def notes_first(document: Document, _: Random) -> Edit | None:
    """The notes before the ingredients, where they stand last now."""
    if "Notes" not in _sections(document) or verbs.move(document, section="Notes") != document:
        return None
    forward = verbs.MOVE_BEFORE(section="Notes", before="Ingredients")
    return edit("notes_first", "move", [forward], [verbs.MOVE_LAST(section="Notes")])


def rename_sections(document: Document, _: Random) -> Edit | None:
    """Other words over the sections."""
    present = _sections(document)
    names = {old: new for old, new in _HEADINGS.items() if old in present}
    if not names or set(names.values()) & present:
        return None
    forward, backward = verbs.RETITLE(names=names), verbs.RETITLE(names=programs.inverse(names))
    return edit("rename_sections", "rename", [forward], [backward])


def code_names(document: Document, rng: Random) -> Edit | None:
    """Kitchen codes for some of the ingredients."""
    names = programs.text_values(units_of_kind(document, INGREDIENT), "name")
    sayable_names = [n for n in names if n and sayable(n)]
    chosen = rng.sample(sayable_names, min(12, len(sayable_names)))
    legend = {name: f"K{at:02d}" for at, name in zip(count(1), sorted(chosen))}
    if not legend or set(names) & set(legend.values()):
        return None
    forward, backward = verbs.CODE(legend=legend), verbs.CODE(legend=programs.inverse(legend))
    return edit("code_names", "substitute", [forward], [backward])


def spread_numbers(document: Document, _: Random) -> Edit | None:
    """Steps numbered in tens."""
    if not units_of_kind(document, STEP):
        return None
    forward, backward = verbs.MULTIPLY_STEPS(factor="10"), verbs.DIVIDE_STEPS(factor="10")
    return edit("spread_numbers", "renumber", [forward], [backward])


PLANNERS: tuple[Planner, ...] = (
    sort_ingredients, sort_steps, measure, servings, group_by_aisle, shopping_list,
    table_of_ingredients, notes_first, rename_sections, code_names, spread_numbers,
    compose("canteen", servings, sort_ingredients, rename_sections),
    compose("shopping_trip", servings, notes_first, shopping_list),
    compose("kitchen_cards", code_names, spread_numbers, group_by_aisle),
)  # fmt: skip
