"""Observations of a contrast: out of the rows that were brought, or of a run's own logs."""

from collections.abc import Iterator, Mapping

from worktrial.contrast.arms import LOST, SCORE, TRIAL
from worktrial.contrast.rows import Arms, Scored, scored_or_missing
from worktrial.contrast.task import KEPT
from worktrial.evidence import Observation, SampleLog
from worktrial.evidence.scores import number_of
from worktrial.evidence.usage import spent_of


def of_arms(arms: Arms) -> Iterator[Observation]:
    """Every observation of rows that were brought."""
    for arm, rows in arms.items():
        for row in rows:
            yield from _of_row(row, arm)


def of_sample(found: SampleLog) -> Iterator[Observation]:
    """Every observation of one sample of a run's log."""
    sample = found.sample
    kept: Mapping[str, str] = sample.metadata[KEPT]
    score, outcome = scored_or_missing(number_of(sample.scores or {}, kept["scorer_key"]))
    if sample.error:
        score, outcome = None, LOST
    usage = sample.model_usage.get(found.worker)
    seconds = {} if sample.working_time is None else {"seconds": sample.working_time}
    row = Scored(
        worker=found.worker,
        item=kept["name"],
        score=score,
        outcome=outcome,
        cluster=kept["cluster"],
        replicate=sample.epoch,
        used={**seconds, **spent_of(usage)},
        log=f"logs/{found.log}",
        sample=str(sample.id),
    )
    yield from _of_row(row, kept["arm"])


def _of_row(row: Scored, arm: str) -> Iterator[Observation]:
    usd = {} if row.usd is None else {"usd": row.usd}
    for metric, value in {SCORE: row.score, **row.used, **usd}.items():
        yield Observation(
            trial=TRIAL,
            worker=row.worker,
            item=row.item,
            cluster=row.cluster or row.item,
            stratum="",
            arm=arm,
            replicate=row.replicate,
            step=0,
            operation=arm,
            kind="",
            outcome=row.outcome,
            metric=metric,
            value=value,
            log=row.log,
            sample=row.sample,
        )
