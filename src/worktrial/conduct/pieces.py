"""What was supplied to a model, each message once however often it was supplied."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageTool, ContentText

from worktrial.conduct.events import Piece

_SAME = 12
"""Bytes of the digest by which a message is known again."""


class _Held(NamedTuple):
    """A message of the call before: the object, which is held so that no other has its place."""

    message: ChatMessage
    digest: str
    piece: Piece


class Pieces:
    """The pieces of one sample.

    A message is the same where role, text, and the calls that it makes or answers are: ids of
    messages are missing in old logs and made anew by some agents. The same words said twice within
    one call are two pieces.
    """

    def __init__(self) -> None:
        self._known: dict[str, Piece] = {}
        self._before: dict[str, dict[int, _Held]] = {}
        self._asked: dict[str, int] = {}
        self._said: dict[str, int] = {}
        self._answered: dict[str, int] = {}

    def note_said(self, place: int, message: ChatMessageAssistant) -> None:
        """Remember which event made this message."""
        self._said[_digest(message)] = place
        self._asked.update((call.id, place) for call in message.tool_calls or ())

    def note_answered(self, place: int, call: str) -> None:
        """Remember which event answered this call."""
        self._answered[call] = place

    def supplied(
        self, agent: str, messages: Sequence[ChatMessage], made: int | None
    ) -> tuple[Piece, ...]:
        """The pieces of one call.

        Args:
            agent: Whose call.
            messages: What was supplied.
            made: The event that made the user's messages that are new, if not the task.
        """
        before, often = self._before.get(agent, {}), Counter[str]()
        now = []
        for message in messages:
            # Readers share the objects of a history: most need not be looked at again.
            held = before.get(id(message)) or self._held(message, often, made)
            often[held.digest] += 1
            now.append(held)
        self._before[agent] = {id(held.message): held for held in now}
        return tuple(held.piece for held in now)

    def _held(self, message: ChatMessage, often: Mapping[str, int], made: int | None) -> _Held:
        digest = _digest(message)
        key = f"{digest}#{often[digest] + 1}" if often[digest] else digest
        if key not in self._known:
            source = self._source(message, digest, made)
            self._known[key] = Piece(key, message.role, text_of(message), source)
        return _Held(message, digest, self._known[key])

    def _source(self, message: ChatMessage, digest: str, made: int | None) -> int | None:
        if isinstance(message, ChatMessageTool):
            return self._answered.get(message.tool_call_id or "")
        if isinstance(message, ChatMessageAssistant):
            called = next((call.id for call in message.tool_calls or ()), "")
            return self._said.get(digest, self._asked.get(called))
        return made if message.role == "user" else None


def text_of(message: ChatMessage) -> str:
    """What a message says: its text, the calls that it makes, the error that it tells of."""
    parts = [message.text]
    if isinstance(message, ChatMessageAssistant):
        parts += [
            f"{call.function}({_written(call.arguments)})" for call in message.tool_calls or ()
        ]
    if isinstance(message, ChatMessageTool) and message.error:
        parts.append(message.error.message)
    return "\n".join(filter(None, parts))


def result_text(result: object) -> str:
    """What a tool returned, as text; pictures and sounds are left out."""
    if isinstance(result, list):
        return "\n".join(filter(None, map(result_text, result)))
    if isinstance(result, ContentText):
        return result.text
    if isinstance(result, str):
        return result
    return str(result) if isinstance(result, bool | int | float) else ""


def _written(arguments: object) -> str:
    return json.dumps(arguments, ensure_ascii=False, default=str)


def _digest(message: ChatMessage) -> str:
    answers = message.tool_call_id if isinstance(message, ChatMessageTool) else None
    text = f"{message.role}\0{answers}\0{text_of(message)}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SAME).hexdigest()
