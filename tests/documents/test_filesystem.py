from datetime import datetime
from decimal import Decimal

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

FILESYSTEM = domain("filesystem")
TEXT = """\
.:
total 4
drwxr-xr-x 2 holm staff 4096 2026-01-31 17:45 src
lrwxrwxrwx 1 holm staff   11 2026-02-01 08:00 now -> src/kiln 2.c

./src:
total 12
-rwsr-x--T+ 1 weber lab 4097 2026-02-01 23:30 b.c
-rw-r--r--  1 holm  lab  200 2025-12-31 08:15 kiln 2.c
"""


def read(text: str = TEXT) -> Document:
    return FILESYSTEM.parse({"listing.lst": text})


def done(instruction: str, document: Document | None = None) -> str:
    program = FILESYSTEM.read(instruction)
    assert program is not None
    return FILESYSTEM.render(program(document or read()))["listing.lst"]


def test_a_line_is_a_file_with_its_path() -> None:
    directory, link, first, second = read().units()
    assert directory.fields == {
        "path": "./src",
        "mode": "drwxr-xr-x",
        "links": Decimal(2),
        "owner": "holm",
        "group": "staff",
        "size": Decimal(4096),
        "time": datetime(2026, 1, 31, 17, 45),
    }
    assert (link.fields["path"], link.fields["target"]) == ("./now", "src/kiln 2.c")
    assert first.fields["mode"] == "-rwsr-x--T+"
    assert second.fields["path"] == "./src/kiln 2.c"
    assert FILESYSTEM.render(read()) == {"listing.lst": TEXT}, "4097 bytes and 200 are 3 blocks"


def test_whole_paths_say_the_same_as_headings() -> None:
    flat = TEXT.replace(".:\n", "", 1).replace("./src:\n", "")
    flat = flat.replace(":45 src", ":45 ./src").replace("now ->", "./now ->")
    flat = flat.replace(" b.c", " ./src/b.c").replace("15 kiln", "15 ./src/kiln")
    assert likeness(read(), read(flat)).lossless


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("./a:\n\n./b:\ntotal 0\n", ["empty", "empty"]),
        ("/:\n-rw-r--r-- 1 a b 1 2026-01-31 17:45 x", ["entry"]),
        ("-rw-r--r-- 1 a b 1 2026-01-31 17:45 x", ["entry"]),
        ("-rw-r--r-- ? ? b ? ? x", ["entry"]),
        ("brw-rw---- 1 a b 8, 0 2026-01-31 17:45 sda", ["entry"]),
        ("-rw-r--r-- 1 a b 1 2026-02-31 17:45 x", ["entry"]),
        ("-rw-r--r-- 1 a b 1 Jan 31 17:45 x", ["opaque"]),
        ("./a:\nls: denied\n-rw-r--r-- 1 a b 1 2026-01-31 17:45 x", ["opaque", "entry"]),
    ],
)
def test_what_a_line_is(text: str, kinds: list[str]) -> None:
    (units,) = read(text).files.values()
    assert [u.kind for u in units] == kinds
    assert likeness(read(text), read(FILESYSTEM.render(read(text))["listing.lst"])).lossless


def test_a_plain_listing_has_no_heading() -> None:
    text = "total 4\n-rw-r--r-- 1 a b 1 2026-01-31 17:45 x\n"
    assert FILESYSTEM.render(read(text)) == {"listing.lst": text}


def test_a_lost_heading_costs_a_part_of_each_line_below() -> None:
    result = likeness(read(), read(TEXT.replace("./src:\n", "")))
    assert 0.7 < result.value < 0.95


def test_permissions_in_octal_and_back() -> None:
    asked = (
        "In the listing, write permissions as four octal digits behind the sign of the type, such "
        "as `-0644` for `-rw-r--r--`; a mark behind them such as `+` stays."
    )
    text = done(asked)
    assert "-5750+ 1 weber" in text, "set-user-ID is 4, sticky is 1"
    assert "d0755 2 holm" in text
    back = (
        "In the listing, write permissions as nine letters and hyphens behind the sign of the "
        "type, such as `-rw-r--r--` for `-0644`; a mark behind them such as `+` stays."
    )
    assert done(back, read(text)) == TEXT


def test_a_directory_moves_with_all_that_is_in_it() -> None:
    text = done(
        "Wherever the path of a listed file or of a heading is `./src` or lies below it, let "
        "`./old` stand in place of `./src`. Lines stay in order, and targets of links as they are."
    )
    assert "17:45 old\n" in text
    assert "\n./old:\n" in text
    assert "now -> src/kiln 2.c" in text


def test_lines_are_sorted_within_their_directory() -> None:
    text = done(
        "Sort the lines of each directory of the listing by `size`, smallest or earliest first; "
        "ties keep their order. Directories stay where they are."
    )
    names = [line.split(":", 1)[1][3:] for line in text.splitlines() if " 20" in line]
    assert names == ["now -> src/kiln 2.c", "src", "kiln 2.c", "b.c"]


def test_a_time_passes_midnight() -> None:
    text = done("Add `45` minutes to the time of every listed file.")
    assert "2026-02-02 00:15 b.c" in text
