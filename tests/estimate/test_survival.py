import numpy as np
import pytest
from scipy import stats

from worktrial.errors import ConfigError
from worktrial.estimate import event_times


def test_kaplan_meier_by_hand() -> None:
    # At 1: 6 at risk, 1 event, 5/6. At 2: one censored. At 3: 4 at risk, 2 events:
    # 5/6·2/4 = 5/12. At 4: 2 at risk, 1 event: 5/24. At 5: one censored.
    found = event_times([1, 2, 3, 3, 4, 5], [1, 0, 1, 1, 1, 0])
    np.testing.assert_allclose(found.surviving, [5 / 6, 5 / 6, 5 / 12, 5 / 24, 5 / 24])
    np.testing.assert_array_equal(found.at_risk, [6, 5, 4, 2, 1])
    assert found.median.value == 3


def test_without_censoring_the_bounds_are_exact_binomial() -> None:
    found = event_times([1, 2, 3, 4, 5, 6, 7, 8], np.ones(8))
    exact = stats.binomtest(6, 8).proportion_ci(0.95, "exact")
    assert (found.low[1], found.high[1]) == pytest.approx((exact.low, exact.high))
    assert (found.low[-1], found.high[-1]) == (0, pytest.approx(1 - 0.025 ** (1 / 8)))


def test_no_event_still_leaves_doubt() -> None:
    found = event_times(np.full(10, 20), np.zeros(10))
    assert found.low[-1] == pytest.approx(0.025 ** (1 / 10))
    assert found.high[-1] == 1


def test_a_median_that_is_not_reached_is_longer_than_the_watch() -> None:
    median = event_times(np.full(10, 20), np.zeros(10)).median
    assert np.isnan(median.value)
    assert median.low == 20
    assert np.isnan(median.high)
    assert median.why == "> 20: more than half had no event by then"


def test_one_cluster_has_a_median_without_bounds() -> None:
    median = event_times([3], [True]).median
    assert (median.value, median.bounded) == (3, False)
    assert event_times([], []).median.why == "no cluster was watched"


def test_mistakes_are_named() -> None:
    with pytest.raises(ConfigError, match="must be paired"):
        event_times([1, 2], [True])
    with pytest.raises(ConfigError, match="`times` must not be negative"):
        event_times([-1, 2], [True, True])
