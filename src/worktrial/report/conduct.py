"""Findings of conduct looked up: what trials say of it, and what trajectories do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from worktrial.conduct.clean import CLAUSES
from worktrial.conduct.findings import GAP, ConductFindings, MetricRecord
from worktrial.evidence.findings import Estimate, Findings
from worktrial.reference import is_reference
from worktrial.report.reading import unique
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import MISSING, number, plain, points, share, why

FAMILIES: Mapping[str, str] = {
    "quality": "trajectory quality",
    "memory": "memory hygiene",
    "context": "context efficiency",
    "verification": "verification cost and what it catches",
    "communication": "communication fidelity",
    "completion": "completion claims",
    "predictability": "predictability",
}
"""Families in words, in the order in which they are shown."""
CLEAN = "clean_success"
SUCCESS = ("outcome_success", "success")
"""Metrics that tell the success of which the clean one is a part."""


@dataclass(frozen=True)
class ConductReading:
    """What a run's trials say of conduct; what is not there is left out.

    Attributes:
        findings: Of the run.
        anchors: By trial and worker, where the page tells the events.
    """

    findings: Findings
    anchors: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @cached_property
    def _mine(self) -> list[Estimate]:
        """The gaps, and what else is told of the same trial, worker and arm."""
        gaps = {_whose(e) for e in self.findings.estimates if e.gap == GAP}
        return [e for e in self.findings.estimates if _whose(e) in gaps and not e.minus_worker]

    def tables(self) -> list[Table]:
        """One for each trial that has a conduct gap."""
        return [self._table(trial) for trial in unique(e.trial for e in self._mine)]

    def _table(self, trial: str) -> Table:
        rows = unique((e.worker, e.arm) for e in self._mine if e.trial == trial)
        rows.sort(key=lambda row: (is_reference(row[0]), row[0]))
        return Table(
            f"{trial.capitalize()}: success, clean success and what lies between, in points; and "
            "in what share of samples each clause of clean success holds",
            ["worker", "success", "clean success", "conduct gap", *CLAUSES, "items"],
            [self._row(trial, worker, arm) for worker, arm in rows],
        )

    def _row(self, trial: str, worker: str, arm: str | None) -> Row:
        found = {
            (e.metric, e.gap): e for e in self._mine if _whose(e) == (trial, worker, arm)
        }  # fmt: skip
        gap = next(e for (_, of), e in found.items() if of == GAP)
        success = next((found[m, None] for m in SUCCESS if (m, None) in found), None)
        scores = [success, *(found.get((name, None)) for name in (CLEAN,))]
        clauses = [found.get((name, None)) for name in CLAUSES]
        cells = [
            *map(self._cell, scores), self._cell(gap, points), *map(self._cell, clauses)
        ]  # fmt: skip
        name = f"{worker}, {arm.replace('_', ' ')}" if arm else worker
        return Row(name, [*cells, Cell(str(gap.clusters or 0))], is_reference(worker))

    def _cell(self, estimate: Estimate | None, unit: Callable[[float], str] = share) -> Cell:
        anchor = estimate and self.anchors.get((estimate.trial, estimate.worker))
        return Cell(number(estimate, unit), f"#{anchor}" if anchor else None, note=why(estimate))


def _whose(estimate: Estimate) -> tuple[str, str, str | None]:
    return estimate.trial, estimate.worker, estimate.arm


@dataclass(frozen=True)
class ConductRow:
    """One line of what trajectories say: a name, its number, on how many samples it rests.

    Attributes:
        name: In words.
        text: The value with its interval.
        items: How many samples it rests on.
        status: `validated` or `proposed`; empty where that is not a question.
        why: Why there is no value, or no interval.
    """

    name: str
    text: str
    items: int
    status: str = ""
    why: str = ""


@dataclass(frozen=True)
class WorkerConduct:
    """What trajectories say of one worker, in the order in which it is shown."""

    found: ConductFindings
    worker: str

    def families(self) -> Iterator[tuple[str, list[ConductRow]]]:
        """Measured metrics by family; the catch rate stands beside every cost of checking."""
        for family, words in FAMILIES.items():
            metrics = [m for m in self.found.metrics if m.family == family]
            rows = [(m, self._metric(m)) for m in metrics]
            shown = [row for m, row in rows if row.items]
            if family == "verification" and shown:
                shown = [row for m, row in rows if row.items or m.name == "catch_rate"]
            if shown := [*shown, *(self._predicted() if family == "predictability" else ())]:
                yield words, shown

    def _metric(self, metric: MetricRecord) -> ConductRow:
        unit = share if metric.unit == "share" else plain
        suffix = "" if metric.unit in ("share", "count") else f" {metric.unit}"
        return self._row(metric.name, metric.title, unit, status=metric.status, suffix=suffix)

    def _row(
        self,
        name: str,
        title: str,
        unit: Callable[[float], str] = share,
        *,
        status: str = "",
        suffix: str = "",
        gap: str | None = None,
    ) -> ConductRow:
        e = self.found.get(self.worker, name, gap)
        text = number(e, unit)
        items = e.items or 0 if e is not None else 0
        reason = (e.why or "") if e is not None else why(e)
        return ConductRow(title, text + (suffix if text != MISSING else ""), items, status, reason)

    def missing(self) -> dict[str, list[str]]:
        """Metrics that could not be measured, by the reason."""
        found: dict[str, list[str]] = {}
        told = {row.name for _, rows in self.families() for row in rows}
        for metric in self.found.metrics:
            row = self._metric(metric)
            if not row.items and row.name not in told:
                found.setdefault(row.why, []).append(row.name)
        return found

    def gap(self) -> list[ConductRow]:
        """Success, clean success, the gap in points, and each clause."""
        return [
            self._row("success", "Success"),
            self._row(CLEAN, "Clean success"),
            self._row(CLEAN, "Conduct gap, points", points, gap=GAP),
            *(self._row(name, f"{name.capitalize()}: {words}") for name, words in CLAUSES.items()),
        ]

    def consistency(self) -> list[ConductRow]:
        """Accuracy and consistency of repeated samples; nothing where none was repeated."""
        return [self._row(f"consistency_{name}", words) for name, words in _REPLICATED.items()
                if self.found.get(self.worker, f"consistency_{name}")]  # fmt: skip

    def _predicted(self) -> list[ConductRow]:
        return [self._row(name, words) for name, words in _PREDICTED.items()
                if self.found.get(self.worker, name)]  # fmt: skip


_REPLICATED = {
    "accuracy": "Accuracy of repeated samples",
    "outcome": "Consistency of outcomes",
    "actions": "Consistency of which tools are used",
    "order": "Consistency of the order of tools",
    "resources": "Consistency of tokens spent",
}
_PREDICTED = {
    "brier": "Brier score of stated confidence",
    "ece": "Expected calibration error",
    "auroc": "Confidence tells success from failure (AUROC)",
}
