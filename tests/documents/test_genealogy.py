from pathlib import Path
from random import Random

import pytest
from ged4py.parser import GedcomReader

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

GENEALOGY = domain("genealogy")
TREE = """\
0 HEAD
1 SOUR Kestrel
1 DATE 31 JAN 2026
0 @I4@ INDI
1 NAME Lars /Holm/
1 BIRT
2 DATE 3 MAR 1801
2 PLAC Oldchurch, Tartu, Livonia
1 FAMS @F1@
1 FAMS @F2@
0 @I9@ INDI
1 NAME Mira /Holm/
1 FAMC @F1@
1 SOUR Baptisms of Holmby
0 @F1@ FAM
1 HUSB @I4@
1 CHIL @I9@
1 MARR
2 DATE ABT 1825
1 SOUR Baptisms of Holmby
0 TRLR
"""


def read(text: str = TREE) -> Document:
    return GENEALOGY.parse({"family.ged": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = GENEALOGY.read(instruction)
    assert program is not None
    return GENEALOGY.render(program(document))


def test_a_record_has_a_field_for_every_path_of_tags() -> None:
    _, lars, mira, family = read().files["family.ged"]
    assert lars.fields["BIRT.PLAC"] == "Oldchurch, Tartu, Livonia"
    assert lars.fields["FAMS"] == "@F1@ @F2@", "references of one tag are one list"
    assert (mira.fields["XREF"], family.fields["MARR.DATE"]) == ("@I9@", "ABT 1825")


def test_values_continue_over_lines_and_a_jump_of_levels_is_text() -> None:
    text = "0 @N1@ NOTE one\n1 CONC two\n1 CONT three\n0 @I1@ INDI\n2 DATE 1801\n0 TRLR\n"
    note, person = read(text).files["family.ged"]
    assert note.fields["="] == "onetwo\nthree"
    assert person.text == "2 DATE 1801"


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(
    seed: int, tmp_path: Path
) -> None:
    (text,) = GENEALOGY.generate(Random(seed), 800).values()
    path = tmp_path / "family.ged"
    path.write_text(text, encoding="utf-8")
    people = [u for u in read(text).units() if u.kind == "INDI"]
    with GedcomReader(str(path)) as reader:
        theirs = list(reader.records0("INDI"))
        births = [p.sub_tag_value("BIRT/PLAC") for p in theirs]
    assert [p.xref_id for p in theirs] == [u.fields["XREF"] for u in people]
    assert births == [u.fields["BIRT.PLAC"] for u in people]


def test_a_lost_first_line_costs_two_records_at_most() -> None:
    lost = read(TREE.replace("0 @I9@ INDI\n", ""))
    assert 0.3 < likeness(read(), lost).value < 0.7, "two of four units stay whole"


def test_new_identifiers_are_referred_to() -> None:
    planned = {e.name: e for e in GENEALOGY.plan(read(), Random(2))}["new_identifiers"]
    text = done(planned.forward.instruction, read())["family.ged"]
    prefix = "N" if "@N1@" in text else "P"
    assert f"0 @{prefix}2@ INDI\n1 NAME Mira /Holm/" in text
    assert f"1 HUSB @{prefix}1@\n1 CHIL @{prefix}2@" in text
    assert "1 REFN I9" in text


def test_complete_dates_alone_are_written_in_the_iso_way() -> None:
    asked = (
        "Write every complete date, such as `3 MAR 1871`, in the ISO way as `1871-03-03`, in the "
        "header too. Dates with less or more than a day, a month and a year stay as they are."
    )
    text = done(asked, read())["family.ged"]
    assert "1 DATE 2026-01-31" in text
    assert "2 DATE 1801-03-03" in text
    assert "2 DATE ABT 1825" in text


def test_a_source_that_is_described_twice_becomes_one_record() -> None:
    planned = {e.name: e for e in GENEALOGY.plan(read(), Random(0))}["sources"]
    text = done(planned.forward.instruction, read())["family.ged"]
    assert text.count("1 SOUR @S1@") == 2
    assert text.endswith("0 @S1@ SOUR\n1 TITL Baptisms of Holmby\n0 TRLR\n")
