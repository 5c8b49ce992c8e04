"""What blind guesses score, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import comb, factorial, perm

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Floor:
    """What a blind guess scores in the mean.

    Attributes:
        parts: Share of cells that are right.
        half: Chance that at least half of them are.
        solved: Chance that all are.
        estimated: Whether it is not worked out for the one puzzle, but a frequency among others of
            its kind.
    """

    parts: float
    half: float
    solved: float
    estimated: bool = False

    @classmethod
    def of(cls, chances: Sequence[float] | Array) -> "Floor":
        """Out of the chance of 0, 1, … n right cells, shape (n + 1,), n at least 1."""
        of = np.asarray(chances, dtype=np.float64)
        right, cells = np.arange(of.size), of.size - 1
        return cls(
            parts=float(of @ right / cells),
            half=float(of[2 * right >= cells].sum()),
            solved=float(of[-1]),
        )


def sure(right: int, cells: int) -> Array:
    """Of a guess without chance that has so many cells right; shape (cells + 1,)."""
    found = np.zeros(cells + 1)
    found[right] = 1.0
    return found


def together(parts: Sequence[Array]) -> Array:
    """Of independent parts of one guess: the chance of every sum."""
    found = np.ones(1)
    for chances in parts:
        found = np.convolve(found, chances)
    return found


def permuted(cells: int) -> Array:
    """Of different values put into their places in a random order; shape (cells + 1,)."""
    return drawn(cells, cells)


@cache
def drawn(cells: int, values: int) -> Array:
    """Of different values for the cells, out of at least as many; shape (cells + 1,).

    Which cells are right, times the ways of filling the others wrongly, over all ways.
    """
    counts = [comb(cells, k) * _wrong(cells - k, values - k) for k in range(cells + 1)]
    return np.array([count / perm(values, cells) for count in counts])


def _wrong(cells: int, values: int) -> int:
    """Ways to fill all cells wrongly, by inclusion and exclusion; derangements if as many."""
    return sum((-1) ** k * comb(cells, k) * perm(values - k, cells - k) for k in range(cells + 1))


@cache
def rearranged(counts: tuple[int, ...]) -> Array:
    """Of values, each so often, put into their places in a random order; shape (sum + 1,).

    A cell is right where a rook stands in its own value's square, of which there is one a value on
    the board of all cells. Their polynomials multiply, and inclusion and exclusion does the rest.

    References:
        Riordan (1958), An Introduction to Combinatorial Analysis, chapter 7.
    """
    rooks, cells = [1], sum(counts)
    for n in counts:
        rooks = _product(rooks, [comb(n, k) ** 2 * factorial(k) for k in range(n + 1)])
    ways = [of * factorial(cells - k) for k, of in enumerate(rooks)]
    right = [
        sum((-1) ** (j - k) * comb(j, k) * ways[j] for j in range(k, cells + 1))
        for k in range(cells + 1)
    ]
    return np.array([of / factorial(cells) for of in right])


def _product(one: Sequence[int], other: Sequence[int]) -> list[int]:
    """Of two polynomials, by their coefficients."""
    found = [0] * (len(one) + len(other) - 1)
    for k, of in enumerate(one):
        for j, by in enumerate(other):
            found[k + j] += of * by
    return found
