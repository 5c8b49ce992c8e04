"""Samples read from a log's text as a stream, so that of the largest only what is kept is held.

The log's form is Inspect's: messages that several events share are in a pool, long texts are
attachments. Both stand behind the events, so that a large sample is gone through twice.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from hashlib import blake2b
from typing import IO, Any, NamedTuple

import ijson
from ijson.common import ObjectBuilder
from inspect_ai.event import Event, ModelEvent
from inspect_ai.log import EvalSample
from inspect_ai.model import ChatMessage
from pydantic import TypeAdapter

from worktrial.conduct.typed import event_from, from_messages

_KEPT = ("id", "epoch", "scores", "score", "metadata", "error", "limit")
"""What is read of a sample besides its events."""
_BEHIND = ("attachments", "events_data", "transcript")
_LEFT = ("call", "tools", "config", "input")
_ATTACHED = "attachment://"
_CALLS = "events_data.calls"
_NO_NUMBER = re.compile(rb"(?<=[:\[,])(\s{0,16})(?:NaN|-?Infinity)(?=\s{0,16}[,}\]])")
_HELD_BACK = 64
_CHUNK, _STRETCH = 1 << 16, 1 << 10
_DEEPEST = 500
_MESSAGES = TypeAdapter(list[ChatMessage])
Raw = dict[str, Any]


class Parts(NamedTuple):
    """A sample, and its events one at a time.

    Attributes:
        sample: Without its events.
        events: What a trajectory is made of.
    """

    sample: EvalSample
    events: Iterable[Event]


class Broken(NamedTuple):
    """A sample of a log's text that is not one.

    Attributes:
        name: Its id, or its number.
        error: What is wrong.
    """

    name: str
    error: Exception


def sample_parts(opened: Callable[[], IO[bytes]]) -> Parts:
    """A sample without its events, and its events one at a time.

    Args:
        opened: Opens the sample's text; it is read three times.
    """
    with opened() as file:
        check_depth(file)
    with opened() as file:
        head = _without_events(file)
    return Parts(_sample(head), _events(_streamed(opened), head))


def log_samples(file: IO[bytes]) -> Iterator[Parts | Broken]:
    """The samples of a log that is one text, in its order.

    Raises:
        ValueError: Where the text is damaged or ends too early.
    """
    for number, raw in enumerate(ijson.items(_Finite(file), "samples.item"), start=1):
        try:
            yield _parts(raw)
        except Exception as error:  # whatever a foreign sample makes a validator raise
            name = raw.get("id", number) if isinstance(raw, dict) else number
            yield Broken(str(name), error)


def check_depth(file: IO[bytes]) -> None:
    """Go through a JSON text before a parser does that names every level of its nesting.

    Raises:
        ValueError: If it is nested deeper than any log is: it would fill the memory.
    """
    depth, inside, rest = 0, 0, b""
    while chunk := file.read(_CHUNK):
        text = rest + chunk
        # Not through the middle of an escape; then what is between quotes goes.
        end = len(text) - (1 if text.endswith(b"\\") else 0)
        text, rest = text[:end], text[end:]
        between = text.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
        shape = b"".join(between[inside::2])
        inside = (inside + len(between) - 1) % 2
        for start in range(0, len(shape), _STRETCH):
            stretch = shape[start : start + _STRETCH]
            depth += sum(map(stretch.count, (b"[", b"{"))) - sum(map(stretch.count, (b"]", b"}")))
            if depth > _DEEPEST:
                raise ValueError(f"nested deeper than {_DEEPEST} levels")


def _parts(raw: Raw) -> Parts:
    sample = _sample(raw)
    events = raw.pop("events", None) or (raw.get("transcript") or {}).get("events") or []
    if events:
        return Parts(sample, _events(_let_go(events), raw))
    messages = _pool(raw.get("messages"), raw.get("attachments") or {})
    return Parts(sample, from_messages(messages))


def _let_go(events: list[Raw]) -> Iterator[Raw]:
    """Each event, no longer held once it is taken."""
    events.reverse()
    while events:
        yield events.pop()


def _streamed(opened: Callable[[], IO[bytes]]) -> Iterator[Raw]:
    with opened() as file:
        yield from ijson.items(_Finite(file), "events.item")


def _without_events(file: IO[bytes]) -> Raw:
    """What is kept of a sample, and what its events refer to."""
    head: Raw = {}
    builder, wanted = ObjectBuilder(), ""
    for prefix, event, value in ijson.parse(_Finite(file)):
        if not prefix and event == "map_key":
            if wanted:
                head[wanted] = builder.value
            wanted = value if value in _KEPT or value in _BEHIND else ""
            builder = ObjectBuilder()
        elif wanted and prefix and not _of_calls(prefix, event, value):
            builder.event(event, value)
    if wanted:
        head[wanted] = builder.value
    return head


def _of_calls(prefix: str, event: str, value: object) -> bool:
    """Whether it belongs to the requests as the provider had them, which nobody looks at."""
    named = prefix == "events_data" and event == "map_key" and value == "calls"
    return named or prefix.startswith(_CALLS)


def _sample(raw: Raw) -> EvalSample:
    """A sample of what is kept."""
    kept = {key: _plain(raw[key], {}) for key in _KEPT if raw.get(key) is not None}
    return EvalSample.model_validate({"input": "", "target": "", **kept})


def _events(raws: Iterable[Raw], head: Raw) -> Iterator[Event]:
    """Events with what they refer to."""
    attachments = head.get("attachments") or (head.get("transcript") or {}).get("content") or {}
    pool = _pool((head.get("events_data") or {}).get("messages"), attachments)
    history = _History(attachments)
    for raw in raws:
        supplied = raw.get("input")
        event = event_from(_plain(_bare(raw), attachments))
        if isinstance(event, ModelEvent):
            refs = event.input_refs or ()
            event.input = history.messages(supplied) if supplied else []
            event.input += [message for start, end in refs for message in pool[start:end]]
        if event is not None:
            yield event


class _History:
    """Messages of logs without a pool, where each call holds all of them anew."""

    def __init__(self, attachments: Mapping[str, str]) -> None:
        self._attachments = attachments
        self._known: dict[bytes, ChatMessage] = {}

    def messages(self, raws: Iterable[Raw]) -> list[ChatMessage]:
        """The messages of one call, those that are known as they are."""
        return list(map(self._message, raws))

    def _message(self, raw: Raw) -> ChatMessage:
        key = blake2b(repr(raw).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if key not in self._known:
            (self._known[key],) = _pool([raw], self._attachments)
        return self._known[key]


def _bare(raw: Raw) -> Raw:
    """An event without what is large and not looked at, or looked at apart."""
    left = _LEFT if raw.get("event") == "model" else ()
    return {key: value for key, value in raw.items() if key not in left}


def _pool(messages: object, attachments: Mapping[str, str]) -> list[ChatMessage]:
    return _MESSAGES.validate_python(_plain(messages or [], attachments))


def _plain(value: Any, attachments: Mapping[str, str]) -> Any:
    """A value with its long texts, and numbers of Python's own."""
    if isinstance(value, str):
        return attachments.get(value[len(_ATTACHED) :], value) if _attached(value) else value
    if isinstance(value, dict):
        return {key: _plain(one, attachments) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, attachments) for one in value]
    return float(value) if isinstance(value, Decimal) else value


def _attached(text: str) -> bool:
    return text.startswith(_ATTACHED)


class _Finite:
    """A log's text with `null` for what Python writes of numbers that JSON does not have.

    Text that reads like such a number in such a place is changed with it: a sample is not lost for
    a score that is not a number.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._rest, self._done = file, b"", False

    def read(self, size: int = -1) -> bytes:
        """At least a byte while there are any; none if none are asked for."""
        while size and not self._done:
            more = self._file.read(size if size > 0 else 1 << 16)
            self._done = not more
            text = self._rest + more
            if b"NaN" in text or b"Infinity" in text:
                text = _NO_NUMBER.sub(rb"\1null", text)
            keep = 0 if self._done else _HELD_BACK
            self._rest = text[len(text) - keep :] if keep else b""
            out = text[: len(text) - keep] if keep else text
            if out or self._done:
                return out
        return b""
