import numpy as np
import pytest
from scipy import special, stats

from worktrial.errors import ConfigError
from worktrial.estimate import mean_interval


def test_dense_scores_get_a_t_interval_on_the_logit_scale() -> None:
    # Mean .7; deviations −.2 −.1 0 .1 .2, squares sum to .1, s² = .1/4 = .025,
    # standard error √(.025/5) = .0707107; on the logit scale /(.7·.3) = .336718.
    # t with 4 degrees of freedom at .975 is 2.776445: half-width .934878.
    # logit .7 = .847298: expit(−.087580) = .478119 and expit(1.782176) = .855965.
    found = mean_interval([0.5, 0.6, 0.7, 0.8, 0.9])
    assert found.value == pytest.approx(0.7)
    assert (found.low, found.high) == pytest.approx((0.478119, 0.855965), abs=2e-6)
    assert (found.method, found.clusters, found.why) == ("logit-t", 5, None)


def test_undamaged_documents_still_leave_doubt() -> None:
    # None of 8 damaged: (1 − u)⁸ = .025, so u = 1 − .025^(1/8) and 1 − u = .630583.
    found = mean_interval(np.ones(8))
    assert (found.low, found.high) == (pytest.approx(0.025 ** (1 / 8)), 1.0)


def test_zeros_mirror_ones() -> None:
    found = mean_interval(np.zeros(8))
    assert (found.low, found.high) == (0.0, pytest.approx(1 - 0.025 ** (1 / 8)))


def test_few_damaged_documents_are_bounded_by_their_share_alone() -> None:
    scores = [0.5, 0.9, *[1.0] * 10]
    upper = stats.binomtest(2, 12).proportion_ci(0.95, "exact").high
    found = mean_interval(scores)
    assert (found.low, found.high) == (pytest.approx(1 - upper), 1.0)
    assert found.method == "clopper-pearson"


def test_equal_scores_in_between_have_no_zero_width() -> None:
    # None of 6 differs from .4: a share u = 1 − .025^(1/6) might, down to 0 or up to 1.
    share = 1 - 0.025 ** (1 / 6)
    found = mean_interval([0.4] * 6)
    assert (found.low, found.high) == pytest.approx((0.4 * (1 - share), 0.4 + 0.6 * share))


def test_missing_is_missing_and_never_zero() -> None:
    scores = [0.5, 0.6, 0.7, 0.8, 0.9]
    assert mean_interval([*scores, np.nan]) == mean_interval(scores)


@pytest.mark.parametrize(("scores", "clusters"), [([0.4], 1), ([], 0), ([np.nan], 0)])
def test_fewer_than_two_clusters_have_no_interval(scores: list[float], clusters: int) -> None:
    found = mean_interval(scores)
    assert not found.bounded
    assert found.clusters == clusters
    assert found.why == f"{clusters} cluster(s) measured; an interval needs 2"


def test_floating_point_dust_is_not_damage() -> None:
    assert mean_interval([1 - 1e-15] * 9).method == "clopper-pearson"
    assert mean_interval([*[1 - 1e-12] * 9, 1.0]).high == 1.0


def test_mistakes_are_named_with_their_remedy() -> None:
    with pytest.raises(ConfigError, match=r"`level` must be in \(0, 1\), got 95; write 0.95"):
        mean_interval([0.5, 0.6], level=95)
    with pytest.raises(ConfigError, match=r"`scores` must lie within ±1\.0, got 1\.5"):
        mean_interval([0.5, 1.5])
    with pytest.raises(ConfigError, match=r"`scores` must lie in \[0, 1\], got -0.5"):
        mean_interval([0.5, -0.5])
    with pytest.raises(ConfigError, match=r"`scores` must have 1 dimension\(s\)"):
        mean_interval([[0.5, 0.6]])


def test_the_logit_interval_is_the_formula_of_the_design() -> None:
    scores = np.random.default_rng(3).beta(8, 2, 30)
    mean, error = scores.mean(), stats.sem(scores)
    half = stats.t.ppf(0.95, 29) * error / (mean * (1 - mean))
    found = mean_interval(scores, level=0.9)
    expected = special.expit(special.logit(mean) + np.array([-half, half]))
    assert (found.low, found.high) == pytest.approx(tuple(expected))
