"""The relay's panel: fidelity after each round trip, the first as proxy and the last as work."""

from collections.abc import Sequence

import numpy as np

from worktrial.comparison.panel import Panel
from worktrial.evidence import Evidence

METRICS = ("fidelity", "lossless", "work_adjusted")
"""What is measured after every round trip."""


def relay_panel(evidence: Evidence, workers: Sequence[str], metric: str = "fidelity") -> Panel:
    """Put workers side by side on the items that each was given.

    Args:
        evidence: Observations of one arm.
        workers: Whom to compare, in this order.
        metric: One of `METRICS`.
    """
    curves = {worker: evidence.curves(worker, metric) for worker in workers}
    items = sorted({item for found in curves.values() for item in found.items})
    steps = sorted({step for found in curves.values() for step in found.steps})
    scores = np.full((len(workers), len(items), len(steps)), np.nan)
    for w, found in enumerate(curves.values()):
        rows = [items.index(item) for item in found.items]
        columns = [steps.index(step) for step in found.steps]
        scores[w, np.array(rows)[:, None], columns] = found.values
    return Panel(
        trial="relay",
        gap="horizon",
        metric=metric,
        proxy=f"legs-{steps[0]}",
        work=f"legs-{steps[-1]}",
        in_words=("after the first round trip", f"after leg {steps[-1]}"),
        workers=tuple(workers),
        items=tuple(items),
        steps=tuple(steps),
        scores=scores,
    )
