"""Means, curves and paired differences: do their bounds cover, do their tests err too often?"""

from collections.abc import Mapping
from functools import partial
from typing import Literal

import numpy as np
from scipy import stats

from worktrial.calibration.case import Case, Replicate
from worktrial.calibration.truths import DIFFERENCES, SCORES, SIZES, FloatArray, Truth
from worktrial.estimate import (
    bridged_difference,
    difference_curve,
    difference_p_value,
    equivalence,
    fidelity_curve,
    mean_interval,
    paired_difference,
    unpaired_difference,
)

LEVEL = 0.95
MARGIN = 0.05
_DUST = 1e-9
_STEPS = np.arange(2, 21, 2)
_AGAINST = "sparse, severe: one in five lost"
"""The truth of the other sample, where there are two that share nothing."""


def _t_width(values: FloatArray) -> float:
    """Student's interval, which everyone knows."""
    return float(2 * stats.t.ppf(0.975, len(values) - 1) * stats.sem(values))


def _covers(low: float, truth: float, high: float) -> bool:
    return low - _DUST <= truth <= high + _DUST


def mean_covers(truth: Truth, clusters: int, rng: np.random.Generator) -> Replicate:
    """One sample of scores and the interval of its mean."""
    scores = truth.draw(rng, clusters)
    found = mean_interval(scores)
    width = found.high - found.low
    return Replicate(_covers(found.low, truth.mean, found.high), width, _t_width(scores))


def difference_covers(truth: Truth, clusters: int, rng: np.random.Generator) -> Replicate:
    """One sample of differences and the interval of its mean."""
    values = truth.draw(rng, clusters)
    found = paired_difference(values, np.zeros(clusters))
    width = found.high - found.low
    return Replicate(_covers(found.low, truth.mean, found.high), width, _t_width(values))


def unpaired_covers(one: Truth, other: Truth, clusters: int, rng: np.random.Generator) -> Replicate:
    """Two samples that share nothing, of different size, and the difference of their means."""
    a, b = one.draw(rng, clusters), other.draw(rng, 3 * clusters // 2)
    found = unpaired_difference(a, b)
    reference = float(np.hypot(_t_width(a), _t_width(b)))
    truth = one.mean - other.mean
    return Replicate(_covers(found.low, truth, found.high), found.high - found.low, reference)


def bridge_covers(truth: Truth, clusters: int, rng: np.random.Generator) -> Replicate:
    """Two samples of differences, each against a bridging worker under its own protocol."""
    one, other = (truth.draw(rng, clusters) for _ in range(2))
    zeros = np.zeros(clusters)
    found = bridged_difference((one, zeros), (other, zeros))
    reference = float(np.hypot(_t_width(one), _t_width(other)))
    return Replicate(_covers(found.low, 0.0, found.high), found.high - found.low, reference)


Lossy = Literal["two in a hundred units", "sudden ruin", "halving", "ruin and dust"]


def _relay(kind: Lossy, clusters: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Documents over ten round trips, shape (clusters, 10), and their true mean."""
    kept = np.asarray(0.98**_STEPS)
    match kind:
        case "two in a hundred units":
            lost_at = rng.geometric(0.02, (clusters, 40, 1))
            return np.asarray((lost_at > _STEPS).mean(axis=1)), kept
        case "sudden ruin":
            return np.asarray(1.0 * (rng.geometric(0.02, (clusters, 1)) > _STEPS)), kept
        case "halving":
            halved = np.cumsum(rng.random((clusters, 20)) < 0.2, axis=1)
            return np.asarray(0.5 ** halved[:, _STEPS - 1]), np.asarray(0.9**_STEPS)
        case "ruin and dust":
            whole = rng.geometric(0.02, (clusters, 1)) > _STEPS
            dust = 0.02 * rng.random((clusters, _STEPS.size))
            return np.where(whole, 1.0, 0.4) - dust, np.asarray(0.4 + 0.6 * kept - 0.01)


def band_covers(kind: Lossy, clusters: int, rng: np.random.Generator) -> Replicate:
    """One relay and the band of its curve, which must hold the whole truth."""
    fidelity, truth = _relay(kind, clusters, rng)
    curve = fidelity_curve(fidelity)
    inside = (curve.band_low <= truth + _DUST) & (truth <= curve.band_high + _DUST)
    width = float(np.mean(curve.band_high - curve.band_low))
    pointwise = float(np.mean([_t_width(column) for column in fidelity.T]))
    return Replicate(bool(inside.all()), width, pointwise)


def difference_band_covers(kind: Lossy, clusters: int, rng: np.random.Generator) -> Replicate:
    """Two workers alike, and the band of the difference of their curves."""
    (one, _), (other, _) = (_relay(kind, clusters, rng) for _ in range(2))
    found = difference_curve(one, other, seed=int(rng.integers(8)))
    outside = (found.band_low > _DUST) | (found.band_high < -_DUST)
    return Replicate(not outside.any(), _mean_width(found.band_high - found.band_low))


def _mean_width(widths: FloatArray) -> float:
    return float(np.nanmean(widths)) if not np.isnan(widths).all() else np.nan


def alike_are_apart(truth: Truth, clusters: int, rng: np.random.Generator) -> Replicate:
    """Two workers alike, declared apart."""
    one, other = (truth.draw(rng, clusters) for _ in range(2))
    verdict = equivalence(one, other, margin=MARGIN).verdict
    return Replicate(verdict == "apart")


def test_rejects(truth: Truth, clusters: int, rng: np.random.Generator) -> Replicate:
    """Two workers alike, and a p-value of at most .05."""
    one, other = (truth.draw(rng, clusters) for _ in range(2))
    return Replicate(difference_p_value(one, other) <= 1 - LEVEL)


def apart_are_level(truth: Truth, clusters: int, rng: np.random.Generator) -> Replicate:
    """Two workers apart by just the margin, declared level."""
    one, other = (truth.draw(rng, clusters) for _ in range(2))
    shifted = one - other
    verdict = equivalence(
        np.clip(shifted + MARGIN, -1, 1),
        np.zeros(clusters),
        margin=MARGIN,
    ).verdict
    return Replicate(verdict == "level")


def normal_quantile_covers(clusters: int, rng: np.random.Generator) -> Replicate:
    """The control: a normal quantile for a handful of clusters."""
    sample = rng.standard_normal(clusters)
    half = stats.norm.ppf(0.975) * stats.sem(sample)
    return Replicate(bool(abs(sample.mean()) <= half), float(2 * half), _t_width(sample))


def legs_as_clusters_cover(clusters: int, rng: np.random.Generator) -> Replicate:
    """The control: legs of one document taken for independent."""
    fidelity, truth = _relay("two in a hundred units", clusters, rng)
    pooled = fidelity[:, 5:].ravel()
    half = stats.t.ppf(0.975, pooled.size - 1) * stats.sem(pooled)
    return Replicate(bool(abs(pooled.mean() - truth[5:].mean()) <= half), float(2 * half))


KNOWN_MISSES: Mapping[str, tuple[int, ...]] = {
    "rare, severe: ruin of one in twenty on one side, and noise": (24, 50),
}
"""Where the interval of a paired difference is stated to miss; see docs/methods/paired.md."""

_EXCHANGEABLE = {
    name: truth for name, truth in SCORES.items() if not name.startswith("zero variance")
}
_BRIDGED = ("dense: normal", "dense: two betas", "sparse: one in five against one in ten")
_TESTED = ("dense: beta(8, 2)", "sparse, severe: all lose 2 %, one in six is left at .4")
"""A p-value inverts the interval, whose coverage is held above: two truths show the inversion."""
_KINDS: tuple[Lossy, ...] = ("two in a hundred units", "sudden ruin", "halving", "ruin and dust")


def _coverage(
    estimator: str, truth: str, clusters: int, draw: partial[Replicate], replicates: int = 2000
) -> Case:
    known = estimator == "paired_difference" and clusters in KNOWN_MISSES.get(truth, ())
    return Case(estimator, truth, clusters, "coverage", LEVEL, draw, replicates, limit=known)


def _error(
    estimator: str, truth: str, clusters: int, draw: partial[Replicate], replicates: int = 2000
) -> Case:
    return Case(estimator, truth, clusters, "type-one", 1 - LEVEL, draw, replicates)


CASES: list[Case] = [
    *(
        _coverage("mean_interval", name, n, partial(mean_covers, truth, n))
        for name, truth in SCORES.items()
        for n in SIZES
    ),
    *(
        _coverage("paired_difference", name, n, partial(difference_covers, truth, n))
        for name, truth in DIFFERENCES.items()
        for n in SIZES
    ),
    *(
        _coverage("fidelity_curve", kind, n, partial(band_covers, kind, n), 500)
        for kind in _KINDS
        for n in SIZES
    ),
    *(
        _coverage("difference_curve", kind, n, partial(difference_band_covers, kind, n), 1000)
        for kind in _KINDS
        for n in SIZES
    ),
    *(
        _coverage("bridged_difference", name, n, partial(bridge_covers, DIFFERENCES[name], n))
        for name in _BRIDGED
        for n in SIZES
    ),
    *(
        _coverage(
            "unpaired_difference",
            f"{name}, against {_AGAINST}",
            n,
            partial(unpaired_covers, truth, SCORES[_AGAINST], n),
        )
        for name, truth in SCORES.items()
        for n in SIZES
    ),
    *(
        _error("equivalence, apart", name, n, partial(alike_are_apart, truth, n))
        for name, truth in _EXCHANGEABLE.items()
        for n in SIZES
    ),
    *(
        _error("difference_p_value", name, n, partial(test_rejects, SCORES[name], n), 500)
        for name in _TESTED
        for n in SIZES
    ),
    *(
        _error("equivalence, level", name, n, partial(apart_are_level, SCORES[name], n))
        for name in ("dense: beta(8, 2)", "dense and high: beta(40, 2)", "tied: tenths, 98 % kept")
        for n in SIZES
    ),
    Case(
        "normal quantile", "normal", 5, "coverage", LEVEL, partial(normal_quantile_covers, 5),
        control=True,
    ),
    Case(
        "legs taken for independent", "two in a hundred units", 12, "coverage", LEVEL,
        partial(legs_as_clusters_cover, 12), control=True,
    ),
]  # fmt: skip
