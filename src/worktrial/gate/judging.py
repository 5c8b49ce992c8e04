"""Judging: every gate of a policy against a run's findings, and its evidence for drift."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from worktrial.errors import ConfigError, EvidenceError
from worktrial.estimate import Equivalence, Interval
from worktrial.estimate import Verdict as Equality
from worktrial.evidence import RunFolder
from worktrial.evidence.findings import Claim, Estimate, Findings
from worktrial.evidence.observation import FAULTS
from worktrial.gate import selection
from worktrial.gate.drift import Runs
from worktrial.gate.policy import (
    INSTRUMENT,
    ClaimGate,
    Drift,
    DriftGate,
    EstimateGate,
    Faults,
    FaultsGate,
    Gate,
    Policy,
)
from worktrial.gate.verdicts import (
    Check,
    GateReport,
    Limits,
    Result,
    Verdict,
    against,
    settling,
)
from worktrial.protocol import Manifest

_BY_VALUE = "by the value alone, not its interval"
_OPTIMISTIC = "by the optimistic end of the interval"
_BAND = "by the band that holds at every step at once"


def judge(run: Path, policy: Policy, *, baseline: Path | None = None) -> GateReport:
    """Hold a run against a policy.

    Args:
        run: The run's folder.
        policy: What must hold.
        baseline: An earlier run's folder, for what may have drifted.

    Raises:
        ConfigError: If a gate selects nothing and isn't optional, or drift has no baseline.
        EvidenceError: If a folder holds no run or its findings are of another protocol.
        NotComparableError: If the baseline measured something else.
    """
    folder = RunFolder(run).existing()
    manifest, findings = Manifest.read(folder.protocol), Findings.read(folder.findings)
    if findings.run.protocol_sha256 != manifest.sha256:
        raise EvidenceError(
            f"{folder.findings} is of another protocol; make it again: worktrial report {run}"
        )
    runs = Runs.of(folder, RunFolder(baseline).existing() if baseline else None)
    results = [_instrument(findings)]
    results += [_judged(name, gate, findings, runs) for name, gate in policy.gates.items()]
    facts = {
        "protocol_sha256": findings.run.protocol_sha256,
        "seed": findings.run.seed,
        "course": findings.run.course,
    }
    return GateReport(tuple(results), policy.cannot_tell, facts)


def _judged(name: str, gate: Gate, findings: Findings, runs: Runs) -> Result:
    try:
        match gate:
            case EstimateGate():
                return _estimates(name, gate, findings)
            case ClaimGate():
                return _claims(name, gate, findings)
            case FaultsGate():
                return _faults(name, gate.faults, findings)
            case DriftGate():
                return _drift(name, gate, runs)
    except _Nothing as nothing:
        if not gate.optional:
            raise ConfigError(f"the gate {name!r} selects nothing: {nothing}") from None
        kind = {EstimateGate: "metric", ClaimGate: "claim", DriftGate: "drift"}.get(type(gate))
        return Result(name, kind or "faults", "optional", (), why=f"nothing to judge: {nothing}")


class _Nothing(Exception):  # noqa: N818 - not an error where a gate is optional
    """A gate found nothing to judge."""


# --- estimates ---


def _estimates(name: str, gate: EstimateGate, findings: Findings) -> Result:
    found = selection.estimates(findings, gate)
    if not found:
        raise _Nothing(selection.nothing(findings, gate))
    limits = _limits(gate)
    checks = tuple(_check(estimate, limits, banded=gate.step is None) for estimate in found)
    banded = gate.step is None and any(_banded(estimate) for estimate in found)
    what = f"{gate.gap} gap of {gate.metric}" if gate.gap else gate.metric
    return Result(name, "metric", f"{what} {limits}", checks, tuple(_marks(limits, banded)))


def _limits(gate: EstimateGate) -> Limits:
    if gate.within is not None:
        return Limits(*gate.within, end=gate.bound)
    if gate.at_least is not None:
        return Limits(low=gate.at_least, end=None if gate.bound == "low" else gate.bound)
    assert gate.at_most is not None  # noqa: S101 - the policy has exactly one
    return Limits(high=gate.at_most, end=None if gate.bound == "high" else gate.bound)


def _marks(limits: Limits, banded: bool) -> Iterator[str]:
    if limits.end is not None:
        yield _BY_VALUE if limits.end == "value" else _OPTIMISTIC
    elif banded:
        yield _BAND


def _banded(estimate: Estimate) -> bool:
    return estimate.band_low is not None and estimate.band_high is not None


def _check(estimate: Estimate, limits: Limits, *, banded: bool) -> Check:
    low, high = estimate.low, estimate.high
    if banded and _banded(estimate) and limits.end is None:
        low, high = estimate.band_low, estimate.band_high
    verdict = against(limits, estimate.value, low, high)
    check = Check(
        subject=subject(estimate),
        verdict=verdict,
        value=estimate.value,
        low=low,
        high=high,
        level=estimate.level,
        clusters=estimate.clusters,
        why=estimate.why,
        rests_on=(estimate.id,),
    )
    if verdict != "cannot-tell":
        return check
    difference = estimate.gap is not None or estimate.minus_worker is not None
    return _explained(check, limits, estimate.method or "", difference=difference)


def _explained(check: Check, limits: Limits, method: str, *, difference: bool) -> Check:
    """Why a check cannot be told, and what would settle it."""
    if check.value is None:
        why = check.why or "it has no value"
    elif check.low is None or check.high is None:
        why = f"it has no interval ({check.why or 'none was computed'})"
        if limits.end is None:
            why += "; `bound: value` judges the number itself"
    else:
        why = "the interval straddles the threshold"
    settles = settling(
        limits, check.value, check.low, check.high, check.clusters,
        method=method, difference=difference,
    )  # fmt: skip
    return replace(check, why=why, settles=settles)


def subject(estimate: Estimate) -> str:
    """Whom an estimate is of, and under which arms, in words."""
    other = f" minus {estimate.minus_worker}" if estimate.minus_worker else ""
    arms = " against ".join(a for a in (estimate.arm, estimate.minus_arm) if a)
    parts = [f"{estimate.worker}{other}", estimate.axis, arms]
    return ", ".join(part for part in parts if part)


# --- claims ---


def _instrument(findings: Findings) -> Result:
    """A run whose instrument is not shown to work shows nothing, whatever the policy says."""
    found = [claim for claim in findings.claims if claim.evidence_class == "instrument"]
    checks = tuple(
        Check(c.text, "met" if c.verdict == "met" else "missed", rests_on=(c.id,)) for c in found
    )
    if not checks:
        checks = (Check("the run", "missed", why="no claim shows that its instrument works"),)
    return Result(INSTRUMENT, "instrument", "the instrument works", checks)


def _claims(name: str, gate: ClaimGate, findings: Findings) -> Result:
    found = selection.claims(findings, gate.claim)
    if not found:
        there = selection.nearest(gate.claim, {claim.id for claim in findings.claims})
        raise _Nothing(f"no `claim` {gate.claim}; {there}")
    checks = tuple(_claim(claim, gate) for claim in found)
    return Result(name, "claim", f"claim {gate.claim} is {gate.verdict}", checks)


def _claim(claim: Claim, gate: ClaimGate) -> Check:
    if claim.verdict == "cannot-tell":
        why, settles = "the run cannot tell", claim.overturned_by
        return Check(claim.text, "cannot-tell", why=why, settles=settles, rests_on=(claim.id,))
    verdict: Verdict = "met" if claim.verdict == gate.verdict else "missed"
    return Check(claim.text, verdict, why=f"the claim is {claim.verdict}", rests_on=(claim.id,))


# --- faults ---


def _faults(name: str, asked: Faults, findings: Findings) -> Result:
    everyone = selection.chosen((row.worker for row in findings.outcomes), asked.worker)
    rows = [
        row
        for row in findings.outcomes
        if row.worker in everyone and asked.trial in (None, row.trial)
    ]
    total = sum(row.count for row in rows)
    if not total:
        there = selection.nearest(
            asked.worker or "worker", {row.worker for row in findings.outcomes}
        )
        raise _Nothing(f"no outcome of `worker` {asked.worker or 'any'}; {there}")
    share = sum(row.count for row in rows if row.outcome in FAULTS) / total
    limits = Limits(high=asked.at_most, end="value")
    about = asked.worker or "everyone on trial"
    check = Check(f"{about}, {total} outcomes", against(limits, share, None, None), value=share)
    return Result(
        name, "faults", f"share of faults {limits}", (check,), ("by count: nothing is estimated",)
    )


# --- drift ---


def _drift(name: str, gate: DriftGate, runs: Runs) -> Result:
    asked = gate.drift
    names = selection.chosen(runs.workers, asked.worker)
    if not names:
        there = selection.nearest(str(asked.worker), runs.workers)
        raise _Nothing(f"no `worker` {asked.worker}; {there}")
    if asked.at_most is None:
        checks = tuple(_told_from_noise(worker, asked, runs) for worker in names)
        return Result(name, "drift", f"no drift of {asked.metric} from the baseline", checks)
    limits = Limits(high=asked.at_most)
    word = "loss" if asked.at_most_loss is not None else "rise"
    return Result(
        name,
        "drift",
        f"{word} of {asked.metric} against the baseline {limits}",
        tuple(_drifted(worker, asked, runs, limits) for worker in names),
    )


def _drifted(worker: str, asked: Drift, runs: Runs, limits: Limits) -> Check:
    found = runs.change(worker, asked)
    if isinstance(found, str):
        raise _Nothing(found)
    check = _of_difference(worker, found)
    check = replace(check, verdict=against(limits, check.value, check.low, check.high))
    if check.verdict != "cannot-tell":
        return check
    return _explained(check, limits, found.method, difference=True)


def _told_from_noise(worker: str, asked: Drift, runs: Runs) -> Check:
    """Level is no drift, apart is drift; what is neither cannot be told from noise."""
    found = runs.drift(worker, asked)
    if isinstance(found, str):
        raise _Nothing(found)
    word, verdict = _DRIFT[found.verdict]
    check = replace(
        _of_difference(f"{worker}, {word} (margin {found.margin:g})", found.difference),
        verdict=verdict,
        detectable=None if np.isnan(found.detectable) else found.detectable,
    )
    if found.verdict == "apart":
        return replace(check, why=_renamed(*runs.snapshots(worker, asked)))
    return check if found.verdict == "level" else _undecided(check, found)


_DRIFT: Mapping[Equality, tuple[str, Verdict]] = {
    "level": ("no drift", "met"),
    "apart": ("drift", "missed"),
    "cannot-tell": ("drift or noise", "cannot-tell"),
}


def _of_difference(subject: str, found: Interval) -> Check:
    """A difference as it is, before it is judged."""
    return Check(
        subject=subject,
        verdict="cannot-tell",
        value=found.value if found.clusters else None,
        low=found.low if found.bounded else None,
        high=found.high if found.bounded else None,
        level=found.level,
        clusters=found.clusters,
        why=found.why,
    )


def _undecided(check: Check, found: Equivalence) -> Check:
    if check.detectable is None:
        return replace(check, settles="a run in which it can be measured: more items")
    settles = settling(
        Limits(-found.margin, found.margin), found.narrow.value, found.narrow.low,
        found.narrow.high, check.clusters, method=found.narrow.method, difference=True,
    )  # fmt: skip
    why = f"a drift of {check.detectable:.2g} would likely have been told from noise"
    return replace(check, why=f"{why}, a smaller one not", settles=settles)


def _renamed(before: str | None, now: str | None) -> str:
    """What the provider says that it served, as far as it said anything."""
    if before is None or now is None:
        return "the provider did not say in both runs which model it served"
    if before == now:
        return f"the provider called the model {now} in both runs"
    return f"the provider called the model {before} then and {now} now"
