"""Exposure worked by hand, its laws, and how often it errs on items nobody has met."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from worktrial.errors import ConfigError
from worktrial.memorisation.exposure import (
    above_own,
    auc,
    cauchy,
    flagged,
    item_p_values,
    order_test,
    rank_test,
    tpr_at,
)

Texts = np.ndarray
NONE = np.empty((0, 0))


def unexposed(kind: str, rng: np.random.Generator, items: int, texts: int = 20) -> Texts:
    """Texts of items nobody has met, the first of each row as published, shape (items, texts)."""
    size = items, texts
    if kind == "zeros":
        chance = rng.beta(0.3, 3, (items, 1))
        return np.where(rng.random(size) < chance, rng.choice([0.1, 0.2, 0.5, 1], size), 0)
    drawn = {
        "normal": rng.normal(size=size),
        "heavy": rng.standard_t(2, size=size),
        "light": rng.uniform(-1, 1, size),
        "skewed": rng.exponential(size=size),
    }[kind]
    return rng.normal(0, 3, (items, 1)) + np.exp(rng.normal(0, 1, (items, 1))) * drawn


def test_controls_give_the_plain_conformal_p_and_a_tie_counts_against() -> None:
    p = item_p_values([5.0, 2.0, 0.0, np.nan], np.full((4, 1), np.nan), [1.0, 2.0, 3.0])
    # None of three is as high as 5; 2 and 3 are as high as 2; all as high as 0.
    np.testing.assert_allclose(p, [1 / 4, 3 / 4, 1, np.nan])


def test_all_variants_of_all_items_are_the_null() -> None:
    # Two items with the same five variants: the first is above all ten, the second below.
    own = np.tile([1.0, 2, 3, 4, 5], (2, 1))
    p = item_p_values([100.0, -100.0], own)
    np.testing.assert_allclose(p, [1 / 11, 1])


def test_an_item_is_held_against_its_own_variants() -> None:
    # A score of 10 is nothing among variants around 10, and much among variants around 0.
    rng = np.random.default_rng(1)
    own = rng.normal(size=(2, 50)) + np.array([[10.0], [0.0]])
    ordinary, exposed = item_p_values([10.0, 10.0], own)
    assert ordinary > 0.2
    assert exposed == 1 / 101


def test_how_far_a_text_stands_above_its_own_variants_by_hand() -> None:
    # Variants -1, 0, 1 have a sum of squares of 2 and a variance of 1, which is the median too:
    # (5 - 0) / sqrt((2 * 1 + 2) / (2 + 3 - 1) * (1 + 1/3)).
    own = np.array([[-1.0, 0, 1, np.nan], [9, 10, 11, np.nan], [0, 1, np.nan, np.nan]])
    found = above_own([5.0, 10.0, 7.0], own)
    np.testing.assert_allclose(found, [5 / np.sqrt(4 / 3), 0, np.nan], atol=1e-8)
    np.testing.assert_allclose(above_own([6.0, 11.0, 8.0], own + 1), found)


def test_two_variants_say_nothing_of_their_spread() -> None:
    assert np.isnan(item_p_values([1.0], [[0.0, 0.5]])).all()


@given(shift=st.floats(-100, 100), scale=st.floats(0.01, 100), seed=st.integers(0, 20))
def test_p_does_not_depend_on_units(shift: float, scale: float, seed: int) -> None:
    x = unexposed("normal", np.random.default_rng(seed), 8, 6)
    y = scale * x + shift
    np.testing.assert_allclose(
        item_p_values(x[:, 0], x[:, 1:]), item_p_values(y[:, 0], y[:, 1:]), atol=0.05
    )
    assert rank_test(x[:, 0], x[:, 1:], seed=1).p == rank_test(y[:, 0], y[:, 1:], seed=1).p


@given(gain=st.floats(0, 10), seed=st.integers(0, 20))
def test_a_higher_score_never_has_a_higher_p(gain: float, seed: int) -> None:
    x = unexposed("skewed", np.random.default_rng(seed), 8, 6)
    before, after = (item_p_values(x[:, 0] + more, x[:, 1:]) for more in (0, gain))
    assert np.all(after <= before)


@pytest.mark.parametrize("kind", ["normal", "heavy", "light", "skewed", "zeros"])
@pytest.mark.parametrize("variants", [5, 19])
def test_one_in_twenty_unexposed_items_has_a_p_of_a_twentieth(kind: str, variants: int) -> None:
    x = unexposed(kind, np.random.default_rng(11), 2000, variants + 1)
    hits = int(np.sum(item_p_values(x[:, 0], x[:, 1:]) <= 0.05))
    side: Literal["greater", "two-sided"] = "greater" if kind == "zeros" else "two-sided"
    assert stats.binomtest(hits, 2000, 0.05, alternative=side).pvalue > 1e-4


def test_exposed_items_do_not_change_the_p_of_others() -> None:
    x = unexposed("normal", np.random.default_rng(3), 200)
    before = item_p_values(x[:, 0], x[:, 1:])
    x[:100, 0] += 50
    np.testing.assert_array_equal(item_p_values(x[:, 0], x[:, 1:])[100:], before[100:])


def test_the_mean_rank_of_items_by_hand() -> None:
    # Above both; between; tied with one and above the other: 1, 1/2, 3/4.
    found = rank_test([3.0, 1.5, 2.0], [[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]], seed=1)
    assert found.value == pytest.approx((1 + 0.5 + 0.75) / 3)
    assert (found.items, found.method) == (3, "permutation within items")
    # Sums of three places of {0, 1/2, 1}, the third of {0, 3/4, 3/4}, that reach 9/4.
    exact = sum(
        a + b + c >= 2.25 for a in (0, 0.5, 1) for b in (0, 0.5, 1) for c in (0, 0.75, 0.75)
    )
    assert found.p == pytest.approx(exact / 27, abs=0.02)


def test_texts_that_all_tie_say_nothing() -> None:
    found = rank_test(np.zeros(30), np.zeros((30, 5)), seed=1)
    assert (found.value, found.p) == (0.5, 1.0)


def test_permutation_and_normal_theory_agree() -> None:
    x = unexposed("normal", np.random.default_rng(5), 1000, 6)
    x[:, 0] += 0.05
    large = rank_test(x[:, 0], x[:, 1:], seed=1)
    few = rank_test(x[:400, 0], x[:400, 1:], seed=1)
    # The rank of one of six texts, from 0 to 1.
    error = np.sqrt(np.var(np.arange(6) / 5) / 400)
    by_hand = stats.norm.sf((few.value - 0.5) / error)
    assert large.method.startswith("normal")
    assert few.p == pytest.approx(by_hand, abs=0.02)


def test_nothing_to_hold_against_has_a_reason() -> None:
    assert rank_test([1.0, 2.0], np.full((2, 1), np.nan), seed=1).why == "there is no fresh text"
    assert rank_test([np.nan], [[1.0]], seed=1).why == "no item was measured"


def test_controls_take_over_where_most_items_have_no_variant() -> None:
    own = np.full((10, 2), np.nan)
    own[0] = 1, 2
    found = rank_test(np.arange(10.0) + 5, own, np.arange(10.0), seed=1)
    assert found.method == "mann-whitney"
    # 5 of the ten items are above all ten controls; 5…9 tie with one and are above 5…9.
    assert found.value == pytest.approx((50 + sum(range(5, 10)) + 2.5) / 100)


@pytest.mark.parametrize(("items", "controls"), [(6, 8), (40, 40)])
def test_mann_whitney_errs_in_one_of_twenty(items: int, controls: int) -> None:
    rng = np.random.default_rng(items)
    found = [
        rank_test(rng.normal(size=items), NONE, rng.normal(size=controls), seed=n)
        for n in range(60)
    ]
    hits = sum(each.p <= 0.05 for each in found)
    covered = sum(each.low <= 0.5 <= each.high for each in found)
    assert stats.binomtest(hits, 60, 0.05, alternative="greater").pvalue > 1e-4
    assert stats.binomtest(covered, 60, 0.95, alternative="less").pvalue > 1e-4


def test_cauchy_by_hand_and_its_limits() -> None:
    assert cauchy([0.03]) == pytest.approx(0.03)
    assert cauchy([0.03, 0.03, np.nan]) == pytest.approx(0.03)
    quantiles = np.tan((0.5 - np.array([0.01, 0.6])) * np.pi)
    assert cauchy([0.01, 0.6]) == pytest.approx(0.5 - np.arctan(quantiles.mean()) / np.pi)
    assert cauchy([1e-4, 1.0]) < 0.001
    assert 0 < cauchy([0.0, 0.5]) < 1e-10
    assert np.isnan(cauchy([np.nan]))


def test_flags_by_benjamini_and_hochberg() -> None:
    # Of four: .01 ≤ .1/4, .04 ≤ .2/4; .09 > .3/4, .5 > .4/4. The unmeasured does not count.
    np.testing.assert_array_equal(
        flagged([0.04, 0.5, 0.01, np.nan, 0.09], 0.1), [True, False, True, False, False]
    )
    with pytest.raises(ConfigError, match="`rate`"):
        flagged([0.1], 10)


def test_shards_that_gain_from_their_order() -> None:
    gains = [1.0, 2.0, 3.0, -1.0]
    found = order_test(gains)
    assert found.value == 0.75
    t = np.mean(gains) / (np.std(gains, ddof=1) / 2)
    assert found.p == pytest.approx(stats.t.sf(t, 3))
    assert order_test([1.0, 1.0, 1.0]).why == "all shards gain alike"
    assert order_test([1.0]).why


def test_auc_and_the_true_positive_rate_by_hand() -> None:
    assert auc([2.0, 3.0], [1.0, 2.0]) == 3.5 / 4
    negative = np.arange(100.0)
    assert tpr_at([98.0, 98.5, 99.5, 200.0], negative, 0.01) == 0.75
    assert tpr_at([99.0, 99.5], negative, 0.0) == 0.5
    assert np.isnan(auc([], [1.0]))


def test_shapes_must_fit() -> None:
    with pytest.raises(ConfigError, match="`fresh`"):
        item_p_values([1.0, 2.0], [[1.0]])
