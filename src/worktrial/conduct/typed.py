"""One sample of an Inspect log to a trajectory: Inspect's events to typed ones, in their order."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from inspect_ai.event import (
    CompactionEvent,
    Event,
    ModelEvent,
    SpanBeginEvent,
    StepEvent,
    SubtaskEvent,
    ToolEvent,
)
from inspect_ai.log import EvalSample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageTool,
    ContentToolUse,
    GenerateConfig,
    ModelOutput,
    get_model_info,
)
from inspect_ai.tool import ToolCallError
from pydantic import BaseModel

from worktrial.conduct import events as typed
from worktrial.conduct.claims import says_done, stated_confidence
from worktrial.conduct.known import known_of
from worktrial.conduct.mapping import ToolMap
from worktrial.conduct.pieces import Pieces, result_text

_KINDS: Mapping[str, type[Event]] = {
    "model": ModelEvent,
    "tool": ToolEvent,
    "compaction": CompactionEvent,
    "span_begin": SpanBeginEvent,
    "step": StepEvent,
    "subtask": SubtaskEvent,
}
"""What is looked at; everything else of a log is not."""
_SCORING = frozenset({"scorers", "scorer"})
_NO_TABLE = frozenset({"mockllm", "none", "embedded", "reference"})
"""Providers of whose models Inspect has no table."""
_DEEPEST = 20
_TRANSFER = "transfer_to_"
_LONGEST_WHY = 300


def trajectory_of(
    sample: EvalSample, *, log: str, task: str, worker: str, tools: ToolMap
) -> typed.Trajectory:
    """A sample as it happened.

    Args:
        sample: With its attachments resolved.
        log: The log's name.
        task: The Inspect task.
        worker: The model, and the agent where there is one.
        tools: What its tools do.
    """
    events: Iterable[Event] = sample.events
    if not sample.events and sample.messages:
        events = from_messages(sample.messages)
    return trajectory(sample, events, log=log, task=task, worker=worker, tools=tools)


def trajectory(
    sample: EvalSample,
    events: Iterable[Event],
    *,
    log: str,
    task: str,
    worker: str,
    tools: ToolMap,
) -> typed.Trajectory:
    """A sample as it happened, its events given apart, one at a time."""
    typing = _Typing(tools)
    for event in events:
        typing.take(event)
    found = typing.finished()
    known, refused = known_of(sample.scores, sample.metadata, len(found))
    return typed.Trajectory(
        log=log,
        task=task,
        worker=worker,
        sample=str(sample.id),
        epoch=sample.epoch,
        events=found,
        known=known,
        unmapped=frozenset(typing.unmapped),
        why="; ".join(filter(None, (_ended(sample), refused))) or None,
    )


def event_from(raw: object) -> Event | None:
    """An event as a log holds it; `None` if nothing is made of it.

    What no trajectory shows is not read: the provider's request, the tools that were offered.

    Raises:
        ValueError: If it is not what its kind must be.
    """
    if not isinstance(raw, dict):
        return None
    kind = _KINDS.get(str(raw.get("event")))
    if kind is None:
        return None
    if kind is ModelEvent:
        raw = {"input": [], **raw, "call": None, "tools": [], "tool_choice": "auto", "config": {}}
    return kind.model_validate(raw)


def from_messages(messages: Sequence[ChatMessage]) -> Iterator[ModelEvent]:
    """Model calls of a log so old that it has messages alone."""
    for index, message in enumerate(messages):
        if isinstance(message, ChatMessageAssistant):
            yield ModelEvent(
                model="",
                input=list(messages[:index]),
                tools=[],
                tool_choice="auto",
                config=GenerateConfig(),
                output=ModelOutput.model_validate({"choices": [{"message": message}]}),
                timestamp=datetime.fromtimestamp(0).astimezone(),
                working_start=0,
            )


class _Span(NamedTuple):
    agent: str
    scoring: bool


_OUTSIDE = _Span("", scoring=False)


class _Typing:
    """Events of one sample as they are typed, one after the other."""

    def __init__(self, tools: ToolMap) -> None:
        self._tools = tools
        self._events: list[typed.Event] = []
        self._pieces = Pieces()
        self._spans: dict[str, _Span] = {}
        self._scoring_steps = 0
        self._began: datetime | None = None
        self._open: dict[str, typed.ToolCall] = {}
        self._made: dict[str, int] = {}
        self._handed: int | None = None
        self._called: set[str] = set()
        self.unmapped: set[str] = set()

    def take(self, event: Event, agent: str = "", depth: int = 0) -> None:
        """Add what an event shows."""
        self._began = self._began or event.timestamp
        span = self._spans.get(event.span_id or "", _OUTSIDE)
        if isinstance(event, SpanBeginEvent | StepEvent):
            self._enter(event)
        elif span.scoring or self._scoring_steps:
            return
        else:
            self._take(event, span.agent or agent, depth)

    def finished(self) -> tuple[typed.Event, ...]:
        """All of them."""
        events = self._named_once(self._events)
        last = max((i for i, e in enumerate(events) if isinstance(e, typed.Claim)), default=-1)
        return tuple(
            _settled(event, index, last, events) if isinstance(event, typed.Claim | typed.HandOff)
            else event
            for index, event in enumerate(events)
        )  # fmt: skip

    # --- kinds of events ---

    def _take(self, event: Event, agent: str, depth: int) -> None:
        if isinstance(event, ModelEvent) and event.role is None:
            self._model(event, agent)
        elif isinstance(event, ToolEvent):
            self._tool(event, agent)
            self._nested(event.events, event.agent or agent, depth)
        elif isinstance(event, SubtaskEvent):
            self._nested(event.events, agent, depth)
        elif isinstance(event, CompactionEvent) and event.role is None:
            self._compacted(event, agent)

    def _enter(self, event: SpanBeginEvent | StepEvent) -> None:
        if isinstance(event, StepEvent):
            if event.type in _SCORING:
                self._scoring_steps += 1 if event.action == "begin" else -1
            return
        outer = self._spans.get(event.parent_id or "", _OUTSIDE)
        agent = event.name if event.type == "agent" else outer.agent
        self._spans[event.id] = _Span(agent, outer.scoring or event.type in _SCORING)

    def _nested(self, events: Sequence[object], agent: str, depth: int) -> None:
        """Events that an old log holds inside another."""
        if depth >= _DEEPEST:
            return
        for raw in events:
            event = event_from(raw.model_dump() if isinstance(raw, BaseModel) else raw)
            if event is not None:
                self.take(event, agent, depth + 1)

    def _model(self, event: ModelEvent, agent: str) -> None:
        at = self._at(event)
        self._answers(event.input, at, agent)
        supplied = self._pieces.supplied(agent, event.input, self._made_by(agent))
        message = event.output.choices[0].message if event.output.choices else None
        calls = () if message is None else tuple(message.tool_calls or ())
        call = _model_call(event, message, at=at, agent=agent)
        self._events.append(replace(call, supplied=supplied, calls=tuple(one.id for one in calls)))
        if message is None:
            return
        self._pieces.note_said(len(self._events) - 1, message)
        for one in calls:
            self._open[one.id] = typed.ToolCall(
                at, one.function, one.arguments, id=one.id, agent=agent
            )
        self._used_by_provider(message, at, agent)
        if not calls and not event.error and call.said.strip():
            self._events.append(_claim(call.said, at, agent))

    def _tool(self, event: ToolEvent, agent: str) -> None:
        for one in (event.id, _proposed(event)):
            self._open.pop(one, None)
        seconds = event.working_time
        if seconds is None and event.completed is not None:
            seconds = max(0.0, (event.completed - event.timestamp).total_seconds())
        call = typed.ToolCall(
            self._at(event),
            event.function,
            event.arguments,
            result_text(event.result),
            id=event.id,
            agent=agent,
            seconds=seconds,
        )
        error = event.error
        if error is None and event.failed:
            error = ToolCallError("unknown", call.result)
        self._add(call, error, to=event.agent, spawned=event.agent_span_id is not None)

    def _compacted(self, event: CompactionEvent, agent: str) -> None:
        self._events.append(
            typed.Compaction(
                self._at(event), event.type, event.tokens_before, event.tokens_after, agent
            )
        )
        self._made[agent] = len(self._events) - 1

    # --- calls of tools ---

    def _answers(self, messages: Sequence[ChatMessage], at: float, agent: str) -> None:
        """Calls that no event tells of, as of an agent of its own: by their results."""
        if not self._open:
            return
        for message in messages:
            if isinstance(message, ChatMessageTool) and message.tool_call_id in self._open:
                call = self._open.pop(message.tool_call_id)
                result = result_text(message.content)
                self._add(replace(call, at=at, result=result, agent=agent), message.error)

    def _used_by_provider(self, message: ChatMessageAssistant, at: float, agent: str) -> None:
        """Tools that the model's provider ran."""
        for use in message.content if isinstance(message.content, list) else ():
            if isinstance(use, ContentToolUse):
                call = typed.ToolCall(
                    at, use.name, _arguments(use.arguments), use.result, id=use.id, agent=agent
                )
                self._add(call, ToolCallError("unknown", use.error) if use.error else None)

    def _add(
        self,
        call: typed.ToolCall,
        error: ToolCallError | None,
        *,
        to: str | None = None,
        spawned: bool = False,
    ) -> None:
        """Add a call with what is declared of its tool, and what it claims or hands over."""
        call = self._failed(call, error)
        described = self._tools.describe(call)
        if spawned or to:
            described = replace(described, roles=described.roles | {"handoff"})
        elif not self._tools.knows(call):
            self.unmapped.add(call.tool)
        self._events.append(described)
        self._pieces.note_answered(len(self._events) - 1, call.id)
        if "handoff" in described.roles:
            self._hand_over(described, to)
        if "claim" in described.roles and described.error is None:
            self._events.append(self._submitted(described))

    def _failed(self, call: typed.ToolCall, error: ToolCallError | None) -> typed.ToolCall:
        text = call.result if error is None else error.message
        failure = self._tools.failure(call.tool, error.type if error else None, text)
        if failure is None:
            return call
        return replace(
            call, error=failure.kind, transient=failure.transient, result=call.result or text
        )

    def _hand_over(self, call: typed.ToolCall, to: str | None) -> None:
        whom = to or (call.target or "").removeprefix("agent:") or call.tool
        self._handed = len(self._events) - 1
        text = call.value or "\n".join(v for v in call.arguments.values() if isinstance(v, str))
        whom = whom.removeprefix(_TRANSFER)
        self._events.append(typed.HandOff(call.at, call.agent, whom, text))

    def _submitted(self, call: typed.ToolCall) -> typed.Claim:
        """A submission claims that the task is done, unless it says that it is not."""
        asked = (e for e in reversed(self._events) if isinstance(e, typed.ModelCall))
        said = next((e.said for e in asked if call.id in e.calls), "")
        text = call.value or said
        claim = _claim(text, call.at, call.agent)
        done = says_done(f"{said}\n{text}") is not False
        return replace(claim, done=done, confidence=claim.confidence or stated_confidence(said))

    # --- whose, when ---

    def _made_by(self, agent: str) -> int | None:
        """The event that made what is newly supplied to an agent: a hand-over or a compaction."""
        made = self._made.pop(agent, None)
        if agent not in self._called:
            self._called.add(agent)
            made, self._handed = self._handed, None
        return made

    def _at(self, event: Event) -> float:
        began = self._began or event.timestamp
        return max(0.0, (event.timestamp - began).total_seconds())

    def _named_once(self, events: list[typed.Event]) -> list[typed.Event]:
        """Without the name of the agent where there is only one."""
        if len(self._called) > 1:
            return events
        return [replace(event, agent="") if event.agent else event for event in events]


def _model_call(
    event: ModelEvent, message: ChatMessageAssistant | None, *, at: float, agent: str
) -> typed.ModelCall:
    usage, output = event.output.usage, event.output
    tokens_in = None
    if usage is not None and (usage.total_tokens or usage.input_tokens or usage.output_tokens):
        cached = usage.input_tokens_cache_read or 0
        tokens_in = usage.input_tokens + cached + (usage.input_tokens_cache_write or 0)
    known = usage if tokens_in is not None else None
    return typed.ModelCall(
        at=at,
        agent=agent,
        said="" if message is None else message.text,
        tokens_in=tokens_in,
        tokens_out=known.output_tokens if known else None,
        tokens_cached=known.input_tokens_cache_read if known else None,
        usd=known.total_cost if known else None,
        seconds=event.working_time if event.working_time is not None else output.time,
        window=_window(event.model),
        stop=output.choices[0].stop_reason if output.choices else "",
        error=event.error,
    )


@cache
def _window(model: str) -> int | None:
    """A model's context in tokens, where Inspect knows it.

    Asked by the last part of the name: for a whole name Inspect would start that provider, and a
    foreign log must not choose what is started here.
    """
    provider, _, name = model.rpartition("/")
    info = None if provider in _NO_TABLE or not name else get_model_info(name)
    return info.context_length if info else None


def _claim(text: str, at: float, agent: str) -> typed.Claim:
    return typed.Claim(at, text, says_done(text), stated_confidence(text), agent=agent, final=False)


def _settled(
    event: typed.Claim | typed.HandOff, index: int, last: int, events: Sequence[typed.Event]
) -> typed.Event:
    """A claim that knows whether it is the last, a hand-over that knows what was handed on."""
    if isinstance(event, typed.Claim):
        return replace(event, final=index == last)
    if event.text:
        return event
    after = (e for e in events[index:] if isinstance(e, typed.ModelCall))
    taken = next((call for call in after if call.agent != event.agent), None)
    pieces = taken.supplied if taken else ()
    return replace(event, text="\n".join(p.text for p in pieces if p.role != "system"))


def _proposed(event: ToolEvent) -> str:
    """The call that an agent outside made of a tool that Inspect ran, where its id differs."""
    bridge = (event.metadata or {}).get("bridge")
    return str(bridge.get("proposal_id") or "") if isinstance(bridge, dict) else ""


def _arguments(written: str) -> dict[str, Any]:
    try:
        arguments = json.loads(written)
    except (ValueError, RecursionError):
        arguments = None
    return arguments if isinstance(arguments, dict) else {"input": written}


def _ended(sample: EvalSample) -> str | None:
    """Why it ended early, in a line."""
    if sample.error is not None:
        return f"error: {' '.join(sample.error.message.split())}"[:_LONGEST_WHY]
    return f"limit: {sample.limit.type}" if sample.limit is not None else None
