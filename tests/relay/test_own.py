"""A user's own documents."""

from pathlib import Path

import pytest

from worktrial.errors import ConfigError
from worktrial.relay import simulate
from worktrial.relay.damage import behaviour
from worktrial.relay.items import Course
from worktrial.relay.own import own_items
from worktrial.relay.scoring import measures

COURSE = Course(items=1, round_trips=3, size=(100, 100), distractors=0)
STOCK = "sku,name,price\nA-1,lamp,12.50\nA-2,desk,99.00\n"


def items(folder: Path) -> list[str]:
    return [item.id for item in own_items(folder, COURSE, seed=7)]


def test_every_file_becomes_a_relay_in_which_the_oracle_scores_one(tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_bytes(b"\xef\xbb\xbf" + STOCK.replace("\n", "\r\n").encode())
    (tmp_path / "talk.srt").write_text(
        "1\n00:00:01,000 --> 00:00:02,500\nGood morning.\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\nAnd to you.\n\n"
        "3\n00:00:05,000 --> 00:00:06,250\nShall we begin?\n"
    )
    found = own_items(tmp_path, COURSE, seed=7)
    assert [item.domain for item in found] == ["spreadsheet", "subtitles"]
    for item in found:
        rows = measures(simulate.relay(item, behaviour("oracle")), 6)
        assert [row["lossless"] for row in rows[1::2]] == [1, 1, 1]
        assert all(row["forward"] == 1 for row in rows[::2])


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("stock.csv", STOCK + "A-3,shelf,10.00,too,many\n", "stock.csv line 4"),
        ("stock.csv", STOCK.encode() + b"A-3,caf\xe9,1\n", "stock.csv line 4: not UTF-8"),
        ("stock.csv", "", "stock.csv: there is nothing in it"),
        ("stock.xyz", "x", "no domain takes .xyz"),
        ("orders.json", "[1, 2", "orders.json line 1"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_line(
    name: str, content: str | bytes, says: str, tmp_path: Path
) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ConfigError, match=says) as caught:
        items(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_folder_must_be_there_and_hold_something(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must be a folder"):
        items(tmp_path / "nowhere")
    with pytest.raises(ConfigError, match="holds no file"):
        items(tmp_path)
