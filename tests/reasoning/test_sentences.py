"""Sentences, and the bank of words beside a puzzle."""

import re
from collections.abc import Iterable

import pytest

from worktrial.randomness import stream
from worktrial.reasoning.puzzles.bank import likeliest, narrowed, options, shown
from worktrial.reasoning.puzzles.sentences import WORDS, decoys, sentence


def test_words_are_plain_capitals_that_fit_every_grid() -> None:
    assert all(re.fullmatch("[A-Z]{3,8}", word) for word in WORDS)
    assert len(set(WORDS)) == len(WORDS) > 900


@pytest.mark.parametrize("words", range(5, 20))
def test_a_sentence_has_as_many_words_as_asked_all_of_the_list(words: int) -> None:
    rng = stream(1, words)
    drawn = [sentence(words, rng) for _ in range(50)]
    assert all(len(of) == words and set(of) <= set(WORDS) for of in drawn)
    assert len({" ".join(of) for of in drawn}) == 50


def test_decoys_are_other_words_of_the_same_lengths_and_the_nearest() -> None:
    def by_last_letter(word: str, decoy: str) -> bool:
        return word[-1] == decoy[-1]

    found = decoys(["BAKER", "CAT", "CAT"], 3, by_last_letter, stream(2))
    assert sorted(map(len, found)) == [3, 3, 3, 5, 5, 5]
    assert {word[-1] for word in found} == {"R", "T"}
    assert not found & {"BAKER", "CAT"}


def test_decoys_that_another_solution_needs_are_taken_out() -> None:
    def another(bank: list[str]) -> Iterable[str]:
        return next((pair for pair in ({"NO", "BE"}, {"IT", "SO"}) if pair <= set(bank)), ())

    # NO BE uses the decoy BE, then IT SO both; UP stays, since it does no harm.
    assert narrowed(["ON", "NO"], ["BE", "IT", "SO", "UP"], another) == ["NO", "ON", "UP"]


def test_words_that_alone_have_two_solutions_have_no_bank() -> None:
    assert narrowed(["ON", "NO"], ["UP"], lambda bank: ["NO", "ON"]) is None


def test_the_likeliest_letter_is_what_most_words_have_there() -> None:
    may = options(["ab", "b"], ["AN", "AT", "IT", "S"])
    # a: A twice, I once. b: T twice and N once as a second letter, S once alone.
    assert likeliest(may) == {"a": "A", "b": "T"}


def test_the_bank_is_shown_by_length() -> None:
    assert shown(["AN", "BEE", "CAT", "IT"]) == "AN IT\nBEE CAT"
