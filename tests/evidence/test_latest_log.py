"""Of two logs of the same thing, the one that was made later counts."""

import os
import shutil
from pathlib import Path

import pytest
from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import Sample
from inspect_ai.solver import Generate, Solver, TaskState, solver

from worktrial.evidence import finished


@solver
def silent() -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        return state

    return solve


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (made,) = inspect_eval(
        Task(dataset=[Sample(input="hello")], solver=silent(), name="greet"),
        model="mockllm/model", log_dir=str(tmp_path_factory.mktemp("logs")), display="none",
    )  # fmt: skip
    return Path(made.location)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("2026-11-28T10-00-00-00-00_greet_Z", "2026-11-28T10-00-00-00-00_greet_A"),
        ("2026-11-28T10-00-00-00-00_greet_A", "2026-11-28T10-00-00-00-00_greet_Z"),
        ("2026-11-28T10-00-01-00-00_greet_Z", "2026-11-28T10-00-02-00-00_greet_A"),
    ],
)
def test_the_later_counts_whatever_was_drawn_for_its_name(
    first: str, then: str, log: Path, tmp_path: Path
) -> None:
    for age, name in enumerate((first, then)):
        shutil.copy(log, tmp_path / f"{name}.eval")
        os.utime(tmp_path / f"{name}.eval", ns=(age, 1_000 + age))
    (found,) = finished(tmp_path)["greet"]
    assert [part.stem for part in found.parts] == [then]
