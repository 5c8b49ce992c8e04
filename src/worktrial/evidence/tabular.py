"""Tables that a user brings: CSV or Parquet, read with limits and nothing guessed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from worktrial.errors import ConfigError

_PATTERN = "*?[]{}"


def read_rows(path: Path, *, most: int) -> tuple[list[str], Iterator[Sequence[Any]]]:
    """Read a table's columns, in small letters, and its rows.

    Args:
        path: A `.parquet` file, or CSV with a head; the values of CSV stay texts.
        most: Rows that it may have.

    Raises:
        ConfigError: If it cannot be read as a table, or has more rows.
    """
    if set(path.name) & set(_PATTERN) or set(str(path.parent)) & set(_PATTERN):
        raise ConfigError(f"{path} must have none of {_PATTERN} in its name; rename it")
    parquet = path.suffix.lower() == ".parquet"
    source = "read_parquet(?)" if parquet else "read_csv(?, header = true, all_varchar = true)"
    try:
        found = duckdb.connect(config={"threads": 1}).execute(
            f"select * from {source} limit {most + 1}",  # noqa: S608
            [str(path)],
        )
        rows = found.fetchall()
    except duckdb.Error as error:
        reason = " ".join(str(error).split())[:200]
        raise ConfigError(f"{path} cannot be read as a table: {reason}") from None
    if len(rows) > most:
        raise ConfigError(f"{path} must have at most {most:,} rows; average its replicates")
    columns = [str(column[0]).strip().lower() for column in found.description or ()]
    return columns, iter(rows)
