"""From a run's logs to its evidence: checked against its protocol, calling no model."""

from collections.abc import Iterator, Mapping, Sequence

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
from worktrial.evidence.folder import write_whole
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
    known = finished(folder.logs)
    return {trial.name: known.get(trial.task, []) for trial in trials_of(manifest)}


def observations(
    manifest: Manifest, logs: Mapping[str, Sequence[FinishedLog]]
) -> Iterator[Observation]:
    """Every observation of a run, its samples held against the protocol's items.

    Raises:
        EvidenceError: If a log holds an item or an arm that is not the protocol's.
    """
    for trial in trials_of(manifest):
        measurement = manifest.measurement[trial.name]
        for log in logs[trial.name]:
            if log.arm not in measurement.arms:
                name = log.parts[0].name
                raise EvidenceError(f"{name}: the arm {log.arm!r} is not this protocol's")
            for found in read_samples(log, events=trial.events):
                _is_ours(found.log, trial.recorded(found.sample), measurement)
                rows = trial.observations(found)
                yield from map(_lost, rows) if found.sample.error else rows


def _lost(row: Observation) -> Observation:
    """What is seen of a sample that broke off outside of every call: nothing of the worker's."""
    return row._replace(value=None, outcome="infrastructure")


def _is_ours(log: str, item: Mapping[str, object], measurement: Measurement) -> None:
    name = str(item.get("id"))
    if measurement.items.get(name) != digest(dict(item)):
        raise EvidenceError(f"{log}: the item {name!r} is not the one of protocol.json")


def sealed(folder: RunFolder) -> Manifest:
    """Write the hashes of finished logs, and who answered in them, into the protocol."""
    manifest = Manifest.read(folder.protocol)
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
