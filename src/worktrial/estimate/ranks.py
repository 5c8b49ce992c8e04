"""Ranks: would the proxy have put the workers in the order that the work does?"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_level, checked_scores
from worktrial.estimate.intervals import SAME, SPARSE, Interval, t_quantile, unbounded

WORKERS = 3
"""With two workers there is one pair: its chance to flip says all there is."""


class Flip(NamedTuple):
    """The chance that work reverses the order in which a proxy puts two workers.

    Attributes:
        probability: A fraction; NaN where `why` says that there is none.
        clusters: How many independent units were used.
        why: Why there is no probability; None where there is.
    """

    probability: float
    clusters: int
    why: str | None = None


def rank_agreement(
    proxy: npt.ArrayLike, work: npt.ArrayLike, *, seed: int, level: float = 0.95, draws: int = 2000
) -> Interval:
    """Estimate how far two arms agree on the order of workers, by Kendall's tau-b.

    Estimand: tau-b between the workers' mean scores under the proxy and under the work arm.
    Assumptions: clusters are independent and shared by workers and arms; all of a cluster is
    resampled together. Resampled means are spread by √(n/(n − 1))·t/z, since the plain
    percentile bootstrap is too narrow for few clusters.

    Args:
        proxy: Scores in [0, 1], shape (workers, clusters); NaN drops the cluster for all.
        work: The same workers and clusters under the work arm.
        seed: Draws the bootstrap.
        level: Two-sided confidence level, in (0, 1).
        draws: Bootstrap resamples.

    Returns:
        Tau-b in [−1, 1] and its bounds; no bounds, and `why`, below five clusters or where no
        resample differs; no value below three workers, or where an arm ties them all.

    Raises:
        ConfigError: (a ValueError) If shapes differ, a score leaves [0, 1], or `level` leaves
            (0, 1).

    References:
        Kendall (1945), The treatment of ties in ranking problems, Biometrika 33(3).
    """
    level = checked_level(level)
    first, second = _shared_clusters(proxy, work)
    workers, clusters = first.shape
    if workers < WORKERS:
        why = f"{workers} worker(s); rank agreement needs {WORKERS}"
        return unbounded(np.nan, level=level, clusters=clusters, why=why)
    if not clusters:
        return unbounded(np.nan, level=level, clusters=0, why="no cluster is complete")
    tau = float(_tau_b(first.mean(axis=1)[None], second.mean(axis=1)[None])[0])
    if np.isnan(tau):
        return unbounded(tau, level=level, clusters=clusters, why="an arm ties all workers")
    if clusters < SPARSE:
        why = f"{clusters} cluster(s); resampling needs {SPARSE}"
        return unbounded(tau, level=level, clusters=clusters, why=why)
    # A resample that ties all workers shows no agreement either way.
    resampled = np.nan_to_num(_tau_b(*_resampled_means(first, second, seed, draws, level)))
    low, high = np.quantile(resampled, [(1 - level) / 2, (1 + level) / 2])
    if low == high:
        why = "every resample gave the same two orders, which is no interval"
        return unbounded(tau, level=level, clusters=clusters, why=why)
    bounds = min(float(low), tau), max(float(high), tau)
    return Interval(tau, *bounds, level, "tau-b, cluster bootstrap", clusters)


def p_flip(proxy: npt.ArrayLike, work: npt.ArrayLike, *, seed: int, draws: int = 2000) -> Flip:
    """Estimate the chance that the work arm reverses the proxy's order of two workers.

    Estimand: the probability, over samples of clusters like this one, that the mean
    difference between the two workers has opposite signs under the two arms; a tie counts half.
    Assumptions: those of `rank_agreement`.

    Args:
        proxy: Scores in [0, 1], shape (2, clusters); NaN drops the cluster.
        work: The same workers and clusters under the work arm.
        seed: Draws the bootstrap.
        draws: Bootstrap resamples.

    Returns:
        A probability; none, and `why`, below five clusters.

    Raises:
        ConfigError: (a ValueError) If shapes differ, there aren't two workers, or a score
            leaves [0, 1].

    References:
        Efron and Tibshirani (1998), The problem of regions, Annals of Statistics 26(5).
    """
    first, second = _shared_clusters(proxy, work)
    if len(first) != 2:
        raise ConfigError(f"`proxy` must hold two workers, got {len(first)}; pass one pair")
    clusters = first.shape[1]
    if clusters < SPARSE:
        return Flip(np.nan, clusters, f"{clusters} cluster(s); resampling needs {SPARSE}")
    means = _resampled_means(first, second, seed, draws, level=0.95)
    orders = [_order(arm[:, 0] - arm[:, 1]) for arm in means]
    return Flip(float(np.mean((1 - orders[0] * orders[1]) / 2)), clusters)


def _shared_clusters(proxy: npt.ArrayLike, work: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    first = checked_scores("proxy", proxy, ndim=2)
    second = checked_scores("work", work, ndim=2)
    if first.shape != second.shape:
        raise ConfigError(f"`proxy`, `work` must be paired, got {first.shape}, {second.shape}")
    complete = ~np.isnan(first + second).any(axis=0)
    return first[:, complete], second[:, complete]


def _resampled_means(
    first: FloatArray, second: FloatArray, seed: int, draws: int, level: float
) -> tuple[FloatArray, FloatArray]:
    size = first.shape[1]
    z = t_quantile(level, 10**9)
    inflation = np.sqrt(size / (size - 1)) * t_quantile(level, size) / z
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(size, np.full(size, 1 / size), size=draws)
    # Weights that sum to 1: a resample's mean, moved away from the sample's by the inflation.
    weights = (1 + inflation * (counts - 1)) / size
    return weights @ first.T, weights @ second.T


def _order(differences: FloatArray) -> FloatArray:
    return np.where(np.abs(differences) <= SAME, 0.0, np.sign(differences))


def _tau_b(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return tau-b of each row: scipy's, for thousands of resamples at once."""
    i, j = np.triu_indices(first.shape[1], k=1)
    one, two = _order(first[:, i] - first[:, j]), _order(second[:, i] - second[:, j])
    untied = np.sqrt(np.sum(one**2, axis=1) * np.sum(two**2, axis=1))
    agreed = np.sum(one * two, axis=1)
    tau: FloatArray = np.divide(agreed, untied, out=np.full(len(untied), np.nan), where=untied > 0)
    return tau
