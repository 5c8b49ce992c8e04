import numpy as np
import pytest
from scipy import stats

from worktrial.errors import ConfigError
from worktrial.estimate import equivalence, paired_difference, sign_flip_p_value


def test_six_clusters_give_the_range_widened_for_skew() -> None:
    # 2⁶ = 64 patterns: at 95% the outermost 64·.025 = 1.6, that is one subset mean a side:
    # the smallest and the largest difference. Symmetric about .35, so no skew to widen for.
    differences = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    found = paired_difference(differences, np.zeros(6))
    assert (found.value, found.low, found.high) == pytest.approx((0.35, 0.1, 0.6))
    assert found.method == "sign-flip"


def test_only_the_side_of_the_long_tail_is_widened() -> None:
    # Mean .2; deviations −.1 (five times) and .5: s² = (.05 + .25)/5 = .06, standard error .1.
    # Skewness: m₃ = (5·−.001 + .125)/6 = .02, m₂ = .05, m₃/m₂^1.5 = 1.788854; unbiased
    # ×√30/4 = 2.449490. t₅ = 2.570582: (2t² + 1)/(6√6) = .967249; the term .236927.
    found = paired_difference([0.1, 0.1, 0.1, 0.1, 0.1, 0.7], np.zeros(6))
    assert (found.low, found.high) == pytest.approx((0.1, 0.7 + 0.236927), abs=1e-5)


def test_five_clusters_cannot_reach_95_percent() -> None:
    found = paired_difference([0.1, 0.2, 0.3, 0.4, 0.5], np.zeros(5))
    assert not found.bounded
    assert found.why == "5 paired clusters cannot reach level 0.95"
    assert paired_difference([0.1, 0.2, 0.3, 0.4, 0.5], np.zeros(5), level=0.9).bounded


def test_from_24_clusters_on_it_is_the_paired_t() -> None:
    differences = np.tile([-0.1, 0.1], 12) + np.repeat([0.05, 0.15], 12)
    found = paired_difference(differences, np.zeros(24))
    expected = stats.ttest_1samp(differences, 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.method == "paired-t"


def test_sparse_differences_are_bounded_by_their_shares() -> None:
    # Of 12, one is below and two above 0, whatever their size.
    upper = [stats.binomtest(k, 12).proportion_ci(0.95, "exact").high for k in (1, 2)]
    found = paired_difference([-0.3, 0.01, 0.2, *[0.0] * 9], np.zeros(12))
    assert (found.low, found.high) == pytest.approx((-upper[0], upper[1]))


def test_equal_arms_are_not_known_to_be_equal() -> None:
    scores = np.linspace(0.1, 0.9, 8)
    found = paired_difference(scores, scores)
    assert (found.value, found.low) == (0, pytest.approx(-(1 - 0.025 ** (1 / 8))))


def test_one_constant_difference_has_no_zero_width() -> None:
    found = paired_difference(np.full(30, 0.75), np.full(30, 0.5))
    assert found.low < 0.25 < found.high


def test_a_pair_with_one_side_missing_is_dropped() -> None:
    found = paired_difference([0.5, 0.6, np.nan], [np.nan, 0.5, 0.4])
    assert (found.clusters, found.value) == (1, pytest.approx(0.1))
    assert found.why == "1 paired cluster(s); an interval needs 2"
    assert np.isnan(paired_difference([], []).value)


def test_the_order_of_clusters_does_not_reach_the_drawn_subsets() -> None:
    rng = np.random.default_rng(1)
    a, b, order = rng.random(17), rng.random(17), rng.permutation(17)
    assert paired_difference(a, b, seed=3) == paired_difference(a[order], b[order], seed=3)
    assert paired_difference(a, b, seed=3) != paired_difference(a, b, seed=4)


def test_sign_flip_p_value_counts_patterns() -> None:
    # 1 2 3 4 5 −1 (tenths): flipping a subset with sum ≤ 0 gives a total as large or larger:
    # ∅, {−1}, {1, −1}: 3 of 64 patterns; two-sided 6/64.
    assert sign_flip_p_value([0.1, 0.2, 0.3, 0.4, 0.5, -0.1], np.zeros(6)) == 6 / 64
    assert np.isnan(sign_flip_p_value([], []))
    assert sign_flip_p_value(np.zeros(4), np.zeros(4)) == 1


@pytest.mark.parametrize("size", [8, 12, 17])
def test_an_interval_without_zero_has_a_small_p(size: int) -> None:
    differences = np.random.default_rng(2).normal(0.15, 0.1, size)
    assert paired_difference(differences, np.zeros(size), seed=5).low > 0
    assert sign_flip_p_value(differences, np.zeros(size), seed=5) <= 0.05


def test_a_small_difference_is_level_even_when_it_is_real() -> None:
    differences = 0.02 + np.tile([-0.005, 0.005], 15)
    found = equivalence(differences, np.zeros(30), margin=0.05)
    assert found.difference.low > 0
    assert found.verdict == "level"


def test_verdicts_tell_apart_level_and_unknown() -> None:
    differences = 0.2 + np.tile([-0.1, 0.1], 15)
    assert equivalence(differences, np.zeros(30), margin=0.05).verdict == "apart"
    assert equivalence(-differences, np.zeros(30), margin=0.05).verdict == "apart"
    unsure = equivalence(differences - 0.2, np.zeros(30), margin=0.01)
    assert unsure.verdict == "cannot-tell"
    # s = .1·√(30/29) = .101710, error .018570; t₂₉ 2.045230 + .854192 = 2.899422: .053841.
    assert unsure.detectable == pytest.approx(0.053841, abs=1e-5)


def test_without_bounds_nothing_can_be_told() -> None:
    found = equivalence([0.1, 0.2, 0.3, 0.4], [0.0] * 4, margin=2, level=0.999)
    assert found.difference.bounded  # four differences are always sparse: bounded by shares
    found = equivalence([0.1, 0.2, 0.3, 0.4, 0.5], [0.0] * 5, margin=0.9)
    assert found.verdict == "level"  # at 90% five clusters suffice
    assert np.isnan(found.detectable)
    assert equivalence([0.5], [0.1], margin=0.9).verdict == "cannot-tell"


def test_mistakes_are_named() -> None:
    with pytest.raises(ConfigError, match="must be paired, got shapes"):
        paired_difference([0.1], [0.1, 0.2])
    with pytest.raises(ConfigError, match="`margin` must be positive, got 0"):
        equivalence([0.1, 0.2], [0.1, 0.2], margin=0)
    with pytest.raises(ConfigError, match=r"`level` of a verdict must be in \(0.5, 1\)"):
        equivalence([0.1, 0.2], [0.1, 0.2], margin=0.1, level=0.4)
    with pytest.raises(ConfigError, match=r"`a - b` must lie within ±0\.05"):
        paired_difference([0.2, 0.2], [0.1, 0.1], bound=0.05)
