"""Ratios of totals, such as the share of all loss that lies in critical failures."""

import numpy as np
import numpy.typing as npt
from scipy import stats

from worktrial.estimate.inputs import FloatArray, checked_level
from worktrial.estimate.intervals import Interval, unbounded

_FEWEST = 8
"""Below this a bootstrap of clusters promises more than it keeps."""


def ratio_interval(
    part: npt.ArrayLike, whole: npt.ArrayLike, *, seed: int, level: float = 0.95, draws: int = 2000
) -> Interval:
    """Estimate what share of a total lies in a part of it.

    Estimand: sum of `part` over sum of `whole`, over the population of clusters.
    Assumptions: clusters are independent; descriptive, no claim should rest on it: the
    percentile bootstrap covers somewhat less than its level with few or very unequal clusters.

    Args:
        part: The part within each cluster, shape (clusters,).
        whole: The total within each cluster, no smaller than the part.
        seed: Draws the bootstrap.
        level: Two-sided confidence level, in (0, 1).
        draws: Bootstrap resamples of clusters.

    Returns:
        The ratio in [0, 1]; NaN where there is no total, without bounds below eight clusters
        that have one.

    References:
        Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.
    """
    level = checked_level(level)
    parts, wholes = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    some = wholes > 0
    if not some.any():
        return unbounded(np.nan, level=level, clusters=0, why="there is nothing to have a share of")
    parts, wholes = parts[some], wholes[some]
    clusters = len(parts)
    value = float(parts.sum() / wholes.sum())
    if clusters < _FEWEST:
        why = f"{clusters} clusters with a total, bounds need {_FEWEST}"
        return unbounded(value, level=level, clusters=clusters, why=why)
    found = stats.bootstrap(
        (parts, wholes), _ratio, paired=True, vectorized=True, n_resamples=draws,
        confidence_level=level, method="percentile", rng=np.random.default_rng(seed),
    ).confidence_interval  # fmt: skip
    low, high = float(found.low), float(found.high)
    return Interval(value, low, high, level, "cluster-bootstrap", clusters)


def _ratio(part: FloatArray, whole: FloatArray, axis: int = -1) -> FloatArray:
    return np.asarray(part.sum(axis=axis) / whole.sum(axis=axis))
