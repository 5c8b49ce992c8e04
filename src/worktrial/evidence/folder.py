"""The run folder: where a run's logs are, and what is made of them."""

import os
from dataclasses import dataclass
from pathlib import Path

from worktrial.errors import ConfigError, EvidenceError


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Paths of one run.

    ```
    logs/*.eval  evidence.parquet  protocol.json  findings.json  report.html  viewer/  remarks.txt
    labels/  spent/
    ```
    """

    path: Path

    @property
    def logs(self) -> Path:
        """Inspect's logs: the source of truth."""
        return self.path / "logs"

    @property
    def generations(self) -> Path:
        """Finished generations of a run that is still going on."""
        return self.path / "generations"

    @property
    def shards(self) -> Path:
        """Where parts of a run that is still going on write their logs."""
        return self.path / "shards"

    @property
    def spent(self) -> Path:
        """What every call of a model used, whichever command made it."""
        return self.path / "spent"

    @property
    def evidence(self) -> Path:
        """The table of observations."""
        return self.path / "evidence.parquet"

    @property
    def protocol(self) -> Path:
        """What two runs must share to be compared."""
        return self.path / "protocol.json"

    @property
    def findings(self) -> Path:
        """Estimates and claims."""
        return self.path / "findings.json"

    @property
    def report(self) -> Path:
        """The page to read."""
        return self.path / "report.html"

    @property
    def remarks(self) -> Path:
        """What was said of the items before the first call, where there was anything to say."""
        return self.path / "remarks.txt"

    @property
    def viewer(self) -> Path:
        """Inspect's own viewer of the finished logs, where it was asked for."""
        return self.path / "viewer"

    def writable(self) -> "RunFolder":
        """Make the folder, or say in one line why it cannot be written.

        Raises:
            ConfigError: If it cannot be written.
        """
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            probe = self.path / ".writable"
            probe.write_bytes(b"worktrial")
            probe.unlink()
        except OSError as error:
            raise ConfigError(
                f"`--out` must be a folder that can be written; {self.path}: {error.strerror}"
            ) from None
        return self

    def existing(self) -> "RunFolder":
        """The folder of a run that is there.

        Raises:
            EvidenceError: If it holds no run.
        """
        if not self.protocol.is_file():
            raise EvidenceError(f"{self.path} is not a run folder: it has no protocol.json")
        return self


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that it is either there as a whole or as it was before."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as out:
            out.write(content if isinstance(content, bytes) else content.encode(errors="replace"))
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
