"""How many clusters a verdict takes: its arithmetic, its laws, and what intervals then do."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from worktrial.estimate import Interval, paired_difference, settled_from

SIZES = st.integers(2, 500)
FRACTIONS = st.floats(0.01, 0.99)


def test_an_end_twice_too_far_takes_four_times_the_clusters() -> None:
    # .2 from .5 to .7; the limit is .1 away: (.2/.1)²·20.
    assert settled_from(0.5, 0.3, 0.7, 20, [0.6]) == 80
    assert settled_from(0.5, 0.3, 0.7, 20, [0.4]) == 80


def test_where_a_handful_is_damaged_it_takes_twice_the_clusters() -> None:
    assert settled_from(0.5, 0.3, 0.7, 20, [0.6], method="clopper-pearson") == 40
    assert settled_from(0.5, 0.3, 0.7, 20, [0.6], method="clopper-pearson, look 2 of 6") == 40
    assert settled_from(0.5, 0.3, 0.7, 20, [0.6], method="gaffke") == 80


def test_the_end_on_the_side_of_the_limit_counts() -> None:
    # (.4/.1)²·10 above, (.1/.05)²·10 below.
    assert settled_from(0.5, 0.4, 0.9, 10, [0.6]) == 160
    assert settled_from(0.5, 0.4, 0.9, 10, [0.45]) == 40
    assert settled_from(0.5, 0.4, 0.9, 10, [0.45, 0.6]) == 160


def test_part_of_a_cluster_is_none() -> None:
    # (.2/.15)²·10 = 17.8.
    assert settled_from(0.5, 0.3, 0.7, 10, [0.65]) == 17


def test_what_is_settled_takes_no_more_than_there_are() -> None:
    assert settled_from(0.5, 0.3, 0.7, 20, []) == 20
    assert settled_from(0.5, 0.3, 0.7, 20, [0.1, 0.8, -math.inf, math.inf]) == 20
    assert settled_from(0.5, 0.3, 0.7, 20, [0.7]) == 20


def test_a_value_on_a_limit_is_never_settled() -> None:
    assert settled_from(0.5, 0.3, 0.7, 20, [0.5]) == math.inf
    assert settled_from(0.5, 0.3, 0.7, 20, [0.6, 0.5], method="clopper-pearson") == math.inf


@given(SIZES, FRACTIONS, FRACTIONS, FRACTIONS)
def test_the_unit_and_the_side_of_zero_change_nothing(
    clusters: int, below: float, above: float, share: float
) -> None:
    limit = share * above
    expected = settled_from(0, -below, above, clusters, [limit])
    mirrored = settled_from(0, -above, below, clusters, [-limit])
    scaled = settled_from(0, -8 * below, 8 * above, clusters, [8 * limit])
    assert mirrored == expected == scaled


@given(SIZES, st.floats(0.1, 0.9), st.floats(0.1, 0.9))
def test_a_limit_further_from_the_value_takes_fewer(
    clusters: int, one: float, other: float
) -> None:
    near, far = sorted((one, other))
    assert settled_from(0, -1, 1, clusters, [far]) <= settled_from(0, -1, 1, clusters, [near])
    assert settled_from(0, -1, 1, clusters, [near, -far]) == settled_from(
        0, -1, 1, clusters, [near]
    )


@given(SIZES, st.floats(0.01, 1.0))
def test_it_is_never_fewer_than_there_are(clusters: int, limit: float) -> None:
    assert settled_from(0, -1, 1, clusters, [limit]) >= clusters


@given(st.integers(2, 50), st.floats(0.05, 0.9), st.integers(2, 9))
def test_twice_the_clusters_at_twice_the_number_mean_the_same_distance(
    clusters: int, limit: float, times: int
) -> None:
    # One law at any number: an interval that has narrowed by √times needs no more in all.
    at_first = settled_from(0, -1, 1, clusters, [limit])
    assume(at_first > times * clusters)
    narrowed = 1 / math.sqrt(times)
    later = settled_from(0, -narrowed, narrowed, times * clusters, [limit])
    assert later == pytest.approx(at_first, abs=1)


def like(clusters: int, mean: float, spread: float) -> np.ndarray:
    """Differences with exactly this mean and standard deviation, of a normal law's shape."""
    drawn = stats.norm.ppf((np.arange(clusters) + 0.5) / clusters)
    return mean + spread * (drawn - drawn.mean()) / drawn.std(ddof=1)


def difference(values: np.ndarray) -> Interval:
    return paired_difference(values, np.zeros(values.size))


def wanted(values: np.ndarray, limit: float) -> int:
    found = difference(values)
    assert found.low < limit < found.high
    return int(
        settled_from(
            found.value,
            found.low,
            found.high,
            values.size,
            [limit],
            method=found.method,
            difference=True,
        )
    )


@pytest.mark.parametrize("clusters", [24, 30, 50])
@pytest.mark.parametrize("limit", [0.0, 0.04, 0.13])
def test_at_the_number_given_the_end_of_a_t_interval_is_at_the_limit(
    clusters: int, limit: float
) -> None:
    number = wanted(like(clusters, 0.08, 0.3), limit)
    found = difference(like(number, 0.08, 0.3))
    end = found.low if limit < 0.08 else found.high
    # Student's quantile falls from 2.07 at 24 clusters to 1.96: by 5 % of the way at most.
    assert abs(end - limit) <= 0.05 * abs(0.08 - limit) + 1e-3


def test_in_samples_of_the_number_given_half_are_settled() -> None:
    number = wanted(like(30, 0.08, 0.3), 0.0)
    rng = np.random.default_rng(5)
    settled = [difference(rng.normal(0.08, 0.3, number).clip(-1, 1)).low > 0 for _ in range(400)]
    # At the limit by half: 200 expected of 400, 160 to 240 in all but one in 15,000 runs.
    assert 160 <= sum(settled) <= 240


def test_sparse_damage_is_settled_at_about_the_number_given() -> None:
    # None of 24 differs: at most 1 − .025^(1/24) = .142 could be by 1; from 121 on it is < .03.
    number = wanted(np.zeros(24), 0.03)
    assert number == 113
    first = next(n for n in range(24, 200) if difference(np.zeros(n)).high < 0.03)
    assert first == 122


@pytest.mark.parametrize(("clusters", "number"), [(6, 30), (8, 33), (12, 35), (20, 38), (24, 24)])
def test_below_24_clusters_it_asks_for_more_than_it_takes(clusters: int, number: int) -> None:
    """The figures of docs/methods/planning.md: a gap of .1 ± .15 leaves 0 from 24 documents on."""
    values = like(clusters, 0.1, 0.15)
    found = difference(values)
    assert found.low < 0 or clusters == 24
    told = (found.value, found.low, found.high, clusters, [0.0])
    assert settled_from(*told, method=found.method, difference=True) == number
    assert difference(like(23, 0.1, 0.15)).low < 0 < difference(like(24, 0.1, 0.15)).low
