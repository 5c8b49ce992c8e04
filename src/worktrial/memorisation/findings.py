"""What an audit's evidence says of each worker, and of the instrument."""

from collections.abc import Mapping, Sequence

from worktrial.comparison.endpoints import judge_endpoints
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim
from worktrial.evidence.totals import add_up_costs, count_outcomes
from worktrial.memorisation.measured import ACCURACY, TRIAL
from worktrial.memorisation.panel import METRICS, memorisation_panel
from worktrial.memorisation.worker import MAPPING, BlindCheck, WorkerEvidence
from worktrial.protocol import Measurement
from worktrial.protocol.registration import Endpoint
from worktrial.trial import Found

_MUST: Mapping[str, float] = {"oracle": 1.0, "null": 0.0, "reproduced": 1.0, "invented": 0.0}
"""What reference workers must score: the lowest of who knows, the highest of who does not."""


def memorisation_findings(
    evidence: Evidence,
    measured: Measurement,
    *,
    instrument: Mapping[str, Mapping[str, float]],
    endpoints: Sequence[Endpoint] = (),
) -> Found:
    """Compute every estimate and claim of an audit.

    Args:
        evidence: The trial's observations.
        measured: Its part of the run's protocol. Of its settings `rate`, `margin`, `blind` (auc,
            low, high, broken, why) and `references` (`References.settings`) are read.
        instrument: By arm, what the reference workers scored.
        endpoints: What was registered before the first call; all else is exploratory then.
    """
    everyone = evidence.workers()
    workers = [WorkerEvidence(evidence, name, measured) for name in everyone]
    registered = judge_endpoints(
        endpoints,
        lambda metric: (
            memorisation_panel(evidence, everyone, metric) if metric in METRICS else None
        ),
        mapping=MAPPING,
    )
    return Found(
        estimates=(*registered.estimates, *(e for worker in workers for e in worker.estimates())),
        claims=(
            _instrument(instrument, BlindCheck.from_settings(measured.settings.get("blind"))),
            *registered.claims,
            *(claim for worker in workers for claim in worker.claims()),
        ),
        outcomes=tuple(count_outcomes(evidence, TRIAL, ACCURACY)),
        cost=tuple(add_up_costs(evidence, TRIAL)),
    )


def _instrument(checked: Mapping[str, Mapping[str, float]], blind: BlindCheck) -> Claim:
    """What the reference workers scored, and whether controls can be told without the model."""
    worst = {
        name: (min if must else max)((each[name] for each in checked.values() if name in each),
                                     default=None)
        for name, must in _MUST.items()
    }  # fmt: skip
    works = all(worst[name] == must for name, must in _MUST.items())
    return Claim(
        id=f"{TRIAL}/instrument",
        text=f"a worker who knows all answers scores full marks (lowest {worst['oracle']}) and a "
        f"null worker nothing (highest {worst['null']}), known texts are reproduced (lowest "
        f"{worst['reproduced']}) and others not (highest {worst['invented']}); blind to the "
        f"model, {blind.why or 'items and fresh texts cannot be told apart'}",
        estimates=(),
        verdict="met" if works and not blind.broken else "missed",
        evidence_class="instrument",
        mapping=MAPPING,
        overturned_by="a defect in reading items, in making variants or in scoring",
    )
