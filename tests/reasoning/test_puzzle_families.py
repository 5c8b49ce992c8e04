"""What holds of every family of puzzles."""

import json
import random
import statistics
from collections.abc import Iterator
from functools import cache

import pytest

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import FAMILIES, LEVELS, Family, Level, Puzzle

PUZZLES, GUESSES = 4, 400
CASES = [(name, level) for name in FAMILIES for level in LEVELS]
every_family = pytest.mark.parametrize(("name", "level"), CASES)


@cache
def drawn(name: str, level: Level) -> tuple[Puzzle, ...]:
    return tuple(
        FAMILIES[name].draw(f"{name}-{n}", level, stream(7, "puzzle", name, level, n))
        for n in range(PUZZLES)
    )


def corrupted(family: Family, puzzle: Puzzle) -> Iterator[dict[str, str]]:
    """The solution with one cell as another cell has it, or as no cell has it."""
    values = sorted({*puzzle.solution.values(), "?"})
    for cell, right in puzzle.solution.items():
        wrong = next(value for value in values[::-1] if value != right)
        yield {**puzzle.solution, cell: wrong}
        yield {**puzzle.solution, cell: next(value for value in values if value != right)}


@every_family
def test_there_is_one_solution_and_it_keeps_the_rules(name: str, level: Level) -> None:
    family = FAMILIES[name]
    for puzzle in drawn(name, level):
        assert family.count(puzzle) == 1
        answer = json.loads(json.dumps(family.write(puzzle, puzzle.solution)))
        cells = family.read(puzzle, answer)
        assert cells is not None
        assert {cell: cells[cell] for cell in puzzle.solution} == puzzle.solution
        assert family.holds(puzzle, cells)


@every_family
def test_a_change_of_any_cell_breaks_a_rule(name: str, level: Level) -> None:
    family = FAMILIES[name]
    for puzzle in drawn(name, level)[:2]:
        given = family.read(puzzle, family.write(puzzle, puzzle.solution)) or {}
        for cells in corrupted(family, puzzle):
            assert not family.holds(puzzle, {**given, **cells})
        for cell in given:
            assert not family.holds(puzzle, {**given, cell: "?"})
            assert not family.holds(puzzle, {c: v for c, v in given.items() if c != cell})


@every_family
def test_the_same_stream_draws_the_same(name: str, level: Level) -> None:
    again = FAMILIES[name].draw(f"{name}-0", level, stream(7, "puzzle", name, level, 0))
    assert again == drawn(name, level)[0]
    assert again == Puzzle.model_validate_json(again.model_dump_json())
    assert len({puzzle.text for puzzle in drawn(name, level)}) == PUZZLES


@every_family
def test_a_guess_scores_the_floor(name: str, level: Level) -> None:
    family = FAMILIES[name]
    puzzle = drawn(name, level)[0]
    floor = family.floor(puzzle)
    rng = random.Random(1)
    shares = []
    for _ in range(GUESSES):
        cells = family.guess(puzzle, rng)
        assert family.read(puzzle, family.write(puzzle, cells)) is not None
        right = sum(cells.get(cell) == value for cell, value in puzzle.solution.items())
        shares.append(right / len(puzzle.solution))
    # Five standard errors: one false alarm in a million.
    error = 5 * statistics.pstdev(shares) / GUESSES**0.5 + 1e-9
    assert statistics.mean(shares) == pytest.approx(floor.parts, abs=error)
    half = statistics.mean(share >= 0.5 for share in shares)
    assert half == pytest.approx(
        floor.half, abs=5 * (floor.half * (1 - floor.half) / GUESSES) ** 0.5 + 0.01
    )
    assert 0 <= floor.solved <= floor.half <= 1


@every_family
def test_what_is_shown_does_not_show_the_solution(name: str, level: Level) -> None:
    family = FAMILIES[name]
    for puzzle in drawn(name, level):
        assert json.dumps(family.write(puzzle, puzzle.solution)) not in puzzle.text + puzzle.form


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        "x",
        [],
        {},
        [[]],
        [[None]],
        {"a": {}},
        [{"a": []}],
        [["x"] * 99] * 99,
        {"R1C1": [1]},
    ],
)
@pytest.mark.parametrize("name", FAMILIES)
def test_what_is_not_of_the_form_solves_nothing(name: str, value: object) -> None:
    family, puzzle = FAMILIES[name], drawn(name, "easy")[0]
    cells = family.read(puzzle, value)
    assert cells is None or not family.holds(puzzle, cells)


@pytest.mark.parametrize("name", FAMILIES)
def test_steps_are_valid_where_they_say_what_is_so(name: str) -> None:
    family, puzzle = FAMILIES[name], drawn(name, "easy")[0]
    cell, value = next(iter(puzzle.solution.items()))
    lines = [
        f"STEP: {cell} = {value}",
        f"  - STEP: {cell} = ?",
        "I think that it is so.",
        "STEP: nowhere = 1",
    ]
    assert [step.valid for step in family.steps(puzzle, "\n".join(lines))] == [True, False]
