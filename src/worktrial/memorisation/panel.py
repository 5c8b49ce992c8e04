"""The audit's panel, and its evidence as arrays: items as published against fresh texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from worktrial.comparison.panel import FloatArray, Panel
from worktrial.evidence import Evidence
from worktrial.memorisation.arms import FRESH, PUBLISHED
from worktrial.memorisation.exposure import FEW, OWN, above_own
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
        relative: Whether the values are standings of items, and of controls, among their own
            reorderings.
    """

    metric: str
    items: tuple[str, ...]
    published: FloatArray
    fresh: FloatArray
    controls: tuple[str, ...]
    control: FloatArray
    relative: bool = False

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

    Any model finds prose likelier in the order in which it was written, met or not. So items with
    variants in another order are held, in likelihood, against controls with such variants: how far
    an item stands above its reorderings, against how far a control stands above its own. Without
    `FEW` such controls these items' variants are left out. Of a set with items of both kinds the
    more numerous ones are measured.

    Args:
        evidence: The trial's observations, all arms.
        worker: Whose.
        metric: Which.
        items: Ids of what was published.
    """
    texts = _Texts.read(evidence, worker, metric)
    fresh, controls = dict(texts.fresh), texts.controls
    if metric in LIKELIHOOD and texts.ordered:
        if 2 * len(texts.ordered) > len(texts.fresh) and len(texts.siblings) >= FEW:
            return _relative(metric, items, texts)
        fresh = {item: own for item, own in fresh.items() if item not in texts.ordered}
    return Scores(
        metric=metric,
        items=tuple(items),
        published=_values(texts.published, items),
        fresh=_matrix(fresh, items),
        controls=tuple(controls),
        control=_values(controls, list(controls)),
    )


@dataclass(frozen=True)
class _Texts:
    """One metric of one worker's texts by item; `None` for missing.

    Attributes:
        published: Of the items.
        fresh: Of their variants.
        controls: Of the controls.
        siblings: Of the reorderings of those controls that have `OWN` or more.
        ordered: Items whose variants are reorderings.
    """

    published: Mapping[str, float | None]
    fresh: Mapping[str, list[float | None]]
    controls: Mapping[str, float | None]
    siblings: Mapping[str, list[float | None]]
    ordered: frozenset[str]

    @classmethod
    def read(cls, evidence: Evidence, worker: str, metric: str) -> "_Texts":
        """Out of the evidence, replicates averaged."""
        refused = 0.0 if metric == ACCURACY else None
        rows = evidence.query(
            "select operation in (?, ?) as own, bool_or(operation = ?) over (partition by item), "
            "item, stratum = 'order', value from ("
            "select operation, item, stratum, "
            "avg(case when outcome = 'refusal' then ?::double else value end) as value "
            "from evidence where worker = ? and metric = ? and kind = ? and step = 0 group by all) "
            "order by item, operation",
            [PUBLISHED, CONTROL, CONTROL, refused, worker, metric, _tier(evidence, worker, metric)],
        )
        of: dict[tuple[bool, bool], dict[str, list[float | None]]] = {}
        for own, control, item, _, value in rows:
            of.setdefault((own, control), {}).setdefault(item, []).append(value)
        published, controls = (
            {item: values[0] for item, values in of.get((True, control), {}).items()}
            for control in (False, True)
        )
        ordered = frozenset(item for own, _, item, is_order, _ in rows if is_order and not own)
        fresh, siblings = (of.get((False, control), {}) for control in (False, True))
        return cls(
            published=published,
            fresh=fresh,
            controls=controls,
            siblings={i: own for i, own in siblings.items() if i in ordered and len(own) >= OWN},
            ordered=ordered & set(fresh),
        )


def _relative(metric: str, items: Sequence[str], texts: _Texts) -> Scores:
    """Items and controls by how far they stand above their own reorderings."""
    controls = list(texts.siblings)
    every = [item for item in items if item in texts.ordered]
    published = {**texts.published, **texts.controls}
    found = above_own(
        _values(published, [*every, *controls]),
        _matrix({**texts.fresh, **texts.siblings}, [*every, *controls]),
    )
    known = dict(zip(every, found.tolist(), strict=False))
    return Scores(
        metric=metric,
        items=tuple(items),
        published=_values(known, items),
        fresh=np.full((len(items), 0), np.nan),
        controls=tuple(controls),
        control=found[len(every) :],
        relative=True,
    )


def _values(of: Mapping[str, float | None], names: Sequence[str]) -> FloatArray:
    return np.array([of.get(name) for name in names], dtype=np.float64)


def _matrix(of: Mapping[str, list[float | None]], names: Sequence[str]) -> FloatArray:
    """A row a name; NaN where it has fewer values than the most."""
    width = max((len(of.get(name, ())) for name in names), default=0)
    found = np.full((len(names), width), np.nan)
    for row, name in enumerate(names):
        values = of.get(name, [])
        found[row, : len(values)] = np.array(values, dtype=np.float64)
    return found


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
