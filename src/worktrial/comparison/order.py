"""The order of three or more workers: would the proxy have given the one that work gives?"""

from collections.abc import Iterator

from worktrial.comparison.panel import Panel
from worktrial.estimate import rank_agreement
from worktrial.evidence.findings import Estimate, from_interval

EVERYONE = "*"
"""Stands for the worker in an estimate about all of them."""
_FEWEST = 3


def compare_order(panel: Panel, *, seed: int) -> Iterator[Estimate]:
    """Agreement of the two orders, and the ranks at work that the data allow each worker.

    Args:
        panel: Who is compared on what; nothing is said of fewer than three.
        seed: Of what is drawn.
    """
    if len(panel.workers) < _FEWEST:
        return
    both = {"trial": panel.trial, "gap": panel.gap, "arm": panel.proxy, "minus_arm": panel.work}
    yield from_interval(
        rank_agreement(panel.under_proxy, panel.under_work, seed=seed),
        id=f"{panel.trial}/rank_agreement",
        metric="rank_agreement",
        worker=EVERYONE,
        **both,
    )
