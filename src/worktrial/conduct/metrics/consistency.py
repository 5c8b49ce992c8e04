"""Consistency: how alike a worker's replicates of one sample are.

Who always fails is perfectly consistent, so every number here comes with the accuracy.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein

from worktrial.conduct.events import Trajectory

_ONE = "fewer than two scored replicates"
_TOOLS = "no tool was called"
_USAGE = "fewer than two replicates have usage on every call"


class Alike(NamedTuple):
    """One kind of consistency.

    Attributes:
        value: Mean over the groups that have it; `None` where none has.
        groups: Of each group, in the order given; `None` where it could not be measured.
        why: Why there is no value.
    """

    value: float | None
    groups: tuple[float | None, ...]
    why: str | None = None


class Consistency(NamedTuple):
    """Consistency over replicates, beside accuracy.

    Attributes:
        accuracy: Share of replicates that succeed.
        outcome: (2p − 1)², p the share of a group's replicates that succeed.
        actions: 1 − mean Jensen–Shannon divergence of the distributions of tool names.
        order: 1 − mean normalised edit distance of the sequences of tool names.
        resources: exp(−CV) of the tokens spent.
    """

    accuracy: Alike
    outcome: Alike
    actions: Alike
    order: Alike
    resources: Alike


def consistency(groups: Sequence[Sequence[Trajectory]]) -> Consistency:
    """Compare a worker's replicates of each sample with each other.

    Replicates without a score are left out, and groups with fewer than two others have no
    value: consistency is never given where accuracy is not known.

    Args:
        groups: Replicates of one sample each, of one worker.

    References:
        Rabanser et al. (2026), Towards a Science of AI Agent Reliability, arXiv:2602.16666.
    """
    scored = [[t for t in group if t.known.success is not None] for group in groups]
    return Consistency(
        _alike(scored, _accuracy, _ONE), _alike(scored, _outcome, _ONE),
        _alike(scored, _actions, _TOOLS), _alike(scored, _order, _TOOLS),
        _alike(scored, _resources, _USAGE),
    )  # fmt: skip


_Group = Sequence[Trajectory]


def _alike(groups: Sequence[_Group], of: Callable[[_Group], float | None], nothing: str) -> Alike:
    values = tuple(of(group) if len(group) > 1 else None for group in groups)
    known = [value for value in values if value is not None]
    if known:
        return Alike(float(np.mean(known)), values)
    return Alike(None, values, nothing if any(len(g) > 1 for g in groups) else _ONE)


def _accuracy(group: _Group) -> float:
    return float(np.mean([(t.known.success or 0) >= 1 for t in group]))


def _outcome(group: _Group) -> float:
    return (2 * _accuracy(group) - 1) ** 2


def _actions(group: _Group) -> float | None:
    return _pairs(group, lambda one, other: 1 - _divergence(Counter(one), Counter(other)))


def _order(group: _Group) -> float | None:
    return _pairs(group, lambda one, other: 1 - Levenshtein.normalized_distance(one, other))


def _pairs(group: _Group, alike: Callable[[list[str], list[str]], float]) -> float | None:
    """Mean over all pairs of replicates; two that called nothing are alike."""
    names = [[call.tool for _, call in t.tool_calls()] for t in group]
    if not any(names):
        return None
    pairs = combinations(names, 2)
    return float(np.mean([1.0 if one == other else alike(one, other) for one, other in pairs]))


def _divergence(one: Counter[str], other: Counter[str]) -> float:
    """Jensen–Shannon divergence in bits, in [0, 1]; 1 if only one of them did anything."""
    if not (one and other):
        return 1.0
    both = one.keys() | other.keys()
    p, q = ({t: c[t] / c.total() for t in both} for c in (one, other))
    return _to_middle(p, q, both) / 2 + _to_middle(q, p, both) / 2


def _to_middle(p: dict[str, float], q: dict[str, float], names: Iterable[str]) -> float:
    return math.fsum(p[t] * math.log2(2 * p[t] / (p[t] + q[t])) for t in names if p[t])


def _resources(group: _Group) -> float | None:
    spent = [each for each in map(_tokens, group) if each is not None]
    if len(spent) < 2 or not sum(spent):
        return None
    return math.exp(-float(np.std(spent, ddof=1)) / float(np.mean(spent)))


def _tokens(trajectory: Trajectory) -> int | None:
    calls = [call for _, call in trajectory.model_calls() if call.error is None]
    known = [
        call.tokens_in + call.tokens_out
        for call in calls
        if call.tokens_in is not None and call.tokens_out is not None
    ]
    return sum(known) if calls and len(known) == len(calls) else None
