"""What stands in a line of an answer: names, labels, and values with what they may be values of."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

from worktrial.search.lexicon import Lexicon, Phrases
from worktrial.search.topics import TOPICS, Attribute, Topic
from worktrial.search.values import (
    About,
    Word,
    choice_forms,
    dates,
    emails,
    folded,
    into,
    numbers,
    words,
)  # fmt: skip

Sort = Literal["name", "label", "cue", "value"]
Needs = Literal["nothing", "clause", "about", "label"]
Options = tuple[tuple[str, str], ...]


class Mark(NamedTuple):
    """Something found in a line.

    Attributes:
        start: Its first character.
        end: The one after its last.
        sort: A name of an entity, a label of a relation, a word that hints at one, or a value.
        text: The canonical name, or the relation's key; "" for a value.
        options: Of a value: what it may be the value of, and its form there.
        needs: What a value without a label needs to be read: `nothing`, a `clause` of its own,
            that or a sentence `about` a subject, or at all events a `label` just before it.
    """

    start: int
    end: int
    sort: Sort
    text: str = ""
    options: Options = ()
    needs: Needs = "nothing"


class Vocabulary:
    """The words by which one topic's relations and values are known.

    Attributes:
        topic: Whose they are.
        about: Its attributes and relations by key, its scope among them.
    """

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        scope = Attribute("scope", topic.scope_label, "choice", dict.fromkeys(topic.scopes, ()))
        known: tuple[About, ...] = (*topic.attributes, *topic.relations, scope)
        self.about: Mapping[str, About] = {about.key: about for about in known}
        self._labels: dict[str, str] = {}
        for about in known:
            for form in (about.label, about.key.replace("_", " "), *_ALSO.get(about.key, ())):
                self._labels.setdefault(folded(form), about.key)
        self._cues: dict[str, list[tuple[list[str], str]]] = {}
        for attribute in topic.attributes:
            for cue in map(folded, attribute.cues):
                self._cues.setdefault(cue[:2], []).append((cue.split(), attribute.key))
        self._choices: dict[str, dict[str, str]] = {}
        for about in known:
            for form, value in _forms(about):
                self._choices.setdefault(form, {})[about.key] = value
        self._in_labels, self._in_choices = Phrases(self._labels), Phrases(self._choices)

    def marks(self, line: str, lexicon: Lexicon) -> list[Mark]:
        """All marks of a line in order, none within another."""
        found = words(line)
        taken: list[Mark] = []
        spans = bytearray(len(line))
        measured = list(self._numbers(line))
        sources = (
            self._addresses(line), _names(found, line, lexicon), self._texts(found, line, lexicon),
            self._dates(line), (m for m in measured if m.needs == "nothing"),
            self._choices_in(found, line), measured, self._labels_in(found), self._cues_in(found),
        )  # fmt: skip
        for source in sources:
            for mark in source:
                if not any(spans[mark.start : mark.end]):
                    spans[mark.start : mark.end] = b"\1" * (mark.end - mark.start)
                    taken.append(mark)
        return sorted(taken)

    def _addresses(self, line: str) -> Iterator[Mark]:
        """Email addresses and phone numbers."""
        kept = [k for k in ("email", "phone") if k in self.about]
        for m in emails(line):
            options = tuple((k, m.group().casefold()) for k in kept if k == "email")
            yield Mark(m.start(), m.end(), "value", "", options)
        for m in _PHONE.finditer(line):
            if sum(map(str.isdigit, m.group())) >= _LEAST_DIGITS:
                options = tuple((k, m.group()) for k in kept if k == "phone")
                yield Mark(m.start(), m.end(), "value", "", options)

    def _texts(self, found: Sequence[Word], line: str, lexicon: Lexicon) -> Iterator[Mark]:
        """Texts that the world knows; a bare number is none without its label."""
        for phrase in lexicon.in_texts.all(found):
            known = lexicon.texts[phrase.text]
            options = tuple((key, value) for key, value in known.items() if key in self.about)
            start, end = found[phrase.first].start, found[phrase.last].end
            plain = phrase.first == phrase.last and line[start:end].islower()
            needs: Needs = "label" if plain else "nothing"
            if phrase.text.replace(" ", "").isdigit():
                # Digits with a hyphen are a code, others may count anything.
                needs = "clause"
                options = options if not line[start:end].isdigit() else ()
            if options:
                yield Mark(start, end, "value", "", options, needs)

    def _dates(self, line: str) -> Iterator[Mark]:
        keys = [about.key for about in self.about.values() if about.kind == "date"]
        for day in dates(line):
            options = tuple((key, day.value) for key in keys if day.value)
            yield Mark(day.start, day.end, "value", "", options, "clause")

    def _numbers(self, line: str) -> Iterator[Mark]:
        measured = [about for about in self.about.values() if about.kind == "number"]
        for number in numbers(line):
            if _BOUNDED.search(line[max(0, number.start - 24) : number.start]):
                yield Mark(number.start, number.end, "value")
                continue
            read = ((about.key, into(number, about.unit)) for about in measured)
            options = tuple((key, value) for key, value in read if value)
            needs: Needs = "nothing" if number.unit else "label"
            yield Mark(number.start, number.end, "value", "", options, needs)

    def _labels_in(self, found: Sequence[Word]) -> Iterator[Mark]:
        for phrase in self._in_labels.all(found):
            start, end = found[phrase.first].start, found[phrase.last].end
            # `email` labels an address, and may be the value of a form of request.
            options = tuple(self._choices.get(phrase.text, {}).items())
            yield Mark(start, end, "label", self._labels[phrase.text], options, "label")

    def _cues_in(self, found: Sequence[Word]) -> Iterator[Mark]:
        """Words that hint at attributes; the last word of a cue is a stem."""
        for at, word in enumerate(found):
            for parts, key in self._cues.get(word.text[:2], ()):
                here = [w.text for w in found[at : at + len(parts)]]
                if here[:-1] == parts[:-1] and here[-1].startswith(parts[-1]):
                    yield Mark(word.start, found[at + len(parts) - 1].end, "cue", key)

    def _choices_in(self, found: Sequence[Word], line: str) -> Iterator[Mark]:
        """Values of choices; those that are ordinary words need more to be read."""
        for phrase in self._in_choices.all(found):
            if phrase.text in self._labels:
                continue
            options = tuple(self._choices[phrase.text].items())
            start, end = found[phrase.first].start, found[phrase.last].end
            plain = phrase.first == phrase.last and line[start:end].islower()
            needs: Needs = "about" if plain else "nothing"
            scope = all(key == "scope" for key, _ in options)
            yield Mark(start, end, "value", "", options, "label" if scope else needs)


_PHONE = re.compile(r"(?<![\w.])(?:\+\d{1,3}|\(?0\d{1,5}\)?)[\d ().\-]{4,24}\d(?!\w)")
_LEAST_DIGITS = 7
_BOUNDED = re.compile(
    r"(?:at (?:least|most)|(?:no |not )?(?:more|less|fewer|longer|later|higher|lower) than|under|"
    r"below|over|above|not before|no earlier than|minimum of|maximum of|[<>≤≥]=?)\s*$",
    re.IGNORECASE,
)
_ALSO: Mapping[str, tuple[str, ...]] = {
    "unit_price": ("price per unit", "price"),
    "account_manager": ("manager", "account lead"),
    "email": ("e-mail", "mail", "email address", "e-mail address"),
    "extension": ("ext", "extension number"),
    "manager": ("boss", "reports to", "supervisor"),
    "effect": ("effect size",),
    "archive": ("archive no",),
    "author": ("led by",),
    "institute": ("institution", "affiliation"),
    "contact": ("contact person",),
    "phone": ("phone number", "telephone", "tel"),
    "workaround": ("worked around",),
    "fixed_in": ("fixed in version", "release", "fix"),
    "reference": ("reference no", "ref"),
    "owner": ("owned by", "owns"),
    "day_rate": ("per day", "a day"),
}
"""Other words for a label that people and models use."""


@cache
def _known(key: str) -> Vocabulary:
    return Vocabulary(TOPICS[key])


def vocabulary(topic: Topic) -> Vocabulary:
    """The words of a topic; kept for those that all worlds share."""
    return _known(topic.key) if TOPICS.get(topic.key) is topic else Vocabulary(topic)


def _names(found: Sequence[Word], line: str, lexicon: Lexicon) -> Iterator[Mark]:
    for phrase in lexicon.in_names.all(found):
        start, end = found[phrase.first].start, found[phrase.last].end
        # A lone word is a name only where it is written as one.
        if phrase.first < phrase.last or not line[start:end].islower():
            yield Mark(start, end, "name", lexicon.names[phrase.text])


def _forms(about: About) -> Iterator[tuple[str, str]]:
    """The folded forms of a choice's values; `none` is also said as `no` and the label."""
    if isinstance(about, Attribute) and about.kind == "choice":
        for form, value in choice_forms(about).items():
            yield form, value
            if form == "none":
                yield from ((folded(f"{no} {about.label}"), value) for no in ("no", "without"))


def value_in(marks: Iterable[Mark], key: str) -> str | None:
    """The one value that marks hold of a relation."""
    found = {value for mark in marks for k, value in mark.options if k == key}
    return found.pop() if len(found) == 1 else None
