"""Degradation curves: what survives each leg, bounded leg by leg and as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import special

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_level, checked_scores
from worktrial.estimate.intervals import (
    SAME,
    SPARSE,
    Interval,
    clopper_pearson_upper,
    mean_interval,
)


@dataclass(frozen=True)
class Curve:
    """A mean at every leg, with pointwise bounds and a band that holds at all legs at once.

    Attributes:
        legs: The leg that each step stands for, strictly increasing.
        steps: The pointwise estimate at each step.
        band_low: Simultaneous lower bound, shape (steps,); NaN where a step has no bounds.
        band_high: Simultaneous upper bound, shape (steps,); NaN likewise.
        band_method: The construction behind the band.
    """

    legs: tuple[int, ...]
    steps: tuple[Interval, ...]
    band_low: FloatArray
    band_high: FloatArray
    band_method: str

    @property
    def mean(self) -> FloatArray:
        """The estimate at each step, shape (steps,)."""
        return np.array([step.value for step in self.steps])

    @property
    def low(self) -> FloatArray:
        """The pointwise lower bound at each step, shape (steps,)."""
        return np.array([step.low for step in self.steps])

    @property
    def high(self) -> FloatArray:
        """The pointwise upper bound at each step, shape (steps,)."""
        return np.array([step.high for step in self.steps])

    @property
    def clusters(self) -> npt.NDArray[np.int_]:
        """How many documents were measured at each step, shape (steps,)."""
        return np.array([step.clusters for step in self.steps])


def fidelity_curve(
    fidelity: npt.ArrayLike,
    *,
    seed: int,
    level: float = 0.95,
    draws: int = 2000,
    legs: Sequence[int] | None = None,
) -> Curve:
    """Estimate how much of a document survives each leg of a relay.

    Estimand: the mean fidelity after each leg, over the population of documents.
    Assumptions: documents are independent; legs of one document are correlated and are never
    pooled; a leg is missing for reasons that have nothing to do with its fidelity.

    The band is the pointwise interval at a stricter level: the one at which the intervals of
    all legs hold together, from a studentised sup-bootstrap over documents. Studentised,
    because an unstudentised band is as wide at the first leg as at the last, where documents
    differ most, and so can never certify an early leg. If fewer than five documents were ever
    damaged, it is [1 − Clopper–Pearson upper bound of the share ever damaged, 1] throughout.

    Args:
        fidelity: Scores in [0, 1], shape (documents, steps); NaN for a leg not run.
        seed: Draws the bootstrap.
        level: Two-sided confidence level, in (0, 1).
        draws: Bootstrap resamples.
        legs: The leg each column stands for; 1, 2, … by default.

    Returns:
        Mean, bounds and band per step, in the units of `fidelity`. Bounds are NaN where fewer
        than two documents reached the step.

    Raises:
        ConfigError: (a ValueError) If `fidelity` is not 2-D, a score leaves [0, 1], `level`
            leaves (0, 1), or `legs` does not label the columns in increasing order.

    References:
        Miller (2024), arXiv:2411.00640; Montiel Olea and Plagborg-Møller (2019), Simultaneous
        confidence bands, Journal of Applied Econometrics 34(1), for the sup-t band.
    """
    level = checked_level(level)
    scores = checked_scores("fidelity", fidelity, ndim=2)
    labels = _labels(legs, scores.shape[1])
    steps = tuple(mean_interval(column, level=level) for column in scores.T)
    method, low, high = _band(scores, level, np.random.default_rng(seed), draws)
    # The exact bound of a sparse step may be wider than the band's own: keep the wider.
    band_low = np.minimum(low, [step.low for step in steps])
    band_high = np.maximum(high, [step.high for step in steps])
    return Curve(labels, steps, band_low, band_high, method)


def _labels(legs: Sequence[int] | None, steps: int) -> tuple[int, ...]:
    labels = tuple(range(1, steps + 1)) if legs is None else tuple(legs)
    if len(labels) != steps or any(b <= a for a, b in pairwise(labels)):
        raise ConfigError(f"`legs` must name {steps} legs in increasing order, got {labels}")
    return labels


def _band(
    scores: FloatArray, level: float, rng: np.random.Generator, draws: int
) -> tuple[str, FloatArray, FloatArray]:
    damaged = int(np.sum(np.nanmin(scores, axis=1, initial=1.0) < 1 - SAME))
    if damaged < SPARSE:
        share = clopper_pearson_upper(damaged, len(scores), level=(1 + level) / 2)
        steps = scores.shape[1]
        return "clopper-pearson-ever", np.full(steps, 1 - share), np.ones(steps)
    stricter = simultaneous_level(scores, rng, level=level, draws=draws)
    band = [mean_interval(column, level=stricter) for column in scores.T]
    lows, highs = ([step.low for step in band], [step.high for step in band])
    return "sup-t", np.array(lows), np.array(highs)


def simultaneous_level(
    scores: FloatArray, rng: np.random.Generator, *, level: float, draws: int
) -> float:
    """Find the pointwise level at which the intervals of all steps hold together.

    Estimand: 2Φ(c) − 1, c the `level` quantile of the largest studentised deviation of a mean.
    Assumptions: documents are independent; Gaussian weights on the documents' deviations
    reproduce the correlation between steps.

    Args:
        scores: Shape (documents, steps); NaN for missing.
        rng: Draws the weights.
        level: The level that shall hold at all steps at once, in (0, 1).
        draws: How many sets of weights.

    Returns:
        A level no lower than `level`.

    References:
        Montiel Olea and Plagborg-Møller (2019), Journal of Applied Econometrics 34(1).
    """
    known = ~np.isnan(scores)
    filled = np.where(known, scores, 0)
    means = filled.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    residuals = np.where(known, filled - means, 0)
    scale = np.sqrt(np.sum(residuals**2, axis=0))
    spread = scale > SAME
    if not spread.any():
        return level
    weights = rng.standard_normal((draws, len(scores)))
    deviations = weights @ (residuals[:, spread] / scale[spread])
    critical = np.quantile(np.abs(deviations).max(axis=1), level)
    return max(level, float(2 * special.ndtr(critical) - 1))
