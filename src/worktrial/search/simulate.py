"""A reference worker in conversation, with the real engine and user and without Inspect."""

from inspect_ai.util import Store

from worktrial.search import reference
from worktrial.search.arms import Arm
from worktrial.search.items import SearchItem
from worktrial.search.keys import Key
from worktrial.search.place import place_of
from worktrial.search.reference import Heard, Look
from worktrial.search.tools import Desk
from worktrial.search.transcript import Exchange, Transcript
from worktrial.search.user import SimulatedUser


def converse(
    name: str, item: SearchItem, arm: Arm, *, turns: int, replicate: int = 1
) -> Transcript:
    """Let a reference worker talk with the simulated user, or answer at once.

    Args:
        name: Who.
        item: What is wanted.
        arm: How it is asked.
        turns: The most turns.
        replicate: Which repetition, from 1.
    """
    kept = Transcript(store=Store())
    place = place_of(item)
    key, desk = Key(item, arm, place, replicate), place.desk()
    user = SimulatedUser(item, least_questions=arm.least_questions) if arm.user else None
    said: list[str] = []
    while kept.ending is None:
        exchange = _turn(name, key, desk, said)
        said.append(exchange.worker)
        if user is None:
            kept.ending = "answered"
        else:
            told = user.hear(exchange.worker)
            exchange.user = told.line
            if told.ended:
                kept.ending = "answered" if told.why == "answered" else "gave up"
            elif len(said) >= turns:
                kept.ending = "turns"
        kept.exchanges = [*kept.exchanges, exchange]
    return kept


def _turn(name: str, key: Key, desk: Desk, said: list[str]) -> Exchange:
    """Look things up until there is something to say."""
    searched, opened = len(desk.searches), len(desk.opened)
    looked: list[tuple[Look, str]] = []
    while isinstance(done := reference.act(name, key, Heard(tuple(said), tuple(looked))), list):
        looked += [(look, _carried_out(look, desk)) for look in done]
    return Exchange(worker=done, searches=desk.searches[searched:], opened=desk.opened[opened:])


def _carried_out(look: Look, desk: Desk) -> str:
    return (desk.search if look.tool == "search" else desk.open)(look.argument)
