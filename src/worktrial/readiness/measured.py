"""What was measured of one worker in the office: by arm, and as a vector of axes by item."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from worktrial.estimate.intervals import SAME
from worktrial.evidence import Evidence
from worktrial.readiness.arms import AXES, NATIVE, Axis, of_axis

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
LEAKS = "leaks_"
"""What the metrics begin with that count leaks by channel."""
METRIC_OF: Mapping[Axis, str] = {
    "task_success": "success",
    "privacy": "privacy",
    "retention": "kept",
    "mode_shift": "success",
    "ecosystem": "success",
}
"""By what an axis is measured, under the arms that are its own."""


class Vector(NamedTuple):
    """An axis a column, an item a row.

    Attributes:
        values: Scores in [0, 1], shape (items, axes); NaN where an axis does not apply to an item
            or is missing.
        applies: Whether the item was run for the axis, shape (items, axes).
    """

    values: FloatArray
    applies: BoolArray

    def of(self, axis: Axis) -> FloatArray:
        """One axis, shape (items,)."""
        column: FloatArray = self.values[:, AXES.index(axis)]
        return column

    def ready(self, threshold: float) -> FloatArray:
        """Success where every axis of an item reaches a threshold, else 0.

        Args:
            threshold: A fraction.

        Returns:
            Shape (items,); NaN where an axis that applies is missing.
        """
        success = self.of("task_success")
        enough = (self.values >= threshold - SAME) | ~self.applies
        missing = (np.isnan(self.values) & self.applies).any(axis=1) | np.isnan(success)
        return np.where(missing, np.nan, np.where(enough.all(axis=1), success, 0.0))


@dataclass(frozen=True)
class Measured:
    """One worker's values of whole items.

    Attributes:
        worker: Who.
        arms: Under which arms.
        kinds: The kind of every item, in order of the items' names.
        values: By arm and metric, then item and replicate; `None` is missing.
        faults: Of items in whose way a fault was put, its kind.
    """

    worker: str
    arms: tuple[str, ...]
    kinds: Mapping[str, str]
    values: Mapping[tuple[str, str], Mapping[str, Mapping[int, float | None]]]
    faults: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def items(self) -> list[str]:
        """The items, in order of name."""
        return list(self.kinds)

    def has(self, arm: str, metric: str) -> BoolArray:
        """Which items were run for a metric, whatever became of them."""
        found = self.values.get((arm, metric), {})
        return np.array([item in found for item in self.items], dtype=np.bool_)

    def by_item(self, arm: str, metric: str) -> FloatArray:
        """A metric by item, replicates averaged; NaN where there is none."""
        return _mean(self.tries(arm, metric))

    def tries(self, arm: str, metric: str) -> FloatArray:
        """A metric by item and replicate, shape (items, replicates); NaN where there is none."""
        found = self.values.get((arm, metric), {})
        tries = np.full((len(self.items), self.replicates), np.nan)
        for row, item in enumerate(self.items):
            for replicate, value in found.get(item, {}).items():
                tries[row, replicate - 1] = np.nan if value is None else value
        return tries

    @cached_property
    def replicates(self) -> int:
        """How often an item was run at most."""
        tries = (r for found in self.values.values() for by in found.values() for r in by)
        return max(tries, default=1)

    @cached_property
    def axes(self) -> list[Axis]:
        """The axes that were run."""
        return [axis for axis, applies in zip(AXES, self.vector.applies.T, strict=True)
                if applies.any()]  # fmt: skip

    @cached_property
    def vector(self) -> Vector:
        """Every axis of every item: the mean over the arms of the axis that the item was run under.

        An arm that is missing leaves the axis of that item missing: a mean over the arms that are
        left would be of something else.
        """
        columns = [self._axis(axis) for axis in AXES]
        values, applies = (np.stack(each, axis=1) for each in zip(*columns, strict=True))
        return Vector(values, applies)

    def _axis(self, axis: Axis) -> tuple[FloatArray, BoolArray]:
        metric = METRIC_OF[axis]
        arms = [NATIVE.name] if axis == "privacy" else of_axis(axis, self.arms)
        none = np.full((1, len(self.items)), np.nan)
        values = np.array([self.by_item(arm, metric) for arm in arms]) if arms else none
        ran = np.array([self.has(arm, metric) for arm in arms]) if arms else ~np.isnan(none)
        applies = np.asarray(ran.any(axis=0))
        if axis == "privacy":
            # Where success is known and privacy is not, the item has nothing to judge it by.
            applies &= ~np.isnan(values[0]) | np.isnan(self.by_item(NATIVE.name, "success"))
        missing = ~applies | (ran & np.isnan(values)).any(axis=0)
        total = np.where(ran, values, 0.0).sum(axis=0)
        mean = total / np.maximum(1, ran.sum(axis=0))
        return np.where(missing, np.nan, mean), applies


def measured(evidence: Evidence, worker: str, arms: Sequence[str]) -> Measured:
    """Read what was measured of a worker.

    Args:
        evidence: The trial's observations.
        worker: Who.
        arms: Those of the run.
    """
    rows = evidence.query(
        "select arm, metric, item, stratum, replicate, value from evidence "
        "where worker = ? and step = 0 order by item, arm, metric, replicate",
        [worker],
    )
    values: dict[tuple[str, str], dict[str, dict[int, float | None]]]
    values = defaultdict(lambda: defaultdict(dict))
    for arm, metric, item, _, replicate, value in rows:
        values[arm, metric][item][replicate] = value
    kinds = {item: kind for _, _, item, kind, _, _ in rows}
    return Measured(worker, tuple(arms), kinds, values, _faults(evidence, worker))


def _faults(evidence: Evidence, worker: str) -> dict[str, str]:
    return dict(
        evidence.query(
            "select distinct item, kind from evidence "
            "where worker = ? and metric = 'fault_met' order by item",
            [worker],
        )
    )


class Vectors(NamedTuple):
    """Several workers on the items that any of them had.

    Attributes:
        workers: Who.
        axes: The axes that were run.
        kinds: The kind of each item: the strata of resamples.
        values: Scores in [0, 1], shape (workers, items, axes); NaN where there is none.
    """

    workers: tuple[str, ...]
    axes: tuple[Axis, ...]
    kinds: tuple[str, ...]
    values: FloatArray

    def only(self, workers: Sequence[str]) -> "Vectors":
        """The vectors of some workers, in their order."""
        rows = [self.workers.index(worker) for worker in workers]
        return self._replace(workers=tuple(workers), values=self.values[rows])


def vectors(everyone: Sequence[Measured]) -> Vectors:
    """Put workers side by side, item by item and axis by axis."""
    kinds = dict(sorted({i: k for each in everyone for i, k in each.kinds.items()}.items()))
    run = {axis for each in everyone for axis in each.axes}
    axes = tuple(axis for axis in AXES if axis in run)
    values = np.full((len(everyone), len(kinds), len(axes)), np.nan)
    place = {item: row for row, item in enumerate(kinds)}
    columns = [AXES.index(axis) for axis in axes]
    for worker, each in enumerate(everyone):
        rows = [place[item] for item in each.items]
        values[worker, rows] = each.vector.values[:, columns]
    return Vectors(tuple(each.worker for each in everyone), axes, tuple(kinds.values()), values)


def _mean(tries: FloatArray) -> FloatArray:
    """Over replicates; NaN where all are missing."""
    known = ~np.isnan(tries)
    total = np.where(known, tries, 0.0).sum(axis=1)
    return np.where(known.any(axis=1), total / np.maximum(1, known.sum(axis=1)), np.nan)
