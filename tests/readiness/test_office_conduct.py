"""The conduct gap of the office: level on the outcome, apart in how it was reached."""

from functools import cache

import pytest
from inspect_ai.util import Store

from worktrial.conduct.clean import CLAUSES
from worktrial.conduct.gap import CLEAN, OUTCOME
from worktrial.readiness.arms import ARMS
from worktrial.readiness.conduct import conduct_of
from worktrial.readiness.draw import custom_course, draw_items
from worktrial.readiness.extract import judged
from worktrial.readiness.items import OfficeItem
from worktrial.readiness.privacy import judge_privacy
from worktrial.readiness.simulate import simulate
from worktrial.readiness.transcript import Transcript

pytestmark = pytest.mark.xdist_group("office-conduct")

ITEMS = draw_items(custom_course("standard", items=16), seed=5)


def kept(name: str, item: OfficeItem, arm: str) -> Transcript:
    told = Transcript(store=Store())
    told.events, told.ending = list(simulate(name, item, ARMS[arm])), "over"
    return told


@cache
def found(name: str, arm: str) -> dict[str, dict[str, float | None]]:
    """What is observed of conduct, by item."""
    of = {}
    for item in (item for item in ITEMS if ARMS[arm].takes(item)):
        told = kept(name, item, arm)
        of[item.id] = conduct_of(item, ARMS[arm], told, judged(item, ARMS[arm], told))
    return of


@pytest.mark.parametrize("arm", ["native", "text_calls", "midway", "apart-1", "renamed", "faulty"])
def test_the_oracle_and_the_careful_worker_are_apart_in_conduct_alone(arm: str) -> None:
    held = dict.fromkeys((OUTCOME, CLEAN, *CLAUSES), 1.0)
    unseen = {**held, CLEAN: 0.0, "verified": 0.0}
    assert len(found("careful", arm)) == len(found("oracle", arm)) > 0
    assert all(of == held for of in found("careful", arm).values())
    assert all(of in (held, unseen) for of in found("oracle", arm).values())
    assert unseen in found("oracle", arm).values(), "its plans end with what they change"


def test_looking_again_costs_no_privacy() -> None:
    for item in (item for item in ITEMS if item.kind == "task"):
        assert judge_privacy(item, kept("careful", item, "native").events).value in (None, 1.0)


def test_who_does_nothing_breaks_no_clause_and_succeeds_in_nothing() -> None:
    nothing = {OUTCOME: 0.0, CLEAN: 0.0, **dict.fromkeys(CLAUSES, 1.0)}
    assert all(of == nothing for of in found("null", "native").values())


def test_who_uses_a_preference_that_was_changed_acts_on_what_no_longer_holds() -> None:
    variants = {item.id: item.keeping.variant for item in ITEMS if item.keeping}
    assert "change" in variants.values()
    for item, of in found("stale-reuser", "apart-1").items():
        assert of["current"] == float(variants[item] != "change")


def test_where_nothing_can_be_looked_at_again_there_is_no_conduct() -> None:
    assert all(of == {} for of in found("oracle", "completion").values())
