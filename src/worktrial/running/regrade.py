"""Grading a run again: stored answers under this version's scorer, calling no model."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from worktrial.errors import EvidenceError
from worktrial.evidence import RunFolder, write_evidence
from worktrial.evidence.findings import Findings
from worktrial.evidence.folder import write_whole
from worktrial.protocol import Manifest, Scorer, is_evidence_sealed
from worktrial.running.extraction import checked_logs, observations, trials_of


class ScoreChange(NamedTuple):
    """One score that a scorer gives and another gave otherwise; `None` is no value or no row."""

    trial: str
    worker: str
    arm: str
    item: str
    replicate: int
    step: int
    metric: str
    before: float | None
    after: float | None


class FindingChange(NamedTuple):
    """One estimate or claim that came out otherwise."""

    id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Regraded:
    """What grading again changed.

    Attributes:
        before: By trial, the scorer that had graded the run.
        after: By trial, the scorer that graded it now.
        scores: Every score that changed.
    """

    before: Mapping[str, Scorer]
    after: Mapping[str, Scorer]
    scores: tuple[ScoreChange, ...]


def regrade(folder: RunFolder) -> Regraded:
    """Score a run again from its stored answers; the evidence and protocol then say so.

    Raises:
        EvidenceError: If a log or the evidence cannot be read, or does not fit the protocol.
    """
    manifest = Manifest.read(folder.protocol)
    if is_evidence_sealed(manifest):
        raise EvidenceError(
            f"{folder.path} holds scores that were brought, and no answers that could be graded "
            "again; grade them where they come from, and bring them again"
        )
    logs = checked_logs(folder, manifest)
    fresh = folder.evidence.with_suffix(".regraded")
    write_evidence(fresh, observations(manifest, logs))
    changes = _changes(folder.evidence, fresh) if folder.evidence.exists() else ()
    before = {name: of.scorer for name, of in manifest.measurement.items()}
    after = {trial.name: trial.scorer() for trial in trials_of(manifest)}
    write_whole(folder.protocol, _graded_by(manifest, after).text())
    fresh.replace(folder.evidence)
    return Regraded(before, after, changes)


def finding_changes(before: Findings, after: Findings) -> list[FindingChange]:
    """Estimates and claims that differ between two findings of one run, by id."""
    old, new = (_by_id(findings) for findings in (before, after))
    return [
        FindingChange(name, old.get(name, "nothing"), new.get(name, "nothing"))
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]


def _by_id(findings: Findings) -> dict[str, str]:
    estimates = {e.id: _in_words(e.value, e.low, e.high) for e in findings.estimates}
    return {**estimates, **{f"claim {c.id}": c.verdict for c in findings.claims}}


def _in_words(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "no value"
    return f"{value:.6g}" if low is None or high is None else f"{value:.6g} [{low:.6g}, {high:.6g}]"


def _graded_by(manifest: Manifest, after: Mapping[str, Scorer]) -> Manifest:
    measured = manifest.measurement
    changed = [name for name, of in measured.items() if of.scorer != after[name]]
    if not changed:
        return manifest
    history: list[Mapping[str, Any]] = [
        *manifest.incidental.get("regraded", []),
        *(
            {
                "trial": name,
                "from": measured[name].scorer.model_dump(),
                "to": after[name].model_dump(),
            }
            for name in changed
        ),
    ]
    return manifest.model_copy(
        update={
            "measurement": {
                name: of.model_copy(update={"scorer": after[name]}) for name, of in measured.items()
            },
            "incidental": {**manifest.incidental, "regraded": history},
        }
    )


_KEYS = ("trial", "worker", "arm", "item", "replicate", "step", "metric")


def _changes(before: Path, after: Path) -> tuple[ScoreChange, ...]:
    """Scores that differ by more than what a file of numbers can lose."""
    keys = ", ".join(_KEYS)
    rows = duckdb.connect().execute(
        f"with old as (select * from read_parquet(?)), new as (select * from read_parquet(?)) "  # noqa: S608
        f"select {keys}, old.value, new.value from old full join new using ({keys}) "
        "where coalesce(abs(old.value - new.value) > 1e-12, "
        "not (old.value is null and new.value is null)) "
        f"order by {keys}",
        [str(before), str(after)],
    )
    return tuple(ScoreChange(*row) for row in rows.fetchall())
