"""One conversation made readable: what was said, and the state of the simulated user beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from worktrial.evidence.logs import SampleLog, read_samples
from worktrial.search.extract import Replay, replay


@dataclass(frozen=True, slots=True)
class TurnStory:
    """One turn.

    Attributes:
        number: From 1.
        kind: What the worker's message is, such as `clarification`.
        looked: What it searched for and opened before.
        worker: Its message.
        user: What it was answered; empty where the conversation ended.
        state: What the simulated user made of the message, a line each.
    """

    number: int
    kind: str
    looked: tuple[str, ...]
    worker: str
    user: str
    state: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConversationStory:
    """One conversation.

    Attributes:
        name: The sample's id.
        arm: Under which it was held.
        opening: The request.
        outcome: What became of it.
        ended: How it ended, in words.
        f1: Of its answer; `None` where it is missing.
        satisfaction: How satisfied the person would be; `None` where it is missing.
        turns: All of them.
        goal: What a good answer says, a line each.
        claims: What the answer says, with what became of each claim.
        faults: Of the simulated user.
    """

    name: str
    arm: str
    opening: str
    outcome: str
    ended: str
    f1: float | None
    satisfaction: float | None
    turns: tuple[TurnStory, ...]
    goal: tuple[str, ...]
    claims: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]


def stories(log: Path, samples: set[str]) -> Iterator[ConversationStory]:
    """Tell some conversations of a log."""
    for found in read_samples(log):
        if str(found.sample.id) in samples:
            yield _story(found)
