"""The shape of a decline: how fast it goes, whether it slows down, and whether there is one."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_level, checked_scores
from worktrial.estimate.intervals import SAME, SPARSE, Interval, unbounded
from worktrial.estimate.unseen import lower_quantile, unseen_weights, upper_quantile

LOST, WHOLE = 0, 1
"""Kinds of unseen document; two more fall all at once, in the middle and at the end."""

STEPS = 3
"""Two parameters need a third point to be held against."""

ITERATIONS = 12
"""Of Levenberg and Marquardt's method; it has settled long before."""

FLATTEST, STEEPEST = np.log(0.05), np.log(20.0)
"""Exponents beyond these are a level line and a cliff, for all that legs can show."""


@dataclass(frozen=True)
class Shape:
    """A stretched exponential through a mean curve: exp(−(k/scale)^exponent).

    Attributes:
        half_life: The leg after which half is left. Its value is NaN, and `why` says "> K",
            where that lies beyond the last leg, and "< k" where before the first; a bound
            there is NaN likewise.
        exponent: Below 1 the decline slows down, above 1 it gathers pace; NaN where `why` says
            that the curve doesn't tell.
        fitted: The fitted curve at each leg, shape (steps,).
        isotonic: The closest curve that never rises, a description only, shape (steps,).
        legs: The leg of each step.
    """

    half_life: Interval
    exponent: Interval
    fitted: FloatArray
    isotonic: FloatArray
    legs: FloatArray

    @property
    def scale(self) -> float:
        """The leg after which 1/e is left, by the fit; NaN where the half-life is."""
        return float(self.half_life.value / np.log(2) ** (1 / self.exponent.value))


class Trend(NamedTuple):
    """Whether later legs are worse.

    Attributes:
        statistic: Page's L of ranks within documents; NaN where there is none.
        p_value: One-sided, against no order of the legs; NaN where there is none.
        documents: How many had every leg.
        why: Why there is no p-value; None where there is.
    """

    statistic: float
    p_value: float
    documents: int
    why: str | None = None


def decline_shape(
    fidelity: npt.ArrayLike,
    legs: npt.ArrayLike,
    *,
    level: float = 0.95,
    draws: int = 1000,
) -> Shape:
    """Fit a stretched exponential to the documents' mean curve.

    Estimand: half-life and exponent of the stretched exponential that is closest, in squares,
    to the population's mean fidelity at these legs.
    Assumptions: documents are independent; a leg is missing for reasons that have nothing to
    do with its fidelity. Documents are weighed at random as wholes, together with one unseen:
    lost from the first leg for the lower bounds, whole throughout for the upper ones, and
    either for the exponent. Nothing is extrapolated: a half-life outside the legs run is said
    to be beyond them.

    Args:
        fidelity: Scores in [0, 1], shape (documents, steps); NaN for a leg not run.
        legs: The leg each column stands for, positive and increasing, shape (steps,).
        level: Two-sided confidence level of each bound, in (0, 1).
        draws: How many sets of weights.

    Returns:
        Half-life in legs, exponent, and two curves to draw. NaN, and `why`, below five
        documents or three legs that two documents reached.

    Raises:
        ConfigError: (a ValueError) If `fidelity` isn't 2-D, a score leaves [0, 1], `legs`
            doesn't label the columns in increasing order from above 0, or `level` leaves (0, 1).

    References:
        Kohlrausch (1854), Annalen der Physik 167, for the curve; Rubin (1981), The Bayesian
        bootstrap, Annals of Statistics 9(1).
    """
    level = checked_level(level)
    scores, labels = _checked(fidelity, legs)
    documents = len(scores)
    if documents < SPARSE or labels.size < STEPS:
        why = f"{documents} document(s) at {labels.size} leg(s); a shape needs {SPARSE} at {STEPS}"
        nothing = unbounded(np.nan, level=level, clusters=documents, why=why)
        return Shape(nothing, nothing, np.full(labels.size, np.nan), _isotonic(scores), labels)
    log_half, log_exponent = _fit(_mean_curves(scores, np.ones((1, documents))), labels)
    unseen = _unseen(labels, float(log_half[0]))
    half_lives, exponents = _refitted(scores, unseen, labels, draws)
    bounds = lower_quantile(half_lives[LOST], level), upper_quantile(half_lives[WHOLE], level)
    half_life = _half_life(np.exp([log_half[0], *bounds]), labels, level, documents)
    exponent = _exponent(scores, float(log_exponent[0]), exponents, level)
    fitted = _curve(log_half[:, None], log_exponent[:, None], labels)[0]
    return Shape(half_life, exponent, fitted, _isotonic(scores), labels)


def decline_trend(fidelity: npt.ArrayLike) -> Trend:
    """Test by Page's trend test that fidelity falls from leg to leg.

    Estimand: the chance of ranks as ordered as these, if the legs of a document came in any
    order alike.
    Assumptions: documents are independent. Tied legs share their mean rank, which makes the
    test err on the side of caution. A document that lacks a leg is left out.

    Args:
        fidelity: Scores in [0, 1], shape (documents, steps); NaN for a leg not run.

    Returns:
        Statistic and one-sided p-value; none, and `why`, below two complete documents or three
        legs.

    Raises:
        ConfigError: (a ValueError) If `fidelity` isn't 2-D or a score leaves [0, 1].

    References:
        Page (1963), Ordered hypotheses for multiple treatments, JASA 58(301).
    """
    scores = checked_scores("fidelity", fidelity, ndim=2)
    complete = scores[~np.isnan(scores).any(axis=1)]
    documents, steps = complete.shape
    if documents < 2 or steps < STEPS:
        why = f"{documents} complete document(s) of {steps} leg(s); a trend needs 2 of {STEPS}"
        return Trend(np.nan, np.nan, documents, why)
    # Floating-point dust is a tie; Page's alternative rises, so time runs backwards.
    found = stats.page_trend_test(np.round(complete, 9)[:, ::-1])
    return Trend(float(found.statistic), float(found.pvalue), documents)


def _checked(fidelity: npt.ArrayLike, legs: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return documents and legs that count: those of which anything is known."""
    scores = checked_scores("fidelity", fidelity, ndim=2)
    labels = np.asarray(legs, dtype=np.float64)
    ordered = all(a < b for a, b in pairwise([0.0, *labels.ravel()]))
    if labels.shape != scores.shape[1:] or not ordered:
        raise ConfigError(
            f"`legs` must name {scores.shape[1]} positive legs in increasing order, got {labels}"
        )
    scores = scores[~np.isnan(scores).all(axis=1)]
    reached = np.sum(~np.isnan(scores), axis=0) >= 2
    return scores[:, reached], labels[reached]


def _isotonic(scores: FloatArray) -> FloatArray:
    known = np.sum(~np.isnan(scores), axis=0)
    means = np.nansum(scores, axis=0) / known
    fitted: FloatArray = optimize.isotonic_regression(means, weights=known, increasing=False).x
    return fitted


def _unseen(legs: FloatArray, log_half: float) -> FloatArray:
    """Return the documents that would move the fit furthest, shape (kinds, steps)."""
    middle = np.clip(np.exp(log_half), legs[0], legs[-2])
    lost, whole = np.zeros(legs.size), np.ones(legs.size)
    return np.stack([lost, whole, legs <= middle, legs < legs[-1]])


def _refitted(
    scores: FloatArray, unseen: FloatArray, legs: FloatArray, draws: int
) -> tuple[FloatArray, FloatArray]:
    """Return log half-lives and log exponents, shape (kinds of unseen document, draws)."""
    # Sorted, so that the order of the documents doesn't reach the weights.
    ordered = scores[np.lexsort(scores.T)]
    weights = unseen_weights(len(scores), draws)
    curves = [_mean_curves(np.vstack([ordered, document]), weights) for document in unseen]
    fits = _fit(np.concatenate(curves), legs)
    return fits[0].reshape(len(unseen), draws), fits[1].reshape(len(unseen), draws)


def _mean_curves(scores: FloatArray, weights: FloatArray) -> FloatArray:
    known = ~np.isnan(scores)
    means: FloatArray = (weights @ np.where(known, scores, 0)) / (weights @ known)
    return means


def _curve(log_half: FloatArray, log_exponent: FloatArray, legs: FloatArray) -> FloatArray:
    ages = np.exp(log_exponent) * (np.log(legs) - log_half)
    curve: FloatArray = np.exp(-np.log(2) * np.exp(np.minimum(ages, 30)))
    return curve


def _fit(curves: FloatArray, legs: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return log half-life and log exponent of the closest curve, for all curves at once.

    Levenberg and Marquardt's method, since scipy's takes one curve at a time.
    """
    half, exponent = _start(curves, legs)
    error = _error(curves, half, exponent, legs)
    damping = np.full(len(curves), 1e-2)
    for _ in range(ITERATIONS):
        step = _step(curves, half, exponent, legs, damping)
        moved = _kept_in(half + step[0], exponent + step[1], legs)
        changed = _error(curves, *moved, legs)
        better = changed < error
        half, exponent = np.where(better, moved[0], half), np.where(better, moved[1], exponent)
        error = np.minimum(error, changed)
        damping = np.where(better, damping / 5, damping * 5)
    return half, exponent


def _start(curves: FloatArray, legs: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the line through log(−log curve) over log legs, away from 0 and 1."""
    ages = np.log(-np.log(np.clip(curves, 0.005, 0.995)) / np.log(2))
    time = np.log(legs) - np.log(legs).mean()
    slope = ages @ time / np.sum(time**2)
    exponent = np.clip(slope, np.exp(FLATTEST), np.exp(STEEPEST))
    half = np.log(legs).mean() - ages.mean(axis=1) / exponent
    return _kept_in(half, np.log(exponent), legs)


def _kept_in(
    half: FloatArray, exponent: FloatArray, legs: FloatArray
) -> tuple[FloatArray, FloatArray]:
    reach = np.log(legs[[0, -1]]) + np.array([-4, 4])
    return np.clip(half, *reach), np.clip(exponent, FLATTEST, STEEPEST)


def _error(
    curves: FloatArray, half: FloatArray, exponent: FloatArray, legs: FloatArray
) -> FloatArray:
    error: FloatArray = np.sum((curves - _curve(half[:, None], exponent[:, None], legs)) ** 2, 1)
    return error


def _step(
    curves: FloatArray,
    half: FloatArray,
    exponent: FloatArray,
    legs: FloatArray,
    damping: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    power = np.exp(exponent)[:, None]
    ages = np.minimum(power * (np.log(legs) - half[:, None]), 30)
    fall = np.log(2) * np.exp(ages)
    curve = np.exp(-fall)
    by_half, by_exponent = curve * fall * power, -curve * fall * ages
    residual = curves - curve
    a = np.sum(by_half**2, 1) * (1 + damping) + 1e-12
    b = np.sum(by_half * by_exponent, 1)
    c = np.sum(by_exponent**2, 1) * (1 + damping) + 1e-12
    first, second = np.sum(by_half * residual, 1), np.sum(by_exponent * residual, 1)
    determinant = a * c - b**2
    return (c * first - b * second) / determinant, (a * second - b * first) / determinant


def _half_life(halves: FloatArray, legs: FloatArray, level: float, documents: int) -> Interval:
    start, end = legs[0], legs[-1]
    value, low, high = halves
    why = None
    if value > end:
        value, why = np.nan, f"> {end:g}: by the last leg more than half was left"
    elif value < start:
        value, why = np.nan, f"< {start:g}: by the first leg less than half was left"
    low, high = (0.0 if low < start else min(low, end)), (high if high <= end else np.nan)
    return Interval(
        float(value), float(low), float(max(high, start)), level, "unseen bootstrap", documents, why
    )


def _exponent(scores: FloatArray, log_exponent: float, draws: FloatArray, level: float) -> Interval:
    if np.nanmax(scores) - np.nanmin(scores) <= SAME:
        why = "no score differs from another: there is no decline to see the shape of"
        return unbounded(np.nan, level=level, clusters=len(scores), why=why)
    low = min(lower_quantile(x, level) for x in draws)
    high = max(upper_quantile(x, level) for x in draws)
    bounds = min(low, log_exponent), max(high, log_exponent)
    value, low, high = np.exp([log_exponent, *bounds])
    return Interval(float(value), float(low), float(high), level, "unseen bootstrap", len(scores))
