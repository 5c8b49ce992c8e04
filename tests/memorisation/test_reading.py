"""Rows become items; what is wrong with them is said, and nothing else is lost."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser

from worktrial.errors import ConfigError
from worktrial.memorisation import tables
from worktrial.memorisation.reading import Drawn, read_items
from worktrial.trial import Audit


def written(path: Path, rows: Sequence[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path | str, *, limit: int | None = None, seed: int = 1, **audit: Any) -> Drawn:
    return read_items(Audit(str(path), **audit), limit=limit, seed=seed)


def kinds(drawn: Drawn) -> Mapping[str, tuple[int, ...]]:
    return {note.kind: note.rows for note in drawn.notes}


def test_a_worked_answer_keeps_what_it_comes_to(tmp_path: Path) -> None:
    rows = [{"Problem": "How many are 3 times 4?", "Solution": "3*4=<<3*4=12>>12\n#### 12"}]
    (item,) = read(written(tmp_path / "a.jsonl", rows)).items
    assert (item.id, item.row, item.role) == ("row-1", 1, "audited")
    assert (item.question, item.answer) == ("How many are 3 times 4?", "12")
    assert item.working == "3*4=<<3*4=12>>12"


@pytest.mark.parametrize(
    ("answer", "right"),
    [("B", "Bern"), ("(b)", "Bern"), ("bern", "Bern"), (1, "Bern"), ("1", "Bern"), ("Oslo", None)],
)
def test_letters_and_numbers_become_the_options_text(
    tmp_path: Path, answer: object, right: str | None
) -> None:
    row = {"question": "Capital of Switzerland is?", "choices": ["Rome", "Bern"], "answer": answer}
    drawn = read(written(tmp_path / "a.jsonl", [row]))
    assert drawn.items[0].answer == right
    assert ("strange-answer" in kinds(drawn)) == (right is None)


def test_numbers_count_from_one_where_the_last_option_says_so(tmp_path: Path) -> None:
    rows = [
        {"question": f"Which is number {n} of them?", "options": ["x", "y"], "answer": n}
        for n in (1, 2)
    ]
    drawn = read(written(tmp_path / "a.jsonl", rows))
    assert [item.answer for item in drawn.items] == ["x", "y"]


def test_options_with_labels_of_their_own(tmp_path: Path) -> None:
    row = {
        "question": "Which one is it now?",
        "choices": {"text": ["tin", "lead"], "label": ["3", "4"]},
        "answerKey": "4",
    }
    assert read(written(tmp_path / "a.jsonl", [row])).items[0].answer == "lead"


def test_every_wrong_row_is_said_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = {"question": "What is the sum of 2 and 3?", "answer": 5}
    lines = [
        json.dumps(good).encode(),
        json.dumps(good).encode(),
        b'{"question": "", "answer": "x"}',
        b'{"question": "No answer here, is there?"}',
        b'{"question": "Too short", "answer": "x"}',
        b'["no", "object"]',
        b'{"question": "\xff\xfe broken bytes", "answer": "x"}',
        b'{"question": ',
        json.dumps({"question": "a b c " * 10_000, "answer": "x"}).encode(),
        json.dumps({"question": "With a NUL\0 in the middle", "answer": "x"}).encode(),
        json.dumps({"question": "Half a character \ud800 of text", "answer": "x"}).encode(),
        json.dumps({"question": ["not", "a text"], "answer": "x"}).encode(),
        json.dumps({"question": "A very long answer to this?", "answer": "y" * 9_000}).encode(),
        b"[" * 50_000,
    ]
    path.write_bytes(b"\n".join(lines))
    drawn = read(path)
    assert kinds(drawn) == {
        "duplicate": (2,),
        "no-question": (3, 12),
        "no-answer": (4,),
        tables.NOT_OBJECT: (6,),
        tables.NOT_UTF8: (7, 11),
        tables.NOT_JSON: (8, 14),
        "long-question": (9,),
        "nul": (10,),
        "long-answer": (13,),
    }
    assert [item.row for item in drawn.items] == [1, 4, 5, 10, 13]
    assert drawn.items[0].answer == "5"
    assert drawn.items[3].question == "With a NUL in the middle"
    assert all(note.count == len(note.rows) for note in drawn.notes)


def test_a_line_that_could_fill_the_memory_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LONGEST_ROW", 100)
    rows = [{"question": "x" * 300}, {"question": "The next row is read", "answer": "1"}]
    drawn = read(written(tmp_path / "a.jsonl", rows))
    assert [item.row for item in drawn.items] == [2]
    assert tables.TOO_LONG in kinds(drawn)


def test_right_to_left_and_unspaced_scripts_pass_unharmed(tmp_path: Path) -> None:
    texts = ["כמה הם שלוש ועוד ארבע?", "一共有多少个苹果？", "كم عدد التفاحات في السلة؟"]
    drawn = read(written(tmp_path / "a.jsonl", [{"question": t, "answer": "7"} for t in texts]))
    assert [item.question for item in drawn.items] == texts
    assert not drawn.notes


def test_a_csv_with_quotes_and_lines_within_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["ID", "Question", "A", "B", "C", "Answer"])
        writer.writerow(["q1", 'Who said "no, never"\nin the end?', "Ann", "Bo", "Cy", "C"])
        writer.writerow(["q1", "Who said yes then?", "Ann", "Bo", "Cy", "A"])
        writer.writerow(["q3", "Too many cells here?", "Ann", "Bo", "Cy", "A", "surplus"])
    drawn = read(path)
    assert [(i.id, i.answer) for i in drawn.items] == [("q1", "Cy"), ("row-2", "Ann")]
    assert drawn.items[0].question == 'Who said "no, never"\nin the end?'
    assert kinds(drawn) == {tables.CELLS: (3,), "id": (2,)}


def test_a_csv_whose_quotes_never_close_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LONGEST_ROW", 1_000)
    path = tmp_path / "a.csv"
    path.write_text('question,answer\n"What is it?' + "x\n" * 2_000)
    with pytest.raises(ConfigError, match="row 1: field larger than field limit"):
        read(path)
    assert csv.field_size_limit() != tables.LONGEST_ROW


def test_parquet_with_lists_of_options_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    duckdb.sql(
        "copy (select 'Which one of the two?' || i as problem, ['left', 'right'] as choices, "
        "1::bigint as target, date '2024-01-01' + i::int as release_date, 'id' || i as id "
        f"from range(4) t(i)) to '{path}' (format parquet)"
    )
    drawn = read(path, released="2024-01-03")
    assert [(i.id, i.role) for i in drawn.items] == [
        ("id0", "audited"),
        ("id1", "audited"),
        ("id2", "control"),
        ("id3", "control"),
    ]
    assert {(i.options, i.answer) for i in drawn.items} == {(("left", "right"), "right")}


def test_a_json_array_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"prompt": "How far is it from here?", "answer": 3.0}, 4]))
    drawn = read(path)
    assert drawn.items[0].answer == "3"
    assert kinds(drawn) == {tables.NOT_OBJECT: (2,)}


def test_the_users_controls_are_marked_and_none_is_audited_too(tmp_path: Path) -> None:
    rows = [{"question": f"What is {n} and {n} together?", "answer": 2 * n} for n in range(9)]
    items = written(tmp_path / "a.jsonl", rows[:5])
    drawn = read(items, controls=written(tmp_path / "b.jsonl", rows[4:]), limit=3)
    assert [item.role for item in drawn.items] == ["audited"] * 3 + ["control"] * 3
    assert len({item.id for item in drawn.items}) == 6
    assert kinds(drawn) == {"published-control": (1,)}


def test_a_draw_depends_on_content_and_seed_alone(tmp_path: Path) -> None:
    rows = [{"question": f"What is {n} and {n} together?", "answer": n} for n in range(60)]
    there = read(written(tmp_path / "a.jsonl", rows), limit=12)
    back = read(written(tmp_path / "b.jsonl", rows[::-1]), limit=12)
    other = read(tmp_path / "a.jsonl", limit=12, seed=2)
    asked = [[item.question for item in drawn.items] for drawn in (there, back, other)]
    assert asked[0] == asked[1][::-1]
    assert asked[0] != asked[2]
    assert [item.row for item in there.items] == sorted(item.row for item in there.items)


@pytest.mark.parametrize(
    ("rows", "audit", "message"),
    [
        ([{"x": 1, "y": 2}], {}, "its columns are x, y; name one with --field question=COLUMN"),
        ([{"question": "a b c"}], {"fields": {"answer": "z"}}, "no column 'z' of answer"),
        ([{"question": "a b c"}], {"fields": {"colour": "z"}}, "`field` must be one of"),
        ([{"question": "a b c"}], {"released": "2024"}, "write YYYY-MM-DD"),
        ([{"question": "a b c"}], {"released": "2024-01-01"}, "needs a column of dates"),
        (
            [{"question": "a b c", "date": "2025"}],
            {"released": "2024-01-01"},
            "must leave something to audit; all 1 rows",
        ),
        ([{"question": ""}], {}, "has no item: .*1 row with no question"),
    ],
)
def test_mistakes_are_told_in_one_line(
    tmp_path: Path, rows: Sequence[Any], audit: Mapping[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        read(written(tmp_path / "a.jsonl", rows), **audit)
    assert "\n" not in str(caught.value)


def test_columns_are_found_by_name_whatever_their_case(tmp_path: Path) -> None:
    row = {"Q": "What is two and two?", "gold": "4", "one": "4", "two": "5"}
    fields = {"question": "q", "answer": "Gold", "options": "one,two"}
    (item,) = read(written(tmp_path / "a.jsonl", [row]), fields=fields).items
    assert (item.question, item.answer, item.options) == (row["Q"], "4", ("4", "5"))


def test_an_inspect_tasks_own_samples() -> None:
    @task(name="audited_sums")
    def audited_sums() -> Task:
        talk = [ChatMessageSystem(content="Be brief."), ChatMessageUser(content="Sum of 1 and 2?")]
        return Task(
            dataset=MemoryDataset(
                [
                    Sample(input=talk, target="B", choices=["2", "3"], id="first"),
                    Sample(input="What is 3 and 4?", target=["7"], id=2),
                ]
            )
        )

    # Registered outside a package it has no slash in its name, by which a task is known.
    table = tables._task("audited_sums")
    assert table is not None
    rows = [row.cells for row in table.rows(table.columns)]
    assert rows[0] == {
        "id": "first",
        "input": "Sum of 1 and 2?",
        "target": "B",
        "choices": ["2", "3"],
    }
    assert (rows[1]["input"], rows[1]["target"]) == ("What is 3 and 4?", ["7"])


def test_a_registered_task_of_a_package_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [tables.Row(1, {"input": "What is 3 and 4?", "target": ["7"], "id": 5})]
    table = tables.Table("p/sums", ("id", "input", "target"), lambda _: iter(rows))
    monkeypatch.setattr(tables, "_task", lambda name: table if name == "p/sums" else None)
    (item,) = read("p/sums").items
    assert (item.id, item.question, item.answer) == ("5", "What is 3 and 4?", "7")


def test_a_hubs_set_is_read_by_inspect(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def hub(path: str, split: str, name: str | None, sample_fields: Any) -> Sequence[Sample]:
        asked.append((path, name, split))
        return [sample_fields({"problem": "What is 3 and 4?", "answer": 7})]

    monkeypatch.setattr(tables, "find_spec", lambda _: object())
    monkeypatch.setattr("inspect_ai.dataset.hf_dataset", hub)
    for source in ("some/sums", "some/sums:hard", "some/sums:hard:train", "some/sums::train"):
        assert read(source).items[0].answer == "7"
    assert asked == [
        ("some/sums", None, "test"),
        ("some/sums", "hard", "test"),
        ("some/sums", "hard", "train"),
        ("some/sums", None, "train"),
    ]


def test_without_the_hubs_library_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match="pip install datasets, or give a JSONL"):
        read("nobody/nothing")
    with pytest.raises(ConfigError, match=r"there is no file 'missing\.jsonl'"):
        read("missing.jsonl")


def test_a_hundred_thousand_rows(tmp_path: Path) -> None:
    rows = ({"question": f"What is {n} and {n + 1} together?", "answer": n} for n in range(100_000))
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    drawn = read(path, limit=500)
    assert len(drawn.items) == 500
    assert drawn.items[-1].row > 90_000
