"""What the evidence says of legs that no program knows: that a score is missing, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from worktrial.evidence import Evidence
from worktrial.evidence.findings import Estimate

_LEGS = "metric = 'attempts' and step % 2 = 1"
_FREE = "metric = 'forward' and value is null"
"""Where nothing was to be done there is no row at all."""


@dataclass(frozen=True, slots=True)
class Unscored:
    """One worker's forward legs.

    Attributes:
        run: How many were run.
        free: How many of them have no oracle.
        idle: How many of these changed nothing.
    """

    run: int
    free: int
    idle: int

    @classmethod
    def of(cls, evidence: Evidence, worker: str) -> "Unscored":
        """Count them under one arm."""
        ((run, free, idle),) = evidence.query(
            f"select count(*) filter ({_LEGS}), count(*) filter ({_FREE}), "  # noqa: S608
            f"count(*) filter ({_FREE} and outcome = 'noop') from evidence where worker = ?",
            [worker],
        )
        return cls(run, free, idle)

    def explained(self, estimates: Iterable[Estimate]) -> Iterator[Estimate]:
        """Missing means, with the reason where it is that no program knows the edits."""
        why = (
            "in free words: no program knows what should come of these edits; "
            f"{self.idle} of {self.free} such legs changed nothing"
        )
        for each in estimates:
            missing = each.value is None and self.free
            yield each.model_copy(update={"why": why}) if missing else each

    def estimates(self, trial: str, worker: str) -> Iterator[Estimate]:
        """The share of legs without an oracle; none where all have one."""
        if self.free:
            yield Estimate(
                id=f"{trial}/unscored/{worker}",
                trial=trial,
                metric="unscored",
                worker=worker,
                value=self.free / self.run,
                method=f"{self.free} of {self.run} forward legs: no program knows their words",
            )


def without_oracle(evidence: Evidence) -> str:
    """How many errands of a run no program knows, in words; empty where there are none."""
    ((asked, free),) = evidence.query(
        f"select count(distinct (item, step)) filter ({_LEGS}), "  # noqa: S608
        f"count(distinct (item, step)) filter ({_FREE}) from evidence"
    )
    if not free:
        return ""
    return (
        f"{free} of {asked} errands have no oracle: they are in free words, their forward legs "
        "are not scored, and the oracle leaves them undone"
    )
