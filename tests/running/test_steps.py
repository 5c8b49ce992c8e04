"""Steps are told to whoever listens, but for those of a task within a task."""

import pytest

from worktrial import steps


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
