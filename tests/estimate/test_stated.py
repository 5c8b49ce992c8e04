"""Scores with stated errors: bounds, sure orders and ranks, worked out by hand."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worktrial.errors import ConfigError
from worktrial.estimate import (
    Normal,
    Proportion,
    Stated,
    rank_agreement,
    stated_agreement,
    stated_ranks,
)


def _even(*scores: float, error: float) -> list[Stated]:
    return [Stated(score, Normal(error, error)) for score in scores]


def _ranks(scores: list[Stated]) -> list[tuple[int, int, int]]:
    found = stated_ranks(scores)
    return list(zip(found.rank.tolist(), found.low.tolist(), found.high.tolist(), strict=True))


# --- bounds ---


def test_bounds_of_a_proportion_are_exact() -> None:
    # None of ten: the highest share under which that happens with chance .025 is 1 − .025^(1/10).
    low, high = Stated(0, Proportion(10)).bounds(0.95)
    assert (low, high) == (0, pytest.approx(1 - 0.025 ** (1 / 10)))
    low, high = Stated(1, Proportion(10)).bounds(0.95)
    assert (low, high) == (pytest.approx(0.025 ** (1 / 10)), 1)


def test_percent_has_the_bounds_of_its_fraction() -> None:
    percent, fraction = Stated(40, Proportion(50, top=100)), Stated(0.4, Proportion(50))
    assert percent.bounds(0.9) == pytest.approx([100 * end for end in fraction.bounds(0.9)])


def test_stated_interval_is_given_back_at_its_own_level_and_stretched_at_another() -> None:
    stated = Stated.within(70, 68, 74)
    assert stated.bounds(0.95) == pytest.approx((68, 74))
    # 2.576 is the normal quantile of 99 %, 1.960 that of 95 %.
    assert stated.bounds(0.99) == pytest.approx((70 - 2 * 2.5758 / 1.96, 70 + 4 * 2.5758 / 1.96),
                                                abs=1e-3)  # fmt: skip


def test_nothing_stated_has_no_bounds() -> None:
    assert all(map(math.isnan, Stated(70).bounds(0.95)))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Stated(math.nan), "`score` must be a number"),
        (lambda: Stated(math.inf), "`score` must be a number"),
        (lambda: Stated(0.5, Proportion(0)), "`items` must be at least 1, got 0"),
        (lambda: Stated(1.5, Proportion(9)), r"`score` must lie in \[0, 1\] to be over items"),
        (lambda: Stated(-1, Proportion(9, 100)), r"must lie in \[0, 100\]"),
        (lambda: Stated(1, Normal(0, 0)), "an error must be more than 0"),
        (lambda: Stated(1, Normal(-1, 0.5)), "an error must be more than 0"),
        (lambda: Stated(1, Normal(1, math.inf)), "an error must be more than 0"),
        (lambda: Stated.within(5, 6, 7), "`low` ≤ `score` ≤ `high` must hold, got 6, 5, 7"),
        (lambda: Stated.within(5, 5, 5), "an error must be more than 0"),
        (lambda: stated_ranks([Stated(1)], level=95), "write 0.95 for 95%"),
    ],
)
def test_what_cannot_be_is_refused(make: object, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        make()


# --- ranks ---


def test_two_scores_are_ordered_where_their_difference_surely_is() -> None:
    # Errors of 1 make one of √2, and 1.96 · √2 = 2.77.
    assert _ranks(_even(10, 12.7, error=1)) == [(2, 1, 2), (1, 1, 2)]
    assert _ranks(_even(10, 12.8, error=1)) == [(2, 2, 2), (1, 1, 1)]


def test_holms_procedure_is_less_strict_with_what_is_left() -> None:
    # Of three pairs 10 and 14 are told apart at α/3. The other two are 2 apart with an error of
    # .63 · √2 = .891: 2.394 of them are 2.13, too much at α/3, but 2.241 are 1.997 at α/2.
    assert [low for _, low, _ in _ranks(_even(10, 12, 14, error=0.63))] == [3, 2, 1]
    # With .7 · √2 = .990 it takes 2.22.
    assert _ranks(_even(10, 12, 14, error=0.7)) == [(3, 2, 3), (2, 1, 3), (1, 1, 2)]


def test_all_right_and_all_wrong_over_ten_items_are_apart() -> None:
    # Each may be .3085 off, both together √2 · .3085 = .436 of the 1 between them.
    assert _ranks([Stated(0, Proportion(10)), Stated(1, Proportion(10))]) == [(2, 2, 2), (1, 1, 1)]
    # Over two: 1 − .025^(1/2) = .842, and √2 · .842 = 1.19.
    assert _ranks([Stated(0, Proportion(2)), Stated(1, Proportion(2))]) == [(2, 1, 2), (1, 1, 2)]


def test_each_side_of_an_error_counts_towards_its_own() -> None:
    # The higher may be lower by 1.96 · 3 = 5.88 and the lower higher by .2: 4 is not enough.
    unsure = [Stated(14, Normal(3, 0.1)), Stated(10, Normal(3, 0.1))]
    assert _ranks(unsure) == [(1, 1, 2), (2, 1, 2)]
    # Turned round only .196 · √2 counts.
    sure = [Stated(14, Normal(0.1, 3)), Stated(10, Normal(3, 0.1))]
    assert _ranks(sure) == [(1, 1, 1), (2, 2, 2)]


def test_score_without_an_error_is_in_no_sure_order_and_counts_for_no_pair() -> None:
    scores = [*_even(10, 12.8, error=1), Stated(1_000)]
    assert _ranks(scores) == [(3, 2, 3), (2, 1, 2), (1, 1, 3)]


def test_ties_share_the_better_rank() -> None:
    assert [rank for rank, _, _ in _ranks(_even(3, 2, 2, 0, error=9))] == [1, 2, 2, 4]


@given(
    st.lists(
        st.one_of(
            st.builds(Stated, st.floats(0, 1), st.integers(1, 10_000).map(Proportion)),
            st.builds(Stated, st.floats(-5, 5)),
            st.builds(
                Stated, st.floats(-5, 5),
                st.builds(Normal, st.floats(0.001, 5), st.floats(0.001, 5)),
            ),
        ),
        min_size=1,
        max_size=6,
    )
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_laws_of_stated_ranks(scores: list[Stated]) -> None:
    found, wider = stated_ranks(scores), stated_ranks(scores, level=0.99)
    assert np.all((found.low >= 1) & (found.low <= found.rank))
    assert np.all((found.rank <= found.high) & (found.high <= len(scores)))
    assert np.all((wider.low <= found.low) & (found.high <= wider.high))
    turned = stated_ranks(scores[::-1])
    assert np.array_equal(turned.low[::-1], found.low)


def test_bounds_of_ranks_cover_where_all_are_alike_and_one_has_few_items() -> None:
    # Wilson's bounds, which are narrower, miss .073 of these.
    rng = np.random.default_rng(1)
    items, missed = [20, 1_000, 1_000, 1_000, 1_000], 0
    for _ in range(400):
        shares = [float(rng.binomial(n, 0.995) / n) for n in items]
        found = stated_ranks([Stated(s, Proportion(n)) for s, n in zip(shares, items, strict=True)])
        missed += bool(np.any(found.low > 1) or np.any(found.high < len(items)))
    assert missed <= 0.05 * 400


# --- agreement ---

APART = np.array([[0.1], [0.5], [0.9]]) + np.zeros((3, 30))


def test_agreement_with_work_is_sure_where_both_orders_are() -> None:
    found = stated_agreement(_even(10, 50, 90, error=1), APART)
    assert (found.value, found.low, found.high) == (1, 1, 1)
    reverse = stated_agreement(_even(90, 50, 10, error=1), APART)
    assert (reverse.value, reverse.low, reverse.high) == (-1, -1, -1)


def test_public_pairs_that_are_open_may_agree_or_not() -> None:
    # 50 and 51 are not told apart: of three pairs two agree, and one may or may not.
    found = stated_agreement(_even(10, 51, 50, error=5), APART)
    assert found.value == pytest.approx(1 / 3)
    assert (found.low, found.high) == (pytest.approx(1 / 3), 1)


@pytest.mark.parametrize(
    ("scores", "work", "says"),
    [
        (_even(1, 2, error=1), APART[:2], r"2 worker\(s\); rank agreement needs 3"),
        (_even(1, 2, 3, error=1), np.full((3, 4), np.nan), "no cluster is complete"),
        (_even(2, 2, 2, error=1), APART, "one side ties all workers"),
    ],
)
def test_where_there_is_no_agreement_it_says_why(
    scores: list[Stated], work: np.ndarray, says: str
) -> None:
    found = stated_agreement(scores, work)
    assert math.isnan(found.value)
    assert found.why is not None
    assert re.fullmatch(says, found.why)


def test_unknown_errors_leave_agreement_without_bounds() -> None:
    found = stated_agreement([Stated(1), Stated(2), Stated(3)], APART)
    assert (found.value, found.bounded) == (1, False)
    assert found.why == "fewer than two public scores state an error"


def test_agreement_needs_a_row_a_score() -> None:
    with pytest.raises(ConfigError, match="must have a row a score, got 3 and 1"):
        stated_agreement([Stated(1)], APART)


def test_value_is_that_of_two_arms() -> None:
    # Pairs of (1, 2, 3) against (1, 3, 2): two agree, one does not: (2 − 1)/3.
    work = np.array([[0.1], [0.5], [0.3]]) + np.zeros((3, 30))
    found = stated_agreement(_even(1, 2, 3, error=9), work)
    assert found.value == pytest.approx(1 / 3)
    assert found.value == pytest.approx(rank_agreement(APART, work).value)
