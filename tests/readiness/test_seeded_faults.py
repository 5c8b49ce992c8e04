"""Faults in a worker's way: what was seeded is what is met, and who checks is who finds it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from inspect_ai.util import Store

from worktrial.conduct.events import Claim, Fact, ToolCall
from worktrial.conduct.mapping import ToolMap
from worktrial.conduct.metrics import METRICS
from worktrial.office.faults import Once
from worktrial.office.office import Office
from worktrial.office.surface import Surface
from worktrial.office.tool import Reply
from worktrial.readiness.arms import ARMS, AXES, of_axis
from worktrial.readiness.check import measure
from worktrial.readiness.conduct import known_of, office_trajectory
from worktrial.readiness.desk import opened, surface_of
from worktrial.readiness.draw import custom_course, draw_items
from worktrial.readiness.extract import judged
from worktrial.readiness.items import FAULTS, FaultKind, OfficeItem
from worktrial.readiness.seeded import judge_fault
from worktrial.readiness.seeding import exchanged, holds
from worktrial.readiness.simulate import simulate
from worktrial.readiness.transcript import Transcript

pytestmark = pytest.mark.xdist_group("office-truth")

SEEDED = ARMS["seeded"]
ITEMS = [
    item
    for seed in (7, 11)
    for item in draw_items(custom_course("standard"), seed=seed)
    if SEEDED.takes(item)
]
VALUES = ("stale_memory", "contradiction", "wrong_number")
FAULT = ("fault_met", "fault_detected", "fault_repaired", "success")
WORKERS: dict[str, dict[FaultKind, tuple[float, ...]]] = {
    "oracle": dict.fromkeys(FAULTS, (1.0, 1.0, 1.0, 1.0)),
    "oversharer": dict.fromkeys(FAULTS, (1.0, 1.0, 1.0, 1.0)),
    "trusting": {**dict.fromkeys(FAULTS, (1.0, 0.0, 0.0, 0.0)), "timeout": (1.0, 1.0, 1.0, 1.0)},
    "checking-but-idle": dict.fromkeys(FAULTS, (1.0, 1.0, 0.0, 0.0)),
    "brittle": {**dict.fromkeys(FAULTS, (1.0, 1.0, 1.0, 1.0)), "timeout": (1.0, 1.0, 0.0, 0.0)},
}
"""By worker and kind: whether the fault is met, detected, repaired, and the task done."""


def kind(item: OfficeItem) -> FaultKind:
    assert item.seeded is not None
    return item.seeded.kind


def of_kind(wanted: FaultKind) -> OfficeItem:
    return next(item for item in ITEMS if kind(item) == wanted)


def kept(name: str, item: OfficeItem, arm: str = "seeded") -> Transcript:
    events = simulate(name, item, ARMS[arm])
    turns = sum(event.kind == "turn" for event in events)
    return Transcript(store=Store(), events=events, stops=["stop"] * turns, ending="over")


@cache
def measured(name: str, draw: int) -> dict[str, float | None]:
    item = next(item for item in ITEMS if item.draw == draw)
    return dict(measure(name, item, SEEDED))


# --- what is seeded ---


@pytest.mark.parametrize("course", ["pocket", "standard", "full"])
def test_every_kind_is_seeded_about_as_often(course: str) -> None:
    for seed in range(2):
        items = draw_items(custom_course(course), seed=seed)
        counted = Counter(item.seeded.kind for item in items if item.seeded)
        numbers = [counted[one] for one in FAULTS]
        assert max(numbers) - min(numbers) <= 2
        assert all(item.kind == "task" for item in items if item.seeded)
    assert {kind(item) for item in ITEMS} == set(FAULTS)


def test_the_fault_changes_nothing_under_any_other_arm() -> None:
    for item in ITEMS:
        for arm in ARMS.values():
            assert (arm.made_of(item) is item) is (arm.name != "seeded")
        again = SEEDED.made_of(SEEDED.made_of(item))
        assert again == SEEDED.made_of(item)


def test_the_arm_is_of_no_axis() -> None:
    assert all("seeded" not in of_axis(axis, list(ARMS)) for axis in AXES)
    assert SEEDED.gap == "seeded"
    assert not any(SEEDED.takes(i) for i in draw_items(custom_course("pocket"), seed=1)
                   if i.kind != "task")  # fmt: skip


def test_a_wrong_and_a_right_value_differ_and_the_request_gives_neither_away() -> None:
    for item in ITEMS:
        fault = item.seeded
        assert fault is not None
        assert bool(fault.tool) is not (fault.kind in VALUES)
        if fault.kind in VALUES:
            assert fault.right != fault.wrong
            assert not holds(fault.told.turns[0], fault.right)
            assert not holds(fault.told.turns[0], fault.wrong)
            assert any(holds(query.sql, fault.right) for query in fault.goal)
            assert not any(holds(query.sql, fault.wrong) for query in fault.goal)


def test_what_shows_the_fault_is_in_reach_of_offered_tools() -> None:
    for item in ITEMS:
        fault = item.seeded
        assert fault is not None
        office = opened(item, SEEDED)
        offered = {offer.name for offer in surface_of(office, item, SEEDED).offers()}
        assert {call.tool for call in fault.told.plans[0]} <= offered
        office.close()


# --- who finds it ---


@pytest.mark.parametrize("name", WORKERS)
def test_who_checks_finds_faults_and_who_repairs_gets_the_task_done(name: str) -> None:
    for item in ITEMS:
        found = measured(name, item.draw)
        assert tuple(found[metric] for metric in FAULT) == WORKERS[name][kind(item)], item.id


def test_the_null_worker_meets_nothing_and_so_neither_catches_nor_misses() -> None:
    for item in ITEMS:
        found = measured("null", item.draw)
        assert (found["success"], found["fault_met"], found["verification_calls"]) == (0, 0, 0)
        assert not {"fault_detected", "fault_repaired", "turns_to_repair"} & set(found)


def test_checks_are_counted_and_so_are_the_calls_until_it_is_repaired() -> None:
    for item in ITEMS:
        oracle, trusting = measured("oracle", item.draw), measured("trusting", item.draw)
        assert oracle["verification_calls"] == float(kind(item) != "timeout")
        assert trusting["verification_calls"] == 0.0
        if kind(item) == "timeout":
            # The next call is the same once more.
            assert oracle["turns_to_repair"] == trusting["turns_to_repair"] == 1.0
        elif kind(item) == "false_success":
            # A look, then the same once more.
            assert oracle["turns_to_repair"] == 2.0
        else:
            assert oracle["turns_to_repair"] == _until_right(item)
            assert "turns_to_repair" not in trusting


def _until_right(item: OfficeItem) -> float:
    """Calls of the plan from the first that shows the wrong value to the first with the right."""
    fault = item.seeded
    assert fault is not None
    trajectory = office_trajectory(item, SEEDED, kept("oracle", item))
    shown = [n for n, e in trajectory.tool_calls() if holds(e.result, fault.wrong)]
    told = [
        n for n, e in enumerate(trajectory.events)
        if holds(e.text if isinstance(e, Claim) else f"{getattr(e, 'arguments', '')}", fault.right)
    ]  # fmt: skip
    return float(min(n for n in told if n > shown[0]) - shown[0])


def test_a_note_that_is_never_looked_at_is_no_fault_that_was_met() -> None:
    item = of_kind("stale_memory")
    office = opened(item, SEEDED)
    office.begin_session()
    office.begin_turn()
    for call in item.told.plans[0]:
        assert office.call(call.tool, call.arguments).trouble is None
    office.say(item.told.answers[0])
    events = office.events()
    met = judge_fault(item, SEEDED, events, success=True)
    assert (met.at, met.detected, met.repaired) == (None, None, None)
    office.close()


# --- the two calls that go wrong ---


def _once(which: str) -> tuple[Office, Surface]:
    office = Office.furnished(5)
    office.begin_session()
    office.begin_turn()
    once = Once("contact_add", "timeout" if which == "timeout" else "false_success")
    return office, Surface(office, ("contacts",), once=once)


WHO = {"name": "Ida Lund", "organisation": "Lund", "mail": "i@l.example", "phone": "1"}


@pytest.mark.parametrize("which", ["timeout", "false_success"])
def test_a_lost_call_writes_nothing_and_happens_once(which: str) -> None:
    office, surface = _once(which)
    wrong = surface.call("contact_add", {"name": "Ida"})
    assert wrong.trouble == "invalid"
    lost = surface.call("contact_add", WHO)
    assert lost.trouble == ("timeout" if which == "timeout" else None)
    assert surface.call("contact_find", {"text": "Ida Lund"}).text == "Nothing found."
    again = surface.call("contact_add", WHO)
    assert again.trouble is None
    assert (lost.text == again.text) is (which == "false_success")
    assert "Ida Lund" in surface.call("contact_find", {"text": "Ida"}).text
    assert [e.target for e in office.events() if e.kind == "fault"] == [which]
    office.close()


def test_a_rehearsal_leaves_no_trace() -> None:
    office = Office.furnished(5)
    before = office.events(), office.ask("select count(*) from contact")
    assert office.rehearse("contact_add", WHO).trouble is None
    assert office.rehearse("contact_add", {}).trouble == "invalid"
    assert office.rehearse("no_such_tool", {}) == Reply(
        "There is no tool 'no_such_tool'.", "unknown"
    )
    assert (office.events(), office.ask("select count(*) from contact")) == before
    office.close()


def test_saying_that_it_failed_is_noticing_it() -> None:
    item = of_kind("false_success")
    for text, noticed in (("All done.", False), ("I could not see it arrive; sorry.", True)):
        events = simulate("trusting", item, SEEDED)
        last = events[-1]._replace(value=text)
        met = judge_fault(item, SEEDED, [*events[:-1], last], success=False)
        assert (met.detected == len(_told(events)) - 1) is noticed
        assert (met.detected is None) is not noticed


def _told(events: list) -> list:
    return [event for event in events if event.kind in ("call", "fault", "output")]


def test_values_are_exchanged_as_words_of_their_own() -> None:
    assert exchanged("5.12 and 15.12, 5.120", "5.12", "6.12") == "6.12 and 15.12, 5.120"
    assert exchanged("as it was", "", "x") == "as it was"
    assert holds("at desk 5.12.", "5.12")
    assert not holds("at desk 5.123", "5.12")
    assert not holds("anything", "")


# --- as a trajectory ---


def test_the_trajectory_has_every_call_and_message_of_the_log() -> None:
    for item in (of_kind(one) for one in FAULTS):
        found = office_trajectory(item, SEEDED, kept("oracle", item))
        logged = _told(kept("oracle", item).events)
        assert len(found.events) == len(logged)
        calls = [e for e in logged if e.kind != "output"]
        assert [e.tool for _, e in found.tool_calls()] == [e.tool for e in calls]
        assert [c.final for _, c in found.claims()] == [True]
        assert found.known.success == 1.0


def test_places_of_a_fault_are_those_of_the_trajectory() -> None:
    for item in ITEMS:
        fault, found = item.seeded, office_trajectory(item, SEEDED, kept("oracle", item))
        assert fault is not None
        assert found.known.faults is not None
        (met,) = found.known.faults
        assert met.kind == fault.kind
        assert met.at is not None
        assert met.detected is not None
        assert met.repaired is not None
        assert met.at <= met.detected <= met.repaired
        where = found.events[met.at]
        assert isinstance(where, ToolCall)
        if fault.tool:
            assert where.tool == fault.tool
            assert (where.error, where.transient) == (
                ("timeout", True) if fault.kind == "timeout" else (None, False)
            )
            assert where.result
        else:
            assert holds(where.result, fault.wrong)
            assert [f.value for f in found.known.facts] == [fault.wrong, fault.right]


def test_a_false_success_is_answered_in_the_trajectory_as_it_was() -> None:
    item = of_kind("false_success")
    found = office_trajectory(item, SEEDED, kept("oracle", item))
    assert item.seeded is not None
    results = [e.result for _, e in found.tool_calls() if e.tool == item.seeded.tool]
    assert re.sub(r"\d+", "", results[0]) == re.sub(r"\d+", "", results[1])


def _sessions(variant: str) -> Iterator[OfficeItem]:
    for item in draw_items(custom_course("standard"), seed=7):
        if item.keeping and item.keeping.variant == variant:
            yield item


def test_a_preference_that_changed_is_a_fact_that_was_superseded() -> None:
    item = next(_sessions("change"))
    keeping, known = item.keeping, known_of(item, ARMS["apart-1"], kept("oracle", item, "apart-1"))
    assert keeping is not None
    assert keeping.stale is not None
    first, second = known.facts
    assert first == Fact("preference", keeping.stale, -1)
    assert (second.name, second.value) == ("preference", keeping.right)
    events = office_trajectory(item, ARMS["apart-1"], kept("oracle", item, "apart-1")).events
    # It is told after the note and the message of the first conversation.
    assert second.since == 1
    assert isinstance(events[1], Claim)
    at_once = known_of(item, ARMS["native"], kept("oracle", item, "native"))
    assert [f.since for f in at_once.facts] == [-1, -1]
    assert at_once.faults is None


def test_a_request_that_changes_midway_supersedes_what_it_said() -> None:
    arm = ARMS["midway"]
    items = [i for i in draw_items(custom_course("standard"), seed=7) if i.family == "move_day"]
    known = known_of(items[0], arm, kept("oracle", items[0], "midway"))
    before, after = (fact for fact in known.facts if fact.name == "day")
    assert (before.since, after.since) == (-1, 1)
    assert before.value != after.value


def test_what_is_missing_is_not_known() -> None:
    item = of_kind("timeout")
    gone = Transcript(store=Store(), ending="infrastructure", why="nobody answers")
    assert known_of(item, SEEDED, gone).success is None
    assert judged(item, SEEDED, gone).measures == {"success": None, "fault_met": None}


def test_a_false_success_that_is_believed_is_claimed_as_done() -> None:
    """The metrics of conduct find in the trajectory what was put into the worker's way."""
    tools = ToolMap.default()
    items = [item for item in ITEMS if kind(item) == "false_success"]
    for item in items:
        for name, rate in (("oracle", 1.0), ("trusting", 0.0)):
            found = office_trajectory(item, SEEDED, kept(name, item))
            calls = [tools.describe(e) if isinstance(e, ToolCall) else e for e in found.events]
            found = replace(found, events=tuple(calls))
            assert METRICS["catch_rate"].measure(found).value == rate
            assert METRICS["repair_rate"].measure(found).value == rate
    assert items
