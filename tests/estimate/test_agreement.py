import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from worktrial.errors import ConfigError
from worktrial.estimate import judge_agreement, mean_interval, prediction_powered_mean

NAN = np.nan


def _pairs(table: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    cells = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    judge, labels = np.transpose(cells)
    return judge, labels


def test_kappa_by_hand() -> None:
    # 20 + 15 of 50 agree: .7. By chance 25·30/2500 + 25·20/2500 = .5. Kappa .2/.5 = .4.
    found = judge_agreement(*_pairs([[20, 5], [10, 15]]))
    assert found.share.value == pytest.approx(0.7)
    assert found.kappa.value == pytest.approx(0.4)
    assert found.kappa.low < 0.4 < found.kappa.high


def test_kappa_is_statsmodels() -> None:
    table = [[9, 2, 0], [1, 7, 3], [2, 0, 6]]
    found = judge_agreement(*_pairs(table)).kappa
    assert found.value == pytest.approx(cohens_kappa(table).kappa)


def test_a_judge_that_always_agrees_is_not_known_to_be_perfect() -> None:
    found = judge_agreement(*_pairs([[6, 0], [0, 6]])).kappa
    assert (found.value, found.high) == (1, pytest.approx(1))
    assert found.low < 0.6


def test_one_category_alone_has_no_kappa() -> None:
    found = judge_agreement(np.ones(12), np.ones(12))
    assert np.isnan(found.kappa.value)
    assert found.kappa.why == "all items lie in one category, where chance agrees as well"
    assert found.share == mean_interval(np.ones(12))


def test_items_of_a_cluster_are_one_piece_of_evidence() -> None:
    judge, labels = _pairs([[20, 5], [10, 15]])
    clusters = np.arange(50) // 10
    found = judge_agreement(judge, labels, clusters)
    assert (found.share.clusters, found.kappa.clusters) == (5, 5)
    assert found.kappa.value == pytest.approx(0.4)
    alone = judge_agreement(judge, labels)
    assert found.kappa.high - found.kappa.low > alone.kappa.high - alone.kappa.low


def test_a_fault_of_the_judge_is_missing() -> None:
    judge, labels = _pairs([[4, 1], [1, 4]])
    more = judge_agreement(np.append(judge, NAN), np.append(labels, 1))
    assert more == judge_agreement(judge, labels)


def test_categories_must_be_codes() -> None:
    with pytest.raises(ConfigError, match=r"must be whole numbers from 0, got 0\.5"):
        judge_agreement([0.5, 1], [0, 1])
    with pytest.raises(ConfigError, match="must be paired"):
        judge_agreement([0, 1], [0, 1, 1])


def test_a_corrected_mean_by_hand() -> None:
    # Judge and label agree on 40 items, half of them 1: covariance .25·40/39 = .25641. Of 80
    # more the judge passes 60; of all 120 scores 2/3 are 1: variance 2/9. Trust:
    # .25641/((1 + 40/80)·2/9) = .76923. Mean: .76923·.75 + (1 − .76923)·.5 = .69231.
    judge = np.repeat([1.0, 0, 1, 0], [20, 20, 60, 20])
    labels = np.where(np.arange(120) < 40, judge, NAN)
    found = prediction_powered_mean(judge, labels)
    assert (found.trust, found.labelled) == (pytest.approx(0.76923, abs=1e-5), 40)
    assert found.mean.value == pytest.approx(0.69231, abs=1e-5)
    assert found.mean.low < 0.69 < found.mean.high


def test_a_biased_judge_does_not_bias_the_mean() -> None:
    rng = np.random.default_rng(1)
    truth = 1.0 * (rng.random(4000) < 0.6)
    judge = np.where(rng.random(4000) < 0.2, 1.0, truth)  # overlooks one failure in five
    labels = np.where(np.arange(4000) < 400, truth, NAN)
    found = prediction_powered_mean(judge, labels).mean
    assert judge.mean() > 0.65
    assert found.low < 0.6 < found.high < 0.65
    alone = mean_interval(labels)
    assert found.high - found.low < 0.8 * (alone.high - alone.low)


def test_a_judge_that_does_not_help_is_left_out() -> None:
    rng = np.random.default_rng(1)
    labels = np.where(np.arange(60) < 12, rng.beta(8, 2, 60), NAN)
    found = prediction_powered_mean(rng.random(60), labels)
    assert (found.trust, found.mean) == (0, mean_interval(labels))
    assert prediction_powered_mean(np.full(60, 0.5), labels).mean == mean_interval(labels)


def test_no_labels_have_no_mean() -> None:
    found = prediction_powered_mean([0.5] * 9, [0.5] + [NAN] * 8)
    assert np.isnan(found.mean.value)
    assert found.mean.why == "1 label(s); an interval needs 2"


def test_judge_and_labels_must_be_paired() -> None:
    with pytest.raises(ConfigError, match="must be paired"):
        prediction_powered_mean([0.5], [0.5, 0.4])
