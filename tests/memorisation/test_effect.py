"""Effects worked by hand, and whether their bounds cover a true gap."""

import numpy as np
import pytest
from scipy import special, stats

from worktrial.errors import ConfigError
from worktrial.memorisation.effect import (
    Effect,
    control_gap,
    detectable_gap,
    reference_gap,
    unflagged_gap,
    variant_gap,
)

Answers = tuple[np.ndarray, np.ndarray]


def answered(
    rng: np.random.Generator, items: int, accuracy: float, gap: float, variants: int = 5
) -> Answers:
    """Items whose own difficulty correlates texts by .5; a share of them is known by heart."""
    right = rng.beta(accuracy, 1 - accuracy, items)
    by_heart = rng.random(items) < gap / (1 - accuracy)
    published = (rng.random(items) < right) | by_heart
    return published.astype(float), (rng.random((items, variants)) < right[:, None]).astype(float)


@pytest.mark.parametrize(("items", "points"), [(30, 17.6), (100, 9.6), (500, 4.3), (1319, 2.65)])
def test_what_can_be_seen_at_accuracy_one_half(items: int, points: float) -> None:
    # (1.645 + .842) sqrt(.25 * .5 * 1.2 / n).
    assert 100 * detectable_gap(items, 0.5, 0.5, 5) == pytest.approx(points, abs=0.05)


def test_the_gap_is_the_mean_over_items_of_published_less_own_variants() -> None:
    found = variant_gap(
        [1.0, 0.0, 1.0, np.nan], np.array([[1, 0], [0, np.nan], [np.nan] * 2, [1, 1]])
    )
    assert found.value == pytest.approx((0.5 + 0) / 2)
    assert found.items == 2
    assert variant_gap([1.0], [[np.nan]]).why


@pytest.mark.parametrize("items", [8, 40])
def test_bound_and_p_never_disagree(items: int) -> None:
    rng = np.random.default_rng(items)
    for gap in (0.0, 0.1, 0.2, 0.3, 0.4):
        found = variant_gap(*answered(rng, items, 0.5, gap))
        assert (found.p <= 0.05) == (found.lower > 0)
        assert found.low <= found.lower <= found.value <= found.upper <= found.high


@pytest.mark.parametrize("accuracy", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("items", [12, 100])
def test_a_true_gap_is_covered_and_none_is_rarely_seen(accuracy: float, items: int) -> None:
    rng = np.random.default_rng(1)
    for gap in (0.0, 0.1):
        found = [variant_gap_only(rng, items, accuracy, gap) for _ in range(60)]
        covered = sum(each.low - 1e-9 <= gap <= each.high + 1e-9 for each in found)
        assert stats.binomtest(covered, 60, 0.95, alternative="less").pvalue > 1e-4
        if gap == 0:
            seen = sum(each.lower > 0 for each in found)
            assert stats.binomtest(seen, 60, 0.05, alternative="greater").pvalue > 1e-4


def variant_gap_only(rng: np.random.Generator, items: int, accuracy: float, gap: float) -> Effect:
    return variant_gap(*answered(rng, items, accuracy, gap))


def test_all_right_is_planned_for_and_not_called_visible() -> None:
    found = variant_gap(np.ones(30), np.ones((30, 5)))
    # Clopper and Pearson on 0 of 30: 1 - .05^(1/30).
    assert found.upper == pytest.approx(1 - 0.05 ** (1 / 30), abs=1e-6)
    assert found.detectable == found.value - found.lower > detectable_gap(30, 30.5 / 31, 0.5, 5)


def test_thirty_items_see_a_gap_from_about_eighteen_points() -> None:
    rng = np.random.default_rng(2)
    seen = [variant_gap(*answered(rng, 30, 0.5, 0)).detectable for _ in range(40)]
    assert np.median(seen) == pytest.approx(0.176, abs=0.02)


def test_controls_give_a_difference_of_means() -> None:
    found = control_gap([1.0, 1.0, 0.0, 1.0], [0.0, 1.0, 0.0, 0.0, np.nan])
    assert found.value == pytest.approx(0.75 - 0.25)
    assert control_gap([1.0], [0.0, 1.0]).why
    rng = np.random.default_rng(3)
    for truth in (0.0, 0.3):
        some = [
            control_gap((rng.random(40) < 0.5 + truth) * 1.0, (rng.random(60) < 0.5) * 1.0)
            for _ in range(60)
        ]
        assert all((e.p <= 0.05) == (e.lower > 0) for e in some)
        covered = sum(e.low <= truth <= e.high for e in some)
        assert stats.binomtest(covered, 60, 0.95, alternative="less").pvalue > 1e-4


def models(
    rng: np.random.Generator, references: int, gap: float, items: int = 150
) -> tuple[np.ndarray, ...]:
    """One model and its references, on a published set that is harder for all."""
    skill = np.append(0.0, rng.normal(0, 0.8, references))[:, None]
    published = special.expit(skill - rng.normal(0.5, 1, items) + rng.normal(0, 0.1, skill.shape))
    fresh = special.expit(skill - rng.normal(0, 1, items))
    right = rng.random(published.shape) < published
    right[0] |= rng.random(items) < gap / (1 - published[0].mean())
    known = (rng.random(fresh.shape) < fresh).astype(float)
    return right[0].astype(float), known[0], right[1:].astype(float), known[1:]


def test_reference_models_say_what_is_to_be_expected() -> None:
    rng = np.random.default_rng(4)
    for truth in (0.0, 0.3):
        found = [reference_gap(*models(rng, 6, truth), seed=1) for _ in range(12)]
        known = [e for e in found if e.why is None]
        assert len(known) >= 10
        assert np.mean([e.value for e in known]) == pytest.approx(truth, abs=0.06)
        assert sum(e.low <= truth <= e.high for e in known) >= len(known) - 2


def test_no_expectation_without_models_near_the_floor_or_out_of_reach() -> None:
    rng = np.random.default_rng(5)
    published, fresh, others, others_fresh = models(rng, 4, 0.0)
    few = reference_gap(published, fresh, others[:2], others_fresh[:2])
    assert few.why == "2 reference model(s); an expectation needs 3"
    # A weak model, 4.8 % against 6.5 %: the value is shown, and no bounds.
    weak, weaker = (np.repeat([1.0, 0.0], [k, 150 - k]) for k in (10, 7))
    floor = reference_gap(weak, weaker, others, others_fresh)
    assert "floor" in (floor.why or "")
    assert not np.isnan(floor.value)
    assert np.isnan(floor.p)
    strong = reference_gap(np.ones(150), np.ones(150), others, others_fresh)
    assert strong.why == "no reference model is about as strong"


def test_what_flagged_items_owe_by_hand() -> None:
    # 40 flagged, all exposed, all right; recall .8, so 10 more hide among 60. Unexposed: half of 50
    # are right. Accuracy .75, without exposure .5.
    published = np.concatenate([np.ones(50), np.tile([1.0, 0.0], 25)])
    found = unflagged_gap(published, np.arange(100) < 40, recall=0.8, rate=0.0)
    assert found.value == pytest.approx(0.25)
    assert found.low < 0.25 < found.high
    assert "recall 0.8 assumed" in found.method


def test_flags_that_follow_difficulty_alone_are_not_inflation_within_strata() -> None:
    # All easy items right, all hard ones wrong; flags fall mostly on the easy.
    hard = np.arange(100) >= 50
    flags = (np.arange(100) % 5 == 0) | (np.arange(100) < 20)
    naive, fair = (
        unflagged_gap((~hard).astype(float), flags, strata=strata, recall=1.0, rate=0.0)
        for strata in (None, 1.0 * hard)
    )
    assert naive.value > 0.1
    assert fair.value == 0.0


def test_flags_that_say_nothing_have_a_reason() -> None:
    assert "2 of 10" in (unflagged_gap(np.ones(10), np.arange(10) < 2).why or "")
    assert "recall" in (unflagged_gap(np.ones(100), np.arange(100) < 80).why or "")
    with pytest.raises(ConfigError, match="`recall`"):
        unflagged_gap(np.ones(10), np.ones(10), recall=0)


def test_a_recall_that_would_need_an_impossible_accuracy_is_refused() -> None:
    # 18 of 36 flagged and right, the others wrong: at a recall of .5 nearly all would be exposed.
    published, flags = np.repeat([1.0, 0.0], 18), np.repeat([True, False], 18)
    found = unflagged_gap(published, flags, recall=0.5, rate=0.1)
    assert np.isnan(found.value)
    assert found.why is not None


def test_what_the_bounds_leave_open_could_not_have_been_seen() -> None:
    found = variant_gap(np.ones(50), np.ones((50, 5)))
    assert found.detectable >= found.value - found.lower
