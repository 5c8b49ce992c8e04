"""What checking cost a worker: the generations in an Inspect log that asked for checks."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence

from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalSample
from inspect_ai.tool import ToolCall

from worktrial.evidence.usage import usage_of_call
from worktrial.readiness.answers import Step

TOKENS, SECONDS = "verification_tokens", "verification_seconds"


def verification_use(
    sample: EvalSample, steps: Sequence[Step], checks: Collection[int]
) -> Mapping[str, float]:
    """Tokens and seconds of the generations that asked for checks, as far as they are known.

    A generation that asked for several calls counts by the share of them that are checks. Nothing
    is returned where a check cannot be found among the generations.

    Args:
        sample: Of which the calls were made as tool calls.
        steps: Its calls and messages.
        checks: The places of those calls that check.
    """
    left = [(at, step.event.tool, step.arguments) for at, step in enumerate(steps) if step.called]
    spent: dict[str, float] = {TOKENS: 0.0, SECONDS: 0.0}
    found: set[int] = set()
    for event, calls in _asking(sample):
        places = [place for call in calls if (place := _taken(left, call)) is not None]
        checking = [place for place in places if place in checks]
        found.update(checking)
        used = usage_of_call(event)
        share = len(checking) / len(calls)
        spent[TOKENS] += share * (used.get("tokens_in", 0.0) + used.get("tokens_out", 0.0))
        spent[SECONDS] += share * used.get("seconds", 0.0)
        if checking and "tokens_out" not in used:
            spent.pop(TOKENS, None)
    return spent if found == set(checks) else {}


def _asking(sample: EvalSample) -> Iterator[tuple[ModelEvent, list[ToolCall]]]:
    """Every generation of the worker that asked for calls."""
    for event in sample.events:
        if isinstance(event, ModelEvent) and not event.error and event.role is None:
            calls = event.output.message.tool_calls if event.output.choices else None
            if calls:
                yield event, calls


def _taken(left: list[tuple[int, str, Mapping[str, object]]], call: ToolCall) -> int | None:
    """The place of the first call that is left and is this one; it is no longer left then."""
    for n, (at, tool, arguments) in enumerate(left):
        if tool == call.function and _same(arguments, call.arguments):
            del left[n]
            return at
    return None


def _same(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return json.dumps(one, sort_keys=True, default=str) == json.dumps(
        other, sort_keys=True, default=str
    )
