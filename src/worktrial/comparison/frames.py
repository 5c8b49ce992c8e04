"""The gap of any data frame: the same items under a proxy arm and a work arm."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from worktrial.errors import ConfigError
from worktrial.estimate import Interval, paired_difference

if TYPE_CHECKING:
    import pandas as pd

Arm = str | Mapping[str, Any]
_ALONE = ("worker", "trial", "metric", "step")
"""Columns whose values must not be mixed within an arm."""


def gap(
    frame: "pd.DataFrame",
    *,
    proxy: Arm,
    work: Arm,
    value: str = "value",
    cluster: str | None = None,
    worker: str | None = None,
    bound: float = 1.0,
    level: float = 0.95,
) -> Interval:
    """Estimate the gap: how much less items score under the work arm than under the proxy arm.

    Estimand: the mean over the population of clusters of the score under the proxy less that at
    work; see `paired_difference`. Rows of one item and arm are averaged, items are paired, and
    the differences of a cluster are averaged, too. An item without a score under one arm drops out.

    Args:
        frame: One row a score, or one row an item with a column for each arm.
        proxy: The arm that a benchmark would have measured: its name in the column `arm`; or
            columns with what they hold, such as `{"step": 2}`; or, where `proxy` and `work` both
            name columns, the column that holds its scores.
        work: The arm of the job, likewise.
        value: The column of the scores, of a frame with one row a score.
        cluster: The column of the unit that is independent of others; `cluster` by default, or
            else `item`, or else every row by itself.
        worker: Who, by name in the column `worker`; needed where it holds several.
        bound: The largest possible absolute difference, in the units of the scores.
        level: Two-sided confidence level, in (0, 1).

    Returns:
        The gap with bounds, in the units of the scores; no bounds, and `why`, below two clusters.

    Raises:
        ConfigError: (a ValueError) If a column or an arm is not there, or an arm's rows are of
            several workers, trials, metrics or steps.
    """
    if worker is not None:
        frame = _where(frame, {"worker": worker}, "worker")
    if isinstance(proxy, str) and isinstance(work, str) and {proxy, work} <= set(frame.columns):
        _refuse_mixed(frame, "`frame`")
        sides = [_by_item(frame, column, cluster) for column in (proxy, work)]
    else:
        arms = {"proxy": proxy, "work": work}
        sides = [_by_item(_arm(frame, arm, name), value, cluster) for name, arm in arms.items()]
    differences = (sides[0] - sides[1]).dropna().groupby(level=0).mean()
    return paired_difference(differences, np.zeros(len(differences)), bound=bound, level=level)


def _arm(frame: "pd.DataFrame", arm: Arm, name: str) -> "pd.DataFrame":
    """The rows of one arm, which are of one measurement."""
    rows = _where(frame, {"arm": arm} if isinstance(arm, str) else arm, name)
    _refuse_mixed(rows, f"`{name}`")
    return rows


def _where(frame: "pd.DataFrame", wanted: Mapping[str, Any], name: str) -> "pd.DataFrame":
    for column, held in wanted.items():
        there = _column(frame, column).unique()
        frame = frame[frame[column] == held]
        if frame.empty:
            known = ", ".join(map(str, there[:6]))
            raise ConfigError(f"`{name}` must be in the column `{column}`, {known}; got {held!r}")
    return frame


def _refuse_mixed(rows: "pd.DataFrame", name: str) -> None:
    for column in _ALONE:
        if column in rows.columns and rows[column].nunique() > 1:
            held = ", ".join(map(str, rows[column].unique()[:4]))
            remedy = (
                "name one by `worker`" if column == "worker" else f'name one: {{"{column}": …}}'
            )
            raise ConfigError(f"{name} must be of one {column}; it has {held}; {remedy}")


def _by_item(rows: "pd.DataFrame", value: str, cluster: str | None) -> "pd.Series[float]":
    """Mean scores by cluster and item."""
    names = [_unit(rows, cluster, ("cluster", "item")), _unit(rows, None, ("item",))]
    keys = [rows.index if name is None else _column(rows, name) for name in names]
    scores = _column(rows, value)
    if scores.dtype.kind not in "fiub":
        raise ConfigError(f"the column `{value}` must hold numbers; it holds {scores.dtype}")
    return scores.astype(float).groupby(keys).mean()


def _unit(rows: "pd.DataFrame", named: str | None, usual: tuple[str, ...]) -> str | None:
    return named or next((name for name in usual if name in rows.columns), None)


def _column(rows: "pd.DataFrame", name: str) -> "pd.Series[Any]":
    if name not in rows.columns:
        there = ", ".join(map(str, rows.columns))
        raise ConfigError(f"`frame` has no column `{name}`; it has {there}")
    return rows[name]
