"""Other names, places and things in a problem, the same in its question, answer and options.

Only what is arbitrary is changed. A name that the answer knows and the question does not is
knowledge of the world; so are full names and days that are counted from.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from worktrial.memorisation.items import AuditItem, Text
from worktrial.memorisation.variants.classes import (
    CLASS_OF,
    CLASSES,
    NOUNS,
    PLURALS,
    plural,
)

_WORD = re.compile(r"[^\W\d_]+")
_TRIES = 40
_SELDOM = 1e-3
"""Of the mean of its class, how often any word may be met: a set may have no other that fits."""
_LONGER = 2
"""Characters by which another word may be longer or shorter."""
_CALENDAR = ("day", "long month", "short month")
_TIMES = re.compile(
    r"\b(?:days?|weeks?|months?|yesterday|tomorrow|today|calendar|date|weekend|weekdays?|"
    r"holidays?|season|spring|summer|autumn|winter|born|birthday|leap)\b",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"\b(?:legs?|feet|paws?|wings?|tails?|horns?|ears?|eyes|eggs?|milk|wool|meat|pages?|chapters?|"
    r"petals?|seeds?|juice|peels?|species|mammals?|birds?)\b",
    re.IGNORECASE,
)
"""Of which some things have other numbers than others of their class."""
PEOPLE = ("woman", "man")


@dataclass(frozen=True)
class Met:
    """How often a set uses words, so that fresh ones are as frequent as those in it.

    Attributes:
        weights: By class, of every word of it.
    """

    weights: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def of(self, kind: str) -> Sequence[float]:
        """Of every word of a class; all alike where the set uses none."""
        return self.weights.get(kind) or [1.0] * len(CLASSES[kind])


def met_in(questions: Iterable[str]) -> Met:
    """How often every word of a class is used in these questions."""
    found: dict[str, Counter[str]] = {}
    for question in questions:
        for word in sorted(set(_WORD.findall(question))):
            if entity := _entity(word):
                found.setdefault(CLASS_OF[entity], Counter())[entity] += 1
    return Met({kind: _weights([met[w] for w in CLASSES[kind]]) for kind, met in found.items()})


def _weights(counts: Sequence[int]) -> list[float]:
    """Of every word of a class: how often an item's word is of its kind.

    Counts are drawn to their mean as far as chance alone would scatter them, so that a word
    is not drawn for having been met by chance, and known as fresh by that. Of the words not
    met so many are in use as the ones met once and twice tell.

    References:
        Robbins (1956), An empirical Bayes approach to statistics, for counts; Chao (1984),
        Scandinavian Journal of Statistics 11(4), for words not met.
    """
    unmet, once, twice = (counts.count(times) for times in (0, 1, 2))
    used = min(unmet, once * (once + 1) / (2 * (twice + 1)))
    words = len(counts) - unmet + used
    mean = sum(counts) / words
    variance = (sum((c - mean) ** 2 for c in counts if c) + used * mean**2) / words
    own = max(0.0, 1 - mean / variance) if variance else 0.0
    rare = mean * max((1 - own) * used / max(unmet, 1), _SELDOM)
    return [mean + own * (count - mean) if count else rare for count in counts]


def vary(item: AuditItem, count: int, rng: Random, met: Met) -> tuple[Text, ...] | str:
    """The item with other names and things.

    Args:
        item: As published.
        count: How many variants at most.
        rng: What they are drawn from.
        met: Which words its set uses.

    Returns:
        Variants that differ from the item and each other, or why there are none.
    """
    entities = _arbitrary(item)
    if isinstance(entities, str):
        return entities
    found: dict[Text, None] = {}
    taken = {word.lower() for word in _WORD.findall(_whole(item))}
    for _ in range(_TRIES * count):
        if len(found) == count:
            break
        others = _others(entities, rng, met, taken)
        if others:
            found[_replaced(item, others)] = None
    return tuple(found) or "no other names fit"


def _whole(item: AuditItem) -> str:
    return " ".join((item.question, item.answer or "", *item.options))


def _entity(word: str) -> str | None:
    """The word of a class that a text's word is, in its singular."""
    if word in CLASS_OF and CLASS_OF[word] not in NOUNS:
        return word
    low = word.lower() if word.istitle() else word
    found = low if low in CLASS_OF else PLURALS.get(low)
    return found if found and CLASS_OF[found] in NOUNS else None


def _arbitrary(item: AuditItem) -> list[str] | str:
    """What may be changed, each once, in the order of the question; or why nothing may."""
    words = _WORD.findall(item.question)
    met = dict.fromkeys(entity for entity in map(_entity, words) if entity)
    if not met:
        return "no person, place or thing of a known class"
    told = {e for e in map(_entity, _WORD.findall(_whole(item)[len(item.question) :])) if e}
    if told - set(met):
        return "its answer names what its question does not"
    full = _full_names(item.question)
    found = [entity for entity in met if entity not in full and _may_change(entity, item, met)]
    return found or "its names may mean more than themselves"


def _full_names(question: str) -> set[str]:
    """First names beside another capital: full names of persons, or names of other things."""
    capital = r"[^\W\d_a-z][^\W\d_]*"
    pairs = re.findall(rf"(?<![.?!:] )\b({capital})(?:’s|'s)? ({capital})\b", question)
    named = {name for pair in pairs for name in pair if name in CLASS_OF}
    apart = set(re.findall(rf"(?:^|[.?!:] ){capital} ({capital})\b", question))
    return named - {name for name in apart if question.count(name) > 1}


def _may_change(entity: str, item: AuditItem, met: Iterable[str]) -> bool:
    kind = CLASS_OF[entity]
    if kind in _CALENDAR:
        others = [word for word in met if CLASS_OF[word] in _CALENDAR]
        fits = len(others) == 1 and not _TIMES.search(item.question)
        return fits and (item.answer is None or _counts(item))
    if kind in NOUNS and _PARTS.search(item.question):
        return False
    if kind in PEOPLE and any(n in (item.answer or "") for n in met if CLASS_OF[n] in PEOPLE):
        return True
    return item.answer is None or _counts(item)


def _counts(item: AuditItem) -> bool:
    """Whether numbers are asked for and given: a story of its own, in which a name is nobody's."""
    return all(re.search(r"\d", text or "") for text in (item.question, item.answer))


def _others(entities: Sequence[str], rng: Random, met: Met, taken: Iterable[str]) -> dict[str, str]:
    """Another word of the class for each, none that the item has and none twice."""
    used = {*taken, *(entity.lower() for entity in entities)}
    others: dict[str, str] = {}
    for entity in entities:
        kind = CLASS_OF[entity]
        fits = [
            0 if word.lower() in used or abs(len(word) - len(entity)) > _LONGER else weight
            for word, weight in zip(CLASSES[kind], met.of(kind), strict=True)
        ]
        if not any(fits):
            continue
        others[entity] = rng.choices(CLASSES[kind], fits)[0]
        used.add(others[entity].lower())
    return others


def _replaced(item: AuditItem, others: Mapping[str, str]) -> Text:
    def other(match: re.Match[str]) -> str:
        word = match[0]
        entity = _entity(word)
        if entity is None or entity not in others:
            return word
        found = others[entity]
        if word.lower() != entity.lower():
            found = plural(found)
        return found.capitalize() if word.istitle() else found

    def changed(text: str) -> str:
        return _WORD.sub(other, text)

    answer = None if item.answer is None else changed(item.answer)
    options = tuple(map(changed, item.options))
    return Text(question=changed(item.question), answer=answer, options=options)
