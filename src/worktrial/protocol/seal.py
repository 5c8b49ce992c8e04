"""Seals: the hash of every finished log, so that evidence is what the run wrote."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from worktrial.errors import EvidenceError
from worktrial.protocol.manifest import Manifest

_FIELD = "logs"
_EVIDENCE = "evidence"


def seal(manifest: Manifest, logs: Iterable[Path]) -> Manifest:
    """Return the manifest with the hash of these logs, and of no other."""
    seals = {log.name: sha256(log) for log in sorted(logs)}
    return manifest.model_copy(update={"incidental": {**manifest.incidental, _FIELD: seals}})


def check_seals(manifest: Manifest, logs: Iterable[Path]) -> None:
    """Refuse logs that are not what the run wrote.

    A log without a seal is one that a killed run finished; its content is held against the
    manifest's items when it is read.

    Raises:
        EvidenceError: Naming the log that was changed, or that is gone.
    """
    seals: Mapping[str, str] = manifest.incidental.get(_FIELD, {})
    there = {log.name: log for log in logs}
    for name, expected in sorted(seals.items()):
        if name not in there:
            raise EvidenceError(
                f"the log {name} is gone that this run's protocol names; restore it"
            )
        if sha256(there[name]) != expected:
            raise EvidenceError(
                f"the log {name} was changed after the run: its SHA-256 is not the one in "
                "protocol.json; restore it, or move it away and run again"
            )


def seal_evidence(manifest: Manifest, evidence: Path) -> Manifest:
    """Return the manifest with the hash of evidence that no log of the run can make again."""
    return manifest.model_copy(
        update={"incidental": {**manifest.incidental, _EVIDENCE: sha256(evidence)}}
    )


def is_evidence_sealed(manifest: Manifest) -> bool:
    """Whether the run's evidence was brought, and is itself the source of truth."""
    return _EVIDENCE in manifest.incidental


def check_evidence(manifest: Manifest, evidence: Path) -> None:
    """Refuse evidence that was brought and is not what was written then.

    Raises:
        EvidenceError: If it is gone or was changed.
    """
    if not is_evidence_sealed(manifest):
        return
    if not evidence.is_file():
        raise EvidenceError(f"{evidence} is gone; bring the scores again with the same command")
    if sha256(evidence) != manifest.incidental[_EVIDENCE]:
        raise EvidenceError(
            f"{evidence} was changed after it was written: its SHA-256 is not the one in "
            "protocol.json; bring the scores again with the same command"
        )


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
