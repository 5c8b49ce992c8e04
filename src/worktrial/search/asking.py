"""What a worker's message does: what it asks about, brings up and shows.

Patterns and keywords decide, no model; how well they do is measured on a labelled set, see
`agreement`.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from worktrial.search.cues import brought_up, folded
from worktrial.search.layout import FINAL
from worktrial.search.sentences import MOST_CHARACTERS, Sentence, sentences
from worktrial.search.topics import Topic


class Heard(NamedTuple):
    """What a message does.

    Attributes:
        asks: Keys of the attributes it asks about, in the topic's order.
        mentions: Keys of those it brings up, what it asks about included.
        shows: Names of the subjects it names, in the order in which it names them.
        questions: How many of its sentences ask the person something.
        words: How many it has.
        final: Whether it is an answer: it has a line `FINAL ANSWER`.
    """

    asks: tuple[str, ...]
    mentions: tuple[str, ...]
    shows: tuple[str, ...]
    questions: int
    words: int
    final: bool


_MOST_WORDS = 40
"""Of a name; a longer one is known by how it begins."""


class NameIndex:
    """Names to be found in texts, by their words.

    Args:
        names: Names and aliases. One of several words, or with a digit, is found in any case; one
            of a single word only as it is written.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[tuple[str, ...], str] = {}
        for name in names:
            self._names.setdefault(tuple(folded(name).split()[:_MOST_WORDS]), name)
        self._names.pop((), None)
        self._longest = max(map(len, self._names), default=0)
        self._first = {words[0] for words in self._names}

    def found(self, text: str) -> tuple[str, ...]:
        """The names that a text holds, longest first where they overlap, each once."""
        words = folded(text).split()
        shown: list[str] = []
        at = 0
        while at < len(words):
            size, name = self._at(words, at, text)
            shown += [name] if name else []
            at += size
        return tuple(dict.fromkeys(shown))

    def _at(self, words: list[str], at: int, text: str) -> tuple[int, str]:
        if words[at] in self._first:
            for size in range(min(self._longest, len(words) - at), 0, -1):
                name = self._names.get(tuple(words[at : at + size]), "")
                if name and (size > 1 or any(map(str.isdigit, name)) or name in text):
                    return size, name
        return 1, ""


_WORD = re.compile(r"\w+")


def hear(message: str, topic: Topic, names: NameIndex) -> Heard:
    """Say what a message does; the same message does the same every time.

    Args:
        message: A worker's, of any size; what is beyond 20,000 characters counts only as words and
            as a final answer.
        topic: Whose attributes it may be about.
        names: Of the subjects.
    """
    said = sentences(message)
    asks = {key for i in range(len(said)) for key in _asked(said, i, topic)}
    mentions = asks | {
        key for one in said for key in brought_up(one.text, topic, weakly=one.text[-1:] == "?")
    }
    return Heard(
        asks=tuple(a.key for a in topic.attributes if a.key in asks),
        mentions=tuple(a.key for a in topic.attributes if a.key in mentions),
        shows=names.found(message[:MOST_CHARACTERS]),
        questions=sum(sentence.asks for sentence in said),
        words=sum(1 for _ in _WORD.finditer(message)),
        final=bool(FINAL.search("\n".join(message.splitlines()))),
    )


_POINTING = re.compile(
    r"\b(?:this|that|it|these|those|they|so)\b.{0,80}\b(?:ok|okay|fine|problem|acceptable|work|suit|suits|enough|"
    r"live with|right|matter|matters|too|important|essential|must|bother|do|good)\b|"
    r"\b(?:is|would|does|do|will) (?:this|that|it|these|those)\b",
    re.IGNORECASE,
)


def _asked(said: Sequence[Sentence], i: int, topic: Topic) -> tuple[str, ...]:
    """What a sentence asks about; one that only points back asks about what was said before it."""
    sentence = said[i]
    if not sentence.asks:
        return ()
    about = brought_up(sentence.about, topic) or brought_up(sentence.text, topic)
    if not about and i and _POINTING.search(sentence.text) and not said[i - 1].asks:
        return brought_up(said[i - 1].text, topic)
    return about
