"""Errors that tell of memory, and answers that are kept to be read."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.training import child
from worktrial.training.asked import Asked, Recipe, is_control
from worktrial.training.jobs import RUN, Ended, Job, wants_memory
from worktrial.training.run import _broken_off
from worktrial.training.shown import Answer, keep_answers, kept_answers

ASKED = Asked(
    control="rewards",
    seed=7,
    arms=("correct",),
    seeds=1,
    bases=("small-1",),
    data="sums",
    items=5,
    recipe=Recipe(steps=8, rate=1e-5),
)


@pytest.mark.parametrize(
    ("told", "memory"),
    [
        ("CUDA out of memory. Tried to allocate 2 GiB", True),
        ("DefaultCPUAllocator: can't allocate memory: you tried", True),
        ("DefaultCPUAllocator: not enough memory: you tried", True),
        ("OSError: [Errno 12] Cannot allocate memory", True),
        ("terminate called after throwing an instance of 'std::bad_alloc'", True),
        ("memory allocation of 1073741824 bytes failed", True),
        ("RuntimeError: can't start new thread", True),
        ("RuntimeError: shapes differ", False),
        ("KeyError: 'allocation'", False),
        ("", False),
    ],
)
def test_errors_that_tell_of_memory(tmp_path: Path, told: str, memory: bool) -> None:
    assert wants_memory(told) is memory
    path = tmp_path / "stderr.txt"
    path.write_text(f"first\n{told}\nlast\n", encoding="utf-8")
    ended = Ended("out_of_memory", told) if memory else Ended("failed", "last")
    assert _broken_off(1, path) == ended
    # Nothing was said of memory before a signal: the system's own word for it is signal 9.
    assert _broken_off(-9, path).outcome == ("out_of_memory" if memory else "killed")


def test_pythons_own_error_says_nothing_and_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(child, "_work", work)
    job = Job(RUN, 1, "correct", 1)
    ended = child._carried_out(ASKED, job, Path("out"), lambda *_: None, lambda: 5)
    assert ended == Ended("out_of_memory", "no more memory", 5)


def test_a_folder_is_a_control_where_it_says_so(tmp_path: Path) -> None:
    assert not is_control(tmp_path)
    ASKED.keep(tmp_path)
    assert is_control(tmp_path)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ANSWERS = st.lists(st.builds(Answer, TEXTS, TEXTS, TEXTS, TEXTS, st.floats(0, 1)), max_size=4)


@given(first=ANSWERS, second=ANSWERS)
def test_answers_are_read_as_they_were_kept(
    tmp_path_factory: pytest.TempPathFactory, first: list[Answer], second: list[Answer]
) -> None:
    folder = tmp_path_factory.mktemp("run")
    assert kept_answers(folder) == {}
    keep_answers(folder, 20, second)
    keep_answers(folder, 0, first)
    assert list(kept_answers(folder).items()) == [(0, first), (20, second)]


def test_long_answers_are_clipped_and_damaged_files_left_out(tmp_path: Path) -> None:
    keep_answers(tmp_path, 0, [Answer("clean", "p" * 5000, "1", "t" * 5000, 0.0)])
    for name, text in (("1", "[["), ("2", "7"), ("3", "[[1]]"), ("x", "[]")):
        (tmp_path / "shown" / f"{name}.json").write_text(text, encoding="utf-8")
    assert kept_answers(tmp_path) == {0: [Answer("clean", "p" * 2000, "1", "t" * 2000, 0.0)]}
