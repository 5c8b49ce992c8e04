"""Axes against each other: does the agreement of their orders of workers cover?"""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy import special, stats

from worktrial.calibration.case import Case, Replicate
from worktrial.calibration.truths import FloatArray
from worktrial.estimate import axis_agreement

LEVEL = 0.95
SIZES = (12, 24, 50)
_DUST = 1e-9
_RESAMPLES = 200


class Orders(NamedTuple):
    """Six workers' true means on two axes, and whether each item has both axes."""

    first: tuple[float, ...]
    second: tuple[float, ...]
    apart: bool = False

    @property
    def truth(self) -> float:
        """Tau-b of the two orders."""
        return float(stats.kendalltau(self.first, self.second).statistic)


_RISING = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_TIED = (0.5, 0.5, 0.5, 0.6, 0.7, 0.8)
ORDERS: Mapping[str, Orders] = {
    "yes or no: the same order": Orders(_RISING, _RISING),
    "yes or no: the order reversed": Orders(_RISING, _RISING[::-1]),
    "yes or no: three of six alike": Orders(_TIED, _TIED),
    "yes or no: no item has both axes": Orders(_RISING, _RISING, apart=True),
    "ceiling: one in a hundred fails": Orders(
        (0.985, 0.99, 0.99, 0.99, 0.99, 0.995), (0.985, 0.99, 0.99, 0.99, 0.99, 0.995)
    ),
}


def items(orders: Orders, clusters: int, rng: np.random.Generator) -> FloatArray:
    """Scores of 0 or 1, shape (workers, items, axes): hard items are hard for all, on both axes."""
    means = np.array([orders.first, orders.second])
    size = 2 * clusters if orders.apart else clusters
    hard = rng.normal(size=(size, 1, 1))
    luck = rng.normal(size=(size, *means.shape))
    passed = hard + luck + np.sqrt(2) * special.ndtri(means) > 0
    values = np.where(passed, 1.0, 0.0).transpose(2, 0, 1)
    if orders.apart:
        values[:, :clusters, 1] = values[:, clusters:, 0] = np.nan
    return values


def agreement_covers(orders: Orders, clusters: int, rng: np.random.Generator) -> Replicate:
    """One sample of items, and how far two axes agree on the order of six workers."""
    found = axis_agreement(items(orders, clusters, rng))[0, 1]
    missed = found.low > orders.truth + _DUST or found.high < orders.truth - _DUST
    return Replicate(not missed, found.high - found.low)


def quantiles_cover(orders: Orders, clusters: int, rng: np.random.Generator) -> Replicate:
    """The same by quantiles of tau over joint resamples of the items: what must not be done."""
    values = items(orders, clusters, rng)
    drawn = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=_RESAMPLES)
    means = np.round(np.einsum("di,wia->dwa", drawn / clusters, values), 9)
    signs = np.sign(means[:, :, None] - means[:, None])
    with np.errstate(invalid="ignore"):
        taus = np.prod(signs, axis=3).sum(axis=(1, 2)) / np.sqrt(
            np.prod(np.abs(signs).sum(axis=(1, 2)), axis=1)
        )
    low, high = np.nanquantile(taus, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Replicate(bool(low - _DUST <= orders.truth <= high + _DUST), float(high - low))


def _control() -> Case:
    truth = "yes or no: three of six alike"
    draw = partial(quantiles_cover, ORDERS[truth], 24)
    return Case(
        "axis_agreement by resampling", truth, 24, "coverage", LEVEL, draw, 400, control=True
    )


CASES: list[Case] = [
    *(
        Case("axis_agreement", truth, n, "coverage", LEVEL, partial(agreement_covers, orders, n))
        for truth, orders in ORDERS.items()
        for n in SIZES
    ),
    _control(),
]
