"""Drop quotes: by hand, and their uniqueness by a second solver."""

from itertools import permutations

import pytest
from second_proof import Clauses, drawn

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import FAMILIES, Puzzle
from worktrial.reasoning.puzzles.floors import permuted, rearranged

DROPQUOTE = FAMILIES["dropquote"]
SQUARES = ["R1C1", "R1C2", "R1C3", "R2C2", "R2C3", "R2C4"]
TRUTH = dict(zip(SQUARES, "TENATE", strict=True))


def dropquote(rows: list[str], columns: list[str], bank: list[str]) -> Puzzle:
    return Puzzle(
        id="p",
        family="dropquote",
        level="easy",
        text="",
        form="",
        data={"rows": rows, "columns": columns, "bank": bank},
        solution=TRUTH,
    )


# T E N #   Columns: T, AE, NT, E. With TAN and ETE the two letters of the second column, E over A,
# # A T E   could change places.
ONE = dropquote(["___#", "#___"], ["T", "AE", "NT", "E"], ["ATE", "NET", "TEN"])
OPEN = dropquote(["___#", "#___"], ["T", "AE", "NT", "E"], ["ATE", "ETE", "TAN", "TEN"])
# Words in the same columns change places.
UNDER = dropquote(["___", "___"], ["AT", "ET", "EN"], ["ATE", "NET", "TEN"])


@pytest.mark.parametrize(("puzzle", "count"), [(ONE, 1), (OPEN, 2), (UNDER, 2)])
def test_solutions_are_counted_as_by_hand(puzzle: Puzzle, count: int) -> None:
    assert DROPQUOTE.count(puzzle) == count
    assert len(second(puzzle).solutions()) == count


def test_the_rules_decide_and_not_the_stored_solution() -> None:
    swapped = TRUTH | {"R1C2": "A", "R2C2": "E"}
    assert DROPQUOTE.holds(ONE, TRUTH)
    assert DROPQUOTE.holds(OPEN, TRUTH)
    assert DROPQUOTE.holds(OPEN, swapped)
    assert not DROPQUOTE.holds(ONE, swapped)  # TAN is no word of the bank
    # Both are words of the bank, but the columns are not TEN's and ATE's.
    assert not DROPQUOTE.holds(ONE, dict(zip(SQUARES, "NETATE", strict=True)))
    for cell in TRUTH:
        assert not DROPQUOTE.holds(ONE, {c: of for c, of in TRUTH.items() if c != cell})


def test_answers_are_read_in_any_case_and_with_anything_on_fixed_squares() -> None:
    rows = [["t", " E", "n ", "#"], ["", "A", "T", "e"]]
    assert DROPQUOTE.read(ONE, rows) == TRUTH
    assert DROPQUOTE.read(ONE, [["T", "E", "N", "X"], [None, "A", "T", "E"]]) == TRUTH
    assert DROPQUOTE.write(ONE, TRUTH) == [["T", "E", "N", "#"], ["#", "A", "T", "E"]]


def test_grids_of_another_shape_are_no_answer() -> None:
    for value in (
        [["T", "E", "N", "#"]],
        [["T", "E", "N"], ["A", "T", "E"]],
        ["TEN#", "#ATE"],
        [["T", "E", "N", "#"], "#ATE"],
        {"R1C1": "T"},
    ):
        assert DROPQUOTE.read(ONE, value) is None


def test_what_is_no_letter_is_left_out() -> None:
    rows = [["TE", 5, None, "#"], ["#", ["A"], "É", "E"]]
    assert DROPQUOTE.read(ONE, rows) == {"R2C4": "E"}


def test_the_floor_by_hand() -> None:
    # ATE, NET and TEN have E most often in the second square and N as often as T in the third,
    # of which N comes first; A once in the second row's first, T once in its second: all right.
    floor = DROPQUOTE.floor(ONE)
    assert (floor.parts, floor.half, floor.solved) == (1, 1, 1)
    # With ETE and TAN for NET, A is as likely as E in the second square: one of six is wrong.
    floor = DROPQUOTE.floor(OPEN)
    assert (floor.parts, floor.half, floor.solved) == (pytest.approx(5 / 6), 1, 0)


@pytest.mark.parametrize("letters", ["", "A", "AAAA", "AAB", "AABB", "ABCD", "AABBC", "AAABCD"])
def test_equal_values_in_a_random_order_as_counted_one_by_one(letters: str) -> None:
    counts = [0] * (len(letters) + 1)
    orders = list(permutations(letters))
    for order in orders:
        counts[sum(map(str.__eq__, order, letters))] += 1
    repeats = tuple(letters.count(letter) for letter in sorted(set(letters)))
    assert rearranged(repeats) == pytest.approx([count / len(orders) for count in counts])


def test_different_values_are_equal_ones_that_come_once() -> None:
    for cells in range(1, 12):
        assert rearranged((1,) * cells) == pytest.approx(permuted(cells), abs=1e-12)


def test_the_guess_is_of_every_columns_letters() -> None:
    for puzzle in drawn("dropquote")[::10]:
        guess = DROPQUOTE.guess(puzzle, stream(3, "guess"))
        assert guess.keys() == puzzle.solution.keys()
        for cell, letter in guess.items():
            assert letter in puzzle.data["columns"][int(cell.partition("C")[2]) - 1]


def test_a_worker_is_shown_all_that_the_rules_go_by() -> None:
    for puzzle in drawn("dropquote"):
        lines = puzzle.text.splitlines()
        assert set(puzzle.data["bank"]) <= {word for line in lines for word in line.split()}
        grid = lines[lines.index("Grid:") + 1 : lines.index("Columns:") - 1]
        assert ["".join(line.split()) for line in grid] == puzzle.data["rows"]
        for n, column in enumerate(puzzle.data["columns"], 1):
            assert not column or f"C{n}: {' '.join(column)}" in lines


def test_a_second_solver_finds_the_same_one_solution() -> None:
    for puzzle in drawn("dropquote"):
        assert second(puzzle).solutions() == [puzzle.solution]


def second(puzzle: Puzzle) -> Clauses:
    rows, columns = puzzle.data["rows"], puzzle.data["columns"]
    squares = [
        [f"R{r}C{c}" if square == "_" else "#" for c, square in enumerate(row, 1)]
        for r, row in enumerate(rows, 1)
    ]
    clauses = Clauses(name for row in squares for name in row if name != "#")
    for row in squares:
        for place in " ".join(row).split("#"):
            if place.split():
                clauses.spells(place.split(), puzzle.data["bank"])
    for letters, column in zip(columns, zip(*squares, strict=True), strict=True):
        cells = [name for name in column if name != "#"]
        for letter in set(letters):
            has = [clauses.has(cell, letter) for cell in cells]
            clauses.exactly(letters.count(letter), has)
    return clauses
