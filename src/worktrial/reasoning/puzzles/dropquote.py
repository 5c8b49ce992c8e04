"""Drop quote: a sentence in rows, of which each column's letters are told and not their order."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from pydantic import JsonValue

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import bank as banks
from worktrial.reasoning.puzzles.floors import Floor, sure
from worktrial.reasoning.puzzles.proof import solutions
from worktrial.reasoning.puzzles.puzzle import Cells, Family, Level, Puzzle
from worktrial.reasoning.puzzles.sentences import decoys, sentence

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar

_SQUARE, _FIXED = "_", "#"
"""A square for a letter, and one that stays as it is."""


class _Size(NamedTuple):
    words: int
    width: int
    """Squares of a row, fixed ones among them; no word is longer. Narrow grids are harder, since
    more words fit columns that have more letters."""
    decoys: int
    """For each word of the sentence, if there are so many."""


_SIZES: Mapping[Level, _Size] = {
    "easy": _Size(words=5, width=8, decoys=6),
    "medium": _Size(words=10, width=9, decoys=8),
    "hard": _Size(words=14, width=11, decoys=10),
}


class DropQuote(Family):
    """A cell is a square for a letter; words never run on into the next row."""

    name: ClassVar[str] = "dropquote"
    cell: ClassVar[str] = "R2C3"

    def draw(self, id: str, level: Level, rng: Random) -> Puzzle:  # noqa: A002
        """Draw sentences until no other fits the same columns."""
        size, bank = _SIZES[level], None
        while bank is None:
            words = sentence(size.words, rng)
            rows, truth = _laid(words, size.width, rng)
            columns = _columns(rows, truth)
            if _interchangeable(rows, truth):
                continue
            false = decoys(words, size.decoys, _fitting(rows, columns), rng)
            bank = banks.narrowed(words, false, _rivals(rows, columns, truth))
        return Puzzle(
            id=id,
            family=self.name,
            level=level,
            text=_text(rows, columns, bank),
            form=_FORM,
            data={"rows": rows, "columns": columns, "bank": bank},
            solution=truth,
        )

    def count(self, puzzle: Puzzle) -> int:
        """By CP-SAT, from the grid, the columns' letters and the bank."""
        model, letters = _ruled(**puzzle.data)
        return len(solutions(model, list(letters.values())))

    def read(self, puzzle: Puzzle, value: JsonValue) -> Cells | None:
        """A list of rows, each a list of letters; what is written on fixed squares is no cell."""
        rows = puzzle.data["rows"]
        if not isinstance(value, list) or len(value) != len(rows):
            return None
        cells: Cells = {}
        for r, row in enumerate(value):
            if not isinstance(row, list) or len(row) != len(rows[r]):
                return None
            cells |= {_name(r, c): banks.letter(of) for c, of in enumerate(row)}
        return {cell: cells[cell] for cell in puzzle.solution if cells[cell]}

    def write(self, puzzle: Puzzle, cells: Mapping[str, str]) -> JsonValue:
        """Fixed squares as they are; a cell that is missing is empty."""
        return [
            [_FIXED if of == _FIXED else cells.get(_name(r, c), "") for c, of in enumerate(row)]
            for r, row in enumerate(puzzle.data["rows"])
        ]

    def holds(self, puzzle: Puzzle, cells: Mapping[str, str]) -> bool:
        """Words of the bank in every place, and in every column its letters."""
        rows, columns, bank = (puzzle.data[of] for of in ("rows", "columns", "bank"))
        whole = all(cell in cells for place in _places(rows) for cell in place)
        return (
            whole
            and _columns(rows, cells) == columns
            and banks.kept(cells, banks.options(_places(rows), bank))
        )

    def guess(self, puzzle: Puzzle, rng: Random) -> Cells:
        """Of the column's letters the one that most words of the bank have there, by length."""
        rows, columns, bank = (puzzle.data[of] for of in ("rows", "columns", "bank"))
        among = {
            cell: letters
            for cells, letters in zip(_down(rows), columns, strict=True)
            for cell in cells
        }
        return banks.likeliest(banks.options(_places(rows), bank), among)

    def floor(self, puzzle: Puzzle) -> Floor:
        """Without chance."""
        found = self.guess(puzzle, stream(0))
        right = sum(found[cell] == value for cell, value in puzzle.solution.items())
        return Floor.of(sure(right, len(puzzle.solution)))


def _laid(words: Sequence[str], width: int, rng: Random) -> tuple[list[str], Cells]:
    """Rows of squares, as many words in each as it has room for, and the letters in them.

    A row begins with as many fixed squares as chance will have, or first words of equal length
    could change places.
    """
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += _FIXED + word
        else:
            lines.append(word)
    full = [
        (rng.randint(0, width - len(line)) * _FIXED + line).ljust(width, _FIXED) for line in lines
    ]
    rows = [re.sub("[A-Z]", _SQUARE, line) for line in full]
    letters = "".join(words)
    return rows, dict(zip(chain.from_iterable(_places(rows)), letters, strict=True))


def _places(rows: Sequence[str]) -> list[list[str]]:
    """The squares of every word."""
    return [[_name(r, c) for c in range(start, end)] for r, start, end in _runs(rows)]


def _runs(rows: Sequence[str]) -> list[tuple[int, int, int]]:
    """The row of every word, its first column, and the one after its last."""
    return [
        (r, *run.span()) for r, row in enumerate(rows) for run in re.finditer(f"{_SQUARE}+", row)
    ]


def _interchangeable(rows: Sequence[str], truth: Mapping[str, str]) -> bool:
    """Whether two words are in the same columns: this is why most sentences have a rival."""
    words = (banks.spelling(truth, place) for place in _places(rows))
    stand = {(start, end, word) for (_, start, end), word in zip(_runs(rows), words, strict=True)}
    return len({(start, end) for start, end, _ in stand}) < len(stand)


def _columns(rows: Sequence[str], cells: Mapping[str, str]) -> list[str]:
    """The letters of every column, in alphabetical order."""
    return ["".join(sorted(cells[cell] for cell in column)) for column in _down(rows)]


def _down(rows: Sequence[str]) -> list[list[str]]:
    """The squares of every column."""
    return [
        [_name(r, c) for r, square in enumerate(column) if square == _SQUARE]
        for c, column in enumerate(zip(*rows, strict=True))
    ]


def _fitting(rows: Sequence[str], columns: Sequence[str]) -> Callable[[str, str], int]:
    """How many of a decoy's letters are in the columns of a place, where there are most."""
    places = [columns[start:end] for _, start, end in _runs(rows)]

    def near(word: str, decoy: str) -> int:
        return max(
            sum(letter in column for letter, column in zip(decoy, place, strict=True))
            for place in places
            if len(place) == len(word)
        )

    return near


def _rivals(
    rows: Sequence[str], columns: Sequence[str], truth: Mapping[str, str]
) -> Callable[[list[str]], list[str]]:
    """What finds the words of another sentence with the same columns."""

    def found(bank: list[str]) -> list[str]:
        cells = banks.other(*_ruled(rows, columns, bank), truth)
        return [banks.spelling(cells, place) for place in _places(rows)] if cells else []

    return found


def _ruled(
    rows: Sequence[str], columns: Sequence[str], bank: Sequence[str]
) -> tuple["CpModel", banks.Letters]:
    """The rules as a model."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    letters = banks.spelled(model, banks.options(_places(rows), bank))
    for cells, of in zip(_down(rows), columns, strict=True):
        _dropped(model, [letters[cell] for cell in cells], of)
    return model, letters


def _dropped(model: "CpModel", cells: Sequence["IntVar"], column: str) -> None:
    """Each cell is one of the column's letters, and each letter so many of the cells."""
    stands = [{letter: model.new_bool_var("") for letter in sorted({*column})} for _ in cells]
    for cell, by in zip(cells, stands, strict=True):
        model.add_exactly_one(by.values())
        for letter, here in by.items():
            model.add(cell == banks.number(letter)).only_enforce_if(here)
    for letter in {*column}:
        model.add(sum(by[letter] for by in stands) == column.count(letter))


def _name(row: int, column: int) -> str:
    return f"R{row + 1}C{column + 1}"


def _text(rows: Sequence[str], columns: Sequence[str], bank: Sequence[str]) -> str:
    return _RULES.format(
        grid="\n".join(" ".join(row) for row in rows),
        columns="\n".join(f"C{c}: {' '.join(of)}" for c, of in enumerate(columns, 1) if of),
        bank=banks.shown(bank),
    )


_RULES = """\
Put the letters of every column back into the grid. What is then read, row by row from left to right, is a sentence; \
a # parts words or fills up a row and stays as it is, and no word runs on into the next row. Of each column the letters are told, in alphabetical order: \
each belongs into one of the column's empty squares, which are shown as _. R2C3 is the square in row 2 and column 3. \
Every word of the sentence is a word of the bank; a word of the bank can occur more than once or not at all. Just one sentence is possible.

Grid:
{grid}

Columns:
{columns}

Bank:
{bank}"""  # noqa: E501
_FORM = (
    "a list of rows, each a list with one string for each square, a # where there is one, "
    'such as [["O", "N", "#"], ["#", "B", "E"]]'
)
