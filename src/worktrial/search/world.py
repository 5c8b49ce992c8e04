"""A closed world that no model has seen: a graph of dated facts, and the pages that state them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

PageKind = Literal["profile", "archive", "notice", "list", "minutes", "mirror", "person"]


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


@dataclass(frozen=True, slots=True)
class Page:
    """One document of the world.

    Attributes:
        id: Such as `p00123`.
        title: Of the page.
        kind: What it is.
        dated: When it was written.
        text: What it says, title and date included.
        states: The facts that its text states.
    """

    id: str
    title: str
    kind: PageKind
    dated: date
    text: str
    states: tuple[Fact, ...]


class World:
    """The graph of one seed and size."""

    seed: int
    today: date
    entities: Mapping[str, Entity]

    def subjects(self, topic: str, scope: str) -> tuple[str, ...]:
        """Names of the subjects of a topic within a scope, in order."""
        raise NotImplementedError

    def current(self, name: str) -> Mapping[str, str]:
        """What holds of an entity today: values by relation key."""
        raise NotImplementedError

    def facts(self, name: str) -> tuple[Fact, ...]:
        """All that ever held of an entity."""
        raise NotImplementedError

    def pages(self) -> Iterator[Page]:
        """Every page, in order of id; the same bytes every time."""
        raise NotImplementedError

    def page(self, identity: str) -> Page | None:
        """One page, or `None` where there is none of this id."""
        raise NotImplementedError


def world(seed: int, pages: int) -> World:
    """The world of a seed with so many pages (200 to 100,000); kept while the process lives."""
    raise NotImplementedError
