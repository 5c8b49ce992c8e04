"""A trajectory to be read: what is shown, marked and clipped; and what the page makes of it."""

from dataclasses import replace

import pytest

from conduct.courses import course, write
from worktrial.conduct.events import Claim, Compaction, HandOff, ModelCall, ToolCall
from worktrial.conduct.findings import conduct_findings
from worktrial.conduct.timeline import timeline
from worktrial.report.conduct_page import render_conduct
from worktrial.report.conduct_text import conduct_text

HOSTILE = (
    "<script>window.__pwned = 1</script></pre><img src=x onerror='x'>",
    "\x1b[31mred\x00\u202egnp.exe\u2066 \u200b\u2028",
    "lone \ud800 surrogate",
    "{{ 7 * 7 }} {% raw %} &amp; \"' onmouseover=alert(1)",
)


def test_short_trajectory_is_told_as_a_whole_with_its_marks() -> None:
    told = timeline(course(checked=False), {1: ["unverified_mutations", "verified"]})
    assert [m.kind for m in told.moments] == ["model", "tool", "model", "claim"]
    assert told.moments[1].marks == ("unverified_mutations", "verified")
    assert (told.events, told.marked, told.success) == (4, 1, 1.0)
    assert told.moments[3].title == "says that it is done"


def test_long_trajectory_is_told_around_its_marks_and_at_its_ends() -> None:
    long = replace(course(), events=tuple(write(float(n), "a", "b") for n in range(1_000)))
    told = timeline(long, {500: ["backtracks"], 2_000: ["dead_ends"]})
    places = [m.place for m in told.moments]
    assert places == [*range(6), *range(498, 503), *range(994, 1_000)]
    assert told.marked == 1
    everything = timeline(long, {n: ["repeated_calls"] for n in range(1_000)})
    assert everything.marked == 1_000
    assert len(everything.moments) < 250


def test_texts_are_clipped_and_say_so() -> None:
    told = timeline(course(text="x" * 100_000), {})
    arguments = told.moments[1].details[0]
    assert len(arguments.text) < 2_000
    assert arguments.cut > 98_000


def test_every_kind_of_event_has_a_line() -> None:
    events = (
        ModelCall(0, agent="a", error="overloaded"),
        ToolCall(1, "shell", error="timeout"),
        Compaction(2, "summary", 9_000, 1_000),
        HandOff(3, "a", "b", "the deadline is 12 May"),
        Claim(4, "", None, final=False),
        Claim(5, "I could not.", False, 0.25),
    )
    told = timeline(replace(course(), events=events), {})
    assert [m.title for m in told.moments] == [
        "", "shell, failed: timeout", "summary: 9,000 tokens to 1,000", "to b", "ends a turn",
        "says that it is not done, confidence 0.25",
    ]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_and_nothing_else(text: str) -> None:
    courses = [
        course(f"{text}{n}", worker=text, task=text, log=text, text=text, checked=False,
               unmapped=frozenset({text}))
        for n in range(3)
    ]  # fmt: skip
    found = conduct_findings(courses)
    page = render_conduct(found)
    page.encode()
    assert "<script" not in page
    assert "<img" not in page
    assert not any(c in page for c in "\x00\x1b\u202e\u2066\u200b\u2028")
    assert render_conduct(found) == page
    told = conduct_text(found)
    told.encode()
    assert max(map(len, told.splitlines())) <= 110
    assert not any(c in told for c in "\x00\x1b\u202e\u2066\u200b\u2028")
