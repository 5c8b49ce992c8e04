from decimal import Decimal

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

EARNCALL = domain("earncall")
CALL = """\
# Kestrel Group, call on the first half of 2026

Date: 2026-08-11

## Participants

- Greta Holm: Chief Financial Officer
- Emeka Costa (Polaris Partners): Equity Analyst

## Prepared remarks

**Greta Holm** [00:00:50]: Sales rose 4.2 percent to €31.5 million.

## Questions

**Emeka Costa** [00:59:58]: Is 4.2 percent
the trend?

As before, 1 percent is not.
"""


def read(text: str = CALL) -> Document:
    return EARNCALL.parse({"call.md": text})


def done(instruction: str) -> dict[str, str]:
    program = EARNCALL.read(instruction)
    assert program is not None
    return EARNCALL.render(program(read()))


def test_a_turn_has_a_speaker_a_time_and_words() -> None:
    units = list(read().units())
    assert [u.kind for u in units] == [
        *("title", "fact", "section", "participant", "participant", "section", "turn", "section"),
        *("turn", "paragraph"),
    ]
    assert units[4].fields == {
        "name": "Emeka Costa",
        "firm": "Polaris Partners",
        "role": "Equity Analyst",
    }
    assert units[8].fields == {"speaker": "Emeka Costa", "time": Decimal(59 * 60 + 58)}
    assert units[8].text == "Is 4.2 percent the trend?"


def test_a_broken_time_costs_its_turn_alone() -> None:
    result = likeness(read(), read(CALL.replace("[00:00:50]", "[00:00:5]")), clips=EARNCALL.clips)
    assert 0.6 < result.value < 0.9


def test_the_clock_moves_over_the_hour() -> None:
    text = done("Add `90` seconds to the time of every turn.")["call.md"]
    assert "**Greta Holm** [00:02:20]: " in text
    assert "**Emeka Costa** [01:01:28]: " in text


def test_roles_stand_at_every_turn() -> None:
    asked = (
        "After the bold name of the speaker of every turn, write a comma and the role that the "
        "list of participants gives, as in `**Greta Holm**, Treasurer [00:12:40]: …`."
    )
    assert "**Greta Holm**, Chief Financial Officer [00:00:50]: Sales" in done(asked)["call.md"]


def test_figures_in_a_finer_measure() -> None:
    asked = (
        "In what is said, state every figure in `percent` in `basis points` instead: multiply the "
        "number by `100`, exactly, without thousands separators."
    )
    text = done(asked)["call.md"]
    assert "Sales rose 420 basis points to €31.5 million." in text
    assert "1 percent is not" in text, "no one is said to say it"


def test_a_section_apart_and_its_headings() -> None:
    asked = (
        "Move the section `Questions` of the transcript `call.md`, with its heading, into a new "
        "file `q.md`."
    )
    files = done(asked)
    assert files["call.md"] == CALL[: CALL.index("\n## Questions")]
    assert files["q.md"].startswith("## Questions\n\n**Emeka Costa**")


def test_people_by_other_names_but_not_in_what_is_said() -> None:
    asked = (
        "Replace the names of people in the list of participants and above what they say (but not "
        "within what is said) as follows: `Greta Holm` → `P1`."
    )
    text = done(asked)["call.md"]
    assert "- P1: Chief Financial Officer\n" in text
    assert "**P1** [00:00:50]: " in text
