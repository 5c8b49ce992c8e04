"""What must not matter, does not."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import AT_MOST_ONE, NAMES, planted

from worktrial.conduct.clean import clean_of
from worktrial.conduct.events import (
    Event,
    Fact,
    HandOff,
    Known,
    ModelCall,
    Piece,
    SeededFault,
    ToolCall,
    Trajectory,
)
from worktrial.conduct.metrics import METRICS

MIXTURES = st.fixed_dictionaries(
    {name: st.integers(0, 1 if name in AT_MOST_ONE else 2) for name in NAMES}
).map(lambda many: planted(**many))
_CODE = re.compile(r"([A-Z]{2,3})-(\d{4})")


def values(trajectory: Trajectory) -> dict[str, float | None]:
    return {name: metric.measure(trajectory).value for name, metric in METRICS.items()}


def changed(trajectory: Trajectory, change: Callable[[Event], Event]) -> Trajectory:
    return replace(trajectory, events=tuple(map(change, trajectory.events)))


def later(event: Event) -> Event:
    return replace(event, at=event.at + 1e6)


def other_ids(event: Event) -> Event:
    if isinstance(event, ToolCall):
        return replace(event, id=f"other-{event.id}")
    if not isinstance(event, ModelCall):
        return event
    pieces = tuple(replace(piece, key=f"other-{piece.key}") for piece in event.supplied)
    return replace(event, supplied=pieces, calls=tuple(f"other-{each}" for each in event.calls))


def other_agents(event: Event) -> Event:
    event = replace(event, agent=f"other {event.agent}")
    return replace(event, to=f"other {event.to}") if isinstance(event, HandOff) else event


def other_codes(event: Event) -> Event:
    return renamed(event, 3000)


def renamed(value: Any, by: int) -> Any:
    """Every code in whatever it is, moved on."""
    if isinstance(value, str):
        return _CODE.sub(lambda m: f"{m[1]}-{int(m[2]) + by}", value)
    if isinstance(value, dict):
        return {key: renamed(each, by) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(renamed(each, by) for each in value)
    if isinstance(value, Event | Piece | Fact):
        slots = type(value).__dataclass_fields__
        return replace(value, **{name: renamed(getattr(value, name), by) for name in slots})
    return value


@settings(max_examples=15)
@given(MIXTURES)
@pytest.mark.parametrize("change", [later, other_ids, other_agents], ids=lambda f: f.__name__)
def test_times_ids_and_names_do_not_matter(
    change: Callable[[Event], Event], trajectory: Trajectory
) -> None:
    assert values(changed(trajectory, change)) == values(trajectory)
    assert clean_of(changed(trajectory, change)) == clean_of(trajectory)


@settings(max_examples=15)
@given(MIXTURES)
def test_which_words_a_job_is_about_does_not_matter(trajectory: Trajectory) -> None:
    facts = renamed(trajectory.known.facts, 3000)
    known = replace(trajectory.known, facts=facts)
    assert values(replace(changed(trajectory, other_codes), known=known)) == values(trajectory)


@settings(max_examples=15)
@given(MIXTURES)
def test_a_word_after_the_end_changes_nothing_but_the_context(trajectory: Trajectory) -> None:
    events = (*trajectory.events, ModelCall(1e6, "second", said="Thank you and goodbye."))
    after = values(replace(trajectory, events=events))
    other = {n: v for n, v in values(trajectory).items() if METRICS[n].family != "context"}
    assert {name: after[name] for name in other} == other


def doubled(trajectory: Trajectory) -> Trajectory:
    """The same once more under other agents, with codes, ids and targets of its own."""
    by = len(trajectory.events)
    again = map(partial(moved, by=by), changed(trajectory, other_ids).events)
    known = trajectory.known
    facts = [
        replace(fact, name=f"other {fact.name}", since=fact.since + by)
        for fact in renamed(known.facts, 3000)
    ]
    faults = [
        SeededFault(
            f.kind, *(None if p is None else p + by for p in (f.at, f.detected, f.repaired))
        )
        for f in known.faults or ()
    ]
    goals = known.subgoals or {}
    return replace(
        trajectory,
        events=(*trajectory.events, *again),
        known=Known(
            known.success, 2, {**goals, **{f"other {k}": v for k, v in goals.items()}},
            (*known.facts, *facts), (*(known.faults or ()), *faults),
            2 * (known.human_minutes or 0),
        ),
    )  # fmt: skip


def places(fault: SeededFault) -> tuple[int | None, ...]:
    return fault.at, fault.detected, fault.repaired


def moved(event: Event, by: int) -> Event:
    event = other_agents(renamed(event, 3000))
    if not isinstance(event, ModelCall):
        return event
    pieces = tuple(
        piece if piece.source is None else replace(piece, source=piece.source + by)
        for piece in event.supplied
    )
    return replace(event, supplied=pieces)


@settings(max_examples=15)
@given(MIXTURES)
def test_doing_it_all_twice_keeps_every_rate(trajectory: Trajectory) -> None:
    once, twice = values(trajectory), values(doubled(trajectory))
    # The second half's check covers the first half's unverified writes, and all of the second half
    # comes after a fact of the first was superseded.
    for name in ("unverified_mutations", "obsolete_uses"):
        del once[name], twice[name]
    assert twice == pytest.approx(once)


@settings(max_examples=15)
@given(MIXTURES)
def test_a_measure_is_the_same_each_time_and_changes_nothing(trajectory: Trajectory) -> None:
    before = repr(trajectory)
    first = {name: metric.measure(trajectory) for name, metric in METRICS.items()}
    assert {name: metric.measure(trajectory) for name, metric in METRICS.items()} == first
    assert repr(trajectory) == before


@settings(max_examples=20)
@given(MIXTURES)
def test_shares_lie_between_0_and_1_and_are_count_by_of(trajectory: Trajectory) -> None:
    for name, metric in METRICS.items():
        measure = metric.measure(trajectory)
        assert measure.value is not None
        assert measure.value >= 0
        if metric.unit == "share":
            assert measure.value <= 1, name
            if measure.count is not None and measure.of:
                assert measure.value == measure.count / measure.of
