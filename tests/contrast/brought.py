"""Tables of scores, brought into a run's folder."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from worktrial.contrast.reading import read_brought
from worktrial.evidence import RunFolder
from worktrial.evidence.findings import Findings
from worktrial.report import publish
from worktrial.running.contrast import bring
from worktrial.trial import Contrast

COLUMNS = ("worker", "item", "arm", "score")


def table(path: Path, rows: Iterable[Sequence[object]], columns: Sequence[str] = COLUMNS) -> Path:
    """A CSV."""
    lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def findings(path: Path, **more: object) -> Findings:
    """What is found of a table, in a folder beside it."""
    asked = Contrast(str(path), **more)
    folder = RunFolder(path.parent / "run")
    bring(read_brought(asked), asked, folder)
    return publish(folder)
