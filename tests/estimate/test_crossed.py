"""Means over runs and items at once, worked by hand, and their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from worktrial.errors import ConfigError
from worktrial.estimate import Interval, crossed_mean, crossed_p_value, crossed_ratio

SEEDS = st.integers(0, 2**32 - 1)


def table(seed: int, runs: int = 3, items: int = 7) -> np.ndarray:
    """Differences of −.5, 0 and .5, so that spreads tie and components come out below 0."""
    rng = np.random.default_rng(seed)
    return np.asarray(rng.integers(-1, 2, (runs, items)) / 2)


def numbers(found: Interval) -> list[float]:
    return [found.value, found.low, found.high]


def test_two_runs_of_two_items_by_hand() -> None:
    # Means of runs .1, .3; of items .15, .25; all .2. Mean squares: runs 2·(.1² + .1²) = .04, items
    # 2·(.05² + .05²) = .01, residual 4·.05² = .01 (all cells lie .05 off the sum of effects).
    # Variance (.04 + .01 − .01)/4 = .01; all have 1 degree of freedom.
    found = crossed_mean([[0.1, 0.1], [0.2, 0.4]], bound=2)
    half = 0.1 * stats.t.ppf(0.975, 1)
    assert numbers(found) == pytest.approx([0.2, 0.2 - half, 0.2 + half])
    assert (found.method, found.clusters, found.level) == ("crossed t", 2, 0.95)
    # t = .2/.1 = 2 at one degree of freedom: 1/2 − atan(2)/π.
    p = 0.5 - np.arctan(2) / np.pi
    values = [[0.1, 0.1], [0.2, 0.4]]
    assert crossed_p_value(values, above=True, bound=2) == pytest.approx(p)
    assert crossed_p_value(values, above=False, bound=2) == pytest.approx(1 - p)


def test_degrees_of_freedom_are_averaged_by_their_parts_of_the_variance() -> None:
    # Items .2 and −.2 in turn, 4 of them; runs 0 and .2: additive, no residual. Mean squares: runs
    # 4·2·.1² = .08 with 1, items 2·4·.2²/3 = .32/3 with 3. Sum .56/3, variance that over 8.
    # 1/freedom = (.08/1 + (.32/3)/3)/(.56/3) = (.72/9 + .32/9)·3/.56 = 1.04/1.68.
    values = np.tile([0.2, -0.2], (2, 2)) + np.array([[0.0], [0.2]])
    half = stats.t.ppf(0.95, 1.68 / 1.04) * np.sqrt(0.56 / 24)
    found = crossed_mean(values, level=0.9)
    assert numbers(found) == pytest.approx([0.1, 0.1 - half, 0.1 + half])


def test_where_runs_alone_vary_it_is_students_interval_of_their_means() -> None:
    means = np.array([0.1, 0.2, 0.4])
    expected = stats.t.interval(0.95, 2, means.mean(), stats.sem(means))
    found = crossed_mean(np.tile(means[:, None], 9))
    assert (found.low, found.high) == pytest.approx(expected)
    mirrored = crossed_mean(np.tile(means, (9, 1)))
    assert (mirrored.low, mirrored.high) == pytest.approx(expected)


def test_the_residual_is_never_taken_off_more_than_once() -> None:
    # Both means are alike everywhere: mean squares 0, 0 and 4·.1² = .04. Variance .04/4, not −.01.
    found = crossed_mean([[0.1, -0.1], [-0.1, 0.1]])
    assert numbers(found) == pytest.approx([0, -1, 1])
    narrow = crossed_mean([[0.1, -0.1], [-0.1, 0.1]], level=0.5)
    # Student's quartile at one degree of freedom is 1.
    assert numbers(narrow) == pytest.approx([0, -0.1, 0.1])


def test_bounds_stay_within_what_is_possible() -> None:
    found = crossed_mean([[0.9, 1.0], [0.2, 0.4]])
    assert found.high == 1
    assert found.low == -1


def test_an_item_that_is_missing_in_a_run_is_left_out() -> None:
    values = table(1)
    holed = np.insert(values, 2, [0.5, np.nan, 0.5], axis=1)
    assert crossed_mean(holed) == crossed_mean(values)
    assert crossed_p_value(holed, above=True) == crossed_p_value(values, above=True)
    assert crossed_ratio(holed, holed + 0.1, bound=2) == crossed_ratio(
        values, values + 0.1, bound=2
    )


@pytest.mark.parametrize(
    ("values", "mean", "why"),
    [
        (np.full((1, 5), 0.2), 0.2, "1 run; an interval needs 2"),
        (np.zeros((0, 5)), np.nan, "0 runs; an interval needs 2"),
        ([[0.2, np.nan], [0.2, 0.4]], 0.2, "1 complete item; an interval needs 2"),
        (np.full((3, 4), np.nan), np.nan, "0 complete items; an interval needs 2"),
    ],
)
def test_too_few_have_no_interval(values: np.ndarray, mean: float, why: str) -> None:
    found = crossed_mean(values)
    assert found.value == pytest.approx(mean, nan_ok=True)
    assert (found.bounded, found.why) == (False, why)
    assert np.isnan(crossed_p_value(values, above=True))
    assert crossed_ratio(values, values).why == why


def test_what_varies_nowhere_counts_its_items() -> None:
    # Of 40 items alike up to 1 − .025^(1/40) may be unlike, each by as much as can be.
    share = 1 - 0.025 ** (1 / 40)
    found = crossed_mean(np.full((3, 40), 0.1))
    assert numbers(found) == pytest.approx([0.1, 0.1 - share * 1.1, 0.1 + share * 0.9])
    assert (found.method, found.clusters) == ("clopper-pearson", 3)
    # A mean of 0 leaves 1/1.1 of the items at .1, the others at −1.
    p = crossed_p_value(np.full((3, 40), 0.1), above=True)
    assert p == pytest.approx((1 / 1.1) ** 40)
    assert crossed_p_value(np.full((3, 40), 0.1), above=False) == 1


@given(SEEDS, st.integers(2, 4), st.integers(2, 6))
def test_the_order_of_runs_and_of_items_changes_nothing(seed: int, runs: int, items: int) -> None:
    values, rng = table(seed, runs, items), np.random.default_rng(seed)
    mixed = values[rng.permutation(runs)][:, rng.permutation(items)]
    assert numbers(crossed_mean(mixed)) == pytest.approx(numbers(crossed_mean(values)))


@given(SEEDS, st.integers(2, 4), st.integers(2, 6))
def test_negating_mirrors(seed: int, runs: int, items: int) -> None:
    values = table(seed, runs, items)
    found, other = crossed_mean(values), crossed_mean(-values)
    assert [-other.value, -other.high, -other.low] == pytest.approx(numbers(found))
    p = crossed_p_value(values, null=0.1, above=True)
    assert crossed_p_value(-values, null=-0.1, above=False) == pytest.approx(p)


@given(SEEDS)
def test_a_constant_shifts(seed: int) -> None:
    values = table(seed)
    found, shifted = (crossed_mean(v, bound=100) for v in (values, values + 0.25))
    if np.ptp(values) > 0:
        assert [x - 0.25 for x in numbers(shifted)] == pytest.approx(numbers(found))
        p = crossed_p_value(values, above=True, bound=100)
        moved = crossed_p_value(values + 0.25, above=True, null=0.25, bound=100)
        assert moved == pytest.approx(p)


@given(SEEDS, st.integers(2, 4), st.floats(0.5, 0.999), st.floats(-1, 1))
def test_a_p_value_agrees_with_the_interval(
    seed: int, items: int, level: float, null: float
) -> None:
    values, error = table(seed, 2, items), (1 - level) / 2
    found = crossed_mean(values, level=level)
    over, under = (crossed_p_value(values, null=null, above=a) for a in (True, False))
    # Within rounding of the bound itself either may come out.
    if min(abs(found.low - null), abs(found.high - null)) > 1e-9:
        assert (over < error) == (found.low > null)
        assert (under < error) == (found.high < null)


@given(SEEDS, st.tuples(st.floats(0.5, 0.99), st.floats(0.5, 0.99)).map(sorted))
def test_a_higher_level_never_narrows(seed: int, levels: list[float]) -> None:
    narrow, wide = (crossed_mean(table(seed), level=level) for level in levels)
    assert wide.low <= narrow.low <= narrow.value <= narrow.high <= wide.high


def test_a_ratio_is_where_the_difference_may_be_nothing() -> None:
    rng = np.random.default_rng(2)
    whole = 0.4 + rng.normal(0, 0.02, (4, 1)) + rng.normal(0, 0.1, 60)
    part = 0.5 * whole + rng.normal(0, 0.05, (4, 60))
    found = crossed_ratio(part, whole)
    assert found.value == pytest.approx(part.mean() / whole.mean())
    assert (found.method, found.clusters) == ("fieller", 4)
    assert 0.4 < found.low < found.value < found.high < 0.6
    for end, side in ((found.low, 1), (found.high, -1)):
        within, beyond = (
            crossed_mean(part - r * whole, bound=2) for r in (end + side * 1e-3, end - side * 1e-3)
        )
        assert within.low < 0 < within.high
        assert not beyond.low < 0 < beyond.high
    mirrored = crossed_ratio(-part, whole)
    ends = [-mirrored.high, -mirrored.low]
    assert ends == pytest.approx([found.low, found.high], abs=1e-4)


def test_a_ratio_to_what_may_be_nothing_has_no_value() -> None:
    found = crossed_ratio(np.full((3, 8), 0.5), np.tile([1.0, -1.0], (3, 4)))
    assert np.isnan(found.value)
    assert found.why == "what it is a share of may be 0"


def test_mistakes_are_named() -> None:
    with pytest.raises(ConfigError, match="`values` must have 2 dimension"):
        crossed_mean([0.1, 0.2])
    with pytest.raises(ConfigError, match="`values` must lie within ±1"):
        crossed_mean([[1.5, 0], [0, 0]])
    with pytest.raises(ConfigError, match="`level` must be in"):
        crossed_mean([[0, 0], [0, 0]], level=95)
    with pytest.raises(ConfigError, match="`null` must lie within ±1"):
        crossed_p_value([[0, 0], [0, 0]], null=2, above=True)
    with pytest.raises(ConfigError, match="must be paired"):
        crossed_ratio(np.zeros((2, 3)), np.zeros((3, 2)))
