"""Is an answer right: known truth, and that form does not matter."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.memorisation.answers import correct, final, number

PETS = ("a dog", "a cat", "a newt")


@pytest.mark.parametrize(
    ("text", "answer", "right"),
    [
        ("ANSWER: 1,234", "1234", True),
        ("ANSWER: 1234", "1,234", True),
        ("so it is \\boxed{\\frac{3}{4}}", "0.75", True),
        ("ANSWER: 3/6", "1/2", True),
        ("ANSWER: -3", "3", False),
        ("ANSWER: −3", "-3", True),
        ("ANSWER: x = 5", "5", True),
        ("ANSWER: $18.00", "18", True),
        ("**ANSWER:** 18", "18", True),
        ("ANSWER: 12 apples", "12", True),
        ("ANSWER: 3 or 4", "3", False),
        ("ANSWER: 2\nANSWER: 3", "3", True),
        ("I think 7\n\n12", "12", True),
        ("ANSWER: 50%", "50\\%", True),
        ("ANSWER: 1.5e3", "1500", True),
        ("ANSWER: 1/0", "1", False),
        ("ANSWER: the Seine.", "Seine", True),
        ("ANSWER: Rhône", "rhône", True),
        ("ANSWER: Loire", "Seine", False),
        ("", "3", False),
        ("ANSWER: " + "9" * 50_000, "9", False),
        ("\\boxed{" * 3000, "9", False),
    ],
)
def test_right_and_wrong(text: str, answer: str, right: bool) -> None:
    assert correct(text, answer) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("ANSWER: B", True),
        ("ANSWER: (b)", True),
        ("ANSWER: B. a cat", True),
        ("ANSWER: option B", True),
        ("ANSWER: a cat", True),
        ("ANSWER: A cat", True),
        ("ANSWER: A", False),
        ("ANSWER: a newt", False),
        ("ANSWER: E", False),
        ("ANSWER: cats and dogs", False),
        ("", False),
    ],
)
def test_options_by_letter_or_text(text: str, right: bool) -> None:
    assert correct(text, "a cat", PETS) is right


def test_nothing_is_right_or_wrong_where_no_answer_is_known() -> None:
    assert correct("ANSWER: 3", None) is None
    assert correct("ANSWER: 3", "  ") is None


@given(
    st.fractions(-1000, 1000, max_denominator=999),
    st.sampled_from(["{}", "${}$", " {} ", "**{}**"]),
)
def test_a_number_is_right_in_every_form(value: Fraction, form: str) -> None:
    latex = f"\\frac{{{value.numerator}}}{{{value.denominator}}}"
    for written in (str(value), latex):
        assert correct(f"ANSWER: {form.format(written)}", str(value))
    assert not correct(f"ANSWER: {form.format(value + 1)}", str(value))


@given(st.integers(-(10**12), 10**12))
def test_separators_of_thousands_do_not_matter(value: int) -> None:
    assert number(f"{value:,}") == value
    assert correct(f"ANSWER: {value:,}", str(value))


@given(st.text(max_size=300))
def test_any_message_can_be_read(text: str) -> None:
    assert isinstance(final(text), str)
    assert correct(text, "17") in (True, False)
