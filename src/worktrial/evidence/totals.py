"""What a trial's evidence adds up to: outcomes counted, and what each worker used."""

from collections.abc import Iterator

from worktrial.evidence.findings import Cost, OutcomeCount
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
