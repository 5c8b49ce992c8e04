"""Unrelated tools: many, unique, harmless, and what they say they are."""

import re

from hypothesis import given
from hypothesis import strategies as st

from worktrial.office.crowd import crowd, unrelated_tools
from worktrial.office.office import TOOLS
from worktrial.office.renaming import RENAMED


def test_names_are_unique_among_all_tools() -> None:
    names = [tool.name for tool in unrelated_tools()]
    others = [one.name for one in RENAMED.values()]
    assert len(names) == 120
    assert len({*names, *TOOLS, *others}) == len(names) + 2 * len(TOOLS)
    assert len({tool.text for tool in unrelated_tools()}) == 120


def test_a_crowd_is_drawn_and_the_same_for_one_draw() -> None:
    assert [t.name for t in crowd(20, 3)] == [t.name for t in crowd(20, 3)]
    assert {t.name for t in crowd(20, 3)} != {t.name for t in crowd(20, 4)}
    assert len({t.name for t in crowd(100, 3)}) == 100


def test_every_answer_repeats_only_arguments_that_there_are() -> None:
    for tool in unrelated_tools():
        echoed = set(re.findall(r"\{(\w+)\}", tool.answer))
        assert echoed <= set(tool.takes.model_fields), tool.name


@given(st.text(max_size=40), st.integers(0, 100))
def test_what_is_given_is_repeated_and_never_expanded(place: str, draw: int) -> None:
    by_name = {tool.name: tool for tool in unrelated_tools()}
    tool = by_name["weather_pollen"]
    odd = place + "{place}<1-9><a|b>"
    answer = tool.run(tool.takes.model_validate({"place": odd}), draw)
    assert answer.startswith(f"Pollen at {odd}: ")
    assert answer.removeprefix(f"Pollen at {odd}: ") in ("low.", "moderate.", "high.")
