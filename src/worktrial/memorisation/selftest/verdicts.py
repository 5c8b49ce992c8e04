"""The audit's own verdict on sets of which the truth is known."""

from dataclasses import dataclass

import numpy as np

from worktrial.memorisation.effect import Effect, variant_gap
from worktrial.memorisation.exposure import cauchy, rank_test
from worktrial.memorisation.measured import families
from worktrial.memorisation.selftest.scores import Scores
from worktrial.memorisation.verdict import Judgement, judge

MARGIN = 0.05
LEVEL = 0.95
ANSWERED = 5
"""Variants of an item that are answered, as in an audit."""


@dataclass(frozen=True)
class Scenario:
    """A set of items as the audit judges it, beside what is true of it.

    Attributes:
        name: What the set is.
        exposure_p: Over all families of statistics.
        effect: Of the paired gap to variants.
        truth: By how much its accuracy is higher for what was planted: the share planted, times
            the accuracy on planted items less that on many twins.
        judgement: The verdict.
    """

    name: str
    exposure_p: float
    effect: Effect
    truth: float
    judgement: Judgement

    @property
    def covers(self) -> bool:
        """Whether the effect's interval holds the truth."""
        return bool(self.effect.low <= self.truth <= self.effect.high)


def scenario(name: str, scores: Scores, *, truth: float, seed: int) -> Scenario:
    """Judge a set.

    Args:
        name: What the set is.
        scores: Of its items and their variants, on every metric.
        truth: By how much its accuracy is higher for what was planted.
        seed: Of what is drawn.
    """
    right = scores.right
    effect = variant_gap(right[:, 0], right[:, 1 : 1 + ANSWERED], level=LEVEL, seed=seed)
    exposed = exposure_p(scores, seed=seed)
    judgement = judge(exposed, effect, margin=MARGIN, level=LEVEL)
    return Scenario(name, exposed, effect, truth, judgement)


def exposure_p(scores: Scores, *, seed: int) -> float:
    """Combine the statistics of a family, and then the families."""
    voices = []
    for metrics in families(list(scores.of)).values():
        own = [scores.of[name] for name in metrics]
        voices.append(cauchy([rank_test(of[:, 0], of[:, 1:], seed=seed).p for of in own]))
    return cauchy(np.array(voices))
