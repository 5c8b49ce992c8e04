"""Inspect's own viewer beside the report: the run's finished logs, and a link to each sample."""

import re
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from worktrial.evidence import RunFolder
from worktrial.protocol import Manifest
from worktrial.running.extraction import logs_of

_UNADDRESSED = re.compile("[\n\r\u2028\u2029\ud800-\udfff]")
"""Inspect 0.3.285's viewer finds no id that has a line break; a lone surrogate is no text."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """The viewer that lies beside a report.

    Attributes:
        logs: The names of the logs that it holds.
    """

    logs: frozenset[str]

    def href(self, log: str, sample: str, replicate: int) -> str | None:
        """The address of a sample in the viewer, relative to the report.

        Args:
            log: The name of its log, with or without a folder.
            sample: Its id there.
            replicate: Its epoch, from 1.

        Returns:
            A reference of ASCII letters, digits and `-._~/%#` alone; `None` where the viewer does
            not hold the log or cannot find the id.
        """
        name = PurePosixPath(log).name
        if name not in self.logs or _UNADDRESSED.search(sample):
            return None
        at = "/".join(quote(part, safe="") for part in (sample, str(replicate)))
        return f"viewer/index.html#/logs/{quote(name, safe='')}/samples/sample/{at}"


def bundle(folder: RunFolder) -> Viewer:
    """Put Inspect's viewer of a run's finished logs into its folder, in place of an earlier one.

    It is there as a whole or as it was before.

    Raises:
        EvidenceError: If the protocol or a log cannot be read.
    """
    of_trials = logs_of(folder, Manifest.read(folder.protocol)).values()
    logs = [part for logs in of_trials for log in logs for part in log.parts]
    partial = folder.path / ".viewer.partial"
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir()
        _bundled(logs, partial / "viewer")
        _replaced(folder.viewer, partial)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Viewer(frozenset(path.name for path in logs))


def size_bytes(folder: Path) -> int:
    """How much all files of a folder hold together."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _bundled(logs: Iterable[Path], target: Path) -> None:
    """Bundle these logs alone: Inspect takes all of a folder, and notes in the bundle where it was.

    It says on stdout, where results belong, what it does.
    """
    from inspect_ai.log import bundle_log_dir

    with tempfile.TemporaryDirectory() as chosen, redirect_stdout(StringIO()):
        for path in logs:
            shutil.copy2(path, chosen)
        bundle_log_dir(chosen, str(target))


def _replaced(viewer: Path, partial: Path) -> None:
    """Move the new viewer to its place, and the earlier one to where it is thrown away."""
    earlier = partial / "earlier"
    if viewer.exists():
        viewer.replace(earlier)
    try:
        (partial / "viewer").replace(viewer)
    except OSError:
        if earlier.exists():
            earlier.replace(viewer)
        raise
