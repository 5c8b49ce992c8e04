"""The ablation's reference workers as a voice of `reference/NAME`."""

from collections.abc import Sequence

from inspect_ai.model import ChatMessage
from inspect_ai.tool import ToolCall, ToolInfo

from worktrial.instruction import reference
from worktrial.instruction.keys import Key, at_hand
from worktrial.workers.reference import KeyedVoice

SUBMIT = "submit"
"""The tool by which Inspect's agents hand in an answer; until it is called they go on asking."""


class AblateVoice(KeyedVoice[Key]):
    """A voice that hands its answers in where there is a tool for that."""

    def answer(
        self, name: str, messages: Sequence[ChatMessage], tools: Sequence[ToolInfo], seed: int
    ) -> str | list[ToolCall]:
        """Answer in words, or by handing these words in."""
        said = super().answer(name, messages, tools, seed)
        field = next((_field(tool) for tool in tools if tool.name == SUBMIT), None)
        if field is None:
            return said
        return [ToolCall(f"{len(messages)}", SUBMIT, {field: said})]


def ablate_voice() -> AblateVoice:
    """Take a worker's part in whatever task is ablated."""
    return AblateVoice(reference.check, at_hand, _say)


def _field(tool: ToolInfo) -> str | None:
    """Under which name the tool takes an answer."""
    return next(iter(tool.parameters.properties), None)


def _say(name: str, key: Key, _: Sequence[ChatMessage]) -> str:
    return reference.answer(name, key)
