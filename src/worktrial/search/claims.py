"""Claims read out of an answer by a program, within what a world knows.

Lines and rows `subject | relation | value` are read as they stand. In everything else a value is
read where it stands with a label, or can be the value of one relation only, and belongs to the
subject, or to the person beside it, that was named last. What is denied, doubted, asked, asked for
or said to have been so before is not claimed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worktrial.search.items import Triple
from worktrial.search.layout import Row, answer_of, blocks
from worktrial.search.lexicon import Lexicon, Shape
from worktrial.search.marks import Mark, value_in, vocabulary
from worktrial.search.silence import Span, bared, clauses, is_wish, silences
from worktrial.search.topics import Topic
from worktrial.search.values import About, canonical, folded, words

MOST_CLAIMS = 400


@dataclass(frozen=True, slots=True)
class Claims:
    """What an answer claims.

    Attributes:
        triples: Each once, in order of appearance, values in canonical form.
        unread: Lines that look like statements but could not be read.
    """

    triples: tuple[Triple, ...]
    unread: int


def read_claims(text: str, topic: Topic, lexicon: Lexicon) -> Claims:
    """Read the claims of an answer about one topic.

    Args:
        text: The answer, of any length; its last 50,000 characters are read, and of these what
            follows the last line `FINAL ANSWER` where there is one.
        topic: What it is about.
        lexicon: Names and values that the world knows.

    Returns:
        At most 400 claims.
    """
    reader = _Reader(topic, lexicon)
    for block in blocks(answer_of(text)):
        if isinstance(block, list):
            reader.table(block)
        else:
            reader.line(block)
    return reader.claims()


class _Reader:
    """Reads blocks one after another, and remembers whom the last was about."""

    def __init__(self, topic: Topic, lexicon: Lexicon) -> None:
        self._topic, self._names = topic, lexicon
        self._words = vocabulary(topic)
        self.entity = next(r.key for r in self._topic.relations if r.kind == "entity")
        self.subject = self.person = ""
        self._wishes = self._listed = False
        self._said: dict[tuple[str, str], dict[str, bool]] = {}
        self._unread = 0

    def claims(self) -> Claims:
        """What was read: surely said, or else taken from where it stands."""
        triples: dict[Triple, None] = {}
        for (head, key), values in self._said.items():
            surely = [value for value, sure in values.items() if sure]
            owner = self._owner(head) if self.of(key) else head
            for value in surely or values:
                triples[Triple(head=owner, relation=key, tail=value)] = None
        return Claims(tuple(triples)[:MOST_CLAIMS], self._unread)

    # Lines

    def line(self, line: str) -> None:
        """Read a line of words."""
        if not line:
            self._wishes = self._wishes and not self._listed
            return
        if is_wish(line):
            self._wishes, self._listed = True, False
            return
        self._listed = True
        marks = self._marks(line)
        before, quiet = self._count(), False
        for sentence in _sentences(line, marks):
            here = [m for m in marks if sentence.start <= m.start < sentence.end]
            silent = [sentence] if self._wishes else silences(line, sentence, here)
            quiet = quiet or bool(silent)
            _Sentence(self, line, sentence, here, silent).read()
        stated = any(m.sort == "label" and _STATING.match(line, m.end) for m in marks)
        self._unread += stated and not quiet and self._count() == before

    def _count(self) -> int:
        return sum(map(len, self._said.values()))

    # Tables

    def table(self, rows: Sequence[Row]) -> None:
        """Read rows: triples, a table of subjects, or one of labels and values."""
        self._wishes = False
        head, keys = rows[0], [self._key(cell) for cell in rows[0]]
        across = [self._names.name(_bare(cell)) for cell in head[1:]]
        if self._are_triples(rows):
            self._triples(rows)
        elif any(across) and any(self._key(row[0]) for row in rows[1:]):
            for row in rows[1:]:
                for name, cell in zip(across, row[1:], strict=False):
                    self._cell(name or "", self._key(row[0]), cell)
        elif sum(map(bool, keys[1:])) and len(rows) > 1 and not self._labelled(rows[1:]):
            for row in rows[1:]:
                self._record(keys, row)
        else:
            for row in rows:
                self.line(f"{row[0]}: {' ; '.join(row[1:])}")

    def _are_triples(self, rows: Sequence[Row]) -> bool:
        """Whether rows have three cells, and most a relation in the middle one."""
        keyed = [
            len(row) == 3 and bool(self._key(row[1])) and not self._key(row[0]) for row in rows
        ]
        # A header of labels has one there too, but begins with no name.
        named = self._names.name(_bare(rows[0][0])) is not None
        if not named and all(map(self._key, rows[0][1:])):
            return False
        body = keyed[1:] or keyed
        return (keyed[0] and named) or sum(body) * 2 > len(body)

    def _labelled(self, rows: Sequence[Row]) -> bool:
        """Whether rows begin with labels."""
        return sum(bool(self._key(row[0])) for row in rows) * 2 > len(rows)

    def _triples(self, rows: Sequence[Row]) -> None:
        for row in rows:
            key = self._key(row[1]) if len(row) == 3 else None
            if key:
                self._cell(self._names.name(_bare(row[0])) or _bare(row[0]), key, row[2])
            elif row[1].casefold() not in _HEADER:
                self._unread += 1

    def _record(self, keys: Sequence[str | None], row: Row) -> None:
        """Read a row about one subject under a header of labels."""
        named = (self._names.name(_bare(cell)) for cell in row)
        head = next((n for n in named if n and self.is_subject(n)), self.subject)
        for key, cell in zip(keys, row, strict=False):
            self._cell(head, key, cell)

    def _cell(self, head: str, key: str | None, cell: str) -> None:
        """Read a cell that holds the value of a relation."""
        cell = _bare(cell)
        if not head or not key or _EMPTY.fullmatch(cell[:_LONGEST_KEY]):
            return
        self.turn_to(head)
        value = self.value(self._words.about[key], cell)
        if value is None:
            self._unread += 1
        else:
            self.say(head, key, value)

    def _key(self, cell: str) -> str | None:
        """The relation that a cell or key names, whatever else stands in it."""
        if len(cell) > _LONGEST_KEY:
            return None
        keys = [m.text for m in self._marks(cell) if m.sort == "label"]
        return next((k for k in keys if self.of(k)), keys[0] if keys else None) or next(
            (m.text for m in self._marks(cell) if m.sort == "cue"), None
        )

    def _marks(self, line: str) -> list[Mark]:
        return self._words.marks(line, self._names)

    # What is said

    def value(self, about: About, text: str) -> str | None:
        """A value in canonical form; texts and names as the world writes them."""
        if about.kind == "entity":
            found = (m.text for m in self._marks(text) if m.sort == "name")
            return self._names.name(text) or next(found, None) or text or None
        form = canonical(about, text)
        if about.kind == "text":
            known = self._names.texts.get(folded(text), {})
            return known.get(about.key, text if form else None)
        return form or value_in(self._marks(text), about.key)

    def say(self, head: str, key: str, value: str, *, sure: bool = True) -> None:
        """Take down a claim."""
        if len(self._said) < MOST_CLAIMS or (head, key) in self._said:
            values = self._said.setdefault((head, key), {})
            if len(values) < MOST_CLAIMS:
                values[value] = values.get(value, False) or sure

    def turn_to(self, name: str) -> None:
        """Someone is named: what follows is about them."""
        if self.is_subject(name):
            self.person = self.person if name == self.subject else ""
            self.subject = name
        else:
            self.person = name if self.is_person(name) else ""

    def is_person(self, name: str) -> bool:
        """Whether a name is of a person beside a subject."""
        return self._names.topics.get(name) == ""

    def is_subject(self, name: str) -> bool:
        """Whether a name is of a subject of the topic."""
        return self._names.topics.get(name) == self._topic.key

    def about(self, key: str) -> About:
        """The attribute or relation of a key."""
        return self._words.about[key]

    def shape(self, key: str) -> Shape:
        """What values of a relation look like."""
        return self._names.shape(key)

    def of(self, key: str) -> str:
        """The relation whose entity a relation belongs to."""
        return next((r.of for r in self._topic.relations if r.key == key), "")

    def _owner(self, head: str) -> str:
        """The person beside a subject, where the answer names one that the world knows."""
        if not self.is_subject(head):
            return head
        said = self._said.get((head, self.entity), {})
        known = [name for name in said if name in self._names.topics]
        return known[-1] if known else head


class _Sentence:
    """Reads one sentence of a line."""

    def __init__(
        self, reader: _Reader, line: str, span: Span, marks: Sequence[Mark], silent: Sequence[Span]
    ) -> None:
        self._reader, self._line, self._span, self._marks = reader, line, span, marks
        self._silent = silent
        self._text = line[span.start : span.end]
        self._subjects = [m for m in marks if m.sort == "name" and reader.is_subject(m.text)]
        self._links = {
            mark: self._label(at)
            for at, mark in enumerate(marks)
            if mark.options or self._is_person(mark)
        }

    def read(self) -> None:
        """Take down what it claims."""
        linked = set(self._links.values())
        for mark in self._marks:
            if mark.sort == "name":
                self._named(mark)
            elif mark.options and self._heard(mark):
                self._valued(mark)
            if mark.sort == "label" and mark not in linked and self._heard(mark):
                self._unknown(mark)

    def _heard(self, mark: Mark) -> bool:
        return not any(s.start < mark.end and mark.start < s.end for s in self._silent)

    def _is_person(self, mark: Mark) -> bool:
        return mark.sort == "name" and self._reader.is_person(mark.text)

    # Whom it is about

    def _named(self, mark: Mark) -> None:
        if not self._is_person(mark):
            self._reader.turn_to(mark.text)
        elif self._heard(mark):
            if head := self._head(mark):
                sure = self._links[mark] is not None
                self._reader.say(head, self._reader.entity, mark.text, sure=sure)
            self._reader.turn_to(mark.text)

    def _head(self, mark: Mark) -> str:
        """The subject that a value or person belongs to."""
        known = self._reader.subject
        if not self._subjects or self._subjects[0].start < mark.start:
            return known
        after = self._subjects[0]
        between = self._line[mark.end : after.start]
        leads = mark.sort == "name" and not _PRONOUN.match(self._text)
        return after.text if not known or leads or _TIED.search(between) else known

    def _holder(self, key: str, mark: Mark) -> str:
        """Whom a value of a relation belongs to: the subject, or the person beside it."""
        if not self._reader.of(key):
            return self._head(mark)
        people = [m for m in self._marks if self._is_person(m) and self._heard(m)]
        before = [m for m in people if m.start < mark.start]
        nearest = before[-1:] or people[:1]
        return nearest[0].text if nearest else self._reader.person or self._head(mark)

    # What it is the value of

    def _valued(self, mark: Mark) -> None:
        label, options = self._links[mark], dict(mark.options)
        keys = [label.text] if label else [k for k in options if k != "scope"]
        if len(keys) == 1 and (label or self._stands_alone(mark)):
            head = self._holder(keys[0], mark)
            if head:
                self._reader.say(head, keys[0], options[keys[0]], sure=label is not None)

    def _stands_alone(self, mark: Mark) -> bool:
        """Whether a value without a label can be read."""
        if mark.needs in ("nothing", "label"):
            return mark.needs == "nothing"
        if mark.needs == "about" and (self._subjects or _PRONOUN.match(self._text)):
            return True
        clause = next(
            c for c in clauses(bared(self._line, self._marks), self._span) if c.end >= mark.end
        )
        rest = self._line[clause.start : mark.start] + " " + self._line[mark.end : clause.end]
        return all(word.text in _FILLERS for word in words(rest))

    def _label(self, at: int) -> Mark | None:
        """The label or hint that stands nearest to a value of its relation."""
        mark = self._marks[at]
        keys = {k for k, _ in mark.options} or {self._reader.entity}
        nearest, least = None, _CLOSE if mark.needs == "label" else _FARTHEST
        for i in self._around(at):
            label = self._marks[i]
            if label.sort in ("label", "cue") and label.text in keys:
                distance = self._distance(i, at)
                if distance < least:
                    nearest, least = label, distance
        return nearest

    def _around(self, at: int) -> Iterator[int]:
        """Marks near enough to be the label of one; those after it only where that may be."""
        i, start = at - 1, self._marks[at].start - _REACH
        while i >= 0 and self._marks[i].end > start:
            yield i
            i -= 1
        i, end = at + 1, self._marks[at].end + _REACH
        while i < len(self._marks) and self._marks[i].start < end:
            if self._marks[at].needs == "label":
                return
            yield i
            i += 1

    def _distance(self, label: int, value: int) -> int:
        """How far a label is from a value: in words, more across commas and other values."""
        after, key = label > value, self._marks[label].text
        first, last = sorted((label, value))
        between = self._line[self._marks[first].end : self._marks[last].start]
        others = self._marks[first + 1 : last]
        rivals = sum(key in dict(m.options) for m in others)
        steps = len(words(between)) + 4 * len(_PARTING.findall(between)) + 6 * rivals
        return steps + after + 2 * (self._marks[label].sort == "cue")

    # Values that the world does not know

    def _unknown(self, label: Mark) -> None:
        """Read what stands after a label as a text or name that the world does not know."""
        about = self._reader.about(label.text)
        if about.kind not in ("text", "entity"):
            return
        link = _CONNECTOR.match(self._line, label.end, self._span.end)
        start = link.end() if link else label.end
        said = bool(link and _SAYING.search(link.group()))
        found = self._after(start, about, said=said)
        if found and not any(
            m.start < found.end() and start < m.end and (m.sort == "name" or m.needs != "label")
            for m in self._marks
        ):
            value = self._reader.value(about, found.group().strip(" .,'\"“”‘’"))
            head = self._holder(label.text, label)
            if value and head:
                self._reader.say(head, label.text, value)
                if about.kind == "entity":
                    self._reader.turn_to(value)

    def _after(self, start: int, about: About, *, said: bool) -> re.Match[str] | None:
        """A value of the shape that the relation's values have."""
        shape = "name" if about.kind == "entity" else self._reader.shape(about.key)
        if shape == "phrase" and not said:
            return None
        pattern = _PERSON if about.kind == "entity" else _SHAPES[shape]
        return pattern.match(self._line, start, self._span.end)


_LONGEST_KEY = 80
_FARTHEST, _CLOSE = 14, 4
_REACH = 160
"""Characters from a value within which its label stands."""
_HEADER = frozenset({"relation", "predicate", "attribute", "property", "field", "key"})
_EMPTY = re.compile(
    r"\W*(?:(?:unknown|none found|n/?a|null|tbd|"
    r"not (?:found|available|stated|known|given|listed))\W*)?",
    re.IGNORECASE,
)
_STATING = re.compile(r"\s*(?::|=|→|->|\|| is\b| are\b)\s*\S")
_PRONOUN = re.compile(
    r"\W*(?:it|its|it's|she|her|he|his|he's|she's|they|their|this|that|the)\b", re.IGNORECASE
)
_TIED = re.compile(r"^[^,;:.()]{0,40}\b(?:of|for|at|to|in|under)\s+(?:the\s+)?$", re.IGNORECASE)
_FILLERS = frozenset(
    {"a", "an", "the", "is", "it", "in", "fully", "only", "also", "expert", "certified", "at"}
)
_PARTING = re.compile(r"[,;.()]|\band\b|\bbut\b")
_CONNECTOR = re.compile(
    r"(?:\s*(?:[:=→]|->|[–—-](?=\s)|(?:on record|number|no\.|nr\.|is|are|was|would be|will be|of|"
    r"called|named|the|under|we note|as follows|to)\b)){0,5}\s*[\"“'‘(]?",
    re.IGNORECASE,
)
_SAYING = re.compile(r"[:=→>–—-]|\b(?:is|are|was|called|named|would be|will be)\b", re.IGNORECASE)
_CAPITAL = r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆ]"
_PERSON = re.compile(rf"{_CAPITAL}[\w.'’-]*(?: (?:de|van|von|der|la|{_CAPITAL}[\w'’-]*)){{1,4}}")
_SHAPES = {
    "code": re.compile(r"(?:[A-Za-z]{1,5}[-. ]?)?\d[\w.\-/]{0,30}"),
    "name": re.compile(
        rf"{_CAPITAL}[\w.'’&-]*(?: (?:of|for|de|di|der|von|and|&|[A-Z0-9À-Þ][\w.'’&-]*)){{0,7}}"
    ),
    "phrase": re.compile(r"[^.;()]{2,120}"),
}
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]*]*\s+(?=[^a-z\s])")
_SHORT = re.compile(
    r"(?:(?:^|\s)[A-Z]|\b(?:ext|approx|nr|e\.g|i\.e|ca|incl|max|min|vs|mr|ms|dr|st))$", re.I
)


def _bare(cell: str) -> str:
    return cell.strip(" \t'\"`*“”‘’")


def _sentences(line: str, marks: Sequence[Mark]) -> Iterator[Span]:
    """The sentences of a line; a point within a name, a value or after a short form ends none."""
    start = 0
    for m in _SENTENCE_END.finditer(line):
        inside = any(k.start < m.start() + 1 < k.end for k in marks)
        if not inside and not _SHORT.search(line[max(0, m.start() - 8) : m.start()]):
            yield Span(start, m.end())
            start = m.end()
    if start < len(line):
        yield Span(start, len(line))
