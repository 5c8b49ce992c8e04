"""Sudoku: one grid by hand, and a second solver that knows nothing of the first."""

from itertools import combinations, product

import pytest
from pysat.solvers import Cadical153

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import FAMILIES, LEVELS, Level, Puzzle
from worktrial.reasoning.puzzles.floors import Floor, permuted, sure, together

SUDOKU = FAMILIES["sudoku"]


def solutions(puzzle: Puzzle) -> int:
    """Counted up to two by a SAT solver: a variable a square and digit."""
    given = puzzle.data["given"]
    side = len(given)
    box = 2 if side == 4 else 3
    squares = list(product(range(side), repeat=2))

    def var(r: int, c: int, digit: int) -> int:
        return (r * side + c) * side + digit + 1

    groups = [[(r, c) for c in range(side)] for r in range(side)]
    groups += [[(r, c) for r in range(side)] for c in range(side)]
    groups += [
        [(r, c) for r, c in squares if (r // box, c // box) == (top, left)]
        for top, left in product(range(side // box), repeat=2)
    ]
    with Cadical153() as solver:
        for r, c in squares:
            solver.add_clause([var(r, c, d) for d in range(side)])
            for one, other in combinations(range(side), 2):
                solver.add_clause([-var(r, c, one), -var(r, c, other)])
            if given[r][c]:
                solver.add_clause([var(r, c, given[r][c] - 1)])
        for group, digit in product(groups, range(side)):
            for (r, c), (s, t) in combinations(group, 2):
                solver.add_clause([-var(r, c, digit), -var(s, t, digit)])
        found = 0
        while found < 2 and solver.solve():
            found += 1
            solver.add_clause([-of for of in solver.get_model() if of > 0])
    return found


@pytest.mark.parametrize("level", LEVELS)
def test_another_solver_finds_one_solution(level: Level) -> None:
    for n in range(10):
        puzzle = SUDOKU.draw("one", level, stream(11, "sudoku", level, n))
        assert solutions(puzzle) == 1
        cell = next(iter(puzzle.solution))
        emptied = [list(row) for row in puzzle.data["given"]]
        assert sum(row.count(0) for row in emptied) == len(puzzle.solution)
        assert cell.startswith("R")


def test_a_grid_that_has_two_solutions_is_told() -> None:
    # Only the corners of a rectangle are open, and both ways of filling them keep every rule.
    grid = [[1, 2, 3, 4], [3, 4, 1, 2], [2, 1, 4, 3], [4, 3, 2, 1]]
    for r, c in ((0, 0), (0, 1), (2, 0), (2, 1)):
        grid[r][c] = 0
    puzzle = Puzzle(
        id="two", family="sudoku", level="easy", text="", form="",
        data={"given": grid}, solution={"R1C1": "1"},
    )  # fmt: skip
    assert SUDOKU.count(puzzle) == solutions(puzzle) == 2


def test_floors_by_hand() -> None:
    # Three values in a random order: 2 of 6 put none right, 3 one, none two, 1 all.
    assert permuted(3).tolist() == pytest.approx([2 / 6, 3 / 6, 0, 1 / 6])
    assert permuted(1).tolist() == [0, 1]
    both = together([permuted(2), sure(1, 1)])
    assert both.tolist() == pytest.approx([0, 0.5, 0, 0.5])
    assert Floor.of(both) == Floor(parts=pytest.approx(2 / 3), half=0.5, solved=0.5)
