"""What the queries of goals take and what they do not, on small offices worked out by hand."""

import re
import string
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.office.content import content
from worktrial.office.office import Office
from worktrial.readiness.goals import (
    at,
    booked,
    contact_added,
    event_is,
    file_is,
    nothing_else,
    on,
    quote,
    remarked,
    said,
    sent,
    submitted,
    ticket_is,
    ticket_opened,
)
from worktrial.readiness.items import Query, Row

EVENT = Row(
    table="event",
    values=("e-900", "Tea", "2026-05-04", "15:00", 30, "Attic", "me@a.example", "", "planned"),
)
TICKET = Row(table="ticket", values=("t-900", "Lamp", "Dark.", "it", "", "low", "open"))


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office.furnished(1, [(row.table, row.values) for row in (EVENT, TICKET)])
    made.begin_session()
    made.begin_turn()
    yield made
    made.close()


def holds(office: Office, query: Query) -> bool:
    return tuple(office.ask(query.sql)) == query.rows


def mail(office: Office, to: str, body: str = "Hello", subject: str = "News") -> None:
    assert not office.call("mail_draft", {"to": to, "subject": subject, "body": body}).trouble
    assert not office.call("mail_send", {}).trouble


def do(office: Office, tool: str, **arguments: str | int) -> None:
    reply = office.call(tool, arguments)
    assert not reply.trouble, reply.text


@pytest.mark.parametrize(
    ("word", "text", "held"),
    [
        ("4112", "It is 4112.", True),
        ("4112", "It is 41123.", False),
        ("4112", "It is A4112.", False),
        ("12.50", "EUR 12.50, paid", True),
        ("12.50", "EUR 12x50", False),
        ("ada obi", "Hello ADA OBI!", True),
        ("+44 1", "(+44 1)", True),
        ("50% [*?]", "at 50% [*?] off", True),
        ("50% [*?]", "at 50% [ab] off", False),
        ("O'Hara", "for o'hara", True),
        ("end", "the\nend\nof", True),
        ("Zoë", "to Zoë, with", True),
    ],
)
def test_word_is_held_where_no_letter_or_digit_adjoins(
    office: Office, word: str, text: str, held: bool
) -> None:
    office.say(text)
    assert holds(office, said(word)) == held
    assert holds(office, said(but_not=[word])) != held


@given(
    st.text(string.ascii_letters + string.digits + "[]*?'-. ", min_size=1, max_size=6),
    st.text(string.ascii_letters + string.digits + "[]*?'-. \n", max_size=30),
)
def test_word_is_held_as_a_regular_expression_would_find_it(word: str, text: str) -> None:
    if not word.strip():
        return
    made = Office.furnished(1)
    made.say(text)
    pattern = rf"(?<![a-z0-9]){re.escape(word.strip().lower())}(?![a-z0-9])"
    assert holds(made, said(word)) == bool(re.search(pattern, text.lower()))
    made.close()


def test_only_the_last_message_of_the_last_session_counts(office: Office) -> None:
    office.say("4112")
    office.say("4113")
    assert not holds(office, said("4112"))
    assert holds(office, said("4113", but_not=["4112"]))
    office.begin_session()
    assert not holds(office, said("4113"))


def test_mail_goes_to_exactly_the_recipients(office: Office) -> None:
    mail(office, "B@b.example; Ada <a@a.example>", "see you on 4 May")
    assert holds(office, sent(["a@a.example", "b@b.example"], holds=[on(date(2026, 5, 4))]))
    assert not holds(office, sent("a@a.example"))
    assert not holds(office, sent(["a@a.example", "b@b.example", "c@c.example"]))
    assert not holds(office, sent(["a@a.example", "b@b.example"], holds=["June"]))
    assert not holds(office, sent(["a@a.example", "b@b.example"], omits=["May"]))


def test_address_within_an_address_is_not_it(office: Office) -> None:
    mail(office, "xa@a.example")
    assert not holds(office, sent("a@a.example"))


def test_draft_is_not_sent_and_mail_of_a_session_before_does_not_count(office: Office) -> None:
    do(office, "mail_draft", to="a@a.example", subject="News", body="x")
    assert not holds(office, sent("a@a.example"))
    do(office, "mail_send")
    assert holds(office, sent("a@a.example"))
    office.begin_session()
    assert not holds(office, sent("a@a.example"))
    assert holds(office, nothing_else())


def test_nothing_else_counts_rows_and_not_writes(office: Office) -> None:
    assert holds(office, nothing_else())
    mail(office, "a@a.example")
    do(office, "ticket_change", ticket="t-900", status="closed")
    do(office, "ticket_change", ticket="t-900", priority="high")
    assert holds(office, nothing_else(message=1, ticket=1))
    assert not holds(office, nothing_else(message=1))
    assert not holds(office, nothing_else(message=1, ticket=1, event=1))
    mail(office, "a@a.example")
    assert holds(office, nothing_else(message=2, ticket=1))


def test_discarded_drafts_memories_and_unsubmitted_forms_are_not_counted(office: Office) -> None:
    do(office, "mail_draft", to="", subject="x", body="y")
    assert not holds(office, nothing_else())
    do(office, "mail_discard")
    do(office, "memory_save", key="k", text="v")
    do(office, "memory_forget", key="k")
    do(office, "form_fill", form="room", field="day", value="2026-05-04")
    do(office, "form_clear", form="room", field="day")
    do(office, "permission_ask", person="p-02", field="salary", reason="x")
    assert holds(office, nothing_else())


def test_draft_of_an_earlier_session_that_is_thrown_away_is_counted(office: Office) -> None:
    do(office, "mail_draft", to="", subject="x", body="y")
    office.begin_session()
    do(office, "mail_discard")
    assert not holds(office, nothing_else())


def test_event_is_as_it_was_but_for_what_is_new(office: Office) -> None:
    moved = event_is(EVENT, day="2026-05-05")
    assert not holds(office, moved)
    do(office, "calendar_change", event="e-900", day="2026-05-05")
    assert holds(office, moved)
    do(office, "calendar_change", event="e-900", place="Cellar")
    assert not holds(office, moved)
    assert holds(office, event_is(EVENT, day="2026-05-05", place=" cellar "))
    do(office, "calendar_change", event="e-900", attendees="b@b.example, a@a.example")
    assert not holds(office, event_is(EVENT, day="2026-05-05", place="Cellar"))
    who = "a@a.example, b@b.example"
    assert holds(office, event_is(EVENT, day="2026-05-05", place="Cellar", attendees=who))
    do(office, "calendar_cancel", event="e-900")
    assert holds(
        office, event_is(EVENT, day="2026-05-05", place="Cellar", attendees=who, status="cancelled")
    )


def test_booking_is_of_these_people_and_the_organiser(office: Office) -> None:
    ada, ben, me = *content(1).people[1:3], office.user
    wanted = booked(date(2026, 5, 4), "09:00", 60, [ada, ben], title=["Aurora"])
    do(
        office, "calendar_add", title="About Aurora", day="2026-05-04", start="09:00", minutes=60,
        attendees=f"{ben.mail}, {me.mail}, {ada.mail}",
    )  # fmt: skip
    assert holds(office, wanted)
    assert not holds(office, booked(date(2026, 5, 4), "09:00", 60, [ada]))
    assert not holds(office, booked(date(2026, 5, 4), "09:30", 60, [ada, ben]))
    assert not holds(office, booked(date(2026, 5, 4), "09:00", 60, [ada, ben], place="Attic"))


def test_form_holds_what_was_submitted_and_may_hold_more(office: Office) -> None:
    fields = {"first_day": "2026-05-04", "last_day": "2026-05-08", "kind": "annual"}
    for field, value in {**fields, "deputy": " ada OBI "}.items():
        do(office, "form_fill", form="leave", field=field, value=value)
    wanted = submitted("leave", {"first_day": "2026-05-04", "deputy": "Ada Obi"})
    assert not holds(office, wanted)
    do(office, "form_submit", form="leave")
    assert holds(office, wanted)
    assert holds(office, submitted("leave", {"deputy": ["Obi"]}))
    assert not holds(office, submitted("leave", {"deputy": "Ada"}))
    assert not holds(office, submitted("travel", {}))
    assert holds(office, nothing_else(submission=1))


def test_fields_of_two_submissions_are_not_taken_together(office: Office) -> None:
    for last_day in ("2026-05-08", "2026-05-09"):
        for field, value in {"first_day": "2026-05-04", "kind": "annual"}.items():
            do(office, "form_fill", form="leave", field=field, value=value)
        do(office, "form_fill", form="leave", field="last_day", value=last_day)
        if last_day == "2026-05-09":
            do(office, "form_fill", form="leave", field="deputy", value="Ada")
        do(office, "form_submit", form="leave")
    assert holds(office, submitted("leave", {"last_day": "2026-05-09", "deputy": "Ada"}))
    assert not holds(office, submitted("leave", {"last_day": "2026-05-08", "deputy": "Ada"}))


def test_tickets_and_their_remarks(office: Office) -> None:
    ada = content(1).people[1]
    do(office, "ticket_change", ticket="t-900", assignee=ada.name)
    assert holds(office, ticket_is(TICKET, assignee=ada))
    assert not holds(office, ticket_is(TICKET, assignee=ada, status="closed"))
    do(office, "ticket_remark", ticket="t-900", text="As in t-123.")
    assert holds(office, remarked("t-900", "t-123"))
    assert not holds(office, remarked("t-900", "t-12"))
    assert not holds(office, remarked("t-001", "t-123"))
    do(office, "ticket_add", title="Lamp AB-12", text="Dark.", queue="it")
    assert holds(office, ticket_opened(["AB-12", "dark"], queue="it", priority="normal"))
    assert not holds(office, ticket_opened(["AB-12"], queue="finance"))


def test_contact_and_file(office: Office) -> None:
    do(office, "contact_add", name="Eva", organisation="Co", mail="e@co.example", phone="12")
    assert holds(office, contact_added(name="eva", mail="E@co.example"))
    assert not holds(office, contact_added(name="Eva", phone="13"))
    do(office, "file_write", path="a/b.txt", text="One\r\ntwo it's\n\n")
    assert holds(office, file_is("a/b.txt", "One\ntwo it's\n"))
    assert not holds(office, file_is("a/b.txt", "one\ntwo it's\n"))
    assert not holds(office, file_is("a/b.txt", "One\n\ntwo it's\n"))


@pytest.mark.parametrize(
    "text", ["4 May", "04 May 2026", "May 4th", "4th of May", "2026-05-04", "Mon 4 MAY"]
)
def test_ways_to_write_a_day(office: Office, text: str) -> None:
    office.say(f"on {text}.")
    assert holds(office, said(on(date(2026, 5, 4))))
    assert not holds(office, said(on(date(2026, 5, 14))))
    assert not holds(office, said(on(date(2026, 6, 4))))


@pytest.mark.parametrize("text", ["14:30", "14.30", "2:30 pm", "2:30PM"])
def test_ways_to_write_a_time(office: Office, text: str) -> None:
    office.say(f"at {text}!")
    assert holds(office, said(at("14:30")))
    assert not holds(office, said(at("13:30")))
    assert not holds(office, said(at("14:00")))


def test_quotes_end_no_text_of_a_query(office: Office) -> None:
    assert office.ask(f"select {quote(chr(39) + ' or 1=1 --')}") == [("' or 1=1 --",)]
    office.say("nothing")
    assert not holds(office, said("' or 1=1 --"))
