"""Registering a run: what it will decide is written into its folder before the first call."""

import os
from datetime import UTC, datetime
from pathlib import Path

import worktrial
from worktrial.errors import ConfigError
from worktrial.evidence import RunFolder
from worktrial.protocol.declared import read_declared
from worktrial.protocol.registration import FILE, Declaration, Registration


def register(file: Path, out: Path) -> Registration:
    """Fix what a run will decide; the same file again changes nothing.

    Args:
        file: A declaration, in YAML.
        out: The run's folder, made if it is not there.

    Returns:
        The registration, as it stands in the folder.

    Raises:
        ConfigError: If the declaration is not one, the folder holds another one, or the run has
            begun.
        EvidenceError: If the folder's registration was changed by hand.
    """
    declaration = read_declared(file, Declaration, name="FILE")
    earlier = Registration.read(out)
    if earlier is not None:
        return _same(earlier, declaration, out)
    folder = RunFolder(out)
    if _begun(folder):
        raise ConfigError(
            f"`--out` {out} holds a run that has begun; a registration comes before its first "
            "call: take another folder"
        )
    folder.writable()
    _write_once(out / FILE, _now(declaration))
    registration = Registration.read(out)
    if registration is None:
        raise ConfigError(f"`--out` {out} does not keep what is written into it")
    return registration


def _same(earlier: Registration, declaration: Declaration, out: Path) -> Registration:
    if earlier.sha256 != declaration.sha256:
        raise ConfigError(
            f"`--out` {out} is registered as {earlier.sha256[:12]}…, and FILE is "
            f"{declaration.sha256[:12]}…; a registration is never replaced: take another folder"
        )
    return earlier


def _begun(folder: RunFolder) -> bool:
    places = (folder.logs, folder.generations)
    if any(place.is_dir() and any(place.iterdir()) for place in places):
        return True
    return folder.protocol.exists() or folder.evidence.exists() or folder.findings.exists()


def _now(declaration: Declaration) -> Registration:
    moment = datetime.now(UTC).replace(microsecond=0)
    return Registration(declaration=declaration, registered=moment, worktrial=worktrial.__version__)


def _write_once(path: Path, registration: Registration) -> None:
    """Write a file that is not there yet; of two that try at once, one is refused."""
    try:
        with path.open("x", encoding="utf-8", newline="") as out:
            out.write(registration.text())
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError:
        raise ConfigError(f"`--out` {path.parent} was registered just now; look at it") from None
