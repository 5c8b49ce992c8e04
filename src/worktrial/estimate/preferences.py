"""Preferences: strengths of workers of whom only pairs were compared."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import connected_components

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_level, checked_scores
from worktrial.estimate.intervals import SPARSE, Interval, unbounded
from worktrial.estimate.unseen import lower_quantile, unseen_weights, upper_quantile

ITERATIONS = 12
"""Of Newton's method; it has settled long before."""

RIDGE = 1e-4
"""What a draw's likelihood is held together by where a worker nearly always wins."""


@dataclass(frozen=True)
class Preferences:
    """Who would be preferred, by the model of Bradley and Terry.

    Attributes:
        strength: Log-odds against an average worker, shape (workers,), with mean 0.
        win_rate: For each worker, the chance to be preferred to another drawn at random.
        why: Why there are no numbers; None where there are.
    """

    strength: FloatArray
    win_rate: tuple[Interval, ...]
    why: str | None = None


def bradley_terry(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    won: npt.ArrayLike,
    clusters: npt.ArrayLike,
    *,
    level: float = 0.95,
    draws: int = 1000,
) -> Preferences:
    """Estimate how often each worker would be preferred to another, from compared pairs.

    Estimand: for each worker the mean, over all others, of the chance to be preferred, by the
    Bradley–Terry model that is closest in likelihood to the population of comparisons.
    Assumptions: clusters are independent; one strength per worker explains all pairs (no
    rock, paper, scissors). Clusters are weighed at random, together with one unseen in which the
    worker loses to everyone for the lower bound and beats everyone for the upper one.

    Args:
        first: One worker of each comparison, as whole numbers from 0, shape (comparisons,).
        second: The other worker, likewise.
        won: 1 where the first was preferred, 0 where the second, 0.5 for a tie; NaN for a fault
            of the judge, which drops the comparison.
        clusters: The cluster (item) of each comparison, shape (comparisons,).
        level: Two-sided confidence level of each win rate, in (0, 1).
        draws: How many sets of weights.

    Returns:
        Strengths, and win rates with bounds. All NaN, and `why`, below five clusters, or where
        wins don't connect all workers both ways: without a comparison between two groups, or
        without a loss of one group to the other, no strengths are the most likely.

    Raises:
        ConfigError: (a ValueError) If shapes differ, a worker is compared to itself or isn't a
            whole number from 0, `won` leaves [0, 1], or `level` leaves (0, 1).

    References:
        Bradley and Terry (1952), Rank analysis of incomplete block designs, Biometrika 39(3/4);
        Ford (1957), American Mathematical Monthly 64(8), for when strengths exist; Maystre and
        Grossglauser (2015), Fast and accurate inference of Plackett–Luce models, NeurIPS, for
        the algorithm of `choix`.
    """
    level = checked_level(level)
    wins = _wins(first, second, won, clusters)
    size, workers = wins.shape[:2]
    total = wins.sum(axis=0)
    why = _not_estimable(total, size)
    if why:
        nothing = unbounded(np.nan, level=level, clusters=size, why=why)
        return Preferences(np.full(workers, np.nan), (nothing,) * workers, why)
    from choix import ilsr_pairwise_dense

    strength = np.asarray(ilsr_pairwise_dense(total))
    rates = _win_rates(strength[None])[0]
    bounds = _bounds(wins, level, draws)
    intervals = tuple(
        Interval(rate, min(low, rate), max(high, rate), level, "unseen bootstrap", size)
        for rate, (low, high) in zip(rates.tolist(), bounds, strict=True)
    )
    return Preferences(strength - strength.mean(), intervals)


def _wins(
    first: npt.ArrayLike, second: npt.ArrayLike, won: npt.ArrayLike, clusters: npt.ArrayLike
) -> FloatArray:
    """Return how often the row beat the column, shape (clusters, workers, workers)."""
    one, other = np.asarray(first, dtype=np.int_), np.asarray(second, dtype=np.int_)
    result, groups = checked_scores("won", won, ndim=1), np.asarray(clusters)
    if not one.shape == other.shape == result.shape == groups.shape:
        shapes = one.shape, other.shape, result.shape, groups.shape
        raise ConfigError(f"`first`, `second`, `won`, `clusters` must be paired, got {shapes}")
    if np.any(one == other) or np.any(one < 0) or np.any(other < 0):
        raise ConfigError("`first`, `second` must be two workers, numbered from 0; correct them")
    workers = int(max(one.max(initial=1), other.max(initial=1))) + 1
    known = ~np.isnan(result)
    names, numbers = np.unique(groups[known], return_inverse=True)
    wins = np.zeros((names.size, workers, workers))
    np.add.at(wins, (numbers, one[known], other[known]), result[known])
    np.add.at(wins, (numbers, other[known], one[known]), 1 - result[known])
    return wins


def _not_estimable(total: FloatArray, clusters: int) -> str | None:
    if clusters < SPARSE:
        return f"{clusters} cluster(s); preferences need {SPARSE}"
    if connected_components(total, directed=True, connection="weak")[0] > 1:
        return "some workers were never compared with the others, not even through third ones"
    if connected_components(total, directed=True, connection="strong")[0] > 1:
        return "some workers never lost to the others: their strength has no upper bound"
    return None


def _bounds(wins: FloatArray, level: float, draws: int) -> list[tuple[float, float]]:
    size, workers = wins.shape[:2]
    weights = unseen_weights(size, draws)
    # Sorted, so that the order of the clusters doesn't reach the weights.
    flat = wins.reshape(size, -1)
    seen = (weights[:, :-1] @ flat[np.lexsort(flat.T)]).reshape(draws, workers, workers)
    # An unseen cluster is as large as the others, its comparisons all with this one worker.
    share = weights[:, -1:] * wins.sum() / size / (workers - 1)
    bounds = []
    for worker in range(workers):
        others = np.arange(workers) != worker
        lost, beat = seen.copy(), seen.copy()
        lost[:, others, worker] += share
        beat[:, worker, others] += share
        low, high = (_win_rates(_strengths(drawn))[:, worker] for drawn in (lost, beat))
        bounds.append((lower_quantile(low, level), upper_quantile(high, level)))
    return bounds


def _strengths(wins: FloatArray) -> FloatArray:
    """Return the most likely strengths of each draw, shape (draws, workers), by Newton's method."""
    draws, workers = wins.shape[:2]
    compared = wins + wins.transpose(0, 2, 1)
    ridge = RIDGE * compared.sum(axis=(1, 2)) / workers
    strength = np.zeros((draws, workers))
    for _ in range(ITERATIONS):
        chance = _chances(strength)
        gradient = np.sum(wins - compared * chance, axis=2) - ridge[:, None] * strength
        spread = compared * chance * (1 - chance)
        curvature = -spread
        diagonal = np.arange(workers)
        curvature[:, diagonal, diagonal] = spread.sum(axis=2) + ridge[:, None]
        step = np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
        strength = strength + np.clip(step, -1, 1)
    return strength


def _chances(strength: FloatArray) -> FloatArray:
    chance: FloatArray = 1 / (1 + np.exp(strength[:, None, :] - strength[:, :, None]))
    return chance


def _win_rates(strength: FloatArray) -> FloatArray:
    workers = strength.shape[1]
    # A worker's chance against itself is one half, and doesn't count.
    rates: FloatArray = (_chances(strength).sum(axis=2) - 0.5) / (workers - 1)
    return rates
