"""Several workers on five axes: ranks, what turns them, who is on the front, who is best."""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np

from worktrial.comparison.order import EVERYONE, ranked
from worktrial.estimate import (
    axis_agreement,
    axis_flips,
    best_by_weights,
    pareto_probability,
)
from worktrial.estimate.chances import Chances
from worktrial.estimate.vectors import PERTURBATION, AxisFlips
from worktrial.evidence.findings import Estimate, finite, from_interval
from worktrial.readiness.arms import AXES, Axis
from worktrial.readiness.measured import Vectors
from worktrial.readiness.panel import TRIAL

_BOOTSTRAP = "items resampled within kinds, jointly for all axes and workers"


def between(found: Vectors, *, seed: int) -> Iterator[Estimate]:
    """What is said of two or more workers on all axes together; nothing of one.

    Args:
        found: Workers, items and axes.
        seed: Of what is drawn.
    """
    if len(found.workers) < 2:
        return
    yield from axis_ranks(found)
    yield from _flips(found, seed)
    yield from _agreement(found)
    front = pareto_probability(found.values, strata=found.kinds, seed=seed)
    yield from _chances(found, "p_pareto", front, _BOOTSTRAP)


def axis_ranks(found: Vectors) -> Iterator[Estimate]:
    """Every worker's rank on every axis, with bounds that hold for all workers of an axis at once.

    Args:
        found: Workers, items and axes.
    """
    for column, axis in enumerate(found.axes):
        yield from ranked(
            found.values[:, :, column],
            found.workers,
            trial=TRIAL,
            metric="axis_rank",
            of=axis,
            axis=axis,
        )


def weighed(found: Vectors, weights: Mapping[Axis, float], *, seed: int) -> Iterator[Estimate]:
    """The chance of each worker to be best by given weights, which are moved a little.

    Args:
        found: Workers, items and axes.
        weights: At least 0; an axis that is not named has none. One that was not run but has weight
            leaves nothing to be said.
        seed: Of what is drawn.
    """
    given = ", ".join(f"{axis} {weights[axis]:g}" for axis in AXES if weights.get(axis))
    lacking = [axis for axis in AXES if weights.get(axis) and axis not in found.axes]
    if lacking:
        chances = _unmeasured(found, f"this run has no {', '.join(lacking)}")
    else:
        of_axes = [weights.get(axis, 0.0) for axis in found.axes]
        chances = best_by_weights(found.values, of_axes, strata=found.kinds, seed=seed)
    method = f"{_BOOTSTRAP}; weights {given}, Dirichlet, ±{PERTURBATION:g} of one half"
    yield from _chances(found, "p_best", chances, method)


def _unmeasured(found: Vectors, why: str) -> Chances:
    return Chances(np.full(len(found.workers), np.nan), 0, why)


def _chances(found: Vectors, metric: str, chances: Chances, method: str) -> Iterator[Estimate]:
    for worker, probability in zip(found.workers, chances.probability, strict=True):
        yield Estimate(
            id=f"{TRIAL}/{metric}/{worker}",
            trial=TRIAL,
            metric=metric,
            worker=worker,
            value=finite(float(probability)),
            method=method,
            items=chances.clusters,
            clusters=chances.clusters,
            why=chances.why,
            endpoint="exploratory",
        )


def _flips(found: Vectors, seed: int) -> Iterator[Estimate]:
    """The chance that an axis turns the order that another gives, over all pairs and for each."""
    flips = axis_flips(found.values, strata=found.kinds, seed=seed)
    mean = flips.mean()
    workers = list(enumerate(found.workers))
    for (i, one), (j, other) in combinations(enumerate(found.axes), 2):
        yield _flip(flips, (i, j), f"{one}/{other}", float(mean[i, j]), (EVERYONE, None))
        for (a, first), (b, second) in combinations(workers, 2) if len(workers) > 2 else ():
            chance = float(flips.probability[i, j, a, b])
            yield _flip(flips, (i, j), f"{one}/{other}", chance, (first, second))


def _flip(
    flips: AxisFlips, axes: tuple[int, int], name: str, chance: float, who: tuple[str, str | None]
) -> Estimate:
    worker, minus = who
    clusters = int(min(flips.clusters[axis] for axis in axes))
    return Estimate(
        id=f"{TRIAL}/axis_flip/{'-minus-'.join(filter(None, who))}/{name}",
        trial=TRIAL,
        metric="axis_flip",
        worker=worker,
        minus_worker=minus,
        axis=name,
        value=finite(chance),
        method=_BOOTSTRAP,
        items=clusters,
        clusters=clusters,
        why=flips.why[axes[0]] or flips.why[axes[1]],
        endpoint="exploratory",
    )


def _agreement(found: Vectors) -> Iterator[Estimate]:
    """Kendall's tau-b between each two axes; withheld, with the reason, below six workers."""
    for (i, j), interval in axis_agreement(found.values).items():
        name = f"{found.axes[i]}/{found.axes[j]}"
        yield from_interval(
            interval,
            id=f"{TRIAL}/axis_agreement/{EVERYONE}/{name}",
            trial=TRIAL,
            metric="axis_agreement",
            worker=EVERYONE,
            axis=name,
            endpoint="exploratory",
        )
