"""Two states of files in one text with marks, and back."""

from hypothesis import given
from hypothesis import strategies as st

from worktrial.documents.handover import whole_lines
from worktrial.documents.marked import marked, read_marked

LINE = st.sampled_from(["a", "b", "-a", "+b", " c", "", "```", "### x.csv"])
TEXT = st.lists(LINE, max_size=8).map(lambda lines: whole_lines("\n".join(lines)))
FILES = st.dictionaries(st.sampled_from(["a.csv", "b.md", "c"]), TEXT.filter(bool), max_size=3)


def test_each_line_says_what_became_of_it() -> None:
    before = {"a.csv": "id,n\nx,1\ny,2\n", "old.md": "Gone.\n"}
    after = {"a.csv": "id,n\nx,3\ny,2\n", "new.md": "Here.\n"}
    assert marked(before, after) == {
        "a.csv": " id,n\n-x,1\n+x,3\n y,2\n",
        "old.md": "-Gone.\n",
        "new.md": "+Here.\n",
    }


@given(FILES, FILES)
def test_both_states_can_be_read_again(before: dict[str, str], after: dict[str, str]) -> None:
    assert read_marked(marked(before, after)) == (before, after)
