"""Paired differences: the same clusters under two arms, or two workers on the same clusters."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_array, checked_level, present
from worktrial.estimate.intervals import (
    SAME,
    SPARSE,
    Interval,
    anchored_bounds,
    t_quantile,
    unbounded,
)

Verdict = Literal["level", "apart", "cannot-tell"]

FLIPPED = 24
"""Below this many clusters the bounds invert the sign-flip test; from it on they are t."""

_LEAST_P = 1e-6
"""No p-value is told apart from one smaller than this."""

_TURNS = 4000
"""Turns of the clusters' signs behind a band."""

_STRICTEST = 1 - 0.5 / _TURNS
"""The level of a band where no turn tells of another."""

ENUMERATED = 12
"""Up to this many clusters every subset is enumerated: 4,096 of them."""


@dataclass(frozen=True)
class Equivalence:
    """Whether two arms are level, and what that rests on.

    Attributes:
        verdict: `level`, `apart` or `cannot-tell`.
        difference: The mean difference with bounds at the level asked for.
        narrow: The same at 2·level − 1, which is what is held against the margin.
        margin: The smallest difference that would matter, in the units of the scores.
        detectable: The smallest true difference that this many clusters would likely show;
            NaN where there are no bounds.
    """

    verdict: Verdict
    difference: Interval
    narrow: Interval
    margin: float
    detectable: float


@dataclass(frozen=True)
class DifferenceCurve:
    """A difference at every step, and bounds that hold at all steps at once.

    Attributes:
        steps: The pointwise estimate at each step.
        band_low: Simultaneous lower bound, shape (steps,); NaN where a step has no bounds.
        band_high: Simultaneous upper bound, shape (steps,); NaN likewise.
    """

    steps: tuple[Interval, ...]
    band_low: FloatArray
    band_high: FloatArray


def paired_difference(
    a: npt.ArrayLike, b: npt.ArrayLike, *, level: float = 0.95, bound: float = 1.0, seed: int = 0
) -> Interval:
    """Estimate the mean difference a − b, paired by cluster.

    Estimand: the mean of a − b over the population of clusters.
    Assumptions: clusters are independent. From 24 clusters on, bounds are Student's t. Below,
    they invert the sign-flip test and are exact if differences are symmetric about their mean:
    they are order statistics of the subset means (Hartigan's typical values). Damage is skewed:
    on the side of the long tail both are widened by Hall's third-moment term, never narrowed
    on the other; without it they covered .87 to .93 of skewed gaps. Where fewer than five
    differences lie away from 0 (or from ±`bound`), or all are equal, Clopper–Pearson bounds on
    the shares below and above that value take over, and need no symmetry.

    Args:
        a: One value per cluster, shape (clusters,); NaN for a missing one, which drops the pair.
        b: The same clusters under the other arm, shape (clusters,).
        level: Two-sided confidence level, in (0, 1).
        bound: The largest possible absolute difference, in the units of `a`.
        seed: Draws the subsets for 13 to 23 clusters; unused otherwise.

    Returns:
        Mean difference and bounds in the units of `a`; no bounds, and `why`, where there are
        too few clusters for the level.

    Raises:
        ConfigError: (a ValueError) If shapes differ, a difference leaves ±`bound`, or `level`
            leaves (0, 1).

    References:
        Hartigan (1969), Using subsample values as typical values, JASA 64(328); Hall (1992),
        On the removal of skewness by transformation, JRSS B 54(1).
    """
    level = checked_level(level)
    differences = _differences(a, b, bound=bound)
    size, mean = differences.size, float(np.mean(differences)) if differences.size else np.nan
    if size < 2:
        why = f"{size} paired cluster(s); an interval needs 2"
        return unbounded(mean, level=level, clusters=size, why=why)
    anchor = _anchor(differences, bound)
    if anchor is not None:
        reach = (-bound, bound)
        low, high = anchored_bounds(differences, anchor=anchor, reach=reach, level=level)
        return Interval(mean, min(low, mean), max(high, mean), level, "clopper-pearson", size)
    plain = _paired_t(differences, level)
    if size < FLIPPED:
        plain = _sign_flip_interval(differences, level, seed)
    return _widened_for_skew(plain, differences, bound)


def sign_flip_p_value(
    a: npt.ArrayLike, b: npt.ArrayLike, *, bound: float = 1.0, seed: int = 0
) -> float:
    """Test that the differences a − b are symmetric about 0.

    Estimand: twice the smaller one-sided share of sign patterns at least as extreme as the one
    seen; at most 0.05 wherever the 95% sign-flip interval excludes 0.
    Assumptions: clusters are independent, and under the null each sign is a fair coin.

    Args:
        a: One value per cluster, shape (clusters,); NaN drops the pair.
        b: The same clusters under the other arm, shape (clusters,).
        bound: The largest possible absolute difference, in the units of `a`.
        seed: Draws the group of 4,096 sign patterns above 12 clusters.

    Returns:
        A two-sided p-value; NaN without a single pair.

    Raises:
        ConfigError: (a ValueError) If shapes differ or a difference leaves ±`bound`.

    References:
        Fisher (1935), The Design of Experiments, section 21.
    """
    differences = _differences(a, b, bound=bound)
    if not differences.size:
        return np.nan
    means = _subset_means(differences, seed)
    # Flipping the signs of a subset raises the total exactly when its mean is negative.
    above, below = np.sum(means <= SAME), np.sum(means >= -SAME)
    return min(1.0, 2 * float(1 + min(above, below)) / (means.size + 1))


def difference_p_value(
    a: npt.ArrayLike, b: npt.ArrayLike, *, bound: float = 1.0, seed: int = 0
) -> float:
    """Test that the mean of a − b is 0, by the intervals of `paired_difference`.

    Estimand: one less the highest level whose interval still excludes 0, so that test and
    interval never disagree.
    Assumptions: those of `paired_difference`.

    Args:
        a: One value per cluster, shape (clusters,); NaN drops the pair.
        b: The same clusters under the other arm, shape (clusters,).
        bound: The largest possible absolute difference, in the units of `a`.
        seed: Draws the subsets for 13 to 23 clusters.

    Returns:
        A two-sided p-value in (0, 1]; NaN below two pairs.

    Raises:
        ConfigError: (a ValueError) If shapes differ or a difference leaves ±`bound`.

    References:
        Lehmann and Romano (2005), Testing Statistical Hypotheses, section 3.5, for tests from
        confidence sets.
    """
    if _differences(a, b, bound=bound).size < 2:
        return np.nan

    def excludes(level: float) -> bool:
        found = paired_difference(a, b, level=level, bound=bound, seed=seed)
        return found.low > 0 or found.high < 0

    accepted, rejected = _LEAST_P / 10, 1.0
    while rejected - accepted > _LEAST_P and rejected > 1.001 * accepted:
        middle = (accepted * rejected) ** 0.5
        accepted, rejected = (accepted, middle) if excludes(1 - middle) else (middle, rejected)
    return rejected


def difference_curve(
    a: npt.ArrayLike, b: npt.ArrayLike, *, level: float = 0.95, seed: int = 0
) -> DifferenceCurve:
    """Estimate the difference of two curves, paired by cluster, step by step and as a whole.

    Estimand: the mean of a − b at every step, over the population of clusters.
    Assumptions: those of `paired_difference`. The band is the pointwise interval at the stricter
    level that all steps pass together, from turning the signs of whole clusters: the smallest
    p-value of all steps, each by rank. Rank and not size, since a step's bounds may hang on
    small differences where one cluster's ruin fills the spread.

    Args:
        a: Scores, shape (clusters, steps); NaN for missing, which drops the pair at that step.
        b: The same clusters and steps of the other worker or arm.
        level: Two-sided confidence level, in (0, 1).
        seed: Draws the weights, and the subsets of `paired_difference`.

    Returns:
        Pointwise intervals and the band, in the units of `a`; no band where so few clusters
        cannot reach its level.

    Raises:
        ConfigError: (a ValueError) If shapes differ or a difference leaves ±1.

    References:
        Westfall and Young (1993), Resampling-Based Multiple Testing, Wiley: the smallest p-value.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape or first.ndim != 2:
        raise ConfigError(f"`a`, `b` must be paired curves, got {first.shape}, {second.shape}")
    stricter = _simultaneous_level(first - second, level, np.random.default_rng(seed))
    steps, band = (
        tuple(
            paired_difference(x, y, level=each, seed=seed)
            for x, y in zip(first.T, second.T, strict=True)
        )
        for each in (level, stricter)
    )
    # Not a number where so few clusters cannot reach the stricter level: no band then.
    return DifferenceCurve(
        steps,
        np.minimum([s.low for s in steps], [w.low for w in band]),
        np.maximum([s.high for s in steps], [w.high for w in band]),
    )


def bridged_difference(
    under_one: tuple[npt.ArrayLike, npt.ArrayLike],
    under_other: tuple[npt.ArrayLike, npt.ArrayLike],
    *,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Estimate a − b where a and b were measured under different protocols and c under both.

    Estimand: (a − c) under the one protocol minus (b − c) under the other.
    Assumptions: what the protocol changes it changes alike for b and c; the items of the two
    protocols are independent samples. Their bounds' distances add in quadrature (Zou and
    Donner's MOVER), so the bridge's own uncertainty is in the result.

    Args:
        under_one: Scores of a and of c, one per cluster each, paired.
        under_other: Scores of b and of c, likewise; other clusters.
        level: Two-sided confidence level, in (0, 1).
        seed: As in `paired_difference`.

    Returns:
        The difference and its bounds; none where one of the two has none.

    References:
        Zou and Donner (2008), Construction of confidence limits about effect measures, Statistics
        in Medicine 27(10).
    """
    one = paired_difference(*under_one, level=level, seed=seed)
    other = paired_difference(*under_other, level=level, seed=seed)
    value, clusters = one.value - other.value, min(one.clusters, other.clusters)
    if not one.bounded or not other.bounded:
        why = one.why or other.why or "one side has no bounds"
        return unbounded(value, level=level, clusters=clusters, why=why)
    below = float(np.hypot(one.value - one.low, other.high - other.value))
    above = float(np.hypot(one.high - one.value, other.value - other.low))
    return Interval(value, value - below, value + above, level, "bridged, MOVER", clusters)


def equivalence(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    *,
    margin: float,
    level: float = 0.95,
    power: float = 0.8,
    bound: float = 1.0,
    seed: int = 0,
) -> Equivalence:
    """Decide whether two arms are level, apart, or can't be told apart.

    Estimand: the mean of a − b against ±`margin` and against 0. Level if the interval at
    2·level − 1 lies inside ±`margin` (two one-sided tests, each with error 1 − level); else
    apart if the interval at `level` excludes 0. Level wins where both hold: a real difference
    that is too small to matter.
    Assumptions: those of `paired_difference`. The detectable difference takes the spread seen
    for the spread that would be seen again, and never promises more than the bounds do.

    Args:
        a: One value per cluster, shape (clusters,); NaN drops the pair.
        b: The same clusters under the other arm, shape (clusters,).
        margin: The smallest difference that would matter, in the units of `a`.
        level: Confidence level of each claim, in (0.5, 1).
        power: The chance with which the detectable difference would be shown, in (0, 1).
        bound: The largest possible absolute difference, in the units of `a`.
        seed: Draws the subsets for 13 to 23 clusters.

    Returns:
        The verdict, the two intervals it rests on, and what could have been detected.

    Raises:
        ConfigError: (a ValueError) As `paired_difference`, or if `margin` isn't positive or
            `level` isn't above one half.

    References:
        Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15(6); Bloom (1995),
        Minimum detectable effects, Evaluation Review 19(5).
    """
    if not margin > 0:
        raise ConfigError(f"`margin` must be positive, got {margin}; name a difference that counts")
    if not 0.5 < level < 1:
        raise ConfigError(f"`level` of a verdict must be in (0.5, 1), got {level}; write 0.95")
    wide = paired_difference(a, b, level=level, bound=bound, seed=seed)
    narrow = paired_difference(a, b, level=2 * level - 1, bound=bound, seed=seed)
    detectable = _detectable(_differences(a, b, bound=bound), wide, power)
    return Equivalence(_verdict(narrow, wide, margin), wide, narrow, margin, detectable)


def _verdict(narrow: Interval, wide: Interval, margin: float) -> Verdict:
    # A comparison with NaN is false: without bounds nothing is shown.
    if -margin < narrow.low and narrow.high < margin:
        return "level"
    return "apart" if wide.low > 0 or wide.high < 0 else "cannot-tell"


def _detectable(differences: FloatArray, interval: Interval, power: float) -> float:
    if not interval.bounded:
        return np.nan
    towards = float(special.stdtrit(differences.size - 1, power))
    quantiles = t_quantile(interval.level, differences.size) + towards
    planned = quantiles * _standard_error(differences)
    return max(planned, (interval.high - interval.low) / 2)


def _differences(a: npt.ArrayLike, b: npt.ArrayLike, *, bound: float) -> FloatArray:
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape:
        raise ConfigError(f"`a` and `b` must be paired, got shapes {first.shape}, {second.shape}")
    # Sorted, so that the order in which clusters are listed can't reach the drawn subsets.
    return np.sort(present(checked_array("a - b", first - second, ndim=1, bound=bound)))


def _simultaneous_level(differences: FloatArray, level: float, rng: np.random.Generator) -> float:
    """Return the pointwise level at which the intervals of all steps hold together.

    Each turn of all clusters' signs, the same at every step, gives every step a p-value by its
    rank among all turns; few turns may have one as small as is still let pass.
    """
    known = ~np.isnan(differences)
    filled = np.where(known, differences, 0)
    residuals = np.where(known, filled - filled.sum(0) / np.maximum(known.sum(0), 1), 0)
    if not np.any(np.abs(residuals) > SAME):
        return level
    turns = rng.choice((-1.0, 1.0), (_TURNS, len(differences)))
    sizes = np.round(np.abs(turns @ residuals), 12)
    p_values = 1 - (stats.rankdata(sizes, method="min", axis=0) - 1) / _TURNS
    smallest = np.sort(p_values.min(axis=1))
    # The p-value that would be the first too many must not pass, nor any as small.
    too_many = smallest[int((1 - level) * _TURNS)]
    passing = smallest[smallest < too_many]
    return min(max(level, 1 - float(passing[-1])), _STRICTEST) if passing.size else _STRICTEST


def _anchor(differences: FloatArray, bound: float) -> float | None:
    """Return the value on which nearly all differences sit, if there is one."""
    if np.ptp(differences) <= SAME:
        return float(np.clip(np.mean(differences), -bound, bound))
    away = {x: int(np.sum(np.abs(differences - x) > SAME)) for x in (0.0, bound, -bound)}
    nearest = min(away, key=away.__getitem__)
    return nearest if away[nearest] < SPARSE else None


def _standard_error(differences: FloatArray) -> float:
    return float(np.std(differences, ddof=1) / np.sqrt(differences.size))


def _paired_t(differences: FloatArray, level: float) -> Interval:
    size, mean = differences.size, float(np.mean(differences))
    half = t_quantile(level, size) * _standard_error(differences)
    return Interval(mean, mean - half, mean + half, level, "paired-t", size)


def _widened_for_skew(plain: Interval, differences: FloatArray, bound: float) -> Interval:
    """Move the bound on the side of the long tail outwards, and cut both at ±`bound`."""
    size, t = differences.size, t_quantile(plain.level, differences.size)
    centred = differences - np.mean(differences)
    skewness = np.mean(centred**3) / np.mean(centred**2) ** 1.5
    unbiased = skewness * np.sqrt(size * (size - 1)) / (size - 2)
    term = unbiased * (2 * t**2 + 1) / (6 * np.sqrt(size)) * _standard_error(differences)
    bounds = plain.low + min(term, 0), plain.high + max(term, 0)
    low, high = np.clip(bounds, -bound, bound)
    return replace(plain, low=float(low), high=float(high))


def _sign_flip_interval(differences: FloatArray, level: float, seed: int) -> Interval:
    size, mean = differences.size, float(np.mean(differences))
    means = np.sort(_subset_means(differences, seed))
    # The true centre falls between two neighbouring means with chance 1 / (means + 1) each.
    rank = int((1 - level) / 2 * (means.size + 1) + SAME)
    if rank == 0:
        why = f"{size} paired clusters cannot reach level {level}"
        return unbounded(mean, level=level, clusters=size, why=why)
    low, high = float(means[rank - 1]), float(means[-rank])
    return Interval(mean, min(low, mean), max(high, mean), level, "sign-flip", size)


def _subset_means(differences: FloatArray, seed: int) -> FloatArray:
    """Return the means of a balanced family of non-empty subsets."""
    size = differences.size
    # The seed only matters beyond enumeration: without it there, one cache entry per size.
    return np.asarray(_subset_weights(size, seed if size > ENUMERATED else 0) @ differences)


@lru_cache(maxsize=32)
def _subset_weights(size: int, seed: int) -> FloatArray:
    """Return what each cluster weighs in each subset's mean, shape (subsets, clusters).

    The order statistics are exact for a group under symmetric difference, and a full-rank
    binary code is one: its 4,095 non-empty words stand in for the millions of subsets of 13 or
    more clusters.
    """
    words = min(size, ENUMERATED)
    combinations = np.arange(1, 2**words)[:, None] >> np.arange(words) & 1
    rng = np.random.default_rng(seed)
    members = combinations
    # Full rank leaves no word empty; a cluster in no word at all would be ignored.
    while members.shape[1] < size or not (members.any(axis=0).all() and members.any(axis=1).all()):
        members = combinations @ rng.integers(0, 2, (words, size)) % 2
    weights: FloatArray = members / members.sum(axis=1, keepdims=True)
    return weights
