import numpy as np
import pytest

from worktrial.errors import ConfigError
from worktrial.estimate import fidelity_curve, mean_interval


def _relay(documents: int, steps: int, *, seed: int = 1) -> np.ndarray:
    survivors = np.random.default_rng(seed).random((documents, steps, 40)) > 0.02
    return np.cumprod(survivors, axis=1).mean(axis=2)


def test_each_step_is_the_interval_of_its_column() -> None:
    fidelity = _relay(12, 6)
    curve = fidelity_curve(fidelity, seed=1)
    assert curve.steps == tuple(mean_interval(column) for column in fidelity.T)
    np.testing.assert_allclose(curve.mean, fidelity.mean(axis=0))
    assert curve.legs == (1, 2, 3, 4, 5, 6)


def test_the_band_contains_the_pointwise_interval() -> None:
    curve = fidelity_curve(_relay(24, 20), seed=1)
    assert np.all(curve.band_low <= curve.low)
    assert np.all(curve.band_high >= curve.high)
    assert curve.band_method == "sup-t"


def test_one_step_needs_no_wider_band() -> None:
    # With a single step there is nothing to hold together: the sup is |N(0, 1)|, up to draws.
    curve = fidelity_curve(_relay(24, 1), seed=1, draws=20_000)
    assert curve.band_low[0] == pytest.approx(curve.low[0], abs=2e-3)


def test_the_band_is_narrow_where_documents_agree() -> None:
    curve = fidelity_curve(_relay(48, 20), seed=1)
    width = curve.band_high - curve.band_low
    assert width[0] < width[-1] / 2


def test_fewer_than_five_ever_damaged_bound_the_whole_curve() -> None:
    # Two of 12 ever damaged, one of them recovering: the exact bound for 2 of 12 is .484138.
    fidelity = np.ones((12, 3))
    fidelity[0, 1], fidelity[1, 2] = 0.5, 0.2
    curve = fidelity_curve(fidelity, seed=1)
    np.testing.assert_allclose(curve.band_low, 1 - 0.484138, atol=1e-6)
    np.testing.assert_array_equal(curve.band_high, 1)
    assert curve.band_method == "clopper-pearson-ever"


def test_a_leg_not_run_is_missing() -> None:
    fidelity = _relay(12, 4)
    fidelity[:3, 2:] = np.nan
    curve = fidelity_curve(fidelity, seed=1)
    np.testing.assert_array_equal(curve.clusters, [12, 12, 9, 9])
    assert np.all(np.isfinite(curve.band_low))


def test_a_leg_that_one_document_reached_has_no_bounds() -> None:
    fidelity = _relay(12, 3)
    fidelity[1:, 2] = np.nan
    curve = fidelity_curve(fidelity, seed=1)
    assert np.isnan([curve.band_low[2], curve.band_high[2], curve.low[2], curve.high[2]]).all()
    assert curve.steps[2].why == "1 cluster(s) measured; an interval needs 2"


def test_one_seed_gives_one_curve() -> None:
    fidelity = _relay(12, 6)
    one, same, other = (fidelity_curve(fidelity, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.band_low, same.band_low)
    assert np.any(one.band_low != other.band_low)


def test_equal_damage_everywhere_has_a_band_all_the_same() -> None:
    curve = fidelity_curve(np.full((8, 3), 0.5), seed=1)
    assert np.all(curve.band_low < 0.5)
    assert np.all(curve.band_high > 0.5)


def test_labels_must_match_the_columns() -> None:
    with pytest.raises(ConfigError, match="`legs` must name 3 legs in increasing order"):
        fidelity_curve(_relay(8, 3), seed=1, legs=(2, 4))
    with pytest.raises(ConfigError, match="increasing order"):
        fidelity_curve(_relay(8, 3), seed=1, legs=(2, 4, 4))
