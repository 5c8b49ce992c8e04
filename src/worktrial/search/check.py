"""The instrument's own check: an oracle must score full marks, and a null worker nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from worktrial.search.arms import Arm
from worktrial.search.extract import Replay, replayed
from worktrial.search.items import SearchItem
from worktrial.search.simulate import converse

_TURNS = 24


@dataclass(frozen=True, slots=True)
class InstrumentCheck:
    """What the reference workers scored on a run's own items.

    Attributes:
        oracle: The oracle's lowest F1 or satisfaction; must be 1.
        null: The highest of the null worker; must be 0.
        faults: Conversations in which the checker found the simulated user at fault; must be 0.
        conversations: How many were held.
    """

    oracle: float
    null: float
    faults: int
    conversations: int

    @property
    def sound(self) -> bool:
        """Whether the instrument works on these items."""
        return (self.oracle, self.null, self.faults) == (1.0, 0.0, 0)


def check(items: Sequence[SearchItem], *, arm: Arm, most: int = 12) -> InstrumentCheck:
    """Let the reference workers talk about some items of every topic.

    Args:
        items: The run's.
        arm: How they are asked.
        most: At most so many, spread over the topics.
    """
    firsts = {item.topic: item for item in reversed(items)}
    some = list({item.id: item for item in (*firsts.values(), *items)}.values())[:most]
    oracles, nulls = ([_played(name, item, arm) for item in some] for name in ("oracle", "null"))
    return InstrumentCheck(
        oracle=min(min(_scores(played)) for played in oracles),
        null=max(max(_scores(played)) for played in nulls),
        faults=sum(bool(played.faults) for played in (*oracles, *nulls)),
        conversations=2 * len(some),
    )


def _played(name: str, item: SearchItem, arm: Arm) -> Replay:
    turns = max(_TURNS, 2 * len(item.persona.stages))
    return replayed(item, arm, converse(name, item, arm, turns=turns))


def _scores(played: Replay) -> list[float]:
    satisfied = played.score.satisfaction if played.arm.user else None
    scores = (played.answer.f1, played.answer.intents_met, satisfied)
    return [score for score in scores if score is not None]
