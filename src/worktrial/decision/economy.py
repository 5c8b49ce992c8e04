"""What accepted work costs, and who is on the front of quality and cost."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from worktrial.comparison.panel import FloatArray
from worktrial.decision.jobs import UNITS, Jobs
from worktrial.estimate import (
    Interval,
    cost_per_success,
    efficient_probability,
    mean_count,
    mean_interval,
)
from worktrial.evidence.findings import Estimate, finite, from_interval
from worktrial.reference import on_trial

ACCEPTED, ON_FRONT = "accepted", "p_front"


def economy(jobs: Jobs, *, seed: int) -> Iterator[Estimate]:
    """Estimate of each worker the share of jobs accepted, the cost of a job and of an accepted one.

    Args:
        jobs: Of a trial.
        seed: Of what is drawn.
    """
    for row, worker in enumerate(jobs.panel.workers):
        accepted = jobs.accepted[row]
        yield _estimate(jobs, worker, ACCEPTED, mean_interval(accepted))
        for unit in UNITS:
            costs = jobs.costs[unit][row]
            if not np.isnan(costs).all():
                yield _estimate(jobs, worker, f"{unit}_per_job", _mean_cost(costs))
                yield _estimate(
                    jobs, worker, f"{unit}_per_accepted", cost_per_success(costs, accepted)
                )
    yield from _front(jobs, seed)


def _mean_cost(costs: FloatArray) -> Interval:
    """The mean of a cost, in whatever unit: its bounds know counts, of which 1 is small."""
    largest = float(np.nanmax(costs)) or 1.0
    found = mean_count(costs / largest)
    ends = {name: largest * getattr(found, name) for name in ("value", "low", "high")}
    return replace(found, **ends)


def _estimate(jobs: Jobs, worker: str, metric: str, found: Interval) -> Estimate:
    return from_interval(
        found,
        id=f"{jobs.trial}/{metric}/{worker}/{jobs.arm}",
        trial=jobs.trial,
        metric=metric,
        worker=worker,
        arm=jobs.arm,
        evidence=f"metric={jobs.panel.metric}",
    )


def _front(jobs: Jobs, seed: int) -> Iterator[Estimate]:
    """The chance of everyone on trial to be on the front; by dollars where all are known."""
    workers = on_trial(jobs.panel.workers)
    if len(workers) < 2:
        return
    rows = [jobs.of(worker) for worker in workers]
    accepted = jobs.accepted[rows]
    priced = (np.isnan(jobs.costs["usd"][rows]) == np.isnan(accepted)).all()
    unit = "usd" if priced else "tokens"
    found = efficient_probability(jobs.costs[unit][rows], accepted, seed=seed)
    for worker, chance in zip(workers, found.probability, strict=True):
        yield Estimate(
            id=f"{jobs.trial}/{ON_FRONT}/{worker}/{unit}",
            trial=jobs.trial,
            metric=ON_FRONT,
            worker=worker,
            arm=jobs.arm,
            value=finite(float(chance)),
            method=f"cluster bootstrap; jobs accepted and {unit} for one",
            items=found.clusters,
            clusters=found.clusters,
            why=found.why,
            endpoint="exploratory",
        )
