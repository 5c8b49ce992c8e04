"""The texts that were written from memory, ready to be shown beside what they should be."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from worktrial.memorisation.arms import PUBLISHED
from worktrial.memorisation.stories import TextStory
from worktrial.report.words import known, one_line

MOST_ITEMS = 8
"""Of each worker."""
_MOST_CHARACTERS = 4_000
_MOST_WORDS = 500
"""Words of a text that are compared and shown; the rest is counted."""
_SHOWN_BEFORE = 600
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Thai, Lao, kana and Han are written without spaces: each character counts as a word."""
_WORD = re.compile(rf"\s*(?:[{_UNSPACED}]|[^\s{_UNSPACED}]+)")

Reconstructions = Mapping[str, Sequence[TextStory]]
"""By worker."""


class Marked(NamedTuple):
    """A text in three: before what it shares with the other, that, and after; what is left out."""

    before: str
    shared: str
    after: str
    left_out: int


@dataclass(frozen=True, slots=True)
class Pair:
    """One cut text: what was shown, what came after it, and what the model wrote.

    Attributes:
        title: Which text it is.
        prefix: The end of what was shown.
        left_out: How many characters were shown before that.
        remainder: What came after it, what is shared being marked.
        written: What the model wrote, the same being marked.
        verbatim: Share of the remainder in its longest verbatim run.
    """

    title: str
    prefix: str
    left_out: int
    remainder: Marked
    written: Marked
    verbatim: str


@dataclass(frozen=True, slots=True)
class RecalledItem:
    """One item: its text as published, and fresh ones of the same form."""

    name: str
    flagged: bool
    p: str
    correct: str
    published: Pair
    fresh: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class RecalledBy:
    """What a worker wrote from memory, the worst first."""

    anchor: str
    name: str
    items: tuple[RecalledItem, ...]


def reconstructions(workers: Sequence[str], told: Reconstructions) -> list[RecalledBy]:
    """What a page shows of every worker that has a reconstruction to show."""
    return [
        RecalledBy(f"m{number}", worker, tuple(_items(told[worker])))
        for number, worker in enumerate(workers, 1)
        if told.get(worker)
    ]


def _items(told: Iterable[TextStory]) -> Iterable[RecalledItem]:
    """The items that are most reconstructed."""
    texts: dict[str, list[TextStory]] = {}
    for text in told:
        texts.setdefault(text.item, []).append(text)
    whole = [of for of in texts.values() if any(text.arm == PUBLISHED for text in of)]
    for of in sorted(whole, key=_worst)[:MOST_ITEMS]:
        yield _item(of)


def _published(texts: Sequence[TextStory]) -> TextStory:
    return next(text for text in texts if text.arm == PUBLISHED)


def _worst(texts: Sequence[TextStory]) -> tuple[float, float, str]:
    """More of it written from memory first; among equals the one that stands out more."""
    text = _published(texts)
    return (-(text.verbatim or 0.0), 2.0 if text.p is None else text.p, text.item)


def _item(texts: Sequence[TextStory]) -> RecalledItem:
    published = _published(texts)
    return RecalledItem(
        name=one_line(published.item, 80),
        flagged=published.flagged,
        p=known(published.p),
        correct={True: "right", False: "wrong", None: "not judged"}[published.correct],
        published=_pair(published),
        fresh=tuple(_pair(text) for text in texts if text.arm != PUBLISHED),
    )


def _pair(text: TextStory) -> Pair:
    remainder, written = marked(text.remainder, text.written)
    return Pair(
        title=f"{text.operation.replace('-', ' ')}, {text.percent}\N{NO-BREAK SPACE}% shown",
        prefix=text.prefix[-_SHOWN_BEFORE:],
        left_out=max(0, len(text.prefix) - _SHOWN_BEFORE),
        remainder=remainder,
        written=written,
        verbatim=known(text.verbatim),
    )


def marked(remainder: str, written: str) -> tuple[Marked, Marked]:
    """The longest run of words that two texts share, marked in both, in bounded time and space."""
    theirs, ours = _words(remainder), _words(written)
    bare = [word.strip() for word in theirs]
    match = SequenceMatcher(None, bare, [word.strip() for word in ours], autojunk=False)
    run = match.find_longest_match()
    return (
        _parted(remainder, theirs, run.a, run.size),
        _parted(written, ours, run.b, run.size),
    )


def _words(text: str) -> list[str]:
    """The first words of a text, each with the space before it."""
    return _WORD.findall(text[:_MOST_CHARACTERS])[:_MOST_WORDS]


def _parted(text: str, words: Sequence[str], start: int, size: int) -> Marked:
    before, shared, after = (
        "".join(part)
        for part in (words[:start], words[start : start + size], words[start + size :])
    )
    left_out = len(text.rstrip()) - len(before + shared + after)
    return Marked(before, shared, after, left_out)
