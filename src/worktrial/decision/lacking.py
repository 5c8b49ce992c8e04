"""What a verdict that cannot be told still lacks, and what that costs."""

import math
from collections.abc import Iterator, Mapping, Sequence

from worktrial.estimate import settled_from
from worktrial.evidence.findings import Claim, Cost, Estimate, Findings

MOST_ITEMS = 20_000
"""More than anyone will run: said in words, not in numbers."""


def with_lacking(findings: Findings, costs: Sequence[Cost]) -> Iterator[Claim]:
    """Every claim; those that cannot be told with the items that they lack and their cost."""
    estimates = {e.id: e for e in findings.estimates}
    spent = {(cost.trial, cost.worker): cost for cost in costs}
    for claim in findings.claims:
        yield _with_lacking(claim, estimates, spent)


def _with_lacking(
    claim: Claim, estimates: Mapping[str, Estimate], spent: Mapping[tuple[str, str], Cost]
) -> Claim:
    found = [estimates[name] for name in claim.estimates if name in estimates]
    if claim.verdict != "cannot-tell" or claim.threshold is None or len(found) != 1:
        return claim
    (judged,) = found
    more = _more_items(judged, claim.threshold)
    if more is None:
        return claim
    cost = _of_both(judged, spent)
    return claim.model_copy(update={"more_items": more, **_cost_of(more, judged, cost)})


def _more_items(judged: Estimate, threshold: float) -> int | None:
    """How many clusters more; `None` where that cannot be said or nobody would run them."""
    value, low, high = judged.value, judged.low, judged.high
    if value is None or low is None or high is None or not judged.clusters:
        return None
    limits = _limits(value, threshold, between=judged.minus_worker is not None)
    if not any(low <= limit <= high for limit in limits):
        return None
    gap = judged.gap is not None or judged.minus_worker is not None
    wanted = settled_from(
        value, low, high, judged.clusters, limits, method=judged.method, difference=gap
    )
    if math.isinf(wanted) or wanted > MOST_ITEMS:
        return None
    return max(1, int(wanted) + 1 - judged.clusters)


def _limits(value: float, threshold: float, *, between: bool) -> Sequence[float]:
    """What the interval must leave: between two workers 0, or, if they seem level, the margin."""
    if not between:
        return (threshold,)
    return (-threshold, threshold) if abs(value) < threshold else (0.0,)


def _of_both(judged: Estimate, spent: Mapping[tuple[str, str], Cost]) -> list[Cost]:
    """What those that it is about have spent so far; nothing unless it is known of all."""
    about = [(judged.trial, worker) for worker in (judged.worker, judged.minus_worker) if worker]
    return [spent[each] for each in about] if all(each in spent for each in about) else []


def _cost_of(more: int, judged: Estimate, costs: Sequence[Cost]) -> dict[str, float | int]:
    """What so many items more cost, at what an item has cost so far under all arms."""
    share = more / (judged.items or judged.clusters or 1)
    found: dict[str, float | int] = {}
    read = [cost.tokens_in for cost in costs]
    written = [cost.tokens_out for cost in costs]
    tokens = [n for n in (*read, *written) if n is not None]
    if costs and len(tokens) == 2 * len(costs):
        found["more_tokens"] = round(share * sum(tokens))
    prices = [cost.usd for cost in costs if cost.usd is not None]
    if costs and len(prices) == len(costs):
        found["more_usd"] = round(share * sum(prices), 6)
    return found
