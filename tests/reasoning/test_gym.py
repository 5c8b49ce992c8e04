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


def drawn(family: Family, n: int = 0) -> Puzzle:
    return family.draw("1", "easy", stream(5, family.name, n))


@pytest.mark.parametrize("name", NAMED)
def test_the_right_answer_scores_and_nothing_does_not(name: str) -> None:
    family = family_of(f"gym:{name}")
    for n in range(2):
        puzzle = drawn(family, n)
        again = Puzzle.model_validate_json(puzzle.model_dump_json())
        cells = family.read(again, family.write(again, again.solution))
        assert cells is not None
        assert family.holds(again, cells)
        assert not family.holds(again, {})
        assert not family.holds(again, {"answer": ""})
        assert drawn(family, n) == puzzle


def test_partial_credit_is_no_solution() -> None:
    family = family_of("gym:mini_sudoku")
    puzzle = drawn(family)
    rows = puzzle.solution["answer"].splitlines()
    swapped = "\n".join([rows[1], rows[0], *rows[2:]])
    dataset = reasoning_gym.create_dataset("mini_sudoku", seed=0, size=1)
    # Two rows of four are right: nine tenths of a half, if no digit of the others is.
    assert 0.4 < dataset.score_answer(swapped, puzzle.data["entry"]) < 1
    assert not family.holds(puzzle, {"answer": swapped})


def test_the_most_frequent_answer_is_the_guess_and_its_share_elsewhere_the_floor() -> None:
    rare = family_of("gym:coin_flip")
    common = family_of("gym:syllogism")
    assert common.guess(drawn(common), random.Random(1)) == {"answer": "Yes"}
    floor = common.floor(drawn(common))
    assert floor.estimated
    shares = [common.holds(drawn(common, n), {"answer": "Yes"}) for n in range(200)]
    # Five standard errors of a difference between 100 and 200 draws.
    error = 5 * (0.25 / 100 + 0.25 / 200) ** 0.5
    assert sum(shares) / 200 == pytest.approx(floor.solved, abs=error)
    assert rare.floor(drawn(rare)).solved < floor.solved


def test_where_all_answers_differ_there_is_no_guess() -> None:
    family = family_of("gym:chain_sum")
    assert family.guess(drawn(family), random.Random(1)) == {}
    assert family.floor(drawn(family)).solved == 0


@pytest.mark.parametrize(
    ("value", "cell"),
    [(" 42 ", "42"), (42, "42"), (True, "True"), ([1, 2], "[1, 2]"), ("", None), (None, None)],
)
def test_an_answer_is_read_as_one_string(value: object, cell: str | None) -> None:
    family = family_of("gym:chain_sum")
    found = family.read(drawn(family), value)
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
