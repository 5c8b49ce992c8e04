"""Logic grids: clues by hand, and a second proof that reads nothing but the puzzle's text."""

import re
from collections.abc import Callable
from functools import cache
from itertools import combinations, product

import pytest
from pysat.solvers import Cadical153

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import LEVELS, Level, Puzzle
from worktrial.reasoning.puzzles.clues import needed
from worktrial.reasoning.puzzles.logic import KINDS, Clue, Logic, _sentence

ITEMS = 8
LOGIC = Logic()
BEN_BEFORE_TEA = {"kind": "adjacent", "of": [["name", "Ben"], ["drink", "tea"]]}
ADA_HAS_MILK = {"kind": "same", "of": [["name", "Ada"], ["drink", "milk"]]}
ADA_LEFT_OF_CLEO = {"kind": "left", "of": [["name", "Ada"], ["name", "Cleo"]]}
# Tea stands to the right of Ben, so that it is not his; nor is it Ada's; so it is Cleo's, and Ben
# has the juice. Ben and Cleo stand at 1 and 2 or at 2 and 3; Ada is left of Cleo, so at 1.
SOLUTION = {
    "Ada/place": "1",
    "Ada/drink": "milk",
    "Ben/place": "2",
    "Ben/drink": "juice",
    "Cleo/place": "3",
    "Cleo/drink": "tea",
}
ANSWER = {
    "Ada": {"place": "1", "drink": "milk"},
    "Ben": {"place": "2", "drink": "juice"},
    "Cleo": {"place": "3", "drink": "tea"},
}


def made(*clues: dict[str, object]) -> Puzzle:
    return Puzzle(
        id="by-hand",
        family="logic",
        level="easy",
        text="",
        form="",
        data={
            "values": {
                "name": ["Ada", "Ben", "Cleo"],
                "place": ["1", "2", "3"],
                "drink": ["juice", "milk", "tea"],
            },
            "clues": list(clues),
        },
        solution=SOLUTION,
    )


WHOLE = made(BEN_BEFORE_TEA, ADA_HAS_MILK, ADA_LEFT_OF_CLEO)


@cache
def drawn(level: Level) -> tuple[Puzzle, ...]:
    return tuple(LOGIC.draw(str(n), level, stream(11, "logic", level, n)) for n in range(ITEMS))


def test_three_clues_leave_one_solution_two_leave_more_and_a_contradiction_none() -> None:
    assert LOGIC.count(WHOLE) == 1
    assert LOGIC.holds(WHOLE, SOLUTION)
    assert LOGIC.count(made(BEN_BEFORE_TEA, ADA_HAS_MILK)) == 2
    ben_has_milk = {"kind": "same", "of": [["name", "Ben"], ["drink", "milk"]]}
    assert LOGIC.count(made(ADA_HAS_MILK, ben_has_milk)) == 0


def test_an_answer_is_held_against_the_clues_and_not_against_the_solution() -> None:
    # The other of the two: Ben at 1, Cleo at 2, Ada at 3.
    other = {**SOLUTION, "Ada/place": "3", "Ben/place": "1", "Cleo/place": "2"}
    assert LOGIC.holds(made(BEN_BEFORE_TEA, ADA_HAS_MILK), other)
    assert not LOGIC.holds(WHOLE, other)


def test_a_value_is_one_persons() -> None:
    free = made()
    assert LOGIC.holds(free, SOLUTION)
    assert not LOGIC.holds(free, {**SOLUTION, "Ben/drink": "milk"})
    assert not LOGIC.holds(free, {**SOLUTION, "Ben/drink": "wine"})
    assert not LOGIC.holds(free, {**SOLUTION, "Ben/place": "02"})
    assert not LOGIC.holds(free, {})


@pytest.mark.parametrize(
    ("kind", "places", "so"),
    [
        ("same", (2, 2), True),
        ("same", (2, 3), False),
        ("different", (2, 3), True),
        ("different", (2, 2), False),
        ("either", (1, 1, 2), True),
        ("either", (1, 2, 1), True),
        ("either", (1, 1, 1), False),
        ("either", (1, 2, 3), False),
        ("next", (3, 2), True),
        ("next", (2, 3), True),
        ("next", (1, 3), False),
        ("next", (2, 2), False),
        ("left", (1, 3), True),
        ("left", (3, 1), False),
        ("left", (2, 2), False),
        ("adjacent", (1, 2), True),
        ("adjacent", (2, 1), False),
        ("adjacent", (1, 3), False),
        ("gap", (1, 3), True),
        ("gap", (4, 2), True),
        ("gap", (1, 4), False),
        ("gap", (1, 2), False),
        ("between", (2, 1, 4), True),
        ("between", (2, 4, 1), True),
        ("between", (4, 1, 4), False),
        ("between", (1, 2, 4), False),
    ],
)
def test_a_kind_of_clue_is_so(kind: str, places: tuple[int, ...], so: bool) -> None:
    assert KINDS[kind].keeps(*places) is so


ADA, TEA, CAT, TWO = ("name", "Ada"), ("drink", "tea"), ("pet", "cat"), ("place", "2")


@pytest.mark.parametrize(
    ("clue", "text"),
    [
        (Clue("same", (TEA, ADA)), "The one who drinks tea is Ada."),
        (Clue("different", (ADA, TWO)), "Ada does not stand at place 2."),
        (
            Clue("either", (ADA, TEA, CAT)),
            "Ada either drinks tea or keeps a cat, but not both.",
        ),
        (Clue("next", (ADA, TEA)), "Ada stands next to the one who drinks tea."),
        (Clue("left", (ADA, TEA)), "Ada stands somewhere to the left of the one who drinks tea."),
        (
            Clue("adjacent", (CAT, ADA)),
            "The one who keeps a cat stands directly to the left of Ada.",
        ),
        (
            Clue("gap", (CAT, ADA)),
            "Exactly one person stands between the one who keeps a cat and Ada.",
        ),
        (
            Clue("between", (ADA, CAT, TEA)),
            "Ada stands somewhere between the one who keeps a cat and the one who drinks tea.",
        ),
    ],
)
def test_a_clue_is_a_sentence(clue: Clue, text: str) -> None:
    assert _sentence(clue) == text


def test_an_answer_is_read_whatever_its_case_and_spaces() -> None:
    loose = {" ADA": {"Place": 1, "drink ": "Milk"}, "ben": {"place": " 2 ", "DRINK": "j uice"}}
    assert LOGIC.read(WHOLE, ANSWER) == SOLUTION
    assert LOGIC.read(WHOLE, {**loose, "cleo": {"place": "3", "drink": "TEA"}}) == SOLUTION
    assert LOGIC.write(WHOLE, SOLUTION) == ANSWER


def test_what_is_missing_or_no_cell_is_left_out() -> None:
    said = {"Ada": {"drink": "tea", "pet": "cat", "place": None}, "Zoe": {"drink": "milk"}}
    assert LOGIC.read(WHOLE, said) == {"Ada/drink": "tea"}
    assert LOGIC.read(WHOLE, {"Ada": {"drink": ["tea"], "place": 1.0}}) == {}


@pytest.mark.parametrize("value", [None, 1, "Ada", [ANSWER], {"Ada": "tea"}, {"Ada": ["1", "tea"]}])
def test_what_is_not_of_the_form_is_not_read(value: object) -> None:
    assert LOGIC.read(WHOLE, value) is None


def test_the_floor_of_two_columns_of_three() -> None:
    # A column has 0, 1, 3 right in 2, 3, 1 of its 6 orders. At least 3 of the 6 cells are right
    # where one column is or both are: 1/6 + 1/6 − 1/36.
    floor = LOGIC.floor(WHOLE)
    assert floor.parts == pytest.approx(1 / 3)
    assert floor.half == pytest.approx(11 / 36)
    assert floor.solved == pytest.approx(1 / 36)


def test_what_is_not_missed_is_dropped() -> None:
    # One solution is left where both 2 and 3 are known.
    def unique(some: object) -> bool:
        return {2, 3} <= {*some}

    assert needed([1, 2, 4, 3, 5], unique) == [2, 3]
    assert needed([1, 2, 4], unique) is None
    assert needed([1, 2], lambda _: True) == []


@pytest.mark.parametrize("level", LEVELS)
def test_every_clue_is_needed(level: Level) -> None:
    for puzzle in drawn(level)[:3]:
        clues = puzzle.data["clues"]
        for n in range(len(clues)):
            fewer = {**puzzle.data, "clues": clues[:n] + clues[n + 1 :]}
            assert LOGIC.count(puzzle.model_copy(update={"data": fewer})) == 2


@pytest.mark.parametrize("level", LEVELS)
def test_a_second_solver_that_reads_the_text_finds_the_one_solution(level: Level) -> None:
    for puzzle in drawn(level):
        assert by_text(puzzle.text) == [puzzle.solution]


# By what a sentence has, the first that fits; the places of its values in their order.
Said = tuple[str, Callable[..., bool]]
SAID: list[Said] = [
    (", but not both", lambda a, b, c: [b, c].count(a) == 1),
    ("Exactly one person", lambda a, b: a - b in {-2, 2}),
    (" somewhere between ", lambda a, b, c: b < a < c or c < a < b),
    (" next to ", lambda a, b: a - b in {-1, 1}),
    (" somewhere to the left of ", lambda a, b: b > a),
    (" directly to the left of ", lambda a, b: b - a == 1),
    (" not ", lambda a, b: a != b),
    ("", lambda a, b: a == b),
]


def by_text(text: str) -> list[dict[str, str]]:
    """Every solution of what is written, at most two."""
    names = re.findall(r"\w+", text.split(" people, ")[1].split(", stand")[0].replace(" and ", " "))
    columns = {"name": names} | {
        found[1]: found[2].split(", ") for found in re.finditer(r"^(\w+): (.+)$", text, re.M)
    }
    spots = range(1, len(names) + 1)
    values = [value for column in columns.values() for value in column]
    assert len(set(values)) == len(values)
    var = {key: n for n, key in enumerate(product(values, spots), 1)}
    solver = Cadical153()
    for column in columns.values():
        for value in column:
            solver.add_clause([var[value, spot] for spot in spots])
            for one, two in combinations(spots, 2):
                solver.add_clause([-var[value, one], -var[value, two]])
        for spot, (one, two) in product(spots, combinations(column, 2)):
            solver.add_clause([-var[one, spot], -var[two, spot]])
    for spot in spots:
        solver.add_clause([var[str(spot), spot]])
    for sentence in re.findall(r"^\d+\. (.+)$", text, re.M):
        of = [word for word in re.findall(r"\w+", sentence) if word in values]
        so = next(so for mark, so in SAID if mark in sentence)
        for tried in product(spots, repeat=len(of)):
            if not so(*tried):
                solver.add_clause([-var[key] for key in zip(of, tried, strict=True)])
    found = []
    while len(found) < 2 and solver.solve():
        true = {n for n in solver.get_model() if n > 0}
        at = {value: spot for (value, spot), n in var.items() if n in true}
        found.append(
            {
                f"{name}/{key}": value
                for name in names
                for key, column in columns.items()
                for value in column
                if key != "name" and at[value] == at[name]
            }
        )
        solver.add_clause([-var[key] for key in at.items()])
    return found
