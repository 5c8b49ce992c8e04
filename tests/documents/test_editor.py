"""The editor over files in memory, whatever a worker calls."""

import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.documents.editor import (
    MOST_CALLS,
    MOST_SHOWN,
    TOOL,
    Call,
    Editor,
    read_view,
    schema,
    write_calls,
    write_views,
)
from worktrial.documents.handover import MOST_FILES

FILES = {"a.csv": "x,1\ny,2\nx,1\n", "b.csv": ""}
NOTES = {"notes.md": "Nothing.\n"}


def editor() -> Editor:
    return Editor(FILES, NOTES)


def do(at: Editor, **arguments: object) -> str:
    """What a call is answered that is carried out."""
    (result,) = at.turn([Call(TOOL, arguments)])
    assert not result.mistaken, result.text
    return result.text


def mistake(arguments: Mapping[str, object], tool: str = TOOL, problem: str | None = None) -> str:
    """What a call is answered that is not; nothing may have changed then."""
    at = editor()
    (result,) = at.turn([Call(tool, arguments, problem)])
    assert result.mistaken
    assert at.files == FILES
    assert "\n" not in result.text
    return result.text


def test_a_view_numbers_the_lines_and_is_read_back() -> None:
    shown = do(editor(), command="view", path="a.csv")
    assert shown == "     1\tx,1\n     2\ty,2\n     3\tx,1\n"
    assert read_view(shown) == FILES["a.csv"]
    assert do(editor(), command="view", path="a.csv", view_range=[2, -1]).startswith(
        "     2\ty,2\n"
    )
    assert do(editor(), command="view", path="notes.md") == "     1\tNothing.\n"
    assert read_view(do(editor(), command="view", path="b.csv")) == ""


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"))).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
))  # fmt: skip
def test_any_text_in_whole_lines_is_read_back_from_its_view(text: str) -> None:
    at = Editor({"a.csv": text}, {})
    (result,) = at.turn(write_views(at.files))
    assert read_view(result.text) == text


def test_each_command_changes_what_it_says() -> None:
    at = editor()
    do(at, command="str_replace", path="a.csv", old_str="y,2", new_str="y,3")
    assert at.files["a.csv"] == "x,1\ny,3\nx,1\n"
    do(at, command="str_replace", path="a.csv", old_str="\ny,3")
    assert at.files["a.csv"] == "x,1\nx,1\n"
    do(at, command="insert", path="a.csv", insert_line=1, insert_text="z,9")
    assert at.files["a.csv"] == "x,1\nz,9\nx,1\n"
    do(at, command="insert", path="b.csv", insert_line=0, insert_text="top\n")
    do(at, command="create", path="c.csv", file_text="new\n")
    do(at, command="create", path="c.csv", file_text="newer\n")
    do(at, command="delete", path="a.csv")
    assert at.files == {"b.csv": "top\n", "c.csv": "newer\n"}
    assert FILES["a.csv"], "the files that were given are left alone"


def test_calls_of_one_turn_are_carried_out_in_their_order() -> None:
    at = editor()
    calls = [
        {"command": "create", "path": "c.csv", "file_text": "1\n"},
        {"command": "str_replace", "path": "c.csv", "old_str": "1", "new_str": "2"},
    ]
    at.turn([Call(TOOL, call) for call in calls])
    assert at.files["c.csv"] == "2\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"command": "str_replace", "path": "a.csv", "old_str": "x,1", "new_str": "z"}, "2 times"),
        ({"command": "str_replace", "path": "a.csv", "old_str": "q", "new_str": "z"}, "not occur"),
        ({"command": "str_replace", "path": "a.csv", "old_str": ""}, "needs `old_str`"),
        ({"command": "str_replace", "path": "a.csv", "new_str": "z"}, "needs `old_str`"),
        ({"command": "str_replace", "path": "c.csv", "old_str": "x"}, "no file 'c.csv'"),
        ({"command": "create", "path": "c.csv"}, "needs `file_text`"),
        ({"command": "insert", "path": "a.csv", "insert_line": 4, "insert_text": "z"}, "0 to 3"),
        ({"command": "insert", "path": "a.csv", "insert_line": -1, "insert_text": "z"}, "0 to 3"),
        ({"command": "insert", "path": "a.csv", "insert_text": "z"}, "needs `insert_line`"),
        ({"command": "view", "path": "a.csv", "view_range": [3, 2]}, "1 to 3"),
        ({"command": "view", "path": "a.csv", "view_range": [0, 1]}, "1 to 3"),
        ({"command": "view", "path": "b.csv", "view_range": [1, 1]}, "1 to 0"),
        ({"command": "delete", "path": "c.csv"}, "there are `a.csv`, `b.csv`, `notes.md`"),
        ({"command": "delete", "path": "notes.md"}, "reference only"),
        ({"command": "create", "path": "notes.md", "file_text": "x"}, "reference only"),
        ({"command": "str_replace", "path": "notes.md", "old_str": "N"}, "reference only"),
    ],
)
def test_what_cannot_be_done_changes_nothing_and_says_why(
    arguments: dict[str, object], says: str
) -> None:
    assert says in mistake(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"command": "view"},
        {"path": "a.csv"},
        {"command": "rm -rf", "path": "a.csv"},
        {"command": ["view"], "path": "a.csv"},
        {"command": "view", "path": 7},
        {"command": "view", "path": None},
        {"command": "view", "path": {"a.csv": 1}},
        {"command": "view", "path": "a.csv", "view_range": "1-2"},
        {"command": "view", "path": "a.csv", "view_range": [1]},
        {"command": "view", "path": "a.csv", "view_range": [1, 2, 3]},
        {"command": "view", "path": "a.csv", "view_range": [1.5, 2]},
        {"command": "insert", "path": "a.csv", "insert_line": True, "insert_text": "z"},
        {"command": "insert", "path": "a.csv", "insert_line": "1", "insert_text": "z"},
        {"command": "insert", "path": "a.csv", "insert_line": 10**30, "insert_text": "z"},
        {"command": "create", "path": "c.csv", "file_text": ["x"]},
        {"command": "create", "path": "c.csv", "file_text": "x", "mode": "0777"},
        {"command": "view", "path": "a.csv", "x" * 10_000: 1},
    ],
)
def test_wrong_arguments_are_named_and_change_nothing(arguments: dict[str, object]) -> None:
    assert len(mistake(arguments)) < 400


def test_arguments_that_could_not_be_read_and_unknown_tools_are_said_so() -> None:
    good = {"command": "delete", "path": "a.csv"}
    assert "could not be read: no JSON" in mistake(good, problem="no JSON")
    assert "there is no tool 'bash'; use `editor`" in mistake(good, tool="bash")


def test_what_another_command_takes_or_is_null_does_no_harm() -> None:
    arguments = {"command": "view", "path": "a.csv", "old_str": "", "file_text": None}
    assert do(editor(), **arguments)


@pytest.mark.parametrize(
    "name",
    ["../a.csv", "/etc/passwd", "/a.csv", "a/b.csv", "..", ".", "", ".ssh", "a\\b.txt", "C:x.txt",
     "a\x00.csv", "a\n.csv", "a\x1b[2J.csv", "noextension", "x" * 200 + ".csv"],
)  # fmt: skip
def test_names_never_leave_the_workspace(name: str) -> None:
    assert "plain file name" in mistake({"command": "create", "path": name, "file_text": "x"})
    assert "there is no file" in mistake({"command": "view", "path": name})


def test_ten_thousand_files_are_not_created() -> None:
    at = editor()
    calls = [Call(TOOL, {"command": "create", "path": f"f{n}.csv", "file_text": ""})
             for n in range(10_000)]  # fmt: skip
    results = at.turn(calls)
    assert len(at.files) == MOST_FILES
    assert sum(result.mistaken for result in results) == 10_002 - MOST_FILES


def test_one_turn_shows_and_does_only_so_much() -> None:
    at = Editor({"a.csv": "x\n" * MOST_SHOWN}, {})
    began = time.process_time()
    results = at.turn([Call(TOOL, {"command": "view", "path": "a.csv"})] * 100_000)
    assert [result.mistaken for result in results] == [False, *[True] * 99_999]
    small = Editor(FILES, {}).turn([Call(TOOL, {"command": "view", "path": "a.csv"})] * 600)
    assert sum(not result.mistaken for result in small) == MOST_CALLS
    assert time.process_time() - began < 10


def test_a_repetitive_text_is_counted_in_time() -> None:
    at = Editor({"a.csv": "a" * 1_000_000}, {})
    began = time.process_time()
    for _ in range(100):
        (result,) = at.turn(
            [Call(TOOL, {"command": "str_replace", "path": "a.csv", "old_str": "aa"})]
        )
        assert "10 times or more" in result.text
    assert time.process_time() - began < 5


def test_calls_are_written_as_short_as_they_can_be() -> None:
    rows = [f"row {n}\n" for n in range(60)]
    before = {"a.csv": "".join(rows), "b.csv": "b\n"}
    after = {"a.csv": "".join([*rows[:20], "new\n", *rows[20:50], *rows[51:]]), "c.csv": "b\n"}
    assert [dict(call.arguments) for call in write_calls(before, after)] == [
        {"path": "a.csv", "command": "str_replace", "old_str": "row 50\n", "new_str": ""},
        {"path": "a.csv", "command": "insert", "insert_line": 20, "insert_text": "new\n"},
        {"command": "create", "path": "c.csv", "file_text": "b\n"},
        {"command": "delete", "path": "b.csv"},
    ]
    upper = {"a.csv": before["a.csv"].upper(), "b.csv": "b\n"}
    assert [call.arguments["command"] for call in write_calls(before, upper)] == ["create"]


def test_the_schema_is_plain_and_complete() -> None:
    found = schema()
    assert found["required"] == ["command", "path"]
    assert all({"type", "description"} <= one.keys() for one in found["properties"].values())
    commands = found["properties"]["command"]["enum"]
    assert commands == ["view", "create", "str_replace", "insert", "delete"]
    assert found["properties"]["view_range"]["items"] == {"type": "integer"}
