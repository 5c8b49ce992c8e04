"""Workers over runs: scores, differences from the first, and bounds for many looks."""

import numpy as np
import pytest

from worktrial.comparison.panel import Panel
from worktrial.comparison.trend import trend_points
from worktrial.estimate import paired_difference

MARGIN = 0.03
JITTER = np.array([0.01, -0.01] * 20)


def panel(**scores: np.ndarray) -> Panel:
    values = np.stack(list(scores.values()))[:, :, None]
    items = tuple(f"json-{place:03}" for place in range(values.shape[1]))
    return Panel(
        "relay", "horizon", "fidelity", "legs-2", "legs-2", ("at first", "after leg 2"),
        tuple(scores), items, (2,), values,
    )  # fmt: skip


def test_every_run_is_held_against_the_first_item_by_item() -> None:
    level = np.linspace(0.2, 0.9, 40)
    runs = {
        "a": panel(gpt=level), "b": panel(gpt=level + JITTER), "c": panel(gpt=level - 0.1 + JITTER)
    }  # fmt: skip
    first, second, third = trend_points(runs, margin=MARGIN, seed=1)
    assert [p.run for p in (first, second, third)] == ["a", "b", "c"]
    assert first.change is None
    assert first.score.value == pytest.approx(0.55)
    assert second.change is not None
    assert third.change is not None
    assert (second.change.verdict, third.change.verdict) == ("level", "apart")
    assert third.change.difference.value == pytest.approx(-0.1)
    # Two looks: the p-value of the one that has drifted is the smaller, so Holm doubles it.
    assert third.change.p_adjusted == pytest.approx(2 * third.change.p_value)


def test_bounds_of_many_runs_are_wider_than_those_of_one() -> None:
    rng = np.random.default_rng(3)
    scores = [rng.uniform(0.3, 0.7, 40) for _ in range(9)]
    runs = {f"r{place}": panel(gpt=each) for place, each in enumerate(scores)}
    last = trend_points(runs, margin=MARGIN, seed=1)[-1].change
    assert last is not None
    alone = paired_difference(scores[-1], scores[0])
    assert last.difference.value == alone.value
    assert last.difference.high - last.difference.low > 1.2 * (alone.high - alone.low)


def test_a_worker_that_came_later_has_a_first_run_of_its_own() -> None:
    level = np.full(40, 0.5)
    runs = {"a": panel(gpt=level), "b": panel(gpt=level, new=level + JITTER)}
    points = trend_points(runs, margin=MARGIN, seed=1)
    assert [(p.worker, p.run, p.change is None) for p in points] == [
        ("gpt", "a", True), ("gpt", "b", False), ("new", "b", True),
    ]  # fmt: skip


def test_an_item_that_is_missing_in_a_run_is_left_out_of_its_difference_alone() -> None:
    level, holed = np.full(40, 0.5), np.full(40, 0.5)
    holed[:10] = np.nan
    change = trend_points({"a": panel(gpt=level), "b": panel(gpt=holed)}, margin=0.1, seed=1)[1]
    assert change.score.clusters == 30
    assert change.change is not None
    assert change.change.difference.clusters == 30


@pytest.mark.slow
@pytest.mark.parametrize("looks", [2, 10])
def test_no_run_of_an_unchanged_worker_is_an_alarm_in_95_of_100_trends(looks: int) -> None:
    from scipy import stats

    alarms, times = 0, 400
    for number in range(times):
        rng = np.random.default_rng(number)
        documents = rng.beta(8, 2, 30)
        noisy = [np.clip(documents + rng.normal(0, 0.1, 30), 0, 1) for _ in range(looks)]
        runs = {f"r{place}": panel(gpt=each) for place, each in enumerate(noisy)}
        points = trend_points(runs, margin=1e-6, seed=number)
        alarms += any(p.change is not None and p.change.verdict == "apart" for p in points)
    print(f"{looks} runs: {alarms} of {times} trends with an alarm")
    assert stats.binomtest(alarms, times, 0.05, alternative="greater").pvalue > 1e-3
