"""A judge against labels: how far it agrees, and what labels can mend of its mean."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_level, checked_scores
from worktrial.estimate.intervals import Interval, mean_interval, unbounded
from worktrial.estimate.unseen import lower_quantile, unseen_weights, upper_quantile


@dataclass(frozen=True)
class Agreement:
    """How far a judge agrees with labels.

    Attributes:
        share: The share of items on which they agree, averaged within clusters first.
        kappa: Cohen's kappa: the same beyond what chance would give; NaN where `why` says.
    """

    share: Interval
    kappa: Interval


class Corrected(NamedTuple):
    """A mean of a judge's scores, corrected by labels.

    Attributes:
        mean: The corrected mean.
        trust: How much of the judge's scores it uses, from 0 (labels alone) to 1.
        labelled: How many items have both.
    """

    mean: Interval
    trust: float
    labelled: int


def judge_agreement(
    judge: npt.ArrayLike,
    labels: npt.ArrayLike,
    clusters: npt.ArrayLike | None = None,
    *,
    level: float = 0.95,
    draws: int = 2000,
) -> Agreement:
    """Estimate how far a judge's categories agree with labels.

    Estimand: over the population of clusters, the mean share of a cluster's items on which both
    agree; and Cohen's kappa of the table of all items.
    Assumptions: clusters are independent. Kappa jumps when a rare category is met or missed, so
    clusters are weighed at random together with one unseen: on which both disagree for the
    lower bound, on which both agree for the upper one, in whichever categories move it most.

    Args:
        judge: The judge's category of each item, as whole numbers from 0, shape (items,); NaN
            for a judge's fault, which drops the item.
        labels: The label of each item, likewise.
        clusters: The cluster of each item, shape (items,); each item is its own by default.
        level: Two-sided confidence level, in (0, 1).
        draws: How many sets of weights.

    Returns:
        Both with bounds. Kappa is NaN, with its `why`, below two clusters, or where all items
        lie in one category, since there chance agrees as well.

    Raises:
        ConfigError: (a ValueError) If shapes differ, a category isn't a whole number from 0, or
            `level` leaves (0, 1).

    References:
        Cohen (1960), A coefficient of agreement for nominal scales, Educational and
        Psychological Measurement 20(1).
    """
    level = checked_level(level)
    tables = _tables(judge, labels, clusters)
    agreed = np.trace(tables, axis1=1, axis2=2) / np.maximum(tables.sum(axis=(1, 2)), 1)
    share = mean_interval(agreed, level=level)
    return Agreement(share, _kappa_interval(tables, level=level, draws=draws))


def _tables(
    judge: npt.ArrayLike, labels: npt.ArrayLike, clusters: npt.ArrayLike | None
) -> FloatArray:
    """Return how often each pair of categories occurs, shape (clusters, judge's, labels')."""
    first, second = np.asarray(judge, dtype=np.float64), np.asarray(labels, dtype=np.float64)
    groups = np.arange(first.size) if clusters is None else np.asarray(clusters)
    if not first.shape == second.shape == groups.shape or first.ndim != 1:
        shapes = first.shape, second.shape, groups.shape
        raise ConfigError(f"`judge`, `labels`, `clusters` must be paired, got {shapes}")
    known = ~np.isnan(first + second)
    pairs = np.stack([first[known], second[known]])
    if np.any((pairs < 0) | (pairs != np.floor(pairs))):
        worst = pairs[(pairs < 0) | (pairs != np.floor(pairs))][0]
        raise ConfigError(f"`judge`, `labels` must be whole numbers from 0, got {worst}; code them")
    # Categories that nobody used would only be room for chance.
    used, codes = np.unique(pairs, return_inverse=True)
    names, numbers = np.unique(groups[known], return_inverse=True)
    tables = np.zeros((names.size, used.size, used.size))
    np.add.at(tables, (numbers, *codes.reshape(pairs.shape)), 1)
    return tables


def _kappa_interval(tables: FloatArray, *, level: float, draws: int) -> Interval:
    size = len(tables)
    if size < 2:
        why = f"{size} cluster(s) measured; an interval needs 2"
        return unbounded(np.nan, level=level, clusters=size, why=why)
    if tables.shape[1] < 2:
        why = "all items lie in one category, where chance agrees as well"
        return unbounded(np.nan, level=level, clusters=size, why=why)
    value = float(_kappa(tables.sum(axis=0)[None])[0])
    weights = unseen_weights(size, draws)
    # Sorted, so that the order of the clusters doesn't reach the weights.
    flat = tables.reshape(size, -1)
    seen = (weights[:, :-1] @ flat[np.lexsort(flat.T)]).reshape(draws, *tables.shape[1:])
    items = weights[:, -1] * tables.sum() / size
    lows, highs = [], []
    for first, second in np.ndindex(tables.shape[1:]):
        drawn = seen.copy()
        drawn[:, first, second] += items
        if first == second:
            highs.append(upper_quantile(_kappa(drawn), level))
        else:
            lows.append(lower_quantile(_kappa(drawn), level))
    low, high = min(value, *lows), max(value, *highs)
    return Interval(value, low, high, level, "unseen bootstrap", size)


def _kappa(tables: FloatArray) -> FloatArray:
    """Return Cohen's kappa of each table: statsmodels', for thousands at once."""
    total = tables.sum(axis=(1, 2))
    agreed = np.trace(tables, axis1=1, axis2=2) / total
    chance = np.sum(tables.sum(axis=1) * tables.sum(axis=2), axis=1) / total**2
    kappa: FloatArray = (agreed - chance) / (1 - chance)
    return kappa


def prediction_powered_mean(
    judge: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    level: float = 0.95,
    draws: int = 2000,
) -> Corrected:
    """Estimate the mean label from a judge's scores on all items and labels on some.

    Estimand: the mean label over the population of items.
    Assumptions: items are independent, and which are labelled was drawn by lot. The mean of the
    judge's scores without a label, times a trust, plus the mean of what labels differ from them
    by; the trust is the one with the least variance, and cut to [0, 1]. A judge may be as
    biased as it likes. Both means are weighed at random, each with one item unseen, as far
    out as scores go: where a judge overlooks rare and grave failures, the normal interval
    covered .47 to .55 from six labels and .89 from 24.

    Args:
        judge: The judge's scores in [0, 1], shape (items,); NaN for a judge's fault.
        labels: Labels in [0, 1], shape (items,); NaN where there is none.
        level: Two-sided confidence level, in (0, 1).
        draws: How many sets of weights.

    Returns:
        The corrected mean with bounds, and how far the judge was trusted. Labels alone where
        the judge doesn't narrow the bounds; NaN, and `why`, below two labels.

    Raises:
        ConfigError: (a ValueError) If shapes differ, a value leaves [0, 1], or `level` leaves
            (0, 1).

    References:
        Angelopoulos et al. (2023), Prediction-powered inference, arXiv:2301.09633; Angelopoulos,
        Duchi and Zrnic (2023), PPI++, arXiv:2311.01453, for the trust.
    """
    level = checked_level(level)
    scores, truth = (
        checked_scores(name, x, ndim=1) for name, x in (("judge", judge), ("labels", labels))
    )
    if scores.shape != truth.shape:
        raise ConfigError(f"`judge`, `labels` must be paired, got {scores.shape}, {truth.shape}")
    alone = truth[~np.isnan(truth)]
    both = ~np.isnan(scores + truth)
    judged, labelled = scores[both], truth[both]
    unlabelled = scores[~np.isnan(scores) & np.isnan(truth)]
    if alone.size < 2:
        why = f"{alone.size} label(s); an interval needs 2"
        return Corrected(
            unbounded(np.nan, level=level, clusters=alone.size, why=why), 0.0, labelled.size
        )
    plain = Corrected(mean_interval(alone, level=level), 0.0, labelled.size)
    trust = _trust(judged, labelled, unlabelled)
    if trust == 0:
        return plain
    mean = _corrected(judged, labelled, unlabelled, trust, level=level, draws=draws)
    narrower = mean.high - mean.low < plain.mean.high - plain.mean.low
    return Corrected(mean, trust, labelled.size) if narrower else plain


def _trust(judged: FloatArray, labelled: FloatArray, unlabelled: FloatArray) -> float:
    everyone = np.concatenate([judged, unlabelled])
    if labelled.size < 2 or unlabelled.size < 2 or np.var(everyone) == 0:
        return 0.0
    covariance = np.cov(judged, labelled)[0, 1]
    ratio = labelled.size / unlabelled.size
    return float(np.clip(covariance / ((1 + ratio) * np.var(everyone)), 0, 1))


def _corrected(
    judged: FloatArray,
    labelled: FloatArray,
    unlabelled: FloatArray,
    trust: float,
    *,
    level: float,
    draws: int,
) -> Interval:
    # Sorted, so that the order of the items doesn't reach the weights.
    off, base = np.sort(labelled - trust * judged), np.sort(trust * unlabelled)
    value = float(off.mean() + base.mean())

    def drawn(worst_off: float, worst_base: float) -> FloatArray:
        first, second = unseen_weights(off.size, draws), unseen_weights(base.size, draws)
        # Shuffled, since both are listed by what the unseen item weighs.
        mixed = np.random.default_rng(draws).permutation(second)
        total: FloatArray = first @ np.append(off, worst_off) + mixed @ np.append(base, worst_base)
        return total

    low = lower_quantile(drawn(-trust, 0.0), level)
    high = upper_quantile(drawn(1.0, trust), level)
    bounds = float(np.clip(low, 0, value)), float(np.clip(high, value, 1))
    size = off.size
    return Interval(float(np.clip(value, 0, 1)), *bounds, level, "ppi++, unseen bootstrap", size)
