"""Acrostics: by hand, and their uniqueness by a second solver."""

from itertools import product
from typing import Any

import pytest
from second_proof import Clauses, drawn

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import FAMILIES, Puzzle

ACROSTIC = FAMILIES["acrostic"]
BANK = ["ATE", "EAT", "TEA", "TEN"]
TRUTH = dict(zip("123456", "TENATE", strict=True))


def acrostic(*clues: dict[str, Any], bank: list[str] = BANK) -> Puzzle:
    return Puzzle(
        id="p",
        family="acrostic",
        level="easy",
        text="",
        form="",
        data={"lengths": [3, 3], "clues": list(clues), "bank": bank},
        solution=TRUTH,
    )


# Squares 5, 2 and 4 are TEA, ATE or EAT: the sentence is TEN ATE, TEA ATE, ATE EAT, EAT TEA or
# EAT TEN. Only TEN has an N, so that a clue for the first word decides.
ANAGRAM = {"numbers": [5, 2, 4], "letters": "AET"}
WITH_N = {"numbers": [1, 2, 3], "letters": "N"}
OPEN, ONE = acrostic(ANAGRAM), acrostic(ANAGRAM, WITH_N)


@pytest.mark.parametrize(("puzzle", "count"), [(OPEN, 2), (ONE, 1), (acrostic(), 2)])
def test_solutions_are_counted_as_by_hand(puzzle: Puzzle, count: int) -> None:
    assert ACROSTIC.count(puzzle) == count
    assert len(second(puzzle).solutions(2)) == count


def test_the_rules_decide_and_not_the_stored_solution() -> None:
    kept = {
        f"{one} {two}"
        for one, two in product(BANK, repeat=2)
        if ACROSTIC.holds(OPEN, dict(zip("123456", one + two, strict=True)))
    }
    assert kept == {"TEN ATE", "TEA ATE", "ATE EAT", "EAT TEA", "EAT TEN"}
    assert ACROSTIC.holds(ONE, TRUTH)
    assert not ACROSTIC.holds(ONE, dict(zip("123456", "TEAATE", strict=True)))
    assert not ACROSTIC.holds(ONE, {cell: of for cell, of in TRUTH.items() if cell != "6"})


def test_letters_that_a_clue_tells_twice_are_there_twice() -> None:
    clue = {"numbers": [1, 2, 3], "letters": "EE"}
    puzzle = acrostic(clue, bank=["BEE", "BED", "TEN"])
    assert ACROSTIC.holds(puzzle, dict(zip("123456", "BEETEN", strict=True)))
    assert not ACROSTIC.holds(puzzle, dict(zip("123456", "BEDTEN", strict=True)))


def test_answers_are_read_in_any_case_and_with_spaces() -> None:
    assert ACROSTIC.read(ONE, {" 1": "t ", "2": "E"}) == {"1": "T", "2": "E"}


def test_what_is_no_cell_or_no_letter_is_left_out() -> None:
    assert ACROSTIC.read(ONE, {"0": "A", "7": "B", "1.0": "C", "²": "D", "": "E"}) == {}
    for value in (1, None, False, "", "TE", "É", ["T"]):
        assert ACROSTIC.read(ONE, {"1": value, "2": "E"}) == {"2": "E"}
    assert ACROSTIC.read(ONE, "TEN ATE") is None


def test_the_guess_asks_the_bank_what_is_likeliest() -> None:
    # Of ATE, EAT, TEA, TEN: T is first in two, E second in two, and last A, E, N and T in one each,
    # of which A comes first in the alphabet. The clue puts 5 first, 2 second and 4 last as well:
    # 5 has T in 1 + 2 and E in 2 + 1, of which E comes first; 2 has E in 2 + 2;
    # 4 has T in 2 + 1, before A and E in 1 + 1.
    guess = ACROSTIC.guess(OPEN, stream(0))
    assert guess == {"1": "T", "2": "E", "3": "A", "4": "T", "5": "E", "6": "A"}
    # Right are 1 and 2 of TENATE.
    floor = ACROSTIC.floor(OPEN)
    assert (floor.parts, floor.half, floor.solved) == (pytest.approx(1 / 3), 0.0, 0.0)


def test_a_worker_is_shown_all_that_the_rules_go_by() -> None:
    for puzzle in drawn("acrostic"):
        lines = puzzle.text.splitlines()
        assert set(puzzle.data["bank"]) <= {word for line in lines for word in line.split()}
        squares = lines[lines.index("Sentence:") + 1 : lines.index("Clues:") - 1]
        assert [len(line.split()) for line in squares] == puzzle.data["lengths"]
        clues = lines[lines.index("Clues:") + 1 : lines.index("Bank:") - 1]
        for line, clue in zip(clues, puzzle.data["clues"], strict=True):
            numbers, told = line.split(": ")
            letters, _, more = told.partition(" and ")
            assert numbers == " ".join(map(str, clue["numbers"]))
            assert letters == " ".join(clue["letters"])
            hidden = len(clue["numbers"]) - len(clue["letters"])
            assert more == (f"{hidden} more" if hidden else "")


def test_no_square_is_in_two_clues_and_easy_ones_tell_all_letters() -> None:
    for puzzle in drawn("acrostic"):
        numbers = [n for clue in puzzle.data["clues"] for n in clue["numbers"]]
        assert len(set(numbers)) == len(numbers)
        told = [len(clue["letters"]) == len(clue["numbers"]) for clue in puzzle.data["clues"]]
        assert all(told) == (puzzle.level == "easy")


def test_a_second_solver_finds_the_same_one_solution() -> None:
    for puzzle in drawn("acrostic"):
        assert second(puzzle).solutions() == [puzzle.solution]


def second(puzzle: Puzzle) -> Clauses:
    lengths, bank = puzzle.data["lengths"], puzzle.data["bank"]
    clauses = Clauses(str(n) for n in range(1, sum(lengths) + 1))
    first = 1
    for length in lengths:
        clauses.spells([str(n) for n in range(first, first + length)], bank)
        first += length
    for clue in puzzle.data["clues"]:
        fit = [w for w in bank if all(w.count(x) >= clue["letters"].count(x) for x in w)]
        fit = [w for w in fit if set(clue["letters"]) <= set(w)]
        clauses.spells([str(n) for n in clue["numbers"]], fit)
    return clauses
