"""The graph behind a world: entities, dated facts, and families of subjects easily mixed up.

A family is a head and siblings in one scope. Each sibling differs from the head in one attribute,
and falls short in it: so the attributes in which the family comes apart, as bounds at the head's
values, single out the head, and none of them can be spared. No other subject of the scope meets
them all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from worktrial.randomness import stream
from worktrial.search.names import Names, text
from worktrial.search.topics import TOPICS, Attribute, Relation, Topic

SIBLINGS = 6
# The first families of a topic come apart in the fewest attributes, so the smallest world has them.
WIDTHS = (4, 4, 5, 6)
_SCOPE_FAMILIES = 12
_CHANGED, _CHANGED_PERSON = 0.4, 0.15
_AMOUNTS: Mapping[str, tuple[int, int, int]] = {
    "unit_price": (3, 950, 1), "effect": (2, 60, 1), "deposit": (100, 5000, 50),
    "limit": (50, 3000, 50),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entity:
    """A subject of a topic, or a person beside one.

    Attributes:
        name: Unique in the world.
        topic: Key of the topic of a subject; "" for a person beside one.
        aliases: Other names that mean it, unique too.
    """

    name: str
    topic: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement and when it holds.

    Attributes:
        head: Name of an entity.
        relation: Key of an attribute or relation of the head's topic; `scope` for the scope.
        tail: The value in canonical form, see `items.Triple`.
        since: From when on it holds.
        until: When it was superseded; `None` for what holds today.
    """

    head: str
    relation: str
    tail: str
    since: date
    until: date | None = None


class Change(NamedTuple):
    """What a relation's value was before a day."""

    relation: str
    old: str
    on: date


@dataclass(frozen=True, slots=True)
class Record:
    """All there is of an entity.

    Attributes:
        entity: Whose it is.
        values: What holds today, by relation key, in the order of the topic.
        since: From when on what never changed holds.
        changes: At most one a relation, each after `since`.
        beside: Of a person, the topic and name of the subject; empty for a subject.
    """

    entity: Entity
    values: Mapping[str, str]
    since: date
    changes: tuple[Change, ...]
    beside: tuple[str, str] = ("", "")

    @property
    def topic(self) -> Topic:
        """The topic that knows its relations."""
        return TOPICS[self.entity.topic or self.beside[0]]

    @property
    def settled(self) -> date:
        """From when on all that holds today holds."""
        return max([self.since, *(change.on for change in self.changes)])

    def facts(self) -> Iterator[Fact]:
        """All that ever held, the older first."""
        changed = {change.relation: change for change in self.changes}
        for key, value in self.values.items():
            if change := changed.get(key):
                yield Fact(self.entity.name, key, change.old, self.since, change.on)
            yield Fact(self.entity.name, key, value, change.on if change else self.since)

    def on(self, day: date) -> dict[str, Fact]:
        """What held on a day, by relation key."""
        return {
            fact.relation: fact
            for fact in self.facts()
            if fact.since <= day and (fact.until is None or day < fact.until)
        }


class Family(NamedTuple):
    """A head and its siblings, by name.

    Attributes:
        topic: Key of their topic.
        scope: They share.
        head: Whom the bounds single out.
        siblings: Each differs from the head in one attribute.
        apart: The attributes in which some sibling differs.
    """

    topic: str
    scope: str
    head: str
    siblings: tuple[str, ...]
    apart: tuple[str, ...]


@dataclass(frozen=True)
class Graph:
    """All entities of a world.

    Attributes:
        today: The day on which it is looked at.
        records: By name.
        scopes: Names of subjects by topic and scope, in alphabetical order.
        families: In order of topics.
    """

    today: date
    records: Mapping[str, Record]
    scopes: Mapping[tuple[str, str], tuple[str, ...]]
    families: tuple[Family, ...]


def graph(seed: int, subjects: int) -> Graph:
    """Draw a graph.

    Args:
        seed: Of the world.
        subjects: How many subjects, at least two families for each topic; families are most
            of a small graph, and loose subjects most of a large one.
    """
    today = date(2026, 1, 1) + timedelta(stream(seed, "search", "today").randrange(730))
    draft = _Draft(today, Names(stream(seed, "search", "names")))
    for i, topic in enumerate(TOPICS.values()):
        share = (subjects + i) // len(TOPICS)
        draft.fill(topic, share, stream(seed, "search", "graph", topic.key))
    scopes = {scope: tuple(sorted(names)) for scope, names in draft.scopes.items()}
    return Graph(today, draft.records, scopes, tuple(draft.families))


def meets(attribute: Attribute, value: str, bound: str) -> bool:
    """Whether a value is as good as the bound, the way the attribute is wanted."""
    if attribute.better is None:
        return value == bound
    ranks = _measure(attribute, value), _measure(attribute, bound)
    return ranks[0] <= ranks[1] if attribute.better == "low" else ranks[0] >= ranks[1]


def _measure(attribute: Attribute, value: str) -> int:
    if attribute.kind == "date":
        return date.fromisoformat(value).toordinal()
    return int(value.split()[0])


class _Draft:
    """A graph that is being drawn."""

    def __init__(self, today: date, names: Names) -> None:
        self.records: dict[str, Record] = {}
        self.scopes: dict[tuple[str, str], list[str]] = {}
        self.families: list[Family] = []
        self._today, self._names = today, names
        self._bounds: dict[tuple[str, str], list[tuple[list[Attribute], dict[str, str]]]] = {}

    def fill(self, topic: Topic, subjects: int, rng: Random) -> None:
        """Draw the subjects of a topic: its families, then loose ones."""
        order = rng.sample(topic.scopes, len(topic.scopes))
        families = min(
            max(2, subjects * 7 // 10 // (SIBLINGS + 1)), _SCOPE_FAMILIES * len(topic.scopes)
        )
        for i in range(families):
            width = WIDTHS[i] if i < len(WIDTHS) else WIDTHS[1 + (i - 1) % 3]
            self._family(topic, order[i % len(order)], width, rng)
        for _ in range(subjects - families * (SIBLINGS + 1)):
            self._loose(topic, rng.choice(order), rng)

    def _family(self, topic: Topic, scope: str, width: int, rng: Random) -> None:
        while True:
            apart = rng.sample(topic.attributes, width)
            head = {a.key: self._draw(a, rng, head=True) for a in topic.attributes}
            missed = [apart[i % width] for i in range(SIBLINGS)]
            siblings = [head | {a.key: self._miss(a, head[a.key], rng)} for a in missed]
            if self._unmatched(topic, scope, head, apart, siblings):
                break
        traps = [(a.key, head[a.key]) for a in missed]
        members = list(zip([head, *siblings], [("", ""), *traps], strict=True))
        names = [""] * len(members)
        # In any order, so that nearly equal names fall on any two of them.
        for i in rng.sample(range(len(members)), len(members)):
            names[i] = self._subject(topic, scope, members[i][0], rng, trap=members[i][1])
        keys = tuple(a.key for a in apart)
        self._bounds.setdefault((topic.key, scope), []).append((apart, head))
        self.families.append(Family(topic.key, scope, names[0], tuple(names[1:]), keys))

    def _unmatched(
        self, topic: Topic, scope: str, head: Mapping[str, str], apart: Sequence[Attribute],
        siblings: Sequence[Mapping[str, str]],
    ) -> bool:  # fmt: skip
        """Whether no one outside a new family meets its bounds, nor one of it those of others."""
        others = [self.records[name].values for name in self.scopes.get((topic.key, scope), ())]
        if any(_all_met(apart, values, head) for values in others):
            return False
        return not any(self._matched(topic, scope, values) for values in [head, *siblings])

    def _matched(self, topic: Topic, scope: str, values: Mapping[str, str]) -> bool:
        """Whether values meet the bounds of a family of the scope."""
        bounds = self._bounds.get((topic.key, scope), [])
        return any(_all_met(apart, values, head) for apart, head in bounds)

    def _loose(self, topic: Topic, scope: str, rng: Random) -> None:
        while True:
            values = {a.key: self._draw(a, rng) for a in topic.attributes}
            if not self._matched(topic, scope, values):
                break
        self._subject(topic, scope, values, rng)

    def _subject(
        self, topic: Topic, scope: str, values: Mapping[str, str], rng: Random,
        *, trap: tuple[str, str] = ("", ""),
    ) -> str:  # fmt: skip
        """Add a subject with its relations, people and past.

        A trap is an attribute and what it may have been before: what the head of the family is.
        """
        name, aliases = self._names.subject(topic.key)
        since = self._today - timedelta(rng.randint(500, 700))
        known = {"scope": scope, **values}
        for relation in topic.relations:
            if not relation.of:
                known[relation.key] = self._related(topic, relation, name, since, rng)
        changes = self._changes(topic, name, known, since, trap, rng)
        self.records[name] = Record(Entity(name, topic.key, aliases), known, since, changes)
        self.scopes.setdefault((topic.key, scope), []).append(name)
        return name

    def _changes(
        self, topic: Topic, name: str, known: Mapping[str, str], since: date,
        trap: tuple[str, str], rng: Random,
    ) -> tuple[Change, ...]:  # fmt: skip
        if rng.random() >= _CHANGED:
            return ()
        keys = rng.sample([key for key in known if key != "scope"], rng.randint(1, 3))
        if trap[0] and rng.random() < 0.5:
            keys = [trap[0], *(key for key in keys if key != trap[0])]
        changes = []
        for key in keys:
            old = trap[1] if key == trap[0] else self._other(topic, name, key, known, since, rng)
            changes.append(Change(key, old, self._today - timedelta(rng.randint(60, 420))))
        return tuple(changes)

    def _other(
        self, topic: Topic, name: str, key: str, known: Mapping[str, str], since: date, rng: Random
    ) -> str:
        """What a value was before: another one."""
        attribute = next((a for a in topic.attributes if a.key == key), None)
        while True:
            if attribute:
                value = self._draw(attribute, rng)
            else:
                value = self._related(topic, topic.relation(key), name, since, rng)
            if value != known[key]:
                return value

    def _related(
        self, topic: Topic, relation: Relation, name: str, since: date, rng: Random
    ) -> str:
        """Draw a relation's value; for an entity add the person."""
        if relation.kind == "entity":
            return self._person(topic, relation, name, since, rng)
        if relation.kind == "number":
            return f"{rng.randrange(*_AMOUNTS[relation.key])} {relation.unit}".strip()
        return text(relation.key, rng)

    def _person(
        self, topic: Topic, relation: Relation, subject: str, since: date, rng: Random
    ) -> str:
        name = self._names.person()
        keys = [r.key for r in topic.relations if r.of == relation.key]
        values = {key: text(key, rng, name) for key in keys}
        changes = [
            Change(key, old, self._today - timedelta(rng.randint(60, 420)))
            for key in (keys if rng.random() < _CHANGED_PERSON else [])
            if (old := text(key, rng, name)) != values[key]
        ]
        self.records[name] = Record(
            Entity(name, ""), values, since, tuple(changes), (topic.key, subject)
        )
        return name

    def _draw(self, attribute: Attribute, rng: Random, *, head: bool = False) -> str:
        """Draw a value; a head's leaves room on both sides."""
        if attribute.choices:
            return rng.choice(list(attribute.choices))
        last = _ranks(attribute)
        low, high = (max(1, last * 15 // 100), last // 2) if head else (0, last)
        return self._ranked(attribute, rng.randint(low, high))

    def _miss(self, attribute: Attribute, bound: str, rng: Random) -> str:
        """Draw a value that does not meet the bound."""
        if attribute.choices:
            return rng.choice([choice for choice in attribute.choices if choice != bound])
        last = _ranks(attribute)
        at = next(r for r in range(last + 1) if self._ranked(attribute, r) == bound)
        return self._ranked(attribute, rng.randint(at + 1, last))

    def _ranked(self, attribute: Attribute, rank: int) -> str:
        """The value of a rank, 0 being the one wanted most."""
        steps = rank if attribute.better == "low" else _ranks(attribute) - rank
        if attribute.days:
            return (self._today + timedelta(attribute.days[0] + steps)).isoformat()
        least, _, step = map(int, attribute.numbers or ())
        return f"{least + steps * step} {attribute.unit}".strip()


def _all_met(
    attributes: Sequence[Attribute], values: Mapping[str, str], bounds: Mapping[str, str]
) -> bool:
    return all(meets(a, values[a.key], bounds[a.key]) for a in attributes)


def _ranks(attribute: Attribute) -> int:
    """The last rank of a number or date."""
    if attribute.days:
        return attribute.days[1] - attribute.days[0]
    least, most, step = map(int, attribute.numbers or ())
    return (most - least) // step
