"""Calendar: events of the user and of colleagues."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from worktrial.office.apps.arguments import (
    Day,
    Filled,
    Hour,
    Id,
    Line,
    MaybeDay,
    MaybeHour,
    Minutes,
    Page,
)
from worktrial.office.apps.listing import listed
from worktrial.office.apps.lookup import colleague, mailable
from worktrial.office.tool import Refusal, Takes, Tool

if TYPE_CHECKING:
    from worktrial.office.office import Office

Attendees = Annotated[Line, Field(description="mail addresses, comma-separated")]
MaybeMinutes = Annotated[int, Field(ge=0, le=1_440)]


class _List(Takes):
    first_day: Day
    last_day: Day
    person: Annotated[Line, Field(description="whose, by name or mail; the user's without")] = ""
    page: Page = 1


class _Add(Takes):
    title: Filled
    day: Day
    start: Hour
    minutes: Minutes
    attendees: Attendees = ""
    place: Line = ""


class _Change(Takes):
    event: Id
    day: MaybeDay = ""
    start: MaybeHour = ""
    minutes: MaybeMinutes = 0
    attendees: Attendees = ""
    place: Line = ""
    title: Line = ""


class _Cancel(Takes):
    event: Id


def _list(office: "Office", takes: _List) -> str:
    if takes.first_day > takes.last_day:
        raise Refusal("invalid", "`last_day`: must not be before `first_day`.")
    whose = colleague(office, takes.person) if takes.person else office.user
    rows = office.rows(
        "select id, day, start, minutes || ' min', title, place, organiser, attendees from event"
        " where status = 'planned' and day between ? and ?"
        " and instr(', ' || organiser || ', ' || attendees || ', ', ?)"
        " order by day, start, id",
        takes.first_day,
        takes.last_day,
        f", {whose.mail}, ",
    )
    return listed(office, rows, takes.page, read="event")


def _add(office: "Office", takes: _Add) -> str:
    name = office.new_id("event")
    office.add(
        "event",
        id=name,
        title=takes.title,
        day=takes.day,
        start=takes.start,
        minutes=takes.minutes,
        place=takes.place,
        organiser=office.user.mail,
        attendees=mailable("attendees", takes.attendees),
        status="planned",
    )
    return f"Event {name} added."


def _change(office: "Office", takes: _Change) -> str:
    _planned(office, takes.event)
    new = takes.model_dump(exclude={"event"}) | {
        "attendees": mailable("attendees", takes.attendees)
    }
    given = {column: value for column, value in new.items() if value}
    if not given:
        raise Refusal("invalid", f"Nothing to change: give one of {', '.join(new)}.")
    office.change("event", takes.event, **given)
    return f"Event {takes.event} changed."


def _cancel(office: "Office", takes: _Cancel) -> str:
    _planned(office, takes.event)
    office.change("event", takes.event, status="cancelled")
    return f"Event {takes.event} cancelled."


def _planned(office: "Office", event: str) -> None:
    found = office.rows("select status from event where id = ?", event)
    if not found:
        raise Refusal("not_found", f"There is no event {event!r}; look with calendar_list.")
    if found[0][0] == "cancelled":
        raise Refusal("conflict", f"Event {event} is cancelled.")


TOOLS = (
    Tool("calendar_list", "calendar", "List the events of some days.", _List, _list),
    Tool("calendar_add", "calendar", "Add an event.", _Add, _add, writes=True),
    Tool(
        "calendar_change", "calendar", "Change an event; what is left out stays.", _Change, _change,
        writes=True,
    ),
    Tool("calendar_cancel", "calendar", "Cancel an event.", _Cancel, _cancel, writes=True),
)  # fmt: skip
"""The tools of the calendar."""
