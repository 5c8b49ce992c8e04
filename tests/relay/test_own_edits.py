"""A user's own edits of their own documents: what is taken, what is refused and in which line."""

from pathlib import Path

import pytest

from worktrial.errors import ConfigError
from worktrial.relay.items import Course, RelayItem
from worktrial.relay.own import own, own_items
from worktrial.relay.own_edits import read_edits

COURSE = Course(items=1, round_trips=20, size=(100, 100), distractors=0)
STOCK = "sku,name,price\nA-1,lamp,12.50\nA-2,desk,99.00\n"
ENTRY = """\
- name: tidy
  forward: Make it tidier.
  backward: |
    Put everything back
    as it was.
  files: "*.csv"
  kind: tidying
"""


def items(folder: Path, edits: str) -> list[RelayItem]:
    mine = folder / "mine"
    mine.mkdir(exist_ok=True)
    (mine / "stock.csv").write_text(STOCK)
    (mine / "orders.json").write_text('{"orders": [{"id": 1, "n": 2}, {"id": 2, "n": 5}]}\n')
    path = folder / "edits.yaml"
    path.write_text(edits)
    return own_items(mine, COURSE, seed=7, edits=read_edits(path))


def test_own_edits_join_those_of_the_domain_where_their_files_are(tmp_path: Path) -> None:
    orders, stock = items(tmp_path, ENTRY)
    own = [errand for errand in stock.schedule if not errand.scored]
    assert {(e.name, e.kind, e.forward, e.backward) for e in own} == {
        ("tidy", "tidying", "Make it tidier.", "Put everything back\nas it was.")
    }
    assert any(errand.scored for errand in stock.schedule)
    assert orders.scored


def test_only_own_edits_if_the_file_says_so(tmp_path: Path) -> None:
    listed = ENTRY.replace('  files: "*.csv"\n', "")
    for item in items(tmp_path, f"only: true\nedits:\n{listed}"):
        assert {errand.name for errand in item.schedule} == {"tidy"}


def test_a_document_that_no_edit_fits_is_left_out_where_there_are_no_others(
    tmp_path: Path,
) -> None:
    (stock,) = items(tmp_path, f"only: true\nedits:\n{ENTRY}")
    assert stock.id == "stock.csv"
    found = own(tmp_path / "mine", seed=7, edits=read_edits(tmp_path / "edits.yaml"))
    assert found.refused == ["orders.json: no edit of `--edits` fits it"]


def test_words_of_the_domain_have_its_oracle(tmp_path: Path) -> None:
    (_, stock) = items(tmp_path, ENTRY)
    known = next(errand for errand in stock.schedule if errand.scored)
    said = ENTRY.replace("tidy\n", "mine\n").replace("Make it tidier.", repr(known.forward))
    said = said.replace("|\n    Put everything back\n    as it was.", repr(known.backward))
    (_, stock) = items(tmp_path, f"only: true\nedits:\n{said}" + ENTRY.replace("*.csv", "*.json"))
    assert [errand.scored for errand in stock.schedule] == [True] * 20


@pytest.mark.parametrize(
    ("edits", "says"),
    [
        ("- name: a\n  forward: x\n", r"line 1: `edits.0.backward` Field required"),
        (ENTRY + "- name: b\n  forward: ''\n  backward: y\n", r"line 9: .*it is empty"),
        (ENTRY + ENTRY, r"line 8: 'tidy' stands in line 1 already"),
        (ENTRY + "  colour: red\n", r"line 8: `edits.0.colour`"),
        (ENTRY.replace("tidy", "../x", 1), r"line 1: `edits.0.name`"),
        (ENTRY.replace("tidy", "7", 1), r"line 1: `edits.0.name` Input should be a valid string"),
        (ENTRY.replace("*.csv", "*.txt"), r"line 1, `tidy`: no document has all of its `files`"),
        ("[]", "`edits`"),
        ("", "valid dictionary"),
        ("- &a [x]\n- *a\n", "line 1: anchors and aliases"),
        ("- !!python/object/apply:os.system [ls]\n", "not plain YAML"),
        ("[" * 50, "line 1: nested deeper"),
        ("only: true\nonly: false\n", "line 2: 'only' stands there twice"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(edits: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        items(tmp_path, edits)
    assert "\n" not in str(caught.value)


def test_an_edit_that_does_not_go_there_and_back_is_refused_with_its_line(tmp_path: Path) -> None:
    (_, stock) = items(tmp_path, ENTRY)
    known = next(errand for errand in stock.schedule if errand.scored)
    entry = f"- name: mine\n  forward: {known.forward!r}\n  backward: %s\n  files: [stock.csv]\n"
    for backward, says in (("Undo.", "write both as the domain"), (repr(known.forward), "restore")):
        with pytest.raises(ConfigError, match=rf"line 1, `mine`, stock.csv: .*{says}"):
            items(tmp_path, entry % backward)
