"""The conversations behind a search's numbers, ready to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worktrial.report.diffs import cut
from worktrial.report.words import MISSING, share
from worktrial.search.stories import ConversationStory, TurnStory

Conversations = Mapping[str, Sequence[ConversationStory]]
"""By worker."""
_MOST_LOOKED = 12


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """One turn: what was said, and the state beside it."""

    number: int
    kind: str
    looked: tuple[str, ...]
    worker: str
    user: str
    state: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownConversation:
    """One conversation."""

    name: str
    outcome: str
    ended: str
    f1: str
    satisfaction: str
    opening: str
    turns: tuple[ShownTurn, ...]
    goal: tuple[str, ...]
    claims: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownWorker:
    """All conversations of a worker that are shown, the worst first."""

    anchor: str
    name: str
    conversations: tuple[ShownConversation, ...]


def conversations(workers: Sequence[str], told: Conversations) -> list[ShownWorker]:
    """What a page shows of every worker that has a conversation to show."""
    return [
        ShownWorker(f"s{number}", worker, tuple(map(_shown, told[worker])))
        for number, worker in enumerate(workers, 1)
        if told.get(worker)
    ]


def _shown(story: ConversationStory) -> ShownConversation:
    return ShownConversation(
        name=story.name,
        outcome=story.outcome,
        ended=story.ended,
        f1=_known(story.f1),
        satisfaction=_known(story.satisfaction),
        opening=story.opening,
        turns=tuple(map(_turn, story.turns)),
        goal=story.goal,
        claims=story.claims,
        faults=story.faults,
    )


def _turn(turn: TurnStory) -> ShownTurn:
    left_out = len(turn.looked) - _MOST_LOOKED
    more = (f"and {left_out} more",) if left_out > 0 else ()
    looked = (*turn.looked[:_MOST_LOOKED], *more)
    return ShownTurn(turn.number, turn.kind, looked, cut(turn.worker), cut(turn.user), turn.state)


def _known(value: float | None) -> str:
    return MISSING if value is None else share(value)
