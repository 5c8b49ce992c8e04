"""Degradation curves: what survives each leg, bounded leg by leg and as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray, checked_level, checked_scores
from worktrial.estimate.intervals import Interval, inside, mean_interval, weighted_means


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
    fidelity: npt.ArrayLike, *, level: float = 0.95, legs: Sequence[int] | None = None
) -> Curve:
    """Estimate how much of a document survives each leg of a relay.

    Estimand: the mean fidelity after each leg, over the population of documents.
    Assumptions: documents are independent; legs of one document are correlated and are never
    pooled; a leg is missing for reasons that have nothing to do with its fidelity.

    Pointwise bounds are those of `mean_interval`. For the band all legs share the weights of
    their documents, and of the one unseen, so each draw is a whole curve: each side of the band
    is the pointwise quantile that as many whole curves respect as the level asks for.

    Args:
        fidelity: Scores in [0, 1], shape (documents, steps); NaN for a leg not run.
        level: Two-sided confidence level, in (0, 1).
        legs: The leg each column stands for; 1, 2, … by default.

    Returns:
        Mean, bounds and band per step, in the units of `fidelity`. Bounds are NaN where fewer
        than two documents reached the step.

    Raises:
        ConfigError: (a ValueError) If `fidelity` is not 2-D, a score leaves [0, 1], `level`
            leaves (0, 1), or `legs` does not label the columns in increasing order.

    References:
        Those of `mean_interval`; Montiel Olea and Plagborg-Møller (2019), Simultaneous
        confidence bands, Journal of Applied Econometrics 34(1), for bands from joint quantiles.
    """
    level = checked_level(level)
    scores = checked_scores("fidelity", fidelity, ndim=2)
    labels = _labels(legs, scores.shape[1])
    steps = tuple(mean_interval(column, level=level) for column in scores.T)
    bounded = np.array([step.bounded for step in steps], dtype=bool)
    band = np.full((2, len(steps)), np.nan)
    if bounded.any():
        chosen = [step for step in steps if step.bounded]
        band[:, bounded] = _band(scores[:, bounded], chosen, level)
    return Curve(labels, steps, band[0], band[1], "gaffke, joint quantiles")


def _labels(legs: Sequence[int] | None, steps: int) -> tuple[int, ...]:
    labels = tuple(range(1, steps + 1)) if legs is None else tuple(legs)
    if len(labels) != steps or any(b <= a for a, b in pairwise(labels)):
        raise ConfigError(f"`legs` must name {steps} legs in increasing order, got {labels}")
    return labels


def _band(scores: FloatArray, steps: Sequence[Interval], level: float) -> FloatArray:
    """Return lower and upper bounds that hold at all steps at once, shape (2, steps)."""
    # Rows in an order of their own: how documents are listed must not reach the weights.
    ordered = scores[np.lexsort(np.nan_to_num(scores.T, nan=-1.0))]
    low, high = weighted_means(ordered)
    tail = (1 - level) / 2
    tails = _joint_tail(low, tail), _joint_tail(-high, tail)
    band = [
        inside(step.value, low[:, k], high[:, k], tails, level, step.clusters)
        for k, step in enumerate(steps)
    ]
    # Drawn with other rows in each place than the pointwise bounds: keep the wider.
    lows = [min(wide.low, step.low) for wide, step in zip(band, steps, strict=True)]
    highs = [max(wide.high, step.high) for wide, step in zip(band, steps, strict=True)]
    return np.array([lows, highs])


def _joint_tail(drawn: FloatArray, tail: float) -> float:
    """Return the pointwise tail below which some step of a curve falls with chance `tail`."""
    ordered = np.sort(drawn, axis=0)
    most = int(tail * len(drawn))
    spared, ruined = 0, most + 1
    while ruined - spared > 1:
        middle = (spared + ruined) // 2
        falls = np.any(drawn < ordered[middle], axis=1).sum() > most
        spared, ruined = (spared, middle) if falls else (middle, ruined)
    return spared / len(drawn)
