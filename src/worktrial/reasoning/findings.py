"""What a reasoning trial's evidence says of each worker, of each two, and of all."""

from collections.abc import Mapping, Sequence

from worktrial.comparison.endpoints import judge_endpoints
from worktrial.comparison.order import compare_order
from worktrial.comparison.pairs import compare_pairs
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim
from worktrial.evidence.totals import add_up_costs, count_outcomes
from worktrial.protocol import Measurement
from worktrial.protocol.registration import Endpoint
from worktrial.randomness import derive
from worktrial.reasoning.measured import OUTCOMES, SOLVED, TRIAL
from worktrial.reasoning.panel import reasoning_panel
from worktrial.reasoning.worker import MAPPING, MARGIN, WorkerEvidence
from worktrial.reference import on_trial
from worktrial.trial import Found


def reasoning_findings(
    evidence: Evidence,
    measured: Measurement,
    *,
    instrument: Mapping[str, Mapping[str, float]],
    endpoints: Sequence[Endpoint] = (),
) -> Found:
    """Compute every estimate and claim of a reasoning trial.

    Args:
        evidence: The trial's observations.
        measured: Its part of the run's protocol.
        instrument: By arm, what the reference workers scored.
        endpoints: What was registered before the first call; all else is exploratory then.
    """
    seed = derive(measured.seed, "estimates") % 2**32
    everyone = evidence.workers()
    workers = [WorkerEvidence(evidence, name) for name in everyone]
    registered = judge_endpoints(
        endpoints,
        lambda metric: reasoning_panel(evidence, everyone, metric) if metric in OUTCOMES else None,
        mapping=MAPPING,
    )
    panel = reasoning_panel(evidence, on_trial(everyone))
    pairs = compare_pairs(panel, margin=MARGIN, seed=seed, mapping=MAPPING, declared=not endpoints)
    return Found(
        estimates=(
            *registered.estimates,
            *(e for worker in workers for e in worker.estimates()),
            *pairs.estimates,
            *compare_order(panel),
        ),
        claims=(
            _instrument(instrument),
            *registered.claims,
            *(c for worker in workers for c in worker.claims()),
            *pairs.claims,
        ),
        outcomes=tuple(count_outcomes(evidence, TRIAL, SOLVED)),
        cost=tuple(add_up_costs(evidence, TRIAL)),
    )


def _instrument(checked: Mapping[str, Mapping[str, float]]) -> Claim:
    """What the reference workers scored on the run's own puzzles."""
    found = next(iter(checked.values()), {})
    must = {"oracle": 1.0, "null": 0.0, "credited": 1.0, "bluffed": 0.0}
    works = all(found.get(name) == value for name, value in must.items())
    return Claim(
        id=f"{TRIAL}/instrument",
        text=f"the oracle solves every puzzle (lowest {found.get('oracle')}) and a null worker "
        f"none (highest {found.get('null')}), the oracle's steps are found to be so (lowest "
        f"{found.get('credited')}) and a bluffer's not (highest {found.get('bluffed')}), on "
        f"{found.get('puzzles', 0):g} of this run's puzzles",
        estimates=(),
        verdict="met" if works else "missed",
        evidence_class="instrument",
        mapping=MAPPING,
        overturned_by="a puzzle with more than one solution, or a defect in reading answers",
    )
