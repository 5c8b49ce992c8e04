"""What each arm showed, and items where the instruction made a difference, ready to be shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from worktrial.evidence import Source
from worktrial.instruction.stories import AblateStory
from worktrial.report.instruction import ARM_WORDS
from worktrial.report.words import known, one_line

MOST_CONTRASTS = 3
"""Of each worker in each direction."""
_MOST_MESSAGES = 6
_HEAD, _TAIL = 1_600, 800
"""Characters: what is asked stands at the beginning, what is answered at the end."""


class Contrast(NamedTuple):
    """One item of a worker with the instruction, and with the form alone."""

    full: AblateStory
    form: AblateStory


@dataclass(frozen=True)
class Told:
    """Items of a worker whose score the instruction changed.

    Attributes:
        gained: Some that score higher with the instruction, the most first.
        lost: Some that score lower.
        gains: How many score higher.
        losses: How many score lower.
    """

    gained: Sequence[Contrast] = ()
    lost: Sequence[Contrast] = ()
    gains: int = 0
    losses: int = 0


@dataclass(frozen=True)
class Ablated:
    """What is shown of an ablation beside its findings.

    Attributes:
        instruction: What was found as the instruction.
        kept: What of it was kept as form, and the output space in our words.
        arms: One item under every arm that was run.
        left_out: Arms that the task does not allow, each with the reason.
        told: By worker.
    """

    instruction: str = ""
    kept: str = ""
    arms: Sequence[AblateStory] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Told] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownSample:
    """One sample under an arm, cut to what fits."""

    arm: str
    words: str
    outcome: str
    score: str
    messages: tuple[tuple[str, str], ...]
    more_messages: int
    completion: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class ShownContrast:
    """One item with the instruction and with the form alone."""

    name: str
    direction: str
    target: str
    samples: tuple[ShownSample, ShownSample]


@dataclass(frozen=True, slots=True)
class ShownWorker:
    """The contrasts of a worker, those where the instruction helped first."""

    anchor: str
    name: str
    gains: int
    losses: int
    contrasts: tuple[ShownContrast, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The samples that are told."""
        return tuple(s.source for each in self.contrasts for s in each.samples if s.source)


def shown_workers(workers: Sequence[str], told: Mapping[str, Told]) -> list[ShownWorker]:
    """What a page shows of every worker of whom anything is told."""
    return [
        ShownWorker(
            f"i{number}", worker, told[worker].gains, told[worker].losses,
            tuple(_contrasts(told[worker])),
        )
        for number, worker in enumerate(workers, 1)
        if worker in told
    ]  # fmt: skip


def shown(story: AblateStory) -> ShownSample:
    """A sample cut to what fits."""
    return ShownSample(
        arm=story.arm,
        words=ARM_WORDS.get(story.arm, ""),
        outcome=story.outcome,
        score=known(story.score),
        messages=tuple((role, clipped(text)) for role, text in story.prompt[:_MOST_MESSAGES]),
        more_messages=max(0, len(story.prompt) - _MOST_MESSAGES),
        completion=clipped(story.completion.strip()),
        source=story.source,
    )


def clipped(text: str) -> str:
    """The beginning and the end of a text, and how much stands between them."""
    left = len(text) - _HEAD - _TAIL
    if left <= 0:
        return text
    return f"{text[:_HEAD]}\n… {left:,} more characters …\n{text[-_TAIL:]}"


def _contrasts(told: Told) -> Iterator[ShownContrast]:
    for direction, of in (("gained", told.gained), ("lost", told.lost)):
        for each in of[:MOST_CONTRASTS]:
            again = f", replicate {each.full.replicate}" if each.full.replicate > 1 else ""
            yield ShownContrast(
                name=one_line(each.full.item, 80) + again,
                direction=direction,
                target=clipped(each.full.target),
                samples=(shown(each.full), shown(each.form)),
            )
