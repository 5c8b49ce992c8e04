"""One item made readable: what was asked, and every event of the office's log, turn by turn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from worktrial.evidence.logs import Log, SampleLog, Source, read_samples
from worktrial.office.events import Event
from worktrial.readiness.arms import arm as find_arm
from worktrial.readiness.extract import events_of
from worktrial.readiness.items import OfficeItem
from worktrial.readiness.script import parts

_HEADINGS = ("session", "turn")


class Line(NamedTuple):
    """One event: of which kind, and what it says."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class TurnStory:
    """One turn of a conversation.

    Attributes:
        session: Which conversation, from 1.
        number: Which turn of it, from 1.
        request: What the user said; empty where that is not known.
        lines: Its events, in their order.
    """

    session: int
    number: int
    request: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ItemStory:
    """One item under one arm.

    Attributes:
        name: The item, and which repetition of it.
        sample: The sample's id in its log.
        replicate: Which repetition, from 1.
        arm: Under which arm.
        turns: Of its own conversations.
        between: How many conversations about other things lay between; they are not told.
        source: Where its sample lies; `None` where it is in no log.
    """

    name: str
    sample: str
    replicate: int
    arm: str
    turns: tuple[TurnStory, ...]
    between: int
    source: Source | None = None


def stories(log: Log, samples: set[str]) -> Iterator[ItemStory]:
    """Tell some items of a log."""
    return map(story_of, read_samples(log, only=samples))


def story_of(found: SampleLog) -> ItemStory:
    """Tell the item of a sample, turn by turn."""
    sample = found.sample
    item, arm = OfficeItem.model_validate(sample.metadata["item"]), find_arm(sample.metadata["arm"])
    conversations = parts(item, arm)
    asked = {n: tuple(part.session.turns) for n, part in enumerate(conversations, 1) if part.own}
    return ItemStory(
        name=str(sample.id) if sample.epoch == 1 else f"{sample.id}, repetition {sample.epoch}",
        sample=str(sample.id),
        replicate=sample.epoch,
        arm=arm.name,
        turns=tell(events_of(sample), asked),
        between=len(conversations) - len(asked),
        source=found.source,
    )


def tell(events: Sequence[Event], asked: dict[int, tuple[str, ...]]) -> tuple[TurnStory, ...]:
    """Tell events turn by turn.

    Args:
        events: The office's log.
        asked: By session that is to be told, what the user said in its turns.
    """
    mine = (event for event in events if event.session in asked and event.kind not in _HEADINGS)
    return tuple(
        TurnStory(session, turn, _request(asked[session], turn), tuple(map(_line, found)))
        for (session, turn), found in groupby(mine, key=lambda e: (e.session, e.turn))
    )


def _request(turns: Sequence[str], number: int) -> str:
    return turns[number - 1] if 1 <= number <= len(turns) else ""


def _line(event: Event) -> Line:
    """An event in words; what it holds of a worker is not touched here."""
    match event.kind:
        case "call":
            became = "" if event.field == "ok" else f" ({event.field})"
            return Line("call", f"{event.tool} {event.value}{became}")
        case "read":
            return Line("read", event.target)
        case "write":
            return Line("write", f"{event.target} {event.field}: {event.value}")
        case "keystroke":
            return Line("typed", f"{event.target}, {event.field}: {event.value}")
        case "permission":
            return Line("permission", f"{event.target} {event.field}: {event.value}")
        case "fault":
            return Line("fault", f"{event.tool}: {event.target}")
        case _:
            return Line("said", event.value)
