"""STAND-IN until the stats part is merged."""

from collections.abc import Sequence

from worktrial.comparison.panel import Panel
from worktrial.evidence import Evidence
from worktrial.protocol import Measurement


def memorisation_panel(
    evidence: Evidence, measurement: Measurement, workers: Sequence[str], metric: str | None
) -> Panel | None:
    """Never any."""
    return None
