"""Kinds of data with a known mean: what scores and differences at work look like."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
SIZES = (6, 12, 24, 50)
"""How many clusters: a pocket, the fewest for a plan, a decision, a study."""


class Truth(NamedTuple):
    """A distribution over clusters and its mean."""

    draw: Callable[[np.random.Generator, int], FloatArray]
    mean: float


def _dense(rng: np.random.Generator, n: int) -> FloatArray:
    return rng.beta(8, 2, n)


def _high(rng: np.random.Generator, n: int) -> FloatArray:
    return rng.beta(40, 2, n)


def _middling(rng: np.random.Generator, n: int) -> FloatArray:
    return rng.beta(2, 2, n)


def _long_tail(rng: np.random.Generator, n: int) -> FloatArray:
    return rng.beta(4, 0.4, n)


def _one_in_five_halved(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(1 - 0.5 * (rng.random(n) < 0.2))


def _one_in_five_lost(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(1.0 - (rng.random(n) < 0.2))


def _one_in_six_ruined(rng: np.random.Generator, n: int) -> FloatArray:
    """All lose about 2 %, and one in six is left at .4."""
    return np.where(rng.random(n) < 1 / 6, 0.4, 0.98 + 0.01 * rng.uniform(-1, 1, n))


def _slight_and_grave(rng: np.random.Generator, n: int) -> FloatArray:
    """One in five is damaged, mostly by .05, sometimes by .9."""
    size = np.where(rng.random(n) < 0.8, 0.05, 0.9)
    return np.asarray(1 - size * (rng.random(n) < 0.2))


def _halving(rng: np.random.Generator, n: int) -> FloatArray:
    """Twenty legs, each of which halves the document with chance .2."""
    return np.asarray(0.5 ** rng.binomial(20, 0.2, n))


def _ties(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(rng.binomial(10, 0.98, n) / 10)


def _ceiling(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(1.0 - (rng.random(n) < 0.01))


def _constant(_: np.random.Generator, n: int) -> FloatArray:
    return np.full(n, 0.9)


def _floor(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(0.5 * (rng.random(n) < 0.2))


SCORES: Mapping[str, Truth] = {
    "dense: beta(8, 2)": Truth(_dense, 0.8),
    "dense and high: beta(40, 2)": Truth(_high, 40 / 42),
    "dense and middling: beta(2, 2)": Truth(_middling, 0.5),
    "long tail: beta(4, .4)": Truth(_long_tail, 4 / 4.4),
    "sparse: one in five halved": Truth(_one_in_five_halved, 0.9),
    "sparse, severe: one in five lost": Truth(_one_in_five_lost, 0.8),
    "sparse, severe: all lose 2 %, one in six is left at .4": Truth(
        _one_in_six_ruined, 0.98 * 5 / 6 + 0.4 / 6
    ),
    "sparse, severe: one in five damaged, mostly by .05, sometimes by .9": Truth(
        _slight_and_grave, 1 - 0.2 * (0.8 * 0.05 + 0.2 * 0.9)
    ),
    "halving: twenty legs at chance .2": Truth(_halving, 0.9**20),
    "tied: tenths, 98 % kept": Truth(_ties, 0.98),
    "ceiling: one in a hundred lost": Truth(_ceiling, 0.99),
    "floor: one in five keeps half": Truth(_floor, 0.1),
    "zero variance: all at .9": Truth(_constant, 0.9),
}
"""Scores in [0, 1], one a cluster."""


def _symmetric(rng: np.random.Generator, n: int) -> FloatArray:
    return rng.normal(0.1, 0.1, n).clip(-1, 1)


def _two_betas(rng: np.random.Generator, n: int) -> FloatArray:
    return rng.beta(8, 2, n) - rng.beta(4, 2, n)


def _skewed(rng: np.random.Generator, n: int) -> FloatArray:
    return 1 - rng.beta(4, 1, n)


def _very_skewed(rng: np.random.Generator, n: int) -> FloatArray:
    return 1 - rng.beta(4, 0.4, n)


def _one_sided(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(0.5 * (rng.random(n) < 0.2))


def _two_sided(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(0.5 * (rng.random(n) < 0.2) - 0.5 * (rng.random(n) < 0.1))


def _ruin_on_either_side(rng: np.random.Generator, n: int) -> FloatArray:
    """Two workers alike: each ruins one document in six, and all else is noise."""
    hit = 0.6 * (rng.random(n) < 1 / 6) - 0.6 * (rng.random(n) < 1 / 6)
    return np.asarray(hit + 0.01 * rng.uniform(-1, 1, n))


def _ruin_on_one_side(rng: np.random.Generator, n: int) -> FloatArray:
    """One worker ruins one document in six, the other none, and all else is noise."""
    return np.asarray(0.02 + 0.6 * (rng.random(n) < 1 / 6) + 0.01 * rng.uniform(-1, 1, n))


def _rare_ruin(rng: np.random.Generator, n: int) -> FloatArray:
    """One worker ruins one document in twenty, the other none, and all else is noise."""
    return np.asarray(0.02 + 0.6 * (rng.random(n) < 1 / 20) + 0.01 * rng.uniform(-1, 1, n))


def _yes_or_no(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(1.0 * (rng.random(n) < 0.8) - (rng.random(n) < 0.5))


def _tied_differences(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray((rng.binomial(10, 0.9, n) - rng.binomial(10, 0.8, n)) / 10)


def _both_at_the_ceiling(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(1.0 * (rng.random(n) < 0.01) - (rng.random(n) < 0.01))


def _constant_difference(_: np.random.Generator, n: int) -> FloatArray:
    return np.full(n, 0.1)


DIFFERENCES: Mapping[str, Truth] = {
    "dense: normal": Truth(_symmetric, 0.1),
    "dense: two betas": Truth(_two_betas, 0.8 - 4 / 6),
    "dense and skewed: 1 − beta(4, 1)": Truth(_skewed, 0.2),
    "long tail: 1 − beta(4, .4)": Truth(_very_skewed, 0.4 / 4.4),
    "sparse: one in five loses half": Truth(_one_sided, 0.1),
    "sparse: one in five against one in ten": Truth(_two_sided, 0.05),
    "sparse, severe: ruin on either side, and noise": Truth(_ruin_on_either_side, 0.0),
    "sparse, severe: ruin on one side, and noise": Truth(_ruin_on_one_side, 0.12),
    "rare, severe: ruin of one in twenty on one side, and noise": Truth(_rare_ruin, 0.05),
    "yes or no": Truth(_yes_or_no, 0.3),
    "tied: tenths": Truth(_tied_differences, 0.1),
    "ceiling: one in a hundred on either side": Truth(_both_at_the_ceiling, 0.0),
    "zero variance: all at .1": Truth(_constant_difference, 0.1),
}
"""Paired differences, one a cluster."""
