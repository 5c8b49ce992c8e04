"""What a self-test must show: each demand with its value, its bound, and whether it is met."""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import binomtest

from worktrial.memorisation.blind import Blind
from worktrial.memorisation.selftest.table import Row, best
from worktrial.memorisation.selftest.verdicts import Scenario

LOGPROBS = {4: 0.65, 16: 0.95, 64: 0.99}
"""Least AUC of the best statistic of log-probabilities, by copies."""
COMPLETION = {16: 0.6, 64: 0.95}
"""The same of the best statistic of what the model writes."""
FOUND = {16: 0.5}
"""Least share found at 1 % of false alarms by the best statistic of log-probabilities."""
SMALL = 0.05
_AGREES = 1e-4
_TIERS = {"logprobs": "log-probability", "completion": "completion-only"}


@dataclass(frozen=True)
class Gate:
    """One demand.

    Attributes:
        name: What is demanded of what.
        value: What was found, in words.
        bound: What it must be, in words.
        met: Whether it is.
    """

    name: str
    value: str
    bound: str
    met: bool


def gates(
    table: Sequence[Row], p_values: Sequence[float], blind: Blind, scenarios: Sequence[Scenario]
) -> tuple[Gate, ...]:
    """Judge a self-test.

    Args:
        table: How well each statistic tells planted items from twins.
        p_values: Of items that were never planted.
        blind: What a classifier made of items and variants without the model.
        scenarios: Sets of which the truth is known.
    """
    return (
        *(_auc(table, "logprobs", copies, least) for copies, least in LOGPROBS.items()),
        *(_found(table, copies, least) for copies, least in FOUND.items()),
        *(_auc(table, "completion", copies, least) for copies, least in COMPLETION.items()),
        _calibrated(p_values),
        _blind(blind),
        *(_verdict(of, inflated=of.truth > 0) for of in scenarios),
    )


def _auc(table: Sequence[Row], tier: str, copies: int, least: float) -> Gate:
    row = best(table, tier, copies)
    name = f"Best {_TIERS[tier]} statistic, {copies} copies: AUC"
    return Gate(name, f"{row.auc:.3f} ({row.statistic})", f"at least {least:.2f}", row.auc >= least)


def _found(table: Sequence[Row], copies: int, least: float) -> Gate:
    row = best(table, "logprobs", copies)
    name = f"The same, {copies} copies: found at 1 % of false alarms"
    return Gate(name, f"{row.tpr:.0%}", f"at least {least:.0%}", row.tpr >= least)


def _calibrated(p_values: Sequence[float]) -> Gate:
    count = sum(p <= SMALL for p in p_values)
    test = binomtest(count, len(p_values), SMALL)
    return Gate(
        f"Share of p ≤ {SMALL:.0%} among {len(p_values):,} items never planted",
        f"{count / len(p_values):.1%} (binomial p {test.pvalue:.2g})",
        f"agrees with {SMALL:.0%} (p > {_AGREES:g})",
        bool(test.pvalue > _AGREES),
    )


def _blind(blind: Blind) -> Gate:
    found = f"AUC {blind.auc:.2f}, 95 % interval {blind.low:.2f} to {blind.high:.2f}"
    inside = blind.low <= 0.5 <= blind.high
    return Gate("Items from variants without the model", found, "the interval holds .5", inside)


def _verdict(of: Scenario, *, inflated: bool) -> Gate:
    found = of.judgement.word
    bound = f"is{'' if inflated else ' not'} inflated"
    return Gate(f"Verdict, {of.name}", found, bound, (found == "inflated") is inflated)
