"""Plans: a run of the planned size decides as it should, as often as it was planned to.

Every replicate draws a pilot, plans from it, and carries the plan out on fresh data, so what a
small pilot gets wrong counts, too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from worktrial.calibration.case import Case, Replicate
from worktrial.estimate.intervals import SAME
from worktrial.estimate.paired import equivalence, paired_difference
from worktrial.estimate.planning import (
    SamplePlan,
    Target,
    caution,
    plan_clusters,
    textbook_clusters,
)

FloatArray = NDArray[np.float64]
Sampler = Callable[[np.random.Generator, int], FloatArray]

POWER = 0.9
_DRAWS = 100
"""Simulated runs behind each plan here; the command takes five times as many."""
_REPLICATES = 200


@dataclass(frozen=True)
class Truth:
    """What differences are drawn from."""

    words: str
    sample: Sampler
    target: Target


def _dense(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(rng.normal(0.1, 0.1, n).clip(-1, 1))


def _wide(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(rng.normal(0.1, 0.2, n).clip(-1, 1))


def _skewed(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(1 - rng.beta(4, 1, n))


def _sparse(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(0.5 * (rng.random(n) < 0.3))


def _none(rng: np.random.Generator, n: int) -> FloatArray:
    return np.asarray(rng.normal(0, 0.06, n).clip(-1, 1))


_LEVEL = Truth("none at all, within .05", _none, Target("level", 0.05, power=POWER))
TRUTHS = (
    Truth("dense, as large as its spread", _dense, Target("apart", 0.1, power=POWER)),
    Truth("dense, half its spread", _wide, Target("apart", 0.1, power=POWER)),
    Truth("skewed, 1 − beta(4, 1)", _skewed, Target("apart", 0.2, power=POWER)),
    Truth("sparse, three in ten lose half", _sparse, Target("apart", 0.15, power=POWER)),
    _LEVEL,
    Truth("an interval of ± .05", _wide, Target("precision", 0.05, power=POWER)),
)


def _carried_out(
    rng: np.random.Generator, *, truth: Truth, pilot: int, plan: Callable[..., SamplePlan]
) -> Replicate:
    """Plan from a pilot, run the plan, and say whether it decided as it should."""
    found = plan(_pilot(rng, truth, pilot), truth.target)
    return Replicate(_decides(truth.sample(rng, found.clusters), truth.target))


def _pilot(rng: np.random.Generator, truth: Truth, clusters: int) -> FloatArray:
    """A pilot that shows some spread: from one without, the command refuses to plan."""
    while np.ptp(drawn := truth.sample(rng, clusters)) <= SAME:
        continue
    return drawn


def _decides(drawn: FloatArray, target: Target) -> bool:
    zeros = np.zeros(drawn.size)
    if target.goal == "precision":
        found = paired_difference(drawn, zeros, level=target.level)
        return bool((found.high - found.low) / 2 <= target.size)
    margin = target.size if target.goal == "level" else target.margin
    judged = equivalence(drawn, zeros, margin=margin, level=target.level)
    return judged.verdict == target.goal and (target.goal == "level" or judged.difference.low > 0)


def _with_caution(values: FloatArray, target: Target) -> SamplePlan:
    sd = caution(values.size) * float(np.std(values, ddof=1))
    return plan_clusters(values, sd=sd, target=target, draws=_DRAWS)


def _by_the_book(values: FloatArray, target: Target) -> SamplePlan:
    """The pilot's spread taken as it is, and the t test's number: what is often done."""
    sd = float(np.std(values, ddof=1))
    clusters = textbook_clusters(target, sd=sd)
    return SamplePlan(clusters, target.power, 0.0, clusters, sd)


CASES = (
    *(
        Case(
            estimator="plan_clusters",
            truth=f"{truth.words}; from a pilot",
            clusters=pilot,
            claim="power",
            nominal=POWER,
            draw=partial(_carried_out, truth=truth, pilot=pilot, plan=_with_caution),
            replicates=_REPLICATES,
        )
        for truth in TRUTHS
        for pilot in (16, 48)
    ),
    Case(
        estimator="the t test's number at the pilot's own spread",
        truth=f"{_LEVEL.words}; from a pilot",
        clusters=8,
        claim="power",
        nominal=POWER,
        draw=partial(_carried_out, truth=_LEVEL, pilot=8, plan=_by_the_book),
        replicates=_REPLICATES,
        control=True,
    ),
)
