"""The relay's reference workers as a voice of `reference/NAME`."""

from collections.abc import Sequence

from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageTool, ChatMessageUser
from inspect_ai.tool import ToolCall, ToolInfo

from worktrial.documents.editor import Call, Result
from worktrial.relay import reference
from worktrial.relay.answers import Answer, Exchange
from worktrial.relay.arms import ARMS
from worktrial.relay.damage import behaviour
from worktrial.relay.remedies import is_review

_LEAD_INS = {f"## Task\n\n{one.wording.task.partition('{')[0]}" for one in ARMS.values()}


class RelayVoice:
    """Answers a relay's legs."""

    def check(self, name: str) -> None:
        """Raise `ConfigError` unless the relay has such a worker."""
        behaviour(name)

    def hears(self, messages: Sequence[ChatMessage]) -> bool:
        """Whether a conversation is a leg's."""
        prompt = _prompt(messages)
        return is_review(prompt) or any(lead_in in prompt for lead_in in _LEAD_INS)

    def answer(
        self, name: str, messages: Sequence[ChatMessage], tools: Sequence[ToolInfo], seed: int
    ) -> str | list[ToolCall]:
        """Answer a leg, or take a turn with its tool."""
        prompt = _prompt(messages)
        if not tools:
            return reference.answer(behaviour(name), prompt, seed, earlier=_earlier(messages))
        exchanges = _exchanges(messages)
        answer = reference.turn(behaviour(name), prompt, exchanges, seed)
        calls = [
            ToolCall(f"{len(exchanges)}-{number}", call.tool, dict(call.arguments))
            for number, call in enumerate(answer.calls)
        ]
        return calls or answer.text


def _prompt(messages: Sequence[ChatMessage]) -> str:
    """The message of the present leg: the last one."""
    return next((m.text for m in reversed(messages) if isinstance(m, ChatMessageUser)), "")


def _earlier(messages: Sequence[ChatMessage]) -> int:
    """How many legs there were before it in the same conversation."""
    return sum(isinstance(message, ChatMessageUser) for message in messages[:-1])


def _exchanges(messages: Sequence[ChatMessage]) -> list[Exchange]:
    """The conversation since the prompt, answer by answer."""
    found: list[Exchange] = []
    for message in messages:
        if isinstance(message, ChatMessageAssistant):
            calls = tuple(Call(c.function, c.arguments) for c in message.tool_calls or [])
            found.append(Exchange(Answer(message.text, calls=calls), ()))
        elif isinstance(message, ChatMessageTool):
            told = Result(message.text, mistaken=message.error is not None)
            found[-1] = found[-1]._replace(results=(*found[-1].results, told))
    return found
