"""The relay's reference workers as a voice of `reference/NAME`."""

from collections.abc import Sequence

from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageTool, ChatMessageUser
from inspect_ai.tool import ToolCall, ToolInfo

from worktrial.documents.editor import TOOL, Call, Result
from worktrial.relay import reference, shell
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
        return bool(_legs(messages))

    def answer(
        self, name: str, messages: Sequence[ChatMessage], tools: Sequence[ToolInfo], seed: int
    ) -> str | list[ToolCall]:
        """Answer a leg, or take a turn with its tool or with those of an agent."""
        *earlier, prompt = _legs(messages)
        names = [tool.name for tool in tools]
        if not tools:
            return reference.answer(behaviour(name), prompt, seed, earlier=len(earlier))
        exchanges = _exchanges(messages)
        if TOOL in names:
            answer = reference.turn(behaviour(name), prompt, exchanges, seed)
        else:
            of_leg = shell.of_leg.get()
            seed = seed if of_leg is None else of_leg
            answer = shell.turn(behaviour(name), prompt, exchanges, seed, names)
        calls = [
            ToolCall(f"{len(exchanges)}-{number}", call.tool, dict(call.arguments))
            for number, call in enumerate(answer.calls)
        ]
        return calls or answer.text


def _legs(messages: Sequence[ChatMessage]) -> list[str]:
    """The messages that ask for a leg's work or for its review; agents put in others of their own."""
    texts = [message.text for message in messages if isinstance(message, ChatMessageUser)]
    return [t for t in texts if is_review(t) or any(lead_in in t for lead_in in _LEAD_INS)]


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
