"""Laws of looking early, whatever the plan and the differences."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from worktrial.estimate import paired_difference
from worktrial.estimate.sequential import Looks, conclude, crossing, decide, spending_bounds

# Coarse ones tie and pile up at 0; NaN is a failure of the apparatus.
DIFFERENCE = st.one_of(
    st.integers(-10, 10).map(lambda tenths: tenths / 10), st.floats(-1, 1), st.just(float("nan"))
)
PLANS = st.builds(
    lambda gaps, margin, level: Looks(
        items=tuple(int(n) for n in np.cumsum(gaps)), margin=margin, level=level
    ),
    st.lists(st.integers(2, 12), min_size=1, max_size=5),
    st.floats(0.01, 0.5),
    st.floats(0.8, 0.99),
)
RUNS = PLANS.flatmap(
    lambda plan: st.tuples(
        st.just(plan), st.lists(DIFFERENCE, min_size=plan.items[-1], max_size=plan.items[-1])
    )
)
FRACTIONS = st.lists(st.floats(0.05, 1), min_size=1, max_size=6).map(
    lambda gaps: (np.cumsum(gaps) / sum(gaps)).tolist()
)


@given(FRACTIONS, st.floats(0.005, 0.2), st.sampled_from([1, 2]))
def test_all_looks_together_spend_the_error_and_no_more(
    fractions: list[float], error: float, sides: int
) -> None:
    two = sides == 2
    bounds = spending_bounds(fractions, error=error, sides=2 if two else 1)
    found = crossing(bounds, fractions, sides=2 if two else 1)
    assert sum(found) == pytest.approx(error, rel=1e-6)
    assert bounds[-1] >= spending_bounds([1], error=error, sides=2 if two else 1)[0] - 1e-7


def test_a_look_that_may_err_by_next_to_nothing_can_be_taken() -> None:
    plan = Looks(items=(2, 7, 19), margin=0.5, level=0.98828125)
    assert conclude([np.nan, np.nan, 0.0, *[0.0] * 16], plan).results[0].verdict is None


@given(RUNS)
def test_what_comes_later_never_changes_a_look(run: tuple[Looks, list[float]]) -> None:
    plan, differences = run
    found = conclude(differences, plan)
    for result in found.results:
        assert repr(decide(differences[: result.items], plan, result.look)) == repr(result)


@given(RUNS)
def test_exchanging_the_two_changes_the_sign_and_nothing_else(
    run: tuple[Looks, list[float]],
) -> None:
    plan, differences = run
    one, other = conclude(differences, plan), conclude(-np.array(differences), plan)
    # From 13 to 23 clusters the subsets are drawn, and not the mirrored ones.
    assume(not any(12 < look.difference.clusters < 24 for look in one.results))
    assert (one.verdict, one.reason, one.look) == (other.verdict, other.reason, other.look)
    bounds = [(d.estimate.low, d.estimate.high) for d in (one, other)]
    np.testing.assert_allclose(bounds[0], (-bounds[1][1], -bounds[1][0]), atol=1e-9)


@given(RUNS)
def test_looking_early_never_narrows_the_interval(run: tuple[Looks, list[float]]) -> None:
    plan, differences = run
    found = conclude(differences, plan)
    seen = np.array(differences[: found.results[-1].items])
    plain = paired_difference(seen, np.zeros(seen.size), level=plan.level)
    if found.estimate.bounded:
        assert found.estimate.low <= plain.low + 1e-9
        assert found.estimate.high >= plain.high - 1e-9


@given(RUNS)
def test_a_verdict_is_one_its_interval_carries(run: tuple[Looks, list[float]]) -> None:
    plan, differences = run
    found = conclude(differences, plan)
    excludes = found.estimate.low > 0 or found.estimate.high < 0
    assert found.verdict != "apart" or excludes
    assert found.verdict != "cannot-tell" or not excludes
    assert (found.reason == "last look") <= (found.look == len(plan.items))
