import numpy as np
import pytest

from worktrial.errors import ConfigError
from worktrial.estimate import mean_interval, pass_at_k, pass_hat_k

NAN = np.nan
PASSES = [[1, 1, 1, 0], [1, 0, 1, 0], [1, 1, 1, 1], [0, 0, 0, 0]]


def test_pass_hat_k_counts_the_pairs_that_pass() -> None:
    # C(c, 2)/C(4, 2) for c = 3, 2, 4, 0: 3/6, 1/6, 6/6, 0. Their mean is 10/24.
    assert pass_hat_k(PASSES, k=2).value == pytest.approx(10 / 24)


def test_pass_at_k_counts_the_pairs_that_do_not_both_fail() -> None:
    # 1 − C(4 − c, 2)/6: 1 − 0, 1 − 1/6, 1 − 0, 1 − 6/6. Their mean is (1 + 5/6 + 1)/4.
    assert pass_at_k(PASSES, k=2).value == pytest.approx((1 + 5 / 6 + 1) / 4)


def test_one_try_is_the_mean_score() -> None:
    assert pass_hat_k(PASSES, k=1) == pass_at_k(PASSES, k=1)
    assert pass_hat_k(PASSES, k=1) == mean_interval([0.75, 0.5, 1, 0])


def test_tries_not_made_are_missing_and_items_with_too_few_are_dropped() -> None:
    found = pass_hat_k([[1, NAN, 1], [NAN, NAN, 0], [1, 0, 0]], k=2)
    assert found.clusters == 2
    assert found.value == pytest.approx((1 + 0) / 2)  # C(2,2)/C(2,2) and C(1,2)/C(3,2)


def test_all_passed_leaves_doubt_and_so_does_none() -> None:
    every, none = pass_hat_k(np.ones((8, 3)), k=3), pass_hat_k(np.zeros((8, 3)), k=3)
    assert (every.value, every.high) == (1, 1)
    assert every.low == pytest.approx(0.025 ** (1 / 8), abs=2e-3)
    assert (none.value, none.low) == (0, 0)
    assert none.high > 0.3


def test_more_tries_than_anyone_made_have_no_number() -> None:
    found = pass_hat_k(PASSES, k=5)
    assert np.isnan(found.value)
    assert found.why == "0 cluster(s) measured; an interval needs 2"


def test_mistakes_are_named() -> None:
    with pytest.raises(ConfigError, match=r"`passes` must be 0 or 1, got 0\.5"):
        pass_hat_k([[0.5, 1]], k=1)
    with pytest.raises(ConfigError, match="`k` must be positive, got 0"):
        pass_at_k([[1, 1]], k=0)
