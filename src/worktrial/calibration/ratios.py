"""Ratios of totals and of means: data of known ratios, and whether their intervals hold them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from worktrial.calibration.case import Replicate, covered
from worktrial.calibration.truths import FloatArray
from worktrial.estimate import cost_per_success, ratio_interval, ratio_of_means

# Ratios of totals.


class _Ratio(NamedTuple):
    draw: Callable[[np.random.Generator, int], tuple[FloatArray, FloatArray]]
    truth: float


def _gamma_totals(rng: np.random.Generator, n: int) -> tuple[FloatArray, FloatArray]:
    whole = rng.gamma(2, 0.1, n)
    return whole * rng.beta(4, 2, n), whole


def _few_totals(rng: np.random.Generator, n: int) -> tuple[FloatArray, FloatArray]:
    """One in six loses .6, most of it in a critical failure; the others lose nothing."""
    whole = np.where(rng.random(n) < 1 / 6, 0.6, 0.0)
    return whole * rng.beta(8, 2, n), whole


def _grave_and_slight(rng: np.random.Generator, n: int) -> tuple[FloatArray, FloatArray]:
    """All lose .02 in small things, and one in six .6 in a critical failure."""
    part = np.where(rng.random(n) < 1 / 6, 0.6, 0.0)
    return part, part + 0.02


def _tied_totals(rng: np.random.Generator, n: int) -> tuple[FloatArray, FloatArray]:
    whole = rng.integers(1, 4, n) / 10
    return np.round(whole * rng.integers(0, 3, n) / 2, 3), whole


def _all_critical(rng: np.random.Generator, n: int) -> tuple[FloatArray, FloatArray]:
    whole = rng.gamma(2, 0.1, n)
    return whole * (rng.random(n) < 0.97), whole


def _constant_ratio(rng: np.random.Generator, n: int) -> tuple[FloatArray, FloatArray]:
    whole = rng.gamma(2, 0.1, n)
    return 0.3 * whole, whole


RATIOS: Mapping[str, _Ratio] = {
    "dense: gamma totals, beta shares": _Ratio(_gamma_totals, 4 / 6),
    "sparse, severe: one in six has a total": _Ratio(_few_totals, 0.8),
    "sparse, severe: small totals and one in six large": _Ratio(_grave_and_slight, 0.1 / 0.12),
    "tied: tenths": _Ratio(_tied_totals, 0.5),
    "ceiling: 3 % of clusters hold none": _Ratio(_all_critical, 0.97),
    "zero variance: three tenths of each": _Ratio(_constant_ratio, 0.3),
}


def ratio_covers(truth: _Ratio, clusters: int, rng: np.random.Generator) -> Replicate:
    """One sample of parts and wholes and the interval of their ratio."""
    return covered(ratio_interval(*truth.draw(rng, clusters)), truth.truth)


# Ratios of means of differences, as the share of a score that the form of the answer explains.


class _Share(NamedTuple):
    """Chances of a right answer of an item with the form alone, with all, with the bare input."""

    part: float
    whole: float
    floor: float
    shared: float = 0.0
    """Of the items so many are answered alike by all three, rightly by half of them."""


SHARES: Mapping[str, _Share] = {
    "dense: four sevenths of what is added": _Share(0.6, 0.9, 0.2),
    "dense: nothing of what is added": _Share(0.25, 0.85, 0.25),
    "ceiling: all of what is added": _Share(0.97, 0.97, 0.1),
    "tied: half, and six in ten items answered alike": _Share(0.5, 0.9, 0.1, shared=0.6),
}


def share_of_means_covers(truth: _Share, clusters: int, rng: np.random.Generator) -> Replicate:
    """Right and wrong answers to items under three arms; where no ratio is told, nothing is."""
    chances = np.array([truth.part, truth.whole, truth.floor])[:, None]
    alike = rng.random(clusters) < truth.shared
    right = np.where(alike, rng.random(clusters) < 0.5, rng.random((3, clusters)) < chances)
    part, whole, floor = right.astype(float)
    exact = (truth.part - truth.floor) / (truth.whole - truth.floor)
    return covered(ratio_of_means(part - floor, whole - floor), exact)


# Costs of a success.


class _Tries(NamedTuple):
    """Tries of unlike difficulty, uniform in [0, 1].

    Attributes:
        chance: Of success at the middle difficulty.
        harder: By how much less likely it is at the hardest than at the easiest.
        dearer: How many times more the hardest costs than the easiest, less one.
        spread: Of the logarithm of a cost, around that.
    """

    chance: float
    harder: float = 0.0
    dearer: float = 0.0
    spread: float = 0.0

    @property
    def exact(self) -> float:
        """The mean cost over the mean success."""
        return (1 + self.dearer / 2) * float(np.exp(self.spread**2 / 2)) / self.chance


TRIES: Mapping[str, _Tries] = {
    "dense: four in five, costs alike but for noise": _Tries(0.8, spread=0.3),
    "dense: the harder the dearer, and the seldomer done": _Tries(0.6, 0.6, 4.0, 0.3),
    "skewed: half, a few costs are many times the others": _Tries(0.5, spread=1.0),
    "sparse: one in six succeeds": _Tries(1 / 6, spread=0.3),
    "ceiling: all but 3 %, one cost": _Tries(0.97),
    "zero variance: all, one cost": _Tries(1.0),
}


def cost_per_success_covers(truth: _Tries, clusters: int, rng: np.random.Generator) -> Replicate:
    """Tries that cost and succeed by chance; where no number is told, nothing is."""
    hard = rng.random(clusters)
    done = rng.random(clusters) < truth.chance + truth.harder * (0.5 - hard)
    costs = (1 + truth.dearer * hard) * np.exp(truth.spread * rng.normal(size=clusters))
    return covered(cost_per_success(costs, done.astype(float)), truth.exact)
