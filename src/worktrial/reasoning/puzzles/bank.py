"""The rule that puzzles about hidden words share: every place holds a word of the bank.

The bank stands beside the puzzle. With it, whoever works on the puzzle can prove that there is one
solution; without it, that would rest on a dictionary that nobody sees. A word of the bank may be
used more than once, or not at all.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from string import ascii_uppercase
from typing import TYPE_CHECKING

from pydantic import JsonValue

from worktrial.reasoning.puzzles.proof import solved
from worktrial.reasoning.puzzles.puzzle import Cells

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar

Place = Sequence[str]
"""The cells that one word is spelled in, in order."""
Options = Sequence[tuple[Place, Sequence[str]]]
"""Places, and the words that each may hold."""
Letters = dict[str, "IntVar"]
"""By cell; 0 is A."""


def options(places: Iterable[Place], bank: Iterable[str]) -> Options:
    """The words of the bank that have each place's length."""
    bank = list(bank)
    return [(place, [word for word in bank if len(word) == len(place)]) for place in places]


def spelled(model: "CpModel", may: Options) -> Letters:
    """One letter for each cell, such that every place holds a word that it may hold."""
    cells = dict.fromkeys(cell for place, _ in may for cell in place)
    letters = {cell: model.new_int_var(0, len(ascii_uppercase) - 1, cell) for cell in cells}
    for place, words in may:
        spellings = [[number(letter) for letter in word] for word in words]
        model.add_allowed_assignments([letters[cell] for cell in place], spellings)
    return letters


def other(model: "CpModel", letters: Letters, known: Mapping[str, str]) -> Cells | None:
    """A solution other than the one that is known; `None` where there is none."""
    cells = list(letters.values())
    model.add_forbidden_assignments(cells, [[number(known[cell]) for cell in letters]])
    values = solved(model, cells)
    if values is None:
        return None
    return {cell: ascii_uppercase[v] for cell, v in zip(letters, values, strict=True)}


def narrowed(
    words: Iterable[str], decoys: Iterable[str], another: Callable[[list[str]], Iterable[str]]
) -> list[str] | None:
    """A bank that leaves one solution, in alphabetical order.

    Args:
        words: Those of the solution.
        decoys: Others, of which those that another solution needs are taken out.
        another: The words of another solution with such a bank; none where there is none.

    Returns:
        The bank; `None` where the solution's words alone have two.
    """
    real, left = set(words), set(decoys)
    while found := set(another(sorted(real | left))):
        if not found & left:
            return None
        left -= found
    return sorted(real | left)


def kept(cells: Mapping[str, str], may: Options) -> bool:
    """Whether every place holds a word that it may hold."""
    return all(spelling(cells, place) in words for place, words in may)


def spelling(cells: Mapping[str, str], place: Place) -> str:
    """What stands in a place; a cell that is missing is a space."""
    return "".join(cells.get(cell, " ") for cell in place)


def likeliest(may: Options, among: Mapping[str, str] | None = None) -> Cells:
    """For each cell the letter that most words would have there, summed over its places.

    This guesses cell by cell and never holds two places against each other.

    Args:
        may: Places, and the words that each may hold.
        among: For each cell the letters that it can have at all; every one by default.
    """
    votes: dict[str, Counter[str]] = {}
    for place, words in may:
        for n, cell in enumerate(place):
            votes.setdefault(cell, Counter()).update(word[n] for word in words)
    return {
        cell: max(sorted(among[cell] if among else of), key=of.__getitem__)
        for cell, of in votes.items()
    }


def letter(value: JsonValue) -> str:
    """One letter from A to Z, in capitals; else nothing."""
    text = value.strip().upper() if isinstance(value, str) else ""
    return text if len(text) == 1 and text in ascii_uppercase else ""


def number(letter: str) -> int:
    """0 for A."""
    return ascii_uppercase.index(letter)


def shown(bank: Sequence[str]) -> str:
    """The bank, a line for each length."""
    lengths = sorted({len(word) for word in bank})
    return "\n".join(" ".join(w for w in bank if len(w) == length) for length in lengths)
