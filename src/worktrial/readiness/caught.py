"""What a worker did about faults in its way: caught, repaired, after how long, at what cost."""

from collections.abc import Iterator

import numpy as np

from worktrial.estimate import Interval, mean_count, mean_interval
from worktrial.estimate.intervals import unbounded
from worktrial.evidence.findings import Estimate, from_interval
from worktrial.readiness.items import FAULTS
from worktrial.readiness.measured import BoolArray, FloatArray, Measured
from worktrial.readiness.panel import TRIAL
from worktrial.readiness.verification import SECONDS, TOKENS

RATES = {"fault_met": "met_rate", "fault_detected": "catch_rate", "fault_repaired": "repair_rate"}
"""Of items whose fault was met, but for the first."""
TURNS = "turns_to_repair"
COSTS = {
    "verification_calls": "verification_calls_per_accepted",
    TOKENS: "verification_tokens_per_accepted",
    SECONDS: "verification_seconds_per_accepted",
}
"""What was spent on checking, and its name per task that is done."""

_METHOD = "bounds of cost and of success, each at half the error"
_PERHAPS_NOTHING = "perhaps nothing is accepted: there is no upper bound"


def of_faults(found: Measured, arm: str) -> Iterator[Estimate]:
    """What is estimated of a worker where faults are seeded.

    What checking cost is never without the catch rate: who checks nothing has no cost.

    Args:
        found: What was measured of it.
        arm: The arm with the faults.
    """
    yield from _rates(found, arm)
    for kind in FAULTS:
        mine = np.array([found.faults.get(item) == kind for item in found.items], dtype=np.bool_)
        if mine.any():
            yield from _rates(found, arm, kind, mine)
    yield from _costs(found, arm)


def _rates(
    found: Measured, arm: str, kind: str | None = None, mine: BoolArray | None = None
) -> Iterator[Estimate]:
    def of(metric: str) -> FloatArray:
        values = found.by_item(arm, metric)
        return values if mine is None else np.where(mine, values, np.nan)

    met = of("fault_met")
    for metric, name in RATES.items():
        rate = _why(mean_interval(of(metric)), met, "no fault was met")
        yield _estimate(found, arm, name, rate, kind)
    turns = _why(mean_count(of(TURNS)), met, "no fault was repaired")
    yield _estimate(found, arm, TURNS, turns, kind)


def _why(interval: Interval, met: FloatArray, why: str) -> Interval:
    """Why nothing is known where the items were run."""
    if interval.clusters or not (~np.isnan(met)).any():
        return interval
    return unbounded(np.nan, level=interval.level, clusters=0, why=why)


def _costs(found: Measured, arm: str) -> Iterator[Estimate]:
    """What checking cost, a task and a task that is done."""
    success = found.by_item(arm, "success")
    for metric, name in COSTS.items():
        spent = found.by_item(arm, metric)
        if not np.isnan(spent).all():
            # Of tokens and seconds that were never spent, no largest value can be guessed.
            sure = metric == "verification_calls" or np.nanmax(spent) > 0
            for what, cost in (
                (metric, mean_count(spent)),
                (name, per_accepted(spent, success)),
            ):
                yield _estimate(found, arm, what, cost if sure else _without_bounds(cost))


def _without_bounds(cost: Interval) -> Interval:
    why = cost.why or "no check was seen"
    return unbounded(cost.value, level=cost.level, clusters=cost.clusters, why=why)


def per_accepted(spent: FloatArray, success: FloatArray, *, level: float = 0.95) -> Interval:
    """What was spent on all items over how many of them were accepted.

    The bounds are those of both means, each at half the error: the least spent over the most
    accepted, and the other way round.

    Args:
        spent: By item, at least 0; NaN where missing.
        success: By item, in [0, 1]; NaN where missing.
        level: Two-sided confidence level, in (0, 1).
    """
    both = ~np.isnan(spent) & ~np.isnan(success)
    each = (1 + level) / 2
    cost = mean_count(spent[both], level=each)
    rate = mean_interval(success[both], level=each)
    clusters = int(both.sum())
    if not rate.value > 0:
        return unbounded(np.nan, level=level, clusters=clusters, why="nothing was accepted")
    value = cost.value / rate.value
    if not (cost.bounded and rate.bounded):
        return unbounded(value, level=level, clusters=clusters, why=cost.why or rate.why or "")
    if rate.low <= 0:
        return unbounded(value, level=level, clusters=clusters, why=_PERHAPS_NOTHING)
    low, high = max(0.0, cost.low) / rate.high, cost.high / rate.low
    return Interval(value, low, high, level, _METHOD, clusters)


def _estimate(
    found: Measured, arm: str, metric: str, interval: Interval, kind: str | None = None
) -> Estimate:
    name = arm if kind is None else f"{arm}-{kind}"
    return from_interval(
        interval,
        id=f"{TRIAL}/{metric}/{found.worker}/{name}",
        trial=TRIAL,
        metric=metric,
        worker=found.worker,
        axis=kind,
        arm=arm,
        endpoint=None if kind is None else "exploratory",
    )
