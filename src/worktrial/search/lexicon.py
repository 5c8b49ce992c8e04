"""The names and values that a world knows, found in text in linear time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, Self

from worktrial.search.topics import TOPICS
from worktrial.search.values import Word, folded
from worktrial.search.world import Entity, World

Shape = Literal["code", "name", "phrase"]
_TEXTS = frozenset(r.key for t in TOPICS.values() for r in t.relations if r.kind == "text")
_MOSTLY = 0.8


class Phrase(NamedTuple):
    """A phrase that was found, and the numbers of its first and last word."""

    text: str
    first: int
    last: int


class Phrases:
    """Many phrases, looked up by their words.

    A look-up costs as many steps as the longest phrase with the same first word has words, so how
    many phrases there are does not matter.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._known: set[str] = set()
        self._longest: dict[str, int] = {}
        for phrase in phrases:
            first, _, rest = phrase.partition(" ")
            self._known.add(phrase)
            many = 1 + (rest.count(" ") + 1 if rest else 0)
            self._longest[first] = max(self._longest.get(first, 0), many)

    def at(self, found: Sequence[Word], first: int) -> Phrase | None:
        """The longest phrase that starts at a word."""
        longest = min(self._longest.get(found[first].text, 0), len(found) - first)
        for many in range(longest, 0, -1):
            text = " ".join(word.text for word in found[first : first + many])
            if text in self._known:
                return Phrase(text, first, first + many - 1)
        return None

    def all(self, found: Sequence[Word]) -> Iterator[Phrase]:
        """The phrases of a text from left to right, none within another."""
        at = 0
        while at < len(found):
            phrase = self.at(found, at)
            if phrase:
                yield phrase
            at = phrase.last + 1 if phrase else at + 1


class Lexicon:
    """Names and values of one world.

    Attributes:
        names: Canonical names by folded names and aliases.
        topics: Keys of the topics of subjects by name; "" for a person beside one.
        texts: Known values of relations of kind text by folded value: relation key and value.
    """

    def __init__(self, entities: Iterable[Entity], texts: Iterable[tuple[str, str]]) -> None:
        self.names: dict[str, str] = {}
        self.topics: dict[str, str] = {}
        self.texts: dict[str, dict[str, str]] = {}
        for entity in entities:
            self.topics[entity.name] = entity.topic
            self.names |= {folded(name): entity.name for name in (entity.name, *entity.aliases)}
        for relation, value in texts:
            self.texts.setdefault(folded(value), {})[relation] = value
        self.in_names, self.in_texts = Phrases(self.names), Phrases(self.texts)
        self._shapes = _shapes(self.texts.values())

    @classmethod
    def of(cls, world: World) -> Self:
        """All names of a world, and all texts that hold in it or ever held."""
        facts = (fact for name in world.entities for fact in world.facts(name))
        texts = ((fact.relation, fact.tail) for fact in facts if fact.relation in _TEXTS)
        return cls(world.entities.values(), texts)

    def name(self, text: str) -> str | None:
        """The canonical name that a text is."""
        return self.names.get(folded(text))

    def shape(self, relation: str) -> Shape:
        """What the values of a relation look like: with digits, capitalised, or plain words."""
        return self._shapes.get(relation, "phrase")


def _shapes(texts: Iterable[Mapping[str, str]]) -> dict[str, Shape]:
    """The shape of each relation, by what most of its values look like."""
    values: dict[str, list[str]] = {}
    for known in texts:
        for relation, value in known.items():
            values.setdefault(relation, []).append(value)
    return {relation: _shape(known) for relation, known in values.items()}


def _shape(values: Sequence[str]) -> Shape:
    least = _MOSTLY * len(values)
    if sum(" " not in v and any(map(str.isdigit, v)) for v in values) >= least:
        return "code"
    return "name" if sum(v[:1].isupper() for v in values) >= least else "phrase"


@lru_cache(maxsize=4)
def lexicon(world: World) -> Lexicon:
    """The lexicon of a world; a few are kept, as worlds are."""
    return Lexicon.of(world)
