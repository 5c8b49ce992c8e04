"""A user's own documents."""

from pathlib import Path

import pytest

from worktrial.errors import ConfigError
from worktrial.protocol import digest
from worktrial.relay import protocol, simulate
from worktrial.relay.arms import ARMS
from worktrial.relay.damage import behaviour
from worktrial.relay.items import Course, RelayItem, relay_items
from worktrial.relay.own import own, own_items
from worktrial.relay.scoring import measures
from worktrial.relay.task import draw_items

COURSE = Course(items=1, round_trips=3, size=(100, 100), distractors=0)
STOCK = "sku,name,price\nA-1,lamp,12.50\nA-2,desk,99.00\n"
SPOKEN = (
    "1\n00:00:01,000 --> 00:00:02,500\nGood morning.\n\n"
    "2\n00:00:03,000 --> 00:00:04,000\nAnd to you.\n\n"
    "3\n00:00:05,000 --> 00:00:06,250\nShall we begin?\n"
)
SCRIPT = "#!/bin/sh\nset -e\n\necho begin\nmake all\necho done\n"


def scores(item: RelayItem, arm: str = "rewrite") -> set[float | None]:
    rows = measures(simulate.relay(item, behaviour("oracle"), arm=ARMS[arm]), 6)
    return {row[m] for row in rows for m in ("fidelity", "forward", "lossless") if m in row}


def test_every_file_becomes_a_relay_in_which_the_oracle_scores_one(tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_bytes(b"\xef\xbb\xbf" + STOCK.replace("\n", "\r\n").encode())
    (tmp_path / "talk.srt").write_text(SPOKEN)
    found = own_items(tmp_path, COURSE, seed=7)
    assert [item.domain for item in found] == ["spreadsheet", "subtitles"]
    for item in found:
        rows = measures(simulate.relay(item, behaviour("oracle")), 6)
        assert [row["lossless"] for row in rows[1::2]] == [1, 1, 1]
        assert all(row["forward"] == 1 for row in rows[::2])


@pytest.mark.parametrize("arm", ["rewrite", "search_replace", "tools"])
def test_a_file_without_extension_is_handed_over_under_its_own_name(
    arm: str, tmp_path: Path
) -> None:
    (tmp_path / "install").write_text(SCRIPT)
    (tmp_path / "getty@.service").write_text("[Unit]\nDescription=Getty on %I\n\n[Service]\n")
    for item in own_items(tmp_path, COURSE, seed=7):
        assert list(item.files) == [item.id]
        assert scores(item, arm) == {1.0}


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("not to be read\n")
    folder = tmp_path / "mine"
    for name, content in {
        "stock.csv": STOCK.encode(),
        "deep/er/stock.csv": STOCK.encode("utf-16"),
        "deep/letter.txt": "Grüße aus Köln\nund Düsseldorf\n".encode("latin-1"),
        "deep/no_end": b"one line\rand another",
        ".hidden": b"x\n",
        ".git/config": b"x\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "link.txt").symlink_to(outside)
    (folder / "away").symlink_to(tmp_path)
    found = {item.id: item for item in own_items(folder, COURSE, seed=7)}
    assert list(found) == ["deep/er/stock.csv", "deep/letter.txt", "deep/no_end", "stock.csv"]
    assert found["deep/er/stock.csv"].files == {"stock.csv": STOCK}
    assert found["deep/er/stock.csv"].why.startswith("read as UTF-16; by its extension; ")
    assert found["deep/letter.txt"].files == {"letter.txt": "Grüße aus Köln\nund Düsseldorf\n"}
    assert found["deep/letter.txt"].why.startswith("read as Windows-1252; the last resort; ")
    assert found["deep/no_end"].files == {"no_end": "one line\nand another"}


@pytest.mark.parametrize("name", ["stock.csv", "orders.json"])
def test_a_single_file_is_not_taken_for_rows_of_delegate52(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(STOCK if name.endswith("csv") else '{"a": [{"id": 1, "n": 2}, {"id": 2}]}\n')
    (item,) = draw_items(COURSE, seed=7, domains=(), documents=str(path))
    assert item.id == name


def test_a_single_file_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_text(STOCK)
    (item,) = own_items(tmp_path / "stock.csv", COURSE, seed=7)
    assert (item.id, item.files) == ("stock.csv", {"stock.csv": STOCK})


def test_what_cannot_be_taken_is_told_with_its_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    (tmp_path / "b.csv").write_text("")
    (tmp_path / "c`.txt").write_text("one\ntwo\n")
    (tmp_path / "d.csv").write_text(STOCK)
    (tmp_path / "e.csv").write_text(STOCK + "A-3,shelf,10.00,too,many\n")
    found = own(tmp_path, seed=7)
    assert found.refused == [
        "a.png line 1: is binary",
        "b.csv line 1: there is nothing in it",
        "c`.txt: its name must be printable and have no backtick; rename it",
    ]
    assert [one.id for one in found.taken] == ["d.csv", "e.csv"]
    assert found.lines[0] == "2 documents taken (spreadsheet 1, text 1), 3 refused"
    assert found.lines[1] == f"{found.refused[0]}; refused"
    assert found.lines[4].startswith("d.csv: spreadsheet, by its extension; 3 units, 100% typed, ")
    assert found.lines[5].endswith("; line 4 cannot be read as spreadsheet")


@pytest.mark.parametrize(
    ("name", "content", "domains", "says"),
    [
        ("stock.csv", STOCK + "A-3,shelf,1,2,3\n", ["spreadsheet"], "stock.csv line 4 cannot be"),
        ("stock.csv", "", [], "stock.csv line 1: there is nothing in it"),
        ("stock.xyz", "x", ["chess"], "stock.xyz: none of chess takes .xyz"),
        ("orders.json", "[1, 2", ["json"], "orders.json line 1 cannot be read as json"),
    ],
)
def test_a_folder_of_which_nothing_can_be_taken_is_one_line(
    name: str, content: str, domains: list[str], says: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(ConfigError, match=f"holds nothing that can be taken: {says}") as caught:
        own_items(tmp_path, COURSE, seed=7, domains=domains)
    assert "\n" not in str(caught.value)


def test_a_folder_must_be_there_and_hold_something(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must be a folder"):
        own_items(tmp_path / "nowhere", COURSE, seed=7)
    (tmp_path / ".hidden").write_text("x")
    with pytest.raises(ConfigError, match="holds no file"):
        own_items(tmp_path, COURSE, seed=7)


def test_distractors_never_take_the_place_of_a_file(tmp_path: Path) -> None:
    """Fresh memos are called notes.md too."""
    (tmp_path / "notes.md").write_text("# Plan\n\nOne thing\nAnother thing\n")
    course = COURSE.model_copy(update={"distractors": 300})
    (item,) = own_items(tmp_path, course, seed=7)
    assert "notes.md" not in item.distractors
    assert item.distractors
    assert scores(item) == {1.0}


def test_the_reason_is_kept_but_no_part_of_what_is_measured() -> None:
    course = COURSE.model_copy(update={"items": 2})
    items = relay_items(course, seed=7)
    told = [item.model_copy(update={"why": "because"}) for item in items]
    measured = [protocol.measurement(course, some, seed=7).items for some in (items, told)]
    assert measured[0] == measured[1]
    plain = items[0].model_dump(mode="json")
    plain.pop("why")
    assert measured[0][items[0].id] == digest(plain)
