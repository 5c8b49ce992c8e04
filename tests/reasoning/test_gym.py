"""Data sets of reasoning-gym as families of puzzles."""

import random

import pytest
import reasoning_gym

from worktrial.errors import ConfigError
from worktrial.randomness import stream
from worktrial.reasoning.puzzles import FAMILIES, Puzzle, family_of
from worktrial.reasoning.puzzles.puzzle import Family

NAMED = (
    *("ab", "aiw", "base_conversion", "basic_arithmetic", "calendar_arithmetic", "caesar_cipher"),
    *("chain_sum", "circuit_logic", "coin_flip", "count_primes", "course_schedule", "cryptarithm"),
    *("decimal_chain_sum", "family_relationships", "game_of_life", "gcd", "gsm_symbolic", "jugs"),
    *("kakurasu", "knights_knaves", "letter_counting", "maze", "mini_sudoku", "needle_haystack"),
    *("prime_factorization", "shortest_path", "survo", "syllogism", "tower_of_hanoi"),
)
    assert found == (None if cell is None else {"answer": cell})


@pytest.mark.parametrize(
    "written",
    ["1e999999999", "9" * 9000, "[" * 9000, "9" * 10**6, "\x00", "٣", "__import__('os')", "{}"],
)
@pytest.mark.parametrize("name", ["coin_flip", "chain_sum", "jugs", "maze", "power_function"])
def test_hostile_answers_are_wrong(name: str, written: str) -> None:
    family = family_of(f"gym:{name}")
    assert not family.holds(drawn(family), {"answer": written})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gym:chain_sums", "`gym:chain_sum`"),
        ("gym:???", "a name that reasoning-gym lists"),
        ("gym:countdown", "evaluates"),
        ("gym:game_of_life_halting", "one right answer"),
        ("gym:graph_color", "one right answer"),
        ("gym:ransom_note", "hash seed"),
        ("gym:list_functions", "global random numbers"),
        ("gym:composite", "others"),
        ("sudocu", "`sudoku`"),
    ],
)
def test_what_cannot_be_used_says_why_in_one_line(name: str, said: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        family_of(name)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worktrial.reasoning.puzzles.gym.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"worktrial\[puzzles\]"):
        family_of("gym:lcm")


def test_our_own_families_are_found_by_name() -> None:
    assert all(family_of(name) is family for name, family in FAMILIES.items())
