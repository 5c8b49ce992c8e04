from datetime import UTC, date, datetime
from decimal import Decimal

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

CALENDAR = domain("calendar")
TEAM = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Calder//EN
BEGIN:VEVENT
UID:a1
DTSTAMP:20260101T080000Z
DTSTART:20260302T093000
DTEND:20260302T110000
SUMMARY:Audit\\, part one
CATEGORIES:REVIEW
RRULE:FREQ=WEEKLY;COUNT=4
ATTENDEE;CN="Weber, Jo";PARTSTAT=ACCEPTED:mailto:jo@calder.example
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:a2
DTSTAMP:20260101T080000Z
DTSTART;VALUE=DATE:20260401
DTEND;VALUE=DATE:20260403
SUMMARY:Fair
CATEGORIES:TRAVEL
END:VEVENT
END:VCALENDAR
"""


def read(text: str = TEAM) -> Document:
    return CALENDAR.parse({"team.ics": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = CALENDAR.read(instruction)
    assert program is not None
    return CALENDAR.render(program(document))


def test_properties_are_typed_and_parameters_are_fields() -> None:
    _, audit, fair = read().units()
    assert audit.fields["DTSTAMP"] == datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert audit.fields["SUMMARY"] == "Audit, part one"
    assert audit.fields["RRULE;COUNT"] == Decimal(4)
    assert audit.fields["ATTENDEE mailto:jo@calder.example;CN"] == "Weber, Jo"
    assert audit.fields["VALARM.TRIGGER"] == Decimal(-900)
    assert fair.fields["DTSTART"] == date(2026, 4, 1)
    assert CALENDAR.render(read()) == {"team.ics": TEAM}


def test_utc_as_asked() -> None:
    text = done(
        "The times without a zone are local, `120` minutes ahead of UTC. Write them in UTC, with a "
        "final `Z`: `DTSTART`, `DTEND` and `DUE` of all events and to-dos. Dates without a time "
        "stay as they are.",
        read(),
    )["team.ics"]
    expected = TEAM.replace("20260302T093000", "20260302T073000Z")
    assert text == expected.replace("20260302T110000", "20260302T090000Z")


def test_durations_as_asked() -> None:
    text = done(
        "In every event that has `DTEND`, write a `DURATION` such as `PT1H30M` in its place: from "
        "`DTSTART` to `DTEND`, in whole days where both are dates without a time.",
        read(),
    )["team.ics"]
    assert "DURATION:PT1H30M\n" in text
    assert "DURATION:P2D\n" in text
    assert "DTEND" not in text


def test_other_addresses_keep_their_parameters() -> None:
    text = done(
        "Replace the addresses of organizers and attendees as follows: `jo@calder.example` → "
        "`jw@mail.example`. Their parameters and all other addresses stay.",
        read(),
    )["team.ics"]
    expected = 'ATTENDEE;CN="Weber, Jo";PARTSTAT=ACCEPTED:mailto:jw@mail.example\n'
    assert expected in text.replace("\n ", "")


def test_the_order_of_events_and_folding_mean_nothing() -> None:
    head, one, two = TEAM.replace("END:VCALENDAR\n", "").split("BEGIN:VEVENT\n")
    turned = f"{head}BEGIN:VEVENT\n{two}BEGIN:VEVENT\n{one}END:VCALENDAR\n"
    assert likeness(read(), read(turned)).lossless
    assert likeness(read(), read(TEAM.replace("SUMMARY:Au", "SUMM\r\n ARY:A\r\n\tu"))).lossless


def test_one_wrong_digit_in_a_stamp_costs() -> None:
    result = likeness(read(), read(TEAM.replace("DTSTAMP:20260101", "DTSTAMP:20260102", 1)))
    assert 0.9 < result.value < 1


def test_a_lost_end_or_beginning_costs_little() -> None:
    assert likeness(read(), read(TEAM.replace("END:VEVENT\nBEGIN", "BEGIN", 1))).lossless
    lost = read(TEAM.replace("END:VEVENT\nBEGIN:VEVENT\n", "END:VEVENT\n"))
    assert likeness(read(), lost).lossless


def test_what_is_no_property_is_opaque_and_costs_itself_alone() -> None:
    odd = read(TEAM.replace("SUMMARY:Fair", "SUMMARY:Fair\n(ask Jo)"))
    assert [u.text for u in odd.units() if u.kind == "opaque"] == ["(ask Jo)"]
    assert likeness(odd, CALENDAR.parse(CALENDAR.render(odd))).lossless
    read("BEGIN:VEVENT\n" + "X:1\nATTENDEE:a\n" * 5000)
