import numpy as np
import pytest
from scipy import stats

from worktrial.errors import ConfigError
from worktrial.estimate import (
    model_confidence_set,
    paired_difference,
    rank_agreement,
    rank_intervals,
)

NOISE = np.array([-0.02, -0.01, 0.0, 0.01, 0.02, 0.0])


def _scores(*means: float) -> np.ndarray:
    return np.array(means)[:, None] + NOISE


def test_agreement_is_kendalls_tau_b_of_the_means() -> None:
    # Pairs of (1, 2, 3) against (1, 3, 2): two agree, one does not: (2 − 1)/3.
    assert rank_agreement(_scores(0.2, 0.4, 0.6), _scores(0.1, 0.5, 0.3)).value == pytest.approx(
        1 / 3
    )


def test_ties_are_treated_as_scipy_treats_them() -> None:
    proxy, work = _scores(0.2, 0.4, 0.4, 0.6), _scores(0.1, 0.5, 0.3, 0.3)
    expected = stats.kendalltau([1, 2, 2, 3], [1, 3, 2, 2]).statistic
    assert rank_agreement(proxy, work).value == pytest.approx(expected)


def test_noisy_ranks_have_wide_bounds() -> None:
    rng = np.random.default_rng(1)
    found = rank_agreement(rng.random((5, 12)), rng.random((5, 12)))
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert found.high - found.low > 0.5


def test_two_workers_have_no_rank_agreement() -> None:
    found = rank_agreement(_scores(0.2, 0.4), _scores(0.2, 0.4))
    assert np.isnan(found.value)
    assert found.why == "2 worker(s); rank agreement needs 3"


def test_what_cannot_be_ranked_says_why() -> None:
    tied = rank_agreement(_scores(0.2, 0.2, 0.2), _scores(0.1, 0.2, 0.3))
    assert tied.why == "an arm ties all workers"
    none = rank_agreement(np.full((3, 6), np.nan), _scores(0.1, 0.2, 0.3))
    assert none.why == "no cluster is complete"


def test_a_cluster_that_one_worker_lacks_is_dropped_for_all() -> None:
    proxy = _scores(0.2, 0.4, 0.6)
    proxy[0, 0] = np.nan
    assert rank_agreement(proxy, _scores(0.1, 0.3, 0.5)).clusters == 5


def test_bounds_of_agreement_are_what_undecided_pairs_leave() -> None:
    # Twenty-four clusters. Workers 1 and 2 are alike under work: of three pairs two surely
    # agree, and one may or may not.
    noise = np.tile(NOISE, 4)
    proxy = np.array([0.2, 0.4, 0.6])[:, None] + noise * np.array([[1], [-1], [0.5]])
    work = np.array([0.2, 0.5, 0.5])[:, None] + noise * np.array([[1], [-1], [0.5]])
    found = rank_agreement(proxy, work)
    assert (found.low, found.high) == pytest.approx((1 / 3, 1))


def test_axes_need_more_workers() -> None:
    scores = _scores(0.1, 0.2, 0.3, 0.4, 0.5)
    found = rank_agreement(scores, scores, fewest_workers=6)
    assert found.why == "5 worker(s); rank agreement needs 6"


def test_workers_far_apart_have_one_rank_each() -> None:
    scores = np.array([0.2, 0.8, 0.5])[:, None] + np.random.default_rng(1).normal(0, 0.02, (3, 24))
    found = rank_intervals(scores)
    assert found.rank.tolist() == found.low.tolist() == found.high.tolist() == [3, 1, 2]


def test_workers_alike_may_have_any_rank_that_they_share() -> None:
    rng = np.random.default_rng(1)
    scores = np.array([0.5, 0.5, 0.9])[:, None] + rng.normal(0, 0.03, (3, 24))
    found = rank_intervals(scores)
    assert found.low.tolist() == [2, 2, 1]
    assert found.high.tolist() == [3, 3, 1]
    same = rank_intervals(np.full((3, 12), 0.5))
    assert (same.rank.tolist(), same.high.tolist()) == ([1, 1, 1], [3, 3, 3])


def test_holm_decides_a_pair_that_bonferroni_would_leave_open() -> None:
    # Of six pairs five are decided at .05/6, which leaves the last one at .05. Its difference is
    # .01 ± .0203: standard error .0203·√(24/23)/√24 = .00423, t = 2.36, p = .027.
    step = np.tile([-0.0203, 0.0203], 12)
    scores = np.array([0.2, 0.4, 0.6, 0.61])[:, None] + np.array([0, 0, 0, 1])[:, None] * step
    scores[:2] += np.random.default_rng(4).normal(0, 0.02, (2, 24))
    assert paired_difference(scores[3], scores[2], level=1 - 0.05 / 6).low < 0
    assert rank_intervals(scores).high.tolist() == [4, 3, 2, 1]


def test_ranks_need_a_complete_cluster() -> None:
    found = rank_intervals([[0.1, np.nan], [np.nan, 0.2]])
    assert (found.rank.tolist(), found.why) == ([0, 0], "no cluster is complete")


def test_twelve_clusters_order_only_what_lies_far_apart() -> None:
    scores = np.array([0.1, 0.95, 0.9])[:, None] + NOISE.repeat(2)
    found = rank_intervals(scores)
    assert (found.low.tolist(), found.high.tolist()) == ([3, 1, 1], [3, 2, 2])


def test_the_clearly_worse_are_not_among_the_best() -> None:
    rng = np.random.default_rng(1)
    scores = np.array([0.8, 0.8, 0.5])[:, None] + rng.normal(0, 0.05, (3, 30))
    assert model_confidence_set(scores).members.tolist() == [True, True, False]


def test_workers_with_equal_scores_stand_or_fall_together() -> None:
    scores = np.random.default_rng(1).random((2, 30))
    members = model_confidence_set(scores[[0, 1, 0]]).members
    assert members[0] == members[2]
    assert model_confidence_set(scores[[0, 0]]).members.all()


def test_a_worker_always_a_little_worse_leaves_the_set() -> None:
    row = np.random.default_rng(1).uniform(0, 0.5, 60)
    assert model_confidence_set([row, row + 0.1]).members.tolist() == [False, True]


def test_few_clusters_leave_everyone_in_the_set_and_none_leave_no_set() -> None:
    assert model_confidence_set(np.random.default_rng(1).random((3, 6))).members.all()
    none = model_confidence_set(np.full((3, 6), np.nan))
    assert (none.members.any(), none.why) == (False, "no cluster is complete")


def test_arms_must_be_paired() -> None:
    with pytest.raises(ConfigError, match="must be paired"):
        rank_agreement(_scores(0.1, 0.2), _scores(0.1, 0.2, 0.3))
