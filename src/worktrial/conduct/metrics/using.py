"""What of the text that a worker was given turns up again in its own words and arguments."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from worktrial.conduct.events import Claim, HandOff, ModelCall, Role, ToolCall, Trajectory

MOST_CHARACTERS = 500_000
"""More of one text isn't read."""
LONGEST = 100
"""A longer word is encoded data, not something that anyone repeats by hand."""
PHRASE = 4

# Possessive throughout: no text makes it go back.
_WORD = re.compile(r"[^\W_]++(?:(?:[._@/#+\-]{1,3}+|(?<=\d)[:,](?=\d))[^\W_]++)*+")
_CAMEL = re.compile(r"[a-z][A-Z]")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)
_JOINED = frozenset("._@/#")
_NESTED = 6
_FUNCTION = (
    "a about after all also am an and any are as at be been before but by can could did do does"
    " for from had has have he her here him his how i if in into is it its just let may me more"
    " my no not now of on once one only or our out over own please s shall she should so some"
    " such t than that the their them then there these they this those through to too under until"
    " up us very was we were what when where which while who why will with would you your"
)
FUNCTION_WORDS = frozenset(_FUNCTION.split())


def rare_strings(text: str) -> Iterator[str]:
    """The strings by which a text is known again; one may come twice.

    Numbers of three digits or more, identifiers, and phrases of four words of which two or more
    aren't function words; case doesn't matter.
    """
    words = _words(text)
    yield from (rare for word in words if not _is_plain(word) for rare in _named(word))
    folded = [word.casefold() for word in words]
    content = [word not in FUNCTION_WORDS for word in folded]
    for at in range(len(words) - PHRASE + 1):
        if sum(content[at : at + PHRASE]) > 1:
            yield " ".join(folded[at : at + PHRASE])


def is_phrase(rare: str) -> bool:
    """Whether a rare string is a phrase, and not a number or an identifier."""
    return " " in rare


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text, 0, MOST_CHARACTERS) if len(word) <= LONGEST]


def _is_plain(word: str) -> bool:
    """What most words are, told fast."""
    return word.isalpha() and (word.islower() or word[1:].islower())


def _named(word: str) -> Iterator[str]:
    if _is_number(word):
        yield word.casefold().replace(",", "")
    elif _is_identifier(word):
        yield word.casefold()


def _is_number(word: str) -> bool:
    return not any(map(str.isalpha, word)) and sum(map(str.isdigit, word)) > 2


def _is_identifier(word: str) -> bool:
    if not any(map(str.isalpha, word)):
        return False
    if any(map(str.isdigit, word)):
        return len(word) > 3 and not _ORDINAL.fullmatch(word)
    return bool(_CAMEL.search(word)) or (len(word) > 4 and not _JOINED.isdisjoint(word))


def argument_text(arguments: Mapping[str, Any]) -> str:
    """The texts and numbers in a call's arguments, one a line."""
    return "\n".join(_leaves(arguments, _NESTED))


def _leaves(value: Any, deep: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield _digits(value)
    elif deep and isinstance(value, Mapping | list | tuple):
        inner = value.values() if isinstance(value, Mapping) else value
        for each in inner:
            yield from _leaves(each, deep - 1)


def _digits(value: float) -> str:
    try:
        return str(value)
    except ValueError:  # an integer too long to be written out
        return ""


class Said(NamedTuple):
    """One text of the worker's, at the place of the event in which it was decided."""

    at: int
    text: str


def said(trajectory: Trajectory, *, leaving_out: Iterable[Role] = ()) -> Iterator[Said]:
    """What the worker wrote: messages, arguments, claims and hand-offs.

    Arguments belong to the model call that asked for the tool: calls asked for together cannot
    use each other's results.

    Args:
        trajectory: What happened.
        leaving_out: Roles of tools whose arguments do not count.
    """
    asked = asked_at(trajectory)
    without = frozenset(leaving_out)
    for place, event in enumerate(trajectory.events):
        if isinstance(event, ModelCall):
            yield Said(place, event.said)
        elif isinstance(event, ToolCall):
            if without.isdisjoint(event.roles):
                yield Said(asked.get(place, place), argument_text(event.arguments))
        elif isinstance(event, Claim | HandOff):
            yield Said(place, event.text)


def asked_at(trajectory: Trajectory) -> dict[int, int]:
    """By the place of a tool call, that of the model call that asked for it, where known."""
    asker: dict[str, int] = {}
    found: dict[int, int] = {}
    for place, event in enumerate(trajectory.events):
        if isinstance(event, ModelCall):
            asker.update(dict.fromkeys(event.calls, place))
        elif isinstance(event, ToolCall) and event.id in asker:
            found[place] = asker[event.id]
    return found


def last_said(trajectory: Trajectory, *, leaving_out: Iterable[Role] = ()) -> dict[str, int]:
    """By rare string, the last place at which the worker wrote it.

    All that is kept of other texts is what is in here, so memory grows with what a worker
    wrote, not with what it read.
    """
    last: dict[str, int] = {}
    for at, text in said(trajectory, leaving_out=leaving_out):
        for rare in rare_strings(text):
            last[rare] = max(at, last.get(rare, at))
    return last


def used_after(text: str, place: int, last: Mapping[str, int]) -> bool:
    """Whether the worker wrote any rare string of a text after a place."""
    return any(last.get(rare, -1) > place for rare in rare_strings(text))


def has_rare(text: str) -> bool:
    """Whether a text can be known again at all."""
    return any(True for _ in islice(rare_strings(text), 1))
