"""A trajectory to be read by a person: what happened, what is to blame marked, all of it short."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from worktrial.conduct.events import Claim, Compaction, Event, HandOff, ModelCall, ToolCall
from worktrial.conduct.events import Trajectory as Course

Marks = Mapping[int, Sequence[str]]
"""By an event's place, the metrics that blame it."""
_TEXT = 1_500
_NAME = 200
_WHOLE = 60
"""A trajectory of at most so many events is told as a whole."""
_MARKED = 40
_AROUND = 2
_ENDS = 6


class Detail(NamedTuple):
    """A text of an event: what it is, the text, and how many characters were cut off."""

    label: str
    text: str
    cut: int = 0


class Moment(BaseModel):
    """One event.

    Attributes:
        place: Its index in the trajectory.
        at: Seconds since the sample began.
        kind: `model`, `tool`, `compaction`, `hand-off` or `claim`.
        agent: Whose it is; empty for the only one.
        title: What happened, in a line.
        details: Its texts.
        marks: Names of the metrics and clauses that blame it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: int
    at: float
    kind: str
    agent: str = ""
    title: str
    details: tuple[Detail, ...] = ()
    marks: tuple[str, ...] = ()


class Timeline(BaseModel):
    """A trajectory as it is shown.

    Attributes:
        log: The log's name.
        task: The Inspect task.
        worker: Whose it is.
        sample: The sample's id.
        epoch: Which repetition.
        success: The score of its outcome, where there is one.
        ended: Why it ended early, if it did.
        events: How many events it has.
        marked: How many of them are marked.
        moments: The events that are shown, in order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    log: str
    task: str
    worker: str
    sample: str
    epoch: int
    success: float | None
    ended: str | None
    events: int
    marked: int
    moments: tuple[Moment, ...]


def timeline(trajectory: Course, marks: Marks) -> Timeline:
    """Tell a trajectory: all of a short one, of a long one what is marked and what is around it.

    Args:
        trajectory: What happened.
        marks: What is to blame, by place.
    """
    events = trajectory.events
    marked = sorted(place for place in marks if 0 <= place < len(events))
    return Timeline(
        log=_clipped(trajectory.log, _NAME),
        task=_clipped(trajectory.task, _NAME),
        worker=trajectory.worker,
        sample=_clipped(trajectory.sample, _NAME),
        epoch=trajectory.epoch,
        success=trajectory.known.success,
        ended=None if trajectory.why is None else _clipped(trajectory.why, _NAME),
        events=len(events),
        marked=len(marked),
        moments=tuple(_moment(p, events[p], marks.get(p, ())) for p in _told(len(events), marked)),
    )


def _told(events: int, marked: Sequence[int]) -> list[int]:
    """The places that are shown."""
    if events <= _WHOLE:
        return list(range(events))
    near = chain.from_iterable(range(p - _AROUND, p + _AROUND + 1) for p in marked[:_MARKED])
    ends = chain(range(_ENDS), range(events - _ENDS, events))
    return sorted({place for place in chain(near, ends) if 0 <= place < events})


def _moment(place: int, event: Event, marks: Sequence[str]) -> Moment:
    kind, title, texts = _read(event)
    return Moment(
        place=place,
        at=event.at,
        kind=kind,
        agent=_clipped(event.agent, _NAME),
        title=_clipped(title, _NAME),
        details=tuple(_details(texts)),
        marks=tuple(marks),
    )


_Read = tuple[str, str, Mapping[str, str | None]]


def _read(event: Event) -> _Read:
    match event:
        case ModelCall():
            return "model", _tokens(event), {"said": event.said, "error": event.error}
        case ToolCall():
            return _tool(event)
        case Compaction():
            return "compaction", _compacted(event), {}
        case HandOff():
            return "hand-off", f"to {event.to}", {"handed over": event.text}
        case Claim():
            return "claim", _claimed(event), {"said": event.text}


def _tool(call: ToolCall) -> _Read:
    failed = f", failed: {call.error}" if call.error else ""
    role = f" ({', '.join(sorted(call.roles))})" if call.roles else ""
    texts = {"arguments": _arguments(call.arguments), "result": call.result}
    return "tool", f"{call.tool}{role}{failed}", texts


def _arguments(arguments: Mapping[str, object]) -> str:
    return json.dumps(dict(arguments), ensure_ascii=False, default=str) if arguments else ""


def _tokens(call: ModelCall) -> str:
    counts = {"in": call.tokens_in, "cached": call.tokens_cached, "out": call.tokens_out}
    known = [f"{count:,} {name}" for name, count in counts.items() if count is not None]
    asked = f"asks for {len(call.calls)} tool call(s)" if call.calls else ""
    tokens = f"tokens {', '.join(known)}" if known else ""
    return "; ".join(filter(None, (asked, tokens)))


def _compacted(event: Compaction) -> str:
    if event.before is None or event.after is None:
        return event.kind
    return f"{event.kind}: {event.before:,} tokens to {event.after:,}"


def _claimed(claim: Claim) -> str:
    words = {True: "says that it is done", False: "says that it is not done", None: "ends a turn"}
    sure = "" if claim.confidence is None else f", confidence {claim.confidence:g}"
    return words[claim.done] + sure


def _details(texts: Mapping[str, str | None]) -> Iterator[Detail]:
    for label, text in texts.items():
        if text:
            yield Detail(label, text[:_TEXT], max(0, len(text) - _TEXT))


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
