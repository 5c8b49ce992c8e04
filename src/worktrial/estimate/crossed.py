"""Means over runs and items at once: the same items, measured in several independent runs."""

import numpy as np
import numpy.typing as npt
from scipy import special

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_array, checked_level
from worktrial.estimate.intervals import SAME, Interval, anchored_bounds, unbounded
from worktrial.estimate.ratios import fieller


def crossed_mean(values: npt.ArrayLike, *, level: float = 0.95, bound: float = 1.0) -> Interval:
    """Estimate a mean where both the runs and the items are samples.

    Estimand: the mean over the population of runs (such as trainings that differ in their seed)
    and over that of items.
    Assumptions: runs are independent, and so are items; every item is measured once in every run,
    and one that is missing in any run is left out of all. A run's effect is roughly normal: three
    runs cannot tell of a fourth that is unlike them. The variance of the mean adds the mean
    square of runs to that of items and takes off the residual's, which both hold; neither counts
    for less than the residual, so no component is ever negative. Each part of the variance has
    the degrees of freedom of its mean square, the residual the fewest of them, and Student's t
    has their harmonic mean, weighed by the parts. Satterthwaite's approximation weighs by their
    squares, and trusts too far a small spread seen between a few runs: it covered .92 at three
    runs and .88 at two, where this covers .94 and .92 at worst.

    Args:
        values: One value a cell, such as differences, shape (runs, items); NaN for a missing one.
        level: Two-sided confidence level, in (0, 1).
        bound: The largest possible absolute value, in the units of `values`.

    Returns:
        The mean and its bounds, within ±`bound`; `clusters` counts the runs. No bounds, and
        `why`, below two runs or two complete items.

    Raises:
        ConfigError: (a ValueError) If `values` isn't 2-D or leaves ±`bound`, or `level` leaves
            (0, 1).

    References:
        Searle, Casella and McCulloch (1992), Variance Components, chapter 4; Satterthwaite
        (1946), An approximate distribution of estimates of variance components, Biometrics
        Bulletin 2(6), for what is departed from.
    """
    level = checked_level(level)
    return _interval(_complete(checked_array("values", values, ndim=2, bound=bound)), level, bound)


def crossed_p_value(
    values: npt.ArrayLike, *, above: bool, null: float = 0.0, bound: float = 1.0
) -> float:
    """Test a mean over runs and items on one side, by the statistic of `crossed_mean`.

    Estimand: the least error at which a one-sided bound of `crossed_mean` still excludes `null`:
    the p-value is below (1 − level)/2 where, and only where, its bound at that level does.
    Assumptions: those of `crossed_mean`.

    Args:
        values: One value a cell, shape (runs, items); NaN drops the item.
        above: Whether the mean is held to be above `null` (against at most `null`), or below.
        null: The mean that is to be refuted, within ±`bound`.
        bound: The largest possible absolute value, in the units of `values`.

    Returns:
        A one-sided p-value; NaN below two runs or two complete items.

    Raises:
        ConfigError: (a ValueError) If `values` isn't 2-D, or it or `null` leaves ±`bound`.
    """
    if not abs(null) <= bound:
        raise ConfigError(f"`null` must lie within ±{bound}, got {null}; no mean can be beyond")
    side = 1.0 if above else -1.0
    cells = side * _complete(checked_array("values", values, ndim=2, bound=bound))
    if min(cells.shape) < 2:
        return np.nan
    mean, null = float(cells.mean()), side * null
    if _is_constant(cells):
        # For a mean of `null` at most so many items are like these: the chance that all seen are.
        alike = 1.0 if null >= mean else (null + bound) / (mean + bound)
        return float(alike ** cells.shape[1])
    error, freedom = _standard_error(cells)
    return float(special.stdtr(freedom, (null - mean) / error))


def crossed_ratio(
    part: npt.ArrayLike, whole: npt.ArrayLike, *, level: float = 0.95, bound: float = 1.0
) -> Interval:
    """Estimate mean(part) over mean(whole) where both the runs and the items are samples.

    Estimand: the ratio of the two means over the populations of runs and of items.
    Assumptions: those of `crossed_mean`, whose test is inverted as in `ratio_of_means`.

    Args:
        part: One value a cell, shape (runs, items); NaN for a missing one, which drops the item.
        whole: The same runs and items.
        level: Two-sided confidence level, in (0, 1).
        bound: The largest possible absolute value of each.

    Returns:
        The ratio and its bounds; `clusters` counts the runs. NaN and `why` where the interval of
        the mean of `whole` includes 0; no bounds where the data settle one side at most.

    Raises:
        ConfigError: (a ValueError) If shapes differ, a value leaves ±`bound`, or `level` leaves
            (0, 1).

    References:
        Fieller (1954), Some problems in interval estimation, JRSS B 16(2).
    """
    level = checked_level(level)
    one = checked_array("part", part, ndim=2, bound=bound)
    other = checked_array("whole", whole, ndim=2, bound=bound)
    if one.shape != other.shape:
        raise ConfigError(f"`part`, `whole` must be paired, got {one.shape}, {other.shape}")
    known = ~np.isnan(one + other).any(axis=0)

    def mean(cells: FloatArray, reach: float) -> Interval:
        return _interval(cells, level, bound * reach)

    return fieller(one[:, known], other[:, known], mean)


def _complete(values: FloatArray) -> FloatArray:
    return values[:, ~np.isnan(values).any(axis=0)]


def _interval(cells: FloatArray, level: float, bound: float) -> Interval:
    """Bound the mean of a full table."""
    runs, items = cells.shape
    mean = float(cells.mean()) if cells.size else np.nan
    if runs < 2 or items < 2:
        few, count = ("run", runs) if runs < 2 else ("complete item", items)
        why = f"{count} {few}{'' if count == 1 else 's'}; an interval needs 2"
        return unbounded(mean, level=level, clusters=runs, why=why)
    if _is_constant(cells):
        # Runs that vary nowhere have by the assumption no effect; what normality doesn't speak of
        # is an item unlike these, so the items are counted, as a paired difference counts them.
        reach = (-bound, bound)
        low, high = anchored_bounds(cells[0], anchor=mean, reach=reach, level=level)
        return Interval(mean, min(low, mean), max(high, mean), level, "clopper-pearson", runs)
    error, freedom = _standard_error(cells)
    half = float(special.stdtrit(freedom, (1 + level) / 2)) * error
    low, high = max(mean - half, -bound), min(mean + half, bound)
    return Interval(mean, low, high, level, "crossed t", runs)


def _is_constant(cells: FloatArray) -> bool:
    return bool(np.ptp(cells) <= SAME)


def _standard_error(cells: FloatArray) -> tuple[float, float]:
    """Return the standard error of the mean and its degrees of freedom."""
    runs, items = cells.shape
    of_runs, of_items, residual = _mean_squares(cells)
    # What each adds beyond the residual; from few levels that can come out below 0.
    excess_of_runs, excess_of_items = (max(s - residual, 0.0) for s in (of_runs, of_items))
    total = residual + excess_of_runs + excess_of_items
    fewest = min(runs, items) - 1
    share = residual / fewest + excess_of_runs / (runs - 1) + excess_of_items / (items - 1)
    return (total / cells.size) ** 0.5, total / share


def _mean_squares(cells: FloatArray) -> tuple[float, float, float]:
    """Return those of runs, of items and of the residual."""
    runs, items = cells.shape
    of_run, of_item = cells.mean(axis=1, keepdims=True), cells.mean(axis=0, keepdims=True)
    rest = cells - of_run - of_item + cells.mean()
    return (
        items * float(np.var(of_run, ddof=1)),
        runs * float(np.var(of_item, ddof=1)),
        float(np.sum(rest**2)) / ((runs - 1) * (items - 1)),
    )
