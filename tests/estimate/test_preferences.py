from itertools import combinations

import choix
import numpy as np
import pytest

from worktrial.errors import ConfigError
from worktrial.estimate import bradley_terry

Comparisons = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _comparisons(strength: list[float], clusters: int) -> Comparisons:
    rng = np.random.default_rng(1)
    pairs = np.array([*combinations(range(len(strength)), 2)] * clusters)
    ahead = np.array(strength)[pairs[:, 0]] - np.array(strength)[pairs[:, 1]]
    won = 1.0 * (rng.random(len(pairs)) < 1 / (1 + np.exp(-ahead)))
    return pairs[:, 0], pairs[:, 1], won, np.repeat(np.arange(clusters), len(pairs) // clusters)


def test_two_workers_by_hand() -> None:
    # Three wins of four: odds 3, and log 3 shared between the two.
    found = bradley_terry([0] * 8, [1] * 8, [1, 1, 1, 0] * 2, range(8))
    np.testing.assert_allclose(found.strength, [np.log(3) / 2, -np.log(3) / 2], atol=1e-5)
    assert [i.value for i in found.win_rate] == pytest.approx([0.75, 0.25], abs=1e-5)


def test_a_tie_is_half_a_win_each() -> None:
    halves = bradley_terry([0] * 8, [1] * 8, [0.5, 1] * 4, range(8))
    whole = bradley_terry([0] * 8, [1] * 8, [1, 1, 1, 0] * 2, range(8))
    np.testing.assert_allclose(halves.strength, whole.strength, atol=1e-5)


def test_strengths_are_the_most_likely() -> None:
    first, second, won, clusters = _comparisons([1, 0.3, -1.3], 40)
    games = [(a, b) if w else (b, a) for a, b, w in zip(first, second, won, strict=True)]
    expected = choix.opt_pairwise(3, games)
    found = bradley_terry(first, second, won, clusters)
    np.testing.assert_allclose(found.strength, expected - expected.mean(), atol=1e-4)


def test_when_all_pairs_meet_the_win_rate_is_the_share_of_wins() -> None:
    first, second, won, clusters = _comparisons([1, 0, 0, -1], 30)
    share = (won[first == 0].sum() + (1 - won)[second == 0].sum()) / np.sum(first == 0)
    found = bradley_terry(first, second, won, clusters).win_rate[0]
    assert found.value == pytest.approx(share, abs=1e-4)
    assert 0 < found.low < found.value < found.high < 1


def test_groups_that_never_met_have_no_strengths() -> None:
    found = bradley_terry([0, 2] * 6, [1, 3] * 6, [1, 0, 0, 1] * 3, range(12))
    assert np.isnan(found.strength).all()
    assert found.why is not None
    assert found.why.startswith("some workers were never compared")
    assert not found.win_rate[0].bounded


def test_a_worker_that_never_lost_has_no_strength() -> None:
    found = bradley_terry([0] * 8, [1] * 8, np.ones(8), range(8))
    assert found.why == "some workers never lost to the others: their strength has no upper bound"
    assert np.isnan(found.win_rate[0].value)


def test_few_clusters_have_no_strengths() -> None:
    found = bradley_terry([0] * 8, [1] * 8, [1, 0] * 4, np.arange(8) % 4)
    assert found.why == "4 cluster(s); preferences need 5"


def test_mistakes_are_named() -> None:
    with pytest.raises(ConfigError, match="must be two workers, numbered from 0"):
        bradley_terry([0], [0], [1], [0])
    with pytest.raises(ConfigError, match="must be paired"):
        bradley_terry([0, 0], [1], [1], [0])
    with pytest.raises(ConfigError, match=r"`won` must lie in \[0, 1\]"):
        bradley_terry([0], [1], [-1], [0])
