"""The texts that were written from memory, ready to be shown beside what they should be."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from worktrial.evidence import Source
from worktrial.memorisation.arms import PUBLISHED
from worktrial.memorisation.measured import CONTROL
from worktrial.memorisation.stories import TextStory
from worktrial.memorisation.worker import Flag
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
        source: Where its sample lies.
    """

    title: str
    prefix: str
    left_out: int
    remainder: Marked
    written: Marked
    verbatim: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class RecalledItem:
    """One item: its text as published, and a fresh one of the same form.

    Attributes:
        name: Its id.
        flagged: Whether the model is taken to have met it.
        p: Share of fresh texts that stand out as much.
        correct: Share of right answers to it.
        published: Its own text.
        fresh: Of its fresh texts, or of the controls where it has none, the one most written.
        others: How many more of these there are.
    """

    name: str
    flagged: bool
    p: str
    correct: str
    published: Pair
    fresh: Pair | None
    others: int


@dataclass(frozen=True, slots=True)
class RecalledBy:
    """What a worker wrote from memory, the worst first."""

    anchor: str
    name: str
    items: tuple[RecalledItem, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The samples that are told, those of the items as published."""
        return tuple(item.published.source for item in self.items if item.published.source)


def reconstructions(
    workers: Sequence[str], told: Reconstructions, flags: Mapping[str, Sequence[Flag]]
) -> list[RecalledBy]:
    """What a page shows of every worker that has a reconstruction to show.

    Args:
        workers: In the order of the page.
        told: Texts that they continued.
        flags: What is known of each item.
    """
    return [
        RecalledBy(f"m{number}", worker, tuple(_items(told[worker], flags.get(worker, ()))))
        for number, worker in enumerate(workers, 1)
        if told.get(worker)
    ]


def _items(told: Sequence[TextStory], flags: Sequence[Flag]) -> Iterator[RecalledItem]:
    """The items that are most reconstructed, each beside the fresh text that is so."""
    by_item = {flag.item: flag for flag in flags}
    fresh: dict[str, list[TextStory]] = {}
    for text in told:
        if text.arm != PUBLISHED:
            fresh.setdefault(CONTROL if text.operation == CONTROL else text.item, []).append(text)
    published = [text for text in told if text.arm == PUBLISHED]
    for text in sorted(published, key=lambda t: _worst(t, by_item.get(t.item)))[:MOST_ITEMS]:
        beside = sorted(fresh.get(text.item, fresh.get(CONTROL, ())), key=_worst)
        yield _item(text, beside, by_item.get(text.item))


def _worst(text: TextStory, flag: Flag | None = None) -> tuple[float, float, str, str]:
    """What was written most of first, among equals what stands out more."""
    p = 2.0 if flag is None or math.isnan(flag.p) else flag.p
    return (0.0 if text.verbatim is None else -text.verbatim, p, text.item, text.operation)


def _item(text: TextStory, fresh: Sequence[TextStory], flag: Flag | None) -> RecalledItem:
    return RecalledItem(
        name=one_line(text.item, 80),
        flagged=flag is not None and flag.flagged,
        p=_number(flag.p if flag else math.nan),
        correct=_number(flag.correct if flag else math.nan),
        published=_pair(text),
        fresh=_pair(fresh[0]) if fresh else None,
        others=max(0, len(fresh) - 1),
    )


def _number(value: float) -> str:
    return known(None if math.isnan(value) else value)


def _pair(text: TextStory) -> Pair:
    # Where a text is cut between words, its rest begins with the space between them.
    remainder, written = marked(text.remainder.strip(), text.written.strip())
    return Pair(
        title=f"{text.operation.replace('-', ' ')}, {text.percent}\N{NO-BREAK SPACE}% shown",
        prefix=text.prefix[-_SHOWN_BEFORE:],
        left_out=max(0, len(text.prefix) - _SHOWN_BEFORE),
        remainder=remainder,
        written=written,
        verbatim=known(text.verbatim),
        source=text.source,
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
