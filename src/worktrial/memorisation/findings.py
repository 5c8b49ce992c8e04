"""STAND-IN until the stats part is merged: accuracy by arm, and no verdict."""

from collections.abc import Mapping, Sequence

from worktrial.evidence import Evidence
from worktrial.evidence.totals import add_up_costs, count_outcomes
from worktrial.protocol import Measurement
from worktrial.protocol.registration import Endpoint
from worktrial.trial import Found


def memorisation_findings(
    evidence: Evidence,
    measurement: Measurement,
    *,
    instrument: Mapping[str, Mapping[str, float]],
    endpoints: Sequence[Endpoint] = (),
) -> Found:
    """Outcomes and costs alone."""
    return Found(
        estimates=(),
        claims=(),
        outcomes=tuple(count_outcomes(evidence, "memorisation", "accuracy")),
        cost=tuple(add_up_costs(evidence, "memorisation")),
    )
