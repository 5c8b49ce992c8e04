"""A relay without Inspect: reference workers on the same state machine, words and parsing."""

from collections.abc import Iterator

from worktrial.documents.domain import domain
from worktrial.documents.unit import Document
from worktrial.randomness import stream
from worktrial.relay import reference
from worktrial.relay.baton import Answer, Baton
from worktrial.relay.damage import Behaviour
from worktrial.relay.items import RelayItem
from worktrial.relay.scoring import LegScore, RelayScorer


def relay(item: RelayItem, behaviour: Behaviour) -> list[LegScore]:
    """Run one relay of a reference worker and score it."""
    return RelayScorer(item).score(_answers(item, behaviour))


def _answers(item: RelayItem, behaviour: Behaviour) -> Iterator[Answer]:
    baton = Baton(item)
    while baton.running:
        answer = Answer(reference.answer(behaviour, baton.prompt(), baton.seed))
        baton.receive(answer)
        yield answer


def damaged(item: RelayItem, behaviour: Behaviour, *, legs: int, seed: int) -> Document:
    """The document after some legs by damage alone: no words and no edits, so it is fast."""
    chosen = domain(item.domain)
    rng = stream(seed, "damaged", item.id, behaviour.name)
    document = chosen.parse(item.files)
    for _ in range(legs):
        document = behaviour.damage(document, rng, lambda unit: reference.keeps(chosen, unit))
    return document
