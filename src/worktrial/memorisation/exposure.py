"""Exposure: do items stand out among fresh texts of the same form?

Every function is pure. A score is higher where a text is more familiar, and missing is NaN. A
tie counts against exposure: a fresh text that does as well refutes as one that does better.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from worktrial.errors import ConfigError
from worktrial.estimate import mean_interval, paired_difference
from worktrial.estimate.inputs import checked_level, present
from worktrial.estimate.unseen import unseen_weights
from worktrial.randomness import derive

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

OWN = 3
"""Fewer variants of an item than this tell nothing of how much they vary."""
MODERATION = 2.0
"""So many degrees of freedom has the spread of all items' variants beside that of an item's own."""
PERMUTED = 500
"""Up to so many items whose rank could have been another the p is by permutation."""
FEW = 8
"""Below so many items or controls p is by permutation."""
MANY = 2000
"""From so many values on their mean is near enough to normal, and draws of weights too many."""
_TURNS = 9999
_WEIGHTS = 4000
_DIGITS = 9
_NEAR_ONE = 0.99
_LEAST = 1e-15


@dataclass(frozen=True)
class Standing:
    """Where items stand among fresh texts.

    Attributes:
        value: Mean rank of the items in [0, 1]; .5 where nothing is known of them, 1 where each is
            above all its fresh texts. NaN where nothing was measured.
        low: Lower bound of the mean over the population of items; NaN where there is none.
        high: Upper bound, likewise.
        level: Two-sided confidence level of the bounds.
        p: One-sided, of as high a rank among exchangeable texts.
        items: How many items it rests on.
        why: Why something is missing; `None` where nothing is.
        method: The construction of p.
    """

    value: float
    low: float
    high: float
    level: float
    p: float
    items: int
    why: str | None
    method: str


def item_p_values(
    scores: npt.ArrayLike, fresh: npt.ArrayLike, controls: npt.ArrayLike | None = None
) -> Array:
    """Give every item a conformal p: how often would a fresh text score as high?

    An item with at least three variants is held against them first: its score, less the mean of
    its own variants, over their spread. That takes out what is easy or frequent in its form.
    Every variant of every item is put into the same form, held against its own siblings, and all
    of them together are the null: so p can be as small as one over all fresh texts, not one over
    the item's own. So that both kinds are the same statistic of as many texts, an item leaves
    out the last of its variants as a variant leaves out itself; the item's own score is in
    neither, so that exposed items do not narrow the null of the others. The spread is moderated:
    the median spread of all items counts as `MODERATION` degrees of freedom, which keeps it from 0
    where discrete scores are all alike.

    An item with fewer variants has the plain p, (1 + controls that score as high) / (1 + controls).

    Estimand: per item, the share of fresh texts of the same form that would stand out as much.
    Assumptions: an unexposed item is exchangeable with its own variants (or with the controls).
    Uniform, or conservative, over items drawn from their population, not for each item alone.

    Args:
        scores: One per item, shape (items,).
        fresh: Of each item's variants, shape (items, variants); NaN where there are fewer.
        controls: Scores of texts that belong to no item, shape (controls,).

    Returns:
        Shape (items,), in (0, 1]; NaN for an item that was not measured, or has neither three
        variants nor controls.

    Raises:
        ConfigError: (a ValueError) If the shapes do not fit.

    References:
        Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random World, for conformal
        p-values; Tusher, Tibshirani and Chu (2001), PNAS 98(9), for a spread that is moderated.
    """
    items, own = _checked(scores, fresh)
    found = np.full(items.size, np.nan)
    if controls is not None:
        found = _plain(items, present(np.asarray(controls, dtype=np.float64)))
    enough = np.sum(~np.isnan(own), axis=1) >= OWN
    if enough.any():
        found[enough] = _among_variants(items[enough], own[enough])
    return found


def above_own(scores: npt.ArrayLike, fresh: npt.ArrayLike) -> Array:
    """Tell how far each text stands above its own variants, in their moderated spread.

    Where variants differ from what they were made of in more than whether it was met, as
    reorderings of prose do, this is held against the same of texts that were not met, which
    differ from their variants in the same way: a difference of differences.

    Args:
        scores: One per text, shape (texts,).
        fresh: Of each text's variants, shape (texts, variants); NaN where there are fewer.

    Returns:
        Shape (texts,); NaN for a text that was not measured or has fewer than `OWN` variants.

    Raises:
        ConfigError: (a ValueError) If the shapes do not fit.

    References:
        Tusher, Tibshirani and Chu (2001), PNAS 98(9), for a spread that is moderated.
    """
    texts, own = _checked(scores, fresh)
    found = np.full(texts.size, np.nan)
    enough = np.sum(~np.isnan(own), axis=1) >= OWN
    if enough.any():
        mean, squares, count = _moments(own[enough])
        typical = _typical(squares / (count - 1))
        freedom = MODERATION + count - 1
        spread = np.sqrt((MODERATION * typical + squares) / freedom * (1 + 1 / count))
        found[enough] = np.round((texts[enough] - mean[:, 0]) / spread[:, 0], _DIGITS)
    return found


def flagged(p_values: npt.ArrayLike, rate: float) -> Flags:
    """Flag items so that among the flagged the expected share of unexposed ones is `rate`.

    Conformal p-values that share their controls depend positively, for which Benjamini and
    Hochberg's procedure holds.

    Args:
        p_values: Shape (items,); NaN is never flagged and does not count as a test.
        rate: Of false discoveries, in (0, 1).

    Raises:
        ConfigError: (a ValueError) If `rate` leaves (0, 1).

    References:
        Bates, Candès, Lei, Romano and Sesia (2023), Testing for outliers with conformal p-values,
        Annals of Statistics 51(1).
    """
    if not 0 < rate < 1:
        raise ConfigError(f"`rate` must be in (0, 1), got {rate}; write 0.1 for one in ten")
    p = np.asarray(p_values, dtype=np.float64)
    known = ~np.isnan(p)
    flags = np.zeros(p.shape, dtype=bool)
    if known.any():
        flags[known] = stats.false_discovery_control(p[known], method="bh") <= rate
    return flags


def rank_test(
    scores: npt.ArrayLike,
    fresh: npt.ArrayLike,
    controls: npt.ArrayLike | None = None,
    *,
    seed: int,
    level: float = 0.95,
) -> Standing:
    """Test whether items as a whole rank higher than fresh texts of the same form.

    With own variants: an item's rank among them, mid-rank where they tie, averaged over items. p
    is that of the sum when the item could as well have been any of its own texts: by permutation up
    to `PERMUTED` items, else by its exact mean and variance and the normal distribution. The bounds
    are those of a mean of values in [0, 1] and assume nothing of them, so at few items they are
    wider than the test is.

    Controls take over where fewer than half of the items have variants: the share of pairs of an
    item and a control in which the item is higher, tested by Mann and Whitney; the bounds weigh
    one unseen item and one unseen control as bad (or as good) as can be.

    Args:
        scores: One per item, shape (items,).
        fresh: Of each item's variants, shape (items, variants); NaN where there are fewer.
        controls: Scores of texts that belong to no item, shape (controls,).
        seed: Of the permutations.
        level: Two-sided confidence level, in (0, 1).

    Raises:
        ConfigError: (a ValueError) If the shapes do not fit or `level` leaves (0, 1).

    References:
        Lehmann (1975), Nonparametrics, for ranks within blocks; Mann and Whitney (1947), Annals of
        Mathematical Statistics 18(1); Gaffke (2005), as in `worktrial.estimate.mean_interval`.
    """
    level = checked_level(level)
    items, own = _checked(scores, fresh)
    varied = ~np.isnan(items) & ~np.isnan(own).all(axis=1)
    free = present(np.asarray([] if controls is None else controls, dtype=np.float64))
    known = present(items)
    if varied.any() and (not free.size or 2 * varied.sum() >= known.size):
        return _within_items(items[varied], own[varied], seed, level)
    if known.size and free.size:
        return _among_controls(known, free, seed, level)
    why = "no item was measured" if not known.size else "there is no fresh text"
    return Standing(np.nan, np.nan, np.nan, level, np.nan, 0, why, "none")


def order_test(gains: npt.ArrayLike, *, level: float = 0.95) -> Standing:
    """Test whether shards of an ordered file are likelier in their own order than shuffled.

    Args:
        gains: Log-probability of each shard in its own order, less the mean over shuffled ones,
            shape (shards,).
        level: Two-sided confidence level, in (0, 1).

    Returns:
        Share of shards that gain, with bounds; p is Student's, one-sided, of the mean gain.

    References:
        Oren et al. (2023), Proving test set contamination in black box language models,
        arXiv:2310.17623.
    """
    known = present(np.asarray(gains, dtype=np.float64))
    if known.size < OWN:
        why = f"{known.size} shard(s) measured; a test needs {OWN}"
        return Standing(np.nan, np.nan, np.nan, level, np.nan, known.size, why, "none")
    share = _mean((np.sign(known) + 1) / 2, level)
    # Equal gains have no spread to be held against.
    spread = np.ptp(known) > 0
    p = float(stats.ttest_1samp(known, 0, alternative="greater").pvalue) if spread else np.nan
    alike = None if spread else "all shards gain alike"
    return Standing(*share, level, p, known.size, alike, "student over shards")


def cauchy(p_values: npt.ArrayLike) -> float:
    """Combine p-values that may depend on each other in any way.

    The mean of their Cauchy quantiles is nearly Cauchy in its tail, however they depend. A p near
    1, which a statistic has where all texts tie, is taken for `.99`: it says nothing, and must
    not outweigh one that says something.

    Args:
        p_values: Any number; NaN is left out.

    Returns:
        One p; NaN for none.

    References:
        Liu and Xie (2020), Cauchy combination test, JASA 115(529); Fang, Chang, Park and Tseng
        (2023), Heavy-tailed distribution for combining dependent p-values, Statistica Sinica 33,
        for the upper limit.
    """
    known = present(np.asarray(p_values, dtype=np.float64).ravel())
    if not known.size:
        return float("nan")
    quantiles = stats.cauchy.isf(np.clip(known, _LEAST, _NEAR_ONE))
    return float(stats.cauchy.sf(np.mean(quantiles)))


def auc(positive: npt.ArrayLike, negative: npt.ArrayLike) -> float:
    """Chance that a positive scores above a negative, ties counting one half; NaN for none."""
    above, below = (present(np.asarray(x, dtype=np.float64)) for x in (positive, negative))
    if not above.size or not below.size:
        return float("nan")
    ranks = stats.rankdata(np.concatenate([above, below]))[: above.size]
    return float((ranks.mean() - (above.size + 1) / 2) / below.size)


def tpr_at(positive: npt.ArrayLike, negative: npt.ArrayLike, fpr: float) -> float:
    """Share of positives above all but a share `fpr` of the negatives; NaN for none."""
    above, below = (present(np.asarray(x, dtype=np.float64)) for x in (positive, negative))
    if not above.size or not below.size:
        return float("nan")
    passed = int(fpr * below.size + 1e-9)
    bar = np.sort(below)[::-1][passed] if passed < below.size else -np.inf
    return float(np.mean(above > bar))


def _checked(scores: npt.ArrayLike, fresh: npt.ArrayLike) -> tuple[Array, Array]:
    items, own = np.asarray(scores, dtype=np.float64), np.asarray(fresh, dtype=np.float64)
    if own.size == 0:
        own = np.full((items.size, 1), np.nan)
    if items.ndim != 1 or own.ndim != 2 or len(own) != items.size:
        raise ConfigError(
            f"`fresh` must have one row an item, got {own.shape} for {items.shape}; "
            "pass NaN where an item has fewer variants"
        )
    return items, own


def _plain(items: Array, controls: Array) -> Array:
    if not controls.size:
        return np.full(items.size, np.nan)
    below = np.searchsorted(np.sort(controls), items, side="left")
    p = (1 + controls.size - below) / (1 + controls.size)
    return np.where(np.isnan(items), np.nan, p)


def _among_variants(items: Array, own: Array) -> Array:
    """Conformal p of standardised items among all standardised variants."""
    stood_out, null = _standardised(items, own)
    known = ~np.isnan(own)
    # Each item's variants weigh the same together, so that the null is a draw of an item.
    weights = np.broadcast_to(
        known.sum() / (len(own) * known.sum(axis=1, keepdims=True)), own.shape
    )
    pool, weighed = null[known], weights[known]
    order = np.argsort(pool)
    above = np.append(np.cumsum(weighed[order][::-1])[::-1], 0.0)
    at_least = above[np.searchsorted(pool[order], stood_out, side="left")]
    # Weights that sum to one more by rounding must not give a p above 1.
    p = np.minimum((1 + at_least) / (1 + weighed.sum()), 1.0)
    return np.where(np.isnan(items), np.nan, p)


def _standardised(items: Array, own: Array) -> tuple[Array, Array]:
    """Items, and all their variants, each against variants of the same item but one."""
    known = ~np.isnan(own)
    mean, squares, count = _moments(own)
    typical = _typical(squares / (count - 1))
    # Of each variant's siblings: their mean and their sum of squares.
    others = mean + (mean - own) / (count - 1)
    apart = np.maximum(squares - (own - mean) ** 2 * count / (count - 1), 0)
    freedom = MODERATION + count - 2
    spread = np.sqrt((MODERATION * typical + apart) / freedom * (1 + 1 / (count - 1)))
    rows, last = np.arange(len(own)), own.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    stood_out = (items - others[rows, last]) / spread[rows, last]
    # Rounded: what ties must tie in floating point too.
    return np.round(stood_out, _DIGITS), np.round((own - others) / spread, _DIGITS)


def _moments(own: Array) -> tuple[Array, Array, Array]:
    """Of each row its mean, its sum of squares about it, and how many it has; shape (rows, 1)."""
    mean = np.nanmean(own, axis=1, keepdims=True)
    squares = np.nansum((own - mean) ** 2, axis=1, keepdims=True)
    return mean, squares, np.sum(~np.isnan(own), axis=1, keepdims=True)


def _typical(variances: Array) -> float:
    positive = variances[variances > _LEAST]
    return float(np.median(positive)) if positive.size else 1.0


def _within_items(items: Array, own: Array, seed: int, level: float) -> Standing:
    texts = np.column_stack([items, own])
    known = ~np.isnan(texts)
    # Each text's mid-rank among its item's texts, from 0 to 1: what the item's could have been.
    ranks = stats.rankdata(np.round(texts, _DIGITS + 3), axis=1, nan_policy="omit")
    places = (ranks - 1) / (known.sum(axis=1, keepdims=True) - 1)
    variance = np.nanmean((places - 0.5) ** 2, axis=1)
    free = variance > _LEAST
    excess = float(np.sum(places[free, 0] - 0.5))
    if not free.any():
        p, method = 1.0, "all texts tie"
    elif free.sum() <= PERMUTED:
        p, method = _permuted(places[free] - 0.5, excess, seed), "permutation within items"
    else:
        p = float(stats.norm.sf(excess / np.sqrt(variance[free].sum())))
        method = "normal, exact moments within items"
    bounds = _mean(places[:, 0], level)
    return Standing(*bounds, level, p, items.size, _too_few(items.size), method)


def _permuted(places: Array, excess: float, seed: int) -> float:
    rng = np.random.default_rng(derive(seed, "rank-test"))
    sums = np.zeros(_TURNS)
    for row in places:
        sums += rng.choice(row[~np.isnan(row)], _TURNS)
    return float((1 + np.sum(sums >= excess - 1e-9)) / (1 + _TURNS))


def _among_controls(items: Array, controls: Array, seed: int, level: float) -> Standing:
    value, p = auc(items, controls), 1.0
    if np.ptp(np.concatenate([items, controls])) > 0:
        p = _mann_whitney(items, controls, seed)
    low, high = _pair_bounds(items, controls, value, level)
    return Standing(value, low, high, level, p, items.size, _too_few(items.size), "mann-whitney")


def _mann_whitney(items: Array, controls: Array, seed: int) -> float:
    """One-sided p: by permutation where one sample is small, else by the normal distribution."""
    rng = np.random.default_rng(derive(seed, "rank-test"))
    few = min(items.size, controls.size) < FEW
    method: Literal["asymptotic"] | stats.PermutationMethod = "asymptotic"
    if few:
        method = stats.PermutationMethod(n_resamples=_TURNS, rng=rng)
    tested = stats.mannwhitneyu(items, controls, alternative="greater", method=method)
    return float(tested.pvalue)


def _pair_bounds(items: Array, controls: Array, value: float, level: float) -> tuple[float, float]:
    """Bounds of the share of pairs in which the item is higher."""
    if min(items.size, controls.size) < 2:
        return np.nan, np.nan
    if max(items.size, controls.size) >= MANY:
        return _asymptotic_pair_bounds(items, controls, value, level)
    low = _lowest_share(items, controls, level)
    high = 1 - _lowest_share(controls, items, level)
    return min(low, value), max(high, value)


def _lowest_share(higher: Array, lower: Array, level: float) -> float:
    """Both samples at random weights, with an unseen one each that loses every pair."""
    wins = (np.sign(higher[:, None] - lower[None, :]) + 1) / 2
    first = unseen_weights(higher.size, _WEIGHTS)[:, :-1]
    second = unseen_weights(lower.size, _WEIGHTS)[:, :-1]
    # Both list their unseen weights in order; one is turned about, so that they do not depend.
    second = np.random.default_rng(0).permutation(second)
    shares = np.einsum("dj,dj->d", first @ wins, second)
    return float(np.quantile(shares, (1 - level) / 2))


def _asymptotic_pair_bounds(
    items: Array, controls: Array, value: float, level: float
) -> tuple[float, float]:
    """DeLong's variance from each value's share of pairs, by ranks."""
    over = _shares_below(items, controls)
    under = 1 - _shares_below(controls, items)
    variance = np.var(over, ddof=1) / items.size + np.var(under, ddof=1) / controls.size
    half = float(stats.norm.isf((1 - level) / 2) * np.sqrt(variance))
    return max(0.0, value - half), min(1.0, value + half)


def _shares_below(values: Array, others: Array) -> Array:
    ordered = np.sort(others)
    below, up_to = (np.searchsorted(ordered, values, side=side) for side in ("left", "right"))
    return np.asarray((below + up_to) / (2 * others.size), dtype=np.float64)


def _mean(shares: Array, level: float) -> tuple[float, float, float]:
    """Mean of values in [0, 1] and its bounds."""
    if shares.size < MANY:
        found = mean_interval(shares, level=level)
    else:
        found = paired_difference(shares, np.zeros(shares.size), level=level)
    return found.value, max(found.low, 0.0), min(found.high, 1.0)


def _too_few(items: int) -> str | None:
    return None if items > 1 else f"{items} item measured; bounds need 2"
