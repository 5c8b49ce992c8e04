"""What a worker was shown of an item under an arm and what it wrote, for people to read."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from inspect_ai.log import EvalSample
from inspect_ai.model import ChatMessage

from worktrial.evidence.logs import Log, Source, read_samples
from worktrial.instruction.extract import SCORE, measured_of
from worktrial.instruction.task import KEPT


@dataclass(frozen=True, slots=True)
class AblateStory:
    """One sample under an arm.

    Attributes:
        item: Its id.
        arm: Under which it was run.
        replicate: Which time.
        outcome: What became of it.
        score: The task's own, as a number in [0, 1]; `None` where it is missing.
        target: The item's own answer; empty where it came to no call.
        prompt: The messages before the first answer, each by its role and text.
        completion: The last that the worker wrote.
        source: Where its sample lies; `None` where it is in no log.
    """

    item: str
    arm: str
    replicate: int
    outcome: str
    score: float | None
    target: str
    prompt: tuple[tuple[str, str], ...]
    completion: str
    source: Source | None = None


def stories(log: Log, wanted: Collection[tuple[str, int]]) -> Iterator[AblateStory]:
    """Tell some samples of an ablation's log.

    Args:
        log: Of a worker under an arm.
        wanted: The samples by their ids, each with its replicate.
    """
    for found in read_samples(log, only={sample for sample, _ in wanted}):
        if (str(found.sample.id), found.sample.epoch) in wanted:
            yield replace(story_of(found.sample), source=found.source)


def story_of(sample: EvalSample) -> AblateStory:
    """Tell one sample of a log."""
    kept, said = sample.metadata[KEPT], sample.store.get(KEPT) or {}
    scored = next(row for row in measured_of(sample, kept, said) if row.metric == SCORE)
    return AblateStory(
        item=str(kept["item"]["id"]),
        arm=str(kept["arm"]),
        replicate=sample.epoch,
        outcome=scored.outcome,
        score=scored.value,
        target=str(said.get("target", "")),
        prompt=_prompt(sample.messages) if said else (),
        completion=sample.output.completion,
    )


def _prompt(messages: Sequence[ChatMessage]) -> tuple[tuple[str, str], ...]:
    """What stands before the first answer: turns of an assistant may be the item's own."""
    shown = takewhile(lambda m: not (m.role == "assistant" and m.source == "generate"), messages)
    return tuple((message.role, message.text) for message in shown)
