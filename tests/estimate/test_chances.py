import numpy as np
import pytest

from worktrial.errors import ConfigError
from worktrial.estimate import p_best, p_flip, p_non_dominated, rank_flips

NOISE = np.array([-0.02, -0.01, 0.0, 0.01, 0.02, 0.0])


def _scores(*means: float) -> np.ndarray:
    return np.array(means)[:, None] + NOISE


def test_a_clear_reversal_flips_for_sure_and_a_clear_order_never() -> None:
    assert p_flip(_scores(0.2, 0.6), _scores(0.6, 0.2), seed=1).probability == 1
    assert p_flip(_scores(0.2, 0.6), _scores(0.2, 0.6), seed=1).probability == 0


def test_workers_who_are_equal_flip_half_of_the_time() -> None:
    assert p_flip(_scores(0.2, 0.6), _scores(0.4, 0.4), seed=1).probability == 0.5


def test_flips_need_two_workers_and_five_clusters() -> None:
    with pytest.raises(ConfigError, match="`proxy` must hold two workers, got 3"):
        p_flip(_scores(0.1, 0.2, 0.3), _scores(0.1, 0.2, 0.3), seed=1)
    with pytest.raises(ConfigError, match="must be paired"):
        p_flip(_scores(0.1, 0.2), _scores(0.1, 0.2, 0.3), seed=1)
    few = p_flip(_scores(0.2, 0.6)[:, :4], _scores(0.2, 0.6)[:, :4], seed=1)
    assert (np.isnan(few.probability), few.why) == (True, "4 cluster(s); resampling needs 5")


def test_the_matrix_holds_every_pair() -> None:
    rng = np.random.default_rng(1)
    proxy, work = rng.random((2, 3, 12))
    found = rank_flips(proxy, work, seed=1)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        alone = p_flip(proxy[[i, j]], work[[i, j]], seed=1).probability
        assert found.probability[i, j] == found.probability[j, i] == alone
    assert np.isnan(np.diag(found.probability)).all()


def test_the_best_is_best_and_ties_share() -> None:
    assert p_best(_scores(0.2, 0.9), seed=1).probability.tolist() == [0, 1]
    assert p_best(_scores(0.6, 0.2, 0.6), seed=1).probability == pytest.approx([0.5, 0, 0.5])
    rng = np.random.default_rng(1)
    assert p_best(rng.random((4, 9)), seed=1).probability.sum() == pytest.approx(1)


def test_two_workers_alike_are_each_best_half_of_the_time() -> None:
    # Differences symmetric about 0: resamples fall on either side alike, up to draws.
    scores = np.array([0.5 + NOISE, 0.5 - NOISE])
    assert p_best(scores, seed=1, draws=20_000).probability == pytest.approx([0.5, 0.5], abs=0.02)


def test_nobody_is_dominated_by_a_worker_that_is_worse_somewhere() -> None:
    # Worker 0 leads on the first axis, 1 on the second; 2 is behind 0 on both.
    scores = np.stack([_scores(0.9, 0.2, 0.8), _scores(0.3, 0.9, 0.2)], axis=1)
    assert p_non_dominated(scores, seed=1).probability.tolist() == [1, 1, 0]


def test_workers_alike_do_not_dominate_each_other() -> None:
    scores = np.stack([_scores(0.5, 0.5), _scores(0.3, 0.3)], axis=1)
    assert p_non_dominated(scores, seed=1).probability.tolist() == [1, 1]


def test_an_axis_counts_where_it_applies() -> None:
    scores = np.stack([_scores(0.9, 0.5), _scores(0.2, 0.9)], axis=1)
    scores[0, 1, 0] = np.nan
    assert p_non_dominated(scores, seed=1).probability.tolist() == [1, 1]
    scores[1, 1, 1] = np.nan
    found = p_non_dominated(scores, seed=1)
    assert np.isnan(found.probability).all()
    assert found.why == "an axis applies to 4 cluster(s); resampling needs 5"
