"""Evidence as tables of runs and items, which is what estimates are made of."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from worktrial.estimate import Interval, crossed_mean
from worktrial.evidence import Evidence

Array = NDArray[np.float64]
_AS_CLUSTERS = 3
"""From so many bases on these are what is independent; seeds of one base are averaged."""


class Cells(NamedTuple):
    """A metric before and after training, shape (runs, items) each; all items are in all runs.

    Runs are named, so that those of two arms can be paired.
    """

    before: Array
    after: Array
    items: tuple[str, ...]
    runs: tuple[str, ...]

    @property
    def change(self) -> Array:
        """After less before."""
        return self.after - self.before


def mean_score(table: Array, level: float) -> Interval:
    """The mean of scores in [0, 1] over runs and items; bounds stay where a score can be."""
    found = crossed_mean(table, level=level)
    low, high = np.clip((found.low, found.high), 0.0, 1.0)
    return replace(found, low=float(low), high=float(high))


def cells(
    evidence: Evidence,
    arm: str,
    metric: str,
    strata: str,
    *,
    rate: str,
    step: int,
    by: str = "item",
) -> Cells:
    """Look up an arm's runs that ended.

    Args:
        evidence: A control's.
        arm: Which.
        metric: Which.
        strata: What a stratum's name must begin with.
        rate: The learning rate, as it is written.
        step: The checkpoint that is after; 0 is before.
        by: `item`, or `cluster` for the means of families.
    """
    rows = evidence.query(
        f"select worker, replicate, {by}, step, avg(value) from evidence "  # noqa: S608
        "where arm = ? and metric = ? and starts_with(stratum, ?) and operation = ? "
        "and outcome = 'ended' and step in (0, ?) group by all",
        [arm, metric, strata, rate, step],
    )
    runs = sorted({(worker, replicate) for worker, replicate, *_ in rows})
    items = sorted({item for _, _, item, _, _ in rows})
    table = np.full((2, len(runs), len(items)), np.nan)
    places = {run: at for at, run in enumerate(runs)}
    columns = {item: at for at, item in enumerate(items)}
    for worker, replicate, item, at, value in rows:
        table[int(at > 0), places[worker, replicate], columns[item]] = value
    if not step:
        table[1] = table[0]
    bases = [worker for worker, _ in runs]
    before, after = (_by_base(part, bases) for part in table)
    names = [f"{worker}, seed {replicate}" for worker, replicate in runs]
    return Cells(before, after, tuple(items), tuple(sorted(set(bases)) if _many(bases) else names))


def _many(bases: list[str]) -> bool:
    return len(set(bases)) >= _AS_CLUSTERS


def _by_base(table: Array, bases: list[str]) -> Array:
    if not _many(bases):
        return table
    chosen = np.array(bases)
    return np.array([table[chosen == name].mean(axis=0) for name in sorted(set(bases))])
