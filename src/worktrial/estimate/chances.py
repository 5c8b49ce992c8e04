"""Chances, over resamples of clusters, that an order of workers comes out one way or another."""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_scores
from worktrial.estimate.intervals import SAME, SPARSE, t_quantile
from worktrial.estimate.ranks import complete_clusters, order_of, own_clusters, shared_clusters
from worktrial.randomness import derive


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


class Flips(NamedTuple):
    """The same for every pair of workers.

    Attributes:
        probability: Fractions, shape (workers, workers), symmetric; NaN on the diagonal, and
            throughout where `why` says that there are none.
        clusters: How many independent units were used.
        why: Why there are no probabilities; None where there are.
    """

    probability: FloatArray
    clusters: int
    why: str | None = None


class Chances(NamedTuple):
    """For every worker, the share of resamples in which something is so.

    Attributes:
        probability: Fractions, shape (workers,); NaN where `why` says that there are none.
        clusters: How many independent units were used.
        why: Why there are no probabilities; None where there are.
    """

    probability: FloatArray
    clusters: int
    why: str | None = None


def p_flip(
    proxy: npt.ArrayLike,
    work: npt.ArrayLike,
    *,
    seed: int,
    draws: int = 2000,
    shared: bool = True,
) -> Flip:
    """Estimate the chance that the work arm reverses the proxy's order of two workers.

    Estimand: the probability, over samples of clusters like this one, that the mean
    difference between the two workers has opposite signs under the two arms; a tie counts half.
    Assumptions: those of `rank_flips`.

    Args:
        proxy: Scores in [0, 1], shape (2, clusters); NaN drops the cluster.
        work: The same workers and clusters under the work arm.
        seed: Draws the bootstrap.
        draws: Bootstrap resamples.
        shared: Whether the arms share their clusters; if not, each is resampled by itself.

    Returns:
        A probability; none, and `why`, below five clusters.

    Raises:
        ConfigError: (a ValueError) If shapes differ, there aren't two workers, or a score
            leaves [0, 1].

    References:
        Efron and Tibshirani (1998), The problem of regions, Annals of Statistics 26(5).
    """
    flips = rank_flips(proxy, work, seed=seed, draws=draws, shared=shared)
    if len(flips.probability) != 2:
        raise ConfigError(
            f"`proxy` must hold two workers, got {len(flips.probability)}; pass one pair"
        )
    return Flip(float(flips.probability[0, 1]), flips.clusters, flips.why)


def rank_flips(
    proxy: npt.ArrayLike,
    work: npt.ArrayLike,
    *,
    seed: int,
    draws: int = 2000,
    shared: bool = True,
) -> Flips:
    """Estimate for each pair of workers the chance that work reverses the proxy's order.

    Estimand: as `p_flip`, for all pairs on the same resamples.
    Assumptions: clusters are independent and shared by workers, and by arms unless these are said
    to have clusters of their own; all of a cluster is resampled together. Resampled means are
    spread by √(n/(n − 1))·t/z, since the plain bootstrap is too narrow for few clusters.

    Args:
        proxy: Scores in [0, 1], shape (workers, clusters); NaN drops the cluster for all.
        work: The same workers and clusters under the work arm.
        seed: Draws the bootstrap.
        draws: Bootstrap resamples.
        shared: Whether the arms share their clusters; if not, each is resampled by itself.

    Returns:
        A symmetric matrix; NaN, and `why`, below five clusters.

    Raises:
        ConfigError: (a ValueError) If shapes differ or a score leaves [0, 1].

    References:
        Efron and Tibshirani (1998), The problem of regions, Annals of Statistics 26(5).
    """
    first, second = shared_clusters(proxy, work) if shared else own_clusters(proxy, work)
    workers, clusters = first.shape[0], min(first.shape[1], second.shape[1])
    flips = np.full((workers, workers), np.nan)
    if clusters < SPARSE:
        return Flips(flips, clusters, f"{clusters} cluster(s); resampling needs {SPARSE}")
    # The same draw of clusters serves both arms where they share them, and two where not.
    seeds = (seed, seed) if shared else (seed, derive(seed, "work") % 2**32)
    one, two = (_resampled_means(a, s, draws) for a, s in zip((first, second), seeds, strict=True))
    for i, j in combinations(range(workers), 2):
        agreed = order_of(one[:, i] - one[:, j]) * order_of(two[:, i] - two[:, j])
        flips[i, j] = flips[j, i] = np.mean((1 - agreed) / 2)
    return Flips(flips, clusters)


def p_best(scores: npt.ArrayLike, *, seed: int, draws: int = 2000) -> Chances:
    """Estimate for each worker the chance to have the highest mean.

    Estimand: the probability, over samples of clusters like this one, that no worker's mean is
    higher; workers that tie for it share it.
    Assumptions: those of `rank_flips`. It describes resamples of these clusters; which workers
    may be the best is told by `model_confidence_set` and `rank_intervals`.

    Args:
        scores: Scores in [0, 1], shape (workers, clusters); NaN drops the cluster for all.
        seed: Draws the bootstrap.
        draws: Bootstrap resamples.

    Returns:
        Probabilities that sum to 1; NaN, and `why`, below five clusters.

    Raises:
        ConfigError: (a ValueError) If `scores` isn't 2-D or a score leaves [0, 1].

    References:
        Efron and Tibshirani (1998), The problem of regions, Annals of Statistics 26(5).
    """
    complete = complete_clusters(checked_scores("scores", scores, ndim=2))
    workers, clusters = complete.shape
    if clusters < SPARSE:
        why = f"{clusters} cluster(s); resampling needs {SPARSE}"
        return Chances(np.full(workers, np.nan), clusters, why)
    means = _resampled_means(complete, seed, draws)
    return Chances(share_of_best(means), clusters)


def share_of_best(means: FloatArray) -> FloatArray:
    """How often each worker is best, shape (workers,); `means` has shape (draws, workers)."""
    best = means >= means.max(axis=1, keepdims=True) - SAME
    shares: FloatArray = np.mean(best / best.sum(axis=1, keepdims=True), axis=0)
    return shares


def p_non_dominated(scores: npt.ArrayLike, *, seed: int, draws: int = 2000) -> Chances:
    """Estimate for each worker the chance that none other is as good on every axis.

    Estimand: the probability, over samples of clusters like this one, that no other worker is
    at least as good on every axis and better on one: that the worker is on the Pareto front.
    Assumptions: those of `rank_flips`. An axis rests on the clusters where it applies to all.

    Args:
        scores: Scores in [0, 1], higher is better, shape (workers, axes, clusters); NaN where
            an axis doesn't apply drops that cluster from that axis for all workers.
        seed: Draws the bootstrap.
        draws: Bootstrap resamples.

    Returns:
        Probabilities; NaN, and `why`, where an axis applies to fewer than five clusters.

    Raises:
        ConfigError: (a ValueError) If `scores` isn't 3-D or a score leaves [0, 1].

    References:
        Efron and Tibshirani (1998), The problem of regions, Annals of Statistics 26(5).
    """
    values = checked_scores("scores", scores, ndim=3)
    workers, _, clusters = values.shape
    applies = np.asarray(~np.isnan(values).any(axis=0))
    fewest = int(applies.sum(axis=1).min(initial=clusters))
    if fewest < SPARSE:
        why = f"an axis applies to {fewest} cluster(s); resampling needs {SPARSE}"
        return Chances(np.full(workers, np.nan), clusters, why)
    # Shape (draws, workers, axes).
    means = np.stack([_axis_means(*axis, seed, draws) for axis in _axes(values, applies)], axis=2)
    return Chances(np.mean(on_front(means), axis=0), clusters)


def on_front(means: FloatArray) -> npt.NDArray[np.bool_]:
    """Which workers no other one is as good as on every axis and better than on one.

    Args:
        means: Shape (draws, workers, axes); higher is better.

    Returns:
        Shape (draws, workers).
    """
    dominated = np.zeros(means.shape[:2], dtype=np.bool_)
    for other in range(means.shape[1]):
        ahead = order_of(means[:, [other]] - means)
        dominated |= np.all(ahead >= 0, axis=2) & np.any(ahead > 0, axis=2)
    return ~dominated


def _axes(
    values: FloatArray, applies: npt.NDArray[np.bool_]
) -> Iterator[tuple[FloatArray, npt.NDArray[np.bool_]]]:
    for axis, where in enumerate(applies):
        yield values[:, axis], where


def _axis_means(
    scores: FloatArray, where: npt.NDArray[np.bool_], seed: int, draws: int
) -> FloatArray:
    weights = _resampling_weights(where.size, seed, draws)[:, where]
    known = scores[:, where]
    mean = known.mean(axis=1)
    # The same draw of clusters serves all axes; an axis's share of it needn't sum to 1.
    means: FloatArray = mean + weights @ (known.T - mean) * (where.size / known.shape[1])
    return means


def _resampled_means(scores: FloatArray, seed: int, draws: int) -> FloatArray:
    means: FloatArray = _resampling_weights(scores.shape[1], seed, draws) @ scores.T
    return means


def _resampling_weights(size: int, seed: int, draws: int) -> FloatArray:
    """Return weights that sum to 1: a resample's mean, moved away from the sample's."""
    z = t_quantile(0.95, 10**9)
    inflation = np.sqrt(size / (size - 1)) * t_quantile(0.95, size) / z
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(size, np.full(size, 1 / size), size=draws)
    weights: FloatArray = (1 + inflation * (counts - 1)) / size
    return weights
