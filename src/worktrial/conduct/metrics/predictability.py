"""Predictability: whether a worker knows when it is right."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from worktrial.conduct.events import Trajectory
from worktrial.conduct.metric import Measure, Metric, not_measurable
from worktrial.conduct.metrics.completion import final_claim

BINS = 10


def stated_confidence(trajectory: Trajectory) -> Measure:
    """The probability of being right that the worker states at the end."""
    claim = final_claim(trajectory)
    if claim is None or claim[1].confidence is None:
        return not_measurable("the worker states no confidence")
    return Measure(claim[1].confidence, places=(claim[0],))


class Covered(NamedTuple):
    """A point of the risk–coverage curve.

    Attributes:
        coverage: Share of the samples whose confidence is at least `threshold`.
        risk: Share of those that failed.
        threshold: The confidence.
    """

    coverage: float
    risk: float
    threshold: float


class Predictability(NamedTuple):
    """How well stated confidence goes with success, over a worker's samples.

    Attributes:
        ece: Expected calibration error, in ten bins of equal width.
        auroc: The chance that a sample that succeeded has the higher confidence of the two; a tie
            counts half.
        brier: Mean squared distance of confidence from the outcome.
        curve: Risk by coverage, from the most confident on.
        of: How many samples have both a confidence and a score.
        why: By name, why one of them is not measured.
    """

    ece: Measure
    auroc: Measure
    brier: Measure
    curve: tuple[Covered, ...]
    of: int

    @property
    def why(self) -> dict[str, str]:
        """By name, why one of them could not be measured."""
        named = {"ece": self.ece, "auroc": self.auroc, "brier": self.brier}
        return {name: each.why for name, each in named.items() if each.why}


def predictability(
    confidence: Sequence[float | None], success: Sequence[float | None]
) -> Predictability:
    """Hold stated confidence against what came of it.

    Args:
        confidence: Stated probabilities of being right, in [0, 1]; `None` or NaN where none was.
        success: Scores in [0, 1] of the same samples; 1 is a success. `None` or NaN is missing.

    Raises:
        ValueError: If the lengths differ or a number lies outside [0, 1].

    References:
        Naeini et al. (2015), AAAI; El-Yaniv and Wiener (2010), JMLR 11; arXiv:2602.16666.
    """
    stated, right = _both(confidence, success)
    many = len(stated)
    if not many:
        none = not_measurable("no sample has both a stated confidence and a score")
        return Predictability(none, none, none, (), 0)
    return Predictability(
        Measure(_ece(stated, right), of=many), _auroc(stated, right),
        Measure(float(np.mean((stated - right) ** 2)), of=many), _curve(stated, right), many,
    )  # fmt: skip


def _both(
    confidence: Sequence[float | None], success: Sequence[float | None]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if len(confidence) != len(success):
        raise ValueError(f"{len(confidence)} confidences and {len(success)} scores; give as many")
    stated, score = np.array(confidence, dtype=float), np.array(success, dtype=float)
    known = ~(np.isnan(stated) | np.isnan(score))
    stated, score = stated[known], score[known]
    if np.any((stated < 0) | (stated > 1) | (score < 0) | (score > 1)):
        raise ValueError("`confidence` and `success` must be in [0, 1]")
    return stated, (score >= 1).astype(float)


def _ece(stated: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    bins = np.minimum((stated * BINS).astype(int), BINS - 1)
    gaps = [abs(float(np.sum(stated[bins == b] - right[bins == b]))) for b in range(BINS)]
    return sum(gaps) / len(stated)


def _auroc(stated: NDArray[np.float64], right: NDArray[np.float64]) -> Measure:
    good, bad = np.sort(stated[right == 1]), np.sort(stated[right == 0])
    if not (len(good) and len(bad)):
        return not_measurable("all samples came out alike, so nothing is told apart")
    below = np.searchsorted(bad, good, side="left") + np.searchsorted(bad, good, side="right")
    return Measure(float(below.sum()) / 2 / (len(good) * len(bad)), of=len(stated))


def _curve(stated: NDArray[np.float64], right: NDArray[np.float64]) -> tuple[Covered, ...]:
    """One point for each confidence that was stated: equal ones cannot be told apart."""
    order = np.argsort(-stated, kind="stable")
    wrong = np.cumsum(1 - right[order])
    last = np.flatnonzero(np.append(np.diff(stated[order]) != 0, True))
    return tuple(
        Covered(float(i + 1) / len(stated), float(wrong[i]) / float(i + 1), float(stated[order][i]))
        for i in last
    )


METRICS = (
    Metric(
        "stated_confidence", "predictability", "Stated confidence", "share", None, "proposed",
        "the probability of being right in the final claim",
        "arXiv:2602.16666, of which it is an input", stated_confidence,
    ),
)  # fmt: skip
