"""The conduct gap of a trial: its success less the success that was reached cleanly."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from worktrial.conduct.clean import CLAUSES, clean_success
from worktrial.estimate import Interval, mean_interval
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Estimate, from_interval

GAP = "conduct"
OUTCOME, CLEAN = "outcome_success", "clean_success"
MEASURES = (OUTCOME, CLEAN, *CLAUSES)
Values: TypeAlias = Mapping[str, float | None]
_Array: TypeAlias = npt.NDArray[np.float64]


def clean_values(success: float | None, clauses: Values) -> dict[str, float | None]:
    """What is observed of one item: its success, the clean part of it, every clause.

    Args:
        success: In [0, 1]; `None` where it is missing.
        clauses: 1 where a clause holds, 0 where it is broken, `None` where that is not known.
    """
    clean = clean_success(success, [clauses.get(name) for name in CLAUSES])
    return {OUTCOME: success, CLEAN: clean, **{name: clauses.get(name) for name in CLAUSES}}


def conduct_gaps(
    evidence: Evidence, trial: str, workers: Iterable[str], arms: Iterable[str]
) -> Iterator[Estimate]:
    """The gap of every worker under every arm that has one, and what it is made of."""
    for worker in workers:
        for arm in arms:
            yield from _of_arm(_by_item(evidence.under(arm), worker), trial, worker, arm)


def _of_arm(items: Mapping[str, _Array], trial: str, worker: str, arm: str) -> Iterator[Estimate]:
    if not len(items[OUTCOME]):
        return
    success, clean = items[OUTCOME], items[CLEAN]
    parts: list[tuple[str, Interval, str | None]] = [
        (name, mean_interval(items[name]), None) for name in MEASURES
    ]
    # It lies in [0, 1] as success does: what is clean is a part of it.
    parts.append((CLEAN, mean_interval(success - clean), GAP))
    for metric, found, gap in parts:
        what = metric if gap is None else f"{gap}-gap"
        yield from_interval(
            found, id=f"{trial}/conduct-{what}-{worker}-{arm}", trial=trial, metric=metric,
            worker=worker, arm=arm, gap=gap, evidence=f"metric={metric}",
        )  # fmt: skip


def _by_item(evidence: Evidence, worker: str) -> dict[str, _Array]:
    """Every measure by item, replicates averaged; NaN where none is known.

    Success counts only in replicates of which it is known whether it was clean, so that both are
    means over the same.
    """
    marks = ", ".join("?" * len(MEASURES))
    rows = evidence.query(
        "select item, replicate, metric, value from evidence "  # noqa: S608
        f"where worker = ? and step = 0 and metric in ({marks}) order by item, replicate",
        [worker, *MEASURES],
    )
    tries: dict[str, dict[int, dict[str, float | None]]] = {}
    for item, replicate, metric, value in rows:
        tries.setdefault(item, {}).setdefault(replicate, {})[metric] = value
    return {
        name: np.array([_mean(list(of.values()), name) for of in tries.values()])
        for name in MEASURES
    }


def _mean(tries: Sequence[Values], metric: str) -> float:
    judged = [each for each in tries if metric != OUTCOME or each.get(CLEAN) is not None]
    known = [value for each in judged if (value := each.get(metric)) is not None]
    return float(np.mean(known)) if known else np.nan
