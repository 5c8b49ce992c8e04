"""What a search's evidence says of each worker, of each two, and of all."""

from collections.abc import Mapping, Sequence

import numpy as np

from worktrial.comparison.endpoints import judge_endpoints
from worktrial.comparison.order import compare_order
from worktrial.comparison.pairs import Comparison, compare_pairs
from worktrial.conduct.gap import conduct_gaps
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim, Estimate
from worktrial.evidence.totals import add_up_costs, count_outcomes
from worktrial.protocol import Measurement
from worktrial.protocol.registration import Endpoint
from worktrial.randomness import derive
from worktrial.reference import on_trial
from worktrial.search.arms import PROXY, WORK
from worktrial.search.panel import METRICS, TRIAL, search_panel
from worktrial.search.worker import MAPPING, MARGIN, WorkerEvidence
from worktrial.trial import Found

_NOTHING = Comparison((), ())


def search_findings(
    evidence: Evidence,
    measured: Measurement,
    *,
    instrument: Mapping[str, Mapping[str, float]],
    endpoints: Sequence[Endpoint] = (),
) -> Found:
    """Compute every estimate and claim of a search.

    Args:
        evidence: The trial's observations.
        measured: Its part of the run's protocol.
        instrument: By arm, what the reference workers scored.
        endpoints: What was registered before the first call; all else is exploratory then.
    """
    seed = derive(measured.seed, "estimates") % 2**32
    everyone = evidence.workers()
    workers = [WorkerEvidence(evidence, name, list(measured.arms)) for name in everyone]
    compared = on_trial(everyone)
    registered = judge_endpoints(
        endpoints,
        lambda metric: search_panel(evidence, everyone, metric) if metric in METRICS else None,
        mapping=MAPPING,
    )
    pairs, order = _between(evidence, measured, compared, seed, declared=not endpoints)
    return Found(
        estimates=(
            *registered.estimates,
            *(e for worker in workers for e in worker.estimates()),
            *pairs.estimates,
            *order,
            *conduct_gaps(evidence, TRIAL, everyone, measured.arms),
        ),
        claims=(
            _instrument(instrument),
            *registered.claims,
            *(c for worker in workers for c in worker.claims()),
            *pairs.claims,
        ),
        outcomes=tuple(count_outcomes(evidence, TRIAL, "f1")),
        cost=tuple(add_up_costs(evidence, TRIAL)),
    )


def has_gap(measured: Measurement) -> bool:
    """Whether both arms of the gap were run."""
    return {PROXY.name, WORK.name} <= set(measured.arms)


def _between(
    evidence: Evidence, measured: Measurement, workers: Sequence[str], seed: int, *, declared: bool
) -> tuple[Comparison, list[Estimate]]:
    """Every two workers by F1; the order of all by F1 when all is said against satisfaction.

    Where there is no world, satisfaction is not known: the order at work is by F1 then.
    """
    if not has_gap(measured):
        return _NOTHING, []
    panel = search_panel(evidence, workers)
    pairs = compare_pairs(panel, margin=MARGIN, seed=seed, mapping=MAPPING, declared=declared)
    satisfied = search_panel(evidence, workers, "satisfaction", proxy_metric="f1")
    known = not np.isnan(satisfied.under_work).all()
    return pairs, list(compare_order(satisfied if known else panel))


def _instrument(checked: Mapping[str, Mapping[str, float]]) -> Claim:
    """What the reference workers scored on the run's own items, under every arm."""
    oracle = min((each["oracle"] for each in checked.values()), default=None)
    null = max((each["null"] for each in checked.values()), default=None)
    faults = sum(int(each["faults"]) for each in checked.values())
    conversations = sum(int(each["conversations"]) for each in checked.values())
    return Claim(
        id=f"{TRIAL}/instrument",
        text=f"the oracle scores full marks (lowest {oracle}) and a null worker nothing (highest "
        f"{null}) in {conversations} conversations about this run's intents, with {faults} faults "
        "of the simulated user",
        estimates=(),
        verdict="met" if (oracle, null, faults) == (1.0, 0.0, 0) else "missed",
        evidence_class="instrument",
        mapping=MAPPING,
        overturned_by="a defect in the pages, in the reading of answers or in the simulated user",
    )
