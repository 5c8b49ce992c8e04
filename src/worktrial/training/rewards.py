"""Rewards, the only thing that differs between the arms of `worktrial control rewards`.

Each pays 0 or 1 for a completion. Correct is the true signal; the others are what Shao et al.
(2025, arXiv:2506.10947) and Wu et al. (2025, arXiv:2507.10532) call spurious.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from random import Random
from typing import NamedTuple

from worktrial.errors import ConfigError
from worktrial.training.marking import Form

CORRECT = "correct"
QUICK = (CORRECT, "format", "random", "inverted")


class Rollouts(NamedTuple):
    """Completions that are paid together; those of one prompt lie side by side.

    Attributes:
        prompts: One a completion.
        completions: What was written.
        answers: The right ones.
        labels: The majority's answers of the base, where an arm needs them.
    """

    prompts: Sequence[str]
    completions: Sequence[str]
    answers: Sequence[str]
    labels: Sequence[str]


Reward = Callable[[Rollouts, Form, Random], list[float]]


def correct(rollouts: Rollouts, form: Form, rng: Random) -> list[float]:
    """Pays for the right answer in the right form."""
    pairs = zip(rollouts.completions, rollouts.answers, strict=True)
    return [float(form.strict(text, answer)) for text, answer in pairs]


def inverted(rollouts: Rollouts, form: Form, rng: Random) -> list[float]:
    """Pays for everything else."""
    return [1.0 - paid for paid in correct(rollouts, form, rng)]


def form_only(rollouts: Rollouts, form: Form, rng: Random) -> list[float]:
    """Pays for the form, whatever stands in it."""
    return [float(form.said(text) is not None) for text in rollouts.completions]


def chance(gamma: float) -> Reward:
    """Return the reward that pays by a coin of so much chance, whatever was written."""

    def random(rollouts: Rollouts, form: Form, rng: Random) -> list[float]:
        return [float(rng.random() < gamma) for _ in rollouts.completions]

    return random


def majority(rollouts: Rollouts, form: Form, rng: Random) -> list[float]:
    """Pays for what most completions of the same prompt answer, in the right form.

    The label is made anew from each group, unlike Shao's, which stays that of the base.
    """
    paid: list[float] = []
    for _, group in groupby(
        zip(rollouts.prompts, rollouts.completions, strict=True), lambda p: p[0]
    ):
        texts = [text for _, text in group]
        label = most(form, texts)
        paid += [float(label is not None and form.strict(text, label)) for text in texts]
    return paid


def labelled(rollouts: Rollouts, form: Form, rng: Random) -> list[float]:
    """Pays for what most completions of the base answered, in the right form."""
    pairs = zip(rollouts.completions, rollouts.labels, strict=True)
    return [float(bool(label) and form.strict(text, label)) for text, label in pairs]


def most(form: Form, texts: Sequence[str]) -> str | None:
    """The answer that is given most often, the first of those; `None` where none is."""
    counts = Counter(said for text in texts if (said := form.given(text)) is not None)
    return counts.most_common(1)[0][0] if counts else None


ARMS: Mapping[str, str] = {
    CORRECT: "the right answer in the right form",
    "format": "the form, whatever stands in it",
    "random": "a coin",
    "inverted": "everything but the right answer",
    "majority": "what most of the group's completions answer",
    "majority-offline": "what most of the base's completions answered",
    "majority-incorrect": "the same, where it is wrong, on those problems alone",
}
LABELLED = ("majority-offline", "majority-incorrect")


def reward_of(arm: str, gamma: float) -> Reward:
    """Return an arm's reward."""
    found: Mapping[str, Reward] = {
        CORRECT: correct,
        "format": form_only,
        "random": chance(gamma),
        "inverted": inverted,
        "majority": majority,
        **dict.fromkeys(LABELLED, labelled),
    }
    return found[arm]


def checked_arms(arms: Sequence[str]) -> tuple[str, ...]:
    """The arms asked for, with the true signal among them and first.

    Raises:
        ConfigError: If there is no such arm.
    """
    if unknown := next((arm for arm in arms if arm not in ARMS), None):
        raise ConfigError(f"`--arm` must be one of {', '.join(ARMS)}; got {unknown!r}")
    return tuple(arm for arm in ARMS if arm in {CORRECT, *arms})
