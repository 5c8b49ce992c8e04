"""Grids of words that cross, and ways to fill them."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from random import Random
from typing import NamedTuple

from worktrial.reasoning.puzzles.lexicon import words

Square = tuple[int, int]
"""Row and column, from 0."""
Entries = Mapping[str, Sequence[Square]]
"""The squares of every entry, by its name such as `1-ACROSS`."""
Words = dict[str, str]
"""By entry."""
_DIRECTIONS: Mapping[str, Square] = {"ACROSS": (0, 1), "DOWN": (1, 0)}
_TRIED = 30
"""Words from which the best next one is taken."""
_STEPS = 300
"""Words to try before a filling is given up."""


class Size(NamedTuple):
    """How large a grid is.

    Attributes:
        entries: How many.
        side: Rows and columns at most.
        longest: Letters of an entry at most.
    """

    entries: int
    side: int
    longest: int


def filled(size: Size, fillings: int, rng: Random) -> tuple[Entries, list[Words]]:
    """Draw a grid, and fill it so many times without a word in common.

    All fillings are drawn alike, so that their words do not tell which one is a solution.
    """
    while True:
        entries = _laid(size, rng)
        found = _fillings(entries, fillings, rng)
        if len(found) == fillings:
            return entries, found


def entries_of(squares: Collection[Square]) -> Entries:
    """The entries of open squares, numbered by where they begin, row by row, as in newspapers."""
    found: dict[str, list[Square]] = {}
    number = 1
    for square in sorted(squares):
        runs = {name: _run(square, step, squares) for name, step in _DIRECTIONS.items()}
        begun = {f"{number}-{name}": run for name, run in runs.items() if len(run) > 1}
        found |= begun
        number += bool(begun)
    return found


def _laid(size: Size, rng: Random) -> Entries:
    """A grid of words, each as crossed as a few tries allow; only its squares are kept."""
    known = [word for word in words() if len(word) <= size.longest]
    letters: dict[Square, str] = {}
    while len(entries_of(letters)) < size.entries:
        letters = _grown(letters, rng.sample(known, _TRIED), size.side, rng)
    top, left = (min(of) for of in zip(*letters, strict=True))
    return entries_of({(r - top, c - left) for r, c in letters})


def _grown(
    letters: Mapping[Square, str], tried: Sequence[str], side: int, rng: Random
) -> dict[Square, str]:
    """With one word more; empty where none fits, which starts again."""
    if not letters:
        return {(side // 2, c): letter for c, letter in enumerate(tried[0])}
    placed = [(word, new) for word in tried for new in _crossing(word, letters, side)]
    rng.shuffle(placed)
    placed.sort(key=lambda of: len(of[1].keys() - letters.keys()) - len(of[1]))
    before = [_word(squares, letters) for squares in entries_of(letters).values()]
    for word, new in placed:
        grown = {**letters, **new}
        after = [_word(squares, grown) for squares in entries_of(grown).values()]
        if word not in before and sorted(after) == sorted([*before, word]):
            return grown
    return {}


def _crossing(word: str, letters: Mapping[Square, str], side: int) -> Iterator[dict[Square, str]]:
    """The word's letters wherever it lies in the grid and has one in common."""
    starts = {
        (step, r - n * step[0], c - n * step[1])
        for (r, c), letter in letters.items()
        for n, own in enumerate(word)
        for step in _DIRECTIONS.values()
        if letter == own
    }
    for (down, right), r, c in sorted(starts):
        new = {(r + n * down, c + n * right): letter for n, letter in enumerate(word)}
        inside = all(0 <= r < side and 0 <= c < side for r, c in new)
        if inside and all(letters.get(square, letter) == letter for square, letter in new.items()):
            yield new


def _run(square: Square, step: Square, squares: Collection[Square]) -> list[Square]:
    """The open squares from here on; none where an open one comes before."""
    (r, c), (down, right) = square, step
    if (r - down, c - right) in squares:
        return []
    run = []
    while (r, c) in squares:
        run.append((r, c))
        r, c = r + down, c + right
    return run


def _word(squares: Sequence[Square], letters: Mapping[Square, str]) -> str:
    return "".join(letters[square] for square in squares)


def _fillings(entries: Entries, count: int, rng: Random) -> list[Words]:
    """Fewer where steps run out."""
    found: list[Words] = []
    used: set[str] = set()
    for _ in range(count):
        steps = iter(range(_STEPS))
        letters = _completed(entries, {}, used, rng, steps)
        if letters is not None:
            found.append({name: _word(squares, letters) for name, squares in entries.items()})
            used |= {*found[-1].values()}
    return found


def _completed(
    entries: Entries,
    letters: dict[Square, str],
    used: Collection[str],
    rng: Random,
    steps: Iterator[int],
) -> dict[Square, str] | None:
    """Fill what has the fewest words that fit, and then the rest; `None` where steps run out."""
    if not entries:
        return letters
    fit = {name: _fitting(squares, letters) for name, squares in entries.items()}
    name = min(fit, key=lambda of: len(fit[of]))
    rest = {other: squares for other, squares in entries.items() if other != name}
    for word in rng.sample(fit[name], len(fit[name])):
        if word not in used and next(steps, None) is not None:
            more = {**letters, **dict(zip(entries[name], word, strict=True))}
            found = _completed(rest, more, {*used, word}, rng, steps)
            if found is not None:
                return found
    return None


def _fitting(squares: Sequence[Square], letters: Mapping[Square, str]) -> list[str]:
    pattern = "".join(letters.get(square, ".") for square in squares)
    return re.findall(f"^{pattern}$", _lines(), re.M)


@cache
def _lines() -> str:
    return "\n".join(words())
