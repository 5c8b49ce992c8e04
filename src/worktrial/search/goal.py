"""Scoring where there is no world: claims are held against the goal, by the names of its nodes.

A claim is a line `subject | relation | value`, under any arm. It is a triple of the goal if it
names both ends of one and no other relation of the goal's; where several triples join the same two
ends, the relation tells which. In prose, a sentence that names both ends of a triple claims it.
What else prose claims cannot be seen: the precision of an answer in prose is that of what is seen,
and so too high, unless a model reads it into lines.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from worktrial.search.items import SearchItem, Triple
from worktrial.search.layout import MOST_CHARACTERS, Row, answer_of, blocks, plain
from worktrial.search.lexicon import Phrases
from worktrial.search.marks import Mark
from worktrial.search.scoring import AnswerScore, Judged, f1_of
from worktrial.search.silence import Span, silences
from worktrial.search.values import Word

_MOST_NAMES = 60
"""Of one sentence; what names more is a list of everything."""
_LONGEST_CELL = 400
_LEAST_CLAIMS = 400


@lru_cache(maxsize=1 << 14)
def normal(name: str) -> str:
    """A name as names are compared: without case, accents, punctuation and articles."""
    return " ".join(word.text for word in _unarticled(_words(_bare(name)))) or name.casefold()


def read_goal(text: str, item: SearchItem) -> tuple[Triple, ...]:
    """Read the claims of an answer.

    Args:
        text: Of any length; its end is read, as much as twice the goal or 50,000 characters.
        item: Whose goal is looked for.

    Returns:
        Triples of the goal as the goal has them, and every other line as it stands; each once.
    """
    goal = _Goal(item)
    claims: dict[Triple, None] = {}
    for claim in _claims(answer_of(text, most=goal.room), goal):
        if len(claims) < _LEAST_CLAIMS + len(item.goal):
            claims[claim] = None
    return tuple(claims)


def score_goal(item: SearchItem, claims: Sequence[Triple]) -> AnswerScore:
    """Score claims where there is no world to look them up in.

    Whether what is not in the goal is true, whether any page says it, and whether the subject meets
    the person's constraints is not known here: `unsupported` and `intents_met` are `None`, and no
    claim is called false.
    """
    known = dict.fromkeys(item.goal)
    judged = tuple(Judged(c, "goal" if c in known else "unlisted", None) for c in claims)
    hits = len({normal_triple(c.triple) for c in judged if c.truth == "goal"})
    precision = hits / (hits + sum(c.truth != "goal" for c in judged)) if judged else None
    recall = hits / len({normal_triple(triple) for triple in item.goal})
    heads = Counter(claim.head for claim in claims)
    return AnswerScore(
        precision=precision,
        recall=recall,
        f1=f1_of(precision, recall),
        unsupported=None,
        subject=heads.most_common(1)[0][0] if heads else "",
        candidates=len(heads),
        intents_met=None,
        claims=judged,
        truths=("goal", "unlisted"),
    )


def normal_triple(triple: Triple) -> tuple[str, str, str]:
    """A triple as triples are compared."""
    return normal(triple.head), triple.relation, normal(triple.tail)


class _Goal:
    """A goal, looked up by the names of its ends."""

    def __init__(self, item: SearchItem) -> None:
        self.relations = {normal(r.label): r.key for r in item.about.relations}
        self.joined: dict[tuple[str, str], list[Triple]] = {}
        self.names: dict[str, str] = {}
        for triple in item.goal:
            head, tail = normal(triple.head), normal(triple.tail)
            self.joined.setdefault((head, tail), []).append(triple)
            self.names |= {head: triple.head, tail: triple.tail}
        self.phrases = Phrases(self.names)
        longest = max(len(relation.label) for relation in item.about.relations)
        written = sum(len(t.head) + len(t.tail) + longest + 8 for t in item.goal)
        self.room = max(MOST_CHARACTERS, 2 * written)

    def line(self, head: str, relation: str, tail: str) -> Triple | None:
        """The triple of the goal that a line is."""
        ends = normal(head), normal(tail)
        there = self.joined.get(ends, []) + (
            self.joined.get(ends[::-1], []) if ends[0] != ends[1] else []
        )
        key = self.relations.get(normal(relation))
        if key is not None:
            said = (t for t in self.joined.get(ends, []) if t.relation == key)
            return next(said, None)
        return there[0] if len(there) == 1 else None

    def sentence(self, text: str) -> Iterator[Triple]:
        """The triples of the goal both of whose ends a sentence names."""
        found = self._named(text)
        for head in found:
            for tail in found:
                yield from self.joined.get((head, tail), ()) if head != tail else ()

    def _named(self, text: str) -> list[str]:
        """The names in what a sentence claims, not in what it denies, doubts or asks."""
        text = unicodedata.normalize("NFKC", text)
        words = _words(text)
        marks = [
            Mark(words[p.first].start, words[p.last].end, "name", p.text)
            for p in self.phrases.all(words)
        ]
        marks = [mark for mark in marks if self._is_written_so(mark, text)]
        silent = silences(text, Span(0, len(text)), marks)
        heard = (
            m.text for m in marks if not any(s.start < m.end and m.start < s.end for s in silent)
        )
        return list(dict.fromkeys(heard))[:_MOST_NAMES]

    def _is_written_so(self, mark: Mark, text: str) -> bool:
        """A lone word is a name only where it is written as one."""
        lower = text[mark.start : mark.end].islower() and " " not in mark.text
        return not lower or self.names[mark.text].islower()


def _claims(text: str, goal: _Goal) -> Iterator[Triple]:
    for block in blocks(text):
        if isinstance(block, str):
            for sentence in _END.split(block):
                yield from goal.sentence(sentence)
        else:
            for row in block:
                yield from _row(row, goal)


def _row(row: Row, goal: _Goal) -> Iterator[Triple]:
    """A line; a row of a table that is none is read as a sentence."""
    if len(row) != _CELLS:
        yield from goal.sentence(" ; ".join(row))
        return
    if [normal(cell) for cell in row] in _HEADERS or not all(row):
        return
    found = goal.line(*row)
    if found is not None:
        yield found
        return
    told = (
        list(goal.sentence(" ; ".join(row))) if goal.relations.get(normal(row[1])) is None else []
    )
    yield from told or [_as_it_stands(row)]


def _as_it_stands(row: Row) -> Triple:
    """A line of another claim; however it is written, it is one claim."""
    head, relation, tail = (normal(cell[:_LONGEST_CELL]) for cell in row)
    return Triple(head=head, relation=relation, tail=tail)


_CELLS = 3
_HEADERS = (
    ["subject", "relation", "value"], ["subject", "predicate", "object"],
    ["head", "relation", "tail"], ["subject", "relation", "object"],
    ["entity", "attribute", "value"],
)  # fmt: skip
_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]|\d+(?:[.,]\d+)*|[^\W\d_{_HAN}]+|[+#%&$€£°]")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "&": "and"})
_PASSES = 3


def _bare(name: str) -> str:
    """A name without markdown, as `layout` leaves what stands in an answer."""
    for _ in range(_PASSES):
        name = plain(name)
    return unicodedata.normalize("NFKC", name)


def _words(text: str) -> list[Word]:
    """The words of a text with their places; characters of Chinese are words, `the` is none."""
    found = (Word(_folded(m.group()), m.start(), m.end()) for m in _WORD.finditer(text))
    return [word for word in found if word.text != "the"]


def _unarticled(words: list[Word]) -> list[Word]:
    return words[1:] if len(words) > 1 and words[0].text in ("a", "an") else words


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    folded = unicodedata.normalize("NFKD", _THOUSANDS.sub("", word).casefold())
    return "".join(c for c in folded if not unicodedata.combining(c)).translate(_LETTERS)
