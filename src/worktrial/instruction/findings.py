"""What an ablation's evidence says of each worker, of each two, and of all."""

from collections.abc import Mapping, Sequence

from worktrial.comparison.endpoints import judge_endpoints
from worktrial.comparison.order import compare_order
from worktrial.comparison.pairs import Comparison, compare_pairs
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim, Estimate
from worktrial.evidence.totals import add_up_costs, count_outcomes
from worktrial.instruction.arms import FORMAT_ONLY, FULL
from worktrial.instruction.extract import SCORE, TRIAL
from worktrial.instruction.panel import METRICS, ablate_panel
from worktrial.instruction.worker import MAPPING, MARGIN, WorkerEvidence
from worktrial.protocol import Measurement
from worktrial.protocol.registration import Endpoint
from worktrial.randomness import derive
from worktrial.reference import on_trial
from worktrial.trial import Found


def ablate_findings(
    evidence: Evidence,
    measured: Measurement,
    *,
    instrument: Mapping[str, Mapping[str, float]],
    endpoints: Sequence[Endpoint] = (),
) -> Found:
    """Compute every estimate and claim of an ablation.

    Args:
        evidence: The trial's observations.
        measured: Its part of the run's protocol.
        instrument: By arm, what the reference workers scored.
        endpoints: What was registered before the first call; all else is exploratory then.
    """
    everyone, space = evidence.workers(), measured.settings["space"]
    workers = [WorkerEvidence(evidence, name, list(measured.arms), space) for name in everyone]
    registered = judge_endpoints(
        endpoints,
        lambda metric: ablate_panel(evidence, everyone, metric) if metric in METRICS else None,
        mapping=MAPPING,
    )
    pairs, order = _between(evidence, measured, on_trial(everyone), declared=not endpoints)
    return Found(
        estimates=(
            *registered.estimates,
            *(e for worker in workers for e in worker.estimates()),
            *pairs.estimates,
            *order,
        ),
        claims=(
            _instrument(instrument),
            *registered.claims,
            *(c for worker in workers for c in worker.claims()),
            *pairs.claims,
        ),
        outcomes=tuple(count_outcomes(evidence, TRIAL, SCORE)),
        cost=tuple(add_up_costs(evidence, TRIAL)),
    )


def has_gap(measured: Measurement) -> bool:
    """Whether both arms of the gap were run."""
    return {FULL, FORMAT_ONLY} <= set(measured.arms)


def _between(
    evidence: Evidence, measured: Measurement, workers: Sequence[str], *, declared: bool
) -> tuple[Comparison, list[Estimate]]:
    if not has_gap(measured):
        return Comparison((), ()), []
    seed = derive(measured.seed, TRIAL, "estimates") % 2**32
    panel = ablate_panel(evidence, workers)
    pairs = compare_pairs(panel, margin=MARGIN, seed=seed, mapping=MAPPING, declared=declared)
    return pairs, list(compare_order(panel))


def _instrument(checked: Mapping[str, Mapping[str, float]]) -> Claim:
    oracle = min((each["oracle"] for each in checked.values()), default=None)
    null = max((each["null"] for each in checked.values()), default=None)
    return Claim(
        id=f"{TRIAL}/instrument",
        text=f"the answers of an oracle are read as right (lowest share {oracle}) and those of who "
        f"is mute as nothing (highest {null}), under every arm; the task's own scorer is not "
        "checked",
        estimates=(),
        verdict="met" if (oracle, null) == (1.0, 0.0) else "missed",
        evidence_class="instrument",
        mapping=MAPPING,
        overturned_by="a defect in how answers are read",
    )
