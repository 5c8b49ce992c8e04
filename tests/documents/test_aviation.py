from datetime import datetime
from decimal import Decimal

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

AVIATION = domain("aviation")
NOTICES = """\
(A0123/26 NOTAMR A0098/26
Q) EDXX/QRTCA/IV/BO/W/000/095/5002N00834E005
A) EDXX B) 2612312330 C) 2702281600 EST
D) MON-FRI 0700-1500
E) AREA ACT. 1) SEE A0050/26 B) FOR RWY
F) GND G) FL095)

(A0124/26 NOTAMN
Q) EDYY/QMRLC/IV/NBO/A/000/999/4800N01100E002
A) EDYM B) 2601010000 C) PERM
E) RWY 07/25 CLSD)
"""


def read(text: str = NOTICES) -> Document:
    return AVIATION.parse({"notices.txt": text})


def done(instruction: str, document: Document) -> str:
    program = AVIATION.read(instruction)
    assert program is not None
    return AVIATION.render(program(document))["notices.txt"]


def test_items_are_typed_and_the_wording_is_text() -> None:
    first, second = read().files["notices.txt"]
    assert (first.fields["upper"], first.fields["radius"]) == (Decimal(95), Decimal(5))
    assert first.fields["B"] == datetime(2026, 12, 31, 23, 30)
    assert (first.fields["estimate"], second.fields["C"]) == ("EST", "PERM")
    assert first.text == "AREA ACT. 1) SEE A0050/26 B) FOR RWY", "B) comes before E)"
    assert AVIATION.render(read()) == {"notices.txt": NOTICES}


def test_a_broken_part_of_q_costs_its_notice_alone() -> None:
    broken = read(NOTICES.replace("/IV/BO/", "/IVBO/"))
    assert list(read().units())[1] in list(broken.units())
    assert 0.33 < likeness(read(), broken).value < 0.8


def test_numbers_move_with_all_references() -> None:
    text = done(
        "Add `9900` to the four digits of every notice's number, wherever it stands: at the head, "
        "where it is replaced or cancelled, and in E). After 9999 comes 0000.",
        read(),
    )
    assert text.startswith("(A0023/26 NOTAMR A9998/26\n")
    assert "SEE A9950/26" in text


def test_times_of_another_zone() -> None:
    text = done(
        "Give the times of B) and C) in a time that is `2` hours ahead: add as much to each.",
        read(),
    )
    assert "B) 2701010130 C) 2702281800 EST" in text
    assert "B) 2601010200 C) PERM" in text


def test_levels_in_feet() -> None:
    text = done(
        "Write flight levels in F) and G) as feet of the standard atmosphere, `FL095` as "
        "`09500FT STD`.",
        read(),
    )
    assert "F) GND G) 09500FT STD)" in text


def test_whole_words_alone_are_replaced() -> None:
    asked = "In E), replace these words wherever they stand whole: `ACT` → `ACTIVE`, `A` → `B`."
    assert "E) AREA ACTIVE. 1) SEE A0050/26" in done(asked, read())
