"""What a model wrote against what was cut off of a text.

Texts are compared raw, by their units: words where a script spaces them, characters where it does
not (Chinese, Japanese, Thai and others). Nothing is lower-cased, stemmed or stripped of its
punctuation: by ROUGE's own tokens "What is -3 + 5?" and "What is 3 - 5?" are the same.
"""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz.distance import LCSseq

LEAST_UNITS = 3
"""A shorter beginning tells no text from another."""
_ECHO = 4
"""So many units of the prefix's end, written again, are an echo and no continuation."""
_TIMES, _SLACK = 8, 4000
"""Of what was written, so many times the text and so many characters more are read."""
_LOOSE = 200
"""Units beyond twice the remainder's in which a verbatim run is looked for."""
_UNSPACED = (
    "CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "BOPOMOFO",
    "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "JAVANESE", "BALINESE", "TAI ", "YI ",
)  # fmt: skip
_SAMPLE = 2000
"""Characters by which the script of a text is told."""


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """A continuation against the true remainder.

    Attributes:
        exact: Whether it begins with the raw remainder; how it goes on after that is not looked at.
        verbatim: Longest run of units that both share, as a share of the remainder's.
        rouge: ROUGE-L, F on units, of as much as the remainder is long.
        answered: Whether the answer stands in it; `None` where none is known, or the text itself
            holds it.
    """

    exact: bool
    verbatim: float
    rouge: float
    answered: bool | None


def spaced(text: str) -> bool:
    """Whether most letters of a text are of scripts that put spaces between words."""
    if text.isascii():
        return True
    letters = [c for c in text[:_SAMPLE] if c.isalpha()]
    unspaced = sum(unicodedata.name(c, "").startswith(_UNSPACED) for c in letters)
    return 2 * unspaced <= len(letters)


def cut(text: str, percent: int) -> tuple[str, str] | None:
    """Cut a text after a share of its units; both parts together are the text.

    Args:
        text: The whole.
        percent: How much of it is shown.

    Returns:
        Prefix and remainder; `None` where so little would be shown that it tells no text from
        another, or nothing is left to be written.
    """
    ends = [end for _, end in _spans(text, by_word=spaced(text))]
    shown = round(len(ends) * percent / 100)
    if not LEAST_UNITS <= shown < len(ends):
        return None
    return text[: ends[shown - 1]], text[ends[shown - 1] :]


def _spans(text: str, *, by_word: bool) -> list[tuple[int, int]]:
    """Where each unit begins and ends; marks belong to the character that they stand on."""
    spans = [found.span() for found in re.finditer(r"\S+" if by_word else r"\S", text)]
    if by_word:
        return spans
    whole: list[tuple[int, int]] = []
    for begin, end in spans:
        if whole and whole[-1][1] == begin and unicodedata.category(text[begin]).startswith("M"):
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((begin, end))
    return whole


def reconstruction(
    written: str, *, prefix: str, remainder: str, answer: str | None = None
) -> Reconstruction:
    """Compare what was written with what was cut off.

    A prefix that is written again first neither helps nor harms. What follows after as much as the
    remainder is long is not held against the writer, and what follows far behind is not read.

    Args:
        written: The continuation.
        prefix: What was shown.
        remainder: What came after it in the text, at least one unit.
        answer: The right answer to the text.
    """
    written = written[: _TIMES * (len(prefix) + len(remainder)) + _SLACK]
    written, prefix, remainder = (
        unicodedata.normalize("NFC", text) for text in (written, prefix, remainder)
    )
    by_word = spaced(prefix + remainder)
    shown, truth, whole = (_units(t, by_word=by_word) for t in (prefix, remainder, written))
    begin = _echoed(whole, shown, truth)
    units = whole[begin : begin + 2 * len(truth) + _LOOSE]
    asked = units[: len(truth)]
    spans = _spans(written, by_word=by_word)[begin:]
    continued = written[spans[0][0] :] if spans else ""
    end = spans[len(asked) - 1][1] - spans[0][0] if spans else 0
    return Reconstruction(
        exact=len(asked) == len(truth) and continued[:end] == remainder.strip(),
        verbatim=_longest(truth, units) / len(truth),
        rouge=2 * LCSseq.similarity(truth, asked) / (len(truth) + len(asked)),
        answered=_answered(continued, prefix + remainder, answer),
    )


def _units(text: str, *, by_word: bool) -> list[str]:
    return [text[begin:end] for begin, end in _spans(text, by_word=by_word)]


def _longest(truth: list[str], units: list[str]) -> int:
    return SequenceMatcher(None, truth, units, autojunk=False).find_longest_match().size


def _echoed(units: list[str], shown: list[str], truth: list[str]) -> int:
    """How many units, before all else, repeat the prefix or its end, once or more often."""
    begin = 0
    while echo := _echo(units[begin : begin + len(shown)], shown, truth):
        begin += echo
    return begin


def _echo(units: list[str], shown: list[str], truth: list[str]) -> int:
    """The longest beginning that is an end of what was shown, and not how the text goes on."""
    least = min(_ECHO, len(shown))
    for begin in range(len(shown) - least + 1):
        tail = shown[begin:] if units and shown[begin] == units[0] else []
        if tail and units[: len(tail)] == tail and truth[: len(tail)] != tail:
            return len(tail)
    return 0


def _answered(written: str, text: str, answer: str | None) -> bool | None:
    """Whether the answer stands in what was written, and not in the text itself."""
    if answer is None or not answer.strip() or holds(text, answer):
        return None
    return holds(written, answer)


def holds(text: str, answer: str) -> bool:
    """Whether a text holds an answer as a whole word or number: 12 is in neither 3.12 nor 12,000.

    Args:
        text: Where to look.
        answer: What to look for.
    """
    sought = unicodedata.normalize("NFC", answer.strip())
    if not spaced(sought):
        return sought in text
    alone = rf"(?<!\w)(?<!\d[.,/])(?<![-−]){re.escape(sought)}(?!\w|[.,/]\d)"
    return re.search(alone, text) is not None


_OPENING = re.compile(
    r"\A(?:sure|certainly|of course|okay|ok|here(?:'s| is| are)|continu\w+|"
    r"the (?:rest|continuation|remain\w+))\b[^\n]{0,120}:[ \t]*\n+",
    re.IGNORECASE,
)
_FENCE = re.compile(r"\A```[\w-]*\n(.*?)\n?```\Z", re.DOTALL)
_QUOTES = (('"', '"'), ("'", "'"), ("“", "”"), ("„", "“"), ("«", "»"), ("「", "」"))
_ELLIPSES = ("...", "…")


def unwrapped(written: str, remainder: str) -> str:
    """What a chat model wrote, without what it wraps around it: a line before, fence, quotes, dots.

    Nothing is taken away that the true remainder has itself.

    Args:
        written: The whole message.
        remainder: What came after the prefix in the text.
    """
    text, truth = written.strip(), remainder.strip()
    for take in (_without_opening, _without_fence, _without_quotes, _without_dots):
        if take(truth) == truth:
            text = take(text).strip()
    return text


def _without_opening(text: str) -> str:
    return _OPENING.sub("", text, count=1)


def _without_fence(text: str) -> str:
    found = _FENCE.match(text)
    return found[1] if found else text


def _without_quotes(text: str) -> str:
    for left, right in _QUOTES:
        inner = text[len(left) : -len(right)]
        if len(text) > 2 and text.startswith(left) and text.endswith(right) and left not in inner:
            return inner
    return text


def _without_dots(text: str) -> str:
    for dots in _ELLIPSES:
        if text.startswith(dots):
            return text[len(dots) :]
    return text
