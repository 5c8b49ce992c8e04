"""Sudoku: every digit once in each row, column and box."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import isqrt
from random import Random
from typing import TYPE_CHECKING, ClassVar

from pydantic import JsonValue

from worktrial.reasoning.puzzles.floors import Floor, permuted, together
from worktrial.reasoning.puzzles.proof import solutions
from worktrial.reasoning.puzzles.puzzle import Cells, Family, Level, Puzzle

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar

Grid = list[list[int]]
"""Rows of digits; 0 is empty."""
_EMPTY: Mapping[Level, tuple[int, int]] = {"easy": (4, 10), "medium": (9, 40), "hard": (9, 51)}
"""Digits of a side, and how many squares are emptied, if so many can be."""


class Sudoku(Family):
    """Four or nine digits a side."""

    name: ClassVar[str] = "sudoku"
    cell: ClassVar[str] = "R2C3"

    def draw(self, id: str, level: Level, rng: Random) -> Puzzle:  # noqa: A002
        """Empty squares of a full grid in a random order, as long as one solution is left."""
        side, empty = _EMPTY[level]
        full = _full(side, rng)
        given = _emptied(full, empty, rng)
        return Puzzle(
            id=id,
            family=self.name,
            level=level,
            text=_RULES.format(side=side, box=isqrt(side), grid=_shown(given)),
            form=_FORM,
            data={"given": [list(row) for row in given]},
            solution={
                _name(r, c): str(full[r][c])
                for r, c in product(range(side), repeat=2)
                if not given[r][c]
            },
        )

    def count(self, puzzle: Puzzle) -> int:
        """By CP-SAT, from what is given."""
        return len(_solutions(_given(puzzle)))

    def read(self, puzzle: Puzzle, value: JsonValue) -> Cells | None:
        """A list of rows, each a list of digits."""
        side = len(_given(puzzle))
        if not isinstance(value, list) or len(value) != side:
            return None
        cells: Cells = {}
        for r, row in enumerate(value):
            if not isinstance(row, list) or len(row) != side:
                return None
            cells |= {_name(r, c): _digit(of) for c, of in enumerate(row) if _digit(of)}
        return cells

    def write(self, puzzle: Puzzle, cells: Mapping[str, str]) -> JsonValue:
        """What is given stays; a cell that is missing is 0."""
        given = _given(puzzle)
        return [
            [int(cells.get(_name(r, c), str(digit))) for c, digit in enumerate(row)]
            for r, row in enumerate(given)
        ]

    def holds(self, puzzle: Puzzle, cells: Mapping[str, str]) -> bool:
        """Every digit once in every row, column and box, and what was given as it was."""
        given = _given(puzzle)
        side = len(given)
        grid = [[cells.get(_name(r, c), "") for c in range(side)] for r in range(side)]
        kept = all(
            not digit or grid[r][c] == str(digit)
            for r, row in enumerate(given)
            for c, digit in enumerate(row)
        )
        every = {str(digit) for digit in range(1, side + 1)}
        return kept and all({grid[r][c] for r, c in group} == every for group in _groups(side))

    def guess(self, puzzle: Puzzle, rng: Random) -> Cells:
        """What each row lacks, in a random order."""
        cells: Cells = {}
        for r, row in enumerate(_given(puzzle)):
            lacking = [digit for digit in range(1, len(row) + 1) if digit not in row]
            rng.shuffle(lacking)
            empty = (c for c, digit in enumerate(row) if not digit)
            cells |= {_name(r, c): str(d) for c, d in zip(empty, lacking, strict=True)}
        return cells

    def floor(self, puzzle: Puzzle) -> Floor:
        """Rows are independent, each a random permutation."""
        return Floor.of(together([permuted(row.count(0)) for row in _given(puzzle)]))


def _full(side: int, rng: Random) -> Grid:
    """The regular grid with digits, rows and columns, bands and stacks in random orders."""
    box = isqrt(side)
    rows, columns = _shuffled(box, rng), _shuffled(box, rng)
    digits = rng.sample(range(1, side + 1), side)
    return [[digits[(box * (r % box) + r // box + c) % side] for c in columns] for r in rows]


def _shuffled(box: int, rng: Random) -> list[int]:
    return [
        box * band + line
        for band in rng.sample(range(box), box)
        for line in rng.sample(range(box), box)
    ]


def _emptied(full: Grid, empty: int, rng: Random) -> Grid:
    given = [list(row) for row in full]
    squares = list(product(range(len(full)), repeat=2))
    for r, c in rng.sample(squares, len(squares)):
        if sum(row.count(0) for row in given) == empty:
            break
        given[r][c] = 0
        if len(_solutions(given)) > 1:
            given[r][c] = full[r][c]
    return given


def _solutions(given: Grid) -> list[list[int]]:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    squares = _ruled(model, given)
    empty = [squares[r][c] for r, row in enumerate(given) for c, d in enumerate(row) if not d]
    return solutions(model, empty)


def _ruled(model: "CpModel", given: Grid) -> list[list["IntVar"]]:
    """The rules as a model."""
    side = len(given)
    squares = [[model.new_int_var(d or 1, d or side, "") for d in row] for row in given]
    for group in _groups(side):
        model.add_all_different([squares[r][c] for r, c in group])
    return squares


def _groups(side: int) -> Iterator[list[tuple[int, int]]]:
    """The squares of every row, column and box."""
    box = isqrt(side)
    for line in range(side):
        yield [(line, c) for c in range(side)]
        yield [(r, line) for r in range(side)]
        top, left = box * (line // box), box * (line % box)
        yield [(top + n // box, left + n % box) for n in range(side)]


def _given(puzzle: Puzzle) -> Grid:
    given: Grid = puzzle.data["given"]
    return given


def _name(row: int, column: int) -> str:
    return f"R{row + 1}C{column + 1}"


def _digit(value: JsonValue) -> str:
    """One digit, as a number or a string; else nothing."""
    text = str(value).strip() if isinstance(value, int | str) else ""
    return text if len(text) == 1 and text in "123456789" else ""


def _shown(given: Sequence[Sequence[int]]) -> str:
    return "\n".join(" ".join(str(digit or ".") for digit in row) for row in given)


_RULES = """\
Fill in the {side} by {side} grid. Every digit from 1 to {side} stands exactly once in each row, in each column and in each {box} by {box} box. \
Digits that are given stay as they are; a dot is an empty square. R2C3 is the square in row 2 and column 3.

{grid}"""  # noqa: E501
_FORM = "a list of rows, each a list of digits, such as [[1, 2], [2, 1]]"
