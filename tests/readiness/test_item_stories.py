"""Events told in words."""

from worktrial.office.events import Event
from worktrial.readiness.stories import tell

EVENTS = [
    Event(1, 1, 0, "session", "", "", "", ""),
    Event(2, 1, 1, "turn", "", "", "", ""),
    Event(3, 1, 1, "call", "mail_read", "", "ok", '{"mail":"m-1"}'),
    Event(4, 1, 1, "read", "mail_read", "message:m-1", "", ""),
    Event(5, 1, 1, "call", "record_read", "", "denied", "{}"),
    Event(6, 1, 1, "permission", "permission_ask", "record:p-2/salary", "denied", "why"),
    Event(7, 1, 1, "keystroke", "mail_draft", "message:m-9", "body", "hello"),
    Event(8, 1, 1, "write", "mail_draft", "message:m-9", "added", "{}"),
    Event(9, 1, 1, "fault", "mail_read", "timeout", "", "{}"),
    Event(10, 1, 1, "output", "", "", "", "done"),
    Event(11, 2, 1, "output", "", "", "", "of another task"),
    Event(12, 3, 1, "output", "", "", "", "first"),
    Event(13, 3, 2, "output", "", "", "", "second"),
]


def test_every_kind_of_event_is_told() -> None:
    (turn, *_) = tell(EVENTS, {1: ("please",)})
    assert (turn.session, turn.number, turn.request) == (1, 1, "please")
    assert [tuple(line) for line in turn.lines] == [
        ("call", 'mail_read {"mail":"m-1"}'),
        ("read", "message:m-1"),
        ("call", "record_read {} (denied)"),
        ("permission", "record:p-2/salary denied: why"),
        ("typed", "message:m-9, body: hello"),
        ("write", "message:m-9 added: {}"),
        ("fault", "mail_read: timeout"),
        ("said", "done"),
    ]


def test_sessions_about_other_things_are_left_out_and_unknown_requests_are_empty() -> None:
    told = tell(EVENTS, {1: ("a",), 3: ("b",)})
    assert [(turn.session, turn.number, turn.request) for turn in told] == [
        (1, 1, "a"), (3, 1, "b"), (3, 2, ""),
    ]  # fmt: skip
