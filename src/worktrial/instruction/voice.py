"""The ablation's reference workers as a voice of `reference/NAME`."""

from collections.abc import Sequence

from inspect_ai.model import ChatMessage

from worktrial.instruction import reference
from worktrial.instruction.keys import Key, at_hand
from worktrial.workers.reference import KeyedVoice


def ablate_voice() -> KeyedVoice[Key]:
    """Take a worker's part in whatever task is ablated."""
    return KeyedVoice(reference.check, at_hand, _say)


def _say(name: str, key: Key, _: Sequence[ChatMessage]) -> str:
    return reference.answer(name, key)
