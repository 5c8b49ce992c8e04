from random import Random

import pytest
from pymarc import Field, MARCMakerReader

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

LIBCATALOG = domain("libcatalog")
BOOKS = r"""
=LDR  00714nam\a2200205\i\4500
=001  17
=020  \\$a9780306406157$qhardback
=100  1\$aHolm, Mira,$d1950-
=245  14$aThe mill question /$cMira Holm.
=260  \\$aJena :$bKestrel,$c1984.
=650  \0$aMills$xHistory.
=650  \0$aBread.
=787  08$iRelated to:$w18

=LDR  00514nam\a2200105\i\4500
=001  18
=020  \\$a9780306406158
=245  10$aNotes on bread /$cMira Holm.
=700  1\$aHolm, Mira,$d1950-
""".lstrip()


def read(text: str = BOOKS) -> Document:
    return LIBCATALOG.parse({"books.mrk": text})


def done(name: str, document: Document) -> dict[str, str]:
    """Carry out a planned edit from its words."""
    words = {e.name: e.forward.instruction for e in LIBCATALOG.plan(document, Random(0))}[name]
    program = LIBCATALOG.read(words)
    assert program is not None
    return LIBCATALOG.render(program(document))


def test_a_line_is_a_field_by_tag() -> None:
    first, second = read().files["books.mrk"]
    assert first.fields["245"] == "14$aThe mill question /$cMira Holm."
    assert (first.fields["650"], first.fields["650#2"]) == (r"\0$aMills$xHistory.", r"\0$aBread.")
    assert second.fields["001"] == "18"


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = LIBCATALOG.generate(Random(seed), 1500).values()
    mine = read(text).files["books.mrk"]
    theirs = list(MARCMakerReader(text.removesuffix("\n\n")))
    assert len(theirs) == len(mine)
    for record, unit in zip(theirs, mine, strict=True):
        assert record["001"].data == unit.fields["001"]
        titles: list[Field] = record.get_fields("245")
        assert [str(f)[6:] for f in titles] == [unit.fields["245"]]


def test_a_leader_begins_a_record_where_the_empty_line_is_lost() -> None:
    assert likeness(read(), read(BOOKS.replace("\n\n", "\n"))).lossless


def test_a_line_without_a_mark_costs_its_record_alone() -> None:
    result = likeness(read(), read(BOOKS.replace("=260", "260")))
    # Of the first record 8 of 9 lines stay, and text that counts for two is new: 8/11.
    similarity = (8 / 11 - 0.5) / 0.5
    assert result.value == pytest.approx((1 + similarity) / (4 - 1 - similarity))


def test_control_numbers_change_where_they_are_referred_to() -> None:
    text = done("control_numbers", read())["books.mrk"]
    numbers = [line[6:] for line in text.split("\n") if line.startswith("=001")]
    assert all(n.endswith(("0017", "0018")) for n in numbers)
    assert f"$w{numbers[1]}\n" in text


def test_isbns_with_ten_digits() -> None:
    text = done("short_isbns", read())["books.mrk"]
    # 0·10 + 3·9 + 0·8 + 6·7 + 4·6 + 0·5 + 6·4 + 1·3 + 5·2 = 130, and 130 + 2 is 12 · 11.
    assert r"=020  \\$a0306406152$qhardback" in text
    assert r"=020  \\$a9780306406158" in text, "its check digit is wrong"


def test_imprints_as_the_newer_rules_have_them() -> None:
    assert r"=264  \1$aJena :$bKestrel,$c1984." in done("newer_imprint", read())["books.mrk"]


def test_one_name_has_one_number() -> None:
    files = done("authorities", read())
    assert files["names.csv"] == 'number,heading\nN1,"$aHolm, Mira,$d1950-"\n'
    assert r"=100  1\$0N1" in files["books.mrk"]
    assert r"=700  1\$0N1" in files["books.mrk"]
