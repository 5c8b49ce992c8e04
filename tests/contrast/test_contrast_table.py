"""Tables of scores: what is read, and what is one line."""

from pathlib import Path

import duckdb
import pytest

from contrast.brought import COLUMNS, table
from worktrial.contrast.reading import read_brought
from worktrial.contrast.rows import notes
from worktrial.errors import ConfigError
from worktrial.trial import Contrast

GOOD = [
    ("w", "i", "proxy", 1), ("w", "i", "work", 0), ("v", "i", "proxy", 0.5), ("v", "i", "work", 1),
]  # fmt: skip


def refused(path: Path, **more: object) -> str:
    with pytest.raises(ConfigError) as error:
        read_brought(Contrast(str(path), **more))
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        (("w", "i", "proxy", 1), "w, i, proxy, replicate 1 stands 2 times"),
        (("w", "j", "proxi", 1), "row 5: `arm` must be proxy or work; got 'proxi'"),
        (("w", "j", "work", "good"), "row 5: `score` must be a finite number"),
        (("w", "j", "work", "inf"), "got 'inf'"),
        (("", "j", "work", 1), "row 5: `worker` must not be blank"),
        (("w", "j", "proxy", 87), "those of v are parts of 1 and those of w reach 87"),
    ],
)
def test_what_is_wrong_with_a_row_is_one_line(
    tmp_path: Path, extra: tuple[object, ...], says: str
) -> None:
    assert says in refused(table(tmp_path / "s.csv", [*GOOD, extra]))


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (("model", "item", "arm", "score"), "it lacks worker and has model, item, arm, score"),
        (("worker", "item", "arm", "score", "clutser"), "a column 'clutser'; write 'cluster'"),
    ],
)
def test_a_wrong_column_is_one_line(tmp_path: Path, columns: tuple[str, ...], says: str) -> None:
    rows = [(*row, *["x"] * (len(columns) - 4)) for row in GOOD]
    assert says in refused(table(tmp_path / "s.csv", rows, columns))


def test_an_item_in_two_clusters_is_one_line(tmp_path: Path) -> None:
    rows = [("w", "i", "proxy", 1, "a"), ("w", "i", "work", 1, "b")]
    says = refused(table(tmp_path / "s.csv", rows, (*COLUMNS, "cluster")))
    assert says == "an item must be in one cluster; i is in a and in b"


def test_an_empty_arm_and_no_common_worker_are_one_line(tmp_path: Path) -> None:
    lone = table(tmp_path / "a.csv", [("w", "i", "proxy", 1), ("w", "i", "work", "")])
    assert "the work arm must hold scores; it has 1 rows, none" in refused(lone)
    strangers = table(tmp_path / "b.csv", [("w", "i", "proxy", 1), ("v", "i", "work", 1)])
    assert "proxy has w; work has v" in refused(strangers)
    found = read_brought(Contrast(str(strangers), rename={"v": "w"}))
    assert {row.worker for row in found.arms["work"]} == {"w"}
    assert "names nobody; there are v, w" in refused(strangers, rename={"x": "w"})


@pytest.mark.parametrize("content", [b"", b"\x00\x01\xff\xfe", b"PAR1 no more"])
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_that_is_no_table_is_one_line(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"s{suffix}"
    path.write_bytes(content)
    assert str(path) in refused(path)


def test_options_that_are_for_samples_are_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "s.csv", GOOD)
    assert "`--cluster` team is for logs and exports" in refused(path, cluster="team")
    assert "`--scorer-key` acc" in refused(path, scorer_keys=("acc",))
    assert "must differ" in refused(path, proxy_name="x", work_name="x")


def test_parquet_and_other_names_of_arms_are_read_alike(tmp_path: Path) -> None:
    csv = table(tmp_path / "s.csv", [(w, i, f"{arm}-set", s) for w, i, arm, s in GOOD])
    parquet = tmp_path / "s.parquet"
    duckdb.sql(f"copy (from '{csv}') to '{parquet}'")
    names = {"proxy_name": "proxy-set", "work_name": "work-set"}
    one, other = (read_brought(Contrast(str(path), **names)) for path in (csv, parquet))
    assert [
        [(r.worker, r.item, r.score) for rows in found.arms.values() for r in rows]
        for found in (one, other)
    ] == [[("w", "i", 1), ("v", "i", 0.5), ("w", "i", 0), ("v", "i", 1)]] * 2
    assert one.names == {"proxy": "proxy-set", "work": "work-set"}


def test_missing_scores_and_costs_are_missing(tmp_path: Path) -> None:
    rows = [(*row, 0.25) for row in GOOD]
    blanks = [("w", f"b{n}", "work", said, "") for n, said in enumerate(["", "NaN", "n/a"])]
    path = table(tmp_path / "s.csv", [*rows, *blanks], (*COLUMNS, "cost"))
    found = read_brought(Contrast(str(path)))
    assert [(r.score, r.outcome, r.usd) for r in found.arms["work"][2:]] == [
        (None, "judge_fault", None)
    ] * 3
    said = list(notes(found.arms, paired=True, named=True))
    assert said == ["work: 3 of 5 scores are missing (3 without a score)"]


def test_names_of_any_kind_stay_apart_and_short(tmp_path: Path) -> None:
    long = ["x" * 400 + end for end in "ab"]
    rows = [
        (f'"{name}"', "i", arm, 1)
        for name in (*long, "<b>", "ü\u202e")
        for arm in ("proxy", "work")
    ]
    found = read_brought(Contrast(str(table(tmp_path / "s.csv", rows))))
    names = {row.worker for row in found.arms["proxy"]}
    assert len(names) == 4
    assert max(map(len, names)) <= 120
