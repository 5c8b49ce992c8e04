"""Time to a first event, where some relays end before it comes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_level
from worktrial.estimate.intervals import SAME, Interval, clopper_pearson_upper, unbounded


@dataclass(frozen=True)
class EventTimes:
    """How many are still without the event, over time.

    Attributes:
        times: Distinct times at which something ended, increasing, in the units given.
        surviving: Share without the event just after each time, shape (times,).
        low: Pointwise lower bound of `surviving`.
        high: Pointwise upper bound of `surviving`.
        at_risk: Clusters still watched just before each time.
        median: The time by which half have had the event, with bounds. Its value is NaN where
            half is never reached, and `why` says "> K"; so is its upper bound.
    """

    times: FloatArray
    surviving: FloatArray
    low: FloatArray
    high: FloatArray
    at_risk: npt.NDArray[np.int_]
    median: Interval


def event_times(
    times: npt.ArrayLike, observed: npt.ArrayLike, *, level: float = 0.95
) -> EventTimes:
    """Estimate the time to a first event by Kaplan and Meier's product.

    Estimand: the share of clusters without the event after each time, and its median.
    Assumptions: clusters are independent; what ends the watch early (infrastructure, the end of
    the relay) has nothing to do with when the event would have come. Bounds are
    Clopper–Pearson's with the effective number of clusters, at risk / surviving: exact without
    censoring, never of zero width, where Greenwood's formula has none before the first event.

    Args:
        times: Time of the event, or of the end of the watch, shape (clusters,); NaN drops one.
        observed: Whether the event was seen at that time, shape (clusters,).
        level: Two-sided confidence level of each bound, in (0, 1).

    Returns:
        Survival with pointwise bounds, and the median, in the units of `times`.

    Raises:
        ConfigError: (a ValueError) If shapes differ, a time is negative, or `level` leaves (0, 1).

    References:
        Kaplan and Meier (1958), JASA 53(282); Dorey and Korn (1987), Statistics in Medicine
        6(6), for the effective number; Brookmeyer and Crowley (1982), Biometrics 38(1).
    """
    level = checked_level(level)
    ends, seen = _checked(times, observed)
    if not ends.size:
        nothing = unbounded(np.nan, level=level, clusters=0, why="no cluster was watched")
        none = np.array([])
        return EventTimes(none, none, none, none, np.array([], dtype=np.int_), nothing)
    product = stats.ecdf(stats.CensoredData(uncensored=ends[seen], right=ends[~seen])).sf
    moments, surviving = product.quantiles, product.probabilities
    at_risk = np.array([np.sum(ends >= moment) for moment in moments])
    low, high = _bounds(surviving, at_risk, level)
    median = _median(moments, surviving, low, high, level=level, clusters=ends.size)
    return EventTimes(moments, surviving, low, high, at_risk, median)


def _checked(
    times: npt.ArrayLike, observed: npt.ArrayLike
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    ends, seen = np.asarray(times, dtype=np.float64), np.asarray(observed, dtype=np.bool_)
    if ends.shape != seen.shape or ends.ndim != 1:
        raise ConfigError(f"`times`, `observed` must be paired, got {ends.shape}, {seen.shape}")
    if np.any(ends < 0):
        raise ConfigError(f"`times` must not be negative, got {ends.min()}; count from 0")
    known = ~np.isnan(ends)
    return ends[known], seen[known]


def _bounds(
    surviving: FloatArray, at_risk: npt.NDArray[np.int_], level: float
) -> tuple[FloatArray, FloatArray]:
    # The last one watched may have the event: after it nobody survives, but some did before.
    before = np.concatenate([[1.0], surviving[:-1]])
    effective = at_risk / np.where(before > 0, before, 1.0)
    low, high = np.empty_like(surviving), np.empty_like(surviving)
    for i, (share, clusters) in enumerate(zip(surviving, effective, strict=True)):
        side = (1 + level) / 2
        low[i] = 1 - clopper_pearson_upper((1 - share) * clusters, clusters, level=side)
        high[i] = clopper_pearson_upper(share * clusters, clusters, level=side)
    return low, high


def _median(
    times: FloatArray,
    surviving: FloatArray,
    low: FloatArray,
    high: FloatArray,
    *,
    level: float,
    clusters: int,
) -> Interval:
    value, first, last = (_first_half(times, share) for share in (surviving, low, high))
    end = float(times[-1])
    if clusters < 2:
        few = f"{clusters} cluster(s) watched; an interval needs 2"
        return unbounded(value, level=level, clusters=clusters, why=few)
    # Not even the lower bound falls to a half: the median is beyond the watch.
    first = end if np.isnan(first) else first
    why = f"> {end:g}: more than half had no event by then" if np.isnan(value) else None
    return Interval(value, first, last, level, "kaplan-meier", clusters, why)


def _first_half(times: FloatArray, share: FloatArray) -> float:
    reached = np.flatnonzero(share <= 0.5 + SAME)
    return float(times[reached[0]]) if reached.size else np.nan
