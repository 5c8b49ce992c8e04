"""Steps are told to whoever listens, but for those of a task within a task."""

import pytest

from worktrial import steps
from worktrial.running.progress import Progress


def test_steps_of_a_task_within_a_task_are_unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[int, int]] = []
    monkeypatch.setattr(steps, "listeners", [lambda done, never: heard.append((done, never))])
    steps.count(1)
    with steps.unheard():
        steps.count(5)
    steps.count(2, never=3)
    assert heard == [(1, 0), (2, 3)]


def test_a_task_that_fails_leaves_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []
    monkeypatch.setattr(steps, "listeners", [lambda done, _: heard.append(done)])
    with pytest.raises(ValueError, match="it fails"), steps.unheard():
        raise ValueError("it fails")
    steps.count(1)
    assert heard == [1]


def test_steps_that_are_told_of_together_count_as_many(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 100.0
    monkeypatch.setattr("worktrial.running.progress.time.monotonic", lambda: now)
    progress = Progress(1000, "steps")
    for _ in range(10):
        now += 1
        progress.count(50, never=0)
    progress.show(now)
    said = capsys.readouterr().err
    assert "steps 500 of 1000 · 50.0/s · at most 0:10 left" in said, "500 left, 50 a second"


def test_the_time_before_the_first_step_is_no_part_of_the_rate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Weights load and processes start in it."""
    now = 100.0
    monkeypatch.setattr("worktrial.running.progress.time.monotonic", lambda: now)
    progress = Progress(9, "legs")
    now += 60
    progress.count(1, never=0)
    assert capsys.readouterr().err.strip() == "legs 1 of 9"
    now += 10
    progress.count(5, never=1)
    assert "legs 6 of 8 · 0.5/s · at most 0:04 left" in capsys.readouterr().err
