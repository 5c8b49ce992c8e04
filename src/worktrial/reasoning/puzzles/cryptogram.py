"""Cryptogram: a sentence in which every letter stands for another."""

from collections.abc import Callable, Mapping, Sequence
from operator import eq
from random import Random
from string import ascii_uppercase
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from pydantic import JsonValue

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import bank as banks
from worktrial.reasoning.puzzles.floors import Floor, sure
from worktrial.reasoning.puzzles.proof import solutions
from worktrial.reasoning.puzzles.puzzle import Cells, Family, Level, Puzzle
from worktrial.reasoning.puzzles.sentences import decoys, sentence

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel


class _Size(NamedTuple):
    words: int
    given: int
    """Letters of the code that are told."""
    decoys: int
    """For each word of the sentence, if there are so many."""


_SIZES: Mapping[Level, _Size] = {
    "easy": _Size(words=6, given=3, decoys=4),
    "medium": _Size(words=9, given=0, decoys=6),
    "hard": _Size(words=13, given=0, decoys=8),
}


class Cryptogram(Family):
    """A cell is a letter of the code, and its value the letter that it stands for."""

    name: ClassVar[str] = "cryptogram"
    cell: ClassVar[str] = "Q"

    def draw(self, id: str, level: Level, rng: Random) -> Puzzle:  # noqa: A002
        """Draw sentences in code until the bank's words tell one from all others."""
        size, bank = _SIZES[level], None
        while bank is None:
            words = sentence(size.words, rng)
            code, key = _coded(words, rng)
            given = {cell: key[cell] for cell in sorted(rng.sample(sorted(key), size.given))}
            false = decoys(words, size.decoys, _alike, rng)
            bank = banks.narrowed(words, false, _rivals(code, given, key))
        data = {"code": code, "given": given, "bank": bank}
        return Puzzle(
            id=id,
            family=self.name,
            level=level,
            text=_text(code, given, bank),
            form=_FORM,
            data=data,
            solution={cell: key[cell] for cell in sorted(key) if cell not in given},
        )

    def count(self, puzzle: Puzzle) -> int:
        """By CP-SAT, from the code, the letters that are given, and the bank."""
        model, letters = _ruled(**puzzle.data)
        return len(solutions(model, list(letters.values())))

    def read(self, puzzle: Puzzle, value: JsonValue) -> Cells | None:
        """An object from letters of the code to letters."""
        if not isinstance(value, dict):
            return None
        cells = {banks.letter(cell): banks.letter(of) for cell, of in value.items()}
        return {cell: cells[cell] for cell in _cells(puzzle) if cells.get(cell)}

    def write(self, puzzle: Puzzle, cells: Mapping[str, str]) -> JsonValue:
        """What is given need not be written."""
        return {cell: cells[cell] for cell in _cells(puzzle) if cell in cells}

    def holds(self, puzzle: Puzzle, cells: Mapping[str, str]) -> bool:
        """Words of the bank in every place, no letter twice, none for itself, and what is given."""
        given, code = puzzle.data["given"], puzzle.data["code"]
        all_cells = _cells(puzzle)
        key = {**given, **{cell: cells[cell] for cell in all_cells if cell in cells}}
        return (
            all(key[cell] == of for cell, of in given.items())
            and len(set(key.values())) == len(all_cells)
            and all(cell != of for cell, of in key.items())
            and banks.kept(key, banks.options(code, puzzle.data["bank"]))
        )

    def guess(self, puzzle: Puzzle, rng: Random) -> Cells:
        """For each cell what most words of the bank would have there; without chance."""
        found = banks.likeliest(banks.options(puzzle.data["code"], puzzle.data["bank"]))
        return {cell: found[cell] for cell in puzzle.solution}

    def floor(self, puzzle: Puzzle) -> Floor:
        """The one guess's."""
        guess = self.guess(puzzle, stream(0))
        right = sum(guess[cell] == of for cell, of in puzzle.solution.items())
        return Floor.of(sure(right, len(puzzle.solution)))


def _coded(words: Sequence[str], rng: Random) -> tuple[list[str], Cells]:
    """Words in code, and what each letter of the code that occurs stands for."""
    code = dict(zip(ascii_uppercase, _deranged(ascii_uppercase, rng), strict=True))
    places = ["".join(code[letter] for letter in word) for word in words]
    return places, {code[letter]: letter for letter in sorted({*"".join(words)})}


def _deranged(values: str, rng: Random) -> list[str]:
    """In a random order that leaves nothing in its place: one shuffle in e is such."""
    while any(map(eq, values, order := rng.sample(values, len(values)))):
        pass
    return order


def _alike(word: str, decoy: str) -> bool:
    """Whether letters come again in the same places."""
    return [word.index(letter) for letter in word] == [decoy.index(letter) for letter in decoy]


def _rivals(
    code: Sequence[str], given: Mapping[str, str], key: Mapping[str, str]
) -> Callable[[list[str]], list[str]]:
    """What finds the words of another message that the code could be."""

    def found(bank: list[str]) -> list[str]:
        cells = banks.other(*_ruled(code, given, bank), key)
        return [banks.spelling(cells, place) for place in code] if cells else []

    return found


def _ruled(
    code: Sequence[str], given: Mapping[str, str], bank: Sequence[str]
) -> tuple["CpModel", banks.Letters]:
    """The rules as a model."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    letters = banks.spelled(model, banks.options(code, bank))
    model.add_all_different(letters.values())
    for cell, letter in letters.items():
        model.add(letter != banks.number(cell))
    for cell, of in given.items():
        model.add(letters[cell] == banks.number(of))
    return model, letters


def _cells(puzzle: Puzzle) -> list[str]:
    return sorted({*"".join(puzzle.data["code"])})


def _text(code: Sequence[str], given: Mapping[str, str], bank: Sequence[str]) -> str:
    told = "".join(f"\n{cell} stands for {of}." for cell, of in given.items())
    return _RULES.format(code=" ".join(code), given=told, bank=banks.shown(bank))


_RULES = """\
Decipher the message. Each of its letters stands for one letter, the same everywhere; no two stand for the same, and none for itself. \
Every word of the message is a word of the bank; a word of the bank can occur more than once or not at all. Just one message is possible.{given}

Message:
{code}

Bank:
{bank}"""  # noqa: E501
_FORM = (
    "an object from each letter of the message that is not given to the letter that it stands for, "
    'such as {"Q": "E", "X": "T"}'
)
