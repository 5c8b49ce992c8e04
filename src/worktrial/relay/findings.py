"""What a relay's evidence says of each worker, of each two, and of all."""

from collections.abc import Mapping, Sequence
from functools import partial

from worktrial.comparison.endpoints import judge_endpoints
from worktrial.comparison.order import compare_order
from worktrial.comparison.pairs import compare_pairs
from worktrial.comparison.panel import Panel
from worktrial.conduct.gap import conduct_gaps
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim
from worktrial.evidence.totals import add_up_costs, count_outcomes
from worktrial.protocol import Measurement
from worktrial.protocol.registration import Endpoint
from worktrial.randomness import derive
from worktrial.reference import on_trial
from worktrial.relay.effects import effects
from worktrial.relay.panel import METRICS, relay_panel
from worktrial.relay.variants import protocol_gap
from worktrial.relay.worker import MAPPING, MARGIN, TRIAL, WorkerEvidence
from worktrial.trial import Found


def relay_findings(
    evidence: Evidence,
    measured: Measurement,
    *,
    instrument: Mapping[str, Mapping[str, float]],
    endpoints: Sequence[Endpoint] = (),
    looked_at: bool = False,
) -> Found:
    """Compute every estimate and claim of a relay run.

    The primary arm carries the horizon gap; the others give the protocol gap, and what each change
    does.

    Args:
        evidence: The relay's observations.
        measured: Its part of the run's protocol.
        instrument: By arm, what the reference workers scored.
        endpoints: What was registered before the first call; all else is exploratory then.
        looked_at: Whether the run ended at a look. Then the looks decide between its workers, and
            what takes no account of them claims nothing.
    """
    seed = derive(measured.seed, "estimates") % 2**32
    primary = evidence.under(measured.primary)
    workers = [WorkerEvidence(primary, name) for name in primary.workers()]
    compared = on_trial(primary.workers())
    panel = relay_panel(primary, compared)
    pairs = compare_pairs(panel, margin=MARGIN, seed=seed, mapping=MAPPING, declared=not endpoints)
    registered = judge_endpoints(endpoints, partial(_panel, primary), mapping=MAPPING)
    variants = protocol_gap(evidence, measured, compared=compared)
    return Found(
        estimates=(
            *registered.estimates,
            *(e for worker in workers for e in worker.estimates()),
            *pairs.estimates,
            *compare_order(panel),
            *variants,
            *effects(evidence, measured),
            *conduct_gaps(evidence, TRIAL, evidence.workers(), measured.arms),
        ),
        claims=(
            _instrument(instrument),
            *registered.claims,
            *(c for worker in workers for c in worker.claims()),
            *(() if looked_at else pairs.claims),
        ),
        outcomes=tuple(count_outcomes(evidence, TRIAL, "attempts")),
        cost=tuple(add_up_costs(evidence, TRIAL)),
    )


def _panel(primary: Evidence, metric: str) -> Panel | None:
    """The panel of everyone on a metric that the relay has."""
    return relay_panel(primary, primary.workers(), metric) if metric in METRICS else None


def _instrument(checked: Mapping[str, Mapping[str, float]]) -> Claim:
    """What the reference workers scored on the run's own items, under every arm."""
    oracle = min((each["oracle"] for each in checked.values()), default=None)
    null, refusing = (
        max((each[name] for each in checked.values()), default=None)
        for name in ("null", "refusing")
    )
    relays = sum(int(each["relays"]) for each in checked.values())
    return Claim(
        id=f"{TRIAL}/instrument",
        text=f"the oracle scores full marks (lowest {oracle}), a null worker nothing (highest "
        f"{null}) and one that refuses nothing (highest {refusing}) on {relays} of this run's "
        "relays",
        estimates=(),
        verdict="met" if (oracle, null, refusing) == (1.0, 0.0, 0.0) else "missed",
        evidence_class="instrument",
        mapping=MAPPING,
        overturned_by="a defect in the edits' programs or in the parsers",
    )
