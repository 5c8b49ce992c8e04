"""Means and ratios over runs and items at once: tables of known means, and whether bounds hold.

The clusters of a case are its runs; how many items there are follows from them.
"""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import numpy as np

from worktrial.calibration.case import Case, Replicate, covered
from worktrial.calibration.truths import FloatArray
from worktrial.estimate import crossed_mean, crossed_p_value, crossed_ratio

LEVEL = 0.95

SIZES: Mapping[int, int] = {3: 200, 6: 100}
"""Items, by runs."""


class _Table(NamedTuple):
    """Where a table's values come from: effects, and answers given for the better or worse."""

    runs: float
    """Standard deviation of the runs' effects, which are normal."""
    items: float
    """Of the items'."""
    tries: int = 1
    """A value is the mean of so many differences of answers, each −1, 0 or 1."""
    skewed: bool = False
    """Whether a few items lose much and most gain a little, where else they are normal."""
    unlike: float = 0.6
    """The share of answers that differ."""


TABLES: Mapping[str, _Table] = {
    "dense: wide spread of runs": _Table(0.05, 0.05, tries=16),
    "dense: wide spread of items": _Table(0.01, 0.3, tries=16),
    "dense: wide spread of both": _Table(0.1, 0.3, tries=16),
    "yes or no: wide spread of runs": _Table(0.05, 0.05),
    "yes or no: a spread of runs that the noise hides": _Table(0.03, 0.1),
    "yes or no: no effect of runs or items": _Table(0.0, 0.0),
    "skewed items, a spread of runs of .02": _Table(0.02, 0.1, tries=16, skewed=True),
    "yes or no: skewed items, a spread of runs of .02": _Table(0.02, 0.1, skewed=True),
    "tied: nine answers in ten are alike": _Table(0.0, 0.0, unlike=0.1),
    "zero variance: all better by one in ten": _Table(0.0, 0.0, tries=0),
}
_MEAN = 0.1
_RATIOS = ("dense: wide spread of runs", "yes or no: wide spread of runs")
_SHARE, _WHOLE = 0.5, 0.3


def _drifts(table: _Table, reach: float, runs: int, rng: np.random.Generator) -> FloatArray:
    """Effects of runs and items within ±`reach`, of mean 0, shape (runs, items)."""
    of_runs, of_items = rng.normal(0, table.runs, (runs, 1)), rng.normal(0, 1, SIZES[runs])
    if table.skewed:
        # Beta(1, 4) has the mean 1/5 and the variance 2/75; here no sum but one in 10,000 is cut.
        of_items = (1 / 5 - rng.beta(1, 4, SIZES[runs])) / np.sqrt(2 / 75)
    return np.asarray(np.clip(of_runs + table.items * of_items, -reach, reach))


def _answered(table: _Table, means: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Mean differences of answers whose expectations are known."""
    if not table.tries:
        return means
    better, worse = (table.unlike + means) / 2, (table.unlike - means) / 2
    won = rng.binomial(table.tries, better)
    lost = rng.binomial(table.tries - won, worse / (1 - better))
    return np.asarray((won - lost) / table.tries)


def _values(table: _Table, runs: int, rng: np.random.Generator, mean: float = _MEAN) -> FloatArray:
    means = mean + _drifts(table, table.unlike - mean, runs, rng)
    return _answered(table, means, rng)


def mean_covers(table: _Table, runs: int, rng: np.random.Generator) -> Replicate:
    """One table and the interval of its mean."""
    return covered(crossed_mean(_values(table, runs, rng), level=LEVEL), _MEAN)


def truth_is_refuted(table: _Table, runs: int, rng: np.random.Generator) -> Replicate:
    """One table, and a true mean held to be too low."""
    p = crossed_p_value(_values(table, runs, rng), null=_MEAN, above=True)
    return Replicate(p <= 1 - LEVEL)


def ratio_covers(table: _Table, runs: int, rng: np.random.Generator) -> Replicate:
    """Two tables, one of half the other's mean; each drifts by itself, so that nothing cancels."""
    part, whole = (_values(table, runs, rng, _WHOLE * share) for share in (_SHARE, 1.0))
    return covered(crossed_ratio(part, whole, level=LEVEL), _SHARE)


def _cases() -> list[Case]:
    cases = []
    for runs in SIZES:
        for name, table in TABLES.items():
            held, refuted = (partial(f, table, runs) for f in (mean_covers, truth_is_refuted))
            cases += [
                Case("crossed_mean", name, runs, "coverage", LEVEL, held),
                Case("crossed_p_value", name, runs, "type-one", 1 - LEVEL, refuted),
            ]
        for name in _RATIOS:
            held = partial(ratio_covers, TABLES[name], runs)
            cases.append(Case("crossed_ratio", name, runs, "coverage", LEVEL, held))
    return cases


CASES: list[Case] = _cases()
