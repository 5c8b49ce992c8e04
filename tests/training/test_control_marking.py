"""Strict and lenient marking: by hand, its laws, and what hostile texts can do."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.training.marking import BOXED, HASH, Form, normal

FORMS = pytest.mark.parametrize("form", [HASH, BOXED], ids=["hash", "boxed"])
PIECES = ["#", "\\boxed{", "{", "}", "4", "2", "42", "-", "−", "/", ".", ",", "0", " ", "\n", "x"]
NEAR = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
"""Texts that nearly are answers."""
WRITTEN = st.one_of(NEAR, st.text(max_size=40))
ANSWERS = st.one_of(st.sampled_from(["42", "-42", "4/2", "0", "x", "1/0"]), NEAR)


@pytest.mark.parametrize(
    ("text", "strict", "lenient"),
    [
        ("#42", True, True),
        ("#42 ", True, True),
        ("#42\n", True, True),
        ("#042", True, True),
        ("42", False, True),
        ("42.", False, True),
        ("=42", False, True),
        (" #42", False, True),
        ("##42", False, True),
        ("#42#42", False, True),
        ("#7 42", False, True),
        ("#42 7", False, False),
        ("#42x", False, True),
        ("# 42", False, True),
        ("#4 2", False, False),
        ("#-42", False, False),
        ("-42", False, False),
        ("421", False, False),
        ("142", False, False),
        ("#", False, False),
        ("", False, False),
    ],
)
def test_hash_by_hand(text: str, strict: bool, lenient: bool) -> None:
    assert (HASH.strict(text, "42"), HASH.lenient(text, "42")) == (strict, lenient)


@pytest.mark.parametrize(
    ("text", "strict", "lenient"),
    [
        ("\\boxed{7/2}", True, True),
        ("It is \\boxed{ 14/4 }, I think.", True, True),
        ("\\boxed{3.5}", True, True),
        ("\\boxed{3.50}.", True, True),
        ("\\boxed{\\frac{7}{2}}", True, True),
        ("$\\boxed{\\dfrac{14}{4}}$", True, True),
        ("\\boxed{1} or \\boxed{7/2}", True, True),
        ("\\boxed{7/2} or \\boxed{1}", False, False),
        ("\\boxed{7/2}, and 9 more", True, True),
        ("7/2", False, True),
        ("it comes to 3.5", False, True),
        ("\\boxed{1}: 7/2", False, True),
        ("\\boxed7/2", False, True),
        ("\\boxed{}7/2", False, True),
        ("\\boxed{7/2", False, True),
        ("\\boxed{7\n/2}", False, False),
        ("\\boxed{-7/2}", False, False),
        ("\\boxed{−7/2}", False, False),
        ("−7/2", False, False),
        ("17/2", False, False),
        ("7/20", False, False),
        ("2", False, False),
        ("\\boxed{7/0}", False, False),
        ("7/0", False, False),
        ("", False, False),
    ],
)
def test_boxed_by_hand(text: str, strict: bool, lenient: bool) -> None:
    assert (BOXED.strict(text, "7/2"), BOXED.lenient(text, "7/2")) == (strict, lenient)


@pytest.mark.parametrize(
    ("text", "answer", "lenient"),
    [
        (".5", "1/2", True),
        (".5", "5", False),
        ("0.5", "5", False),
        ("−5", "-5", True),
        ("−5", "5", False),
        ("1,234", "1234", True),
        ("1,234", "234", False),
        ("1,234,567.", "1234567", True),
        ("1, 234", "234", True),
        ("12,34", "34", True),
        ("\\frac{7}{2}", "2", False),
        ("9" * 30, "9" * 30, True),
        # Longer runs of digits are no numbers, and their ends least of all.
        ("9" * 31, "9", False),
        ("Red\nBlue ", "blue", True),
        ("blue\nred", "blue", False),
        ("not blue", "blue", False),
        ("\\boxed{Blue}\nIt is so.", "blue", True),
    ],
)
def test_lenient_takes_what_a_text_comes_to(text: str, answer: str, lenient: bool) -> None:
    assert BOXED.lenient(text, answer) is lenient


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("7/2", Fraction(7, 2)),
        ("14/4", Fraction(7, 2)),
        ("3.5", Fraction(7, 2)),
        (" 3.500. ", Fraction(7, 2)),
        (".5", Fraction(1, 2)),
        ("-.5", Fraction(-1, 2)),
        ("−17", Fraction(-17)),
        ("1,234", Fraction(1234)),
        ("1,2", "1,2"),
        ("1/0", "1/0"),
        ("1e5", "1e5"),
        ("nan", "nan"),
        (" Ja ", "ja"),
        ("", ""),
        ("...", "..."),
    ],
)
def test_normal_form_by_hand(text: str, found: Fraction | str) -> None:
    assert normal(text) == found


@given(top=st.integers(-999, 999), under=st.integers(1, 99), times=st.integers(1, 9))
def test_equal_fractions_are_one_answer(top: int, under: int, times: int) -> None:
    assert normal(f"{top * times}/{under * times}") == normal(f"{top}/{under}")
    assert BOXED.strict(f"\\boxed{{{top * times}/{under * times}}}", str(Fraction(top, under)))


@pytest.mark.parametrize(
    ("form", "text", "given_answer"),
    [
        (HASH, "#42", "42"),
        (HASH, "#042", "42"),
        (HASH, "1 or 42", "42"),
        (HASH, "#", None),
        (BOXED, "1 \\boxed{14/4} 3", "7/2"),
        (BOXED, "\\boxed{ Blue } 3", "blue"),
        (BOXED, "it is 14/4", "7/2"),
        (BOXED, "it is 1/0", "1/0"),
        (BOXED, "no number", None),
    ],
)
def test_what_is_given_is_in_normal_form(form: Form, text: str, given_answer: str | None) -> None:
    assert form.given(text) == given_answer


# Laws.


@FORMS
@given(text=WRITTEN, answer=ANSWERS)
def test_strict_implies_lenient(form: Form, text: str, answer: str) -> None:
    assert form.lenient(text, answer) or not form.strict(text, answer)
    assert form.said(text) is not None or not form.strict(text, answer)


@FORMS
@given(text=WRITTEN, answer=ANSWERS, spaces=st.sampled_from([" ", "\n", "  \t\n", " " * 30_000]))
def test_spaces_at_the_end_change_nothing(form: Form, text: str, answer: str, spaces: str) -> None:
    after = text + spaces
    assert form.strict(after, answer) == form.strict(text, answer)
    assert form.lenient(after, answer) == form.lenient(text, answer)
    assert (form.said(after), form.given(after)) == (form.said(text), form.given(text))


@given(
    number=st.integers(1, 99),
    around=st.text(min_size=1, max_size=5).filter(lambda text: "," not in text),
)
def test_anything_around_breaks_the_strict_hash(number: int, around: str) -> None:
    assert HASH.strict(f"#{number}", str(number))
    assert HASH.said(f"{around}#{number}") is None
    # Spaces at the end are none of the form, and digits after a number make it another one.
    after = f"#{number}{around}"
    if around.strip() and not around.rstrip().isdecimal():
        assert HASH.said(after) is None
    assert HASH.strict(after, str(number)) == (not around.strip())


@given(before=NEAR, number=st.integers(0, 99))
def test_the_last_tag_wins(before: str, number: int) -> None:
    text = f"{before}\n\\boxed{{{number}}}"
    assert BOXED.said(text) == str(number)
    assert BOXED.strict(text, str(number))
    assert not BOXED.strict(text, str(number + 1))


# Hostile texts: quick, and without an error.


@FORMS
@given(text=st.text(), answer=st.text())
def test_no_text_raises(form: Form, text: str, answer: str) -> None:
    assert form.strict(text, answer) in (True, False)
    assert form.lenient(text, answer) in (True, False)
    assert form.given(text) is None or isinstance(form.given(text), str)


@FORMS
@pytest.mark.parametrize(
    "piece",
    ["#", "\\boxed{", "\\boxed{" + "x" * 200, "1", "-", "1/", "1.", "1,", "1,234", "\\frac{", "{",
     "#1", "\\frac{1}{", ".", "−", "\n", " ", "٣", "²", "\\boxed{1}"],
)  # fmt: skip
def test_long_texts_are_marked_at_once(form: Form, piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert not form.strict(text, "42")
    assert not form.lenient(text, "42")
    assert not form.strict("42", text)
    form.given(text)


@pytest.mark.parametrize("end", ["#42", "\\boxed{42}", "42"])
def test_only_the_end_of_a_long_text_is_read(end: str) -> None:
    assert BOXED.lenient("\\boxed{" * 20_000 + end, "42")
    assert BOXED.given("9" * 100_000 + " " + end) == "42"
    assert HASH.said("#" * 100_000 + "#42") is None
