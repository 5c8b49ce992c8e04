"""Files in messages, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.documents.handover import Unusable, fence_for, read_files, safe_name, write_files

NAMES = st.from_regex(r"[a-z][a-z_0-9-]{0,12}\.[a-z]{1,4}", fullmatch=True)
LINES = st.lists(
    st.one_of(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20),
              st.sampled_from(["```", "````", "~~~", "### a.csv", "```python"])),
    max_size=8,
)  # fmt: skip


@given(
    st.dictionaries(NAMES, LINES.map(lambda lines: "".join(f"{x}\n" for x in lines)), min_size=1)
)
def test_whatever_is_written_is_read_back(files: dict[str, str]) -> None:
    assert read_files(write_files(files)) == files


@given(st.text())
def test_any_answer_is_read_without_failing(answer: str) -> None:
    read_files(answer, names=("a.csv",))


def test_a_fence_is_longer_than_any_inside() -> None:
    assert fence_for("text") == "```"
    assert fence_for("a\n```\nb\n````\n") == "`````"


def test_talk_around_the_files_is_ignored() -> None:
    answer = "Sure, here you are:\n\n### a.csv\n\n```csv\nx,y\n1,2\n```\n\nAnything else?"
    assert read_files(answer) == {"a.csv": "x,y\n1,2\n"}


@pytest.mark.parametrize(
    "heading", ["### a.csv", "**a.csv**", "`a.csv`", "### `a.csv`:", "a.csv", "**`a.csv`**:"]
)
def test_names_are_recognised_however_they_are_set(heading: str) -> None:
    assert read_files(f"{heading}\n```\n1\n```") == {"a.csv": "1\n"}


def test_a_name_may_stand_on_the_fence() -> None:
    assert read_files("```csv a.csv\n1\n```") == {"a.csv": "1\n"}


def test_inner_blocks_do_not_end_the_file() -> None:
    answer = "### a.md\n```\nbefore\n```python\nx\n```\nafter\n```\n"
    assert read_files(answer) == {"a.md": "before\n```python\nx\n```\nafter\n"}


def test_an_unclosed_fence_is_unusable_and_never_an_empty_file() -> None:
    assert isinstance(read_files("### a.csv\n```\n1,2\n"), Unusable)
    assert isinstance(read_files("### a.csv\n```\n1\n```\ntail\n```\n"), Unusable)


def test_a_block_without_a_name_counts_only_where_one_name_is_possible() -> None:
    assert read_files("```\n1\n```", names=("a.csv",)) == {"a.csv": "1\n"}
    assert isinstance(read_files("```\n1\n```"), Unusable)
    assert isinstance(read_files("```\n1\n```\n\n```\n2\n```", names=("a.csv",)), Unusable)


def test_the_same_file_twice_is_not_guessed() -> None:
    assert isinstance(read_files("### a.csv\n```\n1\n```\n### a.csv\n```\n2\n```"), Unusable)


def test_names_never_leave_the_folder() -> None:
    for name in ("../a.csv", "/etc/passwd", "a/../b.txt", "..", ".ssh", "a\\b.txt", "C:\\x.txt"):
        assert not safe_name(name)
        found = read_files(f"### {name}\n```\n1\n```")
        assert isinstance(found, Unusable), found
