import numpy as np
import pytest

from worktrial.errors import ConfigError
from worktrial.estimate import protocol_noise, variance_shares


def test_two_protocols_and_two_items_by_hand() -> None:
    # One worker, cells .2 .4 / .6 .8: protocol means .3 .7, item means .4 .6, mean .5.
    # Sums of squares: protocol 2·(.2² + .2²) = .16, item 2·(.1² + .1²) = .04, product 0.
    # All with one degree of freedom: product MS 0 = residual; protocol (.16 − 0)/2 = .08;
    # item (.04 − 0)/2 = .02.
    found = variance_shares([[[[0.2], [0.4]], [[0.6], [0.8]]]])
    assert found.component == pytest.approx(
        {"protocol": 0.08, "item": 0.02, "residual": 0}, abs=1e-12
    )
    assert found.share == pytest.approx({"protocol": 0.8, "item": 0.2, "residual": 0}, abs=1e-12)


def test_replicates_show_in_the_residual() -> None:
    # As above, but each cell was run twice, ±.05 about its mean: within-cell variance .005.
    # The mean of a cell is exact here, so products are 0 as before and the protocol component
    # loses nothing; one run of one cell keeps .005·(1 − 1/2) of it.
    cells = np.array([[0.2, 0.4], [0.6, 0.8]])
    cube = np.stack([cells - 0.05, cells + 0.05], axis=-1)[None]
    assert variance_shares(cube).component["residual"] == pytest.approx(0.0025)


def planted(rng: np.random.Generator, effects: dict[str, float]) -> np.ndarray:
    """Four workers, four protocols, sixty items, two replicates, with planted spreads."""
    shapes = {
        "worker": (4, 1, 1, 1), "protocol": (1, 4, 1, 1), "item": (1, 1, 60, 1),
        "worker × protocol": (4, 4, 1, 1), "worker × item": (4, 1, 60, 1),
        "protocol × item": (1, 4, 60, 1), "residual": (4, 4, 60, 2),
    }  # fmt: skip
    parts = [rng.normal(0, effects.get(name, 0.0), shape) for name, shape in shapes.items()]
    return np.asarray((0.5 + sum(np.broadcast_arrays(*parts))).clip(0, 1))


@pytest.mark.parametrize(
    "source", ["worker", "protocol", "item", "worker × protocol", "worker × item", "residual"]
)
def test_each_planted_source_is_found_on_average(source: str) -> None:
    rng = np.random.default_rng(1)
    runs = [variance_shares(planted(rng, {source: 0.05, "residual": 0.05})) for _ in range(300)]
    for name in runs[0].raw:
        values = np.array([run.raw[name] for run in runs])
        truth = 0.05**2 if name in (source, "residual") else 0.0
        error = values.std(ddof=1) / len(values) ** 0.5
        assert abs(values.mean() - truth) < 4.5 * error, name


def test_a_negative_estimate_is_shown_as_none_and_kept_raw() -> None:
    # Cells .4 .6 / .6 .4: both means are equal, all lies in the product.
    found = variance_shares([[[[0.4], [0.6]], [[0.6], [0.4]]]])
    assert found.component["protocol"] == 0
    assert found.raw["protocol"] < 0
    assert found.share["residual"] == 1


def test_what_is_not_complete_is_left_out_and_too_little_says_so() -> None:
    cube = np.full((1, 2, 3, 1), 0.5)
    cube[0, 0, 0, 0] = np.nan
    assert variance_shares(cube).items == 2
    assert np.isnan(variance_shares(cube).share["protocol"]), "nothing varies"
    cube[0, 1, 1, 0] = np.nan
    assert variance_shares(cube).why == "2 protocol(s) on 1 complete item(s); it needs 2 of each"


def test_a_difference_that_no_protocol_changes_has_no_noise() -> None:
    rng = np.random.default_rng(2)
    items = rng.random(30) * 0.5
    one = np.tile(items + 0.3, (3, 1))
    found = protocol_noise(one, one - 0.2)
    assert (found.difference, found.noise) == pytest.approx((0.2, 0.0))
    assert (found.share, found.reversals, found.pairs) == (0.0, 0, 3)


def test_protocols_that_turn_the_order_are_counted() -> None:
    # Differences +.1, +.1, −.1 on every item: mean .1/3, variance .04/3; of three pairs of
    # protocols two turn the order. Noise 2·√(.0133/π) = .1303 is more than the difference.
    one = np.repeat([[0.6], [0.6], [0.4]], 5, axis=1)
    found = protocol_noise(one, np.full((3, 5), 0.5))
    assert found.difference == pytest.approx(0.1 / 3)
    assert found.noise == pytest.approx(2 * np.sqrt(0.04 / 3 / np.pi))
    assert (found.share, found.reversals) == (1.0, 2)


def test_noise_of_a_planted_size_is_found_on_average() -> None:
    rng, sigma = np.random.default_rng(3), 0.05
    squares = []
    for _ in range(400):
        effects = rng.normal(0, sigma, (4, 1))
        one = (0.5 + effects + rng.normal(0, 0.1, (4, 40))).clip(0, 1)
        squares.append(protocol_noise(one, np.full((4, 40), 0.4)).noise ** 2 * np.pi / 4)
    assert np.mean(squares) == pytest.approx(sigma**2, rel=0.1)


def test_unpaired_scores_are_refused() -> None:
    with pytest.raises(ConfigError, match="must be paired"):
        protocol_noise(np.zeros((2, 3)), np.zeros((2, 4)))
