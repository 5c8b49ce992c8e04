"""What a page shows of an audit beside its findings, out of the run's evidence and logs."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from worktrial.evidence import Evidence, FinishedLog
from worktrial.evidence.logs import read_header
from worktrial.memorisation.arms import FRESH, PUBLISHED
from worktrial.memorisation.measured import CONTROL, TRIAL, Tier, at
from worktrial.memorisation.panel import items_of
from worktrial.memorisation.stories import SHOWN, TextStory, stories, unvaried
from worktrial.memorisation.worker import BlindCheck, flags
from worktrial.protocol import Measurement
from worktrial.report.memorisation_page import Audited
from worktrial.report.reconstructions import MOST_ITEMS
from worktrial.report.words import share

_UNVARIED = "unvaried"
"""The kind of note that says of which items no fresh text could be made: the items say it."""
_TIERS: Sequence[Tier] = ("chat", "raw", "logprobs")


def audited(logs: Sequence[FinishedLog], evidence: Evidence, measured: Measurement) -> Audited:
    """Gather what is shown of an audit.

    Args:
        logs: The audit's.
        evidence: The run's.
        measured: The audit's part of the protocol.

    Raises:
        EvidenceError: If a log cannot be read.
    """
    mine, rate = evidence.of(TRIAL), float(measured.settings["rate"])
    published = [log for log in logs if log.arm == PUBLISHED]
    return Audited(
        flags={worker: flags(mine, worker, rate=rate) for worker in mine.workers()},
        told=_told(logs, mine),
        tiers=_tiers(mine),
        items=len(items_of(mine, mine.workers())),
        rate=rate,
        blind=_blind(measured),
        notes=_notes(logs),
        unvaried=unvaried(published[0]) if published else {},
    )


def _blind(measured: Measurement) -> str:
    """What a classifier said that never saw the model."""
    found = BlindCheck.from_settings(measured.settings.get("blind"))
    if math.isnan(found.auc):
        return found.why or ""
    bounds = f"AUC {share(found.auc)} [{share(found.low)}, {share(found.high)}]"
    return f"{bounds}: {found.why}" if found.why else bounds


def _notes(logs: Sequence[FinishedLog]) -> list[str] | None:
    """What the run said of rows of its file; the same in every log."""
    for log in logs:
        metadata = read_header(log.parts[0]).eval.metadata or {}
        if "notes" in metadata:
            return [_sentence(note) for note in metadata["notes"] if note["kind"] != _UNVARIED]
    return None


def _sentence(note: Mapping[str, Any]) -> str:
    rows = ", ".join(map(str, note["rows"]))
    more = " and others" if note["count"] > len(note["rows"]) else ""
    return f"{note['text']}{f' (row {rows}{more})' if rows else ''}"


def _tiers(evidence: Evidence) -> dict[tuple[str, str], Tier]:
    """By what access each metric of a worker was measured."""
    rows = evidence.query("select distinct worker, metric, kind from evidence order by all")
    return {(worker, metric): kind for worker, metric, kind in rows if kind in _TIERS}


def _told(logs: Sequence[FinishedLog], evidence: Evidence) -> dict[str, list[TextStory]]:
    """The items of each worker that are most reconstructed, with their fresh texts."""
    told: dict[str, list[TextStory]] = {}
    for worker in evidence.workers():
        items = _worst(evidence, worker, PUBLISHED, PUBLISHED, MOST_ITEMS)
        controls = _worst(evidence, worker, FRESH, CONTROL, 1)
        for log in logs:
            if log.worker == worker:
                told.setdefault(worker, []).extend(stories(log, {*items, *controls}))
    return told


def _worst(evidence: Evidence, worker: str, arm: str, operation: str, most: int) -> list[str]:
    rows = evidence.query(
        "select item, max(value) from evidence where worker = ? and arm = ? and operation = ? "
        "and metric = ? and value is not null group by item order by 2 desc, item limit ?",
        [worker, arm, operation, at("verbatim", SHOWN), most],
    )
    return [item for item, _ in rows]
