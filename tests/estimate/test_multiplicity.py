import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from worktrial.errors import ConfigError
from worktrial.estimate import holm


def test_the_smallest_is_multiplied_by_all_and_the_next_by_the_rest() -> None:
    # .01·3 = .03; .02·2 = .04; .03·1 = .03, but not less than the one before: .04.
    found = holm([0.02, 0.01, 0.03])
    np.testing.assert_allclose(found.p_values, [0.04, 0.03, 0.04])
    assert found.rejected.all()


def test_it_is_what_statsmodels_computes() -> None:
    raw = np.random.default_rng(1).random(9) ** 3
    rejected, adjusted, *_ = multipletests(raw, method="holm")
    found = holm(raw)
    np.testing.assert_allclose(found.p_values, adjusted)
    np.testing.assert_array_equal(found.rejected, rejected)


def test_an_endpoint_without_a_p_value_is_undecided_and_still_counts() -> None:
    # Two are declared, so .03 is doubled though the other was never measured.
    found = holm([0.03, np.nan])
    assert found.p_values[0] == pytest.approx(0.06)
    assert np.isnan(found.p_values[1])
    assert found.undecided.tolist() == [False, True]
    assert not found.rejected.any()


def test_one_endpoint_keeps_its_p_value_and_none_is_no_mistake() -> None:
    assert holm([0.04]).p_values[0] == pytest.approx(0.04)
    assert holm([]).p_values.size == 0


def test_mistakes_are_named() -> None:
    with pytest.raises(ConfigError, match=r"`p_values` must lie in \[0, 1\], got 1\.2"):
        holm([0.1, 1.2])
    with pytest.raises(ConfigError, match="`p_values` must have 1 dimension"):
        holm([[0.1]])
