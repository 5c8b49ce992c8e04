"""Contrasts of simulated scores whose truth is known, over many seeds. Slow.

One seed goes through the reader of tables, and must come out as its arrays do; all of them go
through the estimators.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from scipy import stats

from contrast.brought import findings, table
from worktrial.comparison.panel import FloatArray
from worktrial.estimate import (
    bridged_difference,
    paired_difference,
    rank_agreement,
    unpaired_difference,
)

SEEDS, ITEMS = 500, 60
SKILLS: Mapping[str, tuple[float, float]] = {
    "dull": (0.7, 0.4), "even": (0.6, 0.6), "late": (0.5, 0.9), "showy": (0.95, 0.3),
}  # fmt: skip
"""By worker, the chance of full marks on the proxy and at work: work turns most orders."""


class Truth(NamedTuple):
    """Scores under both arms, shape (workers, items), of items that are hard for all alike."""

    proxy: FloatArray
    work: FloatArray


def simulated(seed: int, *, shared: bool) -> Truth:
    """Draw each item's difficulty once for all workers, and for both arms if they share it."""
    rng = np.random.default_rng(seed)
    ease = [rng.normal(size=ITEMS), rng.normal(size=ITEMS)]
    ease = [ease[0], ease[0] if shared else ease[1]]
    found = []
    for column in (0, 1):
        own = rng.normal(size=(len(SKILLS), ITEMS))
        # A sum of two standard normals: below its own quantile with just the chance of the skill.
        drawn = (ease[column] + own) / np.sqrt(2)
        bars = stats.norm.ppf([skill[column] for skill in SKILLS.values()])
        found.append(1.0 * (drawn < bars[:, None]))
    return Truth(*found)


def gap_truth(place: int) -> float:
    proxy, work = list(SKILLS.values())[place]
    return proxy - work


def holds(hits: int) -> bool:
    print(f"covered {hits} of {SEEDS}")
    return stats.binomtest(hits, SEEDS, 0.95, alternative="less").pvalue > 1e-4


def tau_of_truth() -> float:
    proxy, work = np.array(list(SKILLS.values())).T
    signs = [
        np.sign(proxy[i] - proxy[j]) * np.sign(work[i] - work[j])
        for i in range(len(proxy))
        for j in range(i)
    ]
    return float(np.mean(signs))


@pytest.mark.slow
@pytest.mark.parametrize("shared", [True, False])
def test_gaps_gaps_of_gaps_and_the_agreement_of_orders_are_covered(shared: bool) -> None:
    gaps, of_gaps, agreement = 0, 0, 0
    for seed in range(SEEDS):
        proxy, work = simulated(seed, shared=shared)
        if shared:
            gap = paired_difference(proxy[3], work[3])
            more = paired_difference(proxy[3] - work[3], proxy[1] - work[1], bound=2.0)
        else:
            gap = unpaired_difference(proxy[3], work[3])
            more = bridged_difference((proxy[3], proxy[1]), (work[3], work[1]))
        order = rank_agreement(proxy, work, shared=shared)
        gaps += gap.low <= gap_truth(3) <= gap.high
        of_gaps += more.low <= gap_truth(3) - gap_truth(1) <= more.high
        agreement += order.low <= tau_of_truth() <= order.high
    assert holds(gaps)
    assert holds(of_gaps)
    assert holds(agreement)


@pytest.mark.parametrize("shared", [True, False])
def test_the_table_of_a_seed_says_what_its_arrays_do(shared: bool, tmp_path: Path) -> None:
    proxy, work = simulated(1, shared=shared)
    rows = [
        (worker, f"{'i' if shared else arm}{n}", arm, score)
        for arm, scores in (("proxy", proxy), ("work", work))
        for worker, mine in zip(SKILLS, scores, strict=True)
        for n, score in enumerate(mine)
    ]
    found = findings(table(tmp_path / "s.csv", rows))
    estimate = paired_difference if shared else unpaired_difference
    for place, worker in enumerate(SKILLS):
        gap = found.estimate(f"contrast/score/contrast/{worker}/proxy")
        array = estimate(proxy[place], work[place])
        assert (gap.low, gap.high) == pytest.approx((array.low, array.high))
    order = rank_agreement(proxy, work, shared=shared)
    agreement = found.estimate("contrast/rank_agreement")
    assert (agreement.value, agreement.low, agreement.high) == pytest.approx(
        (order.value, order.low, order.high)
    )
