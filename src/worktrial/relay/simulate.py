"""A relay without Inspect: reference workers on the same state machine, words and parsing."""

from collections.abc import Iterator

from worktrial.documents.domain import domain
from worktrial.documents.unit import Document
from worktrial.randomness import stream
from worktrial.relay import reference
from worktrial.relay.answers import Answer
from worktrial.relay.arms import REWRITE, Arm
from worktrial.relay.baton import SEEDS, Baton
from worktrial.relay.changes import given
from worktrial.relay.damage import Behaviour
from worktrial.relay.items import RelayItem
from worktrial.relay.scoring import LegScore, RelayScorer


def relay(
    item: RelayItem, behaviour: Behaviour, *, arm: Arm = REWRITE, draw: int = 0
) -> list[LegScore]:
    """Run one relay of a reference worker and score it.

    Args:
        item: The relay.
        behaviour: The worker.
        arm: How it is asked.
        draw: Which replicate; the task's epochs count it from 1.
    """
    scorer = RelayScorer(given(item, arm), arm)
    return scorer.score(_answers(scorer.baton, behaviour, draw))


def _answers(baton: Baton, behaviour: Behaviour, draw: int) -> Iterator[Answer]:
    while baton.running:
        seed = (baton.seed + draw) % SEEDS
        match baton.arm.handover:
            case "tools":
                yield reference.turn(behaviour, baton.prompt(), baton.exchanges, seed)
            case "agent":
                yield reference.leave(behaviour, baton.prompt(), baton.draft, seed)
            case _:
                earlier = baton.leg if baton.arm.changed("conversation") else 0
                said = reference.answer(behaviour, baton.prompt(), seed, earlier=earlier)
                yield Answer(said)


def damaged(item: RelayItem, behaviour: Behaviour, *, legs: int, seed: int) -> Document:
    """The document after some legs by damage alone: no words and no edits, so it is fast."""
    chosen = domain(item.domain)
    rng = stream(seed, "damaged", item.id, behaviour.name)
    document = chosen.parse(item.files)
    for _ in range(legs):
        document = behaviour.damage(document, rng, lambda unit: reference.keeps(chosen, unit))
    return document
