"""Clues enough for one solution, and none too many."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TypeVar

Clue = TypeVar("Clue")


def needed(clues: Sequence[Clue], unique: Callable[[Sequence[Clue]], bool]) -> list[Clue] | None:
    """The first so many clues that leave one solution, without each that is not missed.

    More clues never leave more solutions, so that how many suffice is found by halving.

    Args:
        clues: True ones, in a random order.
        unique: Whether some of them leave exactly one solution.

    Returns:
        A set that loses its uniqueness with any of its clues; `None` where all are not enough.
    """
    enough = bisect_left(range(len(clues) + 1), True, key=lambda count: unique(clues[:count]))
    if enough > len(clues):
        return None
    kept = list(clues[:enough])
    for clue in clues[:enough]:
        fewer = [other for other in kept if other is not clue]
        if unique(fewer):
            kept = fewer
    return kept
