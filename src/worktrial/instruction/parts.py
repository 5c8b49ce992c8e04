"""A prompt taken apart: what is the item's own, and what is the instruction around it.

The instruction is found from outside: it is whatever stands around a sample's input and choices in
the messages that a solver has rendered, what all inputs of a data set share at their beginning or
end, and the system messages.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

PartKind = Literal["instruction", "input", "choices"]
LEAST_SHARING = 3
"""Fewer inputs than this share their words by chance."""
_BOUNDARY = re.compile(r"\n|[.!?:][\"')\]]{0,2}\s")
"""Where a sentence or a line ends."""


class Part(NamedTuple):
    """A stretch of a message, and what it is."""

    kind: PartKind
    text: str


class Shared(NamedTuple):
    """What all inputs of a data set begin and end with; a template inside the data set."""

    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class Prompt:
    """What a worker is shown of one sample.

    Attributes:
        system: Texts of the system messages.
        parts: The user's message, in order; joined it is the message.
    """

    system: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The user's message as it stands."""
        return "".join(part.text for part in self.parts)

    @property
    def instruction(self) -> str:
        """All of the instruction, the system messages first."""
        return _joined([*self.system, *self._of("instruction")])

    @property
    def input(self) -> str:
        """The item's own text, without its choices."""
        return _joined(self._of("input"))

    @property
    def choices(self) -> str:
        """The choices as they are shown."""
        return _joined(self._of("choices"))

    @property
    def item(self) -> str:
        """The item's own text and its choices."""
        return _joined(self._of("input", "choices"))

    def _of(self, *kinds: PartKind) -> list[str]:
        return [part.text for part in self.parts if part.kind in kinds]


def shared_by(inputs: Iterable[str]) -> Shared:
    """What all inputs begin and end with, cut at the end of a line or sentence.

    Args:
        inputs: Of a data set's samples; equal ones count once, and fewer than three share nothing.
    """
    texts = list(dict.fromkeys(inputs))
    if len(texts) < LEAST_SHARING:
        return Shared()
    prefix = _up_to_boundary(_common(texts))
    rests = [text[len(prefix) :] for text in texts]
    suffix = _after_boundary(_common([rest[::-1] for rest in rests])[::-1])
    if any(not rest.removesuffix(suffix).strip() for rest in rests):
        return Shared()
    return Shared(prefix, suffix)


def _common(texts: Sequence[str]) -> str:
    """What all texts begin with: what the first and the last in order do."""
    one, other = min(texts), max(texts)
    end = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    return one[:end] if end is not None else min(one, other, key=len)


def _up_to_boundary(text: str) -> str:
    ends = [found.end() for found in _BOUNDARY.finditer(text)]
    return text[: ends[-1]] if ends else ""


def _after_boundary(text: str) -> str:
    found = _BOUNDARY.search(text)
    return text[found.end() :] if found else ""


def places(text: str, wanted: str) -> list[int]:
    """Where a text stands in another, from left to right; nowhere if it is blank."""
    found, at = [], text.find(wanted) if wanted.strip() else -1
    while at >= 0:
        found.append(at)
        at = text.find(wanted, at + 1)
    return found


def lead_of(messages: Sequence[tuple[str, str]]) -> str | None:
    """What all messages begin with before their inputs; `None` where it differs.

    An input may stand in its message more than once, such as in the words of the instruction: the
    place is the one that has the same text before it in every message.

    Args:
        messages: Pairs of a message and its input.
    """
    leads = [{text[:at] for at in places(text, wanted)} for text, wanted in messages]
    common = set.intersection(*leads) if leads else set()
    return min(common, key=len) if common else None


def taken_apart(
    text: str,
    wanted: str,
    *,
    choices: Sequence[str] = (),
    shared: Shared = Shared(),  # noqa: B008 - a constant
    lead: str | None = None,
    piece: str = "",
) -> tuple[Part, ...] | None:
    """Tell the item's own text in a message from the instruction around it.

    Args:
        text: The message.
        wanted: The sample's input.
        choices: The sample's choices.
        shared: What all inputs share.
        lead: What stands before the input in every message, if that is known.
        piece: A piece of the input that is instruction.

    Returns:
        The message part by part; `None` where the input does not stand in it word by word.
    """
    at = _place(text, wanted, lead)
    if at is None:
        return None
    before, after = text[:at], text[at + len(wanted) :]
    block = _choices_in(after, choices)
    ahead = _choices_in(before, choices) if len(block) == 1 else [Part("instruction", before)]
    parts = [*ahead, *_within(wanted, shared, piece), *block]
    return tuple(part for part in parts if part.text)


def _place(text: str, wanted: str, lead: str | None) -> int | None:
    if lead is not None and wanted.strip() and text.startswith(lead + wanted):
        return len(lead)
    return next(iter(places(text, wanted)), None)


def _within(wanted: str, shared: Shared, piece: str) -> list[Part]:
    """The input itself: what of it is shared by all, or was named, is instruction."""
    if piece.strip() and piece in wanted:
        before, _, after = wanted.partition(piece)
        return [Part("input", before), Part("instruction", piece), Part("input", after)]
    if not wanted.startswith(shared.prefix) or not wanted.endswith(shared.suffix):
        return [Part("input", wanted)]
    core = wanted[len(shared.prefix) : len(wanted) - len(shared.suffix)]
    return [
        Part("instruction", shared.prefix),
        Part("input", core),
        Part("instruction", shared.suffix),
    ]


def _choices_in(text: str, choices: Sequence[str]) -> list[Part]:
    """The text around a block in which all choices stand in their order, and the block."""
    start, end = None, 0
    for choice in choices:
        at = text.find(choice, end) if choice.strip() else -1
        if at < 0:
            return [Part("instruction", text)]
        start, end = at if start is None else start, at + len(choice)
    if start is None:
        return [Part("instruction", text)]
    first = text.rfind("\n", 0, start) + 1
    return [
        Part("instruction", text[:first]),
        Part("choices", text[first:end]),
        Part("instruction", text[end:]),
    ]


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text.strip() for text in texts if text.strip())
