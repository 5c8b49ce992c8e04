from decimal import Decimal

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

MUSICSHEET = domain("musicsheet")
BOOK = """\
X:3
T:Rain
M:4/4
L:1/8
Q:1/4=90
K:G
"Bb"A2 ^c/2B,/2 [CE]3 {g}(3abc | !trill!z4 "^B flat"A>B :|
w: la la

X:5
T:Wind
L:1/4
K:D
G:|
"""


def read(text: str = BOOK) -> Document:
    return MUSICSHEET.parse({"a.abc": text})


def done(instruction: str, document: Document) -> str:
    program = MUSICSHEET.read(instruction)
    assert program is not None
    return MUSICSHEET.render(program(document))["a.abc"]


def test_a_head_is_one_unit_and_a_line_of_music_another() -> None:
    head, _, lyrics, other, last = read().units()
    assert (head.fields["X"], head.fields["Q"], head.fields["beat"]) == (
        Decimal(3),
        Decimal(90),
        "1/4",
    )
    assert (lyrics.text, other.fields["T"], last.text) == ("la la", "Wind", "G:|")


@pytest.mark.parametrize(
    ("written", "plain"),
    [("A/2 B// c3/2", "A/ B/4 c3/2"), ("c, C' A4/2", "C c A2"), ("A1 z/0 [ce]2/2", "A z/0 [ce]")],
)
def test_ways_to_write_a_note_are_one(written: str, plain: str) -> None:
    assert read(written).files["a.abc"][0].text == plain


def test_an_octave_higher() -> None:
    asked = (
        "Write all the music an octave higher: every note, in chords and grace notes too (`C,` "
        "becomes `C`, `C` becomes `c`, `c` becomes `c'`). Chord symbols and keys stay."
    )
    text = done(asked, read())
    assert "\"Bb\"a2 ^c'/B/ [ce]3 {g'}(3a'b'c' | !trill!z4 \"^B flat\"a>b :|" in text


def test_half_the_unit_length_doubles_the_lengths_of_those_tunes() -> None:
    asked = (
        "Write every tune whose unit length `L` is `1/8` with the unit length `1/16` instead: "
        "change the length of its notes, rests and chords (as a whole) so that they sound as "
        "before; grace notes stay as they are."
    )
    text = done(asked, read())
    assert '"Bb"A4 ^cB, [CE]6 {g}(3a2b2c2 | !trill!z8 "^B flat"A2>B2 :|' in text
    assert "L:1/16" in text
    assert text.endswith("L:1/4\nK:D\nG:|\n")


def test_german_chord_symbols() -> None:
    asked = (
        "In chord symbols, write the roots and basses as follows, each at once: `Bb` → `B`, `B` → "
        "`H`. Annotations, which begin with one of `^_<>@`, stay."
    )
    text = done(asked, read(BOOK + '"G/B"G "Bm"A\n'))
    assert '"B"A2' in text
    assert '"^B flat"' in text
    assert text.endswith('"G/H"G "Hm"A\n')


def test_a_wrong_note_costs_little() -> None:
    assert 0.9 < likeness(read(), read(BOOK.replace("A2", "G2"))).value < 1
