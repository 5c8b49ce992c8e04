"""Which puzzles a run has: drawn, by name, or out of files that the user has."""

from pathlib import Path

import pytest
from test_published import ITEMS, laid_out

from worktrial.errors import ConfigError
from worktrial.reasoning.check import check
from worktrial.reasoning.draw import drawn
from worktrial.reasoning.puzzles import FAMILIES
from worktrial.reasoning.task import other_of


def test_families_and_levels_come_in_turn() -> None:
    some = drawn(["sudoku", "calculation"], "standard", seed=7, items=7).puzzles
    assert [puzzle.id for puzzle in some] == [
        "sudoku-easy-1", "calculation-easy-1", "sudoku-medium-1", "calculation-medium-1",
        "sudoku-hard-1", "calculation-hard-1", "sudoku-easy-2",
    ]  # fmt: skip
    assert some == drawn(["sudoku", "calculation"], "standard", seed=7, items=7).puzzles
    assert some != drawn(["sudoku", "calculation"], "standard", seed=8, items=7).puzzles
    assert some[:2] == drawn(["sudoku", "calculation"], "standard", seed=7, items=2).puzzles


def test_every_family_of_ours_by_default() -> None:
    pocket = drawn((), "pocket", seed=7)
    assert {puzzle.family for puzzle in pocket.puzzles} == set(FAMILIES)
    assert len(pocket.puzzles) == 3 * len(FAMILIES)
    assert check(pocket.puzzles).sound


def test_a_data_set_of_reasoning_gym_by_name() -> None:
    (one,) = drawn(["gym:chain_sum"], "pocket", seed=7, items=1).puzzles
    assert one.id == "gym:chain_sum-easy-1"
    assert check([one]).oracle == 1.0


def test_published_puzzles_of_a_folder(tmp_path: Path) -> None:
    folder = laid_out(tmp_path, ITEMS)
    found = drawn((), "standard", seed=7, folder=folder)
    assert len(found.puzzles) == len(ITEMS)
    assert check(found.puzzles).sound
    some = drawn(["lr2bench:sudoku"], "pocket", seed=7, folder=folder).puzzles
    assert [puzzle.family for puzzle in some] == ["lr2bench:sudoku"]


def test_what_cannot_be_drawn_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="`--items` must be at least 1; got 0"):
        drawn((), "pocket", seed=7, items=0)
    with pytest.raises(ConfigError, match="no puzzles are called `sudoko`; write `sudoku`"):
        drawn(["sudoko"], "pocket", seed=7)
    with pytest.raises(ConfigError, match=r"puzzles of sudoku; .* has none"):
        drawn(["sudoku"], "pocket", seed=7, folder=laid_out(tmp_path, ITEMS))


def test_another_puzzle_is_of_the_same_family_and_level() -> None:
    puzzles = drawn(["sudoku", "logic"], "pocket", seed=7, items=4).puzzles
    assert [other_of(puzzle, puzzles) for puzzle in puzzles] == [puzzles[n] for n in (2, 3, 0, 1)]
    assert other_of(puzzles[0], puzzles[:1]) is None


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worktrial.reasoning.draw.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"need ortools and wordfreq, .*worktrial\[puzzles\]"):
        drawn(["sudoku"], "pocket", seed=7)
