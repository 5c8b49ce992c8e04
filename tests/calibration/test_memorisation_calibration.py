"""Exposure and effect over many simulated audits of known truth. Minutes: slow."""

import numpy as np
import pytest
from scipy import stats

from worktrial.memorisation.effect import (
    Effect,
    control_gap,
    reference_gap,
    unflagged_gap,
    variant_gap,
)
from worktrial.memorisation.exposure import cauchy, flagged, item_p_values, rank_test
from worktrial.memorisation.verdict import judge

pytestmark = pytest.mark.slow

ALARM = 1e-4
NONE = np.empty((0, 0))


def not_below(hits: int, runs: int, nominal: float) -> None:
    assert stats.binomtest(hits, runs, nominal, alternative="less").pvalue > ALARM


def not_above(hits: int, runs: int, nominal: float) -> None:
    assert stats.binomtest(hits, runs, nominal, alternative="greater").pvalue > ALARM


def texts(kind: str, rng: np.random.Generator, items: int, count: int) -> np.ndarray:
    """Texts nobody has met, shape (items, count); each item has its own place and scale."""
    size = items, count
    if kind == "zeros":
        chance = rng.beta(0.3, 3, (items, 1))
        return np.where(rng.random(size) < chance, rng.choice([0.1, 0.2, 0.5, 1], size), 0)
    drawn = {
        "normal": rng.normal(size=size),
        "heavy": rng.standard_t(2, size=size),
        "light": rng.uniform(-1, 1, size),
        "skewed": rng.exponential(size=size),
    }[kind]
    return rng.normal(0, 3, (items, 1)) + np.exp(rng.normal(0, 1, (items, 1))) * drawn


@pytest.mark.parametrize("kind", ["normal", "heavy", "light", "skewed", "zeros"])
def test_the_p_of_unexposed_items(kind: str) -> None:
    for variants in (3, 5, 19):
        rng, runs = np.random.default_rng(variants), 20
        shares = {0.05: 0, 0.01: 0}
        for _ in range(runs):
            x = texts(kind, rng, 2000, variants + 1)
            p = item_p_values(x[:, 0], x[:, 1:])
            for bar in shares:
                shares[bar] += int(np.sum(p <= bar))
        print(kind, variants, {bar: hits / runs / 2000 for bar, hits in shares.items()})
        for bar, hits in shares.items():
            not_above(hits, 2000 * runs, bar)
            # Discrete scores tie, and a tie counts against exposure.
            if kind != "zeros":
                not_below(hits, 2000 * runs, bar * 0.9)


@pytest.mark.parametrize("kind", ["normal", "heavy", "zeros"])
@pytest.mark.parametrize("items", [6, 12, 24, 50, 200, 600])
def test_the_rank_of_unexposed_items(kind: str, items: int) -> None:
    rng, runs = np.random.default_rng(items), 400
    found = []
    for n in range(runs):
        x = texts(kind, rng, items, 6)
        found.append(rank_test(x[:, 0], x[:, 1:], seed=n))
    hits, covered = sum(e.p <= 0.05 for e in found), sum(e.low <= 0.5 <= e.high for e in found)
    print(kind, items, "rejects", hits / runs, "covers", covered / runs)
    not_above(hits, runs, 0.05)
    not_below(covered, runs, 0.95)


@pytest.mark.parametrize("shift", [0.5, 2.0])
@pytest.mark.parametrize("items", [6, 12, 24, 50, 200])
def test_the_rank_of_exposed_items_is_covered(items: int, shift: float) -> None:
    # An item shifted by s is above a normal variant with the chance that a difference is.
    rng, runs, truth = np.random.default_rng(items), 400, stats.norm.cdf(shift / 2**0.5)
    own = [(rng.normal(shift, 1, items), rng.normal(size=(items, 5))) for _ in range(runs)]
    paired = [rank_test(*each, seed=1) for each in own]
    free = [
        rank_test(rng.normal(shift, 1, items), NONE, rng.normal(size=30), seed=1)
        for _ in range(100)
    ]
    for name, found in (("variants", paired), ("controls", free)):
        covered = sum(e.low <= truth <= e.high for e in found)
        print(name, items, shift, "covers", covered / len(found))
        not_below(covered, len(found), 0.95)


def test_families_that_depend_are_combined_without_more_errors() -> None:
    rng, runs = np.random.default_rng(1), 20_000
    for correlation in (0.0, 0.5, 0.95):
        shared = rng.normal(size=(runs, 1)) * correlation**0.5
        z = shared + rng.normal(size=(runs, 5)) * (1 - correlation) ** 0.5
        hits = sum(cauchy(stats.norm.sf(row)) <= 0.05 for row in z)
        print("cauchy, correlation", correlation, hits / runs)
        # Its tail is right only in the limit: simulations of its authors go up to .06 at .05.
        not_above(hits, runs, 0.06)


def test_flags_keep_their_rate() -> None:
    rng, shares, found = np.random.default_rng(2), [], []
    for _ in range(200):
        x = texts("normal", rng, 200, 20)
        spread = x[:, 1:].std(axis=1)
        x[:40, 0] += 4 * spread[:40]
        marked = flagged(item_p_values(x[:, 0], x[:, 1:]), 0.1)
        shares.append(marked[40:].sum() / max(marked.sum(), 1))
        found.append(marked[:40].mean())
    print("false among flagged", np.mean(shares), "exposed found", np.mean(found))
    assert np.mean(shares) < 0.1 + 4 * stats.sem(shares)
    assert np.mean(found) > 0.5


def answered(
    rng: np.random.Generator, items: int, accuracy: float, gap: float
) -> tuple[np.ndarray, np.ndarray]:
    """Texts of an item correlate by .5; so many items are known by heart that the gap is `gap`."""
    right = rng.beta(accuracy, 1 - accuracy, items)
    by_heart = rng.random(items) < gap / (1 - accuracy)
    published = (rng.random(items) < right) | by_heart
    return published.astype(float), (rng.random((items, 5)) < right[:, None]).astype(float)


def tabled(name: str, found: list[Effect], truth: float) -> None:
    covered = sum(e.low - 1e-9 <= truth <= e.high + 1e-9 for e in found)
    shown = sum(e.lower > 0 for e in found)
    width = np.mean([e.high - e.low for e in found])
    print(f"{name}: covers {covered / len(found):.3f} shown {shown / len(found):.3f} {width:.3f}")
    not_below(covered, len(found), 0.95)
    if truth == 0:
        not_above(shown, len(found), 0.05)


@pytest.mark.parametrize(
    ("accuracy", "gap"),
    [(a, g) for a in (0.1, 0.5, 0.9) for g in (0.0, 0.1, 0.3) if a + g <= 1],
)
def test_the_variant_gap(accuracy: float, gap: float) -> None:
    for items in (6, 12, 30, 100, 300):
        rng, runs = np.random.default_rng(items), 2000
        found = [fast_gap(*answered(rng, items, accuracy, gap)) for _ in range(runs)]
        tabled(f"variants, accuracy {accuracy}, gap {gap}, {items} items", found, gap)


def fast_gap(published: np.ndarray, fresh: np.ndarray) -> Effect:
    """Without p, whose search for a level takes longer than all else; it follows the bounds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("worktrial.memorisation.effect.difference_p_value", lambda *_: 0.5)
        return variant_gap(published, fresh)


@pytest.mark.parametrize(("accuracy", "gap"), [(0.1, 0.0), (0.5, 0.0), (0.9, 0.0), (0.5, 0.3)])
@pytest.mark.parametrize(("items", "controls"), [(12, 30), (30, 30), (100, 300)])
def test_the_control_gap(items: int, controls: int, accuracy: float, gap: float) -> None:
    rng = np.random.default_rng(items)
    right = [(rng.random(items) < accuracy + gap) * 1.0 for _ in range(300)]
    found = [control_gap(each, (rng.random(controls) < accuracy) * 1.0) for each in right]
    tabled(f"controls, accuracy {accuracy}, gap {gap}, {items} and {controls}", found, gap)


@pytest.mark.parametrize("references", [3, 5, 12])
@pytest.mark.parametrize("gap", [0.0, 0.15])
def test_the_reference_gap(references: int, gap: float) -> None:
    rng, found = np.random.default_rng(references), []
    for seed in range(80):
        skill = np.append(0.0, rng.normal(0, 0.8, references))[:, None]
        logits = skill - rng.normal(0.5, 1, 100) + rng.normal(0, 0.2, skill.shape)
        chance, own = 1 / (1 + np.exp(-logits)), 1 / (1 + np.exp(rng.normal(0, 1, 100) - skill))
        right, fresh = rng.random(chance.shape) < chance, rng.random(own.shape) < own
        right[0] |= rng.random(100) < gap / (1 - chance[0].mean())
        each = reference_gap(right[0], fresh[0], right[1:], fresh[1:], seed=seed)
        found += [each] if each.why is None else []
    tabled(f"{references} reference models, gap {gap}, {len(found)} measured", found, gap)


@pytest.mark.parametrize("items", [60, 300])
@pytest.mark.parametrize("gain", [0.0, 0.4])
def test_the_unflagged_gap_where_the_recall_is_as_assumed(items: int, gain: float) -> None:
    rng, found = np.random.default_rng(items), []
    for seed in range(150):
        exposed = rng.random(items) < 0.4
        flags = exposed & (rng.random(items) < 0.5)
        right = (rng.random(items) < 0.5 + gain * exposed).astype(float)
        each = unflagged_gap(right, flags, recall=0.5, rate=0.0, seed=seed)
        found += [each] if each.why is None else []
    tabled(f"not flagged, {items} items, gain {gain}", found, 0.4 * gain)


@pytest.mark.parametrize("items", [12, 40, 200])
def test_never_met_items_are_rarely_called_inflated(items: int) -> None:
    rng, runs = np.random.default_rng(items), 400
    words = [
        judge(rng.random(), fast_gap(*answered(rng, items, 0.5, 0)), margin=0.05).word
        for _ in range(runs)
    ]
    inflated = words.count("inflated")
    print(items, {word: words.count(word) / runs for word in sorted(set(words))})
    assert stats.binomtest(inflated, runs, 0.05, alternative="greater").pvalue > 0.01


def test_a_bare_threshold_is_refuted_by_the_same_check() -> None:
    """Negative control: standardised items against the normal distribution, no fresh text."""
    x = texts("heavy", np.random.default_rng(1), 2000, 20)
    naive = stats.norm.sf((x[:, 0] - x[:, 1:].mean(axis=1)) / x[:, 1:].std(axis=1))
    with pytest.raises(AssertionError):
        not_above(int(np.sum(naive <= 0.01)), 2000, 0.01)
