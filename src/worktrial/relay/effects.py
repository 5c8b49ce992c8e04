"""What a change does: the loss under a factor; what a remedy recovers, and for how much.

Every effect is a paired difference between an arm with the change and its base, by document.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from worktrial.comparison.panel import FloatArray
from worktrial.estimate import Interval, mean_interval, paired_difference, ratio_of_means
from worktrial.estimate.intervals import unbounded
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Estimate, from_interval
from worktrial.protocol import Measurement
from worktrial.relay.arms import arm as find_arm
from worktrial.relay.panel import METRICS
from worktrial.relay.worker import TRIAL

RECOVERED = "recovered"
"""Fidelity with a remedy less fidelity without it."""
RECOVERED_SHARE = "recovered_share"
"""What a remedy recovers of the loss without it."""
RECOVERED_PER: Mapping[str, str] = {
    "usd": "recovered_per_usd",
    "tokens": "recovered_per_thousand_tokens",
}
"""What it recovers for what it costs more, a document."""
_PATCH = ("search_replace", "rewrite")
"""A hand-over that is a remedy too: passages instead of whole files."""
_COSTS: Mapping[str, Sequence[str]] = {"usd": ("usd",), "tokens": ("tokens_in", "tokens_out")}
_SCALE = {"usd": 1.0, "tokens": 1e3}


class Effect(NamedTuple):
    """An arm held against its base."""

    arm: str
    base: str
    kind: str


def effects(evidence: Evidence, measured: Measurement) -> Iterator[Estimate]:
    """Estimate what every change of a run does to every worker.

    Args:
        evidence: The run's observations, all arms.
        measured: Which arms there are.
    """
    found = [_Scores(evidence, measured, worker) for worker in evidence.workers()]
    every = list(_effects(measured.arms))
    for arm in dict.fromkeys(arm for effect in every for arm in (effect.base, effect.arm)):
        yield from (e for scores in found if scores.ran(arm) for e in _levels(scores, arm))
    for effect in every:
        for scores in found:
            if scores.ran(effect.arm) and scores.ran(effect.base):
                yield from _of_worker(scores, effect)


def _effects(arms: Mapping[str, str]) -> Iterator[Effect]:
    for name in arms:
        arm = find_arm(name)
        if arm.change is not None:
            yield Effect(name, arm.base, arm.change.kind)
    if set(_PATCH) <= set(arms):
        yield Effect(*_PATCH, kind="remedy")


class _Scores:
    """One worker's documents under every arm, means over replicates."""

    def __init__(self, evidence: Evidence, measured: Measurement, worker: str) -> None:
        self.worker, self._evidence = worker, evidence
        self._items = sorted(measured.items)
        self._replicates = measured.replicates

    def ran(self, arm: str) -> bool:
        """Whether anything was run under an arm."""
        return not np.isnan(self.final("fidelity", arm)).all()

    def final(self, metric: str, arm: str) -> FloatArray:
        """At the end of the relay, shape (items,); NaN where a replicate is missing."""
        return self._by_item(
            "select item, sum(value), count(value) from evidence where worker = ? and arm = ? "
            "and metric = ? and step = (select max(step) from evidence where metric = ?) "
            "group by item",
            [self.worker, arm, metric, metric],
        )

    def spent(self, cost: str, arm: str) -> FloatArray:
        """What a document cost in all its legs, shape (items,)."""
        return self._by_item(
            "select item, sum(spent), count(spent) from (select item, replicate, sum(value) as "
            "spent from evidence where worker = ? and arm = ? and list_contains(?, metric) "
            "group by item, replicate) group by item",
            [self.worker, arm, list(_COSTS[cost])],
        )

    def _by_item(self, query: str, values: list[object]) -> FloatArray:
        found = {item: (total, n) for item, total, n in self._evidence.query(query, values)}
        means = np.full(len(self._items), np.nan)
        for at, item in enumerate(self._items):
            total, n = found.get(item, (None, 0))
            if n == self._replicates:
                means[at] = total / n
        return means


def _of_worker(found: _Scores, effect: Effect) -> Iterator[Estimate]:
    # A hand-over without a change is among the protocols: its difference stands there already.
    if find_arm(effect.arm).change is not None:
        for metric in METRICS:
            yield from _difference(found, effect, metric)
    if effect.kind == "remedy":
        yield from _recovered(found, effect)


def _levels(found: _Scores, arm: str) -> Iterator[Estimate]:
    for metric in METRICS:
        yield from_interval(
            mean_interval(found.final(metric, arm)),
            id=f"{TRIAL}/final_{metric}/{found.worker}/{arm}",
            arm=arm,
            trial=TRIAL,
            metric=f"final_{metric}",
            worker=found.worker,
            endpoint="exploratory",
        )


def _difference(found: _Scores, effect: Effect, metric: str) -> Iterator[Estimate]:
    base, under = found.final(metric, effect.base), found.final(metric, effect.arm)
    yield from_interval(
        paired_difference(base, under),
        id=f"{TRIAL}/{metric}/gap/{found.worker}/{effect.base}-minus-{effect.arm}",
        gap=effect.kind,
        arm=effect.base,
        minus_arm=effect.arm,
        trial=TRIAL,
        metric=metric,
        worker=found.worker,
        endpoint="exploratory",
    )


def _recovered(found: _Scores, effect: Effect) -> Iterator[Estimate]:
    base, under = found.final("fidelity", effect.base), found.final("fidelity", effect.arm)
    shares = {
        RECOVERED: paired_difference(under, base),
        RECOVERED_SHARE: _ratio(under - base, 1 - base, "nothing was lost without it"),
    }
    for cost, metric in RECOVERED_PER.items():
        more = found.spent(cost, effect.arm) - found.spent(cost, effect.base)
        if not np.isnan(more).all():
            shares[metric] = _ratio(under - base, more / _SCALE[cost], "it costs no more")
    for metric, ratio in shares.items():
        yield from_interval(
            ratio,
            id=f"{TRIAL}/{metric}/{found.worker}/{effect.arm}",
            trial=TRIAL,
            metric=metric,
            worker=found.worker,
            gap=effect.kind,
            arm=effect.arm,
            minus_arm=effect.base,
            endpoint="exploratory",
        )


def _ratio(part: FloatArray, whole: FloatArray, none: str) -> Interval:
    """A ratio of means, the whole in any unit."""
    largest = float(np.nanmax(np.abs(whole), initial=0.0))
    if largest == 0:
        return unbounded(np.nan, level=0.95, clusters=int(part.size), why=none)
    ratio = ratio_of_means(part, whole / largest)
    low, high = ratio.low / largest, ratio.high / largest
    return replace(ratio, value=ratio.value / largest, low=low, high=high)
