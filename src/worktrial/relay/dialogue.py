"""The relay's side of a conversation in Inspect's messages: what is sent, and what comes back."""

from typing import Any

from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
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
    message = _logged(output.message)
    results = zip(message.tool_calls or [], baton.exchanges[-1].results, strict=True)
    return [message, *(_told(call, result) for call, result in results)]


def _told(call: ToolCall, result: Result) -> ChatMessageTool:
    error = ToolCallError("unknown", result.text) if result.mistaken else None
    return ChatMessageTool(
        content=result.text, tool_call_id=call.id, function=call.function, error=error
    )


def answer_of(output: ModelOutput) -> Answer:
    """What a replay needs of an output; the same from a log as from the call itself."""
    calls = output.message.tool_calls if output.choices else None
    return Answer(
        _clean(output.completion),
        output.stop_reason,
        tuple(
            Call(_clean(c.function), _clean(c.arguments), _clean(c.parse_error))
            for c in calls or []
        ),
        output.usage.output_tokens if output.usage else 0,
    )


def _logged(message: ChatMessageAssistant) -> ChatMessageAssistant:
    """The message as a log will hold it, since half a character cannot be sent back either."""
    return ChatMessageAssistant.model_validate(_clean(message.model_dump()))


def _clean(value: Any) -> Any:
    """Write halves of characters as logs do, so that a replay reads what the relay read."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_clean(key): _clean(of) for key, of in value.items()}
    if isinstance(value, list):
        return [_clean(of) for of in value]
    return value
