import numpy as np
import pytest
from scipy import stats

from worktrial.errors import ConfigError
from worktrial.estimate import p_flip, rank_agreement

NOISE = np.array([-0.02, -0.01, 0.0, 0.01, 0.02, 0.0])


def _scores(*means: float) -> np.ndarray:
    return np.array(means)[:, None] + NOISE


def test_agreement_is_kendalls_tau_b_of_the_means() -> None:
    # Pairs of (1, 2, 3) against (1, 3, 2): two agree, one does not: (2 − 1)/3.
    assert rank_agreement(
        _scores(0.2, 0.4, 0.6), _scores(0.1, 0.5, 0.3), seed=1
    ).value == pytest.approx(1 / 3)


def test_ties_are_treated_as_scipy_treats_them() -> None:
    proxy, work = _scores(0.2, 0.4, 0.4, 0.6), _scores(0.1, 0.5, 0.3, 0.3)
    expected = stats.kendalltau([1, 2, 2, 3], [1, 3, 2, 2]).statistic
    assert rank_agreement(proxy, work, seed=1).value == pytest.approx(expected)


def test_noisy_ranks_have_wide_bounds() -> None:
    rng = np.random.default_rng(1)
    found = rank_agreement(rng.random((5, 12)), rng.random((5, 12)), seed=1)
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert found.high - found.low > 0.5


def test_two_workers_have_no_rank_agreement() -> None:
    found = rank_agreement(_scores(0.2, 0.4), _scores(0.2, 0.4), seed=1)
    assert np.isnan(found.value)
    assert found.why == "2 worker(s); rank agreement needs 3"


def test_what_cannot_be_ranked_says_why() -> None:
    tied = rank_agreement(_scores(0.2, 0.2, 0.2), _scores(0.1, 0.2, 0.3), seed=1)
    assert tied.why == "an arm ties all workers"
    few = rank_agreement(_scores(0.2, 0.3, 0.4)[:, :4], _scores(0.1, 0.2, 0.3)[:, :4], seed=1)
    assert few.value == pytest.approx(1)
    assert (few.low, few.high) == (-1, 1), "four clusters put nobody in order for sure"
    none = rank_agreement(np.full((3, 6), np.nan), _scores(0.1, 0.2, 0.3), seed=1)
    assert none.why == "no cluster is complete"


def test_a_cluster_that_one_worker_lacks_is_dropped_for_all() -> None:
    proxy = _scores(0.2, 0.4, 0.6)
    proxy[0, 0] = np.nan
    assert rank_agreement(proxy, _scores(0.1, 0.3, 0.5), seed=1).clusters == 5


def test_a_clear_reversal_flips_for_sure_and_a_clear_order_never() -> None:
    assert p_flip(_scores(0.2, 0.6), _scores(0.6, 0.2), seed=1).probability == 1
    assert p_flip(_scores(0.2, 0.6), _scores(0.2, 0.6), seed=1).probability == 0


def test_workers_who_are_equal_flip_half_of_the_time() -> None:
    assert p_flip(_scores(0.2, 0.6), _scores(0.4, 0.4), seed=1).probability == 0.5


def test_flips_need_two_workers_and_five_clusters() -> None:
    with pytest.raises(ConfigError, match="`proxy` must hold two workers, got 3"):
        p_flip(_scores(0.1, 0.2, 0.3), _scores(0.1, 0.2, 0.3), seed=1)
    with pytest.raises(ConfigError, match="must be paired"):
        p_flip(_scores(0.1, 0.2), _scores(0.1, 0.2, 0.3), seed=1)
    few = p_flip(_scores(0.2, 0.6)[:, :4], _scores(0.2, 0.6)[:, :4], seed=1)
    assert (np.isnan(few.probability), few.why) == (True, "4 cluster(s); resampling needs 5")
