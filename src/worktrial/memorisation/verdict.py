"""The verdict: two questions, one word, and the reason in plain words.

No word says that a set was never met: after post-training every probe may be silent.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from worktrial.estimate.inputs import checked_level
from worktrial.memorisation.effect import Effect

Word = Literal["inflated", "exposed but not inflated", "no evidence", "cannot tell"]


class Checked(Protocol):
    """What a classifier that never sees the model said of the controls."""

    @property
    def broken(self) -> bool:
        """Whether it can tell items from controls."""

    @property
    def why(self) -> str | None:
        """In words."""


@dataclass(frozen=True)
class Judgement:
    """What is said of a model and a set.

    Attributes:
        word: The verdict.
        why: What it rests on, in a sentence or two.
    """

    word: Word
    why: str


def judge(
    exposure_p: float,
    effect: Effect | None,
    *,
    margin: float,
    level: float = 0.95,
    blind: Checked | None = None,
) -> Judgement:
    """Say whether a score is inflated.

    *Inflated*: the gap's one-sided lower bound is above 0, whatever the probes say: a model can
    gain from what no probe brings to light. *Exposed but not inflated*: the probes show exposure,
    and the gap's upper bound is below the margin. *No evidence*: neither, and the upper bound is
    below the margin. *Cannot tell* is all else, and everything where the controls are broken.

    Args:
        exposure_p: Of exposure, over all families of statistics; NaN where it was not measured.
        effect: The gap that decides; `None` where it could not be measured.
        margin: A difference in accuracy that does not matter.
        level: Of each of the two answers, one-sided, in (0, 1); the effect must be at this level.
        blind: What the blind check said; `None` where there was none.
    """
    checked_level(level)
    if blind is not None and blind.broken:
        why = blind.why or "items and controls differ without the model"
        return Judgement("cannot tell", f"the controls are broken: {why}")
    exposed = exposure_p <= 1 - level
    if effect is None or np.isnan(effect.lower):
        return Judgement("cannot tell", f"{_exposure(exposure_p, level)}; {_no_effect(effect)}")
    if effect.lower > 0:
        return Judgement("inflated", f"{_gap(effect)}; {_exposure(exposure_p, level)}")
    if effect.upper < margin and not np.isnan(exposure_p):
        small = f"any gap is below {_points(effect.upper)} points, less than the {_points(margin)}"
        word: Word = "exposed but not inflated" if exposed else "no evidence"
        return Judgement(word, f"{_exposure(exposure_p, level)}; {small} that matter")
    return Judgement("cannot tell", f"{_exposure(exposure_p, level)}; {_unseen(effect, margin)}")


def _exposure(p: float, level: float) -> str:
    if np.isnan(p):
        return "exposure was not measured"
    shown = "exposure is shown" if p <= 1 - level else "no exposure is shown"
    return f"{shown} (p {_p(p)})"


def _gap(effect: Effect) -> str:
    return (
        f"the score is {_points(effect.value)} points higher than on fresh texts, at least "
        f"{_points(effect.lower)} (p {_p(effect.p)})"
    )


def _no_effect(effect: Effect | None) -> str:
    why = effect.why if effect is not None else None
    return f"the effect on the score was not measured{f' ({why})' if why else ''}"


def _unseen(effect: Effect, margin: float) -> str:
    """What could not have been seen, or what could not be ruled out."""
    if effect.upper < margin:
        return f"any gap is below {_points(effect.upper)} points"
    return (
        f"with {effect.items} items a gap below about {_points(effect.detectable)} points could "
        f"not have been seen, and one of up to {_points(effect.upper)} is not ruled out"
    )


def _points(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0")


def _p(p: float) -> str:
    return "< .0001" if p < 1e-4 else f"= {p:.2g}".replace("0.", ".")
