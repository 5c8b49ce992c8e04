"""The order of three or more workers: would the proxy have given the one that work gives?"""

from collections.abc import Iterator, Sequence

from worktrial.comparison.panel import FloatArray, Panel
from worktrial.estimate import model_confidence_set, rank_agreement, rank_intervals
from worktrial.evidence.findings import Estimate, from_interval

EVERYONE = "*"
"""Stands for the worker in an estimate about all of them."""
_FEWEST = 3


def compare_order(panel: Panel) -> Iterator[Estimate]:
    """Agreement of the two orders, the ranks that the data allow, and who may be the best at work.

    Args:
        panel: Who is compared on what; nothing is said of fewer than three.
    """
    if len(panel.workers) < _FEWEST:
        return
    yield from_interval(
        rank_agreement(panel.under_proxy, panel.under_work, shared=panel.paired),
        id=f"{panel.trial}/rank_agreement",
        trial=panel.trial,
        metric="rank_agreement",
        worker=EVERYONE,
        gap=panel.gap,
        arm=panel.proxy,
        minus_arm=panel.work,
    )
    for arm, scores in ((panel.proxy, panel.under_proxy), (panel.work, panel.under_work)):
        yield from ranked(scores, panel.workers, trial=panel.trial, metric="rank", of=arm, arm=arm)
    yield from _contenders(panel)


def ranked(
    scores: FloatArray,
    workers: Sequence[str],
    *,
    trial: str,
    metric: str,
    of: str,
    arm: str | None = None,
    minus_arm: str | None = None,
    axis: str | None = None,
    level: float = 0.95,
) -> Iterator[Estimate]:
    """Every worker's rank, with bounds that hold for all at once.

    Args:
        scores: Shape (workers, clusters).
        workers: Their names.
        trial: Of which trial.
        metric: What the rank is called.
        of: By what they are ranked, as the last part of the ids.
        arm: The arm by which they are ranked, if it is one.
        minus_arm: The arm by which they are ranked, where `arm` is what that is held against.
        axis: The axis by which they are ranked, if it is one.
        level: At which the bounds hold together.
    """
    found = rank_intervals(scores, level=level)
    for i, worker in enumerate(workers):
        known = found.why is None
        yield Estimate(
            id=f"{trial}/{metric}/{worker}/{of}",
            trial=trial,
            metric=metric,
            worker=worker,
            arm=arm,
            minus_arm=minus_arm,
            axis=axis,
            value=float(found.rank[i]) if known else None,
            low=float(found.low[i]) if known else None,
            high=float(found.high[i]) if known else None,
            level=found.level,
            method="all pairwise paired tests, Holm",
            items=found.clusters,
            clusters=found.clusters,
            why=found.why,
            endpoint="exploratory",
        )


def _contenders(panel: Panel) -> Iterator[Estimate]:
    """Whether each worker may be the best at work: 1 for in the set, 0 for out of it."""
    found = model_confidence_set(panel.under_work)
    for i, worker in enumerate(panel.workers):
        yield Estimate(
            id=f"{panel.trial}/may_be_best/{worker}/{panel.work}",
            trial=panel.trial,
            metric="may_be_best",
            worker=worker,
            arm=panel.work,
            value=float(found.members[i]) if found.why is None else None,
            level=found.level,
            method="none surely better, Holm",
            items=found.clusters,
            clusters=found.clusters,
            why=found.why,
            endpoint="exploratory",
        )
