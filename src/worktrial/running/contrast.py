"""A run made of scores that were brought: evidence and protocol, written together and sealed."""

import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version

import worktrial
from worktrial.contrast import protocol
from worktrial.contrast.arms import ARMS, TRIAL
from worktrial.contrast.check import check
from worktrial.contrast.extract import of_arms
from worktrial.contrast.protocol import Known
from worktrial.contrast.reading import Brought
from worktrial.contrast.rows import notes
from worktrial.errors import ConfigError
from worktrial.evidence import RunFolder, write_evidence
from worktrial.evidence.folder import write_whole
from worktrial.protocol import Manifest, Worker
from worktrial.protocol.seal import seal_evidence
from worktrial.trial import Contrast

COURSE = "as brought"
_SEED = 7


def bring(brought: Brought, asked: Contrast, folder: RunFolder, *, seed: int = _SEED) -> Manifest:
    """Write the evidence and the protocol of a contrast whose scores were brought.

    Args:
        brought: The scores, checked.
        asked: What was asked for.
        folder: Of the run; one that holds a run of logs, or of another kind, is left as it is.
        seed: Of all that is drawn.

    Raises:
        ConfigError: If the folder holds another kind of run, or cannot be written.
    """
    _check_free(folder)
    folder.writable()
    write_evidence(folder.evidence, of_arms(brought.arms))
    manifest = seal_evidence(_manifest(brought, asked, seed), folder.evidence)
    write_whole(folder.protocol, manifest.text())
    return manifest


def said_of(brought: Brought) -> Iterator[str]:
    """What a person should know of what was read, a line each."""
    if brought.unused:
        yield f"columns that are not used: {', '.join(brought.unused)}"
    yield from notes(brought.arms, paired=brought.paired, named=brought.pair != "none")


def said_of_items(items: Sequence[Known]) -> Iterator[str]:
    """What a person who pays should know of the items of two tasks, a line each."""
    names = {arm: {item.name for item in items if item.arm == arm} for arm in ARMS}
    counts = " and ".join(f"{len(of):,} {arm}" for arm, of in names.items())
    same = len(set.intersection(*names.values()))
    yield f"{counts} items; {same:,} ids are under both arms"


def _check_free(folder: RunFolder) -> None:
    """Leave alone what another command has made there."""
    if not folder.protocol.exists():
        return
    there = Manifest.read(folder.protocol)
    if set(there.measurement) != {TRIAL} or any(folder.logs.glob("*.eval")):
        raise ConfigError(
            f"`--out` {folder.path} holds a run of {', '.join(there.measurement)}; take another "
            "folder"
        )


def _manifest(brought: Brought, asked: Contrast, seed: int) -> Manifest:
    rows = [row for arm in ARMS for row in brought.arms[arm]]
    facts = {"scorer_keys": list(asked.scorer_keys), "source": brought.source}
    known = protocol.known_items(brought.arms)
    measured = protocol.measurement(
        known,
        names=brought.names,
        seed=seed,
        replicates=max(row.replicate for row in rows),
        pair=brought.pair,
        paired=brought.paired,
        facts=facts,
    )
    return Manifest(
        measurement={TRIAL: measured},
        worker={name: Worker() for name in sorted({row.worker for row in rows})},
        incidental={
            "course": COURSE,
            "instrument": {TRIAL: check(known)},
            "checklist": {TRIAL: protocol.checklist(brought=True)},
            "machine": platform.machine(),
            "python": platform.python_version(),
            "versions": {"worktrial": worktrial.__version__, "inspect-ai": version("inspect-ai")},
        },
    )
