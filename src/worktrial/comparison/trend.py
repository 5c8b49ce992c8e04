"""A worker over several runs of one protocol: the score of each, and how far it is from the first.

Runs share their items, so that each is held against the first one item by item. All of a worker's
runs are looked at together: bounds of the differences hold for all of them at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from worktrial.comparison.panel import FloatArray, Panel
from worktrial.estimate import (
    Interval,
    Verdict,
    difference_curve,
    difference_p_value,
    equivalence,
    holm,
    mean_interval,
)

LEVEL = 0.95


@dataclass(frozen=True)
class Change:
    """A run against the first of the same worker, item by item; positive is higher now.

    Attributes:
        difference: The mean difference, with bounds that hold for all of a worker's runs at once.
        p_value: That it is 0, of this run alone.
        p_adjusted: The same by Holm, over all runs and workers of the trend.
        verdict: `level` within the margin, `apart` where the bounds leave out 0, or neither.
        detectable: The smallest drift that this run alone would likely have shown.
    """

    difference: Interval
    p_value: float
    p_adjusted: float
    verdict: Verdict
    detectable: float


@dataclass(frozen=True)
class Point:
    """One worker in one run.

    Attributes:
        run: The run's name.
        worker: Who.
        score: At work, with its own interval.
        change: Against the worker's first run; `None` of the first itself.
    """

    run: str
    worker: str
    score: Interval
    change: Change | None = None


def trend_points(panels: Mapping[str, Panel], *, margin: float, seed: int) -> list[Point]:
    """Follow every worker over runs of one measurement.

    Args:
        panels: By run, in order of time; a run may lack a worker.
        margin: A difference that does not matter, in the units of the scores.
        seed: Of what is drawn for the bounds that hold at once.

    Returns:
        Worker by worker, in order of time.
    """
    workers = dict.fromkeys(worker for panel in panels.values() for worker in panel.workers)
    found = [p for worker in workers for p in _followed(panels, worker, margin, seed)]
    changes = [point.change for point in found if point.change is not None]
    adjusted = iter(holm([change.p_value for change in changes], level=LEVEL).p_values)
    return [
        point
        if point.change is None
        else replace(point, change=replace(point.change, p_adjusted=float(next(adjusted))))
        for point in found
    ]


def _followed(panels: Mapping[str, Panel], worker: str, margin: float, seed: int) -> list[Point]:
    """One worker, whose first run is the first that has it."""
    mine = {run: panel for run, panel in panels.items() if worker in panel.workers}
    scores = _side_by_side(list(mine.values()), worker)
    points = [
        Point(run, worker, mean_interval(column, level=LEVEL))
        for run, column in zip(mine, scores.T, strict=True)
    ]
    changes = _changes(scores, margin, seed)
    return [points[0], *(replace(p, change=c) for p, c in zip(points[1:], changes, strict=True))]


def _side_by_side(panels: Sequence[Panel], worker: str) -> FloatArray:
    """Scores at work, shape (items, runs); NaN where a run lacks an item."""
    items = sorted({item for panel in panels for item in panel.items})
    row_of = {item: row for row, item in enumerate(items)}
    scores = np.full((len(items), len(panels)), np.nan)
    for column, panel in enumerate(panels):
        scores[[row_of[item] for item in panel.items], column] = panel.of(worker)[:, -1]
    return scores


def _changes(scores: FloatArray, margin: float, seed: int) -> list[Change]:
    """Each later run against the first."""
    later = scores[:, 1:]
    if not later.shape[1]:
        return []
    first = np.repeat(scores[:, :1], later.shape[1], axis=1)
    curve = difference_curve(later, first, level=LEVEL, seed=seed)
    return [
        _change(column, first[:, 0], replace(step, low=float(low), high=float(high)), margin)
        for column, step, low, high in zip(
            later.T, curve.steps, curve.band_low, curve.band_high, strict=True
        )
    ]


def _change(now: FloatArray, first: FloatArray, all_at_once: Interval, margin: float) -> Change:
    alone = equivalence(now, first, margin=margin, level=LEVEL)
    p_value = difference_p_value(now, first)
    apart = all_at_once.low > 0 or all_at_once.high < 0
    verdict: Verdict = alone.verdict
    if verdict == "apart" and not apart:
        verdict = "cannot-tell"
    return Change(all_at_once, p_value, np.nan, verdict, alone.detectable)
