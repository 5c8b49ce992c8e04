"""The relay's side of a conversation in Inspect's messages: what is sent, and what comes back."""

from inspect_ai.event import ModelEvent
from inspect_ai.model import (
    ChatMessage,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
    ModelOutput,
)
from inspect_ai.tool import ToolCall, ToolCallError, ToolInfo, ToolParams

from worktrial.documents.editor import DESCRIPTION, TOOL, Call, Result, schema
from worktrial.relay.answers import Answer
from worktrial.relay.arms import Arm
from worktrial.relay.baton import Baton
from worktrial.workers.halves import logged, whole

_EDITOR = ToolInfo(
    name=TOOL, description=DESCRIPTION, parameters=ToolParams.model_validate(schema())
)


def opening(baton: Baton) -> list[ChatMessage]:
    """The messages with which the present leg begins."""
    system = [ChatMessageSystem(content=baton.system)] if baton.system else []
    return [*system, ChatMessageUser(content=baton.prompt())]


def tools_of(arm: Arm) -> list[ToolInfo]:
    """The tools a worker has in an arm."""
    return [_EDITOR] if arm.handover == "tools" else []


def continuing(baton: Baton, output: ModelOutput) -> list[ChatMessage]:
    """What the last exchange adds to the conversation."""
    message = logged(output.message)
    results = zip(message.tool_calls or [], baton.exchanges[-1].results, strict=True)
    return [message, *(_told(call, result) for call, result in results)]


def _told(call: ToolCall, result: Result) -> ChatMessageTool:
    error = ToolCallError("unknown", result.text) if result.mistaken else None
    return ChatMessageTool(
        content=result.text, tool_call_id=call.id, function=call.function, error=error
    )


def came_back(call: ModelEvent) -> bool:
    """Whether a call in a log was answered; one that was cut off has no output and no error."""
    return not call.error and bool(call.output.choices)


def answer_of(output: ModelOutput) -> Answer:
    """What a replay needs of an output; the same from a log as from the call itself."""
    calls = output.message.tool_calls if output.choices else None
    return Answer(
        whole(output.completion),
        output.stop_reason,
        tuple(
            Call(whole(c.function), whole(c.arguments), whole(c.parse_error)) for c in calls or []
        ),
        output.usage.output_tokens if output.usage else 0,
    )
