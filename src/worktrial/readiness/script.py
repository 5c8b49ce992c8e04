"""The conversations that an item has under an arm, turn by turn."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from worktrial.readiness.arms import Arm
from worktrial.readiness.draw import fillers
from worktrial.readiness.items import Call, OfficeItem, Session


class Part(NamedTuple):
    """One conversation of an item.

    Attributes:
        session: What is said, and a plan for it.
        own: Whether it is of the item itself, not of what lies between.
        last: Whether the item ends with it.
    """

    session: Session
    own: bool = True
    last: bool = True


class Turn(NamedTuple):
    """One turn of a conversation.

    Attributes:
        part: The conversation.
        number: Which turn of it, from 0.
    """

    part: Part
    number: int

    @property
    def request(self) -> str:
        """What the user says."""
        return self.part.session.turns[self.number]

    @property
    def plan(self) -> tuple[Call, ...]:
        """The calls that carry it out."""
        return self.part.session.plans[self.number]

    @property
    def answer(self) -> str:
        """The message that ends it."""
        return self.part.session.answers[self.number]


def between(item: OfficeItem, arm: Arm) -> tuple[OfficeItem, ...]:
    """The tasks that lie between the sessions of an item under an arm."""
    return fillers(item, arm.between) if arm.between else ()


def parts(item: OfficeItem, arm: Arm) -> list[Part]:
    """The conversations of an item under an arm, in order."""
    if arm.between is None and not arm.midway:
        return [Part(arm.made_of(item).told)]
    *before, last = item.apart
    return [
        *(Part(session, last=False) for session in before),
        *(Part(one.told, own=False, last=False) for one in between(item, arm)),
        Part(last),
    ]


def turns(conversations: Sequence[Part]) -> Iterator[Turn]:
    """Every turn of some conversations."""
    for part in conversations:
        for number in range(len(part.session.turns)):
            yield Turn(part, number)
