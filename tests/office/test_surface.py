"""A worker's tools under each condition, alone and together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.errors import ConfigError
from worktrial.office.office import TOOLS, Office, offers
from worktrial.office.surface import CLEAN, Condition, Surface, failed
from worktrial.office.tool import Reply

APPS = tuple(dict.fromkeys(tool.app for tool in TOOLS.values()))
SAVE = ("memory_save", {"key": "k", "text": "v"})


def surface(
    condition: Condition = CLEAN, *, draw: int = 5, scopes: tuple[str, ...] = ()
) -> Surface:
    return Surface(Office.furnished(7), APPS, condition, draw=draw, scopes=scopes)


def logged(made: Surface) -> list[tuple[str, str, str, str]]:
    return [(e.kind, e.tool, e.target, e.field) for e in made.office.events()]


# --- clean ---


def test_a_clean_surface_offers_the_offices_tools() -> None:
    assert surface().offers() == offers(APPS)
    mail = Surface(Office.furnished(7), ["mail"])
    assert {offer.name for offer in mail.offers()} == {
        name for name, tool in TOOLS.items() if tool.app == "mail"
    }


def test_a_call_reaches_the_office_and_is_logged_there() -> None:
    made = surface()
    assert made.call(*SAVE) == Reply("'k' saved.")
    assert logged(made)[0] == ("call", "memory_save", "", "ok")


def test_what_is_not_offered_cannot_be_called() -> None:
    made = Surface(Office.furnished(7), ["mail"])
    assert made.call(*SAVE) == Reply("There is no tool 'memory_save'.", "unknown")
    assert made.call("drop table log", {}).trouble == "unknown"
    assert logged(made) == [
        ("fault", "memory_save", "unknown", ""),
        ("fault", "drop table log", "unknown", ""),
    ]


def test_an_app_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigError, match="`apps` must be among"):
        Surface(Office.furnished(7), ["post"])


def test_arguments_are_bounded_and_may_be_anything() -> None:
    made = surface()
    long = made.call("memory_save", {"key": "k", "text": "v" * 300_000})
    assert long == Reply(
        "The arguments have 300021 characters; at most 100000 are taken.", "invalid"
    )
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert made.call("memory_save", {"key": deep}).trouble == "invalid"
    assert made.call("memory_save", {"key": float("nan"), "text": "v"}).trouble == "invalid"
    assert made.call("memory_save", {"key": "\ud800", "text": "\0"}).trouble is None
    assert made.office.ask("select count(*) from log where length(value) > 100000") == [(0,)]


@given(
    st.text(max_size=20),
    st.dictionaries(
        st.text(max_size=8),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.text(max_size=4), inner, max_size=3)
            ),
            max_leaves=6,
        ),
        max_size=4,
    ),
    st.sampled_from(
        [
            CLEAN,
            Condition(renamed=True, crowd=20, page=3, limited=True, scoped=True, faulty=True),
        ]
    ),
    st.integers(0, 200),
)
def test_whatever_is_called_gets_an_answer(
    name: str, arguments: dict[str, object], condition: Condition, which: int
) -> None:
    made = surface(condition)
    names = [offer.name for offer in made.offers()]
    before = len(made.office.events())
    for tool in (name, names[which % len(names)]):
        assert isinstance(made.call(tool, arguments), Reply)
    assert len(made.office.events()) >= before + 2


# --- crowd ---


def test_a_crowd_stands_among_the_offices_tools() -> None:
    made = surface(Condition(crowd=20))
    names = [offer.name for offer in made.offers()]
    assert len(names) == len(set(names)) == len(TOOLS) + 20
    assert [name for name in names if name in TOOLS] == list(TOOLS)
    assert names == [offer.name for offer in surface(Condition(crowd=20)).offers()]
    assert names != [offer.name for offer in surface(Condition(crowd=20), draw=6).offers()]
    strangers = [place for place, name in enumerate(names) if name not in TOOLS]
    assert strangers[0] < len(TOOLS) < strangers[-1]


def test_an_unrelated_call_is_answered_and_does_nothing() -> None:
    made = surface(Condition(crowd=120))
    reply = made.call("weather_forecast", {"place": "Bergen", "day": "Monday"})
    assert reply.trouble is None
    assert reply.text.startswith("Bergen, Monday: ")
    assert reply == made.call("weather_forecast", {"place": "Bergen", "day": "Monday"})
    assert made.call("weather_forecast", {"place": 5, "day": "x"}).text == (
        "`place`: input should be a valid string; got 5."
    )
    assert logged(made) == [
        ("fault", "weather_forecast", "unrelated", ""),
        ("fault", "weather_forecast", "unrelated", ""),
        ("fault", "weather_forecast", "invalid", ""),
    ]


# --- page, limited ---


def test_lists_come_three_rows_a_page() -> None:
    first = surface(Condition(page=3)).call("mail_search", {}).text.splitlines()
    assert len(first) == 4
    assert first[-1].startswith("page 1 of ")


def test_after_every_third_call_two_are_refused() -> None:
    made = surface(Condition(limited=True))
    troubles = [made.call(*SAVE).trouble for _ in range(8)]
    assert troubles == [None] * 3 + ["rate_limit"] * 2 + [None] * 3
    assert made.call(*SAVE).text == "Too many calls. Try again."


# --- scoped ---


def test_writing_needs_a_scope_that_is_asked_for() -> None:
    made = surface(Condition(scoped=True), scopes=("mail.write",))
    draft = ("mail_draft", {"to": "a@b.co", "subject": "s", "body": "b"})
    assert made.call(*draft) == Reply(
        "This needs the scope mail.write, which you do not hold: ask with scope_ask.", "scope"
    )
    assert made.office.ask("select count(*) from message where box = 'draft'") == [(0,)]
    ask = {"scope": "mail.write", "reason": "to answer"}
    assert made.call("scope_ask", ask).text == "Granted."
    assert made.call(*draft).trouble is None
    assert made.call("scope_ask", {"scope": "files.write", "reason": "x"}).text == "Denied."
    assert made.call("file_write", {"path": "a.txt", "text": "b"}).trouble == "scope"
    assert [row[:3] for row in logged(made) if row[0] == "fault"] == [
        ("fault", "mail_draft", "scope"),
        ("fault", "scope_ask", "scope"),
        ("fault", "scope_ask", "scope"),
        ("fault", "file_write", "scope"),
    ]


def test_reading_memory_and_permissions_need_no_scope() -> None:
    made = surface(Condition(scoped=True))
    for tool in TOOLS.values():
        free = not tool.writes or tool.app == "memory" or tool.name == "permission_ask"
        assert (made.call(tool.name, {}).trouble == "scope") is not free, tool.name


def test_there_is_no_scope_to_ask_for_elsewhere() -> None:
    assert "scope_ask" not in [offer.name for offer in surface().offers()]
    assert surface().call("scope_ask", {"scope": "mail.write", "reason": "x"}).trouble == "unknown"


# --- faulty ---


def test_a_failed_call_is_never_carried_out() -> None:
    made = surface(Condition(faulty=True))
    replies = [made.call("memory_save", {"key": f"k{n}", "text": "v"}) for n in range(100)]
    through = [f"k{n}" for n, reply in enumerate(replies) if reply.trouble is None]
    assert 60 < len(through) < 95
    assert sorted(made.office.ask("select key from memory")) == sorted((key,) for key in through)
    faults = [event for event in made.office.events() if event.kind == "fault"]
    assert [event.target for event in faults] == [r.trouble for r in replies if r.trouble]
    assert all(event.tool == "memory_save" for event in faults)


def test_cut_garbled_and_empty_answers_look_well() -> None:
    made = surface(Condition(faulty=True))
    replies = [made.call("memory_list", {}) for _ in range(2000)]
    texts = {reply.trouble: reply.text for reply in replies}
    assert texts["empty"] == ""
    assert texts["partial"].endswith("… [cut]")
    assert {reply.trouble for reply in replies if failed(reply)} == {
        "timeout", "error", "rate_limit", "network",
    }  # fmt: skip


# --- conditions ---


def test_a_condition_is_written_in_words() -> None:
    assert Condition.of([]) == CLEAN
    assert Condition.of(["crowd=20", "renamed", "page=3"]) == Condition(
        crowd=20, renamed=True, page=3
    )


@pytest.mark.parametrize(
    "word", ["nice", "crowd", "crowd=", "crowd=many", "crowd=-1", "crowd=٣", "renamed=1", "page=0",
             "crowd=121", "page=99999", ""],
)  # fmt: skip
def test_another_word_is_refused_in_one_line(word: str) -> None:
    with pytest.raises(ConfigError, match="must be") as error:
        Condition.of([word])
    assert "\n" not in str(error.value)


@given(st.lists(st.integers(0, 10_000), max_size=25), st.integers(0, 100))
def test_what_was_logged_leads_to_the_same_log_again(picks: list[int], draw: int) -> None:
    """Also under every condition at once: what did not reach the office is in the log as such."""
    everything = Condition(crowd=5, renamed=True, page=3, limited=True, scoped=True, faulty=True)
    made = surface(everything, draw=draw, scopes=("calendar.write",))
    calls = [
        ("post_lookup", {}), ("staff_lookup", {"sheet": "2"}), ("notes_keep", {"label": "k"}),
        ("notes_keep", {"label": "k", "content": "\ud800"}), ("nothing", {"x": "y" * 200_000}),
        ("scope_ask", {"scope": "calendar.write", "reason": "r"}), ("agenda_drop", {}),
    ]  # fmt: skip
    for pick in picks:
        made.call(*calls[pick % len(calls)])
    again = Office.furnished(7)
    again.page = 3
    for event in made.office.events():
        again.repeat(event)
    assert again.events() == made.office.events()
