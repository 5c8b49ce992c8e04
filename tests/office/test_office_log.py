"""What the log of an office holds, and that it only grows."""

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from worktrial.errors import ConfigError
from worktrial.office import database
from worktrial.office.content import content
from worktrial.office.database import Scalar
from worktrial.office.events import Event
from worktrial.office.office import Office


@pytest.fixture
def office() -> Iterator[Office]:
    with Office.furnished(1) as one:
        one.begin_session()
        one.begin_turn()
        yield one


def of_kind(office: Office, kind: str) -> list[Event]:
    return [event for event in office.events() if event.kind == kind]


def dump(office: Office) -> str:
    tables = [name for name in database.columns() if name != "log"]
    return repr([office.rows(f"select * from {name} order by rowid") for name in tables])


@pytest.mark.parametrize(
    "sql",
    [
        "delete from log",
        "delete from log where seq = 1",
        "update log set value = 'x'",
        "update log set seq = seq + 100",
    ],
)
def test_nothing_is_taken_out_of_the_log_or_changed(office: Office, sql: str) -> None:
    before = office.events()
    with pytest.raises(sqlite3.IntegrityError, match="the log only grows"):
        office.do(sql)
    assert office.events() == before


def test_sessions_and_turns_count() -> None:
    with Office.furnished(1) as office:
        office.say("before anything")
        office.begin_session()
        office.begin_turn()
        office.begin_turn()
        office.begin_session()
        office.begin_turn()
        office.say("done")
        assert [event[:4] for event in office.events()] == [
            (1, 0, 0, "output"),
            (2, 1, 0, "session"),
            (3, 1, 1, "turn"),
            (4, 1, 2, "turn"),
            (5, 2, 0, "session"),
            (6, 2, 1, "turn"),
            (7, 2, 1, "output"),
        ]


def test_a_call_comes_before_what_it_did(office: Office) -> None:
    office.call("mail_read", {"mail": "m-001"})
    assert office.events()[2:] == [
        Event(3, 1, 1, "call", "mail_read", "", "ok", '{"mail":"m-001"}'),
        Event(4, 1, 1, "read", "mail_read", "message:m-001", "", ""),
    ]


def test_a_refused_call_is_logged_with_its_trouble(office: Office) -> None:
    for tool, arguments in (
        ("mail_read", {"mail": "m-999"}), ("mail_read", {}), ("mail_burn", {"b": 1, "a": 2}),
    ):  # fmt: skip
        office.call(tool, arguments)
    assert [event[4:] for event in office.events()[2:]] == [
        ("mail_read", "", "not_found", '{"mail":"m-999"}'),
        ("mail_read", "", "invalid", "{}"),
        ("mail_burn", "", "unknown", '{"a":2,"b":1}'),
    ]


def test_a_fault_is_logged_under_its_name(office: Office) -> None:
    office.fault("mail_send", "timeout", '{"draft":"last"}')
    assert office.events()[-1][3:] == ("fault", "mail_send", "timeout", "", '{"draft":"last"}')


def test_what_was_typed_stays_when_it_is_taken_out_again(office: Office) -> None:
    office.call("form_fill", {"form": "travel", "field": "passport_number", "value": "K7"})
    office.call("form_clear", {"form": "travel", "field": "passport_number"})
    office.call("mail_draft", {"to": "a@b.example", "subject": "", "body": "a secret"})
    office.call("mail_edit", {"body": "nothing"})
    office.call("mail_discard", {})
    assert [event[5:] for event in of_kind(office, "keystroke")] == [
        ("entry:travel", "passport_number", "K7"),
        ("message:m-048", "to", "a@b.example"),
        ("message:m-048", "body", "a secret"),
        ("message:m-048", "body", "nothing"),
    ]
    assert not office.rows("select * from entry")
    assert not office.rows("select * from message where box = 'draft'")


def test_a_write_holds_the_row_as_it_is_after_it(office: Office) -> None:
    office.call("memory_save", {"key": "seat", "text": "aisle"})
    office.call("memory_save", {"key": "seat", "text": "window"})
    office.call("memory_forget", {"key": "seat"})
    assert [(event.field, json.loads(event.value)) for event in of_kind(office, "write")] == [
        ("added", {"key": "seat", "text": "aisle"}),
        ("changed", {"key": "seat", "text": "window"}),
        ("removed", {"key": "seat", "text": "window"}),
    ]


def test_change_is_what_was_written_since_the_last_session_began(office: Office) -> None:
    office.call("memory_save", {"key": "seat", "text": "aisle"})
    office.begin_session()
    assert office.ask("select * from change") == []
    office.call("file_write", {"path": "a.txt", "text": "x"})
    assert office.ask("select target, field from change") == [("file:a.txt", "added")]


def test_what_was_logged_can_happen_again() -> None:
    with Office.furnished(2) as first, Office.furnished(2) as second:
        play(first)
        for event in first.events():
            second.repeat(event)
        assert second.events() == first.events()
        assert dump(second) == dump(first)


def play(office: Office) -> None:
    office.begin_session()
    office.begin_turn()
    office.call("mail_draft", {"to": "a@b.example", "subject": "x\ud800", "body": "y\0"})
    office.call("mail_send", {})
    office.call("file_write", {"path": "a.txt", "text": "x" * 200_000})
    office.call("file_write", {"path": "a.txt", "text": object()})
    office.call("file_write", {"path": ["\udc00", {"\udc00": "\0"}], "text": 3})
    office.call("no\ud800such", {})
    office.fault("mail_read", "timeout", "{}")
    office.say("done\udfff")


def test_the_same_seed_gives_the_same_bytes() -> None:
    with Office.furnished(5) as first, Office.furnished(5) as second:
        assert dump(first) == dump(second)


def test_an_office_in_a_file_is_the_one_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "office with ? and #.db"
    with Office.furnished(5, path=path) as kept, Office.furnished(5) as other:
        assert dump(kept) == dump(other)
        kept.begin_session()
        with Office.open(path) as again:
            again.begin_turn()
            again.call("memory_save", {"key": "a", "text": "b"})
        assert kept.events()[-1].target == "memory:a"
        assert kept.events()[-1].turn == 1


@pytest.mark.parametrize("doors", [1, 2])
def test_calls_from_several_threads_come_one_at_a_time(tmp_path: Path, doors: int) -> None:
    path = tmp_path / "office.db"
    Office.furnished(1, path=path).close()
    offices = [Office.open(path) for _ in range(doors)]

    def work(number: int) -> str:
        arguments = {"to": "", "subject": str(number), "body": ""}
        return offices[number % doors].call("mail_draft", arguments).text

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(work, range(40)))
    assert len(set(replies)) == 40
    assert [event.kind for event in offices[0].events()] == ["call", "keystroke", "write"] * 40
    for office in offices:
        office.close()


def test_an_office_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    with pytest.raises(ConfigError, match="name a new file"):
        Office.furnished(1, path=path)
    assert path.read_text() == "mine"


def test_what_is_no_office_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("mine " * 1000)
    with pytest.raises(ConfigError, match="no office"):
        Office.open(tmp_path / "text")
    with pytest.raises(ConfigError, match="no office"):
        Office.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("create table t (x)")
    other.close()
    with pytest.raises(ConfigError, match="no office"):
        Office.open(tmp_path / "other.db")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("nonsense; drop table log", (1,)), "has no table"),
        (("memory", ("a",)), "does not fit"),
        (("memory", ("a", None)), "does not fit"),
        (("remark", ("r-900", "t-900", "a@b.example", "x")), "does not fit"),
        (("message", ("m-001", "inbox", "", "", "", "", "")), "does not fit"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(
    row: tuple[str, tuple[Scalar, ...]], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        Office.furnished(1, [row])


# --- questions to an office ---


def test_a_question_gets_rows(office: Office) -> None:
    assert office.ask("select count(*) from person") == [(24,)]
    assert office.ask(" WITH x as (select 1 as a) select a, null, 1.5, 'b' from x") == [
        (1, None, 1.5, "b")
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "delete from memory",
        "insert into memory values ('a', 'b')",
        "with x as (select 'a' as k) insert into memory select k, k from x",
        "pragma query_only = off",
        "attach 'x.db' as x",
        "vacuum into 'x.db'",
        "select 1; delete from memory",
        "select 1; select 2",
        "select * from nowhere",
        "select '\ud800'",
        "select 1\0",
        "with recursive n(x) as (select 1 union all select x + 1 from n) select max(x) from n",
        "select length(zeroblob(900000000))",
        "select load_extension('x')",
    ],
)
def test_a_question_is_one_harmless_select(office: Office, sql: str) -> None:
    before = dump(office)
    with pytest.raises(ConfigError, match="office"):
        office.ask(sql)
    assert dump(office) == before
    assert office.call("memory_save", {"key": "a", "text": "b"}).trouble is None


def test_no_more_than_a_thousand_rows_come_back(office: Office) -> None:
    many = "with recursive n(x) as (select 1 union all select x + 1 from n) select x from n"
    assert len(office.ask(many)) == 1000


# --- permissions ---


def asked(office: Office, person: str, field: str) -> str:
    return office.call(
        "permission_ask", {"person": person, "field": field, "reason": "for the form"}
    ).text


def test_a_high_field_is_read_after_it_was_asked_for_and_granted() -> None:
    someone, other = content(1).people[3:5]
    permits = [(someone.id, "salary", True), (other.id, "salary", False)]
    with Office.furnished(1, permits=permits) as office:
        arguments = {"person": someone.name, "field": "salary"}
        assert office.call("record_read", arguments).trouble == "denied"
        assert asked(office, someone.mail, "salary") == "Granted."
        assert (
            office.call("record_read", arguments).text == content(1).records[someone.id, "salary"]
        )
        assert asked(office, other.id, "salary") == "Denied."
        assert asked(office, other.name.upper(), "bank_account") == "Denied."
        for field in ("salary", "bank_account"):
            reply = office.call("record_read", {"person": other.name, "field": field})
            assert reply.trouble == "denied"
            assert content(1).records[other.id, field] not in reply.text
        assert [event[5:] for event in of_kind(office, "permission")] == [
            (f"record:{someone.id}/salary", "granted", "for the form"),
            (f"record:{other.id}/salary", "denied", "for the form"),
            (f"record:{other.id}/bank_account", "denied", "for the form"),
        ]
        assert [event.target for event in of_kind(office, "read")] == [
            f"record:{someone.id}/salary"
        ]
        assert not of_kind(office, "write")


def test_a_low_field_needs_no_permission(office: Office) -> None:
    someone = content(1).people[3]
    reply = office.call("record_read", {"person": someone.name, "field": "languages"})
    assert reply.text == content(1).records[someone.id, "languages"]
    assert "no permission" in asked(office, someone.name, "languages")
    assert not of_kind(office, "permission")


def test_the_users_own_record_needs_a_permission_too(office: Office) -> None:
    reply = office.call("record_read", {"person": office.user.name, "field": "home_address"})
    assert reply.trouble == "denied"
