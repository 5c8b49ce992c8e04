"""Paired differences: the same clusters under two arms, or two workers on the same clusters."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_array, checked_level, present
from worktrial.estimate.intervals import (
    DRAWS,
    SAME,
    SPARSE,
    Interval,
    anchored_bounds,
    independent_difference,
    t_quantile,
    unbounded,
    weighted_means,
)

Verdict = Literal["level", "apart", "cannot-tell"]

ENOUGH = 24
"""Below this many clusters the bounds allow for a ruin not yet seen; from it on they are t."""

_LEAST_P = 1e-6
"""No p-value is told apart from one smaller than this."""

_TURNS = 4000
"""Turns of the clusters' signs behind a band."""


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
    a: npt.ArrayLike, b: npt.ArrayLike, *, level: float = 0.95, bound: float = 1.0
) -> Interval:
    """Estimate the mean difference a − b, paired by cluster.

    Estimand: the mean of a − b over the population of clusters.
    Assumptions: clusters are independent. Below 24 of them nothing is assumed of the
    differences but that they lie within ±`bound`: a handful cannot tell of a ruin that none of
    them met, so each bound counts one cluster more, as bad (or as good) as can be, as
    `mean_interval` does. The inverted sign-flip test, which learns its width from what it saw,
    covered .67 of gaps at 6 clusters where one document in six is ruined.

    From 24 on, bounds are Student's t, widened on the side of the long tail by Hall's
    third-moment term, never narrowed on the other; they overlook a ruin too rare to be seen.
    Where fewer than five differences lie away from 0 (or from ±`bound`), or all are equal,
    Clopper–Pearson bounds on the shares below and above that value take over.

    Args:
        a: One value per cluster, shape (clusters,); NaN for a missing one, which drops the pair.
        b: The same clusters under the other arm, shape (clusters,).
        level: Two-sided confidence level, in (0, 1).
        bound: The largest possible absolute difference, in the units of `a`.

    Returns:
        Mean difference and bounds in the units of `a`; no bounds, and `why`, below two pairs or
        where fewer than 24 are asked for a level beyond .9995.

    Raises:
        ConfigError: (a ValueError) If shapes differ, a difference leaves ±`bound`, or `level`
            leaves (0, 1).

    References:
        Gaffke (2005), Mathematical Methods of Statistics 14(4), as in `mean_interval`; Hall
        (1992), On the removal of skewness by transformation, JRSS B 54(1).
    """
    level = checked_level(level)
    differences = _differences(a, b, bound=bound)
    size, mean = differences.size, float(np.mean(differences)) if differences.size else np.nan
    if size < 2:
        why = f"{size} paired cluster(s); an interval needs 2"
        return unbounded(mean, level=level, clusters=size, why=why)
    if size < ENOUGH:
        return _with_one_unseen(differences, level, bound)
    anchor = _anchor(differences, bound)
    if anchor is not None:
        reach = (-bound, bound)
        low, high = anchored_bounds(differences, anchor=anchor, reach=reach, level=level)
        return Interval(mean, min(low, mean), max(high, mean), level, "clopper-pearson", size)
    return _widened_for_skew(_paired_t(differences, level), differences, bound)


def mean_count(counts: npt.ArrayLike, *, level: float = 0.95) -> Interval:
    """Estimate the mean of a count, or of anything else from 0 on that has no largest value.

    Estimand: the mean over the population of clusters.
    Assumptions: clusters are independent, and no count is larger than twice the largest seen; the
    bounds are those of `paired_difference` from the middle of that range.

    Args:
        counts: One value per cluster, at least 0, shape (clusters,); NaN for a missing one.
        level: Two-sided confidence level, in (0, 1).

    Returns:
        Mean and bounds in the units of `counts`; no bounds, and `why`, as `paired_difference`.
    """
    known = present(checked_array("counts", counts, ndim=1, bound=np.inf))
    half = max(0.5, float(known.max(initial=0.0)))
    found = paired_difference(known, np.full(known.size, half), level=level, bound=half)
    low, value, high = (half + number for number in (found.low, found.value, found.high))
    return replace(found, value=value, low=low, high=high)


def difference_p_value(
    a: npt.ArrayLike, b: npt.ArrayLike, *, null: float = 0.0, bound: float = 1.0
) -> float:
    """Test that the mean of a − b is `null`, by the intervals of `paired_difference`.

    Estimand: one less the highest level whose interval still excludes `null`, so that test and
    interval never disagree.
    Assumptions: those of `paired_difference`. Below 24 clusters no p-value is under 1/2000: the
    bounds are quantiles of 4,000 draws.

    Args:
        a: One value per cluster, shape (clusters,); NaN drops the pair.
        b: The same clusters under the other arm, shape (clusters,).
        null: The mean difference that is to be refuted, within ±`bound`.
        bound: The largest possible absolute difference, in the units of `a`.

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
        found = paired_difference(a, b, level=level, bound=bound)
        return found.low > null or found.high < null

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
    small differences where one cluster's ruin fills the spread. Bonferroni's level where that is
    less strict: few clusters have few turns to tell steps apart by.

    Args:
        a: Scores, shape (clusters, steps); NaN for missing, which drops the pair at that step.
        b: The same clusters and steps of the other worker or arm.
        level: Two-sided confidence level, in (0, 1).
        seed: Draws the turns.

    Returns:
        Pointwise intervals and the band, in the units of `a`; no band at a step that has no bounds
        at the band's level.

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
        tuple(paired_difference(x, y, level=each) for x, y in zip(first.T, second.T, strict=True))
        for each in (level, stricter)
    )
    low, high = np.array([w.low for w in band]), np.array([w.high for w in band])
    return DifferenceCurve(steps, low, high)


def bridged_difference(
    under_one: tuple[npt.ArrayLike, npt.ArrayLike],
    under_other: tuple[npt.ArrayLike, npt.ArrayLike],
    *,
    level: float = 0.95,
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

    Returns:
        The difference and its bounds; none where one of the two has none.

    References:
        Zou and Donner (2008), Construction of confidence limits about effect measures, Statistics
        in Medicine 27(10).
    """
    one = paired_difference(*under_one, level=level)
    other = paired_difference(*under_other, level=level)
    return independent_difference(one, other, method="bridged, MOVER")


def equivalence(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    *,
    margin: float,
    level: float = 0.95,
    power: float = 0.8,
    bound: float = 1.0,
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
    wide = paired_difference(a, b, level=level, bound=bound)
    narrow = paired_difference(a, b, level=2 * level - 1, bound=bound)
    detectable = _detectable(_differences(a, b, bound=bound), wide, power, bound)
    return Equivalence(_verdict(narrow, wide, margin), wide, narrow, margin, detectable)


def _verdict(narrow: Interval, wide: Interval, margin: float) -> Verdict:
    # A comparison with NaN is false: without bounds nothing is shown.
    if -margin < narrow.low and narrow.high < margin:
        return "level"
    return "apart" if wide.low > 0 or wide.high < 0 else "cannot-tell"


def _detectable(differences: FloatArray, interval: Interval, power: float, bound: float) -> float:
    if not interval.bounded:
        return np.nan
    towards = float(special.stdtrit(differences.size - 1, power))
    quantiles = t_quantile(interval.level, differences.size) + towards
    planned = quantiles * _standard_error(differences)
    half = (interval.high - interval.low) / 2
    if differences.size < ENOUGH and half < bound:
        # What the unseen cluster weighs is missing from the difference.
        half /= 1 - half / bound
    return min(bound, max(planned, half))


def _differences(a: npt.ArrayLike, b: npt.ArrayLike, *, bound: float) -> FloatArray:
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape:
        raise ConfigError(f"`a` and `b` must be paired, got shapes {first.shape}, {second.shape}")
    # Sorted, so that the order in which clusters are listed can't reach the drawn weights.
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
    bonferroni: float = 1 - (1 - level) / differences.shape[1]
    together = 1 - float(passing[-1]) if passing.size else bonferroni
    return min(max(level, together), bonferroni)


def _with_one_unseen(differences: FloatArray, level: float, bound: float) -> Interval:
    """Return Gaffke's bounds; those of −`differences` are their mirror image."""
    mean, tail = float(np.mean(differences)), (1 - level) / 2
    if tail * DRAWS < 1:
        why = f"{differences.size} paired clusters cannot reach level {level}"
        return unbounded(mean, level=level, clusters=differences.size, why=why)
    low = _lowest_mean(differences, tail, bound)
    high = -_lowest_mean(-differences[::-1], tail, bound)
    return Interval(mean, min(low, mean), max(high, mean), level, "gaffke", differences.size)


def _lowest_mean(ascending: FloatArray, tail: float, bound: float) -> float:
    low, _ = weighted_means((ascending[:, None] / bound + 1) / 2)
    return bound * (2 * float(np.quantile(low, tail)) - 1)


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
