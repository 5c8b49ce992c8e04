"""Where an answer is looked for, and what can be known of it: a world of ours, or all outside.

All that differs between fresh intents and one's own tasks is here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from worktrial.search.claims import Claims, read_claims
from worktrial.search.goal import read_goal, score_goal
from worktrial.search.items import SearchItem, Triple
from worktrial.search.lexicon import lexicon
from worktrial.search.scoring import AnswerScore, score_answer
from worktrial.search.tools import Desk, engine
from worktrial.search.world import World, world


class Place(Protocol):
    """A place that is searched."""

    @property
    def today(self) -> date | None:
        """The day in it; `None` where it is not ours to say."""
        ...

    @property
    def ours(self) -> bool:
        """Whether it is searched with our tools, so that what was looked up is known."""
        ...

    def desk(self) -> Desk:
        """What a conversation looks up there."""
        ...

    def read(self, text: str, item: SearchItem) -> Claims:
        """The claims of a text."""
        ...

    def score(
        self, item: SearchItem, claims: Sequence[Triple], opened: Sequence[str]
    ) -> AnswerScore:
        """What an answer with these claims is worth, after these pages were opened."""
        ...


@dataclass(frozen=True)
class Collection:
    """A world of ours, searched by our tools."""

    world: World
    ours = True

    @property
    def today(self) -> date:
        """The day on which the world is looked at."""
        return self.world.today

    def desk(self) -> Desk:
        """With both tools."""
        return Desk(engine(self.world.seed, self.world.size))

    def read(self, text: str, item: SearchItem) -> Claims:
        """Within what the world knows."""
        return read_claims(text, item.about, lexicon(self.world))

    def score(
        self, item: SearchItem, claims: Sequence[Triple], opened: Sequence[str]
    ) -> AnswerScore:
        """Each claim looked up in the world."""
        return score_answer(item, claims, self.world, opened)


@dataclass(frozen=True)
class Outside:
    """Whatever the worker's own tools reach; all that is known of it is the goal."""

    today = None
    ours = False

    def desk(self) -> Desk:
        """Without tools."""
        return Desk(None)

    def read(self, text: str, item: SearchItem) -> Claims:
        """By the names of the goal; what else may be stated cannot be seen."""
        return Claims(read_goal(text, item), unread=0)

    def score(
        self, item: SearchItem, claims: Sequence[Triple], opened: Sequence[str]
    ) -> AnswerScore:
        """Against the goal alone."""
        return score_goal(item, claims)


def place_of(item: SearchItem) -> Place:
    """Where an item's answer is looked for."""
    return Outside() if item.own else Collection(world(item.world_seed, item.pages))
