"""Rows of what is audited, wherever it lies: a file, an Inspect task, a hub's data set.

Rows come one at a time; a row that cannot be read is a row that says so, never an end.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from worktrial.errors import ConfigError

LONGEST_ROW = 8_000_000
"""Bytes of a line, characters of a cell: more is no item, and could fill the memory."""
_HEAD = 200
"""How many lines say which columns there are."""
_BATCH = 1024
_CONFIG_AND_SPLIT = 2

NOT_OBJECT = "not-an-object"
NOT_UTF8 = "not-utf-8"
NOT_JSON = "not-json"
TOO_LONG = "row-too-long"
CELLS = "cells"


@dataclass(frozen=True)
class Row:
    """One row: its number from 1, and its cells or what is wrong with it."""

    number: int
    cells: Mapping[str, object] = field(default_factory=dict)
    wrong: str = ""


@dataclass(frozen=True)
class Table:
    """What is read.

    Attributes:
        name: How a person knows it.
        columns: Their names, as far as the first rows show them.
        rows: All rows; of a file of columns only those that are asked for.
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Sequence[str]], Iterator[Row]]


def open_table(source: str) -> Table:
    """What a person named, as a table.

    Args:
        source: A file; else `package/task`, a task that Inspect knows; else `owner/name`, a hub's
            data set, with `:config` and `:split` if need be.

    Raises:
        ConfigError: If there is no such thing, or it cannot be read.
    """
    path = Path(source)
    if path.is_file():
        return _file(path)
    if source.count("/") != 1 or path.suffix in _READERS or not all(source.split("/")):
        raise ConfigError(
            "ITEMS, or `--controls`, must be a JSONL, CSV or Parquet file, an Inspect task "
            f"`package/task` or a hub's data set `owner/name`; there is no file {source!r}"
        )
    return _task(source) or _hub(source)


def _file(path: Path) -> Table:
    try:
        return _READERS.get(path.suffix.lower(), _json)(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from error


def _json(path: Path) -> Table:
    """A JSON object a line, or one array of objects."""
    with path.open("rb") as file:
        array = file.read(_BATCH).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"["
    read: Callable[[Path], Iterator[Row]] = (
        _elements if array and path.suffix == ".json" else _lines
    )
    columns: dict[str, None] = {}
    for row in islice(read(path), _HEAD):
        columns.update(dict.fromkeys(row.cells))
    return Table(path.name, tuple(columns), lambda _: read(path))


def _lines(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_ROW):
            number += 1
            if len(line) == LONGEST_ROW and not line.endswith(b"\n"):
                _skip_line(file)
                yield Row(number, wrong=TOO_LONG)
            elif line.strip():
                yield _decoded(line, number)


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(LONGEST_ROW)) and not rest.endswith(b"\n"):
        pass


def _decoded(line: bytes, number: int) -> Row:
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Row(number, wrong=NOT_UTF8)
    except (ValueError, RecursionError):
        return Row(number, wrong=NOT_JSON)
    return Row(number, value) if isinstance(value, dict) else Row(number, wrong=NOT_OBJECT)


def _elements(path: Path) -> Iterator[Row]:
    import ijson

    with path.open("rb") as file:
        try:
            for number, value in enumerate(ijson.items(file, "item", use_float=True), 1):
                fits = isinstance(value, dict)
                yield Row(number, value) if fits else Row(number, wrong=NOT_OBJECT)
        except (ijson.JSONError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path.name} is no JSON array: {_line(error)}") from error


def _csv(path: Path) -> Table:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        header = file.readline(LONGEST_ROW)
    delimiter = max(",;\t|", key=header.count)
    columns = tuple(name.strip() for name in next(csv.reader([header], delimiter=delimiter), []))
    return Table(path.name, columns, lambda _: _records(path, columns, delimiter))


def _records(path: Path, columns: Sequence[str], delimiter: str) -> Iterator[Row]:
    before = csv.field_size_limit(LONGEST_ROW)
    number = 0
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            for number, cells in enumerate(csv.reader(file, delimiter=delimiter)):
                if number and cells:
                    yield _record(number, columns, cells)
    except csv.Error as error:
        raise ConfigError(
            f"{path.name}, row {number + 1}: {error}; close its quotes, or shorten the cell"
        ) from error
    finally:
        csv.field_size_limit(before)


def _record(number: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) > len(columns):
        return Row(number, wrong=CELLS)
    return Row(number, dict(zip(columns, cells, strict=False)))


def _parquet(path: Path) -> Table:
    import pyarrow
    import pyarrow.parquet

    try:
        columns = tuple(pyarrow.parquet.ParquetFile(path).schema_arrow.names)
    except pyarrow.ArrowException as error:
        raise ConfigError(f"{path.name} is no Parquet file: {_line(error)}") from error
    return Table(path.name, columns, lambda wanted: _batches(path, wanted))


def _batches(path: Path, wanted: Sequence[str]) -> Iterator[Row]:
    import pyarrow.parquet

    number = 0
    with pyarrow.parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH, columns=list(wanted)):
            for cells in batch.to_pylist():
                number += 1
                yield Row(number, cells)


_READERS: Mapping[str, Callable[[Path], Table]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".parquet": _parquet,
    ".jsonl": _json,
    ".ndjson": _json,
    ".json": _json,
}


def _task(name: str) -> Table | None:
    """The data set of a task that Inspect knows; `None` if it knows none of this name."""
    from inspect_ai import Task
    from inspect_ai.util import registry_create

    try:
        task = registry_create("task", name)
    except LookupError:
        return None
    except Exception as error:  # The task's own code, which may fail in any way.
        raise ConfigError(f"the Inspect task {name} cannot be made: {_line(error)}") from error
    if not isinstance(task, Task):
        raise ConfigError(f"{name} must be an Inspect task, got {type(task).__name__}")
    columns = ("id", "input", "target", "choices")
    return Table(
        name, columns, lambda _: map(_sampled, range(1, len(task.dataset) + 1), task.dataset)
    )


def _sampled(number: int, sample: Any) -> Row:
    """A sample as a row: the text, or the last of the user's messages."""
    asked = sample.input
    if not isinstance(asked, str):
        asked = next((m.text for m in reversed(asked) if m.role == "user"), None)
    cells = {"id": sample.id, "input": asked, "target": sample.target, "choices": sample.choices}
    return Row(number, cells)


def _hub(source: str) -> Table:
    """A data set of a hub, by Inspect's reader."""
    if find_spec("datasets") is None:
        raise ConfigError(
            f"{source!r} is no file and no Inspect task; to read it from a hub, "
            "pip install datasets, or give a JSONL, CSV or Parquet file"
        )
    name, *rest = source.split(":", 2)
    split = rest[-1] if len(rest) == _CONFIG_AND_SPLIT else "test"
    return _downloaded(name, rest[0] or None if rest else None, split)


def _downloaded(name: str, config: str | None, split: str) -> Table:
    from inspect_ai.dataset import Sample, hf_dataset

    try:
        found = hf_dataset(
            name, split, config, sample_fields=lambda row: Sample(input="-", metadata={"row": row})
        )
    except Exception as error:  # Network, hub and data set fail in their own ways.
        raise ConfigError(
            f"the hub's data set {name!r}, split {split!r}, cannot be read: {_line(error)}; "
            "name it owner/name:config:split, or give a file"
        ) from error
    rows = [Row(n, (sample.metadata or {})["row"]) for n, sample in enumerate(found, 1)]
    return Table(name, tuple(rows[0].cells) if rows else (), lambda _: iter(rows))


def _line(error: Exception) -> str:
    """The first words of what went wrong, on one line."""
    return " ".join(str(error).split())[:200]
