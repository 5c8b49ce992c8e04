"""The search's reference workers as a voice of `reference/NAME`."""

from collections.abc import Sequence

from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageTool, ChatMessageUser
from inspect_ai.tool import ToolCall

from worktrial.search import reference
from worktrial.search.keys import Key, at_hand
from worktrial.search.reference import Heard, Look
from worktrial.workers.reference import KeyedVoice

_ARGUMENTS = {"search": "query", "open": "page"}


def search_voice() -> KeyedVoice[Key]:
    """Take a worker's part in a conversation about a search."""
    return KeyedVoice(reference.check, at_hand, _say)


def _say(name: str, key: Key, messages: Sequence[ChatMessage]) -> str | list[ToolCall]:
    """Say or look up what comes next."""
    done = reference.act(name, key, _heard(messages))
    if isinstance(done, str):
        return done
    at = len(messages)
    return [
        ToolCall(f"{at}-{number}", look.tool, {_ARGUMENTS[look.tool]: look.argument})
        for number, look in enumerate(done)
    ]


def _heard(messages: Sequence[ChatMessage]) -> Heard:
    """The worker's messages, and what it looked up since the last one."""
    said: list[str] = []
    calls: dict[str, Look] = {}
    looked: list[tuple[Look, str]] = []
    for message in messages:
        if isinstance(message, ChatMessageUser):
            looked = []
        elif isinstance(message, ChatMessageAssistant) and message.tool_calls:
            for call in message.tool_calls:
                argument = str(next(iter(call.arguments.values()), ""))
                calls[call.id] = Look(call.function, argument)
        elif isinstance(message, ChatMessageAssistant):
            said.append(message.text)
        elif isinstance(message, ChatMessageTool) and message.tool_call_id in calls:
            looked.append((calls[message.tool_call_id], message.text))
    return Heard(tuple(said), tuple(looked))
