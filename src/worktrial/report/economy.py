"""Accepted jobs, what one costs, and who is on the front of both, looked up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from worktrial.comparison.order import EVERYONE
from worktrial.decision.economy import ACCEPTED, ON_FRONT
from worktrial.evidence.findings import Estimate, Findings
from worktrial.report.reading import unique
from worktrial.report.words import money
from worktrial.running.trials import TRIALS

UNITS = {"usd": "US dollars", "tokens": "tokens"}
"""The units of a cost, the one that is shown first if all that is known of it."""


@dataclass(frozen=True)
class Economy:
    """The jobs of one trial."""

    trial: str
    findings: Findings

    @cached_property
    def _mine(self) -> dict[tuple[str, str], Estimate]:
        found = (e for e in self.findings.estimates if e.trial == self.trial)
        return {(e.worker, e.metric): e for e in found if not e.gap and not e.minus_worker}

    @cached_property
    def workers(self) -> list[str]:
        """Everyone whose jobs are known."""
        return unique(worker for worker, metric in self._mine if metric == ACCEPTED)

    @cached_property
    def unit(self) -> str:
        """Dollars where they are known of everyone, else tokens."""
        known = (
            unit
            for unit in UNITS
            if all((worker, f"{unit}_per_job") in self._mine for worker in self.workers)
        )
        return next(known, "tokens")

    def accepted(self, worker: str) -> Estimate | None:
        """The share of jobs that were accepted."""
        return self._mine.get((worker, ACCEPTED))

    def price(self, worker: str, unit: str = "") -> Estimate | None:
        """What an accepted job costs."""
        return self._mine.get((worker, f"{unit or self.unit}_per_accepted"))

    def on_front(self, worker: str) -> Estimate | None:
        """The chance that nobody does more for less."""
        return self._mine.get((worker, ON_FRONT))

    def front(self) -> list[str]:
        """Those that nobody beats by these estimates, the cheapest first."""
        known = {
            worker: (price.value, share.value)
            for worker in self.workers
            if (price := self.price(worker)) is not None and price.value is not None
            if (share := self.accepted(worker)) is not None and share.value is not None
        }
        best = [
            worker
            for worker, (price, share) in known.items()
            if not any(
                p <= price and s >= share and (p, s) != (price, share) for p, s in known.values()
            )
        ]
        return sorted(best, key=lambda worker: known[worker])

    @property
    def units(self) -> list[str]:
        """The units in which anything is known."""
        known = {metric for _, metric in self._mine}
        return [unit for unit in UNITS if f"{unit}_per_accepted" in known]

    @property
    def in_words(self) -> str:
        """What is accepted."""
        job = TRIALS[self.trial].job if self.trial in TRIALS else None
        return job.in_words if job else "jobs"

    def reader(self, unit: str) -> Callable[[float], str]:
        """How a cost in a unit is read."""
        return money if unit == "usd" else _amount

    def in_unit(self, value: float) -> str:
        """A cost as it is read."""
        return self.reader(self.unit)(value)


def _amount(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def economies(findings: Findings) -> Sequence[Economy]:
    """One a trial that gives work."""
    trials = unique(
        e.trial for e in findings.estimates if e.metric == ACCEPTED and e.worker != EVERYONE
    )
    return [Economy(trial, findings) for trial in trials]
