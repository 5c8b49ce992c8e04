"""Resampling with room for what the sample doesn't hold.

A bootstrap never draws the cluster that was lost by chance: where few clusters carry the
damage, and none of them was met, its bounds are confident and wrong. Here one more cluster is
added, the worst that there could be, and all are weighed at random. For shares this is exactly
Clopper and Pearson's bound; for a mean of bounded scores it is Gaffke's.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from worktrial.estimate.inputs import FloatArray


@lru_cache(maxsize=64)
def unseen_weights(size: int, *, draws: int, seed: int) -> FloatArray:
    """Draw the weight of each cluster, and of one unseen.

    Estimand: none; weights of a Bayesian bootstrap, uniform on the simplex.
    Assumptions: clusters are independent.

    Args:
        size: How many clusters were seen.
        draws: How many sets of weights.
        seed: Draws them.

    Returns:
        Shape (draws, size + 1), rows summing to 1; the last column is the unseen cluster's.

    References:
        Rubin (1981), The Bayesian bootstrap, Annals of Statistics 9(1); Gaffke (2005), Three
        test statistics for a nonparametric one-sided hypothesis on the mean of a nonnegative
        variable, Mathematical Methods of Statistics 14(4).
    """
    weights: FloatArray = np.random.default_rng(seed).exponential(size=(draws, size + 1))
    weights /= weights.sum(axis=1, keepdims=True)
    # Cached, so nobody may change it.
    weights.flags.writeable = False
    return weights


def lower_quantile(values: npt.ArrayLike, level: float) -> float:
    """Return the lower bound of a two-sided interval: the draw just outside, never within."""
    return float(np.quantile(values, (1 - level) / 2, method="lower"))


def upper_quantile(values: npt.ArrayLike, level: float) -> float:
    """Return the upper bound of a two-sided interval: the draw just outside, never within."""
    return float(np.quantile(values, (1 + level) / 2, method="higher"))
