"""The ablation's panel: workers by items, with the instruction and with the form alone."""

from collections.abc import Sequence

import numpy as np

from worktrial.comparison.panel import Panel
from worktrial.evidence import Evidence
from worktrial.instruction.arms import FORMAT_ONLY, FULL
from worktrial.instruction.extract import LENIENT, SCORE, TRIAL

GAP = "instruction"
METRICS = (SCORE, LENIENT)
"""What two workers are compared by; the first is primary."""
IN_WORDS = ("with the instruction", "with the form of the answer alone")


def ablate_panel(evidence: Evidence, workers: Sequence[str], metric: str = SCORE) -> Panel:
    """Put workers side by side on the items that each was given.

    Args:
        evidence: The trial's observations, all arms.
        workers: Whom to compare, in this order.
        metric: One of `METRICS`.
    """
    items = items_of(evidence)
    under = {arm: evidence.under(arm) for arm in (FULL, FORMAT_ONLY)}
    scores = [
        np.column_stack([under[arm].by_item(w, metric, items) for arm in under]) for w in workers
    ]
    return Panel(
        trial=TRIAL,
        gap=GAP,
        metric=metric,
        proxy=FULL,
        work=FORMAT_ONLY,
        in_words=IN_WORDS,
        workers=tuple(workers),
        items=tuple(items),
        steps=(0, 1),
        scores=np.array(scores).reshape(len(workers), len(items), 2),
        curved=False,
    )


def items_of(evidence: Evidence) -> list[str]:
    """Every item, in order of its id."""
    return [item for (item,) in evidence.query("select distinct item from evidence order by 1")]
