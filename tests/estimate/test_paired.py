import numpy as np
import pytest
from scipy import stats

from worktrial.errors import ConfigError
from worktrial.estimate import (
    difference_curve,
    difference_p_value,
    equivalence,
    mean_count,
    mean_interval,
    paired_difference,
)


def test_few_clusters_leave_room_for_one_unseen() -> None:
    # Twelve differences of .1 and one of −1: the unseen one's weight is 1 − u^(1/12) with u
    # uniform, at most 1 − .025^(1/12) = .264649 with chance .975: .1·.735351 − .264649 = −.191114.
    found = paired_difference(np.full(12, 0.1), np.zeros(12))
    assert (found.low, found.high) == pytest.approx((-0.191114, 0.338186), abs=1e-3)
    assert found.method == "gaffke"


def test_below_24_clusters_it_is_the_interval_of_a_mean_stretched_to_the_reach() -> None:
    differences = np.random.default_rng(1).uniform(-1, 1, 12)
    mean = mean_interval((differences / 2 + 1) / 2)
    found = paired_difference(differences, np.zeros(12), bound=2)
    assert found.low == pytest.approx(4 * mean.low - 2)
    assert found.high == pytest.approx(4 * mean.high - 2, abs=0.02)


def test_an_interval_of_b_minus_a_is_the_mirror_image() -> None:
    a, b = np.random.default_rng(1).random((2, 12))
    one, other = paired_difference(a, b), paired_difference(b, a)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_a_ruin_not_seen_is_allowed_for() -> None:
    # One in six ruined: a third of all samples of six show nothing but noise about .02.
    found = paired_difference(np.linspace(0.01, 0.03, 6), np.zeros(6))
    assert found.low < -0.08
    assert found.high > 0.12


def test_a_tail_of_less_than_one_draw_has_no_bounds() -> None:
    found = paired_difference(np.full(12, 0.9), np.zeros(12), level=0.9999)
    assert found.why == "12 paired clusters cannot reach level 0.9999"
    assert difference_p_value(np.ones(23), np.zeros(23)) == pytest.approx(1 / 2000, rel=0.002)


def test_from_24_clusters_on_it_is_the_paired_t() -> None:
    differences = np.tile([-0.1, 0.1], 12) + np.repeat([0.05, 0.15], 12)
    found = paired_difference(differences, np.zeros(24))
    expected = stats.ttest_1samp(differences, 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.method == "paired-t"


def test_from_24_clusters_on_sparse_differences_are_bounded_by_their_shares() -> None:
    # Of 24, one is below and two above 0, whatever their size.
    upper = [stats.binomtest(k, 24).proportion_ci(0.95, "exact").high for k in (1, 2)]
    found = paired_difference([-0.3, 0.01, 0.2, *[0.0] * 21], np.zeros(24))
    assert (found.low, found.high) == pytest.approx((-upper[0], upper[1]))


def test_only_the_side_of_the_long_tail_is_widened() -> None:
    # Twenty of .1 and four of .7: mean .2, m₂ = .05, m₃ = (20·−.001 + 4·.125)/24 = .02 and
    # m₃/m₂^1.5 = 1.788854; unbiased ×√552/22 = 1.910393. s² = 24·.05/23, standard error .046625.
    # t₂₃ = 2.068658: (2t² + 1)/(6√24) = .325208; the term is .325208·1.910393·.046625.
    found = paired_difference([*[0.1] * 20, *[0.7] * 4], np.zeros(24))
    half, term = 2.068658 * 0.046625, 0.028967
    assert (found.low, found.high) == pytest.approx((0.2 - half, 0.2 + half + term), abs=1e-5)


def test_equal_arms_are_not_known_to_be_equal() -> None:
    scores = np.linspace(0.1, 0.9, 8)
    found = paired_difference(scores, scores)
    assert (found.value, found.low) == (0, pytest.approx(-(1 - 0.025 ** (1 / 8)), abs=1e-3))


def test_one_constant_difference_has_no_zero_width() -> None:
    found = paired_difference(np.full(30, 0.75), np.full(30, 0.5))
    assert found.low < 0.25 < found.high


def test_a_pair_with_one_side_missing_is_dropped() -> None:
    found = paired_difference([0.5, 0.6, np.nan], [np.nan, 0.5, 0.4])
    assert (found.clusters, found.value) == (1, pytest.approx(0.1))
    assert found.why == "1 paired cluster(s); an interval needs 2"
    assert np.isnan(paired_difference([], []).value)


def test_the_order_of_clusters_does_not_reach_the_weights() -> None:
    rng = np.random.default_rng(1)
    a, b, order = rng.random(17), rng.random(17), rng.permutation(17)
    assert paired_difference(a, b) == paired_difference(a[order], b[order])


@pytest.mark.parametrize("null", [0.0, 0.1, 0.2])
@pytest.mark.parametrize("size", [12, 23, 24])
def test_test_and_interval_never_disagree(size: int, null: float) -> None:
    differences = np.random.default_rng(2).normal(0.3, 0.4, size).clip(-1, 1)
    p_value = difference_p_value(differences, np.zeros(size), null=null)
    assert 0 < p_value < 1
    for level in (1 - p_value / 1.01, 1 - p_value * 1.01):
        found = paired_difference(differences, np.zeros(size), level=level)
        assert (found.low > null or found.high < null) == (level < 1 - p_value)


def test_a_curve_of_few_clusters_has_a_band_at_no_stricter_level_than_bonferroni() -> None:
    curves = 0.8 + np.random.default_rng(1).normal(0, 0.01, (2, 6, 4))
    found = difference_curve(*curves)
    strictest = [paired_difference(*x, level=1 - 0.05 / 4) for x in curves.transpose(2, 0, 1)]
    assert np.all(found.band_low >= [s.low for s in strictest])
    assert np.all(found.band_low <= [s.low for s in found.steps])


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


@pytest.mark.parametrize("size", [8, 12, 20])
def test_what_few_clusters_could_detect_is_what_their_bounds_would_show(size: int) -> None:
    noise = np.random.default_rng(3).normal(0, 0.05, size)
    least = equivalence(noise - noise.mean(), np.zeros(size), margin=0.05).detectable
    shifted = (noise - noise.mean() + 1.02 * least).clip(-1, 1)
    assert equivalence(shifted, np.zeros(size), margin=0.05).verdict == "apart"


def test_without_bounds_nothing_can_be_told() -> None:
    found = equivalence([0.5], [0.1], margin=0.9)
    assert found.verdict == "cannot-tell"
    assert np.isnan(found.detectable)


def test_mistakes_are_named() -> None:
    with pytest.raises(ConfigError, match="must be paired, got shapes"):
        paired_difference([0.1], [0.1, 0.2])
    with pytest.raises(ConfigError, match="`margin` must be positive, got 0"):
        equivalence([0.1, 0.2], [0.1, 0.2], margin=0)
    with pytest.raises(ConfigError, match=r"`level` of a verdict must be in \(0.5, 1\)"):
        equivalence([0.1, 0.2], [0.1, 0.2], margin=0.1, level=0.4)
    with pytest.raises(ConfigError, match=r"`a - b` must lie within ±0\.05"):
        paired_difference([0.2, 0.2], [0.1, 0.1], bound=0.05)


def test_a_mean_of_counts_lies_between_nothing_and_twice_the_most() -> None:
    found = mean_count([3, 1, 4, 1, 5, np.nan])
    assert found.value == pytest.approx(2.8)
    assert 0 <= found.low < 2.8 < found.high <= 10
    assert mean_count([0.0] * 40).value == 0.0
