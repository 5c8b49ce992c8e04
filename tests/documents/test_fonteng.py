from decimal import Decimal
from io import StringIO
from random import Random

import pytest
from fontTools.feaLib import ast
from fontTools.feaLib.parser import Parser

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

FONTENG = domain("fonteng")
FEATURES = """\
@caps = [A B
    C];
markClass acutecomb <anchor 120 -30> @TOP;
feature kern {
    # tight
    position A V -40; pos @caps [T Y] <0 0 -12 0>;
    enum pos @caps T 5;
} kern;
"""


def read(text: str = FEATURES) -> Document:
    return FONTENG.parse({"f.fea": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = FONTENG.read(instruction)
    assert program is not None
    return FONTENG.render(program(document))


def test_a_statement_is_a_unit_with_its_numbers() -> None:
    caps, mark, block, comment, pair, record, other, close = read().units()
    assert (caps.fields["name"], caps.text) == ("@caps", "A B C")
    assert mark.fields["y"] == Decimal(-30)
    assert (block.fields["name"], comment.text, close.text) == ("kern", "tight", "kern")
    assert pair.fields == {"first": "A", "second": "V", "value": Decimal(-40)}
    assert (record.fields["second"], record.fields["advance_x"]) == ("[T Y]", Decimal(-12))
    assert (other.kind, other.text) == ("statement", "enum pos @caps T 5")


def test_a_lost_semicolon_costs_its_statement_alone() -> None:
    broken = read(FEATURES.replace("T 5;", "T 5"))
    assert [u.kind for u in broken.units()][-2:] == ["opaque", "close"]
    assert likeness(read(), broken).value > 0.7


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = FONTENG.generate(Random(seed), 800).values()
    theirs = Parser(StringIO(text), glyphNames=()).parse().statements
    mine = list(FONTENG.parse({"f.fea": text}).units())
    kern = next(s for s in theirs if isinstance(s, ast.FeatureBlock) and s.name == "kern")
    assert [
        (p.glyphs1.asFea(), p.glyphs2.asFea(), p.valuerecord1.xAdvance) for p in kern.statements
    ] == [
        (u.fields["first"], u.fields["second"], u.fields["value"]) for u in mine if u.kind == "pair"
    ]
    assert [s.name for s in theirs if isinstance(s, ast.FeatureBlock)] == [
        u.fields["name"] for u in mine if u.kind == "feature"
    ]


def test_full_records_and_back() -> None:
    long = (
        "Write every positioning that has a single number with the full value record instead: "
        "`-40` is `<0 0 -40 0>`."
    )
    short = (
        "Write every value record that has nothing but a horizontal advance as a single number: "
        "`<0 0 -40 0>` is `-40`."
    )
    assert "    pos A V <0 0 -40 0>;\n" in done(long, read())["f.fea"]
    assert "    pos @caps [T Y] -12;\n" in done(short, read())["f.fea"]


def test_a_class_is_renamed_as_a_whole_name() -> None:
    asked = "Rename glyph classes, where they are defined and where used: `@caps` → `@UC`."
    text = done(asked, read(FEATURES + "@caps2 = [@caps D];\n"))["f.fea"]
    assert "@UC = [A B C];\n" in text
    assert "@caps2 = [@UC D];\n" in text


def test_kerning_goes_to_a_table() -> None:
    asked = (
        "Move the pair positionings of the feature `kern` into a CSV table `k.csv` with the "
        "columns `first`, `second`, `value`, in their order; the rest of the feature stays."
    )
    files = done(asked, read(FEATURES.replace("<0 0 -12 0>", "-12")))
    assert files["k.csv"] == "first,second,value\nA,V,-40\n@caps,[T Y],-12\n"
    assert "feature kern {\n    # tight\n    enum pos @caps T 5;\n} kern;\n" in files["f.fea"]
