from decimal import Decimal
from random import Random

import pytest
from screenplay_tools.fountain.parser import Parser
from screenplay_tools.screenplay import ElementType

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

SCREENPLAY = domain("screenplay")
SCRIPT = """\
Title: The Ferry
Contact:
    Mara Holm
    Ghent

INT. FERRY DECK - NIGHT #7#

Mara waits.

MARA (V.O.)
(softly)
It holds.
Until spring.

OSKAR
Mara's rope?

CUT TO:
"""


def read(text: str = SCRIPT) -> Document:
    return SCREENPLAY.parse({"a.fountain": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = SCREENPLAY.read(instruction)
    assert program is not None
    return SCREENPLAY.render(program(document))


def test_a_unit_is_what_its_first_line_tells() -> None:
    title, contact, scene, action, speech, _, transition = read().units()
    assert title.fields == {"name": "Title", "value": "The Ferry"}
    assert contact.fields["value"] == "Mara Holm\nGhent"
    assert scene.fields == {
        "setting": "INT.", "location": "FERRY DECK", "time": "NIGHT", "number": Decimal(7),
    }  # fmt: skip
    assert speech.fields == {"character": "MARA", "extension": "V.O.", "parenthetical": "softly"}
    assert (action.text, speech.text) == ("Mara waits.", "It holds.\nUntil spring.")
    assert (transition.kind, transition.text) == ("transition", "CUT TO:")


def test_a_mark_that_forces_what_a_line_is_anyway_means_nothing() -> None:
    forced = SCRIPT.replace("OSKAR", "@OSKAR").replace("CUT TO:", "> CUT TO:")
    assert likeness(read(), read(forced)).lossless
    assert SCREENPLAY.render(read("@McCoy\nNo.\n\n!INT. is a word"))["a.fountain"] == (
        "@McCoy\nNo.\n\n!INT. is a word\n"
    )


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = SCREENPLAY.generate(Random(seed), 800).values()
    parser = Parser()
    parser.add_text(text)
    parser.finalize()
    theirs = parser.script.elements
    mine = list(SCREENPLAY.parse({"a.fountain": text}).units())
    speeches = [u for u in mine if u.kind == "speech"]
    assert [(e.name, e.extension) for e in theirs if e.type == ElementType.CHARACTER] == [
        (u.fields["character"], u.fields.get("extension")) for u in speeches
    ]
    assert [e.text for e in theirs if e.type == ElementType.DIALOGUE] == [u.text for u in speeches]
    assert [e.scene_number for e in theirs if e.type == ElementType.HEADING] == [
        str(u.fields["number"]) for u in mine if u.kind == "scene"
    ]


def test_the_side_of_a_character() -> None:
    asked = (
        "Move the speeches of `MARA` into a CSV table `mara_side.csv` with the columns `no`, "
        "`extension`, `parenthetical`, `text`: a row each, numbered from 1 in their order, "
        "brackets left out, a cell empty where there is none. In the script, put in the place of "
        "each whole speech a note with the character and the number, such as `[[NAME 3]]`."
    )
    files = done(asked, read())
    assert files["mara_side.csv"] == (
        'no,extension,parenthetical,text\n1,V.O.,softly,"It holds.\nUntil spring."\n'
    )
    assert "Mara waits.\n\n[[MARA 1]]\n\nOSKAR\n" in files["a.fountain"]


def test_a_character_is_renamed_as_a_whole_word_in_its_case() -> None:
    asked = (
        "Rename throughout, wherever a name stands as a whole word and in just this case: "
        "`MARA` → `ELIN`, `Mara` → `Elin`."
    )
    text = done(asked, read(SCRIPT + "\nMarabou and mara.\n"))["a.fountain"]
    assert "ELIN (V.O.)" in text
    assert "Elin's rope?" in text
    assert "Marabou and mara." in text


def test_a_scene_moves_with_all_that_stands_under_it() -> None:
    more = SCRIPT + "\nEXT. BAKERY - DAWN #8#\n\nFlour.\n"
    asked = (
        "Sort the scenes, each with all that stands under it, by `location`, smallest first; "
        "ties keep their order."
    )
    text = done(asked, read(more))["a.fountain"]
    assert text.index("Ghent") < text.index("Flour.") < text.index("FERRY DECK")
    assert text.endswith("CUT TO:\n")
