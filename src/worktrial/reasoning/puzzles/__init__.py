"""Families of puzzles, each with exactly one solution, a check by rules, and a floor."""

from collections.abc import Mapping

from worktrial.reasoning.puzzles.crossword import Crossword
from worktrial.reasoning.puzzles.logic import Logic
from worktrial.reasoning.puzzles.puzzle import LEVELS, Cells, Family, Level, Puzzle, Step
from worktrial.reasoning.puzzles.sudoku import Sudoku

__all__ = ["FAMILIES", "LEVELS", "Cells", "Family", "Level", "Puzzle", "Step"]

FAMILIES: Mapping[str, Family] = {
    family.name: family for family in (Sudoku(), Logic(), Crossword())
}
"""By name."""
