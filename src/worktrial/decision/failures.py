"""The worst failures: jobs that were not accepted, and by how much the proxy hid it."""

from collections.abc import Iterator, Sequence

import numpy as np

from worktrial.decision.jobs import Jobs
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Failure, finite
from worktrial.reference import on_trial

MOST = 3
"""Of each worker."""


def worst_failures(all_jobs: Sequence[Jobs], evidence: Evidence) -> Iterator[Failure]:
    """Find of everyone on trial the jobs that fell furthest from what the proxy showed.

    Those of different trials come first: three ways to fail tell more than one thrice.

    Args:
        all_jobs: Of every trial that gives work.
        evidence: The run's observations.
    """
    for worker in on_trial(sorted({w for jobs in all_jobs for w in jobs.panel.workers})):
        ranked = [
            (place, -loss, jobs.trial, item, jobs)
            for jobs in all_jobs
            if worker in jobs.panel.workers
            for place, (loss, item) in enumerate(_fallen(jobs, worker))
        ]
        for _, _, _, item, jobs in sorted(ranked, key=lambda each: each[:4])[:MOST]:
            yield _failure(jobs, worker, item, evidence)


def _fallen(jobs: Jobs, worker: str) -> list[tuple[float, str]]:
    """The most that was lost on items that were not accepted, the greatest loss first."""
    row = jobs.of(worker)
    work, proxy = jobs.panel.under_work[row], jobs.panel.under_proxy[row]
    # Where the proxy has no score, nothing hid the failure: it stands after those that were hidden.
    lost = np.where(np.isnan(proxy), 0.0, proxy - work)
    failed = [
        (float(lost[i]), -float(work[i]), item)
        for i, item in enumerate(jobs.panel.items)
        if jobs.accepted[row, i] < 1
    ]
    ordered = sorted(failed, key=lambda each: (-each[0], -each[1], each[2]))
    return [(loss, item) for loss, _, item in ordered[:MOST]]


def _failure(jobs: Jobs, worker: str, item: str, evidence: Evidence) -> Failure:
    row, column = jobs.of(worker), jobs.panel.items.index(item)
    proxy = finite(float(jobs.panel.under_proxy[row, column]))
    sample, replicate, outcome = _sample(jobs, worker, item, evidence)
    return Failure(
        trial=jobs.trial,
        worker=worker,
        item=item,
        metric=jobs.panel.metric,
        proxy_arm=jobs.panel.proxy,
        proxy=proxy,
        work_arm=jobs.panel.work,
        work=round(float(jobs.panel.under_work[row, column]), 9),
        outcome=outcome,
        arm=jobs.arm,
        sample=sample,
        replicate=replicate,
    )


def _sample(jobs: Jobs, worker: str, item: str, evidence: Evidence) -> tuple[str, int, str | None]:
    """The worst replicate of an item at work: its sample, and what became of it."""
    rows = evidence.of(jobs.trial).query(
        "select sample, replicate, arg_max(outcome, step) filter (where outcome is not null) "
        "from evidence where worker = ? and item = ? and arm = ? group by sample, replicate "
        "order by arg_max(value, step) filter (where metric = ?) nulls last, replicate limit 1",
        [worker, item, jobs.arm, jobs.panel.metric],
    )
    sample, replicate, outcome = rows[0]
    return str(sample), int(replicate), outcome
