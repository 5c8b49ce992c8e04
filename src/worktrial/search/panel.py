"""The search's panel: workers by intents, told all at once against asked for turn by turn."""

from collections.abc import Sequence

import numpy as np

from worktrial.comparison.panel import Panel
from worktrial.evidence import Evidence
from worktrial.search.arms import PROXY, WORK

TRIAL = "search"
GAP = "specification"
METRICS = ("f1", "precision", "recall", "intents_met", "satisfaction")
"""What is measured of every conversation, in [0, 1]; the first is primary."""
IN_WORDS = ("when all is said at once", "when it has to be asked for")


def search_panel(
    evidence: Evidence, workers: Sequence[str], metric: str = "f1", *, proxy_metric: str = ""
) -> Panel:
    """Put workers side by side on the intents that each was given.

    Args:
        evidence: The trial's observations, all arms.
        workers: Whom to compare, in this order.
        metric: One of `METRICS`.
        proxy_metric: Another for the proxy arm; the same by default.
    """
    columns = [
        {worker: evidence.under(arm.name).of_items(worker, of) for worker in workers}
        for arm, of in ((PROXY, proxy_metric or metric), (WORK, metric))
    ]
    items = sorted({item for column in columns for found in column.values() for item in found})
    scores = np.array(
        [[[column[w].get(item, np.nan) for column in columns] for item in items] for w in workers]
    ).reshape(len(workers), len(items), 2)
    return Panel(
        trial=TRIAL,
        gap=GAP,
        metric=metric,
        proxy=PROXY.name,
        work=WORK.name,
        in_words=IN_WORDS,
        workers=tuple(workers),
        items=tuple(items),
        steps=(0, 1),
        scores=scores,
        curved=False,
    )
