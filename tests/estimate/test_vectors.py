import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.errors import ConfigError
from worktrial.estimate import (
    axis_agreement,
    axis_flips,
    best_by_weights,
    efficient_probability,
    pareto_probability,
    rank_agreement,
    rank_flips,
)

NOISE = np.array([-0.02, -0.01, 0.0, 0.01, 0.02, 0.0])


def _axis(*means: float) -> np.ndarray:
    """Shape (workers, 6 items)."""
    return np.array(means)[:, None] + NOISE


def _vectors(*axes: np.ndarray) -> np.ndarray:
    """Each axis on items of its own, shape (workers, 6 items an axis, axes)."""
    workers, items = len(axes[0]), [axis.shape[1] for axis in axes]
    values = np.full((workers, sum(items), len(axes)), np.nan)
    for number, axis in enumerate(axes):
        start = sum(items[:number])
        values[:, start : start + items[number], number] = axis
    return values


def test_agreement_of_axes_on_the_same_items_is_rank_agreement() -> None:
    rng = np.random.default_rng(1)
    values = rng.random((6, 30, 2))
    assert axis_agreement(values)[0, 1] == rank_agreement(values[:, :, 0], values[:, :, 1])


def test_axes_that_share_no_item_can_agree() -> None:
    order = _axis(0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    found = axis_agreement(_vectors(order, order[::-1], order))
    # All of the 15 pairs are ordered the other way round by the second axis.
    taus = [found[pair].value for pair in ((0, 1), (0, 2), (1, 2))]
    assert taus == pytest.approx([-1, 1, -1])
    assert found[0, 2].low <= 1 <= found[0, 2].high


def test_agreement_is_withheld_below_six_workers() -> None:
    found = axis_agreement(_vectors(_axis(0.1, 0.2, 0.3), _axis(0.3, 0.2, 0.1)))[0, 1]
    assert np.isnan(found.value)
    assert found.why == "3 worker(s); agreement of axes needs 6"


def test_axes_turn_a_clear_order_for_sure_and_keep_a_clear_order() -> None:
    found = axis_flips(_vectors(_axis(0.2, 0.8), _axis(0.8, 0.2), _axis(0.3, 0.9)), seed=1)
    turned = found.probability[:, :, 0, 1]
    assert (turned[0, 1], turned[0, 2], turned[1, 2]) == (1, 0, 1)
    assert np.isnan(np.diag(turned)).all()
    assert found.clusters.tolist() == [6, 6, 6]
    assert found.mean()[0, 1] == 1


def test_without_strata_flips_are_those_of_two_arms() -> None:
    rng = np.random.default_rng(1)
    values = rng.random((3, 12, 2))
    ours = axis_flips(values, seed=1).probability[0, 1]
    assert ours == pytest.approx(
        rank_flips(values[:, :, 0], values[:, :, 1], seed=1).probability, nan_ok=True
    )


def test_axis_of_four_items_is_left_out_alone() -> None:
    values = _vectors(_axis(0.2, 0.8), _axis(0.8, 0.2)[:, :4], _axis(0.3, 0.9))
    found = axis_flips(values, seed=1)
    assert found.why == (None, "4 item(s) have the axis; resampling needs 5", None)
    assert found.probability[0, 2, 0, 1] == 0
    assert np.isnan(found.probability[1]).all()
    assert pareto_probability(values, seed=1).why == found.why[1]


def test_duplicated_worker_shares_the_front_and_a_dominated_one_is_not_on_it() -> None:
    values = _vectors(_axis(0.9, 0.9, 0.7, 0.2), _axis(0.3, 0.3, 0.2, 0.8))
    assert pareto_probability(values, seed=1).probability.tolist() == [1, 1, 0, 1]


def test_close_worker_is_on_the_front_some_of_the_time() -> None:
    # On both axes the second worker is ahead on half of the items, behind on half, by as much.
    rng = np.random.default_rng(1)
    swing = np.concatenate([np.full(20, 0.2), np.full(20, -0.2)])
    values = np.stack([np.full(40, 0.5), 0.5 + rng.permutation(swing)])[:, :, None]
    found = pareto_probability(np.repeat(values, 1, axis=2), seed=1, draws=20_000)
    # One axis: on the front with the chance to be at least as good, one half and the ties.
    assert 0.5 < found.probability[1] < 0.62


def test_strata_take_what_they_explain_out_of_the_resamples() -> None:
    """Between the kinds lies all the spread: within them the order never turns."""
    kinds = ["task"] * 10 + ["session"] * 10
    worker = np.repeat([0.1, 0.9], 10)
    values = np.stack([worker, np.full(20, 0.45)])[:, :, None]
    assert best_by_weights(values, [1], seed=1, strata=kinds).probability.tolist() == [1, 0]
    assert best_by_weights(values, [1], seed=1).probability[0] < 0.9


def test_stratum_of_one_item_is_pooled() -> None:
    rng = np.random.default_rng(1)
    values = rng.random((2, 12, 2))
    pooled = axis_flips(values, seed=1, strata=["a"] * 11 + ["b"]).probability
    assert pooled == pytest.approx(axis_flips(values, seed=1).probability, nan_ok=True)


def test_weights_decide_who_is_best() -> None:
    values = _vectors(_axis(0.9, 0.4), _axis(0.3, 0.6))
    # .9 w + .3 (1 − w) > .4 w + .6 (1 − w) where w > .375.
    for weights, best in (([1, 1], [1, 0]), ([1, 9], [0, 1]), ([0, 2], [0, 1])):
        found = best_by_weights(values, weights, seed=1, perturbation=0.01)
        assert found.probability.tolist() == best
    even = best_by_weights(values, [3, 5], seed=1, draws=20_000).probability
    assert even == pytest.approx([0.5, 0.5], abs=0.03)


def test_weight_of_nothing_needs_no_items() -> None:
    values = _vectors(_axis(0.9, 0.4), _axis(0.3, 0.6)[:, :2])
    assert best_by_weights(values, [1, 0], seed=1).probability.tolist() == [1, 0]
    assert best_by_weights(values, [1, 1], seed=1).why is not None


def test_weight_of_one_half_moves_by_the_perturbation() -> None:
    from worktrial.estimate.vectors import _drawn_weights

    drawn = _drawn_weights(np.array([0.5, 0.5]), 0.1, 1, 20_000)
    assert drawn.std(axis=0) == pytest.approx([0.1, 0.1], abs=0.003)
    assert drawn.mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.003)


@pytest.mark.parametrize(
    ("weights", "more", "says"),
    [
        ([1], {}, "one an axis, 2"),
        ([0, 0], {}, "at least 0, one of them more"),
        ([1, -1], {}, "at least 0"),
        ([1, np.nan], {}, "at least 0"),
        ([1, np.inf], {}, "at least 0"),
        ([1, 1], {"perturbation": 0.5}, r"`perturbation` must be in \[0, 0.5\)"),
        ([1, 1], {"strata": ["a"]}, "`strata` must be one an item"),
    ],
)
def test_what_makes_no_sense_is_said(
    weights: list[float], more: dict[str, object], says: str
) -> None:
    with pytest.raises(ConfigError, match=says):
        best_by_weights(_vectors(_axis(0.9, 0.4), _axis(0.3, 0.6)), weights, seed=1, **more)


@given(
    st.integers(1, 5), st.integers(5, 12), st.integers(1, 4), st.integers(0, 2**32 - 1), st.data()
)
def test_laws_of_vectors(
    workers: int, items: int, axes: int, seed: int, data: st.DataObject
) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 3, (workers, items, axes)) / 2
    strata = data.draw(st.lists(st.sampled_from("ab"), min_size=items, max_size=items))
    front = pareto_probability(values, seed=1, strata=strata, draws=200).probability
    best = best_by_weights(values, np.ones(axes), seed=1, strata=strata, draws=200).probability
    assert np.all((front >= 0) & (front <= 1))
    assert front.sum() >= 1 - 1e-9
    assert best.sum() == pytest.approx(1)
    # Whoever is best by positive weights is on the front, but for ties that weights cannot see.
    assert np.all(best <= front + 1e-9)
    order = rng.permutation(workers)
    turned = pareto_probability(values[order], seed=1, strata=strata, draws=200).probability
    assert turned == pytest.approx(front[order])
    flips = axis_flips(values, seed=1, strata=strata, draws=200).probability
    assert flips == pytest.approx(flips.transpose(1, 0, 3, 2), nan_ok=True)


# --- the front of share and cost ---

HALF = [1.0, 0.0] * 4


def front(costs: object, successes: object, seed: int = 1) -> list[float]:
    return list(efficient_probability(costs, successes, seed=seed).probability)


def test_who_succeeds_more_for_less_is_alone_on_the_front() -> None:
    # The other is level with it only where a draw has no failure of its own: (1/2)^8.
    better, worse = front([[10] * 8, [20] * 8], [[1] * 8, HALF])
    assert (better, worse) == (1, 0)


def test_more_for_more_and_less_for_less_are_both_on_the_front() -> None:
    dear, cheap = front([[20] * 8, [1] * 8], [[1] * 8, HALF])
    # Unless a draw holds successes of the cheap one alone, or none of them: (1/2)^8 each.
    assert (dear, cheap) == pytest.approx((1 - 0.5**8, 1 - 0.5**8), abs=0.004)


def test_one_better_item_is_lacking_in_a_third_of_draws() -> None:
    same = [1.0] * 7
    ahead, behind = front([[1] * 8] * 2, [[*same, 1], [*same, 0]])
    assert ahead == 1
    assert behind == pytest.approx((7 / 8) ** 8, abs=0.04)


def test_those_alike_are_on_the_front_together_even_at_nothing() -> None:
    assert front([[3] * 6] * 3, [[1, 0, 1, 0, 1, 1]] * 3) == [1, 1, 1]
    assert front([[3] * 6] * 2, [[0] * 6] * 2) == [1, 1]


@given(st.floats(0.01, 1000), st.integers(0, 5))
def test_the_unit_of_cost_is_of_no_matter(unit: float, seed: int) -> None:
    costs = np.array([[4, 5, 6, 7, 5], [3, 9, 2, 8, 8.0]])
    won = [[1, 0, 1, 1, 0], [1, 1, 0, 1, 1]]
    assert front(costs, won, seed) == front(unit * costs, won, seed)


def test_an_item_that_one_lacks_is_left_out_for_all() -> None:
    known = efficient_probability([[1] * 6, [2] * 6], [[1] * 5 + [np.nan], [1] * 6], seed=1)
    assert known.clusters == 5
    few = efficient_probability([[1] * 4], [[1] * 4], seed=1)
    assert np.isnan(few.probability).all()
    assert few.why == "4 item(s) have cost and success of everyone; resampling needs 5"


@pytest.mark.parametrize(
    ("costs", "successes", "draws"),
    [([[1, 2]], [[1]], 9), ([1, 2], [1, 1], 9), ([[1] * 5], [[1] * 5], 0)],
)
def test_what_cannot_be_paired_is_refused(costs: object, successes: object, draws: int) -> None:
    with pytest.raises(ConfigError, match="must be paired"):
        efficient_probability(costs, successes, seed=1, draws=draws)
