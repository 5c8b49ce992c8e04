"""Laws of ratios, hazards, reliability, shapes, ranks, judges and preferences."""

from random import Random

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from worktrial.estimate import (
    Interval,
    bradley_terry,
    decline_shape,
    hazard_ratio,
    holm,
    judge_agreement,
    p_best,
    p_non_dominated,
    pass_at_k,
    pass_hat_k,
    prediction_powered_mean,
    rank_agreement,
    rank_intervals,
    ratio_interval,
)

LEVELS = st.tuples(st.floats(0.5, 0.99), st.floats(0.5, 0.99)).map(sorted)
SEEDS = st.integers(0, 2**32 - 1)
TENTHS = st.integers(0, 10).map(lambda tenths: tenths / 10)
P_VALUES = st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), min_size=1, max_size=9)


def _contains(wide: Interval, narrow: Interval) -> bool:
    """NaN is an open side: no comparison with it is true."""
    outside = wide.low > narrow.low + 1e-9 or wide.high < narrow.high - 1e-9
    opened = np.isnan(narrow.low) > np.isnan(wide.low) or np.isnan(narrow.high) > np.isnan(
        wide.high
    )
    return not outside and not opened


def _inside(found: Interval) -> bool:
    return not (found.value < found.low - 1e-9 or found.value > found.high + 1e-9)


def _explained(found: Interval) -> bool:
    return found.why is not None or not np.isnan([found.value, found.low, found.high]).any()


def _scores(seed: int, *shape: int) -> np.ndarray:
    """Scores on a coarse grid: they tie and pile up at both ends."""
    rng = np.random.default_rng(seed)
    return np.asarray(np.clip(np.round(rng.normal(0.6, 0.4, shape) * 5) / 5, 0, 1))


@given(P_VALUES)
def test_holm_never_makes_a_p_value_smaller_and_keeps_their_order(raw: list[float]) -> None:
    adjusted = holm(raw).p_values
    known = ~np.isnan(raw)
    assert np.array_equal(np.isnan(adjusted), ~known)
    assert np.all(adjusted[known] >= np.array(raw)[known])
    order = np.argsort(np.array(raw)[known])
    assert np.all(np.diff(adjusted[known][order]) >= 0)


@given(st.lists(st.tuples(TENTHS, TENTHS), min_size=2, max_size=20), LEVELS)
def test_a_ratio_lies_inside_bounds_that_widen_with_the_level(
    totals: list[tuple[float, float]], levels: list[float]
) -> None:
    part, whole = np.sort(np.transpose(totals), axis=0)
    narrow, wide = (ratio_interval(part, whole, level=level) for level in levels)
    assert _inside(narrow)
    assert _explained(narrow)
    assert _contains(wide, narrow)


@given(SEEDS, LEVELS)
@settings(max_examples=30)
def test_a_hazard_ratio_lies_inside_bounds_that_widen(seed: int, levels: list[float]) -> None:
    rng = np.random.default_rng(seed)
    times, observed, group = rng.integers(1, 6, 24), rng.random(24) < 0.7, rng.random(24) < 0.5
    narrow, wide = (
        hazard_ratio(times, observed, group, np.arange(24) // 2, level=x) for x in levels
    )
    assert _inside(narrow)
    if not np.isnan([narrow.low, wide.low]).all():
        assert _contains(wide, narrow)


@given(SEEDS, st.integers(1, 4))
def test_all_of_k_pass_less_often_and_one_of_k_more_often_than_of_fewer(seed: int, k: int) -> None:
    passes = np.random.default_rng(seed).integers(0, 2, (9, 5))
    assert pass_hat_k(passes, k=k + 1).value <= pass_hat_k(passes, k=k).value
    assert pass_at_k(passes, k=k + 1).value >= pass_at_k(passes, k=k).value
    assert np.isclose(pass_at_k(passes, k=k).value, 1 - pass_hat_k(1 - passes, k=k).value)


@given(SEEDS, LEVELS)
@settings(max_examples=30)
def test_bounds_of_a_shape_hold_it_and_widen(seed: int, levels: list[float]) -> None:
    fidelity = np.sort(_scores(seed, 8, 5))[:, ::-1]
    narrow, wide = (decline_shape(fidelity, range(1, 6), level=x, draws=50) for x in levels)
    for one, other in ((narrow.half_life, wide.half_life), (narrow.exponent, wide.exponent)):
        assert _inside(one)
        assert _explained(one)
        if not np.isnan(one.value):
            assert _contains(other, one)
    assert np.all(np.diff(narrow.isotonic) <= 1e-9)


@given(SEEDS)
@settings(max_examples=30)
def test_the_order_of_documents_changes_no_shape(seed: int) -> None:
    fidelity = _scores(seed, 8, 5)
    one, other = (decline_shape(f, range(1, 6), draws=50) for f in (fidelity, fidelity[::-1]))
    for a, b in ((one.half_life, other.half_life), (one.exponent, other.exponent)):
        pairs = zip((a.value, a.low, a.high), (b.value, b.low, b.high), strict=True)
        assert all(np.isclose(x, y, rtol=1e-6, equal_nan=True) for x, y in pairs)


@given(SEEDS, st.integers(3, 5), st.integers(6, 14))
@settings(max_examples=30)
def test_renaming_workers_renames_their_ranks(seed: int, workers: int, clusters: int) -> None:
    scores = _scores(seed, workers, clusters)
    order = np.random.default_rng(seed).permutation(workers)
    one, other = rank_intervals(scores), rank_intervals(scores[order])
    assert np.array_equal(one.rank[order], other.rank)
    assert np.array_equal(one.low[order], other.low)
    assert np.array_equal(one.high[order], other.high)
    assert np.all((one.low <= one.rank) & (one.rank <= one.high))


@given(SEEDS, LEVELS)
@settings(max_examples=30)
def test_bounds_of_agreement_hold_tau_and_widen(seed: int, levels: list[float]) -> None:
    proxy, work = _scores(seed, 2, 4, 8)
    narrow, wide = (rank_agreement(proxy, work, level=level) for level in levels)
    assert _inside(narrow)
    if not np.isnan(narrow.value):
        assert _contains(wide, narrow)
    turned = rank_agreement(proxy, 1 - work)
    once = rank_agreement(proxy, work)
    same = np.allclose([turned.low, turned.high], [-once.high, -once.low], equal_nan=True)
    assert same


@given(SEEDS)
def test_someone_is_always_best_and_the_best_is_never_dominated(seed: int) -> None:
    scores = _scores(seed, 3, 2, 8)
    assert np.isclose(p_best(scores[:, 0], seed=1, draws=100).probability.sum(), 1)
    front = p_non_dominated(scores, seed=1, draws=100).probability
    assert front.sum() >= 1 - 1e-9
    assert np.all((front >= 0) & (front <= 1))


@given(SEEDS, LEVELS)
@settings(max_examples=30)
def test_bounds_of_kappa_hold_it_and_widen(seed: int, levels: list[float]) -> None:
    judge, labels = np.random.default_rng(seed).integers(0, 3, (2, 12))
    narrow, wide = (judge_agreement(judge, labels, draws=100, level=x).kappa for x in levels)
    assert _inside(narrow)
    assert _contains(wide, narrow)


@given(SEEDS)
@settings(max_examples=30)
def test_a_corrected_mean_lies_inside_the_scale_and_turns_with_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = 1.0 * (rng.random(200) < 0.6)
    judge = np.where(rng.random(200) < 0.1, 1 - truth, truth)
    labels = np.where(np.arange(200) < 40, truth, np.nan)
    once = prediction_powered_mean(judge, labels, draws=200)
    turned = prediction_powered_mean(1 - judge, 1 - labels, draws=200)
    assert _inside(once.mean)
    assert once.mean.low >= 0
    assert once.mean.high <= 1
    assume(np.isclose(once.trust, turned.trust))
    assert np.isclose(once.mean.value, 1 - turned.mean.value)


@given(SEEDS, st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_swapping_sides_changes_no_preference(seed: int, random: Random) -> None:
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 3, 30)
    second = (first + rng.integers(1, 3, 30)) % 3
    won, clusters = rng.integers(0, 3, 30) / 2, np.arange(30) // 3
    swap = np.array([random.random() < 0.5 for _ in range(30)])
    one = bradley_terry(first, second, won, clusters, draws=50)
    other = bradley_terry(
        np.where(swap, second, first), np.where(swap, first, second),
        np.where(swap, 1 - won, won), clusters, draws=50,
    )  # fmt: skip
    assert one.why == other.why
    assert np.allclose(one.strength, other.strength, equal_nan=True)
    for a, b in zip(one.win_rate, other.win_rate, strict=True):
        assert np.allclose([a.low, a.high], [b.low, b.high], equal_nan=True)
        assert _inside(a)
