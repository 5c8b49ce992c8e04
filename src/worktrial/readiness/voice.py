"""The office's reference workers as a voice of `reference/NAME`."""

from collections.abc import Sequence
from itertools import pairwise

from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageTool, ChatMessageUser
from inspect_ai.tool import ToolCall

from worktrial.readiness import reference
from worktrial.readiness.keys import Key, at_hand
from worktrial.readiness.modes import FAILED
from worktrial.readiness.reference import Done, Made
from worktrial.workers.reference import KeyedVoice


def office_voice() -> KeyedVoice[Key]:
    """Take a worker's part in a conversation about a task of the office."""
    return KeyedVoice(reference.check, at_hand, _say)


def _say(name: str, key: Key, messages: Sequence[ChatMessage]) -> str | list[ToolCall]:
    """Make the next call, or say what there is to say."""
    move = _move(name, key, messages)
    if isinstance(move, str):
        return move
    if key.arm.mode == "text_calls":
        return reference.write_call(move)
    return [ToolCall(f"{len(messages)}", move.name, dict(move.arguments))]


def _move(name: str, key: Key, messages: Sequence[ChatMessage]) -> str | Made:
    if key.arm.mode == "completion":
        return reference.write(name, key)
    if key.arm.mode != "file":
        return reference.act(name, key, _done(key, messages))
    if key.arm.handover != "tools":
        return reference.hand_over(name, key)
    left = reference.edit(name, key)[_answered(messages) :]
    return left[0] if left else key.turn.answer


def _answered(messages: Sequence[ChatMessage]) -> int:
    return sum(isinstance(message, ChatMessageTool) for message in messages)


def _done(key: Key, messages: Sequence[ChatMessage]) -> list[Done]:
    """The calls of this turn: those since the user spoke, or all that were answered in text."""
    if key.arm.mode == "text_calls":
        return [
            Done("", message.text.removeprefix(FAILED), message.text.startswith(FAILED))
            for before, message in pairwise(messages)
            if isinstance(before, ChatMessageAssistant) and isinstance(message, ChatMessageUser)
        ]
    done: list[Done] = []
    for message in messages:
        if isinstance(message, ChatMessageUser):
            done = []
        elif isinstance(message, ChatMessageTool):
            error = message.error
            text = error.message if error else message.text
            done.append(Done(message.function or "", text, error is not None))
    return done
