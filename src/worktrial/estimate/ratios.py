"""Ratios of totals, such as the share of all loss that lies in critical failures."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_level
from worktrial.estimate.intervals import Interval, unbounded
from worktrial.estimate.paired import paired_difference
from worktrial.estimate.unseen import lower_quantile, unseen_weights, upper_quantile


def ratio_interval(
    part: npt.ArrayLike,
    whole: npt.ArrayLike,
    *,
    level: float = 0.95,
    largest: float = 1.0,
    draws: int = 2000,
) -> Interval:
    """Estimate what share of a total lies in a part of it.

    Estimand: sum of `part` over sum of `whole`, over the population of clusters.
    Assumptions: clusters are independent, and none has a total beyond `largest`. A ratio rests
    on the largest totals, and those may not have been met: clusters are weighed at random
    together with one unseen, with the largest total, none of it in the part for the lower
    bound and all of it for the upper one. Where most totals are small and one cluster in six
    has a large one, a delta-method t covered .65 at six clusters and .88 at twelve.

    Args:
        part: The part within each cluster, shape (clusters,).
        whole: The total within each cluster, no smaller than the part.
        level: Two-sided confidence level, in (0, 1).
        largest: The largest total that a cluster can have, in the units of `whole`; if a larger
            one was seen, that one.
        draws: How many sets of weights.

    Returns:
        The ratio in [0, 1]; NaN where there is no total, without bounds where fewer than two
        clusters have one.

    Raises:
        ConfigError: (a ValueError) If shapes differ, a part is negative or exceeds its whole, or
            `level` leaves (0, 1).

    References:
        Cochran (1977), Sampling Techniques, section 6.3, for ratios; Rubin (1981), The Bayesian
        bootstrap, Annals of Statistics 9(1).
    """
    level = checked_level(level)
    parts, wholes = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    if parts.shape != wholes.shape or parts.ndim != 1:
        raise ConfigError(f"`part`, `whole` must be paired, got {parts.shape}, {wholes.shape}")
    if np.any(parts < 0) or np.any(parts > wholes):
        raise ConfigError("`part` must lie between 0 and `whole`; correct the totals")
    # Sorted, so that the order of the clusters doesn't reach the weights.
    order = np.lexsort((parts, wholes))
    parts, wholes = parts[order], wholes[order]
    parts, wholes = parts[wholes > 0], wholes[wholes > 0]
    clusters = len(parts)
    if not clusters:
        return unbounded(np.nan, level=level, clusters=0, why="there is nothing to have a share of")
    value = float(parts.sum() / wholes.sum())
    if clusters < 2:
        return unbounded(value, level=level, clusters=clusters, why="one cluster has no interval")
    weights = unseen_weights(clusters, draws)
    seen, unseen = weights[:, :-1], weights[:, -1] * max(largest, wholes[-1])
    held, total = seen @ parts, seen @ wholes + unseen
    low, high = lower_quantile(held / total, level), upper_quantile((held + unseen) / total, level)
    return Interval(value, min(low, value), max(high, value), level, "unseen bootstrap", clusters)


def ratio_of_means(
    a: npt.ArrayLike, b: npt.ArrayLike, *, level: float = 0.95, bound: float = 1.0
) -> Interval:
    """Estimate mean(a) over mean(b), paired by cluster, such as a share of a difference.

    Estimand: the ratio of the two means over the population of clusters.
    Assumptions: those of `paired_difference`, whose test is inverted: a ratio r is in the
    interval where the mean of a − r·b may be 0. This is Fieller's interval with bounds that allow
    for what few clusters did not show. Where the mean of b may be 0 the ratio has no value.

    Args:
        a: One value per cluster, shape (clusters,); NaN for a missing one, which drops the pair.
        b: The same clusters.
        level: Two-sided confidence level, in (0, 1).
        bound: The largest possible absolute value of each.

    Returns:
        The ratio and its bounds; NaN and `why` where the interval of the mean of b includes 0,
        no bounds on a side that no ratio up to ±100 settles.

    Raises:
        ConfigError: (a ValueError) If shapes differ, a value leaves ±`bound`, or `level` leaves
            (0, 1).

    References:
        Fieller (1954), Some problems in interval estimation, JRSS B 16(2).
    """
    part, whole = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if part.shape != whole.shape or part.ndim != 1:
        raise ConfigError(f"`a`, `b` must be paired, got {part.shape}, {whole.shape}")
    known = ~(np.isnan(part) | np.isnan(whole))
    part, whole = part[known], whole[known]

    def mean(differences: FloatArray, reach: float) -> Interval:
        none = np.zeros_like(differences)
        return paired_difference(differences, none, level=level, bound=bound * reach)

    return fieller(part, whole, mean)


Mean = Callable[[FloatArray, float], Interval]
"""An interval of a mean, from values and how many times their bound they may reach."""


def fieller(part: FloatArray, whole: FloatArray, mean: Mean) -> Interval:
    """Estimate mean(part) over mean(whole) by inverting an interval of a mean.

    Estimand: the ratio of the two means over the population that `mean` speaks of.
    Assumptions: those of `mean`: a ratio r is in the interval where the mean of part − r·whole
    may be 0.

    Args:
        part: Values of any shape, none missing.
        whole: The same units.
        mean: Gives the interval of a mean over such units.

    Returns:
        The ratio and its bounds; NaN and `why` where the interval of the mean of `whole` includes
        0, no bounds where on one side no ratio within 100 of the estimate settles it.

    References:
        Fieller (1954), Some problems in interval estimation, JRSS B 16(2).
    """
    base = mean(whole, 1.0)
    if not base.bounded or base.low <= 0 <= base.high:
        why = base.why or "what it is a share of may be 0"
        return unbounded(np.nan, level=base.level, clusters=base.clusters, why=why)
    value = float(part.mean() / whole.mean())
    side = 1.0 if base.value > 0 else -1.0

    def settled(ratio: float, above: bool) -> bool:
        """Whether a ratio is out of the interval, above it or below."""
        found = mean(side * (part - ratio * whole), 1 + abs(ratio))
        return found.high < 0 if above else found.low > 0

    ends = [_end(value, above, settled) for above in (False, True)]
    if None in ends:
        why = "the data bound it on one side at most"
        return unbounded(value, level=base.level, clusters=base.clusters, why=why)
    low, high = (float(end) for end in ends if end is not None)
    return Interval(value, low, high, base.level, "fieller", base.clusters)


def cost_per_success(
    costs: npt.ArrayLike, successes: npt.ArrayLike, *, level: float = 0.95
) -> Interval:
    """Estimate what a success costs: the cost of all tries over the successes among them.

    Estimand: the mean cost of a try over the mean success of a try, over the population of
    clusters: failures are paid for too.
    Assumptions: clusters are independent, and no try costs more than twice the dearest seen. It is
    Fieller's interval with the bounds of `paired_difference` from the middle of what a try can
    come to: a ratio r is in it where the mean of cost − r·success may be 0.

    Args:
        costs: Of each cluster, at least 0 in any unit, shape (clusters,); NaN drops the pair.
        successes: Of the same clusters, in [0, 1].
        level: Two-sided confidence level, in (0, 1).

    Returns:
        The ratio in the unit of `costs`, never below 0; NaN and `why` where nothing succeeded, no
        bounds and `why` below two clusters or where so little succeeded that there is no upper one.

    Raises:
        ConfigError: (a ValueError) If shapes differ, a value is out of its range, or `level` leaves
            (0, 1).

    References:
        Fieller (1954), Some problems in interval estimation, JRSS B 16(2).
    """
    level = checked_level(level)
    spent, won = _tries(costs, successes)
    if not won.any():
        why = "nothing succeeded" if won.size else "nothing was tried"
        return unbounded(np.nan, level=level, clusters=won.size, why=why)
    # So no try is above one half, and none that is to be feared above 1.
    scale = 2 * max(float(spent.max()), np.finfo(np.float64).tiny)
    part, value = spent / scale, float(spent.mean() / won.mean())
    if won.size < 2:
        return unbounded(value, level=level, clusters=1, why="one cluster has no interval")

    def settled(ratio: float, above: bool) -> bool:
        if ratio <= 0:
            return True
        found = _mean_left(part, won, ratio, level)
        return found.high < 0 if above else found.low > 0

    low, high = (_end(value / scale, above, settled) for above in (False, True))
    if high is None:
        why = "too few succeeded for an upper bound"
        return unbounded(value, level=level, clusters=won.size, why=why)
    bottom = scale * max(0.0, 0.0 if low is None else low)
    return Interval(value, bottom, scale * high, level, "fieller", won.size)


def _tries(costs: npt.ArrayLike, successes: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Costs and successes of the clusters of which both are known."""
    spent, won = (np.asarray(values, dtype=np.float64) for values in (costs, successes))
    if spent.shape != won.shape or spent.ndim != 1:
        raise ConfigError(f"`costs`, `successes` must be paired, got {spent.shape}, {won.shape}")
    if np.any(spent < 0) or np.any(np.isinf(spent)):
        worst = spent[(spent < 0) | np.isinf(spent)][0]
        raise ConfigError(f"`costs` must be at least 0 and finite, got {worst}; correct the costs")
    if np.any(won < 0) or np.any(won > 1):
        worst = won[(won < 0) | (won > 1)][0]
        raise ConfigError(f"`successes` must lie in [0, 1], got {worst}; rescale or correct it")
    known = ~(np.isnan(spent) | np.isnan(won))
    return spent[known], won[known]


def _mean_left(part: FloatArray, won: FloatArray, ratio: float, level: float) -> Interval:
    """The mean of part − ratio·won, which is −`ratio` at its least and 1 at its most."""
    middle, reach = (1 - ratio) / 2, (1 + ratio) / 2
    middles = np.full_like(part, middle)
    found = paired_difference(part - ratio * won, middles, level=level, bound=reach)
    return replace(found, low=found.low + middle, high=found.high + middle)


_FURTHEST = 100.0
"""A ratio further from its estimate than this is not looked for."""
_HALVINGS = 20


def _end(value: float, above: bool, settled: Callable[[float, bool], bool]) -> float | None:
    """Where the interval ends on a side, by doubling and then by halving."""
    inside, step = value, 0.125
    sign = 1.0 if above else -1.0
    while not settled(value + sign * step, above):
        inside, step = value + sign * step, 2 * step
        if step > _FURTHEST:
            return None
    outside = value + sign * step
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if settled(middle, above) else (middle, outside)
    return outside
