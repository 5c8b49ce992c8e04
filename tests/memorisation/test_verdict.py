"""One word out of two answers, for every combination of them."""

from dataclasses import dataclass

import numpy as np
import pytest

from worktrial.memorisation.effect import Effect, detectable_gap, variant_gap
from worktrial.memorisation.verdict import judge

MARGIN = 0.05


@dataclass(frozen=True)
class Blind:
    broken: bool
    why: str | None = "options are longer"


def effect(lower: float, upper: float) -> Effect:
    value = (lower + upper) / 2
    return Effect(value, lower, upper, 0.95, 0.5, 0.176, 30, None, "by hand", lower, upper)


@pytest.mark.parametrize(
    ("p", "bounds", "word"),
    [
        (0.001, (0.01, 0.2), "inflated"),
        (0.9, (0.01, 0.2), "inflated"),
        (np.nan, (0.01, 0.03), "inflated"),
        (0.001, (-0.02, 0.04), "exposed but not inflated"),
        (0.05, (-0.02, 0.04), "exposed but not inflated"),
        (0.06, (-0.02, 0.04), "no evidence"),
        (np.nan, (-0.02, 0.04), "cannot tell"),
        (0.001, (-0.02, 0.06), "cannot tell"),
        (0.9, (-0.02, 0.05), "cannot tell"),
        (0.001, (np.nan, np.nan), "cannot tell"),
    ],
)
def test_the_word(p: float, bounds: tuple[float, float], word: str) -> None:
    found = judge(p, effect(*bounds), margin=MARGIN, blind=Blind(broken=False))
    assert found.word == word
    broken = judge(p, effect(*bounds), margin=MARGIN, blind=Blind(broken=True))
    assert broken.word == "cannot tell"
    assert broken.why == "the controls are broken: options are longer"


def test_what_could_not_have_been_seen_is_said() -> None:
    # 30 items, accuracy one half: published and variants right equally often, correlation .5.
    rng = np.random.default_rng(9)
    right = rng.beta(0.5, 0.5, 30)
    published = (rng.random(30) < right) * 1.0
    found = variant_gap(published, (rng.random((30, 5)) < right[:, None]) * 1.0)
    said = judge(0.5, found, margin=MARGIN)
    assert said.word == "cannot tell"
    assert "with 30 items a gap below about 1" in said.why
    assert found.detectable == pytest.approx(detectable_gap(30, 0.5, 0.5, 5), abs=0.03)


def test_an_effect_that_was_not_measured_has_its_reason() -> None:
    assert "was not measured" in judge(0.01, None, margin=MARGIN).why
    nothing = variant_gap([1.0], [[np.nan]])
    assert (nothing.why or "?") in judge(0.01, nothing, margin=MARGIN).why
