"""Labels as users bring them, and what of them is of a run's jobs."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contrast.brought import table
from worktrial.acceptance import Label, read_labels
from worktrial.errors import ConfigError

HEAD = ("worker", "item", "accepted")


def test_words_of_people_are_read_and_a_blank_is_missing(tmp_path: Path) -> None:
    rows = [("a", "1", "Yes", "5"), ("a", "2", "n", ""), ("b", "1", "", ""), ("b", "2", "0", "0")]
    path = table(tmp_path / "l.csv", rows, ("worker", "job", "accepted", "minutes"))
    assert read_labels(path) == (
        Label("a", "1", True, 5.0),
        Label("a", "2", False),
        Label("b", "1", None),
        Label("b", "2", False, 0.0),
    )


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "l.parquet"
    columns = {"worker": ["a", "a"], "item": ["x", "x"], "accepted": [True, False]}
    pq.write_table(pa.table({**columns, "replicate": [1, 2]}), path)
    assert read_labels(path) == (
        Label("a", "x", True, replicate=1),
        Label("a", "x", False, replicate=2),
    )


@pytest.mark.parametrize(
    ("columns", "rows", "says"),
    [
        (("worker", "item"), [("a", "1")], "must have the columns worker, item, accepted"),
        ((*HEAD, "minuts"), [("a", "1", "yes", 3)], "and may have minutes, trial, replicate"),
        (HEAD, [("a", "1", "maybe")], "row 1: `accepted` must be yes or no.*got 'maybe'"),
        (HEAD, [("a", "1", "yes"), ("a", "1", "no")], "row 2: a job must stand once"),
        (HEAD, [("", "1", "yes")], "row 1: `worker` must not be blank"),
        ((*HEAD, "minutes"), [("a", "1", "yes", -3)], "`minutes` must be a number from 0"),
        ((*HEAD, "minutes"), [("a", "1", "yes", "inf")], "`minutes` must be a number from 0"),
        ((*HEAD, "replicate"), [("a", "1", "yes", 0)], "`replicate` must be a whole number"),
        (
            (*HEAD, "replicate"),
            [("a", "1", "yes", ""), ("a", "1", "yes", 1)],
            "row 2: a job must stand once",
        ),
        (HEAD, [], "holds no label"),
    ],
)
def test_what_is_wrong_is_one_clear_line(
    tmp_path: Path, columns: tuple[str, ...], rows: list[tuple[object, ...]], says: str
) -> None:
    with pytest.raises(ConfigError, match=says) as raised:
        read_labels(table(tmp_path / "l.csv", rows, columns))
    assert "\n" not in str(raised.value)
