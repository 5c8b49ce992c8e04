import numpy as np
import pytest
from scipy import optimize, stats

from worktrial.errors import ConfigError
from worktrial.estimate import decline_shape, decline_trend

LEGS = np.arange(2.0, 22, 2)


def _curve(half: float, exponent: float) -> np.ndarray:
    return np.exp(-np.log(2) * (LEGS / half) ** exponent)


def _documents(half: float, exponent: float, documents: int = 24) -> np.ndarray:
    rates = np.random.default_rng(1).uniform(0.8, 1.2, (documents, 1))
    return _curve(half, exponent) ** rates


@pytest.mark.parametrize(("half", "exponent"), [(5, 0.5), (9, 1), (12, 2), (19, 4)])
def test_a_planted_shape_is_found(half: float, exponent: float) -> None:
    found = decline_shape(np.tile(_curve(half, exponent), (8, 1)), LEGS)
    assert found.half_life.value == pytest.approx(half, 1e-4)
    assert found.exponent.value == pytest.approx(exponent, 1e-4)
    np.testing.assert_allclose(found.fitted, _curve(half, exponent), atol=1e-5)


def test_the_scale_is_where_one_e_th_is_left() -> None:
    # λ(ln 2)^(1/κ) = 9 at κ = 2: λ = 9/.832555.
    found = decline_shape(np.tile(_curve(9, 2), (8, 1)), LEGS)
    assert found.scale == pytest.approx(10.8101, 1e-4)


def test_the_fit_is_the_closest_one() -> None:
    fidelity = np.clip(_documents(9, 1) + np.random.default_rng(2).normal(0, 0.1, (24, 10)), 0, 1)
    found, mean = decline_shape(fidelity, LEGS), fidelity.mean(axis=0)
    best, _ = optimize.curve_fit(
        lambda k, half, exponent: np.exp(-np.log(2) * (k / half) ** exponent), LEGS, mean, [9, 1]
    )
    assert (found.half_life.value, found.exponent.value) == pytest.approx(tuple(best), 1e-3)


def test_bounds_hold_the_value_and_narrow_with_documents() -> None:
    few, many = (decline_shape(_documents(9, 1, n), LEGS) for n in (8, 96))
    for found in (few, many):
        for number in (found.half_life, found.exponent):
            assert number.low < number.value
            assert not number.high < number.value
    assert many.exponent.high - many.exponent.low < few.exponent.high - few.exponent.low


def test_a_half_life_beyond_the_legs_is_not_extrapolated() -> None:
    found = decline_shape(_documents(60, 1), LEGS).half_life
    assert np.isnan([found.value, found.high]).all()
    assert found.why == "> 20: by the last leg more than half was left"
    assert 2 < found.low <= 20


def test_a_half_life_before_the_first_leg_is_not_extrapolated_either() -> None:
    found = decline_shape(_documents(0.5, 1), LEGS).half_life
    assert (np.isnan(found.value), found.low) == (True, 0)
    assert found.why == "< 2: by the first leg less than half was left"


def test_without_any_loss_there_is_no_shape_but_a_bound_on_the_half_life() -> None:
    found = decline_shape(np.ones((24, 10)), LEGS)
    assert np.isnan(found.exponent.value)
    assert found.exponent.why
    assert found.half_life.low == 20


def test_the_isotonic_curve_pools_a_recovery() -> None:
    # Means .9, .5, .7: the rise is pooled to (.5 + .7)/2 = .6.
    fidelity = np.tile([0.9, 0.5, 0.7], (6, 1))
    np.testing.assert_allclose(decline_shape(fidelity, [1, 2, 3]).isotonic, [0.9, 0.6, 0.6])


def test_missing_legs_drop_out_of_their_leg_alone() -> None:
    fidelity = _documents(9, 1)
    fidelity[:5, 7:] = np.nan
    fidelity[1:, 9] = np.nan
    found = decline_shape(fidelity, LEGS)
    assert found.legs.tolist() == LEGS[:9].tolist()
    assert found.half_life.value == pytest.approx(9, abs=0.5)


def test_too_few_documents_or_legs_have_no_shape() -> None:
    few = decline_shape(_documents(9, 1, 4), LEGS).half_life
    assert few.why == "4 document(s) at 10 leg(s); a shape needs 5 at 3"
    assert np.isnan(decline_shape(_documents(9, 1)[:, :2], LEGS[:2]).exponent.value)


def test_a_steady_fall_is_a_trend_and_noise_is_none() -> None:
    assert decline_trend(_documents(9, 1)).p_value < 1e-6
    assert decline_trend(_documents(9, 1)[:, ::-1]).p_value > 0.99
    assert decline_trend(np.full((8, 4), 0.7)).p_value > 0.05


def test_the_trend_is_pages_and_drops_incomplete_documents() -> None:
    # Page's L of three falling legs: 1·1 + 2·2 + 3·3 = 14 a document.
    fidelity = np.array([[0.9, 0.6, 0.3], [0.8, 0.5, 0.1], [0.7, np.nan, 0.2], [0.9, 0.8, 0.7]])
    found = decline_trend(fidelity)
    assert (found.statistic, found.documents) == (42, 3)
    # Exact: all three in this one of six orders.
    assert found.p_value == pytest.approx(1 / 6**3)
    assert found.p_value == stats.page_trend_test(fidelity[[0, 1, 3]][:, ::-1]).pvalue


def test_a_trend_needs_documents_and_legs() -> None:
    found = decline_trend([[0.9, 0.5, 0.1]])
    assert (np.isnan(found.p_value), found.documents) == (True, 1)
    assert found.why == "1 complete document(s) of 3 leg(s); a trend needs 2 of 3"


def test_labels_must_match_the_columns() -> None:
    for legs in ([1, 2], [1, 3, 2], [0, 1, 2]):
        with pytest.raises(ConfigError, match="`legs` must name 3 positive legs"):
            decline_shape(np.ones((6, 3)), legs)
