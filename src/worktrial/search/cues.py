"""The words by which people bring up what may be asked about, topic by topic.

Cues are written in a small language over folded words (lower case, no accents, no punctuation):
`countr*` is a word that begins so, `~` stands for up to four words, `#` for a number, and
parentheses, `|` and `?` mean what they mean in a regular expression. Cues before a `;` are strong:
they mean their attribute wherever they stand. Those after it are weak: they count only in a
sentence that holds no strong one. Where two cues overlap, the longer one counts.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from worktrial.search.cuetable import BESIDES, CUES
from worktrial.search.topics import TOPICS, Topic

_MONTH = (
    "january|february|march|april|june|july|august|september|october|november|december|"
    "(?:early|mid|late|in|by|since|from|of|until|before|after) may"
)


class Cue(NamedTuple):
    """A place where a text brings something up.

    Attributes:
        start: Of the folded text.
        end: Of the folded text.
        attribute: Key; "" for what is about something else.
        strong: Whether it counts beside others.
    """

    start: int
    end: int
    attribute: str
    strong: bool


_NUMBERS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen|eighteen|"
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen|fortnight"
)
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "€": " eur "}
)
_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")
_THOUSANDS = re.compile(r"(?<=\d)[,.](?=\d\d\d(?!\d))")


def folded(text: str) -> str:
    """The words of a text, in lower case and without accents, each with a space on both sides.

    Characters of Chinese and Japanese are words.
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).translate(_LETTERS)
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return f" {' '.join(_WORD.findall(_THOUSANDS.sub('', plain)))} "


def brought_up(text: str, topic: Topic, *, weakly: bool = True) -> tuple[str, ...]:
    """Which attributes of a topic a sentence brings up, in the topic's order.

    Args:
        text: One sentence.
        topic: Whose attributes.
        weakly: Whether weak cues count where there is no strong one.
    """
    if topic.key in CUES:
        return _in_table(text, topic.key, weakly)
    return _brought_up(text, topic, weakly)


@lru_cache(maxsize=1024)
def _in_table(text: str, topic: str, weakly: bool) -> tuple[str, ...]:
    return _brought_up(text, TOPICS[topic], weakly)


def _brought_up(text: str, topic: Topic, weakly: bool) -> tuple[str, ...]:
    words = folded(text)
    taken = [""] * len(words)
    kept: list[Cue] = []
    for cue in sorted(_cues(words, topic), key=lambda c: (c.start - c.end, c.start)):
        # Two stages of one's own may be about the same words.
        mark = words[cue.start : cue.end] if topic.key not in CUES else cue.attribute or "-"
        if all(one in ("", mark) for one in taken[cue.start : cue.end]):
            taken[cue.start : cue.end] = [mark] * (cue.end - cue.start)
            kept.append(cue)
    strong = {cue.attribute for cue in kept if cue.strong and cue.attribute}
    found = strong or {cue.attribute for cue in kept if weakly}
    return tuple(a.key for a in topic.attributes if a.key in found)


def _cues(words: str, topic: Topic) -> list[Cue]:
    return [
        Cue(*match.span(), attribute, strong)
        for attribute, strong, pattern in _patterns(topic)
        for match in pattern.finditer(words)
    ]


_Patterns = tuple[tuple[str, bool, re.Pattern[str]], ...]


def _patterns(topic: Topic) -> _Patterns:
    """The cues of a topic; of one that has no table here, those that its attributes bring."""
    if topic.key in CUES:
        return _tabled(topic.key)
    found = []
    for attribute in topic.attributes:
        strong, _, weak = ", ".join(attribute.cues).partition(";")
        for cues, is_strong in ((strong, True), (weak, False)):
            if cues.strip(", "):
                found.append((attribute.key, is_strong, _compiled(cues)))
    return tuple(found)


@cache
def _tabled(topic: str) -> _Patterns:
    """Per attribute its strong and its weak cues, values and label included; then what is not."""
    found = [("", True, _compiled(BESIDES))]
    scopes = ", ".join(folded(scope).strip() for scope in TOPICS[topic].scopes)
    found.append(("", True, _compiled(scopes)))
    for attribute in TOPICS[topic].attributes:
        strong, _, weak = CUES[topic][attribute.key].partition(";")
        found.append(
            (attribute.key, True, _compiled(f"{folded(attribute.label).strip()}, {strong}"))
        )
        if weak:
            found.append((attribute.key, False, _compiled(weak)))
    return tuple(found)


_SMALL_LANGUAGE = (
    ("(", "(?:"),
    (" ~ ", " (?:[^ ]+ ){0,4}?"),
    ("*", "[^ ]*"),
    ("#", f"(?:\\d[^ ]*|{_NUMBERS})"),
    ("YEAR", "(?:19|20)\\d\\d"),
    ("MONTH", f"(?:{_MONTH})"),
)


@lru_cache(maxsize=4096)
def _compiled(cues: str) -> re.Pattern[str]:
    phrases = sorted((" ".join(cue.split()) for cue in cues.split(",")), key=len, reverse=True)
    pattern = "|".join(phrase for phrase in phrases if phrase)
    for sign, meaning in _SMALL_LANGUAGE:
        pattern = pattern.replace(sign, meaning)
    return re.compile(f"(?<= )(?:{pattern})(?= )")
