"""Where a sentence claims nothing: it denies, doubts, asks, repeats a wish, or speaks of before."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from worktrial.search.marks import Mark


class Span(NamedTuple):
    """A stretch of a line, the end excluded."""

    start: int
    end: int


def silences(line: str, sentence: Span, marks: Sequence[Mark]) -> list[Span]:
    """The stretches of a sentence in which nothing is claimed.

    Args:
        line: Where the sentence stands.
        sentence: Its stretch.
        marks: Those of the sentence; words within them deny nothing.
    """
    asked = line[: sentence.end].rstrip(" \"'”’)*").endswith("?")
    if asked or _DATELINE.match(line):
        return [sentence]
    bare = bared(line, marks)
    return [*_denied(bare, sentence), *_wished(bare, sentence, marks)]


def bared(line: str, marks: Iterable[Mark]) -> str:
    """A line with its names and values blotted out, so that nothing in them parts or denies."""
    hidden = list(line)
    for mark in marks:
        if mark.sort in ("name", "value"):
            hidden[mark.start : mark.end] = "_" * (mark.end - mark.start)
    return "".join(hidden)


def clauses(bare: str, sentence: Span) -> list[Span]:
    """A sentence of a bared line in its clauses."""
    cuts = [m.span() for m in _CUT.finditer(bare, sentence.start, sentence.end)]
    starts = [sentence.start, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), sentence.end]
    return [Span(start, end) for start, end in zip(starts, ends, strict=True)]


def is_wish(line: str) -> bool:
    """Whether a line heads a list of what was asked for, not of what was found."""
    return bool(_WISH_LIST.search(line))


_CUT = re.compile(
    r"[;:()\[\]]|, |,$| [–—-] |"
    r"\b(?:but|although|though|while|whereas|however|so|and|which|because)\b"
)
_DENIAL = re.compile(
    r"\b(?:not|no|never|neither|nor|none|without|cannot|unable|unknown|unclear|unsure|uncertain|"
    r"unconfirmed|missing|n/?a|except|instead of|rather than|unlike|"
    r"may (?:be|have)|might|could (?:be|have)|possibly|probably|perhaps|maybe|likely|seems?|"
    r"presumably|apparently|assum\w+|guess\w*|"
    r"former|formerly|previous|previously|earlier|older|old|outdated|obsolete|superseded|"
    r"archived|used to|no longer|originally|until|first logged|initially|"
    r"back then|at (?:the|that) time|back in)\b|n't\b|n’t\b",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"\W*(?:dated?|(?:last )?updated|retrieved|accessed)\b\W*\d", re.IGNORECASE)
"""When a page was written is nothing that it says of anyone."""
_LEAD = (
    r"(?:^|[,;:(.!]\s*|\b(?:since|because|as|if|given|given that|that|when|and|for|of|meets?|"
    r"match(?:es)?|with|so)\s+)"
)
_WISH = re.compile(
    rf"{_LEAD}(?:you(?:['’]re)? (?:are|need(?!\w)|want|asked|require|said|prefer|mentioned|"
    r"specified|wish|looking)|"
    r"(?:the )?(?:user|person|customer|client) (?:wants?|needs?|asked|is looking))(?! is\b)|"
    r"\byour (?:wish|criteria|budget|description|requirement|request|constraint|need|limit)s?\b",
    re.IGNORECASE,
)
_WISH_LIST = re.compile(
    r"(?:\byou (?:need|want|require|prefer)|\b(?:criteria|requirements|constraints|your needs|"
    r"your request|not found|missing|open questions))\W*$",
    re.IGNORECASE,
)


def _denied(bare: str, sentence: Span) -> Iterator[Span]:
    denied = False
    for clause in clauses(bare, sentence):
        inner = denied and bare[clause.start - 1 : clause.start] == "("
        denied = inner or _DENIAL.search(bare, clause.start, clause.end) is not None
        if denied:
            yield clause


def _wished(bare: str, sentence: Span, marks: Sequence[Mark]) -> Iterator[Span]:
    """From a mention of a wish to the next name, or to a colon that ends it."""
    for m in _WISH.finditer(bare[: sentence.end], sentence.start):
        end = next(
            (k.start for k in marks if k.sort == "name" and k.start >= m.end()), sentence.end
        )
        colon = bare.find(":", m.end(), end)
        if colon >= 0 and any(k.sort == "value" and m.end() <= k.start < colon for k in marks):
            end = colon
        yield Span(m.start(), end)
