"""The office's panel: workers by items, what a benchmark would say against what the job needs."""

from collections.abc import Sequence

import numpy as np

from worktrial.comparison.panel import FloatArray, Panel
from worktrial.evidence import Evidence
from worktrial.readiness.arms import ARMS, NATIVE
from worktrial.readiness.measured import Measured, measured

TRIAL = "office"
METRICS = ("success", "privacy", "kept")
"""What is measured of items, in [0, 1]; the first is primary."""
READY_AT = 0.7
"""What every axis of an item must reach, so that its success counts as readiness."""
READY = "ready"
"""The work arm by name: no arm that is run, but success held against all axes."""
GAPS = {"success": "dimension", "privacy": "privacy", "kept": "retention"}
IN_WORDS = {
    "success": ("by success alone", f"where every axis counts, at {100 * READY_AT:.0f} %"),
    "privacy": ("by success alone", "in privacy"),
    "kept": ("when all is said at once", "over sessions apart"),
}
_WORK = {"success": READY, "privacy": "privacy", "kept": "apart"}


def office_panel(evidence: Evidence, workers: Sequence[str], metric: str = "success") -> Panel:
    """Put workers side by side on the items that each was given.

    The proxy is success under the native arm. The work arm is, by metric, success where every axis
    of the item reaches `READY_AT`; privacy under the native arm; what was kept over sessions apart.

    Args:
        evidence: The trial's observations, all arms.
        workers: Whom to compare, in this order.
        metric: One of `METRICS`.
    """
    run = {arm for (arm,) in evidence.query("select distinct arm from evidence")}
    arms = [arm for arm in ARMS if arm in run]
    return panel_of([measured(evidence, worker, arms) for worker in workers], metric)


def panel_of(everyone: Sequence[Measured], metric: str = "success") -> Panel:
    """The same of workers that were read already."""
    items = sorted({item for each in everyone for item in each.items})
    scores = np.full((len(everyone), len(items), 2), np.nan)
    for worker, each in enumerate(everyone):
        rows = [items.index(item) for item in each.items]
        scores[worker, rows, 0] = each.by_item(NATIVE.name, "success")
        scores[worker, rows, 1] = _at_work(each, metric)
    return Panel(
        trial=TRIAL,
        gap=GAPS[metric],
        metric=metric,
        proxy=NATIVE.name,
        work=_WORK[metric],
        in_words=IN_WORDS[metric],
        workers=tuple(each.worker for each in everyone),
        items=tuple(items),
        steps=(0, 1),
        scores=scores,
        curved=False,
    )


def _at_work(each: Measured, metric: str) -> FloatArray:
    if metric == "success":
        return each.vector.ready(READY_AT)
    return each.vector.of("privacy" if metric == "privacy" else "retention")
