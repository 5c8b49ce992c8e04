"""What was measured at a checkpoint: a small table a step, in its run's folder."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from worktrial.errors import EvidenceError

_FOLDER = "measured"


class Row(NamedTuple):
    """One metric of one item.

    Attributes:
        item: What was asked.
        stratum: The set or the family that it is of.
        metric: What was measured.
        value: In [0, 1].
    """

    item: str
    stratum: str
    metric: str
    value: float


def keep(folder: Path, step: int, rows: Sequence[Row]) -> None:
    """Write a step's rows; the file appears only when it is whole."""
    path = folder / _FOLDER / f"{step:06}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = list(zip(*rows, strict=True))
    partial = path.with_suffix(".partial")
    pq.write_table(pa.table(dict(zip(Row._fields, map(list, columns), strict=True))), partial)
    partial.replace(path)


def kept(folder: Path) -> Iterator[tuple[int, list[Row]]]:
    """Every step of a run with its rows, in order.

    Raises:
        EvidenceError: If a table is damaged.
    """
    for path in sorted((folder / _FOLDER).glob("*.parquet")):
        try:
            columns = pq.read_table(path).to_pydict()
        except (OSError, pa.ArrowException) as error:
            raise EvidenceError(f"{path} is no table of a checkpoint: {error}") from None
        yield int(path.stem), [Row(*row) for row in zip(*columns.values(), strict=True)]
