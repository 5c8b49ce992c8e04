"""Effect: how much higher is a score than it would be had the model not met the items?

Three answers, side by side. Every function is pure; missing is NaN.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from worktrial.errors import ConfigError
from worktrial.estimate import Interval, difference_p_value, mean_interval, paired_difference
from worktrial.estimate.inputs import checked_level, checked_scores, present
from worktrial.estimate.paired import ENOUGH
from worktrial.randomness import derive

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

POWER = 0.8
"""The chance with which a detectable gap is shown."""
CORRELATION = 0.5
"""Assumed of an item and its variants where the data show no spread to plan from."""
RECALL = 0.5
"""Assumed share of the exposed items that is flagged, where nobody knows better."""
FLOOR = 0.1
"""Below this accuracy a ratio of odds is mostly noise: no expectation is made there."""
REACH = 0.1
"""How far outside of the reference models' accuracies one may be."""
REFERENCES = 3
"""Fewer reference models have no spread to speak of."""
FEWEST = 5
"""Fewer items, flagged or not, say too little of their accuracy."""
MANY = 2000
_DRAWS = 1000
_DRAWS_OF_MANY = 200
_VERY_MANY = 10_000
_TOWARDS_ONE = 1.0
"""Weight of a slope of 1 beside the reference models' own, in squared logits."""
_LEAST_P = 5e-4
_DUST = 1e-12


@dataclass(frozen=True)
class Effect:
    """How much of a score is inflation, by one way of asking.

    Attributes:
        value: The estimate, a difference in accuracy; NaN where it was not measured.
        low: Two-sided lower bound at `level`; NaN where there is none.
        high: Two-sided upper bound, likewise.
        level: Confidence level, a fraction.
        p: One-sided, of as large a gap were there none.
        detectable: The smallest true gap that would be shown with 80 % power, one-sided at `level`.
        items: How many published items it rests on.
        why: Why something is missing; `None` where nothing is.
        method: The construction of the bounds.
        lower: One-sided lower bound at `level`; above 0 exactly where p is at most 1 - `level`.
        upper: One-sided upper bound at `level`; what is held against a margin.
    """

    value: float
    low: float
    high: float
    level: float
    p: float
    detectable: float
    items: int
    why: str | None
    method: str
    lower: float = np.nan
    upper: float = np.nan


def detectable_gap(
    items: int,
    accuracy: float,
    correlation: float = CORRELATION,
    variants: int = 5,
    *,
    level: float = 0.95,
    power: float = POWER,
) -> float:
    """Plan: the smallest gap between items and their variants that would likely be shown.

    Estimand: the gap at which a one-sided test at 1 - `level` has `power`, by the normal
    distribution: (z + z') sqrt(a (1 - a) (1 - r) (1 + 1/variants) / items).
    Assumptions: an item and each of its variants are answered rightly with probability
    `accuracy`, with the same `correlation` r between any two texts of an item.

    Args:
        items: How many.
        accuracy: Of both, a fraction.
        correlation: Between two texts of an item, in [0, 1].
        variants: Of each item.
        level: One-sided confidence level, in (0, 1).
        power: The chance of showing it, in (0, 1).

    Returns:
        A difference in accuracy, at most 1; NaN without items.

    References:
        Bloom (1995), Minimum detectable effects, Evaluation Review 19(5).
    """
    if items < 1:
        return float("nan")
    variance = accuracy * (1 - accuracy) * (1 - correlation) * (1 + 1 / max(variants, 1))
    return float(min(1.0, _quantiles(level, power) * np.sqrt(variance / items)))


def variant_gap(
    published: npt.ArrayLike, fresh: npt.ArrayLike, *, level: float = 0.95, seed: int = 0
) -> Effect:
    """Estimate how much better items are answered as published than their own variants are.

    Estimand: the mean, over the population of items, of published less the mean of its variants.
    Assumptions: items are independent; a variant is as hard as its item. Bounds are those of
    `worktrial.estimate.paired_difference`.

    Args:
        published: Whether each item was answered rightly, in [0, 1], shape (items,).
        fresh: The same of its variants, shape (items, variants); NaN where there are fewer.
        level: Two-sided of `low` and `high`, one-sided of all else.
        seed: Not used: nothing is drawn; all effects are called alike.

    Returns:
        The gap; no bounds, and `why`, below two items that have both.

    Raises:
        ConfigError: (a ValueError) If a score leaves [0, 1] or the shapes do not fit.
    """
    items, own = checked_scores("published", published, ndim=1), _variants(fresh)
    if len(own) != items.size:
        raise ConfigError(f"`fresh` must have one row an item, got {own.shape} for {items.shape}")
    known = ~np.isnan(items) & ~np.isnan(own).all(axis=1)
    if not known.any():
        return _unmeasured("no item was answered both as published and as a variant", level)
    items, own = items[known], own[known]
    differences = items - np.nanmean(own, axis=1)
    zeros = np.zeros(differences.size)
    wide, narrow = (
        paired_difference(differences, zeros, level=each) for each in (level, 2 * level - 1)
    )
    p = _one_sided(difference_p_value(differences, zeros), wide.value)
    found = _effect(wide, narrow, p, differences.size)
    planned = _planned(items, own, level)
    return replace(found, detectable=_detectable(differences, found, planned))


def control_gap(
    published: npt.ArrayLike, controls: npt.ArrayLike, *, level: float = 0.95, seed: int = 0
) -> Effect:
    """Estimate how much better items are answered than controls that belong to none of them.

    Estimand: the mean of the published items less the mean of the controls, over both
    populations.
    Assumptions: items and controls are independent, and controls as hard as items, which nobody
    can see from the data. The bounds of the two means, which assume nothing of scores in [0, 1],
    are combined by Zou and Donner's method.

    Args:
        published: Whether each item was answered rightly, in [0, 1], shape (items,).
        controls: The same of each control, shape (controls,).
        level: Two-sided of `low` and `high`, one-sided of all else.
        seed: Not used: nothing is drawn; all effects are called alike.

    Raises:
        ConfigError: (a ValueError) If a score leaves [0, 1].

    References:
        Zou and Donner (2008), Construction of confidence limits about effect measures, Statistics
        in Medicine 27(10).
    """
    items, others = (
        present(checked_scores(name, values, ndim=1))
        for name, values in (("published", published), ("controls", controls))
    )
    if min(items.size, others.size) < 2:
        why = f"{items.size} item(s) and {others.size} control(s) answered; a gap needs 2 of each"
        return _unmeasured(why, level)
    at = partial(_between_means, items, others)
    found = _effect(at(level), at(2 * level - 1), _inverted(at), items.size)
    planned = _quantiles(level, POWER) * np.hypot(_error(items), _error(others))
    return replace(found, detectable=float(min(1.0, max(planned, found.value - found.lower))))


def reference_gap(
    published: npt.ArrayLike,
    fresh: npt.ArrayLike,
    references_published: npt.ArrayLike,
    references_fresh: npt.ArrayLike,
    *,
    level: float = 0.95,
    seed: int = 0,
    paired: bool = False,
) -> Effect:
    """Estimate how much better a model does than reference models of its strength would.

    Reference models show how accuracy on fresh texts goes over into accuracy on the published
    ones: a line through the logits of both, its slope drawn towards 1 and never below 0. What it
    gives at the model's own accuracy on fresh texts is expected of it. Where the published set is
    harder or easier than the fresh one for everybody, that is in the line.

    Estimand: published accuracy less that expected of a model that is exposed no more than the
    reference models are.
    Assumptions: reference models are a sample of unexposed ones. Items, fresh texts and models
    are drawn again in the bootstrap, and a model's own distance from the line is added as another
    such model would have it; the bounds are Student's, with one degree less than models.

    Args:
        published: Whether the model answered each item rightly, shape (items,).
        fresh: The same of each fresh text, shape (texts,).
        references_published: Of each reference model, shape (models, items).
        references_fresh: Likewise, shape (models, texts).
        level: Two-sided of `low` and `high`, one-sided of all else.
        seed: Of the bootstrap.
        paired: Whether fresh texts are the items' own, in their order: they are drawn together.

    Returns:
        The gap; without bounds, and `why`, for fewer than three models, near the floor and
        beyond the reach of the reference models.

    Raises:
        ConfigError: (a ValueError) If a score leaves [0, 1] or the shapes do not fit.

    References:
        Dekoninck, Müller and Vechev (2024), ConStat, arXiv:2405.16281, for the question; Crawford
        and Howell (1998), The Clinical Neuropsychologist 12(4), for one against a small sample.
    """
    sets = _stacked(published, references_published), _stacked(fresh, references_fresh)
    models = min(len(each) for each in sets) - 1
    if models < REFERENCES:
        return _unmeasured(f"{models} reference model(s); an expectation needs {REFERENCES}", level)
    accuracies = [_accuracies(each, np.ones(each.shape[1])) for each in sets]
    if np.isnan(accuracies).any():
        return _unmeasured("a model was not measured on both sets", level)
    items = int(np.sum(~np.isnan(sets[0][0])))
    value = float(accuracies[0][0] - special.expit(_line(*accuracies)[0]))
    why = _beyond(*accuracies)
    if why is not None:
        return replace(_unmeasured(why, level), value=value, items=items)
    rng = np.random.default_rng(derive(seed, "reference-gap"))
    scatter = _scatter(sets, accuracies)
    drawn = [_drawn_again(*sets, scatter, rng, paired=paired) for _ in range(_draws(items))]
    error = float(np.nanstd(drawn, ddof=1))
    return _student(value, error, models - 1, level, items, "reference line, bootstrap")


def unflagged_gap(
    published: npt.ArrayLike,
    flags: npt.ArrayLike,
    *,
    recall: float = RECALL,
    rate: float = 0.1,
    strata: npt.ArrayLike | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Effect:
    """Estimate how much of the accuracy is owed to exposed items, from those not flagged.

    Of f flagged items (1 - `rate`) f are exposed, and they are a share `recall` of all exposed
    ones; the others hide among the unflagged. From the accuracies of both groups follow that of
    exposed and that of unexposed items, and what the exposed add to the whole.

    Estimand: accuracy less that of unexposed items.
    Assumptions: the recall and the rate are as stated, which no data here can show; exposed items
    are as hard as others, within strata if these are given. The bounds are for the items alone:
    the recall's own uncertainty is not in them.

    Args:
        published: Whether each item was answered rightly, in [0, 1], shape (items,).
        flags: Whether it was flagged, shape (items,).
        recall: Share of exposed items that are flagged, in (0, 1].
        rate: Of false discoveries among the flagged, in [0, 1).
        strata: A label of each item's difficulty, such as its variants' accuracy in classes.
        level: Two-sided of `low` and `high`, one-sided of all else.
        seed: Of the bootstrap.

    Raises:
        ConfigError: (a ValueError) If a score leaves [0, 1], or `recall` or `rate` is no share.
    """
    scores = checked_scores("published", published, ndim=1)
    if not 0 < recall <= 1 or not 0 <= rate < 1:
        raise ConfigError(f"`recall` and `rate` must be shares, got {recall}, {rate}; write 0.5")
    known = ~np.isnan(scores)
    labels = np.zeros(scores.size) if strata is None else np.asarray(strata, dtype=np.float64)
    marked = np.asarray(flags, dtype=bool)
    scores, marked, labels = scores[known], marked[known], labels[known]
    why = _too_lopsided(marked, recall, rate)
    if why is not None:
        return replace(_unmeasured(why, level), items=scores.size)
    at = partial(_owed, recall=recall, rate=rate)
    value = at(scores, marked, labels)
    if not 0 <= float(scores.mean()) - value <= 1:
        why = f"at a recall of {recall:g} unexposed items would have an accuracy that cannot be"
        return replace(_unmeasured(why, level), items=scores.size)
    rng = np.random.default_rng(derive(seed, "unflagged-gap"))
    drawn = []
    for _ in range(_draws(scores.size)):
        rows = rng.integers(scores.size, size=scores.size)
        drawn.append(at(scores[rows], marked[rows], labels[rows]))
    error = float(np.nanstd(drawn, ddof=1))
    freedom = int(min(marked.sum(), (~marked).sum())) - 1
    method = f"not flagged, recall {recall:g} assumed, bootstrap"
    return _student(value, error, freedom, level, scores.size, method)


def _quantiles(level: float, power: float) -> float:
    return float(special.ndtri(level) + special.ndtri(power))


def _variants(fresh: npt.ArrayLike) -> Array:
    own = np.asarray(fresh, dtype=np.float64)
    return checked_scores("fresh", own if own.size else np.full((len(own), 1), np.nan), ndim=2)


def _unmeasured(why: str, level: float) -> Effect:
    nan = float("nan")
    return Effect(nan, nan, nan, checked_level(level), nan, nan, 0, why, "none")


def _effect(wide: Interval, narrow: Interval, p: float, items: int) -> Effect:
    bounds = {"lower": narrow.low, "upper": narrow.high}
    return Effect(
        wide.value,
        wide.low,
        wide.high,
        wide.level,
        p,
        np.nan,
        items,
        wide.why,
        wide.method,
        **bounds,
    )


def _one_sided(two_sided: float, value: float) -> float:
    return two_sided / 2 if value > 0 else 1 - two_sided / 2


def _error(scores: Array) -> float:
    """Standard error of a mean; of scores all alike that of one that is not, among one more."""
    spread = float(np.std(scores, ddof=1))
    if spread < _DUST:
        likely = _shrunk(scores)
        spread = float(np.sqrt(likely * (1 - likely)))
    return spread / float(np.sqrt(scores.size))


def _shrunk(scores: Array) -> float:
    return float((scores.sum() + 0.5) / (scores.size + 1))


def _planned(items: Array, own: Array, level: float) -> float:
    """The detectable gap as one would plan it, where the data show no spread."""
    variants = int(np.median(np.sum(~np.isnan(own), axis=1)))
    return detectable_gap(items.size, _shrunk(items), CORRELATION, variants, level=level)


def _detectable(differences: Array, found: Effect, planned: float) -> float:
    """How far the bound lies below the mean, and what a mean falls short of in one run of five."""
    size, half = differences.size, found.value - found.lower
    spread = float(np.std(differences, ddof=1)) if size > 1 else np.nan
    if np.isnan(half):
        return np.nan
    if spread < _DUST:
        # What the bounds leave open could not have been seen, however little varied.
        return max(planned, half)
    if size < ENOUGH:
        # The unseen item is at -1: the bound's distance grows with the mean.
        half = half / (1 - half) if half < 1 else 1.0
    return min(1.0, half + float(special.ndtri(POWER)) * spread / float(np.sqrt(size)))


def _between_means(items: Array, others: Array, level: float) -> Interval:
    one, two = (_mean(scores, level) for scores in (items, others))
    value = one.value - two.value
    below = float(np.hypot(one.value - one.low, two.high - two.value))
    above = float(np.hypot(one.high - one.value, two.value - two.low))
    low, high = max(-1.0, value - below), min(1.0, value + above)
    return Interval(value, low, high, level, f"{one.method}, MOVER", items.size)


def _mean(scores: Array, level: float) -> Interval:
    if scores.size < MANY:
        return mean_interval(scores, level=level)
    found = paired_difference(scores, np.zeros(scores.size), level=level)
    return replace(found, low=max(found.low, 0.0), high=min(found.high, 1.0))


def _inverted(at: Callable[[float], Interval]) -> float:
    """One-sided p of a difference above 0: one less the level of the bound that reaches 0."""
    positive = at(0.5).value > 0

    def excludes(level: float) -> bool:
        found = at(level)
        return found.low > 0 if positive else found.high < 0

    accepted, rejected = _LEAST_P, 1.0
    while rejected > 1.001 * accepted:
        middle = (accepted * rejected) ** 0.5
        accepted, rejected = (accepted, middle) if excludes(1 - middle) else (middle, rejected)
    return rejected / 2 if positive else 1 - rejected / 2


def _stacked(own: npt.ArrayLike, others: npt.ArrayLike) -> Array:
    model, references = np.asarray(own, dtype=np.float64), np.asarray(others, dtype=np.float64)
    if references.ndim != 2 or (len(references) and references.shape[1] != model.size):
        raise ConfigError(
            f"reference models must be rows of {model.size} answers, got {references.shape}"
        )
    return checked_scores(
        "answers", np.vstack([model, references.reshape(len(references), model.size)]), ndim=2
    )


def _accuracies(answers: Array, weights: Array) -> Array:
    """Of each model over what it was measured on, shape (models,)."""
    known = ~np.isnan(answers)
    weighed = known @ weights
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, answers, 0) @ weights / weighed, dtype=np.float64)


def _line(published: Array, fresh: Array) -> tuple[float, Array]:
    """What is expected of the first, in logits, and the others' distances from their line."""
    y, x = (special.logit(np.clip(each, 0.005, 0.995)) for each in (published, fresh))
    (dy, dx), centre = (y[1:] - y[1:].mean(), x[1:] - x[1:].mean()), x[1:].mean()
    slope = max(0.0, float((dx @ dy + _TOWARDS_ONE) / (dx @ dx + _TOWARDS_ONE)))
    return float(y[1:].mean() + slope * (x[0] - centre)), dy - slope * dx


def _beyond(published: Array, fresh: Array) -> str | None:
    """Why no expectation is made, if none is."""
    if min(published[0], fresh[0]) < FLOOR:
        return f"an accuracy below {FLOOR:g} is too near the floor to expect anything from"
    low, high = fresh[1:].min() - REACH, fresh[1:].max() + REACH
    if not low <= fresh[0] <= high:
        return "no reference model is about as strong"
    return None


def _scatter(sets: Sequence[Array], accuracies: Sequence[Array]) -> float:
    """How far models stray from their line, in logits, beyond what few items make of it."""
    _, apart = _line(*accuracies)
    by_chance = 0.0
    for answers, of in zip(sets, accuracies, strict=True):
        informative = np.sum(~np.isnan(answers[1:]), axis=1) * of[1:] * (1 - of[1:])
        by_chance += float(np.mean(1 / np.maximum(informative, 1.0)))
    return float(np.sqrt(max(0.0, float(apart @ apart) / (apart.size - 2) - by_chance)))


def _drawn_again(
    published: Array, fresh: Array, scatter: float, rng: np.random.Generator, *, paired: bool
) -> float:
    """The gap on other items, other texts, other reference models and another such model."""
    weights = [
        rng.multinomial(each.shape[1], np.full(each.shape[1], 1 / each.shape[1])).astype(float)
        for each in (published, fresh)
    ]
    if paired:
        weights[1] = weights[0]
    models = len(published) - 1
    rows = np.concatenate([[0], 1 + rng.integers(models, size=models)])
    y, x = (_accuracies(each[rows], w) for each, w in zip((published, fresh), weights, strict=True))
    expected, _ = _line(y, x)
    return float(y[0] - special.expit(expected + scatter * rng.standard_normal()))


def _draws(items: int) -> int:
    """Fewer where each takes long: 200 tell a standard error to within a twentieth."""
    return _DRAWS if items < _VERY_MANY else _DRAWS_OF_MANY


def _student(
    value: float, error: float, freedom: int, level: float, items: int, method: str
) -> Effect:
    """An effect whose bounds are Student's around it, within what a difference can be."""
    t = stats.t(freedom)
    wide, narrow = float(t.ppf((1 + level) / 2)) * error, float(t.ppf(level)) * error
    low, high, lower, upper = np.clip(
        [value - wide, value + wide, value - narrow, value + narrow], -1, 1
    ).tolist()
    p = float(t.sf(value / error)) if error > _DUST else np.nan
    detectable = min(1.0, float(t.ppf(level) + t.ppf(POWER)) * error)
    return Effect(
        value, low, high, level, p, detectable, items, None, method, lower=lower, upper=upper
    )


def _too_lopsided(flags: Flags, recall: float, rate: float) -> str | None:
    """Why flags say nothing of accuracy, if they do not."""
    marked, share = int(flags.sum()), float(flags.mean()) if flags.size else 0.0
    if min(marked, flags.size - marked) < FEWEST:
        return f"{marked} of {flags.size} items flagged; a comparison needs {FEWEST} on each side"
    exposed = (1 - rate) * share / recall
    if (exposed - (1 - rate) * share) / (1 - share) >= 1 - rate:
        return f"so many are flagged that a recall of {recall:g} cannot be"
    return None


def _owed(scores: Array, flags: Flags, strata: Array, *, recall: float, rate: float) -> float:
    """What exposed items add to the accuracy of all."""
    share = float(flags.mean())
    if share in (0.0, 1.0):
        return np.nan
    exposed = (1 - rate) * share / recall
    hidden = (exposed - (1 - rate) * share) / (1 - share)
    apart = _apart(scores, flags, strata)
    return exposed * apart / (1 - rate - hidden) if hidden < 1 - rate else np.nan


def _apart(scores: Array, flags: Flags, strata: Array) -> float:
    """Flagged less unflagged, within strata that have both, weighed by the strata's sizes."""
    total, weighed = 0.0, 0
    for label in np.unique(strata):
        inside = strata == label
        one, other = scores[inside & flags], scores[inside & ~flags]
        if one.size and other.size:
            total += float(inside.sum()) * float(one.mean() - other.mean())
            weighed += int(inside.sum())
    return total / weighed if weighed else np.nan
