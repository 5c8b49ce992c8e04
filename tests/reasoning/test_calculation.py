"""Random calculation: exact values, and the equations of a trace."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import Puzzle
from worktrial.reasoning.puzzles.calculation import Calculation
from worktrial.reasoning.puzzles.equations import equations, value

FAMILY = Calculation()
# (3/4 + 12^2) × (7 − 5) = (0.75 + 144) × 2 = 289.5 = 579/2
TREE = ["×", ["+", "3/4", "12^2"], ["−", "7", "5"]]
PUZZLE = Puzzle(
    id="1",
    family="calculation",
    level="easy",
    text="",
    form="",
    data={"tree": TREE},
    solution={"result": "579/2"},
)


@pytest.mark.parametrize(
    "written",
    [
        "579/2",
        "1158/4",
        "289.5",
        289.5,
        "289.50",
        "+579/2",
        "2.895e2",
        " 579 / 2 ",
        {"result": "579/2"},
    ],
)
def test_numbers_that_are_equal_are_one_answer(written: object) -> None:
    cells = FAMILY.read(PUZZLE, written)
    assert cells == {"result": "579/2"}
    assert FAMILY.holds(PUZZLE, cells)


@pytest.mark.parametrize(
    "written",
    [
        "NaN",
        float("nan"),
        float("inf"),
        "Infinity",
        "1e999999999",
        "1e-999999999",
        1e300,
        10**4000,
        "9" * 50,
        "٣",
        "７/2",
        "7/0",
        "7//2",
        "1/2/3",
        "",
        "/2",
        "seven",
        "__import__('os')",
        True,
        None,
        [7],
        {"result": ["7"]},
        {"answer": "7"},
    ],
)
def test_what_is_no_short_number_is_refused(written: object) -> None:
    assert FAMILY.read(PUZZLE, written) is None


def test_a_near_value_does_not_hold() -> None:
    assert not FAMILY.holds(PUZZLE, {"result": "289"})
    assert not FAMILY.holds(PUZZLE, {"result": "-579/2"})
    assert not FAMILY.holds(PUZZLE, {})


def test_division_by_nothing_has_no_value() -> None:
    data = {"tree": ["÷", "5", ["−", "7", "7"]]}
    nothing = PUZZLE.model_copy(update={"data": data})
    assert FAMILY.count(nothing) == 0
    assert not FAMILY.holds(nothing, {"result": "0"})


@pytest.mark.parametrize(("level", "operations"), [("easy", 3), ("medium", 6), ("hard", 10)])
def test_what_is_shown_comes_to_the_solution(level: str, operations: int) -> None:
    for n in range(30):
        puzzle = FAMILY.draw("1", level, stream(1, level, n))
        expression = puzzle.text.rsplit("\n", 1)[1]
        assert sum(expression.count(f" {sign} ") for sign in "+−×÷") == operations
        assert str(value(expression)) == puzzle.solution["result"]
        assert max(map(len, puzzle.solution["result"].lstrip("-").split("/"))) <= 8


def test_of_one_puzzle_the_constant_is_right_or_not() -> None:
    assert FAMILY.floor(PUZZLE).solved == 0
    zero = PUZZLE.model_copy(update={"solution": {"result": "0"}})
    assert FAMILY.floor(zero).solved == 1


@pytest.mark.parametrize(
    ("trace", "valid"),
    [
        ("12 × 7 = 84", [True]),
        ("12*7=84", [True]),
        ("12 × 7 = 12×7 = 84", [True]),
        ("12 = 12", []),
        ("12 x 7 = 84", [True]),
        ("So (3/4) + 2 = 11/4, which is 2.75.", [True]),
        ("3/4 + 2 = 11/4 = 2.75 = 3", [True, True, False]),
        ("First 12 × 7 = 84, then 84 + 1 = 86.", [True, False]),
        ("1. 12 × 7 = 84\n2) 2^3 = 9\n- 5 - 7 = -2\n* 2 + 2 = 4", [True, False, True, True]),
        ("1,000 + 1 = 1,001", [True]),
        (r"\( 12 \times 7 = 84 \) and $10 \div 4 = 2.5$", [True, True]),
        ("12 × 7 = **84**", [True]),
        ("2**3 = 8 and 5² = 25 and 2³ = 8", [True, True, True]),
        ("-2^2 = -4", [True]),
        ("2(3 + 4) = 14", [True]),
        ("8 − 3 − 2 = 3", [True]),
        ("8 / 2 / 2 = 2", [True]),
        ("2 + 3 * 4 = 14", [True]),
        ("[(1 + 2) × 3] = 9", [True]),
    ],
)
def test_a_written_equation_is_a_step(trace: str, valid: list[bool]) -> None:
    assert [step.valid for step in equations(trace)] == valid


@pytest.mark.parametrize(
    "trace",
    [
        "x = 5",
        "3x + 4 = 10",
        "x - 4 = 10",
        "a2 = 4",
        "12 × 7 == 84",
        "12 >= 7",
        "5 != 4",
        "10/3 = 3.333...",
        "10/3 = 3.33…",
        r"5/2 = 2 \frac{1}{2}",
        "√ 16 = 5",
        "50% = 1",
        "5/0 = 5",
        "2^99 = 1",
        "1 = ",
        " = 1",
        "(1 = 1",
        "3! = 3 !",
        "1 2 = 3",
        "f(3) = 4",
        "9" * 30 + " = 1",
        "0xFF = 255",
        "__import__('os') = 1",
    ],
)
def test_what_cannot_be_read_is_no_step(trace: str) -> None:
    assert list(equations(trace)) == []


def test_a_claim_of_the_result_is_compared_as_a_number() -> None:
    trace = "7 − 5 = 2\nSTEP: result = 289.5\n> STEP: Result = 289\nSTEP: result = ?\n2 + 2 = 5"
    assert [(step.text, step.valid) for step in FAMILY.steps(PUZZLE, trace)] == [
        ("7 − 5 = 2", True),
        ("STEP: result = 289.5", True),
        ("> STEP: Result = 289", False),
        ("STEP: result = ?", False),
        ("2 + 2 = 5", False),
    ]


@given(st.integers(-999, 999), st.integers(-999, 999), st.integers(-2, 2))
def test_a_sum_is_valid_just_where_it_is_right(one: int, other: int, off: int) -> None:
    (step,) = equations(f"we get ({one}) + ({other}) = {one + other + off} now")
    assert step.valid == (off == 0)


@given(st.fractions(max_denominator=999, min_value=-999, max_value=999))
def test_a_fraction_is_read_back(number: Fraction) -> None:
    assert FAMILY.read(PUZZLE, str(number)) == {"result": str(number)}
    assert value(f"({number})") == number


@given(st.text(alphabet="0123456789()[]+-−×÷*/^=.,xX² \n", max_size=80))
def test_any_signs_in_any_order_are_read_or_not(text: str) -> None:
    assert all(isinstance(step.valid, bool) for step in equations(text))


@pytest.mark.parametrize("part", ["(", "1=", "1+", "=", "2^", "9", "-", "1,000", "**", " "])
def test_long_traces_are_read_in_time(part: str) -> None:
    assert all(step.valid for step in equations(part * 50_000))
