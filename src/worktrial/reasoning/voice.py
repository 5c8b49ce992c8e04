"""The reasoning trial's reference workers as a voice of `reference/NAME`."""

from collections.abc import Sequence

from inspect_ai.model import ChatMessage

from worktrial.reasoning import reference
from worktrial.reasoning.keys import Key, at_hand
from worktrial.workers.reference import KeyedVoice


def reasoning_voice() -> KeyedVoice[Key]:
    """Take a worker's part in a reasoning trial."""
    return KeyedVoice(reference.check, at_hand, _say)


def _say(name: str, key: Key, _: Sequence[ChatMessage]) -> str:
    return reference.answer(name, key.puzzle, key.seed)
