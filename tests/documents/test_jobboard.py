from decimal import Decimal

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

JOBBOARD = domain("jobboard")
BOARD = """\
Ref: J-1
Title: Depot clerk
Employer: Lumen AB
Hours: 38
Pay from: 2900
Pay to: 3450.50
Closes: 2026-02-20
Skills: SQL; crane
  signals
Contact: ab@lumen.example

You work
in Ghent.

Note: by day.

---

Ref: J-2
Title: Night fitter
Employer: Lumen AB
Contact: ab@lumen.example
See also: J-1
"""


def read(text: str = BOARD) -> Document:
    return JOBBOARD.parse({"postings.txt": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = JOBBOARD.read(instruction)
    assert program is not None
    return JOBBOARD.render(program(document))


def test_a_posting_has_a_field_for_every_tag_and_its_paragraphs() -> None:
    first, second = read().units()
    assert first.fields["Pay to"] == Decimal("3450.5")
    assert first.fields["Skills"] == "SQL; crane signals"
    assert first.text == "You work in Ghent.\n\nNote: by day."
    assert second.fields["See also"] == "J-1"


def test_a_lost_line_between_postings_or_a_lost_reference_costs_little() -> None:
    assert likeness(read(), read(BOARD.replace("---", ""))).lossless
    damaged = read(BOARD.replace("Ref: J-2\n", ""))
    # One of five tags: .8, clipped (.8 - .6) / .4 = .5; so 1.5 of 2 + 2 - 1.5.
    assert likeness(read(), damaged, clips=JOBBOARD.clips).value == pytest.approx(0.6)


def test_a_deadline_moves_over_the_end_of_a_month() -> None:
    asked = "Extend the deadline `Closes` of every posting by `10` days."
    # February 2026 has 28 days: 20 + 10 - 28 = 2.
    assert "Closes: 2026-03-02\n" in done(asked, read())["postings.txt"]


def test_pay_in_one_tag() -> None:
    asked = (
        "In every posting, put `Pay from` and `Pay to` together in one tag `Pay`, as in "
        "`Pay: 2900-3450`."
    )
    text = done(asked, read())["postings.txt"]
    assert "Hours: 38\nPay: 2900-3450.50\nCloses" in text


def test_a_week_of_38_hours_is_95_percent_of_40() -> None:
    asked = (
        "In every posting, state `Workload` instead of `Hours`: percent of a week of 40 hours, so "
        "multiply by `2.5`, exactly; write the number alone."
    )
    assert "Workload: 95\n" in done(asked, read())["postings.txt"]


def test_a_reference_changes_wherever_it_stands() -> None:
    asked = (
        "Replace the references of postings, in `Ref` and in `See also`, as follows: "
        "`J-1` → `V314`."
    )
    text = done(asked, read())["postings.txt"]
    assert "Ref: V314\n" in text
    assert "See also: V314\n" in text


def test_skills_a_row_each_and_contacts_a_row_an_employer() -> None:
    skills = (
        "Move the tag `Skills` of the postings out into a CSV table `skills.csv` with the columns "
        "`Ref`, `no` and `skill`: a row for every skill (they stand between semicolons), numbered "
        "from 1 in each posting, in their order."
    )
    assert done(skills, read())["skills.csv"] == "Ref,no,skill\nJ-1,1,SQL\nJ-1,2,crane signals\n"
    contacts = (
        "Move the tag `Contact` of the postings out into a CSV table `employers.csv` with the "
        "columns `Employer` and `Contact`, one row an employer in the order in which they come "
        "up. A posting with another contact than the first of its employer keeps its own."
    )
    files = done(contacts, read(BOARD.replace("ab@lumen.example\nSee", "hr@lumen.example\nSee")))
    assert files["employers.csv"] == "Employer,Contact\nLumen AB,ab@lumen.example\n"
    assert files["postings.txt"].count("Contact: hr@lumen.example") == 1
    assert files["postings.txt"].count("Contact:") == 1
