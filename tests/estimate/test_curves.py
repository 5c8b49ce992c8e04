import numpy as np
import pytest

from worktrial.errors import ConfigError
from worktrial.estimate import fidelity_curve, mean_interval


def _relay(documents: int, steps: int) -> np.ndarray:
    survivors = np.random.default_rng(1).random((documents, steps, 40)) > 0.02
    return np.cumprod(survivors, axis=1).mean(axis=2)


def test_each_step_is_the_interval_of_its_column() -> None:
    fidelity = _relay(12, 6)
    curve = fidelity_curve(fidelity)
    assert curve.steps == tuple(mean_interval(column) for column in fidelity.T)
    np.testing.assert_allclose(curve.mean, fidelity.mean(axis=0))
    assert curve.legs == (1, 2, 3, 4, 5, 6)


def test_the_band_contains_the_pointwise_interval() -> None:
    curve = fidelity_curve(_relay(24, 20))
    assert np.all(curve.band_low <= curve.low)
    assert np.all(curve.band_high >= curve.high)
    assert curve.band_method == "gaffke, joint quantiles"


def test_one_step_needs_no_wider_band() -> None:
    # With a single step there is nothing to hold together.
    curve = fidelity_curve(_relay(24, 1))
    assert curve.band_low[0] == pytest.approx(curve.low[0], abs=2e-3)


def test_the_band_is_narrow_where_documents_agree() -> None:
    curve = fidelity_curve(_relay(400, 20))
    width = curve.band_high - curve.band_low
    assert width[0] < 0.8 * width[-1]


def test_an_intact_relay_has_the_band_of_one_leg() -> None:
    # All legs share the unseen document, so 20 legs promise no less than one: .025^(1/12).
    curve = fidelity_curve(np.ones((12, 20)))
    np.testing.assert_allclose(curve.band_low, 0.025 ** (1 / 12), atol=1e-3)
    np.testing.assert_array_equal(curve.band_high, 1)


def test_a_leg_not_run_is_missing() -> None:
    fidelity = _relay(12, 4)
    fidelity[:3, 2:] = np.nan
    curve = fidelity_curve(fidelity)
    np.testing.assert_array_equal(curve.clusters, [12, 12, 9, 9])
    assert np.all(np.isfinite(curve.band_low))


def test_a_leg_that_one_document_reached_has_no_bounds() -> None:
    fidelity = _relay(12, 3)
    fidelity[1:, 2] = np.nan
    curve = fidelity_curve(fidelity)
    assert np.isnan([curve.band_low[2], curve.band_high[2], curve.low[2], curve.high[2]]).all()
    assert curve.steps[2].why == "1 cluster(s) measured; an interval needs 2"


def test_equal_damage_everywhere_has_a_band_all_the_same() -> None:
    curve = fidelity_curve(np.full((8, 3), 0.5))
    assert np.all(curve.band_low < 0.5)
    assert np.all(curve.band_high > 0.5)


def test_labels_must_match_the_columns() -> None:
    with pytest.raises(ConfigError, match="`legs` must name 3 legs in increasing order"):
        fidelity_curve(_relay(8, 3), legs=(2, 4))
    with pytest.raises(ConfigError, match="increasing order"):
        fidelity_curve(_relay(8, 3), legs=(2, 4, 4))
