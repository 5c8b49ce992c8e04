"""A closed world that no model has seen: a graph of dated facts, and the pages that state them."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from worktrial.errors import ConfigError
from worktrial.randomness import stream
from worktrial.search.graph import Entity, Fact, Family, graph
from worktrial.search.pages import Page, PageKind, plan, write
from worktrial.search.topics import TOPICS

__all__ = ["Entity", "Fact", "Family", "Page", "PageKind", "World", "fingerprint", "world"]

LEAST_PAGES, MOST_PAGES = 200, 100_000
# Each subject has a profile and a person's page; a third of all pages are of other kinds.
_SUBJECTS_A_PAGE = 0.33
_LEAST_SUBJECTS = 14 * len(TOPICS)


class World:
    """The graph of one seed and size; pages are written from it when they are wanted.

    Attributes:
        seed: Of the world.
        size: How many pages.
        today: The day on which it is looked at; no page is newer.
        entities: Subjects and people beside them, by name.
        families: Of subjects that are easily mixed up.
    """

    def __init__(self, seed: int, size: int) -> None:
        self._graph = graph(seed, max(_LEAST_SUBJECTS, int(size * _SUBJECTS_A_PAGE)))
        self._sheets = plan(self._graph, size, stream(seed, "search", "plan"))
        self.seed, self.size, self.today = seed, size, self._graph.today
        self.entities: Mapping[str, Entity] = {
            name: record.entity for name, record in self._graph.records.items()
        }
        self.families: tuple[Family, ...] = self._graph.families

    def subjects(self, topic: str, scope: str) -> tuple[str, ...]:
        """Names of the subjects of a topic within a scope, in alphabetical order."""
        return self._graph.scopes.get((topic, scope), ())

    def current(self, name: str) -> Mapping[str, str]:
        """What holds of an entity today: values by relation key; `KeyError` for no entity."""
        return dict(self._graph.records[name].values)

    def facts(self, name: str) -> tuple[Fact, ...]:
        """All that ever held of an entity; `KeyError` for no entity."""
        return tuple(self._graph.records[name].facts())

    def pages(self) -> Iterator[Page]:
        """Every page, in order of id; the same bytes every time."""
        return (self._page(number) for number in range(self.size))

    def page(self, identity: str) -> Page | None:
        """One page, or `None` where there is none of this id."""
        if not re.fullmatch(r"p[0-9]{5}", identity):
            return None
        number = int(identity[1:])
        return self._page(number) if number < self.size else None

    def _page(self, number: int) -> Page:
        identity = f"p{number:05}"
        rng = stream(self.seed, "search", "page", identity)
        return write(self._graph, self._sheets[number], identity, rng)


@lru_cache(maxsize=4)
def world(seed: int, pages: int) -> World:
    """The world of a seed with so many pages; a few are kept while the process lives.

    Args:
        seed: Of the world.
        pages: 200 to 100,000.

    Raises:
        ConfigError: If there would be too few or too many pages.
    """
    if not LEAST_PAGES <= pages <= MOST_PAGES:
        raise ConfigError(f"`pages` must be {LEAST_PAGES} to {MOST_PAGES:,}; got {pages}")
    return World(seed, pages)


def fingerprint(world: World) -> str:
    """SHA-256 over the bytes of all pages, in hexadecimal."""
    digest = hashlib.sha256()
    for page in world.pages():
        digest.update(f"{page.id}\x1f{page.kind}\x1f{page.text}\x1e".encode())
    return digest.hexdigest()
