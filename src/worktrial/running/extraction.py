"""From a run's logs to its evidence: checked against its protocol, calling no model."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import ValidationError

from worktrial.errors import EvidenceError
from worktrial.evidence import (
    FinishedLog,
    Observation,
    RunFolder,
    finished,
    read_samples,
    snapshot,
    write_evidence,
)
from worktrial.evidence.findings import Stopped
from worktrial.evidence.folder import write_whole
from worktrial.evidence.logs import Block
from worktrial.evidence.table import count_rows
from worktrial.protocol import (
    Manifest,
    Measurement,
    check_evidence,
    check_seals,
    digest,
    is_evidence_sealed,
    seal,
)
from worktrial.running.trials import TRIALS
from worktrial.trial import AnyTrial

STOPPED = "stopped"
"""What the incidental part of a manifest calls it."""


def extract(folder: RunFolder) -> int:
    """Make the evidence from the logs alone, calling no model.

    Evidence that was brought is not made again, but must be what was written then.

    Returns:
        How many observations there are.

    Raises:
        EvidenceError: If a log cannot be read, does not fit the run's protocol, or was graded by
            another scorer than this version's.
    """
    manifest = Manifest.read(folder.protocol)
    if is_evidence_sealed(manifest):
        check_evidence(manifest, folder.evidence)
        return count_rows(folder.evidence)
    logs = checked_logs(folder, manifest)
    for trial in trials_of(manifest):
        graded, ours = manifest.measurement[trial.name].scorer, trial.scorer()
        if graded != ours:
            raise EvidenceError(
                f"{folder.path} was graded by scorer {graded.version} ({graded.sha256[:12]}), this "
                f"is {ours.version} ({ours.sha256[:12]}); grade it again: worktrial regrade "
                f"{folder.path}"
            )
    return write_evidence(folder.evidence, observations(manifest, logs))


def trials_of(manifest: Manifest) -> list[AnyTrial]:
    """The trials of a run.

    Raises:
        EvidenceError: If this version knows one of them no more, or not yet.
    """
    for name in manifest.measurement:
        if name not in TRIALS:
            known = ", ".join(TRIALS)
            raise EvidenceError(f"the run holds the trial {name!r}; this version knows {known}")
    return [TRIALS[name] for name in manifest.measurement]


def checked_logs(folder: RunFolder, manifest: Manifest) -> dict[str, list[FinishedLog]]:
    """The finished logs of each trial, none of them changed since the run.

    Raises:
        EvidenceError: If a log cannot be read, was changed, or there is none.
    """
    check_seals(manifest, folder.logs.glob("*.eval"))
    logs = logs_of(folder, manifest)
    if not any(logs.values()):
        raise EvidenceError(f"{folder.logs} holds no finished log; run the same command again")
    return logs


def logs_of(folder: RunFolder, manifest: Manifest) -> dict[str, list[FinishedLog]]:
    """The finished logs of each trial, as they lie there."""
    trials = trials_of(manifest)
    stopped = stopped_of(manifest)
    ends = {
        (trial.task, arm): Block(*end)
        for trial in trials
        for arm, end in (stopped.blocks.get(trial.name, {}) if stopped else {}).items()
    }
    known = finished(folder.logs, ends)
    return {trial.name: known.get(trial.task, []) for trial in trials}


def stopped_of(manifest: Manifest) -> Stopped | None:
    """What is missing of a run that its budget ended.

    Raises:
        EvidenceError: If the manifest does not say it as it is written.
    """
    said = manifest.incidental.get(STOPPED)
    try:
        return None if said is None else Stopped.model_validate(said)
    except ValidationError:
        raise EvidenceError(
            "protocol.json was changed: what it says of the run's budget cannot be read; restore it"
        ) from None


def observations(
    manifest: Manifest, logs: Mapping[str, Sequence[FinishedLog]]
) -> Iterator[Observation]:
    """Every observation of a run, its samples held against the protocol's items.

    Raises:
        EvidenceError: If a log holds an item or an arm that is not the protocol's.
    """
    for trial in trials_of(manifest):
        measurement = manifest.measurement[trial.name]
        missing = _missing(manifest, trial)
        for log in logs[trial.name]:
            if log.arm not in measurement.arms:
                name = log.parts[0].name
                raise EvidenceError(f"{name}: the arm {log.arm!r} is not this protocol's")
            for found in read_samples(log, events=trial.events):
                recorded = trial.recorded(found.sample.metadata)
                _is_ours(found.log, recorded, measurement)
                if str(recorded.get("id")) not in missing:
                    rows = trial.observations(found)
                    yield from map(_lost, rows) if found.sample.error else rows


def _missing(manifest: Manifest, trial: AnyTrial) -> set[str]:
    """Items that not everyone has done under all arms before the budget ended the run."""
    stopped = stopped_of(manifest)
    incomplete = stopped.trials.get(trial.name) if stopped else None
    return set(incomplete.missing) if incomplete else set()


def _lost(row: Observation) -> Observation:
    """What is seen of a sample that broke off outside of every call: nothing of the worker's."""
    return row._replace(value=None, outcome="infrastructure")


def _is_ours(log: str, item: Mapping[str, object], measurement: Measurement) -> None:
    name = str(item.get("id"))
    if measurement.items.get(name) != digest(dict(item)):
        raise EvidenceError(f"{log}: the item {name!r} is not the one of protocol.json")


def sealed(folder: RunFolder, stopped: Stopped | None = None) -> Manifest:
    """Write the hashes of finished logs, and who answered in them, into the protocol.

    Args:
        folder: The run's.
        stopped: What is missing, if the run's budget ended it.
    """
    manifest = _marked(Manifest.read(folder.protocol), stopped)
    logs = [log for of_trial in logs_of(folder, manifest).values() for log in of_trial]
    worker = {
        **manifest.worker,
        **{
            log.worker: manifest.worker[log.worker].model_copy(update={"snapshot": snapshot(log)})
            for log in logs
            if log.worker in manifest.worker
        },
    }
    parts = [part for log in logs for part in log.parts]
    manifest = seal(manifest.model_copy(update={"worker": worker}), parts)
    write_whole(folder.protocol, manifest.text())
    return manifest


def _marked(manifest: Manifest, stopped: Stopped | None) -> Manifest:
    """The manifest with what is missing now, and no more with what was missing before."""
    incidental = {name: said for name, said in manifest.incidental.items() if name != STOPPED}
    if stopped is not None:
        incidental[STOPPED] = stopped.record()
    return manifest.model_copy(update={"incidental": incidental})
