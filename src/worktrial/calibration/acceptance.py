"""Scores with a known chance of acceptance: areas, differences, odds and correlations."""

from collections.abc import Mapping
from functools import cache, partial
from typing import NamedTuple

import numpy as np
from scipy.special import expit
from scipy.stats import rankdata

from worktrial.calibration.case import Case, Claim, Replicate, covered
from worktrial.calibration.truths import FloatArray
from worktrial.estimate import (
    Discrimination,
    added_odds,
    compare_roc_areas,
    rank_correlation,
    roc_area,
)

LEVEL = 0.95
SIZES = (24, 50)
"""Clusters; of fewer the rarer label is mostly in too few of them for any bounds."""
_WORKERS = np.array([-0.5, 0.0, 0.5])
"""How much better each worker is; all three do every item."""
_MANY = 300_000
_MARGIN = 0.05


class _Truth(NamedTuple):
    """How scores and acceptance follow from what a job is worth.

    Attributes:
        work: Weight of the worth in the score at work, beside noise of 1.
        proxy: Likewise in the score under the proxy arm.
        base: Log odds of acceptance of a job of worth 0.
        slope: Log odds for 1 more of worth.
        marks: Whether scores are 0 or 1.
        ceiling: Above which no proxy score goes.
    """

    work: float
    proxy: float
    base: float = 0.0
    slope: float = 2.0
    marks: bool = False
    ceiling: float = np.inf


TRUTHS: Mapping[str, _Truth] = {
    "work tells, the proxy is noise": _Truth(2, 0),
    "the proxy predicts as well": _Truth(1, 1),
    "the proxy predicts better": _Truth(0.5, 3),
    "rare: few are accepted": _Truth(1, 1, base=-3),
    "tied: scores of 0 and 1": _Truth(1.5, 0.5, slope=3, marks=True),
    "ceiling: most proxy scores alike": _Truth(2, 1, base=1, slope=3, ceiling=-0.8),
    "work tells almost without error": _Truth(8, 1, slope=20),
}


class _Jobs(NamedTuple):
    work: FloatArray
    proxy: FloatArray
    accepted: FloatArray
    clusters: FloatArray


def _drawn(truth: _Truth, clusters: int, rng: np.random.Generator) -> _Jobs:
    shape = clusters, _WORKERS.size
    worth = 0.7 * rng.normal(size=(clusters, 1)) + _WORKERS + 0.7 * rng.normal(size=shape)
    work, proxy = (weight * worth + rng.normal(size=shape) for weight in (truth.work, truth.proxy))
    accepted = rng.random(shape) < expit(truth.base + truth.slope * worth)
    if truth.marks:
        work, proxy = ((scores > 0).astype(float) for scores in (work, proxy))
    proxy = np.minimum(proxy, truth.ceiling)
    groups = np.repeat(np.arange(clusters, dtype=float), _WORKERS.size)
    return _Jobs(work.ravel(), proxy.ravel(), accepted.ravel().astype(float), groups)


@cache
def _areas(name: str) -> tuple[float, float]:
    """The areas of many jobs: off by less than a thousandth."""
    jobs = _drawn(TRUTHS[name], _MANY // _WORKERS.size, np.random.default_rng(0))
    yes = jobs.accepted == 1
    work, proxy = (_area(scores, yes) for scores in (jobs.work, jobs.proxy))
    return work, proxy


def _area(scores: FloatArray, yes: FloatArray) -> float:
    """By ranks, another way than the estimator's."""
    above = int(yes.sum())
    won = rankdata(scores)[yes].sum() - above * (above + 1) / 2
    return float(won / (above * (yes.size - above)))


def area_covers(name: str, clusters: int, rng: np.random.Generator) -> Replicate:
    """The area of the score at work."""
    jobs = _drawn(TRUTHS[name], clusters, rng)
    return covered(roc_area(jobs.work, jobs.accepted, jobs.clusters), _areas(name)[0])


def difference_covers(name: str, clusters: int, rng: np.random.Generator) -> Replicate:
    """The difference of both areas."""
    work, proxy = _areas(name)
    return covered(_compared(name, clusters, rng).difference, work - proxy)


def verdict_is_false(name: str, clusters: int, rng: np.random.Generator) -> Replicate:
    """Whether one of two that predict alike is said to be better, or worse."""
    return Replicate(_compared(name, clusters, rng).verdict in ("better", "worse"))


def level_is_false(name: str, clusters: int, rng: np.random.Generator) -> Replicate:
    """Whether two that are apart are said to be level."""
    return Replicate(_compared(name, clusters, rng).verdict == "level")


def _compared(name: str, clusters: int, rng: np.random.Generator) -> Discrimination:
    jobs = _drawn(TRUTHS[name], clusters, rng)
    return compare_roc_areas(*jobs, margin=_MARGIN)


def odds_cover(slope: float, clusters: int, rng: np.random.Generator) -> Replicate:
    """The odds ratio of ten points of gap, at one proxy score."""
    found = added_odds(*_logistic(slope, clusters, rng))
    return covered(found.odds, float(np.exp(-0.1 * slope)))


def adds_falsely(clusters: int, rng: np.random.Generator) -> Replicate:
    """Whether a gap that says nothing of acceptance is said to add to the proxy."""
    return Replicate(added_odds(*_logistic(0.0, clusters, rng)).p_value <= 1 - LEVEL)


def _logistic(
    slope: float, clusters: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Proxy scores, gaps, acceptance by a logistic model of both, clusters."""
    shape, item = (clusters, _WORKERS.size), 0.1 * rng.normal(size=(clusters, 1))
    proxy = np.clip(0.6 + item + 0.25 * rng.normal(size=shape), 0, 1)
    gap = np.clip(0.2 + item + 0.3 * rng.normal(size=shape), -1, 1)
    accepted = rng.random(shape) < expit(3 * (proxy - 0.6) - slope * (gap - 0.2))
    groups = np.repeat(np.arange(clusters, dtype=float), _WORKERS.size)
    return proxy.ravel(), gap.ravel(), accepted.ravel().astype(float), groups


def correlation_covers(strength: float, clusters: int, rng: np.random.Generator) -> Replicate:
    """Normal numbers of one correlation within clusters and between: of ranks 6 asin(r/2)/pi."""
    spread = np.array([[1, strength], [strength, 1]])
    between = rng.multivariate_normal([0, 0], spread, size=(clusters, 1))
    both = between + rng.multivariate_normal([0, 0], spread, size=(clusters, _WORKERS.size))
    one, other = both.reshape(-1, 2).T
    groups = np.repeat(np.arange(clusters), _WORKERS.size)
    truth = 6 / np.pi * np.arcsin(strength / 2)
    return covered(rank_correlation(one, other, groups), float(truth))


def _cases(
    estimator: str, truth: str, draw: "partial[Replicate]", claim: Claim, replicates: int = 2000
) -> list[Case]:
    nominal = 1 - LEVEL if claim == "type-one" else LEVEL
    return [Case(estimator, truth, n, claim, nominal, partial(draw, n), replicates) for n in SIZES]


def _of_areas() -> list[Case]:
    cases: list[Case] = []
    for name in TRUTHS:
        cases += _cases("roc_area", name, partial(area_covers, name), "coverage")
        cases += _cases("compare_roc_areas", name, partial(difference_covers, name), "coverage")
    alike, apart = "the proxy predicts as well", "tied: scores of 0 and 1"
    cases += _cases("compare_roc_areas", alike, partial(verdict_is_false, alike), "type-one")
    cases += _cases("compare_roc_areas", apart, partial(level_is_false, apart), "type-one")
    return cases


def _of_models() -> list[Case]:
    cases: list[Case] = []
    for slope in (0.0, 2.0, 4.0):
        truth = f"log odds of {slope:g} for the whole gap"
        cases += _cases("added_odds", truth, partial(odds_cover, slope), "coverage", 500)
    cases += _cases("added_odds", "the gap says nothing", partial(adds_falsely), "type-one", 500)
    for strength in (0.0, 0.5, 0.9):
        truth = f"normal, correlated at {strength:g}"
        draw = partial(correlation_covers, strength)
        cases += _cases("rank_correlation", truth, draw, "coverage")
    return cases


CASES: list[Case] = [*_of_areas(), *_of_models()]
