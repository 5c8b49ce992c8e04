"""How well each statistic tells planted items from twins, by how often they were planted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from worktrial.memorisation.exposure import item_p_values, rank_test, tpr_at
from worktrial.memorisation.measured import LIKELIHOOD, REGISTERED

Array = npt.NDArray[np.float64]
VARIANT_RANK = "variant_rank"
"""The registered statistic held against the item's own variants: what decides an item's p."""
FALSE_RATE = 0.01


class Row(NamedTuple):
    """One statistic at one number of copies.

    Attributes:
        statistic: Its name.
        tier: What a model must allow.
        copies: How often the items were read.
        auc: Chance that a planted item scores above a twin.
        low: Lower bound of its 95 % interval.
        high: Upper bound.
        tpr: Share of the planted items that are found at 1 % of false alarms.
    """

    statistic: str
    tier: Literal["logprobs", "completion"]
    copies: int
    auc: float
    low: float
    high: float
    tpr: float


def rows(
    planted: Mapping[int, Mapping[str, Array]], twins: Mapping[str, Array], *, seed: int
) -> tuple[Row, ...]:
    """Compare every statistic of planted items with that of twins.

    Args:
        planted: By copies and statistic, one value an item, shape (items,).
        twins: By statistic, shape (twins,).
        seed: Of the intervals.
    """
    return tuple(_rows(planted, twins, seed))


def _rows(
    planted: Mapping[int, Mapping[str, Array]], twins: Mapping[str, Array], seed: int
) -> Iterator[Row]:
    for name, other in twins.items():
        for copies, of in planted.items():
            own = of[name]
            found = rank_test(own, np.empty((own.size, 0)), other, seed=seed)
            tier: Literal["logprobs", "completion"] = (
                "logprobs" if name in (*LIKELIHOOD, VARIANT_RANK) else "completion"
            )
            tpr = tpr_at(own, other, FALSE_RATE)
            yield Row(name, tier, copies, found.value, found.low, found.high, tpr)


def variant_ranks(scores: Sequence[Mapping[str, Array]]) -> list[Array]:
    """Of sets of items how far each stands out among its own variants: 1 less its p.

    Args:
        scores: Of each set by metric, shape (items, 1 + variants).

    Returns:
        Of each set, shape (items,); all have one null.
    """
    own = [of[REGISTERED["logprobs"]] for of in scores]
    every = np.concatenate(own)
    p = item_p_values(every[:, 0], every[:, 1:])
    return np.split(1 - p, np.cumsum([len(of) for of in own])[:-1])


def best(table: Sequence[Row], tier: str, copies: int) -> Row:
    """The row with the highest AUC of a tier; only of prefixes that are judged.

    Args:
        table: All rows.
        tier: `logprobs` or `completion`.
        copies: How often items were planted.
    """
    rows_ = [row for row in table if row.tier == tier and row.copies == copies]
    return max((row for row in rows_ if not row.statistic.endswith("_80")), key=lambda row: row.auc)
