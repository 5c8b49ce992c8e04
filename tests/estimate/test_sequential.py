from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from worktrial.errors import ConfigError
from worktrial.estimate import paired_difference
from worktrial.estimate.sequential import (
    Looks,
    conclude,
    crossing,
    decide,
    spending_bounds,
)

PLAN = Looks(items=(24, 48, 72, 96), margin=0.03)


def spread(mean: float, size: int, deviation: float = 0.17) -> np.ndarray:
    """Differences whose every second half cancels: mean and deviation as asked for, no skew."""
    sign = np.tile([-1.0, 1.0], size // 2)
    return mean + deviation * sign * np.sqrt((size - 1) / size)


# --- boundaries against published tables -------------------------------------------------------


@pytest.mark.parametrize(
    "published",
    [(2.963, 1.969), (3.710, 2.511, 1.993), (4.333, 2.963, 2.359, 2.014),
     (4.877, 3.357, 2.680, 2.290, 2.031)],
)  # fmt: skip
def test_spending_gives_the_boundaries_of_lan_and_demets(published: tuple[float, ...]) -> None:
    looks = len(published)
    fractions = [k / looks for k in range(1, looks + 1)]
    assert spending_bounds(fractions, error=0.05, sides=2) == pytest.approx(published, abs=6e-4)


def test_the_constants_of_obrien_and_fleming_cross_one_time_in_twenty() -> None:
    # Two-sided .05, five looks: 2.040·√(5/k) = 4.56, 3.23, 2.63, 2.28, 2.04.
    bounds = [2.040 * np.sqrt(5 / k) for k in range(1, 6)]
    assert bounds == pytest.approx([4.56, 3.23, 2.63, 2.28, 2.04], abs=5e-3)
    assert sum(crossing(bounds, [0.2, 0.4, 0.6, 0.8, 1], sides=2)) == pytest.approx(0.05, abs=2e-5)


def test_one_look_is_the_plain_test() -> None:
    assert spending_bounds([1], error=0.05, sides=2) == pytest.approx([1.959964], abs=1e-6)
    assert spending_bounds([1], error=0.05, sides=1) == pytest.approx([1.644854], abs=1e-6)


@pytest.mark.parametrize("drift", [0.0, 1.5, 3.3])
def test_crossing_is_what_the_joint_normal_law_says(drift: float) -> None:
    t = np.array([0.3, 0.55, 1.0])
    bounds = np.array(spending_bounds(t.tolist(), error=0.05, sides=1))
    covariance = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    law = stats.multivariate_normal(drift * np.sqrt(t), covariance)
    stays = law.cdf(bounds, rng=np.random.default_rng(1))
    assert sum(crossing(bounds.tolist(), t.tolist(), sides=1, drift=drift)) == pytest.approx(
        1 - stays, abs=2e-5
    )
    two = np.array(spending_bounds(t.tolist(), error=0.05, sides=2))
    stays = law.cdf(two, lower_limit=-two, rng=np.random.default_rng(1))
    assert sum(crossing(two.tolist(), t.tolist(), sides=2, drift=drift)) == pytest.approx(
        1 - stays, abs=2e-5
    )


def test_a_look_crosses_first_with_what_it_has_to_spend() -> None:
    # A(1/2) = 4 − 4Φ(2.241403/√.5): 4·P(Z > 3.169822) = .003051, of .05.
    bounds = spending_bounds([0.5, 1], error=0.05, sides=2)
    found = crossing(bounds, [0.5, 1], sides=2)
    assert found == pytest.approx([0.003051, 0.046949], abs=1e-6)


# --- plans -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "looks", "at"),
    [(96, 4, (24, 48, 72, 96)), (96, None, (16, 32, 48, 64, 80, 96)), (48, None, (12, 24, 36, 48)),
     (65, None, (13, 26, 39, 52, 65)), (50, 3, (17, 33, 50))],
)  # fmt: skip
def test_a_plan_spaces_its_looks(items: int, looks: int | None, at: tuple[int, ...]) -> None:
    assert Looks.planned(items, looks=looks, margin=0.03).items == at


@pytest.mark.parametrize(
    ("items", "looks", "says"),
    [(47, None, "4 looks need at least 48 items, got 47"), (96, 9, "at least 108 items"),
     (96, 1, "at least 2")],
)  # fmt: skip
def test_a_plan_with_too_few_items_is_refused(items: int, looks: int | None, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        Looks.planned(items, looks=looks, margin=0.03)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda: Looks((), margin=0.03), "increase from 1 on"),
        (lambda: Looks((24, 24), margin=0.03), "increase from 1 on"),
        (lambda: Looks((24, 48), margin=0), "`margin` must be positive"),
        (lambda: Looks((24, 48), margin=0.03, level=95), "write 0.95"),
        (lambda: Looks((24, 48), margin=0.03, futility=1), "`futility`"),
    ],
)
def test_a_plan_that_means_nothing_is_refused(broken: Callable[[], Looks], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        broken()


def test_a_plan_is_a_record_of_plain_values() -> None:
    assert Looks.planned(48, margin=0.03).record() == {
        "items": [12, 24, 36, 48], "margin": 0.03, "level": 0.95, "futility": 0.03, "bound": 1.0,
    }  # fmt: skip
    assert hash(Looks.planned(48, margin=0.03)) == hash(Looks((12, 24, 36, 48), margin=0.03))


def test_the_bounds_of_a_plan_are_p_values_too() -> None:
    last = PLAN.bounds[-1]
    assert (last.items, last.apart_z, last.level_z) == pytest.approx((96, 2.0141, 1.7202), abs=1e-4)
    assert last.apart_p == pytest.approx(2 * stats.norm.sf(last.apart_z))
    assert last.level_p == pytest.approx(stats.norm.sf(last.level_z))


# --- looks -------------------------------------------------------------------------------------


def test_a_look_asks_students_t_for_the_p_value_of_its_boundary() -> None:
    # Look 2: p = .003045, t₄₇ = 3.125. Standard error .17/√48 = .024537: .0767 to be apart.
    t = stats.t.isf(PLAN.bounds[1].apart_p / 2, 47)
    for mean, verdict in ((t * 0.17 / np.sqrt(48) + 1e-6, "apart"), (0.0766, None)):
        found = decide(spread(mean, 48), PLAN, 2)
        assert found.verdict == verdict
        assert found.difference.low == pytest.approx(mean - t * 0.17 / np.sqrt(48), abs=1e-9)
    assert t * 0.17 / np.sqrt(48) == pytest.approx(0.0767, abs=1e-4)


def test_a_look_is_level_where_its_narrow_interval_lies_inside_the_margin() -> None:
    # Look 2: one-sided p = .005544, t₄₇ = 2.643; deviation .07: error .010104, reach .0267.
    found = decide(spread(0.0, 48, 0.07), PLAN, 2)
    assert (found.verdict, found.reason) == ("level", "level")
    assert found.narrow.high == pytest.approx(0.0267, abs=1e-4)
    assert decide(spread(0.0, 48, 0.08), PLAN, 2).verdict != "level"


def test_a_real_difference_too_small_to_matter_is_level() -> None:
    found = decide(spread(0.015, 48, 0.01), PLAN, 2)
    assert found.difference.low > 0
    assert found.verdict == "level"


def test_twelve_items_are_too_few_to_decide_and_too_few_to_give_up() -> None:
    plan = Looks.planned(48, margin=0.03)
    far, none = decide(spread(0.5, 12), plan, 1), decide(spread(0.0, 12, 0.9), plan, 1)
    assert not far.difference.bounded
    assert (far.reason, none.reason) == (None, None)


def test_missing_pairs_are_dropped_and_later_items_are_not_looked_at() -> None:
    differences = spread(0.2, 96)
    differences[[3, 40]] = np.nan
    found = decide(differences, PLAN, 2)
    expected = paired_difference(differences[:48], np.zeros(48), level=1 - PLAN.bounds[1].apart_p)
    assert found.difference == expected
    assert (found.items, found.difference.clusters) == (48, 46)


def test_a_look_needs_its_items() -> None:
    with pytest.raises(ConfigError, match="look 2 is at 48 items, got 47; run them first"):
        decide(np.zeros(47), PLAN, 2)
    with pytest.raises(ConfigError, match="look from 1 to 4, got 5"):
        decide(np.zeros(96), PLAN, 5)
    with pytest.raises(ConfigError, match="±1"):
        decide(np.full(96, 2.0), PLAN, 1)


def test_the_promise_is_the_predictive_chance_of_a_later_verdict() -> None:
    seen = spread(0.03, 48)
    promise = decide(seen, PLAN, 2).promise
    rng, draws = np.random.default_rng(1), 200_000
    ahead = 0.17 * rng.standard_t(47, draws)
    chances = []
    for bound in PLAN.bounds[2:]:
        # Only the items still to come are uncertain: of the variance, 1/48 − 1/items is left.
        later = 0.03 + ahead * np.sqrt(1 / 48 - 1 / bound.items)
        error = 0.17 / np.sqrt(bound.items)
        apart = np.abs(later) > stats.t.isf(bound.apart_p / 2, bound.items - 1) * error
        level = np.abs(later) < 0.03 - stats.t.isf(bound.level_p, bound.items - 1) * error
        chances.append(np.mean(apart | level))
    assert promise == pytest.approx(max(chances), abs=3e-3)


def test_a_run_without_promise_is_given_up_and_says_what_it_would_have_taken() -> None:
    found = conclude(spread(0.0, 72), PLAN)
    assert (found.verdict, found.reason, found.look) == ("cannot-tell", "futility", 3)
    assert found.results[-1].promise < 0.03
    assert "given up at look 3 of 4, 72 of 96 items" in found.why
    # Detectable with all 96: (2.0141 + .8416)·.17/√96 = .04955.
    assert found.detectable == pytest.approx(0.04955, abs=1e-4)
    # For level: ((1.7202 + 1.2816)·.17/.03)² = 289.3.
    assert found.needed == 290


def test_what_is_needed_is_the_cheaper_way_to_a_verdict() -> None:
    found = conclude(spread(0.028, 96), PLAN)
    # Apart: ((2.0141 + .8416)·.17/.028)² = 300.6; level, .002 inside the margin: 65,000.
    assert (found.verdict, found.needed) == ("cannot-tell", 301)


def test_nothing_is_given_up_where_futility_is_zero() -> None:
    plan = Looks(items=PLAN.items, margin=0.03, futility=0)
    found = conclude(spread(0.0, 96), plan)
    assert (found.reason, found.look) == ("last look", 4)
    assert "all planned items are in" in found.why


def test_the_interval_is_the_one_of_its_look_at_the_level_of_all() -> None:
    found = conclude(spread(0.25, 96), PLAN)
    assert (found.verdict, found.look, found.needed) == ("apart", 1, None)
    at_look = decide(spread(0.25, 96), PLAN, 1).difference
    assert (found.estimate.low, found.estimate.high) == (at_look.low, at_look.high)
    assert (found.estimate.level, found.estimate.method) == (0.95, "repeated paired-t")
    assert found.estimate.clusters == 24


def test_equal_workers_are_never_decided_by_a_spread_of_nothing() -> None:
    # 96 equal relays: level would need Clopper–Pearson's 1 − .0427^(1/96) = .0323 below .03.
    found = conclude(np.zeros(96), PLAN)
    assert (found.verdict, found.reason) == ("cannot-tell", "last look")
    assert found.results[-1].narrow.high == pytest.approx(0.0323, abs=1e-4)
    assert found.needed is None
    assert conclude(np.zeros(96), Looks(PLAN.items, margin=0.04)).verdict == "level"
