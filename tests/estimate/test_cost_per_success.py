"""What a success costs, worked by hand; its laws, and its coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from worktrial.calibration.ratios import TRIES, cost_per_success_covers
from worktrial.errors import ConfigError
from worktrial.estimate import Interval, cost_per_success

TRIED = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 4)), min_size=2, max_size=30)
"""Costs and, in quarters, successes."""


def of(tries: list[tuple[int, int]]) -> Interval:
    costs, quarters = np.array(tries, dtype=float).T
    return cost_per_success(costs, quarters / 4)


def test_where_all_succeed_at_one_cost_it_is_that_cost() -> None:
    found = cost_per_success([3.0] * 30, [1.0] * 30)
    assert found.value == 3.0
    assert 0 < found.low < 3 < found.high
    assert (found.method, found.clusters, found.why) == ("fieller", 30, None)


def test_failures_are_paid_for_too() -> None:
    # One of four succeeds at 5 a try: 20 are spent for it.
    assert cost_per_success([5.0] * 4, [1, 0, 0, 0]).value == 20
    # 2 + 2 + 8 are spent for 1 + ½ successes.
    assert cost_per_success([2, 2, 8], [1, 0.5, 0]).value == 8


def test_bounds_allow_for_one_try_that_was_not_met() -> None:
    # Six succeed at 1. With chance .975 the unseen one's weight w is at most 1 − .025^(1/6) =
    # .459258: at worst it costs 2 for nothing, (1 − w + 2w)/(1 − w) = 2.6986; at best it succeeds
    # for nothing, 1 − w = .540742.
    found = cost_per_success([1.0] * 6, [1.0] * 6)
    assert (found.low, found.high) == pytest.approx((0.540742, 2.698628), abs=5e-3)


def test_from_24_clusters_on_equal_tries_are_bounded_by_the_share_that_may_be_unlike_them() -> None:
    # None of 30 is unlike the others: at most w = 1 − .025^(1/30) = .115703 are; as above.
    found = cost_per_success([1.0] * 30, [1.0] * 30)
    assert (found.low, found.high) == pytest.approx((1 - 0.115703, 1.115703 / 0.884297), abs=1e-4)


def test_where_nothing_succeeded_there_is_no_number() -> None:
    found = cost_per_success([5.0, 5.0], [0, 0])
    assert np.isnan(found.value)
    assert (found.why, found.clusters, found.bounded) == ("nothing succeeded", 2, False)
    assert cost_per_success([], []).why == "nothing was tried"
    assert cost_per_success([np.nan], [1.0]).why == "nothing was tried"


def test_where_little_succeeded_there_is_a_number_without_bounds() -> None:
    found = cost_per_success([5.0] * 30, [1.0] + [0.0] * 29)
    assert found.value == 150
    assert (found.why, found.bounded) == ("too few succeeded for an upper bound", False)


def test_one_cluster_has_no_bounds() -> None:
    found = cost_per_success([5.0], [0.5])
    assert (found.value, found.why, found.bounded) == (10, "one cluster has no interval", False)


def test_what_costs_nothing_costs_nothing() -> None:
    found = cost_per_success([0.0] * 6, [1.0] * 6)
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(0, abs=1e-300)


def test_a_pair_with_one_side_missing_is_dropped() -> None:
    whole = cost_per_success([2.0, 3.0, 4.0], [1, 0, 1])
    assert cost_per_success([2, 9, 3, 4, np.nan], [1, np.nan, 0, 1, 0]) == whole
    assert whole.clusters == 3


@given(TRIED, st.sampled_from([1e-9, 0.01, 3.0, 1e7]))
def test_another_unit_scales_value_and_bounds(tries: list[tuple[int, int]], unit: float) -> None:
    costs, quarters = np.array(tries, dtype=float).T
    one, other = (cost_per_success(factor * costs, quarters / 4) for factor in (1.0, unit))
    assert other.why == one.why
    for end in ("value", "low", "high"):
        # An end is found by halving, to a part in a million of the dearest try.
        assert getattr(other, end) == pytest.approx(
            unit * getattr(one, end), rel=1e-5, abs=1e-4 * unit, nan_ok=True
        )


@given(TRIED, st.integers(0, 99))
def test_the_order_of_tries_changes_nothing(tries: list[tuple[int, int]], seed: int) -> None:
    costs, quarters = np.array(tries, dtype=float).T
    order = np.random.default_rng(seed).permutation(len(tries))
    one = cost_per_success(costs, quarters / 4)
    other = cost_per_success(costs[order], quarters[order] / 4)
    assert other.why == one.why
    for end in ("value", "low", "high"):
        assert getattr(other, end) == pytest.approx(getattr(one, end), rel=1e-6, nan_ok=True)


@given(TRIED)
def test_bounds_hold_the_value_and_are_never_below_nothing(tries: list[tuple[int, int]]) -> None:
    found = of(tries)
    if found.bounded:
        assert 0 <= found.low <= found.value <= found.high
    else:
        assert found.why


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30).filter(any), st.floats(0.01, 100))
def test_one_failure_more_at_the_same_cost_never_makes_success_cheaper(
    quarters: list[int], cost: float
) -> None:
    won = np.array(quarters) / 4
    one = cost_per_success(np.full(won.size, cost), won)
    more = cost_per_success(np.full(won.size + 1, cost), [*won, 0.0])
    assert more.value > one.value


@given(TRIED)
def test_a_higher_level_never_narrows_it(tries: list[tuple[int, int]]) -> None:
    costs, quarters = np.array(tries, dtype=float).T
    narrow, wide = (cost_per_success(costs, quarters / 4, level=each) for each in (0.8, 0.95))
    if wide.bounded:
        assert wide.low <= narrow.low + 1e-4
        assert narrow.high <= wide.high + 1e-4


def test_mistakes_are_named() -> None:
    for costs, successes, said in (
        ([1.0], [1, 0], r"`costs`, `successes` must be paired, got \(1,\), \(2,\)"),
        ([[1.0]], [[1.0]], "must be paired"),
        ([1, -2], [1, 0], r"`costs` must be at least 0 and finite, got -2\.0"),
        ([1, np.inf], [1, 0], r"`costs` must be at least 0 and finite, got inf"),
        ([1, 2], [1, 1.5], r"`successes` must lie in \[0, 1\], got 1\.5"),
        ([1, 2], [1, -0.5], r"`successes` must lie in \[0, 1\], got -0\.5"),
    ):
        with pytest.raises(ConfigError, match=said):
            cost_per_success(costs, successes)
    for successes in ([1, 0], [0, 0]):
        with pytest.raises(ConfigError, match=r"`level` must be in \(0, 1\), got 95"):
            cost_per_success([1, 2], successes, level=95)


@pytest.mark.parametrize("clusters", [24, 50])
@pytest.mark.parametrize(
    "truth",
    [
        "dense: the harder the dearer, and the seldomer done",
        "skewed: half, a few costs are many times the others",
    ],
)
def test_it_covers_at_its_level(truth: str, clusters: int) -> None:
    rng, draws = np.random.default_rng(3), 60
    hits = sum(cost_per_success_covers(TRIES[truth], clusters, rng).hit for _ in range(draws))
    assert binomtest(hits, draws, 0.95, alternative="less").pvalue > 1e-4
