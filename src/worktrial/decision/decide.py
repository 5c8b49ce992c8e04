"""A run's findings, and with them what a decision needs."""

from collections.abc import Mapping, Sequence

from worktrial.decision.economy import economy
from worktrial.decision.failures import worst_failures
from worktrial.decision.jobs import Jobs, jobs_of
from worktrial.decision.lacking import with_lacking
from worktrial.decision.prices import Price
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Cost, Findings
from worktrial.protocol import Measurement
from worktrial.randomness import derive
from worktrial.trial import AnyTrial


def with_decision(
    findings: Findings,
    trials: Sequence[AnyTrial],
    evidence: Evidence,
    measurement: Mapping[str, Measurement],
    prices: Mapping[str, Price] | None = None,
) -> Findings:
    """Add accepted jobs, what they cost, the worst failures, and what verdicts still lack.

    Args:
        findings: Of all trials.
        trials: Those that were run.
        evidence: The run's observations.
        measurement: By trial, the run's protocol.
        prices: By worker; what a log says a call cost holds where there is none.
    """
    known = dict(prices or {})
    all_jobs = [
        jobs
        for trial in trials
        if (jobs := _jobs(trial, evidence, measurement[trial.name], known)) is not None
    ]
    costs = tuple(_priced(cost, known) for cost in findings.cost)
    estimates = tuple(
        estimate
        for jobs in all_jobs
        for estimate in economy(jobs, seed=derive(findings.run.seed, "decision") % 2**32)
    )
    return findings.model_copy(
        update={
            "estimates": (*findings.estimates, *estimates),
            "claims": tuple(with_lacking(findings, costs)),
            "cost": costs,
            "failures": tuple(worst_failures(all_jobs, evidence)),
        }
    )


def _jobs(
    trial: AnyTrial, evidence: Evidence, measured: Measurement, prices: Mapping[str, Price]
) -> Jobs | None:
    mine = evidence.of(trial.name)
    return jobs_of(trial, mine, measured, mine.workers(), prices)


def _priced(cost: Cost, prices: Mapping[str, Price]) -> Cost:
    price = prices.get(cost.worker)
    if price is None or cost.tokens_in is None or cost.tokens_out is None:
        return cost
    usd = price.of(cost.tokens_in, cost.tokens_out, cost.tokens_cached or 0)
    return cost.model_copy(update={"usd": round(usd, 6)})
