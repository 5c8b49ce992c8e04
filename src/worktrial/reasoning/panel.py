"""The reasoning trial's panel: credit for the trace against the final answer."""

from collections.abc import Sequence

import numpy as np

from worktrial.comparison.panel import Panel
from worktrial.evidence import Evidence
from worktrial.reasoning.measured import CREDIT, GAP, SOLVED, TRIAL

IN_WORDS = ("by credit for the steps of their traces", "by final answers")


def reasoning_panel(evidence: Evidence, workers: Sequence[str], metric: str = SOLVED) -> Panel:
    """Put workers side by side on the puzzles that each was given.

    Args:
        evidence: The trial's observations.
        workers: Whom to compare, in this order.
        metric: One of `measured.OUTCOMES`, for the final answer.
    """
    items = items_of(evidence, workers)
    scores = [
        [evidence.by_item(worker, name, items) for name in (CREDIT, metric)] for worker in workers
    ]
    return Panel(
        trial=TRIAL,
        gap=GAP,
        metric=metric,
        proxy=CREDIT,
        work=metric,
        in_words=IN_WORDS,
        workers=tuple(workers),
        items=tuple(items),
        steps=(0, 1),
        scores=np.array(scores).reshape(len(workers), 2, len(items)).transpose(0, 2, 1),
        curved=False,
    )


def items_of(evidence: Evidence, workers: Sequence[str]) -> list[str]:
    """Ids of all puzzles that some workers were given, in order."""
    rows = evidence.query(
        "select distinct item from evidence where list_contains(?, worker) and metric = ? "
        "order by item",
        [list(workers), SOLVED],
    )
    return [item for (item,) in rows]
