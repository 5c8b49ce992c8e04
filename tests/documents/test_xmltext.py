from decimal import Decimal
from random import Random

import pytest
from lxml import etree

from worktrial.documents.domain import DOMAINS, domain
from worktrial.documents.unit import Unit
from worktrial.documents.xmltext import FLAW, Element, Vocabulary, Xml

BOOK = Xml(
    Vocabulary(
        {
            "book": Element(0, holds=True),
            "part": Element(1, holds=True, nests=True, order=("title",)),
            "page": Element(2, key="@no", text="words", order=("@no", "size")),
            "note": Element(2, kind="aside"),
        },
        numbers=("@no",),
        vectors={"@at": (("x", "y"), " "), "size": (("w", "h"), ",")},
        named={"tag": "name"},
        closed=("draft",),
    )
)
PAGE = '<page no="1" at="2 3.5"><size>4,5</size><words>a  b</words><tag name="ink">x</tag></page>'


def kinds(text: str) -> list[str]:
    return [u.kind for u in BOOK.parse(text)]


def test_fields_are_named_by_their_path() -> None:
    (page,) = BOOK.parse(PAGE)
    assert page == Unit(
        "page",
        {
            "@no": Decimal(1),
            "@at[x]": Decimal(2),
            "@at[y]": Decimal("3.5"),
            "size[w]": Decimal(4),
            "size[h]": Decimal(5),
            "tag[ink]": "x",
        },
        key="@no",
        text="a b",
    )
    assert BOOK.parse(BOOK.render([page])) == [page]


def test_what_is_repeated_is_counted_and_what_is_mixed_is_kept() -> None:
    (page,) = BOOK.parse("<page>o<![CDATA[ne]]><b>two</b>three<b c='4'/><b/></page>")
    assert page.fields == {".": "one three", "b": "two", "b[2]/@c": "4", "b[3]": ""}


def test_another_word_for_the_kind_keeps_the_element() -> None:
    (note,) = BOOK.parse("<note/>")
    assert note == Unit("aside", {"name()": "note"})
    assert BOOK.render([note]).endswith("<note/>\n")


def test_where_a_unit_stands_survives_when_levels_do_not_tell() -> None:
    text = "<book><part><part><page no='1'/></part><page no='2'/></part><page no='3'/></book>"
    units = BOOK.parse(text)
    assert [u.fields.get("depth") for u in units] == [None, None, 2, None, 2, 1]
    written = BOOK.render(units)
    assert BOOK.parse(written) == units
    assert [e.tag for e in etree.fromstring(written.encode())] == ["part", "page"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<book><page no='1'><page no='2'/></book>", ["book", "page", "opaque", "page"]),
        ("<book><page no='1'/>", ["book", "page", "opaque"]),
        ("<book></part></book>", ["book", "opaque"]),
        ("<book>loose</book>", ["book", "opaque"]),
        ("<book><page no='1'></part></page></book>", ["book", "page"]),
        ("<book><!-- x --></book>", ["book", "comment"]),
        ("<book><draft><page/></draft></book>", ["book"]),
        ("Sure: <book/> Done.", ["opaque", "book", "opaque"]),
    ],
)
def test_what_does_not_fit_costs_a_small_unit(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_no_entity_is_expanded_and_nothing_of_it_is_lost() -> None:
    units = BOOK.parse(
        '<!DOCTYPE book [<!ENTITY x SYSTEM "file:///etc/hosts">]><page>&x; &#65;</page>'
    )
    assert units[-1].fields == {".": "&x; A"}
    assert "<!DOCTYPE book [" in units[0].text
    assert BOOK.parse(BOOK.render(units)) == units


def test_broken_attributes_are_kept_as_text() -> None:
    (page,) = BOOK.parse('<page no="1" at=5 no="2">x</page>')
    assert page.fields == {"@no": Decimal(1), ".": 'at=5 no="2" x'}


def test_a_tag_that_is_owed_is_noticed_at_its_place() -> None:
    assert BOOK.parse("<book><page><words>a</page></book>")[-1] == FLAW


VOCABULARIES = [
    name for name in DOMAINS if any(isinstance(f, Xml) for f in domain(name).formats.values())
]


@pytest.mark.parametrize("name", VOCABULARIES)
def test_what_is_written_is_well_formed_for_a_strict_parser(name: str) -> None:
    chosen = domain(name)
    document = chosen.parse(chosen.generate(Random(1), 800))
    for planned in chosen.plan(document, Random(1)):
        for file, text in chosen.render(planned.forward(document)).items():
            if isinstance(chosen.formats["." + file.rpartition(".")[2]], Xml):
                etree.fromstring(text.encode())


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_broken_file_is_written_as_it_was_read(name: str) -> None:
    """Only tags that were owed are there again."""
    chosen, rng = domain(name), Random(3)
    ((file, text),) = chosen.generate(rng, 300).items()
    for _ in range(40):
        at = rng.randrange(len(text))
        broken = text[:at] + rng.choice(("", "<", ">", '"', "&", "</", "]]>")) + text[at + 3 :]
        document = chosen.parse({file: broken})
        again = chosen.parse(chosen.render(document))
        assert [u for u in document.files[file] if u != FLAW] == [
            u for u in again.files[file] if u != FLAW
        ], broken
