from datetime import date
from decimal import Decimal

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

FICTION = domain("fiction")
NOVEL = """\
# The Ferry

## Chapter 4: Ice

*Mara, 7 May 1931*

The river
froze.

“Go,” said Nils.

***

“Mara's boat is «mine»,” said Mara.

## Chapter 9
*1 June 1890*
Nils slept.
"""


def read(text: str = NOVEL) -> Document:
    return FICTION.parse({"n.md": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = FICTION.read(instruction)
    assert program is not None
    return FICTION.render(program(document))


def test_a_chapter_has_its_narrator_and_its_date() -> None:
    units = list(read().units())
    assert [u.kind for u in units] == [
        "heading", "chapter", "paragraph", "paragraph", "break", "paragraph", "chapter",
        "paragraph",
    ]  # fmt: skip
    assert units[1].fields == {
        "level": Decimal(2), "number": Decimal(4), "title": "Ice", "narrator": "Mara",
        "date": date(1931, 5, 7),
    }  # fmt: skip
    assert units[2].text == "The river froze."


def test_the_line_below_a_heading_needs_no_blank_line() -> None:
    later = NOVEL.replace("## Chapter 9\n*1 June 1890*\n", "## Chapter 9\n\n*1 June 1890*\n\n")
    assert likeness(read(later), read(NOVEL.replace("1890*\n", "1890*\n\n"))).lossless


@pytest.mark.parametrize(
    ("number", "roman"), [("4", "IV"), ("9", "IX"), ("1994", "MCMXCIV"), ("40", "XL")]
)
def test_roman_numerals(number: str, roman: str) -> None:
    there, back = (
        f"Write the numbers of the chapters in {kind} numerals." for kind in ("Roman", "Arabic")
    )
    text = done(there, read(f"# Chapter {number}: Snow\n"))["n.md"]
    assert text == f"# Chapter {roman}: Snow\n"
    assert done(back, read(text))["n.md"] == f"# Chapter {number}: Snow\n"


def test_what_one_character_says() -> None:
    asked = (
        "Move the paragraphs that end with the word `said` and `Mara` and a full stop into a CSV "
        "table `m.csv` with the columns `no` and `paragraph`, numbered from 1 in their order, and "
        "leave a paragraph with the name and the number, such as `[Name 3]`, in the place of each."
    )
    files = done(asked, read())
    assert files["m.csv"] == 'no,paragraph\n1,"“Mara\'s boat is «mine»,” said Mara."\n'
    assert "* * *\n\n[Mara 1]\n\n## Chapter 9\n" in files["n.md"]


def test_chapters_by_date() -> None:
    asked = (
        "Sort the chapters, each with all that stands under it, by `date`, smallest first; ties "
        "keep their order."
    )
    text = done(asked, read(NOVEL.replace("1890*\n", "1890*\n\n")))["n.md"]
    assert text.index("Chapter 9") < text.index("Nils slept.") < text.index("Chapter 4")
    assert text.startswith("# The Ferry\n")


def test_a_chapter_that_loses_its_date_stays_a_chapter() -> None:
    result = likeness(read(), read(NOVEL.replace("*Mara, 7 May 1931*\n\n", "")))
    assert 0.7 < result.value < 1
