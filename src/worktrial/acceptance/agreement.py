"""What a labelled sheet says: of the person, of the metrics as judges, and of each worker."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from worktrial.acceptance.sheet import Answer, Job
from worktrial.comparison.order import EVERYONE
from worktrial.comparison.panel import FloatArray
from worktrial.estimate import (
    Interval,
    judge_agreement,
    mean_interval,
    prediction_powered_mean,
    roc_area,
)
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Estimate, from_interval

BY_RULE = "rule"
"""The program's own verdict, beside single metrics."""
_COSTS = ("tokens_in", "tokens_out", "tokens_cached", "usd", "seconds", "attempts")


def self_agreement(answers: Sequence[Answer]) -> list[Estimate]:
    """How far a person agrees with themselves, on the rows that stand on the sheet twice.

    Args:
        answers: Of one sheet.
    """
    said = {answer.row.id: answer for answer in answers}
    pairs = [(said[a.row.repeats], a) for a in answers if a.row.repeats in said]
    first, second = ([float(pair[at].accepted) for pair in pairs] for at in (0, 1))
    found = judge_agreement(first, second, [_cluster(a.row.job) for a, _ in pairs])
    return [
        _estimate(found.share, "labels", "self_agreement", EVERYONE, len(pairs)),
        _estimate(found.kappa, "labels", "self_kappa", EVERYONE, len(pairs)),
    ]


def metric_agreement(
    trial: str, answers: Sequence[Answer], evidence: Evidence, ruled: Mapping[Job, float]
) -> list[Estimate]:
    """How far the program's rule and each metric of a trial agree with the person.

    Args:
        trial: Whose metrics they are.
        answers: Of one sheet; a job that stands on it twice counts by its first row.
        evidence: The trial's observations under the arm that was labelled.
        ruled: The program's verdict on each job, in [0, 1].

    Returns:
        Kappa of what is yes or no, else the area under the ROC curve; nothing of a metric that
        says the same of every job.
    """
    mine = [a for a in answers if a.row.trial == trial and a.row.repeats is None]
    labels = np.array([float(a.accepted) for a in mine])
    clusters = [_cluster(a.row.job) for a in mine]
    scores = {BY_RULE: ruled, **dict(_measured(evidence))}
    estimates = []
    for metric, of in scores.items():
        values = np.array([of.get(a.row.job, np.nan) for a in mine], dtype=float)
        if values.size and np.unique(values[~np.isnan(values)]).size > 1:
            estimates.append(_judged(trial, metric, values, labels, clusters))
    return estimates


def corrected_rates(
    trial: str, answers: Sequence[Answer], ruled: Mapping[Job, float]
) -> list[Estimate]:
    """Each worker's share of jobs accepted: by labels alone, and with the program's verdicts.

    Args:
        trial: Whose jobs they are.
        answers: Of one sheet.
        ruled: The program's verdict on every job of the trial, in [0, 1].

    Returns:
        By worker the share among labelled items, and the one that prediction-powered inference
        makes of these and the verdicts on all items.
    """
    said: dict[Job, float] = {}
    for answer in answers:
        said.setdefault(answer.row.job, float(answer.accepted))
    estimates = []
    for worker in sorted({job.worker for job in ruled}):
        judged, labels = _by_item({j: v for j, v in ruled.items() if j.worker == worker}, said)
        alone = mean_interval(labels, level=0.95)
        found = prediction_powered_mean(judged, labels)
        labelled = int(np.sum(~np.isnan(labels)))
        estimates.append(_estimate(alone, trial, "accepted_labelled", worker, labelled))
        estimates.append(_estimate(found.mean, trial, "accepted_corrected", worker, len(judged)))
    return estimates


def _by_item(
    ruled: Mapping[Job, float], said: Mapping[Job, float]
) -> tuple[FloatArray, FloatArray]:
    """Verdicts and labels, replicates averaged within the item; NaN is missing."""
    by_item: dict[str, list[Job]] = defaultdict(list)
    for job in ruled:
        by_item[job.item].append(job)
    judged = [float(np.mean([ruled[job] for job in jobs])) for jobs in by_item.values()]
    labels = [
        float(np.mean(known)) if (known := [said[j] for j in jobs if j in said]) else np.nan
        for jobs in by_item.values()
    ]
    return np.array(judged), np.array(labels)


def _measured(evidence: Evidence) -> Iterator[tuple[str, dict[Job, float]]]:
    """Every metric that is no cost, by job, of its last step."""
    rows = evidence.query(
        "select metric, trial, worker, item, arm, sample, replicate, arg_max(value, step) "
        "from evidence where value is not null and not list_contains(?, metric) "
        "group by all order by all",
        [list(_COSTS)],
    )
    found: dict[str, dict[Job, float]] = defaultdict(dict)
    for metric, *job, value in rows:
        found[metric][Job(*job)] = value
    yield from found.items()


def _judged(
    trial: str, metric: str, values: FloatArray, labels: FloatArray, clusters: Sequence[str]
) -> Estimate:
    known = values[~np.isnan(values)]
    if np.isin(known, (0, 1)).all():
        found = judge_agreement(values, labels, clusters).kappa
        return _estimate(found, trial, f"kappa_{metric}", EVERYONE, known.size)
    return _estimate(
        roc_area(values, labels, clusters), trial, f"auc_{metric}", EVERYONE, known.size
    )


def _cluster(job: Job) -> str:
    return f"{job.trial}\x1f{job.item}"


def _estimate(found: Interval, trial: str, metric: str, worker: str, jobs: int) -> Estimate:
    return from_interval(
        found,
        id=f"labelled/{trial}/{metric}/{worker}",
        trial=trial,
        metric=metric,
        worker=worker,
        items=jobs,
        endpoint="exploratory",
    )
