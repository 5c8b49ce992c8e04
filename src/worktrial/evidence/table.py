"""The evidence table: Parquet on disk, read with DuckDB."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from worktrial.errors import EvidenceError
from worktrial.evidence.observation import SCHEMA, Observation

_BATCH = 20_000


def write_evidence(path: Path, observations: Iterable[Observation]) -> int:
    """Write observations in bounded memory; the file appears only when it is whole.

    Returns:
        How many rows were written.
    """
    partial = path.with_suffix(".partial")
    rows = 0
    with pq.ParquetWriter(partial, SCHEMA, compression="zstd") as writer:
        for batch in _batches(iter(observations)):
            columns = [list(column) for column in zip(*batch, strict=True)]
            arrays = [pa.array(c, type=f.type) for c, f in zip(columns, SCHEMA, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=SCHEMA))
            rows += len(batch)
    partial.replace(path)
    return rows


def count_rows(path: Path) -> int:
    """How many observations a table has."""
    return int(pq.ParquetFile(path).metadata.num_rows)


def _batches(observations: Iterator[Observation]) -> Iterator[list[Observation]]:
    while batch := list(islice(observations, _BATCH)):
        yield batch


class Curves(NamedTuple):
    """A metric over items and steps, shape (items, steps); NaN where there is no value."""

    values: NDArray[np.float64]
    items: list[str]
    strata: list[str]
    steps: list[int]


class Evidence:
    """Read access to one run's observations."""

    def __init__(
        self,
        path: Path,
        *,
        trial: str | None = None,
        arm: str | None = None,
        replicate: int | None = None,
        database: duckdb.DuckDBPyConnection | None = None,
    ) -> None:
        """Open the table, or the part of it that is of one trial, or was measured under one arm.

        Args:
            path: The Parquet file.
            trial: Of which trial, or of all.
            arm: Under which arm, or under all.
            replicate: Which repetition, or all.
            database: One that is shared: to start it takes longer than to ask it.
        """
        if not path.is_file():
            raise EvidenceError(
                f"no evidence at {path}; make it with: worktrial report {path.parent}"
            )
        self._path, self._trial, self._arm = path, trial, arm
        self._db = database.cursor() if database else _started()
        table = f"read_parquet({_quoted(str(path))})"
        wanted = {"trial": trial, "arm": arm}
        parts = [f"{n} = {_quoted(v)}" for n, v in wanted.items() if v is not None]
        parts += [f"replicate = {replicate:d}"] if replicate is not None else []
        chosen = f"select * from {table} where {' and '.join(parts) or 'true'}"  # noqa: S608
        try:
            self._db.execute(f"create temp view evidence as {chosen}")
        except duckdb.Error as error:
            raise EvidenceError(f"{path} is not a table of evidence: {error}") from None

    def of(self, trial: str) -> "Evidence":
        """The observations of one trial."""
        return Evidence(self._path, trial=trial, database=self._db)

    def under(self, arm: str) -> "Evidence":
        """The observations of one arm."""
        return Evidence(self._path, trial=self._trial, arm=arm, database=self._db)

    def repetition(self, replicate: int) -> "Evidence":
        """The observations of one replicate."""
        return Evidence(
            self._path, trial=self._trial, arm=self._arm, replicate=replicate, database=self._db
        )

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run SQL over the view `evidence`."""
        return self._db.execute(sql, list(parameters)).fetchall()

    def frame(self) -> pa.Table:
        """The whole table, for a data frame of one's choice."""
        return self._db.sql("select * from evidence").to_arrow_table()

    def workers(self) -> list[str]:
        """Everyone on trial, in order of name."""
        return [row[0] for row in self.query("select distinct worker from evidence order by 1")]

    def of_items(self, worker: str, metric: str) -> dict[str, float]:
        """A metric of whole items, replicates averaged, of those that have a value."""
        rows = self.query(
            "select item, avg(value) from evidence where worker = ? and metric = ? and step = 0 "
            "and value is not null group by item",
            [worker, metric],
        )
        return dict(rows)

    def by_item(self, worker: str, metric: str, items: Sequence[str]) -> NDArray[np.float64]:
        """The same in the order of some items; shape (items,), NaN where there is none."""
        found = self.of_items(worker, metric)
        return np.array([found.get(item, np.nan) for item in items], dtype=np.float64)

    def curves(self, worker: str, metric: str) -> Curves:
        """A metric by item and step, replicates averaged."""
        rows = self.query(
            "select item, any_value(stratum), step, avg(value) from evidence "
            "where worker = ? and metric = ? group by item, step order by item, step",
            [worker, metric],
        )
        items = {item: stratum for item, stratum, _, _ in rows}
        steps = sorted({step for _, _, step, _ in rows})
        values = np.full((len(items), len(steps)), np.nan)
        row_of, column_of = ({k: i for i, k in enumerate(keys)} for keys in (items, steps))
        for item, _, step, value in rows:
            values[row_of[item], column_of[step]] = np.nan if value is None else value
        return Curves(values, list(items), list(items.values()), steps)


def _started() -> duckdb.DuckDBPyConnection:
    """On one thread: sums are added up in one order, and what is small is read faster."""
    return duckdb.connect(config={"threads": 1})


def _quoted(text: str) -> str:
    """A literal of SQL; views take no parameters."""
    return "'" + text.replace("'", "''") + "'"
