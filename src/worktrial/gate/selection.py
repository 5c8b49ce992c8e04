"""What a gate selects of the findings; a selection that finds nothing says what there is."""

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from worktrial.evidence.findings import Claim, Estimate, Findings
from worktrial.gate.policy import EstimateGate
from worktrial.reference import on_trial

EVERYONE = "*"
"""Stands for the worker in an estimate about all of them."""
_SHOWN = 6


def chosen(names: Iterable[str], pattern: str | None) -> list[str]:
    """The workers that a pattern names; without one those on trial, as in the report.

    Reference workers check the instrument: they are meant only where nobody else is there or
    the pattern asks for them.
    """
    known = sorted(set(names))
    if pattern is not None:
        return [name for name in known if matches(name, pattern)]
    return on_trial(known)


def matches(name: str | None, pattern: str | None) -> bool:
    """Whether a name is, or fits, a pattern; no pattern takes all."""
    return pattern is None or (name is not None and (name == pattern or fnmatchcase(name, pattern)))


def estimates(findings: Findings, gate: EstimateGate) -> list[Estimate]:
    """The estimates that a gate is about."""
    found = list(findings.estimates)
    for _, keep in _sieves(findings, gate):
        found = [estimate for estimate in found if keep(estimate)]
    if gate.step == "last":
        last = max((e.step or 0 for e in found), default=0)
        found = [e for e in found if (e.step or 0) == last]
    return found


def _sieves(findings: Findings, gate: EstimateGate) -> list[tuple[str, Callable[[Estimate], bool]]]:
    """Each selector by its name; a gap or a difference is taken only where it is asked for."""
    people = [e.worker for e in findings.estimates if e.worker != EVERYONE]
    workers = set(chosen(people, gate.worker))
    return [
        ("metric", lambda e: e.metric == gate.metric),
        ("gap", lambda e: e.gap == gate.gap),
        ("minus_worker", lambda e: _other(e, gate)),
        ("trial", lambda e: gate.trial in (None, e.trial)),
        ("worker", lambda e: e.worker in workers or (e.worker == EVERYONE and not gate.worker)),
        ("axis", lambda e: gate.axis in (None, e.axis)),
        ("arm", lambda e: matches(e.arm, gate.arm)),
        ("step", lambda e: gate.step in (None, "last", e.step)),
    ]


def _other(estimate: Estimate, gate: EstimateGate) -> bool:
    if gate.minus_worker is None:
        return estimate.minus_worker is None
    return matches(estimate.minus_worker, gate.minus_worker)


def nothing(findings: Findings, gate: EstimateGate) -> str:
    """Say which selector left nothing, and what there is instead."""
    left: list[Estimate] = list(findings.estimates)
    for name, keep in _sieves(findings, gate):
        kept = [estimate for estimate in left if keep(estimate)]
        if not kept:
            there = {str(getattr(e, name)) for e in left if getattr(e, name) is not None}
            return f"no `{name}` {_wanted(gate, name)}; {nearest(_wanted(gate, name), there)}"
        left = kept
    return "nothing fits"


def _wanted(gate: EstimateGate, name: str) -> str:
    wanted = getattr(gate, name)
    return "left open" if wanted is None else str(wanted)


def nearest(wanted: str, there: Iterable[str]) -> str:
    """The names that are there, those most like the wanted one first."""
    names = sorted(there, key=lambda name: (len(name), name))
    if not names:
        return "there is none"
    close = get_close_matches(wanted, names, n=3, cutoff=0.5)
    if close:
        return f"nearest: {', '.join(close)}"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"there is {', '.join(names[:_SHOWN])}{more}"


def claims(findings: Findings, pattern: str) -> Sequence[Claim]:
    """The claims that a pattern names."""
    return [claim for claim in findings.claims if matches(claim.id, pattern)]
