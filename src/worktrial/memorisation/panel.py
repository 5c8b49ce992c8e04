"""STAND-IN until the stats part is merged."""

from collections.abc import Sequence

from worktrial.comparison.panel import Panel
from worktrial.evidence import Evidence

METRICS = ("accuracy",)


def memorisation_panel(evidence: Evidence, workers: Sequence[str], metric: str) -> Panel:
    """Never any."""
    raise NotImplementedError
