"""Cryptograms: by hand, and their uniqueness by a second solver."""

import pytest
from second_proof import Clauses, drawn

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import FAMILIES, Puzzle

CRYPTOGRAM = FAMILIES["cryptogram"]


def cryptogram(
    code: list[str], bank: list[str], given: dict[str, str], solution: dict[str, str]
) -> Puzzle:
    return Puzzle(
        id="p",
        family="cryptogram",
        level="easy",
        text="",
        form="",
        data={"code": code, "bank": bank, "given": given},
        solution=solution,
    )


# XY YX is ON NO or NO ON; that X is O decides.
OPEN = cryptogram(["XY", "YX"], ["IT", "NO", "ON"], {}, {"X": "O", "Y": "N"})
TOLD = cryptogram(["XY", "YX"], ["IT", "NO", "ON"], {"X": "O"}, {"Y": "N"})
# NX XN cannot be NO ON, for N would stand for itself.
OWN = cryptogram(["NX", "XN"], ["IT", "NO", "ON"], {}, {"N": "O", "X": "N"})
# XY can be IT or IS; with two letters for one it could be EE.
TWICE = cryptogram(["XY"], ["EE", "IT"], {}, {"X": "I", "Y": "T"})


@pytest.mark.parametrize(("puzzle", "count"), [(OPEN, 2), (TOLD, 1), (OWN, 1), (TWICE, 1)])
def test_solutions_are_counted_as_by_hand(puzzle: Puzzle, count: int) -> None:
    assert CRYPTOGRAM.count(puzzle) == count
    assert len(second(puzzle).solutions()) == count


def test_the_rules_decide_and_not_the_stored_solution() -> None:
    assert CRYPTOGRAM.holds(OPEN, {"X": "O", "Y": "N"})
    assert CRYPTOGRAM.holds(OPEN, {"X": "N", "Y": "O"})
    assert not CRYPTOGRAM.holds(OPEN, {"X": "I", "Y": "T"})  # TI is no word
    assert not CRYPTOGRAM.holds(OPEN, {"X": "O"})
    assert CRYPTOGRAM.holds(TOLD, {"Y": "N"})  # what is given need not be written
    assert not CRYPTOGRAM.holds(TOLD, {"X": "N", "Y": "O"})
    assert not CRYPTOGRAM.holds(OWN, {"N": "N", "X": "O"})
    assert not CRYPTOGRAM.holds(TWICE, {"X": "E", "Y": "E"})


def test_answers_are_read_in_any_case_and_with_spaces() -> None:
    assert CRYPTOGRAM.read(OPEN, {" x": "o ", "Y": "n"}) == {"X": "O", "Y": "N"}


def test_what_is_no_letter_is_left_out() -> None:
    answer = {"X": "ON", "Y": "É", "Z": "A", "": "B", "XY": "C", "ß": "D"}
    assert CRYPTOGRAM.read(OPEN, answer) == {}
    for value in (1, None, True, ["O"], {"O": "O"}):
        assert CRYPTOGRAM.read(OPEN, {"X": value, "Y": "N"}) == {"Y": "N"}
    assert CRYPTOGRAM.read(OPEN, [["X", "O"]]) is None


def test_the_guess_asks_the_bank_what_is_likeliest() -> None:
    # X stands first in ON, OR, IT or last: O in 2 + 0, I in 1, N, R and T in 1 each. Y likewise.
    puzzle = cryptogram(["XY", "YX"], ["IT", "ON", "OR"], {}, {"X": "O", "Y": "N"})
    assert CRYPTOGRAM.guess(puzzle, stream(0)) == {"X": "O", "Y": "O"}
    floor = CRYPTOGRAM.floor(puzzle)
    assert (floor.parts, floor.half, floor.solved) == (0.5, 1.0, 0.0)


def test_a_worker_is_shown_all_that_the_rules_go_by() -> None:
    for puzzle in drawn("cryptogram"):
        lines = puzzle.text.splitlines()
        assert " ".join(puzzle.data["code"]) in lines
        assert set(puzzle.data["bank"]) <= {word for line in lines for word in line.split()}
        for cell, letter in puzzle.data["given"].items():
            assert f"{cell} stands for {letter}." in lines


def test_a_second_solver_finds_the_same_one_solution() -> None:
    for puzzle in drawn("cryptogram"):
        [found] = second(puzzle).solutions()
        assert found == puzzle.solution | puzzle.data["given"]


def second(puzzle: Puzzle) -> Clauses:
    code = puzzle.data["code"]
    clauses = Clauses("".join(code))
    clauses.different(clauses.cells)
    for cell in clauses.cells:
        clauses.solver.add_clause([-clauses.has(cell, cell)])
    for cell, letter in puzzle.data["given"].items():
        clauses.solver.add_clause([clauses.has(cell, letter)])
    for word in code:
        clauses.spells(word, puzzle.data["bank"])
    return clauses
