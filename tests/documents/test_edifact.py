from decimal import Decimal
from random import Random

import pytest
from pydifact.segmentcollection import RawSegmentCollection

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

EDIFACT = domain("edifact")
ORDER = """\
UNB+UNOC:3+4012345000009:14+4098765000003:14+260131:0914+77'
UNH+1+ORDERS:D:96A:UN'
BGM+220+A17+9'
NAD+BY+4012345000009::9'
RFF+VA:DE111'
NAD+SU+4098765000003::9'
LIN+1++4000862141404:EN'
IMD+F++:::door ?'left?''
QTY+21:48'
DTM+2:20260310:102'
PRI+AAA:12.50'
LIN+2++4000000000006:EN'
DTM+2:20260310:102'
PRI+AAA:9'
UNS+S'
CNT+2:2'
UNT+16+1'
UNZ+1+77'
"""


def read(text: str = ORDER) -> Document:
    return EDIFACT.parse({"trade.edi": text})


def done(name: str, document: Document) -> str:
    """Carry out a planned edit from its words."""
    words = {e.name: e.forward.instruction for e in EDIFACT.plan(document, Random(0))}[name]
    program = EDIFACT.read(words)
    assert program is not None
    return EDIFACT.render(program(document))["trade.edi"]


def test_a_segment_is_a_field_by_tag_and_qualifier() -> None:
    _, head, first, second, summary = read().files["trade.edi"]
    assert head.fields["NAD+BY/RFF+VA"] == "DE111", "a reference belongs to the party before it"
    assert (first.fields["LIN"], first.fields["EAN"]) == (Decimal(1), "4000862141404")
    assert (first.fields["PRI+AAA"], second.fields["PRI+AAA"]) == (Decimal("12.50"), Decimal(9))
    assert first.fields["IMD+F"] == "++:::door ?'left?'"
    assert summary.fields == {"UNS+S": "", "CNT+2": Decimal(2)}
    assert EDIFACT.render(read())["trade.edi"] == ORDER


@pytest.mark.filterwarnings("ignore::pydifact.exceptions.MissingImplementationWarning")
@pytest.mark.parametrize("seed", range(4))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = EDIFACT.generate(Random(seed), 1500).values()
    theirs = RawSegmentCollection.from_str(text).segments
    prices = [Decimal(str(s.elements[0][1])) for s in theirs if s.tag == "PRI"]
    starts = [at for at, s in enumerate(theirs) if s.tag == "UNH"]
    ends = [at for at, s in enumerate(theirs) if s.tag == "UNT"]
    counts = [int(str(theirs[at].elements[0])) for at in ends]
    assert counts == [end - start + 1 for start, end in zip(starts, ends, strict=True)]
    items = [u for u in read(text).units() if u.kind == "line"]
    assert prices == [u.fields["PRI+AAA"] for u in items]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("UNT+16", "UNT+15"), ("UNT+16+1'\n", ""), ("UNZ+1", "UNZ+2"), ("UNZ+1+77'\n", "")],
)
def test_a_wrong_or_missing_count_costs_a_unit(right: str, wrong: str) -> None:
    text = ORDER.replace(right, wrong)
    assert likeness(read(), read(text)).value == pytest.approx(5 / 6), "one more beside five"
    assert EDIFACT.render(read(text))["trade.edi"] == text


def test_counts_are_written_anew_when_a_line_item_goes() -> None:
    units = [u for u in read().files["trade.edi"] if u.fields.get("LIN") != 2]
    text = EDIFACT.render(Document({"trade.edi": tuple(units)}))["trade.edi"]
    assert "UNT+13+1'" in text, "sixteen less the three segments of the second line item"


def test_a_segment_that_is_not_closed_costs_its_line_item_alone() -> None:
    result = likeness(read(), read(ORDER.replace("QTY+21:48'", "QTY+21:48")))
    # Five of its six fields are equal, and text that counts for two is new: 5/8, clipped 1/4.
    assert result.value == pytest.approx(4.25 / (5 + 5 - 4.25))


def test_other_service_characters_mean_the_same() -> None:
    text = "UNA*|.! ~" + "BGM|220|A!|7~"
    plain = "BGM+220+A|7'"
    assert read(text).files["trade.edi"] == read(plain).files["trade.edi"]


def test_parties_change_in_the_envelope_too() -> None:
    text = done("parties", read())
    assert "4012345000009" not in text
    assert text.count(":14+") == 2


def test_the_usual_day_moves_to_the_head() -> None:
    text = done("deliveries", read())
    assert text.index("DTM+2:20260310:102'") < text.index("LIN+1")
    assert text.count("DTM+2:") == 1
    assert "UNT+15+1'" in text, "two segments less, one more"


def test_references_change_in_both_places() -> None:
    text = done("references", read())
    reference = text.partition("UNH+")[2].partition("+")[0]
    assert reference.startswith("M")
    assert f"UNT+16+{reference}'" in text
