"""The specification gap against a worker of known truth, over many worlds. Minutes: slow."""

import numpy as np
import pytest
from scipy import stats

from worktrial.estimate import paired_difference
from worktrial.search.arms import ARMS
from worktrial.search.extract import replayed
from worktrial.search.items import COURSES, SearchItem, draw_items
from worktrial.search.simulate import converse

WORLDS = 100


def f1(item: SearchItem, arm: str) -> float:
    kept = converse("premature", item, ARMS[arm], turns=COURSES["pocket"].turns)
    return replayed(item, ARMS[arm], kept).answer.f1


@pytest.mark.slow
def test_the_gap_of_the_premature_worker_is_covered() -> None:
    # F1 is 1 where all is said, and 1 with chance 1/m of m admissible subjects where it is not.
    hits, truths, found = 0, [], []
    for seed in range(WORLDS):
        items = draw_items(COURSES["pocket"], seed=seed)
        full, work = ([f1(item, arm) for item in items] for arm in ("full", "simulated"))
        gap = paired_difference(full, work)
        truth = 1 - float(np.mean([1 / len(item.admissible) for item in items]))
        hits += gap.low <= truth <= gap.high
        truths.append(truth)
        found.append(gap.value)
    print(f"covered {hits} of {WORLDS}; mean gap {np.mean(found):.3f}, truth {np.mean(truths):.3f}")
    assert stats.binomtest(hits, WORLDS, 0.95, alternative="less").pvalue > 1e-4
    error = np.std(found, ddof=1) / WORLDS**0.5
    assert abs(np.mean(found) - np.mean(truths)) < 4 * error
