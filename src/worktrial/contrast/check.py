"""The instrument: planted workers on the run's own items, from rows to the panel."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from worktrial.contrast.arms import ARMS
from worktrial.contrast.extract import of_arms
from worktrial.contrast.panel import cells_of
from worktrial.contrast.protocol import Known
from worktrial.contrast.rows import Scored
from worktrial.evidence import Evidence, write_evidence

ORACLE, NULL = "oracle", "null"
_PLANTED = {ORACLE: 1.0, NULL: 0.0}


def check(items: Sequence[Known]) -> dict[str, Mapping[str, float]]:
    """What is read of who is right everywhere, and of who is wrong everywhere.

    Args:
        items: Of both arms.

    Returns:
        By arm, the lowest score of a cluster for the oracle and the highest for the null worker.
    """
    names = [{item.name for item in items if item.arm == arm} for arm in ARMS]
    paired = bool(set.intersection(*names))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "planted.parquet"
        write_evidence(path, of_arms({arm: _planted(items, arm) for arm in ARMS}))
        evidence = Evidence(path)
        found = {worker: cells_of(evidence, worker, paired=paired) for worker in _PLANTED}
    return {
        arm: {ORACLE: _end(found[ORACLE], arm, min), NULL: _end(found[NULL], arm, max)}
        for arm in ARMS
    }


def _planted(items: Sequence[Known], arm: str) -> list[Scored]:
    return [
        Scored(worker, item.name, score, cluster=item.cluster)
        for worker, score in _PLANTED.items()
        for item in items
        if item.arm == arm
    ]


def _end(
    cells: Mapping[tuple[str, str], float], arm: str, end: Callable[[Iterable[float]], float]
) -> float:
    return end(value for (_, under), value in cells.items() if under == arm)
