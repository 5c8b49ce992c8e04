"""Reliability over replicates: what succeeds every time, and what succeeds at least once."""

import numpy as np
import numpy.typing as npt
from scipy import special

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_scores
from worktrial.estimate.intervals import Interval, mean_interval


def pass_hat_k(passes: npt.ArrayLike, *, k: int, level: float = 0.95) -> Interval:
    """Estimate the chance that k tries at an item all pass: pass^k.

    Estimand: the mean over the population of items of p^k, p an item's own chance to pass.
    Assumptions: items are independent, and tries at one item are independent of each other.
    C(c, k)/C(n, k) of an item with c of n tries passed has the expectation p^k exactly, so an
    item's own luck adds no bias; items are the unit that the interval is over.

    Args:
        passes: 1 for a try that passed, 0 for one that failed, shape (items, replicates); NaN
            for one not made or broken by infrastructure.
        k: How many tries must pass.
        level: Two-sided confidence level, in (0, 1).

    Returns:
        A fraction with bounds, over the items with at least k tries; NaN, and `why`, where no
        item has as many.

    Raises:
        ConfigError: (a ValueError) If a value is neither 0 nor 1, the shape isn't 2-D, `k` is
            not positive, or `level` leaves (0, 1).

    References:
        Yao et al. (2024), τ-bench, arXiv:2406.12045, for pass^k; Hoeffding (1948), for the
        unbiased form.
    """
    passed, tried = _counts(passes, k)
    return mean_interval(special.comb(passed, k) / special.comb(tried, k), level=level)


def pass_at_k(passes: npt.ArrayLike, *, k: int, level: float = 0.95) -> Interval:
    """Estimate the chance that at least one of k tries at an item passes: pass@k.

    Estimand: the mean over the population of items of 1 − (1 − p)^k.
    Assumptions: those of `pass_hat_k`. A user can only profit from it who sees which try passed.

    Args:
        passes: 1 for a try that passed, 0 for one that failed, shape (items, replicates); NaN
            for one not made or broken by infrastructure.
        k: How many tries there are.
        level: Two-sided confidence level, in (0, 1).

    Returns:
        A fraction with bounds, over the items with at least k tries; NaN, and `why`, where no
        item has as many.

    Raises:
        ConfigError: (a ValueError) As `pass_hat_k`.

    References:
        Chen et al. (2021), Evaluating large language models trained on code, arXiv:2107.03374.
    """
    passed, tried = _counts(passes, k)
    return mean_interval(1 - special.comb(tried - passed, k) / special.comb(tried, k), level=level)


def _counts(passes: npt.ArrayLike, k: int) -> tuple[FloatArray, FloatArray]:
    """Return how many tries passed and how many there were, of each item with at least k."""
    if k < 1:
        raise ConfigError(f"`k` must be positive, got {k}; write 1 for a single try")
    tries = checked_scores("passes", passes, ndim=2)
    known = ~np.isnan(tries)
    if np.any(known & (tries != 0) & (tries != 1)):
        worst = tries[known & (tries != 0) & (tries != 1)][0]
        raise ConfigError(f"`passes` must be 0 or 1, got {worst}; hold scores against a threshold")
    tried = known.sum(axis=1).astype(np.float64)
    return np.nansum(tries, axis=1)[tried >= k], tried[tried >= k]
