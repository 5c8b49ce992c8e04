"""Vectors: workers on several axes at once, over items that need not have all of them."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from worktrial.errors import ConfigError
from worktrial.estimate.chances import Chances, on_front, share_of_best
from worktrial.estimate.inputs import FloatArray, checked_level, checked_scores
from worktrial.estimate.intervals import SPARSE, Interval, t_quantile, unbounded
from worktrial.estimate.ranks import complete_clusters, order_agreement, order_of

AXES_WORKERS = 6
"""Below six workers there are fewer than fifteen pairs, and an agreement of axes says little."""
PERTURBATION = 0.1
"""How far weights are moved: the standard deviation of a weight of one half."""

BoolArray = npt.NDArray[np.bool_]


class AxisFlips(NamedTuple):
    """The chance that one axis reverses the order in which another puts two workers.

    Attributes:
        probability: Fractions, shape (axes, axes, workers, workers), symmetric in both pairs; NaN
            on the diagonals and where `why` says that an axis has too few items.
        clusters: How many items each axis rests on, shape (axes,).
        why: Of each axis, why it cannot be compared; None where it can.
    """

    probability: FloatArray
    clusters: npt.NDArray[np.int_]
    why: tuple[str | None, ...]

    def mean(self) -> FloatArray:
        """The expected share of pairs of workers whose order turns, shape (axes, axes)."""
        i, j = np.triu_indices(self.probability.shape[2], k=1)
        pairs = self.probability[:, :, i, j]
        empty = np.full(pairs.shape[:2], np.nan)
        shares: FloatArray = pairs.mean(axis=2) if pairs.shape[2] else empty
        return shares


def axis_agreement(
    values: npt.ArrayLike,
    *,
    level: float = 0.95,
    fewest_workers: int = AXES_WORKERS,
) -> Mapping[tuple[int, int], Interval]:
    """Estimate how far each two axes agree on the order of workers, by Kendall's tau-b.

    Estimand: tau-b between the workers' means on the one axis and on the other, each over the
    items that have that axis.
    Assumptions: those of `rank_agreement`, whose bounds these are: the order of each pair of
    workers on each axis is decided or left open, and what is open may agree or not. Quantiles of
    tau over joint resamples of the items are no alternative: with six workers .1 apart they
    covered .02 at 12 items and .77 at 48, since noise in two axes pulls tau away from ±1.

    Args:
        values: Scores in [0, 1], shape (workers, items, axes); NaN where an axis does not apply to
            an item or is missing, which drops the item from that axis for all workers.
        level: Two-sided confidence level, in (0, 1); of each pair of axes by itself.
        fewest_workers: Below this many workers agreement is withheld.

    Returns:
        By pair of axes: tau-b in [−1, 1] and its bounds; no value, and `why`, below
        `fewest_workers`, without a complete item, or where an axis ties all workers.

    Raises:
        ConfigError: (a ValueError) If `values` isn't 3-D, a score leaves [0, 1], or `level`
            leaves (0, 1).

    References:
        Those of `rank_agreement`.
    """
    level = checked_level(level)
    known = checked_scores("values", values, ndim=3)
    axes = [complete_clusters(known[:, :, axis]) for axis in range(known.shape[2])]
    pairs = combinations(range(len(axes)), 2)
    if len(known) < fewest_workers:
        why = f"{len(known)} worker(s); agreement of axes needs {fewest_workers}"
        return {
            (i, j): unbounded(
                np.nan, level=level, clusters=min(axes[i].shape[1], axes[j].shape[1]), why=why
            )
            for i, j in pairs
        }
    return {(i, j): order_agreement(axes[i], axes[j], level=level) for i, j in pairs}


def axis_flips(
    values: npt.ArrayLike,
    *,
    seed: int,
    strata: Sequence[str] | None = None,
    draws: int = 2000,
) -> AxisFlips:
    """Estimate for each two axes and workers the chance that the axes order the two otherwise.

    Estimand: the probability, over samples of items like this one, that the difference between
    the two workers' means has opposite signs on the two axes; a tie counts half.
    Assumptions: items are independent, and resampled within strata, each whole for all workers and
    axes. Resampled means are spread by √(n/(n − 1)) of each stratum and by t/z of each axis's own
    number of items, as in `rank_flips`.

    Args:
        values: As in `axis_agreement`.
        seed: Draws the bootstrap.
        strata: The group of each item, shape (items,); one group by default, and where a group
            has a single item.
        draws: Bootstrap resamples.

    Returns:
        Probabilities; NaN for an axis that fewer than five items have, and `why`.

    Raises:
        ConfigError: (a ValueError) If `values` isn't 3-D, a score leaves [0, 1], or `strata` are
            not one an item.

    References:
        Efron and Tibshirani (1998), The problem of regions, Annals of Statistics 26(5).
    """
    known = checked_scores("values", values, ndim=3)
    applies = _applies(known)
    clusters = applies.sum(axis=0)
    why = tuple(map(_why, clusters))
    workers, _, axes = known.shape
    flips = np.full((axes, axes, workers, workers), np.nan)
    rich = [axis for axis in range(axes) if why[axis] is None]
    means = _drawn_means(known[:, :, rich], strata, seed, draws)
    for i, j in combinations(range(workers), 2):
        order = order_of(means[:, i] - means[:, j])
        turned = np.mean((1 - order[:, :, None] * order[:, None]) / 2, axis=0)
        turned[np.diag_indices(len(rich))] = np.nan
        for one, other in ((i, j), (j, i)):
            flips[np.ix_(rich, rich, [one], [other])] = turned[:, :, None, None]
    return AxisFlips(flips, clusters, why)


def pareto_probability(
    values: npt.ArrayLike,
    *,
    seed: int,
    strata: Sequence[str] | None = None,
    draws: int = 2000,
) -> Chances:
    """Estimate for each worker the chance to be on the Pareto front.

    Estimand: the probability, over samples of items like this one, that no other worker is at
    least as good on every axis and better on one. Workers alike are on it together or not at all.
    Assumptions: those of `axis_flips`. It describes resamples of these items: in a cloud of
    workers that are close on many axes, most are on the front by chance alone.

    Args:
        values: As in `axis_agreement`.
        seed: Draws the bootstrap.
        strata: As in `axis_flips`.
        draws: Bootstrap resamples.

    Returns:
        Probabilities; NaN, and `why`, where fewer than five items have some axis.

    Raises:
        ConfigError: (a ValueError) As `axis_flips`.

    References:
        Efron and Tibshirani (1998), The problem of regions, Annals of Statistics 26(5).
    """
    known = checked_scores("values", values, ndim=3)
    fewest, why = _fewest(known)
    if why:
        return Chances(np.full(len(known), np.nan), fewest, why)
    means = _drawn_means(known, strata, seed, draws)
    return Chances(np.mean(on_front(means), axis=0), fewest)


def efficient_probability(
    costs: npt.ArrayLike, successes: npt.ArrayLike, *, seed: int, draws: int = 2000
) -> Chances:
    """Estimate for each worker the chance that no other one succeeds as often for as little.

    Estimand: the probability, over samples of items like this one, that no other worker has at
    least the share of successes and at most the cost of a success, and is better in one. Workers
    alike are on this front together or not at all.
    Assumptions: items are independent. It describes resamples of these items; a worker that is
    better on a single item is level with the others wherever a resample lacks it.

    Args:
        costs: Of every worker and item, at least 0, shape (workers, items); an item that is NaN
            for one of them is left out for all.
        successes: The same, in [0, 1].
        seed: Draws the bootstrap.
        draws: Bootstrap resamples.

    Returns:
        Probabilities; NaN, and `why`, where fewer than five items have both of everyone.

    Raises:
        ConfigError: (a ValueError) If shapes differ or `draws` is below 1.

    References:
        Efron and Tibshirani (1998), The problem of regions, Annals of Statistics 26(5).
    """
    spent, won = (np.asarray(values, dtype=np.float64) for values in (costs, successes))
    if spent.shape != won.shape or spent.ndim != 2 or draws < 1:
        raise ConfigError(
            f"`costs`, `successes` must be paired, workers × items, and `draws` 1 or more; got "
            f"{spent.shape}, {won.shape}, {draws}"
        )
    there = ~np.isnan(spent + won).any(axis=0)
    items = int(there.sum())
    if items < SPARSE:
        why = f"{items} item(s) have cost and success of everyone; resampling needs {SPARSE}"
        return Chances(np.full(len(spent), np.nan), items, why)
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(items, np.full(items, 1 / items), size=draws)
    total, succeeded = (counts @ values[:, there].T for values in (spent, won))
    # Who succeeds at nothing pays without end for it.
    price = np.divide(total, succeeded, out=np.full(total.shape, np.inf), where=succeeded > 0)
    dearest = np.max(price, where=np.isfinite(price), initial=0.0)
    shares = np.stack([succeeded / items, -np.minimum(price, 2 * dearest + 1)], axis=2)
    return Chances(np.mean(on_front(shares), axis=0), items)


def best_by_weights(
    values: npt.ArrayLike,
    weights: npt.ArrayLike,
    *,
    seed: int,
    perturbation: float = PERTURBATION,
    strata: Sequence[str] | None = None,
    draws: int = 2000,
) -> Chances:
    """Estimate for each worker the chance to be best in a weighted mean of the axes.

    Estimand: the probability, over samples of items like this one and over weights like these,
    that no worker's weighted mean is higher; workers that tie for it share it.
    Assumptions: those of `axis_flips`. Weights are drawn from a Dirichlet law around the given
    ones, since nobody knows them to the digit; a weight of 0 stays 0, and its axis needs no items.

    Args:
        values: As in `axis_agreement`.
        weights: At least 0, one an axis; only their proportions matter.
        seed: Draws the items and the weights.
        perturbation: The standard deviation of a weight of one half, in [0, 0.5); 0 for none.
        strata: As in `axis_flips`.
        draws: How often both are drawn.

    Returns:
        Probabilities that sum to 1; NaN, and `why`, where fewer than five items have an axis that
        has weight.

    Raises:
        ConfigError: (a ValueError) As `axis_flips`; or if a weight is negative, not finite, or
            missing, all are 0, or `perturbation` leaves [0, 0.5).

    References:
        Lahdelma and Salminen (2001), SMAA-2, Operations Research 49(3), for ranks under weights
        that are not known exactly.
    """
    known = checked_scores("values", values, ndim=3)
    shares = _checked_weights(weights, known.shape[2])
    if not 0 <= perturbation < 0.5:
        raise ConfigError(f"`perturbation` must be in [0, 0.5), got {perturbation}; write 0.1")
    known, shares = known[:, :, shares > 0], shares[shares > 0]
    fewest, why = _fewest(known)
    if why:
        return Chances(np.full(len(known), np.nan), fewest, why)
    drawn = _drawn_weights(shares, perturbation, seed, draws)
    totals = np.sum(_drawn_means(known, strata, seed, draws) * drawn[:, None], axis=2)
    return Chances(share_of_best(totals), fewest)


def _checked_weights(weights: npt.ArrayLike, axes: int) -> FloatArray:
    """Return weights that sum to 1."""
    given = np.asarray(weights, dtype=np.float64)
    if given.shape != (axes,):
        raise ConfigError(f"`weights` must be one an axis, {axes}; got shape {given.shape}")
    if not np.isfinite(given).all() or np.any(given < 0) or not given.any():
        raise ConfigError(f"`weights` must be at least 0, one of them more; got {given.tolist()}")
    shares: FloatArray = given / given.sum()
    return shares


def _drawn_weights(shares: FloatArray, perturbation: float, seed: int, draws: int) -> FloatArray:
    if not perturbation:
        return np.tile(shares, (draws, 1))
    # Of a Dirichlet law a weight has the variance w(1 − w)/(concentration + 1).
    concentration = 0.25 / perturbation**2 - 1
    # A stream beside that of the items.
    return np.random.default_rng([seed, 1]).dirichlet(concentration * shares, draws)


def _applies(values: FloatArray) -> BoolArray:
    """Which items have which axis for every worker, shape (items, axes)."""
    return np.asarray(~np.isnan(values).any(axis=0))


def _why(items: int) -> str | None:
    return None if items >= SPARSE else f"{items} item(s) have the axis; resampling needs {SPARSE}"


def _fewest(values: FloatArray) -> tuple[int, str | None]:
    """The number of items of the axis that has the fewest, and whether that is too few."""
    fewest = int(_applies(values).sum(axis=0).min(initial=values.shape[1]))
    return fewest, _why(fewest)


def _drawn_means(
    values: FloatArray, strata: Sequence[str] | None, seed: int, draws: int
) -> FloatArray:
    """Means of every worker on every axis over resamples of items, (draws, workers, axes)."""
    groups = _groups(strata, values.shape[1])
    departures = _departures(groups, seed, draws)
    means = np.empty((draws, values.shape[0], values.shape[2]))
    for axis, where in enumerate(_applies(values).T):
        known = values[:, where, axis]
        mean, items = known.mean(axis=1), known.shape[1]
        spread = departures[:, where] @ (known.T - mean) / items
        means[:, :, axis] = mean + spread * _thicker(items, np.unique(groups[where]).size)
    return means


def _groups(strata: Sequence[str] | None, items: int) -> npt.NDArray[np.int_]:
    """The group of each item as a number; one group where some group has a single item."""
    if strata is None:
        return np.zeros(items, dtype=np.int_)
    if len(strata) != items:
        raise ConfigError(f"`strata` must be one an item, {items}; got {len(strata)}")
    _, groups, sizes = np.unique(np.array(strata), return_inverse=True, return_counts=True)
    lonely = sizes.size > 0 and sizes.min() < 2
    return np.zeros(items, dtype=np.int_) if lonely else np.asarray(groups, dtype=np.int_)


def _departures(groups: npt.NDArray[np.int_], seed: int, draws: int) -> FloatArray:
    """By how much each item is in a resample more often than once, shape (draws, items)."""
    rng = np.random.default_rng(seed)
    departures = np.zeros((draws, groups.size))
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        size = members.size
        counts = rng.multinomial(size, np.full(size, 1 / size), size=draws)
        departures[:, members] = (counts - 1) * np.sqrt(size / max(1, size - 1))
    return departures


def _thicker(items: int, groups: int) -> float:
    """How much wider Student's law is than the normal one, for so many items in so many groups."""
    return t_quantile(0.95, max(2, items - groups + 1)) / t_quantile(0.95, 10**9)
