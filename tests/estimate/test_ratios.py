"""Ratios of totals, worked by hand, and their coverage."""

import numpy as np
import pytest
from scipy.stats import binomtest

from worktrial.errors import ConfigError
from worktrial.estimate import ratio_interval, ratio_of_means


def test_the_ratio_is_of_totals_not_the_mean_of_ratios() -> None:
    # 1 of 1 and 1 of 3: two of four, not the mean of 1 and 1/3.
    found = ratio_interval([1, 1], [1, 3])
    assert found.value == 0.5
    assert 0 <= found.low < 0.5 < found.high <= 1


def test_clusters_without_a_total_have_no_say() -> None:
    assert ratio_interval([0, 1, 1], [0, 2, 3]) == ratio_interval([1, 1], [2, 3])
    nothing = ratio_interval([0, 0], [0, 0])
    assert np.isnan(nothing.value)
    assert nothing.why


def test_agreement_is_no_certainty() -> None:
    # None of four equal clusters away from 1: 1 − .025^(1/4) = .602 of the total could be.
    found = ratio_interval([1, 1, 1, 1], [1, 1, 1, 1])
    assert (found.value, found.high) == (1, 1)
    assert found.low == pytest.approx(0.025**0.25, abs=2e-3)


def test_a_large_total_that_was_not_met_is_allowed_for() -> None:
    # Small totals say next to nothing where one of 1 may come: by the same 60% it could hold
    # .602/(.602 + .398·.02), nearly all.
    small = ratio_interval([0.0] * 4, [0.02] * 4)
    assert small.high == pytest.approx(0.602 / (0.602 + 0.398 * 0.02), abs=2e-3)
    assert ratio_interval([0.0] * 4, [0.02] * 4, largest=0.02).high == pytest.approx(
        0.602, abs=2e-3
    )


def test_mistakes_are_named() -> None:
    with pytest.raises(ConfigError, match="must be paired"):
        ratio_interval([1], [1, 2])
    with pytest.raises(ConfigError, match="`part` must lie between 0 and `whole`"):
        ratio_interval([2, 1], [1, 1])


@pytest.mark.parametrize("clusters", [8, 12, 24])
def test_it_covers_at_its_level(clusters: int) -> None:
    """Relays lose a gamma amount, and a beta share of it in critical failures."""
    rng = np.random.default_rng(3)
    hits, draws = 0, 1000
    for _ in range(draws):
        whole = rng.gamma(2, 0.1, clusters)
        found = ratio_interval(whole * rng.beta(4, 2, clusters), whole)
        hits += found.low <= 4 / 6 <= found.high
    assert binomtest(hits, draws, 0.95, alternative="less").pvalue > 1e-4


def test_a_ratio_of_means_is_their_ratio_and_scales() -> None:
    a, b = np.tile([0.5, 0.0], 20), np.tile([1.0, 0.5], 20)
    found = ratio_of_means(a, b)
    assert found.value == pytest.approx(1 / 3)
    assert found.low < 1 / 3 < found.high
    half = ratio_of_means(a / 2, b)
    assert [half.value, half.low, half.high] == pytest.approx(
        [found.value / 2, found.low / 2, found.high / 2], abs=0.02
    )


def test_a_ratio_to_what_may_be_nothing_has_no_value() -> None:
    found = ratio_of_means(np.ones(40), np.tile([1.0, -1.0], 20))
    assert np.isnan(found.value)
    assert found.why == "what it is a share of may be 0"


def test_missing_pairs_are_left_out_of_a_ratio_of_means() -> None:
    a, b = np.full(40, 0.5), np.ones(40)
    a[:10] = np.nan
    assert ratio_of_means(a, b).clusters == 30
    assert ratio_of_means(a, b).value == 0.5


def test_ratios_of_means_cover_the_truth() -> None:
    rng, inside = np.random.default_rng(3), 0
    for _ in range(100):
        b = rng.random(40) < 0.8
        a = b & (rng.random(40) < 0.5)
        found = ratio_of_means(a.astype(float), b.astype(float))
        inside += found.low <= 0.5 <= found.high
    assert inside >= 90
