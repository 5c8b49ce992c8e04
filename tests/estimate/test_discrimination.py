"""Areas under the ROC curve and what goes with them, by values worked out by hand."""

import numpy as np
import pytest

from worktrial.errors import ConfigError
from worktrial.estimate import added_odds, compare_roc_areas, rank_correlation, roc_area

YES = np.repeat([1, 0], 5)


def test_an_area_is_the_share_of_pairs_won_and_a_tie_is_half() -> None:
    # Accepted 3, 2, 2, 2, 2 against 2, 1, 1, 1, 1: 5·4 pairs won, 1 against the 2 won, 4 tied.
    found = roc_area([3, 2, 2, 2, 2, 2, 1, 1, 1, 1], YES)
    assert found.value == pytest.approx((20 + 1 + 4 / 2) / 25)
    assert 0 < found.low < found.value < found.high < 1


def test_a_perfect_score_has_a_lower_bound_of_wilson_with_its_clusters() -> None:
    # Nothing goes wrong in 5 trials: t(4) = 2.776, so 5 / (5 + 2.776²) = .393.
    found = roc_area(np.arange(10)[::-1], YES)
    assert (found.value, found.high) == (1, 1)
    assert found.low == pytest.approx(5 / (5 + 2.7764**2), abs=1e-4)


def test_the_error_is_that_of_leaving_each_cluster_out() -> None:
    rng = np.random.default_rng(3)
    work, proxy, groups = rng.random(60), rng.random(60), np.repeat(np.arange(20), 3)
    yes = (rng.random(60) < 0.5).astype(int)
    found = compare_roc_areas(work, proxy, yes, groups, margin=0.05)
    without = np.array(
        [
            roc_area(work[groups != g], yes[groups != g]).value
            - roc_area(proxy[groups != g], yes[groups != g]).value
            for g in range(20)
        ]
    )
    rarer = min(np.unique(groups[yes == label]).size for label in (0, 1))
    error = np.sqrt(19 / 20 * np.sum((without - without.mean()) ** 2) + 1 / 400)
    from scipy.stats import t

    assert found.difference.high - found.difference.value == pytest.approx(
        t.ppf(0.975, rarer - 1) * error
    )


def test_two_scores_of_one_order_are_as_good_and_a_reversed_one_is_worse() -> None:
    scores, yes = np.arange(400.0), np.repeat([0, 1], 200)
    alike = compare_roc_areas(scores, 3 * scores, yes, margin=0.05)
    assert (alike.verdict, alike.difference.value) == ("level", 0)
    worse = compare_roc_areas(-scores, scores, yes, margin=0.05)
    assert (worse.verdict, worse.difference.value) == ("worse", -1)
    few = compare_roc_areas(scores[190:210], np.zeros(20), yes[190:210], margin=0.05)
    assert few.verdict == "better"
    assert few.difference.value == 0.5


def test_too_few_of_a_label_have_no_bounds_and_say_so() -> None:
    found = compare_roc_areas(np.arange(9), np.arange(9), [1] * 5 + [0] * 4, margin=0.05)
    assert found.verdict == "cannot-tell"
    assert np.isnan(found.detectable)
    assert found.difference.why == "4 cluster(s) with a job not accepted; an interval needs 5"
    # Nine jobs of three clusters are three.
    area = roc_area(np.arange(9), [1, 0, 1] * 3, np.repeat([1, 2, 3], 3))
    assert np.isnan(area.low)
    assert "3 cluster(s)" in str(area.why)


def test_a_job_without_a_score_is_dropped_and_never_zero() -> None:
    whole = roc_area([3, 2, 2, 2, 2, 2, 1, 1, 1, 1], YES)
    more = roc_area([np.nan, 3, 2, 2, 2, 2, 2, 1, 1, 1, 1, np.nan], [1, *YES, 0])
    assert more == whole


def test_odds_are_those_of_a_table_worked_by_hand() -> None:
    # Of 40 jobs without a gap 30 are accepted, of 40 with a gap of 1 only 10: odds 3 to 1/3, an
    # odds ratio of 1/9 for the whole gap; the proxy says nothing and is balanced.
    gap, proxy = np.repeat([0, 1], 40), np.tile([0, 1], 40)
    accepted = np.r_[np.repeat([1, 0], [30, 10]), np.repeat([1, 0], [10, 30])]
    found = added_odds(proxy, gap, accepted, step=1)
    assert found.odds.value == pytest.approx(1 / 9)
    assert found.odds.low < 1 / 9 < found.odds.high < 1
    assert found.p_value < 0.001


def test_labels_told_without_error_have_no_finite_odds_but_a_p_value() -> None:
    proxy = np.tile([0.0, 1], 20)
    found = added_odds(proxy, np.repeat([0, 1], 20), np.repeat([1, 0], 20))
    assert np.isnan(found.odds.value)
    assert "without error" in str(found.odds.why)
    assert found.p_value < 0.001
    same = added_odds(proxy, 2 * proxy, np.repeat([1, 0], 20))
    assert same.odds.why == "one score does not vary beside the other"


def test_a_rank_correlation_is_spearmans() -> None:
    # Ranks 1 to 6 against 2, 1, 3, 4, 6, 5: squared differences sum to 4, 1 − 6·4/(6·35).
    found = rank_correlation([1, 2, 3, 4, 5, 6], [20, 10, 30, 40, 60, 50])
    assert found.value == pytest.approx(1 - 24 / 210)
    assert -1 < found.low < found.value < found.high < 1
    assert np.isnan(rank_correlation(range(6), np.zeros(6)).value)


@pytest.mark.parametrize(
    ("labels", "says"), [([0, 2], "must be 1 or 0, got 2"), ([0], "must be paired")]
)
def test_what_is_no_label_is_refused(labels: list[float], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        roc_area([0.1, 0.2], labels)
