"""Stated confidence against what came of it, worked by hand and against scipy."""

import numpy as np
import pytest
from happenings import claim, measured
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from worktrial.conduct.metrics.predictability import predictability

SAMPLES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.05, 0.1, 0.5, 0.9, 0.95, 1.0]), st.sampled_from([0.0, 1.0])),
    min_size=1, max_size=30,
)  # fmt: skip


def test_numbers_worked_by_hand() -> None:
    # Bins: .9 twice (one right), .3 once (wrong). ECE = (|1.8 - 1| + .3)/3.
    # Pairs: .9 > .3 and .9 = .9, so AUROC = (1 + 1/2)/2. Brier = (.01 + .81 + .09)/3.
    found = predictability([0.9, 0.9, 0.3], [1, 0, 0.5])
    assert found.ece.value == pytest.approx(1.1 / 3)
    assert found.auroc.value == 0.75
    assert found.brier.value == pytest.approx(0.91 / 3)
    assert found.curve == ((2 / 3, 0.5, 0.9), (1, 2 / 3, 0.3))
    assert found.of == 3
    assert found.why == {}


def test_what_is_missing_is_left_out() -> None:
    found = predictability([0.9, None, float("nan"), 0.2], [1, 1, 0, None])
    assert found.of == 1
    assert found.brier.value == pytest.approx(0.01)
    assert found.why == {"auroc": "all samples came out alike, so nothing is told apart"}
    nothing = predictability([None], [1])
    assert set(nothing.why) == {"ece", "auroc", "brier"}
    assert nothing.curve == ()


@pytest.mark.parametrize(("confidence", "success"), [([1.1], [1]), ([0.5], [-1]), ([0.5], [])])
def test_what_is_no_probability_is_refused(confidence: list[float], success: list[float]) -> None:
    with pytest.raises(ValueError, match=r"in \[0, 1\]|give as many"):
        predictability(confidence, success)


@given(SAMPLES)
def test_auroc_is_mann_whitneys_u(samples: list[tuple[float, float]]) -> None:
    stated, right = map(np.array, zip(*samples, strict=True))
    found = predictability(list(stated), list(right)).auroc.value
    good, bad = stated[right == 1], stated[right == 0]
    if len(good) and len(bad):
        u = mannwhitneyu(good, bad).statistic
        assert found == pytest.approx(u / len(good) / len(bad))
    else:
        assert found is None


@given(SAMPLES)
def test_laws_of_calibration(samples: list[tuple[float, float]]) -> None:
    stated, right = map(list, zip(*samples, strict=True))
    found = predictability(stated, right)
    assert 0 <= found.ece.value <= 1
    assert abs(np.mean(stated) - np.mean(right)) <= found.ece.value + 1e-9
    assert found.curve[-1].coverage == 1
    assert found.curve[-1].risk == pytest.approx(1 - np.mean(right))
    assert predictability(right, right).ece.value == 0


def test_the_confidence_of_the_last_claim_counts() -> None:
    first, last = claim(confidence=0.2, final=False), claim(confidence=0.7)
    assert measured("stated_confidence", first, last).value == 0.7
    assert measured("stated_confidence", claim()).why == "the worker states no confidence"
