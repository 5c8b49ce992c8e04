"""`--export`: findings written as the endings of files say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from worktrial.errors import ConfigError
from worktrial.evidence import RunFolder
from worktrial.evidence.findings import Findings
from worktrial.evidence.folder import write_whole
from worktrial.gate import claims_report, junit
from worktrial.report.exports import EXPORTS


def _test_cases(findings: Findings) -> bytes:
    return junit(claims_report(findings), "worktrial.claims").encode(errors="replace")


_FORMATS: Mapping[str, Callable[[Findings], bytes]] = {**EXPORTS, ".xml": _test_cases}
"""All that a report writes, and the claims as a gate does."""
_OWN = (".json", ".parquet")
"""How files end of which a run itself consists."""


def check_exports(paths: Sequence[Path], folder: RunFolder) -> None:
    """Refuse what cannot be written, before anything is.

    Args:
        paths: Where exports shall go.
        folder: Of the run.

    Raises:
        ConfigError: If an ending says no format, a folder is not there, or a file of the run would
            be written over.
    """
    for path in paths:
        ending = path.suffix.lower()
        if ending not in _FORMATS:
            raise ConfigError(
                f"`--export` must end in {', '.join(_FORMATS)}, which says the format; got {path}; "
                "for a summary write report.md"
            )
        if not _has_place(path):
            raise ConfigError(
                f"`--export` must be a file in a folder that is there; got {path}; make the folder "
                "first, or name another"
            )
        if ending in _OWN and path.resolve().is_relative_to(folder.path.resolve()):
            raise ConfigError(
                f"`--export` of {ending} must lie outside the run, whose own files end so; got "
                f"{path}; name another folder"
            )


def _has_place(path: Path) -> bool:
    try:
        return path.parent.is_dir() and not path.is_dir()
    except OSError:  # a name that is too long, a folder that may not be entered
        return False


def write_exports(paths: Sequence[Path], folder: RunFolder) -> None:
    """Write every export that can be written, from `findings.json`.

    Args:
        paths: Where exports shall go.
        folder: Of the run.

    Raises:
        ConfigError: If one cannot be written; the others are.
        EvidenceError: If the findings cannot be read.
    """
    if not paths:
        return
    findings = Findings.read(folder.findings)
    failed = list(_failed(paths, findings))
    if failed:
        raise ConfigError(f"`--export` {'; '.join(failed)}; the report itself is written")


def _failed(paths: Sequence[Path], findings: Findings) -> Iterator[str]:
    for path in paths:
        try:
            write_whole(path, _FORMATS[path.suffix.lower()](findings))
        except OSError as error:
            yield f"{path} cannot be written: {error.strerror}"
