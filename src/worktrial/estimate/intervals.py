"""Bounds on a mean of scores that live in [0, 1], honest for few clusters and rare disasters."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from worktrial.estimate.inputs import FloatArray, checked_level, checked_scores, present
from worktrial.estimate.unseen import unseen_weights

SPARSE = 5
"""Fewer clusters than this away from one value say too little about their own spread."""

DRAWS = 4000
"""Sets of weights; quantiles far out in the tail rest on dozens of them."""

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


def independent_difference(one: Interval, other: Interval, *, method: str) -> Interval:
    """Estimate one number less another that rests on other clusters.

    Estimand: the difference of what the two estimate.
    Assumptions: those of both, and that the two samples are independent. The distances of their
    bounds add in quadrature, which keeps their asymmetry.

    Args:
        one: An estimate.
        other: What is taken from it, at the same level.
        method: What the construction is called.

    Returns:
        The difference and its bounds; none, and `why`, where one of the two has none.

    References:
        Zou and Donner (2008), Construction of confidence limits about effect measures, Statistics
        in Medicine 27(10): MOVER.
    """
    value, clusters = one.value - other.value, min(one.clusters, other.clusters)
    if not one.bounded or not other.bounded:
        why = one.why or other.why or "one side has no bounds"
        return unbounded(value, level=one.level, clusters=clusters, why=why)
    below = float(np.hypot(one.value - one.low, other.high - other.value))
    above = float(np.hypot(one.high - one.value, other.value - other.low))
    return Interval(value, value - below, value + above, one.level, method, clusters)


def unpaired_difference(a: npt.ArrayLike, b: npt.ArrayLike, *, level: float = 0.95) -> Interval:
    """Estimate the difference of two mean scores that share no cluster.

    Estimand: the mean of a less the mean of b, each over its own population of clusters.
    Assumptions: those of `mean_interval` for each, and that the two samples are independent.

    Args:
        a: One score in [0, 1] per cluster, shape (clusters,); NaN for a missing one.
        b: Scores on other clusters, of any number.
        level: Two-sided confidence level, in (0, 1).

    Returns:
        Difference and bounds in the units of the scores; no bounds, and `why`, where one of the
        two has fewer than two clusters.

    Raises:
        ConfigError: (a ValueError) As `mean_interval`.

    References:
        Zou and Donner (2008), as in `independent_difference`.
    """
    one, other = mean_interval(a, level=level), mean_interval(b, level=level)
    return independent_difference(one, other, method="unpaired, MOVER")


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
    Assumptions: clusters are independent and scores lie in [0, 1]; nothing else. A sample of
    good documents does not rule out that one in ten is ruined, so each bound counts one cluster
    more, as bad (or as good) as a score can be, and gives all of them uniform Dirichlet weights:
    the bound is a quantile of the weighted mean. For scores that are 0 or 1, or all alike, this
    is the Clopper–Pearson bound; for many dense ones it comes near Student's.

    Args:
        scores: One score in [0, 1] per cluster, shape (clusters,); NaN for a missing one.
        level: Two-sided confidence level, in (0, 1).

    Returns:
        Mean and bounds in the units of `scores`; no bounds, and `why`, below two clusters.

    Raises:
        ConfigError: (a ValueError) If `scores` is not 1-D, a score leaves [0, 1], or `level`
            leaves (0, 1).

    References:
        Gaffke (2005), Three test statistics for a nonparametric one-sided hypothesis on the mean
        of a nonnegative variable, Mathematical Methods of Statistics 14(4); Learned-Miller and
        Thomas (2020), A new confidence interval for the mean of a bounded random variable,
        arXiv:1905.06208. That it covers is conjectured in general; see `worktrial calibrate`.
    """
    level = checked_level(level)
    known = np.sort(present(checked_scores("scores", scores, ndim=1)))
    if known.size < 2:
        return _too_few(known, level)
    low, high = weighted_means(known[:, None])
    tail = (1 - level) / 2
    return inside(float(known.mean()), low[:, 0], high[:, 0], (tail, tail), level, known.size)


def inside(
    mean: float, low: FloatArray, high: FloatArray, tails: tuple[float, float], level: float, n: int
) -> Interval:
    """Return a mean between the quantiles of its weighted means, shape (draws,) each."""
    below, above = np.quantile(low, tails[0]), np.quantile(high, 1 - tails[1])
    return Interval(mean, min(float(below), mean), max(float(above), mean), level, "gaffke", n)


def weighted_means(scores: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Draw the mean of scores and one more, unseen, which is 0 for the first and 1 for the second.

    Args:
        scores: Shape (clusters, steps); NaN for missing, at least one known at every step.

    Returns:
        Two arrays of shape (draws, steps); all steps share their weights.
    """
    known = ~np.isnan(scores)
    weights = unseen_weights(len(scores), DRAWS)
    seen, unseen = weights[:, :-1], weights[:, -1:]
    total = seen @ known.astype(float) + unseen
    low = seen @ np.where(known, scores, 0.0)
    return low / total, (low + unseen) / total


def _too_few(known: FloatArray, level: float) -> Interval:
    value = float(known[0]) if known.size else np.nan
    why = f"{known.size} cluster(s) measured; an interval needs 2"
    return unbounded(value, level=level, clusters=known.size, why=why)
