"""Families of puzzles, each with exactly one solution, a check by rules, and a floor."""

from collections.abc import Mapping

from worktrial.reasoning.puzzles.acrostic import Acrostic
from worktrial.reasoning.puzzles.cryptogram import Cryptogram
from worktrial.reasoning.puzzles.dropquote import DropQuote
from worktrial.reasoning.puzzles.puzzle import LEVELS, Cells, Family, Level, Puzzle, Step
from worktrial.reasoning.puzzles.sudoku import Sudoku

__all__ = ["FAMILIES", "LEVELS", "Cells", "Family", "Level", "Puzzle", "Step"]

FAMILIES: Mapping[str, Family] = {
    family.name: family for family in (Sudoku(), Cryptogram(), Acrostic(), DropQuote())
}
"""By name."""
