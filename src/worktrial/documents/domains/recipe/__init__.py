"""Recipes in Markdown: the cards of a kitchen, one after the other in a file.

A unit is a block: a heading, a fact on a line of its own (`Serves: 4`), an ingredient (a bullet), a
step (a numbered line), or a note (any other paragraph). An ingredient such as
`250 g red lentils, rinsed (dry goods)` is a quantity, a unit of measure, a name, a preparation and
the aisle; a trailing `[7]` is its number while an edit keeps its place.

What counts: quantities and amounts as exact numbers, units of measure, every word, the numbers of
steps, the level of headings, and the order of it all.

Meaningless: the bullet sign, `1.` or `1)`, `1/2` or `0.5`, `clove` or `cloves`, bold labels, a
closing `#`, line breaks inside a paragraph and blank lines.

Limits: only halves, quarters and eighths are read as fractions, and only the listed units of
measure are told from names; anything else is part of the name. Lists are flat. What stands before
the first heading, ingredient or step is opaque. Edits scale quantities, never the numbers in the
wording of steps.
"""

import re
from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents.domain import Domain
from worktrial.documents.domains.recipe import fresh
from worktrial.documents.domains.recipe.edits import PLANNERS
from worktrial.documents.domains.recipe.format import FACT, INGREDIENT, MARKDOWN, STEP
from worktrial.documents.domains.recipe.verbs import VERBS
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.table import CSV
from worktrial.documents.unit import Files


class Recipe(Domain):
    """Recipe cards of a kitchen, one after the other in a Markdown file."""

    name = "recipe"
    category = "everyday"
    formats: ClassVar = {".md": MARKDOWN, ".csv": CSV}
    clips: ClassVar = {FACT: 0.7, INGREDIENT: 0.65, STEP: 0.6}
    verbs: ClassVar[Sequence[Verb]] = VERBS
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.13

    def generate(self, rng: Random, size: int) -> Files:
        """Recipes of a few hundred tokens each."""
        return {"recipes.md": MARKDOWN.render(fresh.recipes(rng, size))}

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
        return {"test-kitchen.md": recipes, "pantry.csv": fresh.pantry(rng, size // 2)}


DOMAIN = Recipe()
