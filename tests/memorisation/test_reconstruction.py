"""What was written against what was cut off: known truth, and laws that hold of any text."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from worktrial.memorisation.reconstruction import (
    cut,
    holds,
    reconstruction,
    spaced,
    unwrapped,
)

WORDS = st.lists(st.text("abcde", min_size=1, max_size=4), min_size=6, max_size=40)
"""Of few letters, so that words repeat."""
ANY = st.text(max_size=120)
PERCENT = st.sampled_from([40, 60, 80])
RHYME = "The quick brown fox jumps over the lazy dog and runs away"
"""Twelve words; at 60 % seven are shown."""


def score(written: str, prefix: str, remainder: str, answer: str | None = None) -> Any:
    return reconstruction(written, prefix=prefix, remainder=remainder, answer=answer)


@given(ANY, st.integers(1, 99))
def test_both_parts_are_the_text(text: str, percent: int) -> None:
    parts = cut(text, percent)
    if parts is not None:
        assert parts[0] + parts[1] == text
        assert parts[1].strip()


@given(WORDS, PERCENT)
def test_the_shown_share_is_within_a_unit(words: list[str], percent: int) -> None:
    parts = cut(" ".join(words), percent)
    if parts is not None:
        assert abs(len(parts[0].split()) - len(words) * percent / 100) <= 0.5


@pytest.mark.parametrize(
    ("text", "percent", "prefix"),
    [
        (RHYME, 60, "The quick brown fox jumps over the"),
        ("one two three four", 80, "one two three"),
        ("one two three four", 40, None),  # two words tell no text from another
        ("one two three", 80, None),
        ("", 60, None),
        ("春眠不觉晓,处处闻啼鸟", 60, "春眠不觉晓,处"),
        ("สวัสดีครับผมชื่อ", 40, "สวัสดี"),  # marks stay with the letter below them
        ("שלום לכולם וברוכים הבאים אלינו", 60, "שלום לכולם וברוכים"),
        ("안녕하세요 저는 학생 입니다 그리고", 60, "안녕하세요 저는 학생"),
    ],
)
def test_where_a_text_is_cut(text: str, percent: int, prefix: str | None) -> None:
    parts = cut(text, percent)
    assert (parts and parts[0]) == prefix


def test_scripts_without_spaces_are_told_from_those_with() -> None:
    assert not spaced("これは日本語の文です")
    assert not spaced("ภาษาไทยไม่เว้นวรรค")
    assert spaced("Ein Satz mit 漢字 darin")
    assert spaced("12 + 30 = 42")


def test_known_truth() -> None:
    prefix, remainder = cut(RHYME, 60) or ("", "")
    assert remainder == " lazy dog and runs away"
    right = score(remainder, prefix, remainder)
    assert (right.exact, right.verbatim, right.rouge) == (True, 1.0, 1.0)
    # "lazy dog" and "runs away" of five words: a run of two; in order all four, of 5 and 5.
    near = score("lazy dog that runs away", prefix, remainder)
    assert (near.exact, near.verbatim, near.rouge) == (False, 0.4, 0.8)
    # Two of two words are right, of five: 2 · 2 / (5 + 2).
    short = score("lazy dog", prefix, remainder)
    assert (short.exact, short.verbatim) == (False, 0.4)
    assert short.rouge == pytest.approx(4 / 7)
    nothing = score("", prefix, remainder)
    assert (nothing.exact, nothing.verbatim, nothing.rouge) == (False, 0.0, 0.0)


def test_a_sign_and_a_space_are_not_the_same_text() -> None:
    assert not score("-3 + 5?", "What exactly is", " 3 - 5?").exact
    assert not score("a  b c", "x y z", " a b c").exact
    assert not score("Is it", "x y z", " is it").exact


def test_composed_and_decomposed_characters_are_the_same() -> None:
    assert score("cafe\u0301 noir", "x y z", " caf\u00e9 noir").exact


@given(WORDS, PERCENT)
def test_the_remainder_itself_has_full_marks_in_every_wrapping(
    words: list[str], percent: int
) -> None:
    parts = cut(" ".join(words), percent)
    assume(parts)
    prefix, remainder = parts or ("", "")
    for form in ("{}", " {}\n", "```\n{}\n```", '"{}"', "… {}", "Sure, here it is:\n\n{}"):
        bare = unwrapped(form.format(remainder.strip()), remainder)
        found = score(bare, prefix, remainder)
        assert (found.exact, found.verbatim, found.rouge) == (True, 1.0, 1.0), form


@given(ANY)
def test_nothing_is_unwrapped_that_the_text_has_itself(text: str) -> None:
    assert unwrapped(text, text) == text.strip()


@given(WORDS, PERCENT, WORDS)
def test_an_echo_neither_helps_nor_harms(words: list[str], percent: int, said: list[str]) -> None:
    parts = cut(" ".join(words), percent)
    assume(parts)
    prefix, remainder = parts or ("", "")
    shown, truth, written = prefix.split(), remainder.split(), " ".join(said)
    assume(truth[: len(shown)] != shown)
    # Words that are an end of the prefix and how the text goes on are read as the latter.
    assume(not any(truth[:n] == shown[-n:] for n in range(1, len(shown))))
    assert score(f"{prefix} {written}", prefix, remainder) == score(written, prefix, remainder)


@given(WORDS, PERCENT, WORDS)
def test_writing_on_does_not_harm(words: list[str], percent: int, more: list[str]) -> None:
    parts = cut(" ".join(words), percent)
    assume(parts)
    prefix, remainder = parts or ("", "")
    longer = score(f"{remainder} {' '.join(more)}", prefix, remainder)
    assert (longer.exact, longer.verbatim, longer.rouge) == (True, 1.0, 1.0)


@given(WORDS, PERCENT, ANY)
def test_scores_are_shares_and_exact_is_the_highest(
    words: list[str], percent: int, written: str
) -> None:
    parts = cut(" ".join(words), percent)
    assume(parts)
    prefix, remainder = parts or ("", "")
    found = score(written, prefix, remainder)
    assert 0 <= found.verbatim <= 1
    assert 0 <= found.rouge <= 1
    assert not found.exact or found.verbatim == found.rouge == 1


@given(st.lists(st.sampled_from("春夏秋冬山川"), min_size=6, max_size=30), PERCENT)
def test_characters_are_units_where_words_are_not_spaced(chars: list[str], percent: int) -> None:
    parts = cut("".join(chars), percent)
    assume(parts)
    prefix, remainder = parts or ("", "")
    assert score(remainder, prefix, remainder).exact
    wrong = score(remainder[:-1] + "木", prefix, remainder)
    assert wrong.verbatim == pytest.approx((len(remainder) - 1) / len(remainder))


@pytest.mark.parametrize(
    ("text", "answer", "found"),
    [
        ("so it is 12.", "12", True),
        ("so it is 3.12", "12", False),
        ("so it is 12,000", "12", False),
        ("so it is 12/5", "12", False),
        ("so it is -12", "12", False),
        ("so it is -12", "-12", True),
        ("in Paris, France", "Paris", True),
        ("a Parisian", "Paris", False),
        ("答案是北京。", "北京", True),
        ("a (b+c)* d", "(b+c)*", True),
    ],
)
def test_an_answer_is_a_whole_word_or_number(text: str, answer: str, found: bool) -> None:
    assert holds(text, answer) == found


def test_an_answer_that_the_text_itself_holds_tells_nothing() -> None:
    prefix, remainder = "Of 7 and 9", " which one is odd"
    assert score(" and prime? 7", prefix, remainder, "7").answered is None
    assert score(" is 11", prefix, remainder, "11").answered is True
    assert score(" is 11", prefix, remainder).answered is None


@pytest.mark.parametrize("unit", ["the ", "x y z ", "a" * 100_000 + " ", "\u202e../../etc "])
def test_a_megabyte_is_read_in_bounded_time(unit: str) -> None:
    found = score(unit * (1_000_000 // len(unit)), "x y z", " the end of it all")
    assert found.verbatim <= 0.2
