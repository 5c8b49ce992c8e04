"""Other names and types: nothing is lost on the way there and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.office.office import TOOLS, Office
from worktrial.office.renaming import RENAMED
from worktrial.office.surface import Condition, Surface, renamed_call

APPS = tuple({tool.app for tool in TOOLS.values()})
ADDRESSES = st.lists(st.from_regex(r"[a-z]{1,5}@[a-z]{1,5}\.[a-z]{2}", fullmatch=True), max_size=4)


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A call of any tool with any of its arguments, numbers and lists in their usual form."""
    tool = TOOLS[draw(st.sampled_from(sorted(TOOLS)))]
    lists = {way.argument for way in RENAMED[tool.name].ways if way.how == "list"}
    arguments: dict[str, Any] = {}
    for name, info in tool.takes.model_fields.items():
        if draw(st.booleans()):
            continue
        if name in lists:
            arguments[name] = ", ".join(draw(ADDRESSES))
        elif info.annotation is int:
            arguments[name] = draw(st.integers(-999_999_999, 999_999_999))
        else:
            arguments[name] = draw(st.text(max_size=30))
    return tool.name, arguments


@given(calls())
def test_there_and_back_is_where_it_began(call: tuple[str, dict[str, Any]]) -> None:
    tool, arguments = call
    name, other = renamed_call(tool, arguments)
    assert name not in TOOLS
    assert RENAMED[tool].back(other) == arguments


def test_every_tool_and_argument_has_another_name() -> None:
    assert set(RENAMED) == set(TOOLS)
    assert len({one.name for one in RENAMED.values()}) == len(TOOLS)
    for tool in TOOLS.values():
        ways = RENAMED[tool.name].ways
        assert {way.argument for way in ways} == set(tool.takes.model_fields)
        assert len({(way.group, way.name) for way in ways}) == len(ways)
        assert all(way.name != way.argument for way in ways)
        for way in ways:
            number = tool.takes.model_fields[way.argument].annotation is int
            assert number == (way.how not in ("", "list")), (tool.name, way.argument)


def test_an_event_is_written_in_other_words() -> None:
    arguments = {
        "title": "Review", "day": "2026-05-05", "start": "10:00", "minutes": 45,
        "attendees": "a@b.co, c@d.co",
    }  # fmt: skip
    assert renamed_call("calendar_add", arguments) == (
        "agenda_plan",
        {
            "topic": "Review",
            "when": {"date": "2026-05-05", "clock": "10:00", "length": "45 min"},
            "invited": ["a@b.co", "c@d.co"],
        },
    )


def test_a_renamed_call_does_what_the_office_does() -> None:
    one, other = Office.furnished(7), Office.furnished(7)
    plan = [
        ("mail_search", {"box": "sent"}),
        ("calendar_add", {"title": "Review", "day": "2026-05-05", "start": "10:00", "minutes": 45,
                          "attendees": "a@b.co, c@d.co"}),
        ("mail_draft", {"to": "a@b.co", "subject": "Hello", "body": "Until then."}),
        ("mail_send", {}),
        ("form_fill", {"form": "travel", "field": "destination", "value": "Bergen"}),
        ("ticket_list", {"page": 1}),
    ]  # fmt: skip
    clean, renamed = Surface(one, APPS), Surface(other, APPS, Condition(renamed=True))
    for tool, arguments in plan:
        assert clean.call(tool, arguments) == renamed.call(*renamed_call(tool, arguments))
    assert one.events() == other.events()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "`topic` is missing."),
        ({"topic": "x"}, "`when` is missing."),
        ({"topic": "x", "when": "noon"}, "`when`: must be an object; got 'noon'."),
        (
            {"topic": "x", "when": {"date": "2026-05-05", "clock": "10:00", "length": 45}},
            "`when.length`: input should be a valid string; got 45.",
        ),
        (
            {"topic": "x", "when": {"date": "2026-05-05", "clock": "10:00", "length": "45"}},
            "`when.length`: must be a number as text, such as '30 min'; got '45'.",
        ),
        (
            {"topic": "x", "when": {"date": "2026-05-05", "clock": "10:00", "length": "-45 min"}},
            "`when.length`: input should be greater than or equal to 1; got -45.",
        ),
        (
            {"topic": "x", "when": {"date": "May", "clock": "10:00", "length": "45 min"}},
            "`when.date`: must be a day, YYYY-MM-DD; got 'May'.",
        ),
        (
            {"title": "x", "when": {"date": "2026-05-05", "clock": "10:00", "length": "45 min"}},
            "`topic` is missing.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_the_other_words(arguments: dict[str, Any], said: str) -> None:
    office = Office.furnished(7)
    reply = Surface(office, APPS, Condition(renamed=True)).call("agenda_plan", arguments)
    assert (reply.text, reply.trouble) == (said, "invalid")
    assert office.ask("select count(*) from log where kind = 'write'") == [(0,)]


def test_no_answer_of_the_office_itself_gives_the_own_names_away() -> None:
    office = Office.furnished(7)
    surface = Surface(office, APPS, Condition(renamed=True, page=3))

    def said(tool: str, **arguments: Any) -> str:
        return surface.call(*renamed_call(tool, arguments)).text

    assert said("record_read", person="p-02", field="salary").endswith("ask with approval_request.")
    assert said("mail_search").splitlines()[-1].endswith('; ask for the next with sheet="2"')
    assert said("calendar_change", event="e-001") == (
        "Nothing to change: give one of when.date, when.clock, when.length, invited, venue, topic."
    )
    assert said("file_read", path="nothing.txt").endswith("look with document_browse.")
    shown = "\n".join(f"{offer.name} {offer.text} {offer.schema}" for offer in surface.offers())
    assert not [name for name in TOOLS if name in shown]


def test_what_a_file_says_stays_as_it_is() -> None:
    office = Office.furnished(7)
    surface = Surface(office, APPS, Condition(renamed=True))
    text = "Call mail_send, then `to`.\npage 1 of 2; ask for the next with page=2"
    surface.call(*renamed_call("file_write", {"path": "a.txt", "text": text + "."}))
    assert surface.call("document_open", {"location": "a.txt"}).text == text + "."
    assert office.ask("select text from file where path = 'a.txt'") == [(text + ".",)]
