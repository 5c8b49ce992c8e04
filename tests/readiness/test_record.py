"""The record: a log that is carried out again is the log that was kept, or it is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offices import work

from worktrial.errors import EvidenceError
from worktrial.readiness.draw import custom_course, draw_items, fillers, open_office
from worktrial.readiness.record import replay
from worktrial.readiness.success import reached

ITEMS = draw_items(custom_course("pocket"), seed=2)
TASK, SESSION = ITEMS[0], ITEMS[-1]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_what_results_is_the_office_that_was_left(item):
    office = work(item, item.apart or [item.told])
    again = replay(item, office.events())
    assert again.events() == office.events()
    assert all(reached(again, item.goal))
    for table in ("message", "event", "ticket", "file", "submission", "memory", "entry"):
        assert again.ask(f"select * from {table}") == office.ask(f"select * from {table}")


def test_tasks_between_are_carried_out_again():
    between = fillers(SESSION, 5)
    *before, last = SESSION.apart
    office = work(SESSION, [*before, *(one.told for one in between), last], between)
    assert replay(SESSION, office.events(), between).events() == office.events()


def test_pages_of_another_length_are_read_again():
    office = open_office(TASK)
    office.page = 3
    office.call("directory_find", {})
    events = office.events()
    assert replay(TASK, events, page=3).events() == events
    with pytest.raises(EvidenceError, match=TASK.id):
        replay(TASK, events)


EVENTS = work(TASK, [TASK.told]).events()
FIELDS = ("session", "turn", "kind", "tool", "target", "field", "value")


# What was said follows from nothing: it is the evidence itself.
BOUND = [
    (at, field)
    for field in FIELDS
    for at, event in enumerate(EVENTS)
    if (event.kind, field) != ("output", "value")
]
CONSEQUENCES = [
    at
    for at, event in enumerate(EVENTS)
    if event.kind in ("read", "write", "keystroke", "permission")
]


@pytest.mark.parametrize(("at", "field"), BOUND)
def test_no_event_can_be_changed(at, field):
    value = getattr(EVENTS[at], field)
    other = value + 1 if isinstance(value, int) else f"{value}x"
    changed = EVENTS[at]._replace(**{field: other})
    with pytest.raises(EvidenceError, match=TASK.id):
        replay(TASK, [*EVENTS[:at], changed, *EVENTS[at + 1 :]])


@pytest.mark.parametrize("at", CONSEQUENCES)
def test_consequences_can_be_neither_dropped_nor_made_up(at):
    with pytest.raises(EvidenceError, match=TASK.id):
        replay(TASK, [*EVENTS[:at], *EVENTS[at + 1 :]])
    with pytest.raises(EvidenceError, match=TASK.id):
        replay(TASK, [*EVENTS[:at], EVENTS[at], *EVENTS[at:]])


def test_the_first_difference_is_named():
    at = next(n for n, event in enumerate(EVENTS) if event.kind == "write")
    forged = EVENTS[at]._replace(value='{"id":"m-999"}')
    with pytest.raises(EvidenceError, match=r"m-999.*where there must be"):
        replay(TASK, [*EVENTS[:at], forged, *EVENTS[at + 1 :]])


def test_a_log_that_ends_early_in_a_call_is_refused():
    at = next(n for n, event in enumerate(EVENTS) if event.kind == "write")
    with pytest.raises(EvidenceError, match="no further event"):
        replay(TASK, EVENTS[:at])


def test_another_items_log_is_refused():
    other = next(item for item in ITEMS if item.seed != TASK.seed)
    with pytest.raises(EvidenceError):
        replay(other, EVENTS)


@pytest.mark.parametrize(
    "value", ["", "[]", "{", "[" * 100_000, '{"a": 1e999}', "null", "1" * 5000]
)
def test_arguments_that_cannot_be_read_are_refused_or_fail_as_they_did(value):
    forged = [event if event.kind != "call" else event._replace(value=value) for event in EVENTS]
    with pytest.raises(EvidenceError):
        replay(TASK, forged)


texts = st.text(st.characters(exclude_categories=()), max_size=40)
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
tools = st.sampled_from(
    ["memory_save", "mail_draft", "form_fill", "file_write", "mail_search", "x"]
)
names = st.sampled_from(["key", "text", "to", "subject", "body", "form", "field", "value", "path"])


@given(st.lists(st.tuples(tools, st.dictionaries(names, trees)), max_size=5), texts)
def test_whatever_a_worker_does_can_be_carried_out_again(calls, said):
    office = open_office(TASK)
    office.begin_session()
    office.begin_turn()
    for tool, arguments in calls:
        office.call(tool, arguments)
        office.fault(tool, "malformed", json.dumps(arguments, default=str))
    office.say(said)
    assert replay(TASK, office.events()).events() == office.events()
