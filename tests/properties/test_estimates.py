"""Laws that hold for every estimate, whatever the scores."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from worktrial.estimate import (
    Interval,
    event_times,
    fidelity_curve,
    mean_interval,
    paired_difference,
    rank_agreement,
)

# Coarse scores tie and pile up at 0 and 1; fine ones do not; NaN is a failure of the apparatus.
SCORE = st.one_of(
    st.integers(0, 10).map(lambda tenths: tenths / 10),
    st.floats(0, 1),
    st.just(float("nan")),
)
SCORES = st.lists(SCORE, min_size=1, max_size=30)
PAIRS = st.lists(st.tuples(SCORE, SCORE), min_size=1, max_size=30)
LEVELS = st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99)).map(sorted)
RELAYS = st.tuples(st.integers(2, 10), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(SCORE, min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


def _close(one: Interval, other: Interval) -> bool:
    numbers = [(i.value, i.low, i.high) for i in (one, other)]
    same = np.allclose(*numbers, atol=1e-9, equal_nan=True)
    return same and (one.clusters, one.why) == (other.clusters, other.why)


def _lawful(interval: Interval, lowest: float) -> bool:
    if not interval.bounded:
        return interval.why is not None
    low, value, high = interval.low, interval.value, interval.high
    return lowest <= low <= value + 1e-12 and value - 1e-12 <= high <= 1 and low < high


def _contains(wide: Interval, narrow: Interval) -> bool:
    if not wide.bounded:
        return True  # a level that cannot be reached promises nothing
    return wide.low <= narrow.low + 1e-12 and narrow.high <= wide.high + 1e-12


@given(SCORES)
def test_a_mean_lies_inside_ordered_bounds(scores: list[float]) -> None:
    assert _lawful(mean_interval(scores), 0)


@given(PAIRS)
def test_a_difference_lies_inside_ordered_bounds(pairs: list[tuple[float, float]]) -> None:
    assert _lawful(paired_difference(*np.transpose(pairs)), -1)


@given(SCORES, LEVELS)
def test_a_higher_level_never_narrows_a_mean(scores: list[float], levels: list[float]) -> None:
    narrow, wide = (mean_interval(scores, level=level) for level in levels)
    assert _contains(wide, narrow)


@given(PAIRS, LEVELS)
def test_a_higher_level_never_narrows_a_difference(
    pairs: list[tuple[float, float]], levels: list[float]
) -> None:
    narrow, wide = (paired_difference(*np.transpose(pairs), level=level) for level in levels)
    assert _contains(wide, narrow)


@given(RELAYS, LEVELS)
def test_a_higher_level_never_narrows_a_band(
    relays: list[list[float]], levels: list[float]
) -> None:
    narrow, wide = (fidelity_curve(relays, level=x) for x in levels)
    known = ~np.isnan(wide.band_low)
    assert np.all(wide.band_low[known] <= narrow.band_low[known] + 1e-12)
    assert np.all(wide.band_high[known] >= narrow.band_high[known] - 1e-12)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_clusters_changes_no_number(
    pairs: list[tuple[float, float]], shuffler: Random
) -> None:
    mixed = sorted(pairs, key=lambda _: shuffler.random())
    one, other = np.transpose(pairs), np.transpose(mixed)
    assert _close(paired_difference(*one), paired_difference(*other))
    assert _close(mean_interval(one[0]), mean_interval(other[0]))


@given(RELAYS)
def test_the_order_of_documents_changes_no_step(relays: list[list[float]]) -> None:
    one, other = (fidelity_curve(r) for r in (relays, relays[::-1]))
    assert all(_close(a, b) for a, b in zip(one.steps, other.steps, strict=True))


@given(RELAYS)
def test_a_band_contains_its_curve(relays: list[list[float]]) -> None:
    curve = fidelity_curve(relays)
    known = ~np.isnan(curve.band_low)
    assert np.all((curve.band_low >= 0)[known] & (curve.band_low <= curve.low)[known])
    assert np.all((curve.band_high <= 1)[known] & (curve.band_high >= curve.high)[known])


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=30))
def test_survival_only_falls_and_lies_inside_its_bounds(ends: list[tuple[int, bool]]) -> None:
    found = event_times(*np.transpose(ends))
    assert np.all(np.diff(found.surviving) <= 0)
    assert np.all((found.low <= found.surviving) & (found.surviving <= found.high))


@given(st.integers(3, 5), st.integers(5, 8), st.randoms(use_true_random=False))
def test_renaming_workers_changes_no_agreement(workers: int, clusters: int, random: Random) -> None:
    rng = np.random.default_rng(random.getrandbits(32))
    proxy, work = rng.random((2, workers, clusters))
    one = rank_agreement(proxy, work)
    assert _close(one, rank_agreement(proxy[::-1], work[::-1]))
