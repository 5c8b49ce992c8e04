"""What would settle a number whose interval still covers a threshold."""

import math
from collections.abc import Sequence

_DUST = 1e-6
"""Of floating-point division, which must not cost an item."""


def settled_from(
    value: float,
    low: float,
    high: float,
    clusters: int,
    limits: Sequence[float],
    *,
    method: str | None = None,
    difference: bool = False,
) -> float:
    """Return how many clusters a verdict takes, if the value stays where it is.

    Estimand: the number at which the end of the interval that covers a limit has drawn back to it.
    Assumptions: an interval narrows with the square root of the clusters; one that rests on a
    handful of damaged ones (Clopper–Pearson) with their number, and so, nearly, one of a difference
    that allows for a ruin that was not met (Gaffke's below 24). The value does not move.

    Args:
        value: The estimate.
        low: Its lower bound.
        high: Its upper bound.
        clusters: How many it rests on.
        limits: What it is held against; those outside of the interval are settled.
        method: Of the interval.
        difference: Whether it is of differences, and not of scores.

    Returns:
        A number of clusters; ∞ where the value lies on a limit.
    """
    reaches = [
        _reach(value, high if limit > value else low, limit)
        for limit in limits
        if low <= limit <= high
    ]
    worst = max(reaches, default=1.0)
    if math.isinf(worst):
        return math.inf
    linear = ("clopper-pearson", "gaffke") if difference else ("clopper-pearson",)
    power = 1 if (method or "").startswith(linear) else 2
    return math.floor(clusters * worst**power + _DUST)


def _reach(middle: float, end: float, limit: float) -> float:
    """How many times too far from the middle an end is, for its limit."""
    return math.inf if limit == middle else max(1.0, (end - middle) / (limit - middle))
