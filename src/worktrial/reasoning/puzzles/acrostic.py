"""Acrostic: words to be found from some of their letters; their squares are a sentence's."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from math import ceil
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import JsonValue

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import bank as banks
from worktrial.reasoning.puzzles.floors import Floor, sure
from worktrial.reasoning.puzzles.proof import solutions
from worktrial.reasoning.puzzles.puzzle import Cells, Family, Level, Puzzle
from worktrial.reasoning.puzzles.sentences import WORDS, decoys, sentence

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel

Clue = dict[str, Any]
"""A word's squares in `numbers`, and in `letters` some of its letters in alphabetical order."""


class _Size(NamedTuple):
    words: int
    told: float
    """Share of a clue word's letters that are told at first; more are where they must be."""
    decoys: int
    """For each word, if there are so many."""


_SIZES: Mapping[Level, _Size] = {
    "easy": _Size(words=5, told=1.0, decoys=4),
    "medium": _Size(words=10, told=0.5, decoys=4),
    "hard": _Size(words=18, told=0.2, decoys=4),
}
_SHORTEST = 4
"""Letters of a clue word."""


class Acrostic(Family):
    """A cell is the number of one of the sentence's squares, from 1 on."""

    name: ClassVar[str] = "acrostic"
    cell: ClassVar[str] = "12"

    def draw(self, id: str, level: Level, rng: Random) -> Puzzle:  # noqa: A002
        """Tell letters, and take away decoys, until there is one solution."""
        size, bank = _SIZES[level], None
        while bank is None:
            words = sentence(size.words, rng)
            lengths = [len(word) for word in words]
            truth = {str(n): letter for n, letter in enumerate("".join(words), 1)}
            clues = [_clue(word, of, size.told, rng) for word, of in _hidden(words, rng)]
            real = [*words, *(banks.spelling(truth, _place(clue)) for clue in clues)]
            false = decoys(real, size.decoys, _alike, rng)
            bank = banks.narrowed(real, false, _rivals(lengths, clues, truth, rng))
        return Puzzle(
            id=id,
            family=self.name,
            level=level,
            text=_text(lengths, clues, bank),
            form=_FORM,
            data={"lengths": lengths, "clues": clues, "bank": bank},
            solution=truth,
        )

    def count(self, puzzle: Puzzle) -> int:
        """By CP-SAT, from the clues, the lengths and the bank."""
        model, letters = _ruled(**puzzle.data)
        return len(solutions(model, list(letters.values())))

    def read(self, puzzle: Puzzle, value: JsonValue) -> Cells | None:
        """An object from numbers to letters."""
        if not isinstance(value, dict):
            return None
        cells = {cell.strip(): banks.letter(of) for cell, of in value.items()}
        return {cell: cells[cell] for cell in puzzle.solution if cells.get(cell)}

    def write(self, puzzle: Puzzle, cells: Mapping[str, str]) -> JsonValue:
        """Numbers in their order."""
        return {cell: cells[cell] for cell in puzzle.solution if cell in cells}

    def holds(self, puzzle: Puzzle, cells: Mapping[str, str]) -> bool:
        """Words of the bank in the sentence and under every clue, which have the clues' letters."""
        return banks.kept(cells, _options(**puzzle.data))

    def guess(self, puzzle: Puzzle, rng: Random) -> Cells:
        """For each cell what most words of the bank would have there; without chance."""
        lengths, clues = puzzle.data["lengths"], puzzle.data["clues"]
        places = [*_places(lengths), *map(_place, clues)]
        return banks.likeliest(banks.options(places, puzzle.data["bank"]))

    def floor(self, puzzle: Puzzle) -> Floor:
        """The one guess's."""
        guess = self.guess(puzzle, stream(0))
        right = sum(guess[cell] == of for cell, of in puzzle.solution.items())
        return Floor.of(sure(right, len(puzzle.solution)))


def _hidden(words: Sequence[str], rng: Random) -> Iterator[tuple[str, list[int]]]:
    """Other words out of the sentence's letters, each used once, and their numbers there."""
    free: dict[str, list[int]] = {}
    for n, letter in enumerate("".join(words), 1):
        free.setdefault(letter, []).append(n)
    for word in rng.sample(WORDS, len(WORDS)):
        counts = Counter(word)
        if len(word) < _SHORTEST or word in words:
            continue
        if all(len(free.get(letter, ())) >= count for letter, count in counts.items()):
            yield word, [free[letter].pop(rng.randrange(len(free[letter]))) for letter in word]


def _clue(word: str, numbers: list[int], told: float, rng: Random) -> Clue:
    letters = rng.sample(word, ceil(told * len(word)))
    return {"numbers": numbers, "letters": "".join(sorted(letters))}


def _rivals(
    lengths: Sequence[int], clues: Sequence[Clue], truth: Cells, rng: Random
) -> Callable[[list[str]], list[str]]:
    """What finds another solution's words, once no more letters can be told that rule it out."""

    def found(bank: list[str]) -> list[str]:
        while cells := banks.other(*_ruled(lengths, clues, bank), truth):
            if not _told(clues, truth, cells, rng):
                return [banks.spelling(cells, place) for place, _ in _options(lengths, clues, bank)]
        return []

    return found


def _told(clues: Iterable[Clue], truth: Cells, rival: Cells, rng: Random) -> bool:
    """Tell one more letter, such as the rival's word lacks; whether there was one."""
    for clue in clues:
        place = _place(clue)
        lacking = Counter(banks.spelling(truth, place)) - Counter(banks.spelling(rival, place))
        if lacking:
            clue["letters"] = "".join(sorted(clue["letters"] + rng.choice(sorted(lacking))))
            return True
    return False


def _ruled(
    lengths: Sequence[int], clues: Sequence[Clue], bank: Sequence[str]
) -> tuple["CpModel", banks.Letters]:
    """The rules as a model."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    return model, banks.spelled(model, _options(lengths, clues, bank))


def _options(lengths: Sequence[int], clues: Iterable[Clue], bank: Sequence[str]) -> banks.Options:
    """Words by length for the sentence's places; under a clue only those with its letters."""
    under = [
        (place, [word for word in words if Counter(clue["letters"]) <= Counter(word)])
        for clue in clues
        for place, words in banks.options([_place(clue)], bank)
    ]
    return [*banks.options(_places(lengths), bank), *under]


def _places(lengths: Sequence[int]) -> list[list[str]]:
    """The sentence's squares, word by word."""
    ends = accumulate(lengths, initial=1)
    return [[str(n) for n in range(first, after)] for first, after in pairwise(ends)]


def _place(clue: Clue) -> list[str]:
    return [str(n) for n in clue["numbers"]]


def _alike(word: str, decoy: str) -> int:
    """How many letters they share, in whatever places."""
    return (Counter(word) & Counter(decoy)).total()


def _text(lengths: Sequence[int], clues: Iterable[Clue], bank: Sequence[str]) -> str:
    return _RULES.format(
        sentence="\n".join(" ".join(place) for place in _places(lengths)),
        clues="\n".join(map(_told_by, clues)),
        bank=banks.shown(bank),
    )


def _told_by(clue: Clue) -> str:
    numbers, letters = clue["numbers"], clue["letters"]
    more = len(numbers) - len(letters)
    hidden = f" and {more} more" if more else ""
    return f"{' '.join(map(str, numbers))}: {' '.join(letters)}{hidden}"


_RULES = """\
Find the sentence. Its letters stand in numbered squares, a line for each word. The words under the clues are spelled in some of the same squares: \
a square has one letter wherever its number stands. A clue gives the numbers of its word's squares, in order, \
and then letters that the word has, in alphabetical order; "and 2 more" says how many of its letters are not told. \
Every word of the sentence and under a clue is a word of the bank; a word of the bank can occur more than once or not at all. Just one solution is possible.

Sentence:
{sentence}

Clues:
{clues}

Bank:
{bank}"""  # noqa: E501
_FORM = 'an object from each number to its letter, such as {"1": "O", "2": "N"}'
