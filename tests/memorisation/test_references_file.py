"""What other models answered, out of a user's file."""

from pathlib import Path

import numpy as np
import pytest

from worktrial.errors import ConfigError
from worktrial.memorisation.references import References, read_references

ROWS = """\
{"model": "a", "item": "q1", "correct": true}
{"model": "a", "item": "c1", "correct": 0}

{"model": "b", "item": "q1", "correct": 0, "role": "fresh"}
{"model": "b", "item": "q2", "correct": 1}
"""


def test_rows_become_one_character_an_answer_and_back(tmp_path: Path) -> None:
    path = tmp_path / "references.jsonl"
    path.write_text(ROWS)
    found = read_references(path, controls={"c1"})
    assert found.items == {"published": ("q1", "q2"), "fresh": ("c1", "q1")}
    assert found.models["a"] == {"published": "1-", "fresh": "0-"}
    again = References.from_settings(found.settings())
    assert again is not None
    np.testing.assert_array_equal(again.answers("published"), [[1, np.nan], [np.nan, 1]])
    assert References.from_settings("a hash") is None


def test_csv_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "references.csv"
    path.write_text("model,item,correct,role\na,q1,1,\na,c1,0,fresh\n")
    assert read_references(path).models == {"a": {"published": "1", "fresh": "0"}}


@pytest.mark.parametrize(
    "row",
    [
        '{"model": "a", "correct": 1}',
        '{"model": "a", "item": "q", "correct": "perhaps"}',
        '{"model": "a", "item": "q", "correct": 1, "role": "oracle"}',
        "not json",
        "[" * 100_000,
    ],
)
def test_a_row_that_is_none_is_named(tmp_path: Path, row: str) -> None:
    path = tmp_path / "references.jsonl"
    path.write_text(f"{ROWS}{row}\n")
    with pytest.raises(ConfigError, match=r"references.*row 5"):
        read_references(path)


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="`--references` must be"):
        read_references(tmp_path / "nothing.jsonl")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="`--references` must be"):
        read_references(tmp_path / "binary.csv")
