"""Every claim of a run as a gate of its own, for a server that knows test cases."""

from collections.abc import Iterator, Mapping

from worktrial.evidence.findings import Claim, Estimate, Findings
from worktrial.gate.judging import subject
from worktrial.gate.verdicts import Check, GateReport, Result


def claims_report(findings: Findings) -> GateReport:
    """Hold a run against nothing but what it claims itself.

    Args:
        findings: Of a run or a control.

    Returns:
        One result a claim, the instrument's first. Its name is the claim's id, which stays from
        run to run; its kind is the trial; its checks are the claim and the numbers that it rests
        on.
    """
    known = {estimate.id: estimate for estimate in findings.estimates}
    ordered = sorted(findings.claims, key=lambda claim: claim.evidence_class != "instrument")
    return GateReport([_result(claim, findings.trial_of(claim), known) for claim in ordered])


def _result(claim: Claim, trial: str, known: Mapping[str, Estimate]) -> Result:
    found = [known[identity] for identity in claim.estimates if identity in known]
    return Result(claim.id, trial, claim.text, tuple(_checks(claim, found)))


def _checks(claim: Claim, found: list[Estimate]) -> Iterator[Check]:
    yield Check(claim.text, claim.verdict, why=_why(claim), settles=_settles(claim))
    for estimate in found:
        yield Check(
            subject=_subject(estimate),
            verdict=claim.verdict,
            value=estimate.value,
            low=estimate.low,
            high=estimate.high,
            level=estimate.level,
            clusters=estimate.clusters,
            why=estimate.why,
            rests_on=(estimate.id,),
        )


def _why(claim: Claim) -> str | None:
    said = [] if claim.threshold is None else [f"the threshold is {claim.threshold:.4g}"]
    if claim.verdict != "cannot-tell" and claim.overturned_by:
        said.append(f"overturned by {claim.overturned_by}")
    return "; ".join(said) or None


def _settles(claim: Claim) -> str | None:
    if claim.verdict != "cannot-tell":
        return None
    return f"{claim.more_items:,} more items" if claim.more_items else claim.overturned_by


def _subject(estimate: Estimate) -> str:
    what = f"{estimate.gap} gap of {estimate.metric}" if estimate.gap else estimate.metric
    step = "" if estimate.step is None else f", step {estimate.step}"
    return f"{what}, {subject(estimate)}{step}"
