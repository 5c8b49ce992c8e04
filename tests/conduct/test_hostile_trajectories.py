"""Nothing in a log makes a metric crash, hang or claim what it cannot know."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from happenings import ask, call, claim, happened, note, piece, read, write
from hypothesis import given, settings
from hypothesis import strategies as st

from worktrial.conduct.clean import clean_of
from worktrial.conduct.events import (
    Claim,
    Compaction,
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
from worktrial.conduct.metric import Measure
from worktrial.conduct.metrics import METRICS, using

FACTS = (Fact("deadline", "3 May"), Fact("deadline", "13 May", 0))


def every(trajectory: Trajectory) -> dict[str, Measure]:
    clean_of(trajectory)
    return {name: metric.measure(trajectory) for name, metric in METRICS.items()}


@pytest.mark.parametrize(
    "events",
    [(), (ask(),), (ask(), ask()), (read("file:a"),), (Compaction(0, "trim"),)],
    ids=["nothing", "one call", "two calls", "no model call", "a compaction"],
)
def test_what_happened_too_little_is_not_measurable_for_a_reason(events: tuple[Event, ...]) -> None:
    for measure in every(happened(*events)).values():
        assert (measure.value is None) is (measure.why is not None)
    empty = every(happened())
    assert {name for name, measure in empty.items() if measure.value is not None} == set()
    assert all(measure.why for measure in empty.values())


def test_unscored_and_unclaimed_is_neither_clean_nor_unclean() -> None:
    assert clean_of(happened()).clean is None
    assert clean_of(happened(success=1.0)).clean == 1


TRAPS = [
    "a" * 8_000,
    "a-" * 5_000,
    "a" + "-" * 8_000,
    "1,1:" * 3_000,
    '"a":' * 3_000,
    '"' * 5_000,
    " " * 8_000 + ":",
    "[" * 5_000,
    '{"a":' * 3_000,
    "\n" * 3_000,
    "x:y\n" * 3_000,
    "- [ ] " * 3_000,
    "3 May " * 3_000,
    "\ud800\x00\u202e" * 1000,
    "́" * 5_000,
    "9" * 5_000,
]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: repr(trap[:6]))
def test_no_text_makes_a_metric_stumble(trap: str) -> None:
    events = (
        ask(piece("a", trap), said=trap),
        read("file:a", trap),
        note("memory:a", trap),
        call("memory_read", "memory:*", result=trap),
        write(f"file:{trap[:1000]}", trap),
        read("file:" + trap[:1000] + "*[!", trap),
        call("opaque", arguments={"cmd": trap}),
        Compaction(0, "trim"),
        HandOff(0, "", "b", trap),
        ask(piece("b", trap, 1), said=trap),
        claim(trap),
    )
    every(happened(*events, facts=FACTS, success=1.0))
    every(happened(*events, success=1.0))


def test_arguments_may_be_as_deep_odd_and_long_as_json_lets_them() -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]
    odd = {"n": float("nan"), "big": 10**5000, "deep": deep, "none": None, "\ud800": "\udfff"}
    for arguments in (odd, {"deep": deep}, {"\ud800": 1}, {"big": 10**5000}):
        one = call("mutation", "file:a", arguments=arguments)
        every(happened(ask(), one, one, call("opaque", arguments=arguments), facts=FACTS))


def test_many_stars_in_a_read_target_take_no_time() -> None:
    events = [write("file:" + "a" * 2000), read("file:" + "a*" * 500 + "b")]
    assert METRICS["unverified_mutations"].measure(happened(*events)).count == 1


texts = st.text(max_size=40)
places = st.integers(-1, 8)
maybe = st.none() | st.integers(0, 10**9)
pieces = st.builds(
    Piece, texts, st.sampled_from(["system", "user", "assistant", "tool"]), texts,
    st.none() | places,
)  # fmt: skip
agents = st.sampled_from(["", "b"])
events = st.one_of(
    st.builds(
        ModelCall, st.floats(0, 9), agents, st.lists(pieces, max_size=4).map(tuple), texts,
        st.lists(texts, max_size=2).map(tuple), maybe, maybe, maybe, st.none(),
        st.none() | st.floats(0, 9), maybe,
    ),
    st.builds(
        ToolCall, st.floats(0, 9), texts, st.dictionaries(texts, texts, max_size=2), texts, texts,
        agents,
        st.frozensets(st.sampled_from(
            ["mutation", "read", "memory_write", "memory_read", "check", "opaque"]
        )),
        st.none() | texts, st.none() | texts,
        st.sampled_from([None, "create", "change", "remove"]), st.booleans(), st.none() | texts,
        st.booleans(), st.none() | st.floats(0, 9),
    ),
    st.builds(Compaction, st.floats(0, 9), texts, agent=agents),
    st.builds(HandOff, st.floats(0, 9), agents, agents, texts),
    st.builds(Claim, st.floats(0, 9), texts, st.sampled_from([None, True, False])),
)  # fmt: skip
known = st.builds(
    Known, st.none() | st.floats(0, 1), maybe, st.none() | st.dictionaries(texts, st.booleans()),
    st.lists(st.builds(Fact, texts, texts, places), max_size=4).map(tuple),
    st.none() | st.lists(
        st.builds(SeededFault, texts, *[st.none() | places] * 3), max_size=3
    ).map(tuple),
    st.none() | st.floats(0, 9),
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(events, max_size=9), known)
def test_any_events_give_a_value_or_a_reason(some: list[Event], truth: Known) -> None:
    trajectory = replace(happened(*some), known=truth)
    for name, measure in every(trajectory).items():
        assert (measure.value is None) is (measure.why is not None)
        if METRICS[name].unit == "share" and measure.value is not None:
            assert METRICS[name].family == "context" or 0 <= measure.value <= 1
        assert list(measure.places) == sorted(set(measure.places))


class Counted(str):
    """A text that notes how much of it is read."""

    read = 0

    def __getitem__(self, key: Any) -> str:
        Counted.read += len(self)
        return super().__getitem__(key)


def long_one(turns: int) -> Trajectory:
    """Every turn reads something, and its result stays in the context to the end."""
    some: list[Event] = []
    kept: list[Piece] = []
    for turn in range(turns):
        some.append(ask(*kept, said=f"On to R-{turn:05}", calls=(f"c{turn}",), tokens_in=9))
        result = Counted(f"In room R-{turn:05} by 3 May there is nothing new to see.")
        kept.append(Piece(f"k{turn}", "tool", result, len(some)))
        some.append(read(f"room:{turn}", result, id=f"c{turn}"))
        if turn % 20 == 10:
            some += [note(f"memory:{turn}", "deadline: 3 May"), write(f"mail:{turn}", "3 May")]
            some += [Compaction(0, "trim"), HandOff(0, "", "b", "3 May")]
    return happened(*some, claim(), success=1.0)


@pytest.mark.parametrize("facts", [(), FACTS], ids=["facts unknown", "facts known"])
def test_a_long_history_is_read_once_and_not_once_a_turn(
    facts: tuple[Fact, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    characters = characters_read(monkeypatch)
    short, long = (
        characters(replace(long_one(turns), known=Known(1.0, facts=facts))) for turns in (100, 400)
    )
    assert long < 4.5 * short


def characters_read(monkeypatch: pytest.MonkeyPatch) -> Callable[[Trajectory], int]:
    words = using._words

    def counting(text: str) -> Any:
        Counted.read += len(text)
        return words(text)

    monkeypatch.setattr(using, "_words", counting)

    def characters(trajectory: Trajectory) -> int:
        Counted.read = 0
        every(trajectory)
        return Counted.read

    return characters
