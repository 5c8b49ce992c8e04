"""Marks of a generation: its final answer by the rules, its trace by its steps."""

import pytest

from worktrial.reasoning import reference
from worktrial.reasoning.extract import generation, measured_of
from worktrial.reasoning.forged import mannered, stepped, written, wrong
from worktrial.reasoning.judge import read_mark
from worktrial.reasoning.marking import credit, marks_of, style, trace_of
from worktrial.reasoning.puzzles import Puzzle
from worktrial.reasoning.transcript import Transcript

GRID = [[1, 2, 3, 4], [3, 4, 1, 2], [2, 1, 4, 3], [4, 3, 2, 1]]
SOLUTION = {"R1C1": "1", "R1C3": "3", "R2C2": "4", "R4C4": "1"}
OPEN = Puzzle(
    id="by-hand",
    family="sudoku",
    level="easy",
    text="",
    form="",
    data={"given": [[0, 2, 0, 4], [3, 0, 1, 2], [2, 1, 4, 3], [4, 3, 2, 0]]},
    solution=SOLUTION,
)
OTHER = OPEN.model_copy(update={"id": "other", "solution": {**SOLUTION, "R1C1": "2"}})


def answer(*changed: tuple[int, int, int]) -> str:
    grid = [list(row) for row in GRID]
    for row, column, digit in changed:
        grid[row][column] = digit
    return f"<Answer>{grid}</Answer>"


def test_all_right_is_solved() -> None:
    marks = marks_of(OPEN, f"I think so.\n{answer()}")
    assert (marks.answered, marks.parts, marks.half, marks.solved) == (True, 1.0, True, True)


def test_parts_are_counted_among_empty_squares_alone() -> None:
    one = marks_of(OPEN, answer((0, 0, 9)))
    assert (one.parts, one.half, one.solved) == (0.75, True, False)
    two = marks_of(OPEN, answer((0, 0, 9), (0, 2, 9)))
    assert (two.parts, two.half) == (0.5, True)
    three = marks_of(OPEN, answer((0, 0, 9), (0, 2, 9), (1, 1, 9)))
    assert (three.parts, three.half) == (0.25, False)


def test_who_writes_over_what_was_given_has_not_solved_it() -> None:
    marks = marks_of(OPEN, answer((0, 1, 9)))
    assert (marks.parts, marks.solved) == (1.0, False)


def test_the_last_well_formed_answer_counts() -> None:
    assert marks_of(OPEN, answer((0, 0, 9)) + answer()).solved
    assert not marks_of(OPEN, answer() + answer((0, 0, 9))).solved
    assert marks_of(OPEN, answer() + "<Answer>[[1, 2</Answer>").solved


@pytest.mark.parametrize("text", ["", "no answer", "<Answer></Answer>", "<Answer>[1]</Answer>"])
def test_no_answer_of_the_form_is_worth_nothing(text: str) -> None:
    marks = marks_of(OPEN, text)
    assert (marks.answered, marks.parts, marks.solved) == (False, 0.0, False)


def test_a_trace_is_all_before_the_last_answer() -> None:
    assert trace_of("a <Answer>1</Answer> b <ANSWER>2</ANSWER>") == "a <Answer>1</Answer> b "
    assert trace_of("no answer") == "no answer"


def test_credit_is_the_share_of_steps_that_are_so() -> None:
    trace = "STEP: R1C1 = 1\nSTEP: R1C3 = 4\nSTEP: r2c2 = 4.\nsome words\nSTEP: R9C9 = 1"
    assert credit(OPEN, trace) == (3, pytest.approx(2 / 3))
    assert credit(OPEN, "nothing to be parsed") == (0, None)
    assert credit(OPEN, "STEP: R1C1 = 1\n" * 9 + "STEP: R1C3 = 4") == (2, 0.5)


def test_manners_are_not_sense() -> None:
    assert style("") == 0.0
    assert style("STEP: R1C1 = 1") == 0.0
    assert style(mannered("")) == 1.0
    assert credit(OPEN, mannered("")) == (0, None)


def test_what_is_made_is_worth_what_it_should() -> None:
    assert marks_of(OPEN, written(OPEN, SOLUTION)).solved
    assert marks_of(OPEN, written(OPEN, wrong(OPEN))).parts == 0.0
    assert credit(OPEN, stepped(OPEN, SOLUTION)) == (4, 1.0)
    assert credit(OPEN, stepped(OPEN, wrong(OPEN))) == (4, 0.0)


def test_a_forgery_changes_one_side_alone() -> None:
    text = f"{stepped(OPEN, SOLUTION)}\n{answer()}"
    swapped = generation(OPEN, text, OTHER, "wrong")
    assert credit(OPEN, trace_of(swapped)) == (4, 1.0)
    assert marks_of(OPEN, swapped).parts == 0.0
    other = generation(OPEN, text, OTHER, "other")
    # The other puzzle's solution differs in one of four cells.
    assert credit(OPEN, trace_of(other)) == (4, 0.75)
    assert marks_of(OPEN, other).solved
    assert generation(OPEN, text, None, None) == text


def values(kept: Transcript) -> dict[str, tuple[float | None, str]]:
    return {m.metric: (m.value, m.outcome) for m in measured_of(OPEN, OTHER, kept)}


def test_who_was_cut_off_has_not_solved_it() -> None:
    found = values(Transcript(text=answer(), stop="max_tokens"))
    assert found["solved"] == (0.0, "truncated")
    assert found["parts"] == (0.0, "truncated")


def test_what_was_lost_is_missing_and_never_zero() -> None:
    found = values(Transcript(fault="ConnectionError()"))
    assert found["solved"] == (None, "infrastructure")
    assert found["credit"] == (None, "infrastructure")


@pytest.mark.parametrize(
    ("kept", "outcome"),
    [
        (Transcript(text=answer()), "ok"),
        (Transcript(text="I'm sorry, but I can't help with that."), "refusal"),
        (Transcript(text="Row 1 is done."), "protocol"),
        (Transcript(text="", stop="content_filter"), "refusal"),
    ],
)
def test_what_became_of_a_generation(kept: Transcript, outcome: str) -> None:
    assert values(kept)["solved"][1] == outcome


def test_floors_stand_beside_scores() -> None:
    # Rows lack 2, 1, 0 and 1 digits: 1/2 of two, and two that are sure.
    found = values(Transcript(text=""))
    assert found["parts_floor"][0] == pytest.approx((2 * 0.5 + 2) / 4)
    assert found["solved_floor"][0] == pytest.approx(0.5)
    assert found["half_floor"][0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("name", "solved", "credited", "manners"),
    [
        ("oracle", 1.0, 1.0, 0.0),
        ("fumbler", 0.0, 1.0, 0.0),
        ("stylist", 0.0, 0.0, 1.0),
        ("null", 0.0, None, 0.0),
    ],
)
def test_reference_workers_are_worth_what_they_were_made_for(
    name: str, solved: float, credited: float | None, manners: float
) -> None:
    found = values(Transcript(text=reference.answer(name, OPEN, 1)))
    assert [found[m][0] for m in ("solved", "credit", "style")] == [solved, credited, manners]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MARK: 7", 0.7),
        ("Good.\n**MARK: 10**", 1.0),
        ("MARK: 3\nMARK: 4.5", 0.45),
        ("MARK: 11", None),
        ("I give it a 7.", None),
        ("MARK: ٧", None),
        ("", None),
    ],
)
def test_a_judges_mark_is_read_or_missing(text: str, found: float | None) -> None:
    assert read_mark(text) == found
