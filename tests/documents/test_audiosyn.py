from decimal import Decimal

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

AUDIOSYN = domain("audiosyn")
PIECE = """\
<CsoundSynthesizer>
<CsInstruments>
0dbfs = 1
instr 7
i1 = p4
aOut oscili i1, cpspch(p5), p6
endin
</CsInstruments>
<CsScore>
f 3 0 1024 10 1
t 0 60 8 90
i7 0 1.5 .25 8.09 3 ; first
i 7 2 . 0.5 7.11 3
</CsScore>
</CsoundSynthesizer>
"""


def read(text: str = PIECE) -> Document:
    return AUDIOSYN.parse({"a.csd": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = AUDIOSYN.read(instruction)
    assert program is not None
    return AUDIOSYN.render(program(document))


def test_a_note_has_a_field_for_every_p_field_and_a_variable_is_no_note() -> None:
    units = list(read().units())
    first, second = (u for u in units if u.kind == "note")
    assert first.fields == {
        "p1": Decimal(7), "p2": Decimal(0), "p3": Decimal("1.5"), "p4": ".25",
        "p5": Decimal("8.09"), "p6": Decimal(3),
    }  # fmt: skip
    assert (first.text, second.fields["p3"]) == ("; first", ".")
    assert next(u.text for u in units if u.kind == "statement") == "i1 = p4"


def test_beats_and_tempo_together() -> None:
    asked = (
        "Count time in other beats: multiply start and duration (`p2`, `p3`) of every note, the "
        "start of every function table (`p2`), and every number of the tempo statement, times and "
        "tempos alike, by `2`."
    )
    text = done(asked, read())["a.csd"]
    assert "t 0 120 16 180\ni 7 0 3 .25 8.09 3 ; first\ni 7 4 . 0.5 7.11 3\n" in text


def test_an_instrument_keeps_its_notes() -> None:
    asked = "Give instruments other numbers, after `instr` and in `p1` of their notes: `7` → `107`."
    text = done(asked, read())["a.csd"]
    assert "instr 107\n" in text
    assert text.count("i 107 ") == 2


def test_full_scale_and_amplitudes_in_proportion() -> None:
    asked = (
        "Change the full scale `0dbfs` from `1` to `32768`, and the amplitude `p4` of every note "
        "in the same proportion."
    )
    text = done(asked, read())["a.csd"]
    assert "0dbfs = 32768\n" in text
    assert "i 7 2 . 16384 7.11 3\n" in text


def test_orchestra_and_score_in_files_of_their_own() -> None:
    asked = (
        "Move what stands between the tags of `CsInstruments` in `a.csd` to a file `a.orc`, and "
        "what stands between those of `CsScore` to a file `a.sco`; the tags stay."
    )
    files = done(asked, read())
    assert files["a.orc"].startswith("0dbfs = 1\ninstr 7\n")
    assert files["a.sco"].startswith("f 3 0 1024 10 1\n")
    assert "<CsInstruments>\n</CsInstruments>\n<CsScore>\n</CsScore>\n" in files["a.csd"]


def test_a_lost_tag_costs_itself_alone() -> None:
    assert likeness(read(), read(PIECE.replace("<CsScore>\n", ""))).value > 0.9
