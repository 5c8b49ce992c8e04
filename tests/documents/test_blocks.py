"""Search and replace in messages, both ways, whatever a worker writes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.documents.blocks import (
    MOST_BLOCKS,
    Applied,
    Block,
    Marks,
    apply_blocks,
    marks_for,
    read_blocks,
    write_blocks,
)
from worktrial.documents.editor import Editor, write_calls
from worktrial.documents.handover import MOST_FILES, Unusable
from worktrial.documents.passages import occurrences, unique_passages

NAMES = st.from_regex(r"[a-z][a-z_0-9-]{0,12}\.[a-z]{1,4}", fullmatch=True)
LINES = st.lists(
    st.one_of(
        st.sampled_from(["a", "b", "", "  a"]),
        st.sampled_from(["<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "<<<<<<<< DELETE"]),
        st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=12),
    ),
    max_size=14,
).map(lambda lines: "".join(f"{line}\n" for line in lines))  # fmt: skip
FILES = st.dictionaries(NAMES, LINES, min_size=1, max_size=4)


def block(search: str, replacement: str, *, length: int = 7) -> str:
    """A block in which | ends a line that another one follows."""
    old, new = ("".join(f"{x}\n" for x in t.split("|")) if t else "" for t in (search, replacement))
    marks = Marks(length)
    return f"{marks.search}\n{old}{marks.divider}\n{new}{marks.replace}\n"


def applied(answer: str, files: dict[str, str], fixed: tuple[str, ...] = ()) -> Applied:
    found = read_blocks(answer, files)
    assert not isinstance(found, Unusable), found
    return apply_blocks(found, files, fixed=fixed)


def unusable(answer: str) -> str:
    found = read_blocks(answer, ["a.csv"])
    assert isinstance(found, Unusable), found
    return found.why


# --- laws --------------------------------------------------------------------------------------


@given(FILES, FILES, st.booleans())
def test_what_is_written_turns_one_set_of_files_into_the_other(
    before: dict[str, str], other: dict[str, str], shared: bool
) -> None:
    after = {**before, **other} if shared else other
    result = applied(write_blocks(before, after), before)
    assert result.files == after
    assert result.done
    assert not result.failed


@given(LINES, LINES)
def test_every_passage_occurs_once_and_none_is_the_whole_file_without_need(
    before: str, after: str
) -> None:
    for search, _ in unique_passages(before, after):
        assert occurrences(before, search) == 1 or before == search == ""


@given(FILES, FILES)
def test_calls_of_the_editor_turn_one_set_of_files_into_the_other(
    before: dict[str, str], after: dict[str, str]
) -> None:
    editor = Editor(before, {})
    results = editor.turn(write_calls(before, after))
    assert not [result for result in results if result.mistaken]
    assert editor.files == after


@given(st.text(), FILES)
def test_any_answer_is_read_without_failing(answer: str, files: dict[str, str]) -> None:
    read_blocks(answer, files)


MARKERS = ["<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "<<<<<<< DELETE"]


@given(st.lists(st.sampled_from([*MARKERS, "### a.csv", "### b.csv", "x", "y", ""]), max_size=30))
def test_any_order_of_markers_is_unusable_or_carried_out_but_never_raises(lines: list[str]) -> None:
    files = {"a.csv": "x\ny\n", "b.csv": "y\n"}
    found = read_blocks("\n".join(lines), files)
    if not isinstance(found, Unusable):
        result = apply_blocks(found, files)
        assert result.done + len(result.failed) == len(found)


# --- by hand -----------------------------------------------------------------------------------


def test_a_block_replaces_lines_and_leaves_all_others() -> None:
    answer = f"Here:\n\n### a.csv\n\n```\n{block('b', 'B|C')}```\nDone."
    assert applied(answer, {"a.csv": "a\nb\nc\n"}) == Applied({"a.csv": "a\nB\nC\nc\n"}, 1, ())


def test_lines_are_whole_and_exact() -> None:
    result = applied(
        "### a.csv\n" + block("b", "") + block(" ab", "") + block("AB", ""), {"a.csv": "ab\n"}
    )
    assert (result.done, result.files) == (0, {"a.csv": "ab\n"})
    assert all(why.endswith("its search text is not in the file") for why in result.failed)


def test_a_text_that_occurs_twice_is_not_guessed_and_named_with_its_number() -> None:
    result = applied("### a.csv\n" + block("x", "y"), {"a.csv": "x\nx\n"})
    assert result.failed == (
        "block 1 in `a.csv`, which begins 'x': its search text is in the file 2 times",
    )


def test_all_blocks_are_held_against_the_files_as_they_were_shown() -> None:
    """A chain of renamings would turn into one name, were blocks held against each other."""
    swap = "### a.csv\n" + block("x", "y") + block("y", "x")
    assert applied(swap, {"a.csv": "x\ny\n"}).files == {"a.csv": "y\nx\n"}


def test_blocks_may_touch_but_not_overlap() -> None:
    files = {"a.csv": "1\n2\n3\n"}
    touching = "### a.csv\n" + block("1", "I") + block("2|3", "II")
    assert applied(touching, files).files == {"a.csv": "I\nII\n"}
    overlapping = "### a.csv\n" + block("1|2", "I") + block("2|3", "II")
    result = applied(overlapping, files)
    assert (result.files, result.done) == ({"a.csv": "I\n3\n"}, 1)
    assert "it overlaps another block" in result.failed[0]


def test_files_are_created_and_deleted() -> None:
    answer = f"### b.csv\n{block('', 'new')}\n### a.csv\n{Marks().delete}\n"
    assert applied(answer, {"a.csv": "x\n", "c.csv": ""}).files == {"c.csv": "", "b.csv": "new\n"}


def test_an_empty_search_text_fills_an_empty_file_and_no_other() -> None:
    files = {"a.csv": "x\n", "b.csv": ""}
    result = applied(f"### a.csv\n{block('', 'y')}### b.csv\n{block('', 'y')}", files)
    assert result.files == {"a.csv": "x\n", "b.csv": "y\n"}
    assert "its search text is empty, and the file is there already" in result.failed[0]


@pytest.mark.parametrize("heading", ["### a.csv", "**a.csv**:", "`a.csv`", "## `a.csv`:", "a.csv"])
def test_names_are_recognised_however_they_are_set(heading: str) -> None:
    files = {"a.csv": "x\n", "b.csv": "x\n"}
    result = applied(f"{heading}\nFirst the top line.\n{block('x', 'y')}", files)
    assert result.files == {"a.csv": "y\n", "b.csv": "x\n"}


def test_a_lone_file_needs_no_name_and_several_do() -> None:
    assert applied(block("x", "y"), {"a.csv": "x\n"}).files == {"a.csv": "y\n"}
    result = applied(block("x", "y"), {"a.csv": "x\n", "b.csv": "z\n"})
    assert "no file's name stands above it" in result.failed[0]


def test_markers_are_longer_than_any_in_the_files() -> None:
    assert marks_for("a", "b").length == 7
    assert marks_for("=" * 9 + "\n", "<<<<<<<").length == 10
    text = "<<<<<<< SEARCH\nx\n=======\n"
    answer = write_blocks({"a.md": text}, {"a.md": text.replace("x", "y")})
    assert "\n<<<<<<<< SEARCH\n" in answer
    assert applied(answer, {"a.md": text}).files == {"a.md": "<<<<<<< SEARCH\ny\n=======\n"}


def test_an_answer_may_take_longer_markers_than_it_was_shown() -> None:
    answer = "### a.csv\n" + block("=======", ">>>>>>> REPLACE", length=9)
    assert applied(answer, {"a.csv": "=======\n"}).files == {"a.csv": ">>>>>>> REPLACE\n"}


def test_nothing_to_change_is_a_passage_in_its_own_place() -> None:
    files = {"a.csv": "x\nx\ny\n", "b.csv": ""}
    found = read_blocks(write_blocks(files, files), files)
    assert found == [Block("a.csv", "x\nx\n", "x\nx\n")]
    assert apply_blocks(found, files) == Applied(files, 1, ())
    assert apply_blocks([Block("a.csv", "", "")], {"a.csv": ""}).done == 1


def test_only_what_differs_is_written() -> None:
    before = "".join(f"row {n}\n" for n in range(100))
    answer = write_blocks({"a.csv": before}, {"a.csv": before.replace("row 50\n", "row L\n")})
    assert answer == "### a.csv\n\n" + block("row 50", "row L").rstrip("\n")


# --- hostile -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("", "no block"),
        ("All done, nothing needs changing.", "no block"),
        ("<<<<<<< SEARCH\nx\n", "not closed"),
        ("<<<<<<< SEARCH\nx\n=======\ny\n", "not closed"),
        ("<<<<<<< SEARCH\nx\n=======\ny\n" + block("x", "y"), "not closed"),
        ("<<<<<<< SEARCH\nx\n>>>>>>> REPLACE\n", "no divider"),
        (block("x", "y|=======|z"), "two dividers"),
        (block("x", "y|>>>>>>> REPLACE"), "not opened"),
        (">>>>>>> REPLACE\n", "not opened"),
        ("<<<<<<< SEARCH\nx\n========\ny\n>>>>>>> REPLACE\n", "no divider"),
        ("### a.csv\n" + block("x", "y") * (MOST_BLOCKS + 1), "more than"),
    ],
)
def test_what_would_have_to_be_guessed_is_unusable_as_a_whole(answer: str, why: str) -> None:
    assert why in unusable(answer)


@pytest.mark.parametrize(
    "name",
    ["../a.csv", "/etc/passwd", "a/../b.txt", "..", "C:\\x.txt", ".ssh/x", "a\x00.csv",
     "a\x1b[2J.csv",
     "b.csv (new)", "File: b.csv", "x" * 300 + ".csv"],
)  # fmt: skip
def test_names_never_leave_the_workspace_and_never_fall_to_another_file(name: str) -> None:
    answer = f"### a.csv\n{block('x', 'y')}### {name}\n{block('', 'evil')}{block('z', 'Z')}"
    result = applied(answer, {"a.csv": "x\nz\n"})
    assert result.files == {"a.csv": "y\nz\n"}
    assert len(result.failed) == 2


def test_a_file_for_reference_is_not_touched() -> None:
    answer = f"### notes.md\n{block('x', 'y')}{block('', 'y')}{Marks().delete}\n"
    result = applied(answer, {"a.csv": "x\n"}, fixed=("notes.md",))
    assert (result.done, len(result.failed)) == (0, 3)
    assert all("for reference only" in why for why in result.failed)


def test_a_file_is_not_both_changed_and_deleted() -> None:
    delete, change = f"{Marks().delete}\n", block("x", "y")
    files = {"a.csv": "x\n", "b.csv": "x\n"}
    assert applied(f"### a.csv\n{delete}{change}", files).files == {"b.csv": "x\n"}
    result = applied(f"### a.csv\n{change}{delete}", files)
    assert (result.files["a.csv"], len(result.failed)) == ("y\n", 1)
    twice = applied(f"### c.csv\n{block('', '1')}{block('', '2')}", files)
    assert (twice.files["c.csv"], len(twice.failed)) == ("1\n", 1)


def test_ten_thousand_files_are_not_created() -> None:
    answer = "".join(f"### f{n}.csv\n{block('', 'x')}" for n in range(4000))
    result = applied(answer, {"a.csv": "x\n"})
    assert len(result.files) == MOST_FILES
    assert len(result.failed) == 4001 - MOST_FILES


def test_thousands_of_blocks_and_huge_texts_are_read_in_time() -> None:
    text = "".join(f"row {n}\n" for n in range(MOST_BLOCKS))
    every = "### a.csv\n" + "".join(block(f"row {n}", f"{n}") for n in range(MOST_BLOCKS))
    blank = "### a.csv\n" + block("|", "x") * 2000
    spaces = "### " + " " * 200_000 + "x\n" + "```" + " " * 200_000 + "`\n" + block("", "x")
    began = time.process_time()
    assert applied(every, {"a.csv": text}).done == MOST_BLOCKS
    assert "10 times or more" in applied(blank, {"a.csv": "\n" * 100_000}).failed[0]
    applied(spaces, {"a.csv": "x\n"})
    assert time.process_time() - began < 10
