"""Every estimator against known truth: its misses must fit the level it claims.

Each truth is simulated with a fixed seed; the hits are held against the nominal level with an
exact binomial test, one-sided, since an honest interval may cover more. A negative control
shows that the check can fail.
"""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from worktrial.estimate import (
    equivalence,
    event_times,
    fidelity_curve,
    mean_interval,
    paired_difference,
)

LEVEL = 0.95
SIZES = (8, 12, 24, 48)
Sampler = Callable[[np.random.Generator, int], np.ndarray]

SCORES: dict[str, tuple[Sampler, float]] = {
    "dense, beta(8, 2)": (lambda rng, n: rng.beta(8, 2, n), 0.8),
    "dense, beta(40, 2)": (lambda rng, n: rng.beta(40, 2, n), 40 / 42),
    "dense, beta(2, 2)": (lambda rng, n: rng.beta(2, 2, n), 0.5),
    "sparse, half lost by one in five": (lambda rng, n: 1 - 0.5 * (rng.random(n) < 0.2), 0.9),
    "sparse, all lost by one in five": (lambda rng, n: 1.0 - (rng.random(n) < 0.2), 0.8),
    "ceiling, one in a hundred lost": (lambda rng, n: 1.0 - (rng.random(n) < 0.01), 0.99),
    "floor, half kept by one in five": (lambda rng, n: 0.5 * (rng.random(n) < 0.2), 0.1),
    "ties, ten units": (lambda rng, n: rng.binomial(10, 0.98, n) / 10, 0.98),
}

GAPS: dict[str, tuple[Sampler, float]] = {
    "symmetric": (lambda rng, n: rng.normal(0.1, 0.1, n).clip(-1, 1), 0.1),
    "two betas": (lambda rng, n: rng.beta(8, 2, n) - rng.beta(4, 2, n), 0.8 - 4 / 6),
    "skewed, 1 - beta(4, 1)": (lambda rng, n: 1 - rng.beta(4, 1, n), 0.2),
    "sparse, one-sided": (lambda rng, n: 0.5 * (rng.random(n) < 0.2), 0.1),
    "binary": (lambda rng, n: 1.0 * (rng.random(n) < 0.8) - (rng.random(n) < 0.5), 0.3),
}


def _fits(hits: int, replicates: int, nominal: float = LEVEL) -> bool:
    """Say whether so few hits could be chance."""
    test = stats.binomtest(hits, replicates, nominal, alternative="less")
    return bool(test.pvalue > 1e-4)


def _lossy(rng: np.random.Generator, documents: int, units: int) -> np.ndarray:
    lost_at = rng.geometric(0.02, (documents, units, 1))
    return np.asarray((lost_at > np.arange(1, 21)).mean(axis=1))


@pytest.mark.parametrize("clusters", SIZES)
@pytest.mark.parametrize("truth", SCORES)
def test_a_mean_is_covered(truth: str, clusters: int) -> None:
    draw, mean = SCORES[truth]
    rng = np.random.default_rng(clusters)
    found = [mean_interval(draw(rng, clusters)) for _ in range(2000)]
    assert _fits(sum(i.low <= mean <= i.high for i in found), 2000)


@pytest.mark.parametrize("clusters", [8, 24, 48])
@pytest.mark.parametrize("units", [10, 40])
def test_the_band_covers_the_whole_curve(units: int, clusters: int) -> None:
    rng = np.random.default_rng(units * clusters)
    truth = 0.98 ** np.arange(1, 21)
    hits = 0
    for _ in range(1000):
        curve = fidelity_curve(_lossy(rng, clusters, units))
        hits += bool(np.all((curve.band_low <= truth) & (truth <= curve.band_high)))
    assert _fits(hits, 1000)


@pytest.mark.parametrize("clusters", [8, 24, 48])
def test_the_band_covers_sudden_deaths(clusters: int) -> None:
    rng = np.random.default_rng(clusters)
    truth = 0.98 ** np.arange(1, 21)
    hits = 0
    for _ in range(1000):
        curve = fidelity_curve(_lossy(rng, clusters, 1))
        hits += bool(np.all((curve.band_low <= truth) & (truth <= curve.band_high)))
    assert _fits(hits, 1000)


@pytest.mark.parametrize("clusters", [8, 12, 16, 24, 48])
@pytest.mark.parametrize("truth", GAPS)
def test_a_paired_difference_is_covered(truth: str, clusters: int) -> None:
    draw, mean = GAPS[truth]
    rng = np.random.default_rng(clusters)
    replicates = 1000
    found = [
        paired_difference(draw(rng, clusters), np.zeros(clusters), seed=seed % 8)
        for seed in range(replicates)
    ]
    assert _fits(sum(i.low - 1e-12 <= mean <= i.high + 1e-12 for i in found), replicates)


@pytest.mark.parametrize("clusters", SIZES)
def test_a_verdict_is_seldom_wrong(clusters: int) -> None:
    rng, replicates = np.random.default_rng(clusters), 1000
    noise = rng.normal(0, 0.1, (replicates, clusters)).clip(-0.9, 0.9)
    zeros = np.zeros(clusters)
    null = [equivalence(row, zeros, margin=0.05).verdict for row in noise]
    at_margin = [equivalence(row + 0.05, zeros, margin=0.05).verdict for row in noise]
    assert _fits(sum(v != "apart" for v in null), replicates)
    assert _fits(sum(v != "level" for v in at_margin), replicates)


@pytest.mark.parametrize("clusters", SIZES)
def test_survival_is_covered_under_censoring(clusters: int) -> None:
    rng, replicates, truth, hits = np.random.default_rng(clusters), 1000, 0.9**5, 0
    for _ in range(replicates):
        event, watched = rng.geometric(0.1, clusters), rng.integers(1, 21, clusters)
        found = event_times(np.minimum(event, watched), event <= watched)
        step = int(np.searchsorted(found.times, 5, side="right")) - 1
        hits += step < 0 or bool(found.low[step] <= truth <= found.high[step])
    assert _fits(hits, replicates)


def test_a_normal_quantile_for_five_clusters_is_caught() -> None:
    sample = np.random.default_rng(5).normal(size=(4000, 5))
    half = stats.norm.ppf(0.975) * sample.std(axis=1, ddof=1) / np.sqrt(5)
    assert not _fits(int(np.sum(np.abs(sample.mean(axis=1)) <= half)), 4000)


def test_legs_taken_for_independent_are_caught() -> None:
    rng, hits = np.random.default_rng(6), 0
    for _ in range(1000):
        found = mean_interval(_lossy(rng, 12, 40)[:, 10:].ravel())
        hits += found.low <= np.mean(0.98 ** np.arange(11, 21)) <= found.high
    assert not _fits(hits, 1000)
