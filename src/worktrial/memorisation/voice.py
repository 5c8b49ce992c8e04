"""The audit's reference workers as a voice of `reference/NAME`."""

from collections.abc import Sequence

from inspect_ai.model import ChatMessage
from inspect_ai.tool import ToolCall, ToolInfo

from worktrial.memorisation import reference
from worktrial.memorisation.keys import at_hand


class MemorisationVoice:
    """Takes a worker's part in an audit."""

    def check(self, name: str) -> None:
        """Raise `ConfigError` unless the audit has such a worker."""
        reference.check(name)

    def hears(self, messages: Sequence[ChatMessage]) -> bool:
        """Whether the call is one of an audit's."""
        return at_hand.get() is not None

    def answer(
        self, name: str, messages: Sequence[ChatMessage], tools: Sequence[ToolInfo], seed: int
    ) -> str | list[ToolCall]:
        """Write what the worker writes."""
        key = at_hand.get()
        return "" if key is None else reference.answer(name, key)
