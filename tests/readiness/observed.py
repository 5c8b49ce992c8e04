"""Evidence of an office, written row by row."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from worktrial.evidence import Evidence, Observation, write_evidence
from worktrial.protocol import Measurement, Scorer

Row = tuple[str, str, str, str, int, str, float | None]
"""Worker, arm, item, kind, replicate, metric, value."""


def observation(row: Row) -> Observation:
    worker, arm, item, kind, replicate, metric, value = row
    return Observation(
        trial="office", worker=worker, item=item, cluster=item, stratum=kind, arm=arm,
        replicate=replicate, step=0, operation="family", kind=kind,
        outcome="infrastructure" if value is None else "ok", metric=metric, value=value,
        log=f"{arm}.eval", sample=f"{item}-{replicate}",
    )  # fmt: skip


def rows(
    worker: str, arm: str, metric: str, values: Mapping[str, float | None], *, replicate: int = 1
) -> Iterable[Row]:
    """A metric of some items; the kind is the item's name before the dash."""
    for item, value in values.items():
        yield worker, arm, item, item.partition("-")[0], replicate, metric, value


def written(path: Path, all_rows: Iterable[Row]) -> Evidence:
    """A table of these rows."""
    write_evidence(path / "evidence.parquet", map(observation, all_rows))
    return Evidence(path / "evidence.parquet", trial="office")


def measurement(*arms: str) -> Measurement:
    return Measurement(
        task_version=1,
        seed=7,
        course={"tasks": 4},
        items={"task-0": "0" * 64},
        arms=dict.fromkeys(arms, "0" * 64),
        primary=arms[0],
        replicates=1,
        stop={"calls": 20},
        scorer=Scorer(version="1", sha256="0" * 64),
    )
