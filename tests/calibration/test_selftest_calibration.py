"""Verdict and effect of the memorisation audit over forty trained models.

Half an hour of one core. A run that was broken off goes on: finished seeds are kept in
`.calibration`, or the folder that WORKTRIAL_CALIBRATION_DIR names.
"""

from dataclasses import dataclass

import pytest
from scipy.stats import binomtest

from worktrial.memorisation.selftest.replicates import planted_sets, replicate, unplanted_set
from worktrial.memorisation.selftest.verdicts import LEVEL, Scenario

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("self-test-calibration")]
SEEDS = range(40)


@dataclass
class Judged:
    planted: list[list[Scenario]]
    unplanted: list[Scenario]


@pytest.fixture(scope="module")
def judged() -> Judged:
    found = Judged([], [])
    for seed in SEEDS:
        of = replicate(seed)
        found.planted.append(list(planted_sets(of, seed)))
        found.unplanted.append(unplanted_set(of, seed))
        print(
            f"seed {seed}: {[s.judgement.word for s in (*found.planted[-1], found.unplanted[-1])]}"
        )
    return found


def test_never_planted_sets_are_called_inflated_in_no_more_than_one_of_twenty(
    judged: Judged,
) -> None:
    called = sum(of.judgement.word == "inflated" for of in judged.unplanted)
    print(f"{called} of {len(SEEDS)} never planted sets are called inflated")
    assert binomtest(called, len(SEEDS), 1 - LEVEL, alternative="greater").pvalue > 0.01


def test_intervals_hold_the_true_inflation(judged: Judged) -> None:
    firsts = [of[0] for of in judged.planted]
    for name, sets in (("planted", firsts), ("never planted", judged.unplanted)):
        held = sum(of.covers for of in sets)
        every = sum(s.covers for of in judged.planted for s in of)
        print(f"{name}: {held} of {len(sets)} intervals hold the truth; {every} of all planted")
        assert binomtest(held, len(sets), LEVEL, alternative="less").pvalue > 1e-4


def test_sets_of_which_half_was_planted_are_called_inflated(judged: Judged) -> None:
    assert all(of.judgement.word == "inflated" for of in (of[0] for of in judged.planted))


def test_an_interval_half_as_wide_is_refuted(judged: Judged) -> None:
    """The check has teeth: it is over all planted sets and never planted ones."""
    sets = [*(s for of in judged.planted for s in of), *judged.unplanted]
    held = sum(abs(s.effect.value - s.truth) <= (s.effect.high - s.effect.low) / 4 for s in sets)
    assert binomtest(held, len(sets), LEVEL, alternative="less").pvalue < 1e-4
