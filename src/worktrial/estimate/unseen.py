"""Resampling with room for what the sample doesn't hold.

A bootstrap never draws the cluster that was lost by chance: where few clusters carry the
damage, and none of them was met, its bounds are confident and wrong. Here one more cluster is
added, the worst that there could be, and all are weighed at random. For shares this is exactly
Clopper and Pearson's bound; for a mean of bounded scores it is Gaffke's.
"""

from functools import lru_cache

import numpy as np

from worktrial.estimate.inputs import FloatArray


@lru_cache(maxsize=32)
def unseen_weights(clusters: int, draws: int) -> FloatArray:
    """Return the weight of each cluster, and of one unseen, last; the same ones always.

    Estimand: none; weights of a Bayesian bootstrap, uniform on the simplex. They are nodes of a
    rule of integration rather than chance: the last weight, Beta(1, n), takes its quantiles one
    by one, which makes the bound of equal scores exact.
    Assumptions: clusters are independent.

    Args:
        clusters: How many were seen.
        draws: How many sets of weights.

    Returns:
        Shape (draws, clusters + 1), rows summing to 1; not to be written to.

    References:
        Rubin (1981), The Bayesian bootstrap, Annals of Statistics 9(1); Gaffke (2005), Three
        test statistics for a nonparametric one-sided hypothesis on the mean of a nonnegative
        variable, Mathematical Methods of Statistics 14(4).
    """
    quantiles = (np.arange(draws) + 0.5) / draws
    unseen = 1 - (1 - quantiles[:, None]) ** (1 / clusters)
    seen = np.random.default_rng(clusters).dirichlet(np.ones(clusters), draws)
    weights: FloatArray = np.hstack([seen * (1 - unseen), unseen])
    weights.flags.writeable = False
    return weights


def lower_quantile(values: FloatArray, level: float) -> float:
    """Return the lower bound of a two-sided interval: the draw just outside, never within."""
    return float(np.quantile(np.asarray(values, dtype=float), (1 - level) / 2, method="lower"))


def upper_quantile(values: FloatArray, level: float) -> float:
    """Return the upper bound of a two-sided interval: the draw just outside, never within."""
    return float(np.quantile(np.asarray(values, dtype=float), (1 + level) / 2, method="higher"))
