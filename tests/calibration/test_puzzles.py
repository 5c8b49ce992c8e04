"""A thousand puzzles of every family: one solution by a second solver, and a check that is right.

A quarter of an hour of one core.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import FAMILIES, LEVELS, Puzzle

pytestmark = pytest.mark.slow
MANY = 1000


def counter(name: str) -> Callable[[Puzzle], int]:
    """How the family's own tests count solutions, without the solver that drew them."""
    tests = import_module(f"test_{name}")
    if name in ("crossword", "logic"):
        return lambda puzzle: len(tests.by_text(puzzle.text))
    if name == "calculation":
        return lambda p: int(str(tests.value(p.text.rsplit("\n", 1)[1])) == p.solution["result"])
    if name == "sudoku":
        return lambda puzzle: int(tests.solutions(puzzle))
    return lambda puzzle: len(tests.second(puzzle).solutions(2))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_thousand_have_one_solution_each(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    family = FAMILIES[name]
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parents[1] / "reasoning"), *sys.path])
    solutions = counter(name)
    corrupted = import_module("test_puzzle_families").corrupted
    wrong = []
    for n in range(MANY):
        level = LEVELS[n % len(LEVELS)]
        puzzle = family.draw(f"{name}-{n}", level, stream(2026, "thousand", name, n))
        if family.count(puzzle) != 1 or solutions(puzzle) != 1:
            wrong.append(puzzle.id)
        given = family.read(puzzle, family.write(puzzle, puzzle.solution)) or {}
        assert family.holds(puzzle, given), puzzle.id
        for cells in corrupted(family, puzzle):
            assert not family.holds(puzzle, {**given, **cells}), puzzle.id
    print(f"{name}: {MANY - len(wrong)} of {MANY} have one solution by both solvers")
    assert wrong == []
