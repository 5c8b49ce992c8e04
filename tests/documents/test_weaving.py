import configparser
from decimal import Decimal
from random import Random

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

WEAVING = domain("weaving")
DRAFT = """\
; for a small loom
[WEAVING]
Shafts=4
Treadles=6
[WARP]
Threads=3
Units=Inches
[THREADING]
1=1
2=0
3=4
[TIEUP]
1=1,3
6=2,4
[WARP SPACING]
2=0.05
"""


def read(text: str = DRAFT) -> Document:
    return WEAVING.parse({"d.wif": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = WEAVING.read(instruction)
    assert program is not None
    return WEAVING.render(program(document))


def test_an_entry_belongs_to_its_section() -> None:
    tie = [u for u in read().units() if u.kind == "[TIEUP]"]
    assert tie[0].fields == {"no": Decimal(1), "v1": Decimal(1), "v2": Decimal(3)}
    units = [u for u in read().units() if u.kind == "[WARP]"]
    assert units[1].fields == {"no": "Units", "v1": "Inches"}


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_alike_by_a_reader_of_such_files(seed: int) -> None:
    (text,) = WEAVING.generate(Random(seed), 800).values()
    theirs = configparser.ConfigParser()
    theirs.optionxform = str
    theirs.read_string(text)
    mine = [u for u in WEAVING.parse({"d.wif": text}).units() if u.kind.startswith("[")]
    assert [(f"[{s}]", n, v) for s in theirs.sections() for n, v in theirs[s].items()] == [
        (u.kind, str(n), ",".join(map(str, v))) for u in mine for n, *v in [u.fields.values()]
    ]


def test_the_order_of_entries_means_nothing_and_their_section_does() -> None:
    assert likeness(read(), read(DRAFT.replace("1=1\n2=0\n", "2=0\n1=1\n"))).lossless
    moved = likeness(read(), read(DRAFT.replace("3=4\n[TIEUP]\n", "[TIEUP]\n3=4\n")))
    assert 0.8 < moved.value < 1


def test_shafts_from_the_other_end() -> None:
    asked = (
        "Count the `4` shafts from the other end, in the values of `[THREADING]` and `[TIEUP]`: "
        "the first becomes the last, and so on; values stay in their places, and 0 stays 0."
    )
    text = done(asked, read())["d.wif"]
    assert "[THREADING]\n1=4\n2=0\n3=1\n[TIEUP]\n1=4,2\n6=3,1\n" in text


def test_treadles_from_the_other_end() -> None:
    asked = (
        "Count the `6` treadles from the other end, in the values of `[TREADLING]` and before the "
        "equals signs of `[TIEUP]`: the first becomes the last, and so on; 0 stays 0."
    )
    assert "[TIEUP]\n6=1,3\n1=2,4\n" in done(asked, read())["d.wif"]


def test_lengths_in_decipoints() -> None:
    asked = (
        "Give lengths in `Decipoints` instead of `Inches`: change `Units` in `[WARP]` and "
        "`[WEFT]`, and multiply the values of every spacing and thickness section of warp and "
        "weft by `720`."
    )
    text = done(asked, read())["d.wif"]
    assert "Units=Decipoints\n" in text
    assert text.endswith("[WARP SPACING]\n2=36\n")
