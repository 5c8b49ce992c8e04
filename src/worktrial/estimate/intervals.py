"""Bounds on a mean of scores that live in [0, 1], honest for few clusters and at the ceiling."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from worktrial.estimate.inputs import FloatArray, checked_level, checked_scores, present

SPARSE = 5
"""Fewer clusters than this away from one value say too little about their own spread."""

SAME = 1e-9
"""Scores closer than this are the same score: floating-point dust is not damage."""


@dataclass(frozen=True)
class Interval:
    """A number with bounds, or the reason why it has none.

    Attributes:
        value: The estimate, in the units of the scores; NaN if nothing was measured.
        low: Lower bound; NaN where `why` says that there is none.
        high: Upper bound; NaN where `why` says that there is none.
        level: Two-sided confidence level, a fraction.
        method: The construction behind the bounds.
        clusters: How many independent units were used.
        why: Why there are no bounds; None where there are.
    """

    value: float
    low: float
    high: float
    level: float
    method: str
    clusters: int
    why: str | None = None

    @property
    def bounded(self) -> bool:
        """Whether there are bounds."""
        return not np.isnan(self.low)


def unbounded(value: float, *, level: float, clusters: int, why: str) -> Interval:
    """Return an estimate without bounds, with its reason."""
    return Interval(value, np.nan, np.nan, level, "none", clusters, why)


def clopper_pearson_upper(count: float, clusters: float, *, level: float) -> float:
    """Bound a share from above by the exact binomial method.

    Estimand: the share of the population that has the property.
    Assumptions: clusters are independent.

    Args:
        count: Clusters that have the property.
        clusters: All clusters; both may be fractional where a number is an effective one.
        level: One-sided confidence level, in (0, 1).

    Returns:
        The bound, a fraction; 1 where every cluster has the property.

    References:
        Clopper and Pearson (1934), Biometrika 26(4).
    """
    if count >= clusters - SAME:
        return 1.0
    return float(special.betaincinv(count + 1, clusters - count, level))


def anchored_bounds(
    values: FloatArray, *, anchor: float, reach: tuple[float, float], level: float
) -> tuple[float, float]:
    """Bound a mean when nearly all values sit on one anchor.

    Estimand: the population mean. Whatever share lies below the anchor costs at most the way
    down to the lowest possible value, and likewise above; only the two shares are estimated,
    so no spread need be guessed from a handful of values.
    Assumptions: clusters are independent and values cannot leave `reach`.

    Args:
        values: One value per cluster, none missing, shape (clusters,).
        anchor: The value that nearly all share, in the units of `values`.
        reach: The lowest and highest possible value.
        level: Two-sided confidence level, in (0, 1); each side has half the error.

    Returns:
        Lower and upper bound, in the units of `values`.

    References:
        Clopper and Pearson (1934), Biometrika 26(4), for the two shares.
    """
    one_sided = (1 + level) / 2
    below = int(np.sum(values < anchor - SAME))
    above = int(np.sum(values > anchor + SAME))
    share_below = clopper_pearson_upper(below, values.size, level=one_sided)
    share_above = clopper_pearson_upper(above, values.size, level=one_sided)
    low, high = reach
    return anchor - share_below * (anchor - low), anchor + share_above * (high - anchor)


def t_quantile(level: float, clusters: int) -> float:
    """Return Student's two-sided quantile with `clusters` − 1 degrees of freedom."""
    return float(special.stdtrit(clusters - 1, (1 + level) / 2))


def mean_interval(scores: npt.ArrayLike, *, level: float = 0.95) -> Interval:
    """Estimate a mean score, one score per cluster.

    Estimand: the mean over the population of clusters.
    Assumptions: clusters are independent. The bounds are a delta-method t on the logit scale,
    logit(m) ± t·s/(m(1 − m)), so they stay inside [0, 1]. With fewer than five clusters away
    from 1 (or from 0), or no spread at all, the spread isn't estimable, and the Clopper–Pearson
    bound on the share away from that value takes over.

    Args:
        scores: One score in [0, 1] per cluster, shape (clusters,); NaN for a missing one.
        level: Two-sided confidence level, in (0, 1).

    Returns:
        Mean and bounds in the units of `scores`; no bounds, and `why`, below two clusters.

    Raises:
        ConfigError: (a ValueError) If `scores` is not 1-D, a score leaves [0, 1], or `level`
            leaves (0, 1).

    References:
        Miller (2024), Adding Error Bars to Evals, arXiv:2411.00640; Clopper and Pearson (1934).
    """
    level = checked_level(level)
    known = present(checked_scores("scores", scores, ndim=1))
    if known.size < 2:
        return _too_few(known, level)
    mean = float(np.mean(known))
    anchor = _anchor(known)
    if anchor is None:
        method, (low, high) = "logit-t", _logit_t(known, level)
    else:
        bounds = anchored_bounds(known, anchor=anchor, reach=(0.0, 1.0), level=level)
        method, (low, high) = "clopper-pearson", bounds
    return Interval(mean, min(low, mean), max(high, mean), level, method, known.size)


def _too_few(known: FloatArray, level: float) -> Interval:
    value = float(known[0]) if known.size else np.nan
    why = f"{known.size} cluster(s) measured; an interval needs 2"
    return unbounded(value, level=level, clusters=known.size, why=why)


def _anchor(known: FloatArray) -> float | None:
    """Return the value on which nearly all scores sit, if there is one."""
    damaged, alive = np.sum(known < 1 - SAME), np.sum(known > SAME)
    if np.ptp(known) <= SAME and damaged and alive:
        return float(np.mean(known))
    if min(damaged, alive) >= SPARSE:
        return None
    return 1.0 if damaged <= alive else 0.0


def _logit_t(known: FloatArray, level: float) -> tuple[float, float]:
    mean = np.mean(known)
    error = np.std(known, ddof=1) / np.sqrt(known.size)
    half = t_quantile(level, known.size) * error / (mean * (1 - mean))
    centre = special.logit(mean)
    return float(special.expit(centre - half)), float(special.expit(centre + half))
