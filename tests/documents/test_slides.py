from decimal import Decimal

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

SLIDES = domain("slides")
DECK = """\
---
theme: gaia
---

# Harbour

Mara Holm

---

## Tides

<!-- time: 2.5 -->

- High at six
  - twice a day
- Low at noon

<!-- Point at the map. -->

---

## Boats

1. Ferry

| a | b |
"""


def read(text: str = DECK) -> Document:
    return SLIDES.parse({"deck.md": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = SLIDES.read(instruction)
    assert program is not None
    return SLIDES.render(program(document))


def test_a_unit_is_a_line_or_block_of_a_slide() -> None:
    kinds = [u.kind for u in read().units()]
    assert kinds == [
        "meta", "heading", "paragraph", "break", "heading", "setting", "item", "item", "item",
        "note", "break", "heading", "item", "table row",
    ]  # fmt: skip
    time, deep = [u for u in read().units() if u.kind in ("setting", "item")][0:3:2]
    assert time.fields == {"time": Decimal("2.5")}
    assert (deep.fields, deep.text) == ({"depth": Decimal(1)}, "twice a day")


def test_a_comment_that_is_not_closed_costs_itself_alone() -> None:
    broken = read(DECK.replace("map. -->", "map."))
    assert likeness(read(), broken).value > 0.85


def test_headings_divide_the_deck() -> None:
    asked = (
        "Let headings divide the deck: add `headingDivider: 2` as the last entry of the front "
        "matter, and take out every slide break that stands right in front of a heading of level "
        "1 or 2, unless right above the break stands another such heading, another break, or the "
        "front matter."
    )
    text = done(asked, read())["deck.md"]
    assert text.startswith("---\ntheme: gaia\nheadingDivider: 2\n---\n\n# Harbour\n")
    assert text.count("---") == 2


def test_items_are_counted_at_each_depth() -> None:
    asked = (
        "Turn the items of every list into numbered ones, counted from 1 at each depth; counting "
        "starts again in another list and below another item."
    )
    text = done(asked, read())["deck.md"]
    assert "1. High at six\n  1. twice a day\n2. Low at noon\n" in text


def test_slides_are_sorted_by_title_behind_the_first() -> None:
    asked = (
        "Sort the slides by their titles, in the order of the characters' code points; the first "
        "slide stays first, and ties keep their order."
    )
    text = done(asked, read())["deck.md"]
    assert text.index("# Harbour") < text.index("## Boats") < text.index("## Tides")
    assert text.endswith("<!-- Point at the map. -->\n")


def test_notes_go_to_a_handout() -> None:
    asked = (
        "Move the speaker's notes, which are comments, into a CSV table `n.csv` with the columns "
        "`no` and `note`, numbered from 1 in their order, and leave a comment such as `<!-- note "
        "3 -->` in the place of each. Comments that set a value, such as `<!-- time: 2 -->`, stay."
    )
    files = done(asked, read())
    assert files["n.csv"] == "no,note\n1,Point at the map.\n"
    assert "<!-- time: 2.5 -->" in files["deck.md"]
    assert "<!-- note 1 -->" in files["deck.md"]
