"""DELEGATE-52's file form, on rows of our own: what is drawn, what is left out and why."""

import json
from pathlib import Path

import pytest

from relay import rows
from worktrial.errors import ConfigError
from worktrial.relay import simulate
from worktrial.relay.arms import ARMS, arm
from worktrial.relay.check import check
from worktrial.relay.damage import behaviour
from worktrial.relay.delegate52 import Reading, delegate52_items, holds_rows
from worktrial.relay.environments import LONGEST_ROW
from worktrial.relay.items import Course
from worktrial.relay.scoring import measures

COURSE = Course(items=20, round_trips=3, size=(100, 100), distractors=0)


def drawn(path: Path, **options: object) -> Reading:
    return delegate52_items(path, COURSE, seed=7, **options)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return rows.write(tmp_path / "delegate52.jsonl", [*rows.good(), *rows.bad()])


def test_rows_become_relays_of_their_own_words_files_and_distractors(published: Path) -> None:
    items = {item.id: item for item in drawn(published).items}
    assert {name: item.domain for name, item in items.items()} == {
        "shop1": "spreadsheet", "blog1": "json", "talk1": "subtitles", "odd1": "text",
    }  # fmt: skip
    shop = items["shop1"]
    assert shop.files == {"stock.csv": rows.STOCK}
    assert set(shop.distractors) == {"memo.md"}
    assert [e.name for e in shop.schedule[:2]] in (["by_price", "as_json"], ["as_json", "by_price"])
    assert not any(errand.scored for errand in shop.schedule)
    assert {e.forward for e in shop.schedule} == {
        "Please put the dearest item first.", "I need this as JSON.",
    }  # fmt: skip
    assert {e.kind for e in shop.schedule} == {"sort"}
    assert {e.kind for e in items["blog1"].schedule} == {"composed"}
    assert {e.kind for e in items["odd1"].schedule} == {"free"}
    assert sorted(items["talk1"].files) == ["one.srt", "two.srt"]


def test_each_row_that_cannot_be_run_is_named_with_its_reason(published: Path) -> None:
    said = drawn(published).left_out
    first = len(rows.good()) + 1
    for line, (name, why) in enumerate(rows.WHY.items(), first):
        (found,) = [each for each in said if f" line {line}" in each.partition(": ")[0]]
        assert why in found, name
    assert len(said) == len(rows.WHY)


def test_lines_that_are_no_rows_are_told_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    good = json.dumps(rows.row()).encode()
    lines = [
        b"{not json", b"\xff\xfe", b"[" * 100_000, b"[1]", b"", b'{"sample_id": "x"}',
        b'{"a": ' + b"9" * 5000 + b"}", b'"' + b"x" * (LONGEST_ROW + 5) + b'"', good,
    ]  # fmt: skip
    path.write_bytes(b"\n".join(lines) + b"\n")
    found = drawn(path)
    assert [item.id for item in found.items] == ["shop1"]
    says = ("not JSON: Exp", "not UTF-8", "not JSON that", "no row", "no row", "not JSON that",
            "longer than 10 MB")  # fmt: skip
    numbers = (1, 2, 3, 4, 6, 7, 8)
    for line, number, what in zip(found.left_out, numbers, says, strict=True):
        assert line.startswith(f"d.jsonl line {number}: {what}")


def test_an_unusable_edit_is_named_and_the_row_runs_with_the_others(tmp_path: Path) -> None:
    edits = [("a", "Do a.", "Undo a."), ("b", " ", "Undo b.")]
    found = drawn(rows.write(tmp_path / "d.jsonl", [rows.row(edits=edits)]))
    assert {errand.name for errand in found.items[0].schedule} == {"a"}
    (line,) = found.left_out
    assert "`b`: its forward prompt must say what is to be done" in line
    assert line.endswith("the edit is left out")


def test_the_course_limits_the_rows_over_the_domains_and_a_seed_draws_them(tmp_path: Path) -> None:
    many = [rows.row(f"s{n}") for n in range(30)]
    many += [rows.row(f"b{n}", "json", {"p.json": rows.POSTS}) for n in range(30)]
    path = rows.write(tmp_path / "d.jsonl", many)
    course = COURSE.model_copy(update={"items": 6})
    one = delegate52_items(path, course, seed=1).items
    assert sorted(item.domain for item in one) == ["json"] * 3 + ["spreadsheet"] * 3
    assert one == delegate52_items(path, course, seed=1).items
    assert {i.id for i in one} != {i.id for i in delegate52_items(path, course, seed=2).items}
    only = delegate52_items(path, course, seed=1, domains=["json"]).items
    assert {item.domain for item in only} == {"json"}
    assert len(only) == 6
    with pytest.raises(ConfigError, match="none of these domains"):
        delegate52_items(path, course, seed=1, domains=["chess"])


def test_distractors_are_the_rows_own_cut_by_whole_lines_or_off(published: Path) -> None:
    def of(tokens: int | None) -> dict[str, str]:
        (shop,) = [i for i in drawn(published, distractors=tokens).items if i.id == "shop1"]
        return shop.distractors

    line = "Nothing here matters.\n"
    assert of(None) == {"memo.md": line * 40}
    assert of(0) == {}
    # 12 tokens are taken for 48 characters: two lines of 22.
    assert of(12) == {"memo.md": line * 2}


def test_a_folder_of_environments_is_told_from_one_of_documents_by_its_keys(tmp_path: Path) -> None:
    folder = tmp_path / "environments"
    folder.mkdir()
    (folder / "one.json").write_text(json.dumps(rows.row("a")))
    (folder / "two.json").write_text(json.dumps([rows.row("b"), {"no": "row"}]))
    rows.write(folder / "more.jsonl", [rows.row("c")])
    (folder / "README.md").write_text("Ours.")
    assert holds_rows(folder)
    found = drawn(folder)
    assert sorted(item.id for item in found.items) == ["a", "b", "c"]
    assert found.left_out == (
        "two.json row 2: no row: it must be an object with files, sample_id, states",
    )
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "orders.json").write_text(rows.POSTS)
    assert not holds_rows(mine)


def test_where_nothing_can_be_run_one_line_says_why(tmp_path: Path) -> None:
    path = rows.write(tmp_path / "d.jsonl", [rows.row(files={})])
    with pytest.raises(ConfigError, match=r"no row that can be run: .*no seed document") as caught:
        drawn(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", [name for name in ARMS if "-" not in name])
def test_the_oracle_leaves_free_words_undone_and_keeps_all(published: Path, name: str) -> None:
    items = drawn(published).items
    found = check(items, arm=arm(name))
    assert (found.oracle, found.null, found.refusing) == (1, 0, 0)
    for item in items:
        legs = simulate.relay(item, behaviour("oracle"), arm=arm(name))
        # Nothing is done: idle forward, and right to be so backward.
        assert [leg.outcome for leg in legs] == ["noop", "ok"] * 3
        rows_of = measures(legs, 6, scored=item.scored)
        assert rows_of[0] == {"forward": None}
        assert rows_of[-1]["fidelity"] == 1
        assert rows_of[-1]["work_adjusted"] is None


def test_what_damages_cannot_read_free_words(published: Path) -> None:
    with pytest.raises(ConfigError, match="no domain knows the instruction"):
        simulate.relay(drawn(published).items[0], behaviour("lossy-0.1"))
