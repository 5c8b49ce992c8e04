"""What the office's evidence says of each worker, of each two, and of all."""

from collections.abc import Mapping, Sequence

import numpy as np

from worktrial.comparison.endpoints import judge_endpoints
from worktrial.comparison.order import compare_order
from worktrial.comparison.pairs import Comparison, compare_pairs
from worktrial.comparison.panel import FloatArray
from worktrial.conduct.gap import conduct_gaps
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim, Estimate
from worktrial.evidence.totals import add_up_costs, count_outcomes
from worktrial.protocol import Measurement
from worktrial.protocol.registration import Endpoint
from worktrial.randomness import derive
from worktrial.readiness.arms import ARMS, NATIVE, Axis
from worktrial.readiness.between import between, weighed
from worktrial.readiness.measured import Measured, Vectors, measured, vectors
from worktrial.readiness.panel import METRICS, TRIAL, panel_of
from worktrial.readiness.worker import MAPPING, MARGIN, WorkerEvidence
from worktrial.reference import on_trial
from worktrial.trial import Found


def office_findings(
    evidence: Evidence,
    measurement: Measurement,
    *,
    instrument: Mapping[str, Mapping[str, float]],
    endpoints: Sequence[Endpoint] = (),
) -> Found:
    """Compute every estimate and claim of an office.

    Args:
        evidence: The trial's observations.
        measurement: Its part of the run's protocol.
        instrument: By arm, what the reference workers scored and on how many items.
        endpoints: What was registered before the first call; all else is exploratory then.
    """
    seed = _seed(measurement)
    everyone = _everyone(evidence, measurement)
    workers = [WorkerEvidence(each) for each in everyone]
    names = on_trial([each.worker for each in everyone])
    compared = [each for each in everyone if each.worker in names]
    registered = judge_endpoints(
        endpoints,
        lambda metric: panel_of(everyone, metric) if metric in METRICS else None,
        mapping=MAPPING,
    )
    pairs, order = _between(compared, seed, declared=not endpoints)
    return Found(
        estimates=(
            *registered.estimates,
            *(e for worker in workers for e in worker.estimates()),
            *pairs.estimates,
            *order,
            *between(vectors(compared), seed=seed),
            *conduct_gaps(evidence, TRIAL, [each.worker for each in everyone], measurement.arms),
        ),
        claims=(
            _instrument(instrument),
            *registered.claims,
            *(c for worker in workers for c in worker.claims()),
            *pairs.claims,
        ),
        outcomes=tuple(count_outcomes(evidence, TRIAL, METRICS[0])),
        cost=tuple(add_up_costs(evidence, TRIAL)),
    )


def weighed_findings(
    evidence: Evidence, measurement: Measurement, weights: Mapping[Axis, float]
) -> list[Estimate]:
    """Who is best by a user's weights: the only total there is, and none without them.

    Args:
        evidence: The trial's observations.
        measurement: Its part of the run's protocol.
        weights: By axis, at least 0.
    """
    found = _vectors(evidence, measurement, on_trial(evidence.workers()))
    return list(weighed(found, weights, seed=_seed(measurement)))


def axis_scores(
    evidence: Evidence, measurement: Measurement, workers: Sequence[str]
) -> dict[Axis, FloatArray]:
    """Each axis's scores, shape (workers, items); NaN where an item has no such axis.

    Args:
        evidence: The trial's observations.
        measurement: Its part of the run's protocol.
        workers: Of whom, in this order.
    """
    found = _vectors(evidence, measurement, workers)
    return {axis: found.values[:, :, column] for column, axis in enumerate(found.axes)}


def _seed(measurement: Measurement) -> int:
    return derive(measurement.seed, "estimates") % 2**32


def _everyone(evidence: Evidence, measurement: Measurement) -> list[Measured]:
    arms = [arm for arm in ARMS if arm in measurement.arms]
    return [measured(evidence, worker, arms) for worker in evidence.workers()]


def _vectors(evidence: Evidence, measurement: Measurement, workers: Sequence[str]) -> Vectors:
    found = {each.worker: each for each in _everyone(evidence, measurement)}
    return vectors([found[worker] for worker in workers])


def _between(
    workers: Sequence[Measured], seed: int, *, declared: bool
) -> tuple[Comparison, list[Estimate]]:
    """Every two workers by success where every axis counts; the order of all so and by success."""
    if not all(NATIVE.name in each.arms for each in workers):
        return Comparison((), ()), []
    panel = panel_of(workers)
    if np.isnan(panel.under_work).all():
        return Comparison((), ()), []
    pairs = compare_pairs(panel, margin=MARGIN, seed=seed, mapping=MAPPING, declared=declared)
    return pairs, list(compare_order(panel))


def _instrument(checked: Mapping[str, Mapping[str, float]]) -> Claim:
    """What the reference workers scored on the run's own items, under every arm."""
    oracle = min((each["oracle"] for each in checked.values()), default=None)
    null = max((each["null"] for each in checked.values()), default=None)
    items = sum(int(each["items"]) for each in checked.values())
    leaks = sum(each.get("leaks", 0.0) for each in checked.values())
    return Claim(
        id=f"{TRIAL}/instrument",
        text=f"the oracle reaches every goal (lowest {oracle}) and a null worker none (highest "
        f"{null}) in {items} runs of this run's items under {len(checked)} arms; {leaks:g} leaks "
        "are found in what the oracle does",
        estimates=(),
        verdict="met" if (oracle, null, leaks) == (1.0, 0.0, 0.0) else "missed",
        evidence_class="instrument",
        mapping=MAPPING,
        overturned_by="a goal that holds from the start, or one that no sequence of calls reaches",
    )
