"""Whose doing it was: outcomes of the whole run, the worker's own against what is missing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from worktrial.evidence.findings import Findings
from worktrial.evidence.observation import FAULTS
from worktrial.evidence.totals import RunCount
from worktrial.reference import by_name, is_reference
from worktrial.report.reading import unique
from worktrial.report.tables import Cell, Group, Grouped, Over, Row
from worktrial.report.words import MISSING, share

MOST = 0.05
"""A larger share of lost samples puts a paired comparison at risk: pairs lose both sides."""
_OWN = ("ok", "noop", "refusal", "protocol", "truncated")


@dataclass(frozen=True)
class Faults:
    """What became of a run.

    Attributes:
        findings: What was found.
        runs: How many samples of each worker were run and lost, by trial and arm.
    """

    findings: Findings
    runs: Sequence[RunCount] = ()

    def table(self) -> Grouped:
        """Outcomes of every worker in every trial, by whose doing they are."""
        own, others = self._own, [fault for fault in FAULTS if fault in self._seen]
        heads = [*own, *others]
        return Grouped(
            "Outcomes that were seen, as each trial counts them (legs of a relay, else samples), "
            "and samples that were lost to what is not the worker's doing",
            [
                Over("the worker's own", len(own)),
                Over("not the worker's", len(others) + 1),
            ],
            ["trial", *(head.replace("_", " ") for head in heads), "samples lost"],
            [
                Group(
                    worker,
                    [self._row(worker, trial, heads) for trial in self._trials(worker)],
                    is_reference(worker),
                )
                for worker in self._workers
            ],
        )

    @cached_property
    def _seen(self) -> list[str]:
        return unique(["ok", *(o.outcome for o in self.findings.outcomes)])

    @property
    def _own(self) -> list[str]:
        """The worker's own outcomes that were seen, those that every trial has first."""
        return [o for o in unique([*_OWN, *self._seen]) if o in self._seen and o not in FAULTS]

    @cached_property
    def _workers(self) -> list[str]:
        names = {o.worker for o in self.findings.outcomes}
        return by_name(names)

    @cached_property
    def _counts(self) -> Counter[tuple[str, str, str]]:
        counts: Counter[tuple[str, str, str]] = Counter()
        for o in self.findings.outcomes:
            counts[o.worker, o.trial, o.outcome] += o.count
        return counts

    def _trials(self, worker: str) -> list[str]:
        return unique(o.trial for o in self.findings.outcomes if o.worker == worker)

    def _row(self, worker: str, trial: str, heads: Iterable[str]) -> Row:
        counts = [Cell(f"{self._counts[worker, trial, outcome]:,}") for outcome in heads]
        mine = [r for r in self.runs if (r.worker, r.trial) == (worker, trial)]
        return Row(trial, [*counts, _lost(mine)])

    def missing(self) -> list[str]:
        """What is missing, a sentence a trial; nothing where nothing is."""
        lost = [runs for _, runs in self._by_trial() if any(r.lost for r in runs)]
        return [_sentence(runs) for runs in lost]

    def at_risk(self) -> list[str]:
        """The trials in which a worker lacks so much under an arm that pairs suffer."""
        return [trial for trial, runs in self._by_trial() if max(map(_share, runs)) > MOST]

    def _by_trial(self) -> list[tuple[str, list[RunCount]]]:
        ordered = sorted((r for r in self.runs if r.samples), key=lambda r: r.trial)
        return [(trial, list(runs)) for trial, runs in groupby(ordered, key=lambda r: r.trial)]


def _share(runs: RunCount) -> float:
    return runs.lost / runs.samples


def _lost(runs: Sequence[RunCount]) -> Cell:
    count, lost = sum(r.samples for r in runs), sum(r.lost for r in runs)
    if not count:
        return Cell(MISSING, note="not counted")
    return Cell(f"{lost:,} of {count:,}", note=share(lost / count) if lost else "")


def _sentence(runs: Sequence[RunCount]) -> str:
    """How much of a trial is lost, and how unevenly."""
    count, lost = sum(r.samples for r in runs), sum(r.lost for r in runs)
    most, least = max(runs, key=_share), min(runs, key=_share)
    return (
        f"{runs[0].trial}: {lost:,} of {count:,} samples are missing, from {share(_share(least))} "
        f"({least.worker}, {least.arm}) to {share(_share(most))} ({most.worker}, {most.arm})"
    )
