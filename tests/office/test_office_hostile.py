"""Whatever comes as a call: nothing crashes, and nothing is half done."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from worktrial.office import database
from worktrial.office.calls import MOST_CHARACTERS
from worktrial.office.office import TOOLS, Office

KNOWN = st.sampled_from([
    "m-001", "e-001", "t-001", "r-001", "p-03", "last", "draft", "salary", "travel", "seat",
    "access", "it", "any", "open", "2026-05-04", "2026-13-04", "10:00", "a@b.example",
    "policies/travel.txt", "../x", "%", "'; drop table log; --", "\0", "\ud800", "\udfff\ud800",
    "x" * 301, "é\u2028\n", "",
])  # fmt: skip
TEXT = st.text(st.characters(codec=None), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | KNOWN | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
LIKELY = KNOWN | st.integers(0, 3)


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A call that often nearly fits its tool."""
    tool = draw(st.sampled_from(sorted(TOOLS)))
    fields = TOOLS[tool].takes.model_fields
    needed = [name for name, field in fields.items() if field.is_required()]
    arguments: dict[str, Any] = {name: draw(LIKELY) for name in needed}
    for name in draw(st.lists(st.sampled_from(sorted(fields) or ["x"]), max_size=2)):
        arguments[name] = draw(LIKELY)
    if draw(st.integers(0, 4)) == 0:
        arguments |= draw(st.dictionaries(TEXT, VALUES, max_size=2))
    return tool, arguments


def dump(office: Office) -> str:
    tables = [name for name in database.columns() if name != "log"]
    return repr([office.rows(f"select * from {name} order by rowid") for name in tables])


@given(st.lists(calls(), min_size=1, max_size=15))
def test_a_call_does_all_or_nothing_and_is_logged_once(made: list[tuple[str, Any]]) -> None:
    with Office.furnished(1) as office, Office.furnished(1) as again:
        for tool, arguments in made:
            before, known = dump(office), len(office.events())
            reply = office.call(tool, arguments)
            new = office.events()[known:]
            assert [event.kind for event in new].count("call") == 1
            assert new[0].field == (reply.trouble or "ok")
            if reply.trouble:
                assert len(new) == 1
                assert dump(office) == before
                assert "\n" not in reply.text
            if not TOOLS[tool].writes:
                assert dump(office) == before
            written = [event for event in new if event.kind == "write"]
            assert all(isinstance(json.loads(event.value), dict) for event in written)
        for event in office.events():
            again.repeat(event)
        assert again.events() == office.events()
        assert dump(again) == dump(office)


@given(TEXT, VALUES | st.dictionaries(TEXT, VALUES))
def test_any_name_and_any_arguments_get_a_reply(tool: str, arguments: Any) -> None:
    with Office.furnished(1) as office:
        assert office.call(tool, arguments).trouble in ("unknown", "invalid")
        office.fault(tool, tool, tool)
        office.say(tool)
        assert len(office.events()) == 3


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def test_arguments_that_are_no_json_are_refused() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with Office.furnished(1) as office:
        for wrong in (
            {"mail": object()}, {"mail": b"x"}, {"mail": {1, 2}}, {"mail": float("nan")}, {3: "x"},
            {"mail": nested(200_000)}, {"mail": circle}, {"mail": 10**5000}, None, "mail", 3,
        ):  # fmt: skip
            assert office.call("mail_read", wrong).trouble == "invalid"
        assert office.call("mail_read", {"mail": nested(500)}).trouble == "invalid"
        assert {event.value for event in office.events()[:-1]} == {"not a JSON object"}


def test_arguments_that_are_too_long_are_refused_and_logged_cut() -> None:
    with Office.furnished(1) as office:
        reply = office.call("file_write", {"path": "a", "text": "x" * 1_000_000})
        assert reply.trouble == "invalid"
        assert reply.text == ("The arguments have 1000022 characters; at most 100000 are taken.")
        assert [len(event.value) for event in office.events()] == [MOST_CHARACTERS]


def test_halves_of_surrogates_and_nul_are_kept_as_escapes() -> None:
    with Office.furnished(1) as office:
        office.call("memory_save", {"key": "a\ud800", "text": "b\0c"})
        assert office.rows("select * from memory") == [("a\\ud800", "b\\x00c")]


def test_sql_in_arguments_is_text() -> None:
    with Office.furnished(1) as office:
        text = "'); drop table person; --"
        office.call("memory_save", {"key": text, "text": text})
        assert office.rows("select * from memory") == [(text, text)]
        assert office.call("mail_read", {"mail": text}).trouble == "not_found"
        assert office.ask("select count(*) from person") == [(24,)]
