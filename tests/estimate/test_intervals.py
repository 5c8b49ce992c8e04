import numpy as np
import pytest
from scipy import stats

from worktrial.errors import ConfigError
from worktrial.estimate import mean_interval


def test_dense_scores_get_quantiles_of_their_weighted_mean() -> None:
    # (.5, .9) and one unseen 0, weights uniform on the simplex: the mean is
    # w₁·.5 + w₂·.9. It is below x ≤ .5 on a triangle at the corner of the unseen one, with sides
    # x/.5 and x/.9: chance x²/.45. The .025 quantile is √(.025·.45) = .106066. Above, the unseen
    # one is 1: 1 − mean = w₁·.5 + w₂·.1, below y ≤ .1 with chance y²/.05; at .1 that is .2 > .025,
    # so y = √(.025·.05) = .035355 and the bound 1 − y = .964645.
    found = mean_interval([0.5, 0.9])
    assert found.value == pytest.approx(0.7)
    assert (found.low, found.high) == pytest.approx((0.106066, 0.964645), abs=4e-3)
    assert (found.method, found.clusters, found.why) == ("gaffke", 2, None)


def test_undamaged_documents_still_leave_doubt() -> None:
    # None of 8 damaged: (1 − u)⁸ = .025, so u = 1 − .025^(1/8) and 1 − u = .630583.
    found = mean_interval(np.ones(8))
    assert (found.low, found.high) == (pytest.approx(0.025 ** (1 / 8), abs=1e-3), 1.0)


def test_zeros_mirror_ones() -> None:
    found = mean_interval(np.zeros(8))
    assert (found.low, found.high) == (0.0, pytest.approx(1 - 0.025 ** (1 / 8), abs=1e-3))


@pytest.mark.parametrize("kept", [1, 5, 11])
def test_ones_and_zeros_get_the_clopper_pearson_interval(kept: int) -> None:
    exact = stats.binomtest(kept, 12).proportion_ci(0.95, "exact")
    found = mean_interval([*[1.0] * kept, *[0.0] * (12 - kept)])
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=6e-3)


def test_many_dense_scores_come_near_a_t_interval() -> None:
    scores = np.random.default_rng(3).beta(2, 2, 1000)
    half = stats.t.ppf(0.975, 999) * stats.sem(scores)
    found = mean_interval(scores)
    assert 1 < (found.high - found.low) / (2 * half) < 1.1


def test_equal_scores_in_between_have_no_zero_width() -> None:
    # None of 6 differs from .4: a share u = 1 − .025^(1/6) might, down to 0 or up to 1.
    share = 1 - 0.025 ** (1 / 6)
    found = mean_interval([0.4] * 6)
    assert (found.low, found.high) == pytest.approx(
        (0.4 * (1 - share), 0.4 + 0.6 * share), abs=1e-3
    )


def test_missing_is_missing_and_never_zero() -> None:
    scores = [0.5, 0.6, 0.7, 0.8, 0.9]
    assert mean_interval([*scores, np.nan]) == mean_interval(scores)


@pytest.mark.parametrize(("scores", "clusters"), [([0.4], 1), ([], 0), ([np.nan], 0)])
def test_fewer_than_two_clusters_have_no_interval(scores: list[float], clusters: int) -> None:
    found = mean_interval(scores)
    assert not found.bounded
    assert found.clusters == clusters
    assert found.why == f"{clusters} cluster(s) measured; an interval needs 2"


def test_a_disaster_that_was_not_seen_is_allowed_for() -> None:
    # Twelve scores about .98 say no more of the next document than twelve of exactly .98.
    near = mean_interval(0.98 + 0.01 * np.linspace(-1, 1, 12))
    assert near.low < 0.98 * 0.025 ** (1 / 12) + 0.01


def test_mistakes_are_named_with_their_remedy() -> None:
    with pytest.raises(ConfigError, match=r"`level` must be in \(0, 1\), got 95; write 0.95"):
        mean_interval([0.5, 0.6], level=95)
    with pytest.raises(ConfigError, match=r"`scores` must lie within ±1\.0, got 1\.5"):
        mean_interval([0.5, 1.5])
    with pytest.raises(ConfigError, match=r"`scores` must lie in \[0, 1\], got -0.5"):
        mean_interval([0.5, -0.5])
    with pytest.raises(ConfigError, match=r"`scores` must have 1 dimension\(s\)"):
        mean_interval([[0.5, 0.6]])
