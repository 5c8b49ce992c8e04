"""What a trial's evidence adds up to: outcomes counted, and what each worker used."""

from collections.abc import Iterator
from typing import NamedTuple

from worktrial.evidence.findings import Cost, OutcomeCount
from worktrial.evidence.observation import FAULTS
from worktrial.evidence.table import Evidence

_TOKENS = ("tokens_in", "tokens_out", "tokens_cached")
_USED = (*_TOKENS, "seconds", "usd")


def count_outcomes(evidence: Evidence, trial: str, metric: str) -> Iterator[OutcomeCount]:
    """How often each outcome was seen, by worker and arm.

    Args:
        evidence: The trial's observations.
        trial: Its name.
        metric: A metric of which every step that counts has one row.
    """
    rows = evidence.query(
        "select worker, arm, outcome, count(*) from evidence where metric = ? "
        "and outcome is not null group by all order by all",
        [metric],
    )
    for worker, arm, outcome, count in rows:
        yield OutcomeCount(worker=worker, trial=trial, arm=arm, outcome=outcome, count=count)


class RunCount(NamedTuple):
    """How often a worker was run under an arm of a trial.

    Attributes:
        trial: The trial.
        worker: Who was on trial.
        arm: The condition.
        samples: Each replicate by itself.
        lost: Those of them that somebody else's fault ended or left without a score.
    """

    trial: str
    worker: str
    arm: str
    samples: int
    lost: int


def count_runs(evidence: Evidence) -> list[RunCount]:
    """How many samples were run and lost, of every trial in the evidence.

    A relay is lost as a whole by the one leg that failed, so steps are not what is counted.
    """
    rows = evidence.query(
        "select trial, worker, arm, count(*), count(*) filter (where lost) from (select trial, "
        "worker, arm, bool_or(list_contains(?, outcome)) as lost from evidence "
        "group by trial, worker, arm, log, sample, replicate) group by all order by all",
        [list(FAULTS)],
    )
    return [RunCount(*row) for row in rows]


def add_up_costs(evidence: Evidence, trial: str) -> Iterator[Cost]:
    """What each worker used in a trial, over all arms."""
    for worker in evidence.workers():
        rows = evidence.query(
            "select metric, sum(value) from evidence where worker = ? "
            "and list_contains(?, metric) group by metric",
            [worker, list(_USED)],
        )
        total: dict[str, float] = dict(rows)
        tokens = {n: round(total[n]) for n in _TOKENS if n in total}
        digits = {"seconds": 3, "usd": 6}
        others = {n: round(total[n], places) for n, places in digits.items() if n in total}
        yield Cost.model_validate({"worker": worker, "trial": trial, **tokens, **others})
