"""The audit's panel, and its evidence as arrays: items as published against fresh texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from worktrial.comparison.panel import FloatArray, Panel
from worktrial.evidence import Evidence
from worktrial.memorisation.arms import FRESH, PUBLISHED
from worktrial.memorisation.measured import (
    ACCURACY,
    CANARY,
    CONTROL,
    JUDGED,
    LIKELIHOOD,
    MASKED,
    ORDER,
    PREFIXES,
    RECONSTRUCTION,
    SAMPLED,
    TRIAL,
    Tier,
    at,
)

GAP = "memorisation"
METRICS = (ACCURACY, *(at(name, p) for p in JUDGED for name in RECONSTRUCTION))
"""What two workers are compared by, in [0, 1]; the first is primary."""
SHARES = (*(at(name, p) for p in PREFIXES for name in RECONSTRUCTION), *SAMPLED, MASKED)
"""Measures of one text in [0, 1], beside accuracy."""
IN_WORDS = ("on the items as published", "on fresh texts")
_BEST_FIRST: tuple[Tier, ...] = ("logprobs", "raw", "chat")


@dataclass(frozen=True)
class Scores:
    """One metric of one worker.

    Attributes:
        metric: What was measured.
        items: Ids of what was published, in order.
        published: Of each item, shape (items,); NaN for missing.
        fresh: Of each item's variants, shape (items, variants); NaN where there are fewer.
        controls: Ids of the controls.
        control: Of each, shape (controls,).
    """

    metric: str
    items: tuple[str, ...]
    published: FloatArray
    fresh: FloatArray
    controls: tuple[str, ...]
    control: FloatArray

    @property
    def variants(self) -> FloatArray:
        """The mean of each item's variants, shape (items,); NaN where it has none."""
        known = ~np.isnan(self.fresh)
        total, count = np.nansum(self.fresh, axis=1), known.sum(axis=1)
        return np.where(count, total / np.maximum(count, 1), np.nan)

    @property
    def measured(self) -> bool:
        """Whether any item was."""
        return not bool(np.isnan(self.published).all())

    @property
    def held(self) -> bool:
        """Whether any item that was measured has fresh texts to be held against."""
        known = ~np.isnan(self.published)
        varied = bool((known & ~np.isnan(self.variants)).any())
        return varied or bool(known.any() and (~np.isnan(self.control)).any())

    @property
    def by_control(self) -> bool:
        """Whether controls stand in for variants: fewer than half of the items have any."""
        known = ~np.isnan(self.published)
        varied = known & ~np.isnan(self.variants)
        return bool(np.any(~np.isnan(self.control))) and 2 * int(varied.sum()) < int(known.sum())


def read_scores(evidence: Evidence, worker: str, metric: str, items: Sequence[str]) -> Scores:
    """Read one metric of one worker, replicates averaged.

    A refusal to answer is an answer that is not right: accuracy 0. A refusal to continue a text
    says nothing of what a worker has met: missing.

    Where a metric was measured in two ways, the one with the deeper access counts.

    Any model finds prose likelier in the order in which it was written, met or not: variants in
    another order are no control for likelihood, and are left out there.

    Args:
        evidence: The trial's observations, all arms.
        worker: Whose.
        metric: Which.
        items: Ids of what was published.
    """
    tier = _tier(evidence, worker, metric)
    refused = 0.0 if metric == ACCURACY else None
    rows = evidence.query(
        "select arm, operation = ? as control, item, list(value order by operation) from ("
        "select arm, operation, item, "
        "avg(case when outcome = 'refusal' then ?::double else value end) as value from evidence "
        "where worker = ? and metric = ? and kind = ? and step = 0 "
        "and not (? and arm = ? and stratum = 'order') group by all) "
        "group by all order by all",
        [CONTROL, refused, worker, metric, tier, metric in LIKELIHOOD, FRESH],
    )
    published = {i: v[0] for arm, control, i, v in rows if arm == PUBLISHED and not control}
    fresh = {i: v for arm, control, i, v in rows if arm == FRESH and not control}
    controls = {i: v[0] for _, control, i, v in rows if control}
    width = max((len(values) for values in fresh.values()), default=0)
    own = np.full((len(items), width), np.nan)
    for row, item in enumerate(items):
        values = fresh.get(item, [])
        own[row, : len(values)] = np.array(values, dtype=np.float64)
    return Scores(
        metric=metric,
        items=tuple(items),
        published=np.array([published.get(item) for item in items], dtype=np.float64),
        fresh=own,
        controls=tuple(controls),
        control=np.array(list(controls.values()), dtype=np.float64),
    )


def items_of(evidence: Evidence, workers: Sequence[str]) -> list[str]:
    """Ids of what was audited: not the whole file's own, its canary and its shards."""
    rows = evidence.query(
        "select distinct item from evidence where list_contains(?, worker) and arm = ? "
        "and operation <> ? except select distinct item from evidence "
        "where list_contains(?, metric) order by 1",
        [list(workers), PUBLISHED, CONTROL, [CANARY, ORDER]],
    )
    return [item for (item,) in rows]


def memorisation_panel(evidence: Evidence, workers: Sequence[str], metric: str) -> Panel:
    """Put workers side by side on the items: as published, and on the mean of their variants.

    Args:
        evidence: The trial's observations, all arms.
        workers: Whom to compare, in this order.
        metric: One of `METRICS`.
    """
    items = items_of(evidence, workers)
    found = [read_scores(evidence, worker, metric, items) for worker in workers]
    scores = [np.column_stack([each.published, each.variants]) for each in found]
    return Panel(
        trial=TRIAL,
        gap=GAP,
        metric=metric,
        proxy=PUBLISHED,
        work=FRESH,
        in_words=IN_WORDS,
        workers=tuple(workers),
        items=tuple(items),
        steps=(0, 1),
        scores=np.array(scores).reshape(len(workers), len(items), 2),
        curved=False,
    )


def _tier(evidence: Evidence, worker: str, metric: str) -> str:
    rows = evidence.query(
        "select distinct kind from evidence where worker = ? and metric = ? "
        "and (value is not null or outcome = 'refusal')",
        [worker, metric],
    )
    kinds = [kind for (kind,) in rows]
    return next((tier for tier in _BEST_FIRST if tier in kinds), kinds[0] if kinds else "")
