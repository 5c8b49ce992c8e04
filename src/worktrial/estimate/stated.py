"""Scores as others state them, with what they say of their errors: whose is surely higher?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_level, checked_scores
from worktrial.estimate.intervals import SAME, Interval, clopper_pearson_upper, unbounded
from worktrial.estimate.ranks import (
    WORKERS,
    IntArray,
    complete_clusters,
    holm_signs,
    left_open,
    ranks_of,
    sure_orders,
)


class Proportion(NamedTuple):
    """A score is a share of items, or a mean over them of scores in [0, `top`].

    Attributes:
        items: How many.
        top: What a score is if all are right: 1, or 100 for percent.
    """

    items: int
    top: float = 1.0


class Normal(NamedTuple):
    """A score's error is normal, in the units of the score; each side has its own.

    Attributes:
        below: Standard error downwards.
        above: Standard error upwards.
    """

    below: float
    above: float


@dataclass(frozen=True, slots=True)
class Stated:
    """A score and its error.

    Attributes:
        score: The higher the better, in any units.
        error: What is stated of its error; None if nothing is.

    Raises:
        ConfigError: (a ValueError) If the score is not finite, or no such error can be of it.
    """

    score: float
    error: Proportion | Normal | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not math.isfinite(self.score):
            raise ConfigError(f"`score` must be a number, got {self.score}")
        if isinstance(self.error, Proportion):
            _check_share(self.score, self.error)
        elif self.error is not None and not 0 < sum(self.error) < math.inf:
            raise ConfigError("an error must be more than 0; leave it out if it is not known")

    @classmethod
    def within(cls, score: float, low: float, high: float, *, level: float = 0.95) -> "Stated":
        """A score whose interval is stated: taken as normal, each side by itself.

        Args:
            score: The score.
            low: Where its interval begins.
            high: Where it ends.
            level: Of the interval, in (0, 1).

        Raises:
            ConfigError: (a ValueError) If the score is not inside, or the interval is a point.
        """
        if not low <= score <= high:
            raise ConfigError(f"`low` ≤ `score` ≤ `high` must hold, got {low:g}, {score:g}, "
                              f"{high:g}")  # fmt: skip
        quantile = _quantile(level)
        return cls(score, Normal((score - low) / quantile, (high - score) / quantile))

    def bounds(self, level: float) -> tuple[float, float]:
        """Bounds at a two-sided level; NaN where no error is stated.

        References:
            Clopper and Pearson (1934), Biometrika 26(4), for a proportion.
        """
        if self.error is None:
            return math.nan, math.nan
        if isinstance(self.error, Normal):
            quantile = _quantile(level)
            return (
                self.score - quantile * self.error.below,
                self.score + quantile * self.error.above,
            )
        items, top = self.error
        count, side = self.score / top * items, 1 - (1 - level) / 2
        low, high = (clopper_pearson_upper(n, items, level=side) for n in (items - count, count))
        return top * (1 - low), top * high


class StatedRanks(NamedTuple):
    """The rank of every score, with bounds that hold for all at once.

    Attributes:
        rank: 1 for the highest, shape (scores,); equal scores share the better rank.
        low: The best rank that a score may have.
        high: The worst rank that a score may have.
        level: Simultaneous confidence level, a fraction.
    """

    rank: IntArray
    low: IntArray
    high: IntArray
    level: float


def stated_ranks(scores: Sequence[Stated], *, level: float = 0.95) -> StatedRanks:
    """Rank scores of which the items are not at hand, with bounds on every rank.

    Estimand: the rank of each score without its error, such as over all items that the
    benchmark could have had. A score tied with others has every rank that they share.
    Assumptions: errors are as stated, and independent from score to score. Models that were
    scored on the same items mostly err on the same ones; their differences then vary less, and
    bounds are wider than need be. The bounds of a difference are made of those of its two scores
    (squares added), and Holm's procedure goes through all pairs: with chance `level` no pair is
    put in an order that it hasn't. A score without a stated error is in no sure order with any.
    Bounds of a proportion are Clopper and Pearson's: with Wilson's, which are narrower, .073 of
    simulated rankings at .95 had a wrong pair, where one of five scores had 20 items and all .995.

    Args:
        scores: Of whom to rank.
        level: Simultaneous confidence level, in (0, 1).

    Returns:
        Ranks and bounds, in the order of `scores`.

    Raises:
        ConfigError: (a ValueError) If `level` leaves (0, 1).

    References:
        Newcombe (1998), Statistics in Medicine 17(8), and Zou and Donner (2008), Statistics in
        Medicine 27(10), for the difference; Zou, Huang and Zhang (2009), Computational
        Statistics and Data Analysis 53(4), for exact bounds in it; Holm (1979), Scandinavian
        Journal of Statistics 6(2); Mohamad, Goeman and van Zwet (2022), Statistics in Medicine
        41(1).
    """
    order = sure_stated_order(scores, level=checked_level(level))
    return StatedRanks(*ranks_of(_values(scores), order), level)


def stated_agreement(
    scores: Sequence[Stated], work: npt.ArrayLike, *, level: float = 0.95
) -> Interval:
    """Estimate how far stated scores and scores at work agree on the order of workers.

    Estimand: Kendall's tau-b between the stated scores without their errors and the workers' mean
    scores at work.
    Assumptions: those of `stated_ranks` and of `rank_agreement`; nothing is assumed of how errors
    of the two go together. Sure orders are found on each side at the level (1 + `level`)/2; what
    is open may agree or not.

    Args:
        scores: As stated, one a worker.
        work: Scores in [0, 1], shape (workers, clusters); NaN drops the cluster for all.
        level: Two-sided confidence level, in (0, 1).

    Returns:
        Tau-b in [−1, 1] and its bounds. No bounds, and `why`, if fewer than two errors are
        stated; no value either with fewer than three workers, without a complete cluster, or
        where one side ties all workers.

    Raises:
        ConfigError: (a ValueError) If shapes do not fit, a score at work leaves [0, 1], or
            `level` leaves (0, 1).

    References:
        Kendall (1945), The treatment of ties in ranking problems, Biometrika 33(3).
    """
    level = checked_level(level)
    complete = complete_clusters(checked_scores("work", work, ndim=2))
    workers, clusters = complete.shape
    if workers != len(scores):
        raise ConfigError(f"`work` must have a row a score, got {workers} and {len(scores)}")
    tau, why = _tau(_values(scores), complete)
    if why is None and sum(each.error is not None for each in scores) < 2:
        why = "fewer than two public scores state an error"
    if why is not None:
        return unbounded(tau, level=level, clusters=clusters, why=why)
    side = (1 + level) / 2
    public, job = sure_stated_order(scores, level=side), sure_orders([complete], level=side)[0]
    low, high = left_open(public * job)
    return Interval(tau, low, high, level, "tau-b, sure orders", clusters)


def sure_stated_order(scores: Sequence[Stated], *, level: float) -> FloatArray:
    """Find which scores are surely higher than which.

    Args:
        scores: As stated.
        level: The chance that no order is wrong, in (0, 1).

    Returns:
        Shape (scores, scores): 1 where the row's is surely higher than the column's, −1 where
        surely lower, 0 where that can't be told.
    """
    known = [i for i, each in enumerate(scores) if each.error is not None]
    signs = holm_signs(
        list(combinations(known, 2)),
        lambda pair, stricter: _sign(scores[pair[0]], scores[pair[1]], stricter),
        level=level,
    )
    order = np.zeros((len(scores), len(scores)))
    for (i, j), sign in signs.items():
        order[i, j], order[j, i] = sign, -sign
    return order


def _sign(one: Stated, other: Stated, level: float) -> float:
    """Whether a difference is surely above or below 0, by the method of Zou and Donner."""
    (low, high), (others_low, others_high) = one.bounds(level), other.bounds(level)
    difference = one.score - other.score
    down = math.hypot(one.score - low, others_high - other.score)
    up = math.hypot(high - one.score, other.score - others_low)
    return float(difference - down > SAME) - float(difference + up < -SAME)


def _tau(public: FloatArray, work: FloatArray) -> tuple[float, str | None]:
    """Tau-b, or the reason why there is none."""
    workers, clusters = work.shape
    if workers < WORKERS:
        return math.nan, f"{workers} worker(s); rank agreement needs {WORKERS}"
    if not clusters:
        return math.nan, "no cluster is complete"
    # Rounded, since floating-point dust breaks no tie.
    tau = float(stats.kendalltau(np.round(public, 9), np.round(work.mean(axis=1), 9))[0])
    return tau, "one side ties all workers" if math.isnan(tau) else None


def _check_share(score: float, error: Proportion) -> None:
    if error.items < 1:
        raise ConfigError(f"`items` must be at least 1, got {error.items}")
    if not 0 <= score <= error.top:
        raise ConfigError(
            f"`score` must lie in [0, {error.top:g}] to be over items, got {score:g}; state its "
            "error as `low` and `high` or as `stderr`"
        )


def _quantile(level: float) -> float:
    return float(stats.norm.ppf(1 - (1 - checked_level(level)) / 2))


def _values(scores: Sequence[Stated]) -> FloatArray:
    return np.array([each.score for each in scores], dtype=np.float64)
