"""Families of puzzles, each with exactly one solution, a check by rules, and a floor."""

from collections.abc import Mapping
from difflib import get_close_matches

from worktrial.errors import ConfigError
from worktrial.reasoning.puzzles.acrostic import Acrostic
from worktrial.reasoning.puzzles.calculation import Calculation
from worktrial.reasoning.puzzles.crossword import Crossword
from worktrial.reasoning.puzzles.cryptogram import Cryptogram
from worktrial.reasoning.puzzles.dropquote import DropQuote
from worktrial.reasoning.puzzles.gym import PREFIX, data_set
from worktrial.reasoning.puzzles.logic import Logic
from worktrial.reasoning.puzzles.puzzle import LEVELS, Cells, Family, Level, Puzzle, Step
from worktrial.reasoning.puzzles.sudoku import Sudoku

__all__ = ["FAMILIES", "LEVELS", "Cells", "Family", "Level", "Puzzle", "Step", "family_of"]

FAMILIES: Mapping[str, Family] = {
    family.name: family
    for family in (
        Crossword(),
        Acrostic(),
        Logic(),
        Cryptogram(),
        Sudoku(),
        DropQuote(),
        Calculation(),
    )
}
"""By name."""


def family_of(name: str) -> Family:
    """A family of ours, or a data set of reasoning-gym as `gym:chain_sum`.

    Raises:
        ConfigError: If there is none of that name, or the data set cannot be used.
    """
    if name.startswith(PREFIX):
        return data_set(name)
    if name in FAMILIES:
        return FAMILIES[name]
    near = get_close_matches(name, FAMILIES, n=3, cutoff=0.5) or sorted(FAMILIES)
    hint = ", ".join(f"`{one}`" for one in near)
    raise ConfigError(f"no puzzles are called `{name}`; write {hint} or `{PREFIX}NAME`")
