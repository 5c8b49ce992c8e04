import numpy as np
import pytest

from worktrial.estimate.unseen import lower_quantile, unseen_weights, upper_quantile


def test_for_a_share_it_is_the_exact_bound() -> None:
    # None of 8 lost: (1 − u)⁸ = .025.
    unseen = unseen_weights(8, 4000)[:, -1]
    assert upper_quantile(unseen, 0.95) == pytest.approx(1 - 0.025 ** (1 / 8), abs=1e-3)


def test_weights_share_out_one() -> None:
    weights = unseen_weights(5, 100)
    assert weights.shape == (100, 6)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    # Of six exchangeable weights each has the mean 1/6.
    np.testing.assert_allclose(unseen_weights(5, 20_000).mean(axis=0), 1 / 6, atol=0.005)


def test_nobody_can_change_what_is_shared() -> None:
    with pytest.raises(ValueError, match="read-only"):
        unseen_weights(5, 100)[0, 0] = 1


def test_bounds_take_the_draw_just_outside() -> None:
    # Of 1 to 10 the 5% and 95% points lie at 1.45 and 9.55.
    values = np.arange(1.0, 11)
    assert (lower_quantile(values, 0.9), upper_quantile(values, 0.9)) == (1, 10)
