"""What a calendar can be asked to do: programs, and the sentences that ask for them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

from worktrial.documents import programs
from worktrial.documents.domains.calendar.format import (
    CALENDAR,
    EVENT,
    TASK,
    TIMES,
    clock,
    read_time,
)
from worktrial.documents.edits import Verb
from worktrial.documents.records import record_verbs
from worktrial.documents.table import ROW, written
from worktrial.documents.unit import Document, Unit, Value

PLANNED = ("DTSTART", "DTEND", "DUE")
"""The properties that say when something is to happen."""


# --- programs ----------------------------------------------------------------------------------


def _in_every(document: Document, change: Callable[[Unit], Unit]) -> Document:
    """Change every event and to-do."""
    return programs.each(programs.each(document, EVENT, change), TASK, change)


def _reschedule(document: Document, change: Callable[[date], date]) -> Document:
    """Change the planned times; a component that would leave the calendar's range stays."""

    def rescheduled(unit: Unit) -> Unit:
        fields = dict(unit.fields)
        for name in PLANNED:
            if isinstance(old := fields.get(name), date) and f"{name};TZID" not in fields:
                try:
                    fields[name] = change(old)
                except OverflowError:
                    return unit
        return programs.with_fields(unit, fields)

    return _in_every(document, rescheduled)


def _count(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else 0


def postpone(document: Document, *, days: str, sign: int) -> Document:
    """Move all that is planned by whole days."""
    by = timedelta(days=sign * _count(days))
    return _reschedule(document, lambda when: when + by)


def rezone(document: Document, *, minutes: str, utc: bool) -> Document:
    """Write local times without a zone in UTC, or the other way round."""
    ahead = timedelta(minutes=_count(minutes))

    def change(when: date) -> date:
        if not isinstance(when, datetime) or (when.tzinfo is None) is not utc:
            return when
        return (when - ahead).replace(tzinfo=UTC) if utc else (when + ahead).replace(tzinfo=None)

    return _reschedule(document, change)


def to_duration(document: Document) -> Document:
    """Say how long an event lasts in place of when it ends."""

    def change(unit: Unit) -> Unit:
        fields = dict(unit.fields)
        start, end = fields.get("DTSTART"), fields.get("DTEND")
        if not isinstance(start, date) or not isinstance(end, date) or not _alike(start, end):
            return unit
        del fields["DTEND"]
        fields.pop("DTEND;VALUE", None)
        seconds = int((end - start).total_seconds())
        return programs.with_fields(unit, {**fields, "DURATION": Decimal(seconds)})

    return programs.each(document, EVENT, change)


def to_end(document: Document) -> Document:
    """Say when an event ends in place of how long it lasts."""

    def change(unit: Unit) -> Unit:
        fields = dict(unit.fields)
        start, seconds = fields.get("DTSTART"), fields.get("DURATION")
        if not isinstance(start, date) or not isinstance(seconds, Decimal):
            return unit
        del fields["DURATION"]
        try:
            fields["DTEND"] = start + timedelta(seconds=int(seconds))
        except OverflowError:
            return unit
        if "DTSTART;VALUE" in fields:
            fields["DTEND;VALUE"] = fields["DTSTART;VALUE"]
        return programs.with_fields(unit, fields)

    return programs.each(document, EVENT, change)


def _alike(start: date, end: date) -> bool:
    """Whether one can be subtracted from the other."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        return start.tzinfo == end.tzinfo
    return type(start) is type(end)


def readdress(document: Document, *, addresses: Mapping[str, str]) -> Document:
    """Replace the addresses of organizers and attendees."""
    mailto = {f"mailto:{old}": f"mailto:{new}" for old, new in addresses.items()}

    def renamed(name: str) -> str:
        base, inner, parameter = name.partition(";")
        word, blank, address = base.partition(" ")
        return f"{word}{blank}{mailto.get(address, address)}{inner}{parameter}"

    def change(unit: Unit) -> Unit:
        fields = {renamed(name): value for name, value in unit.fields.items()}
        if isinstance(organizer := fields.get("ORGANIZER"), str):
            fields["ORGANIZER"] = mailto.get(organizer, organizer)
        return programs.with_fields(unit, fields)

    return _in_every(document, change)


def by_category(document: Document, *, file: str, places: Mapping[str, str]) -> Document:
    """Move events into calendars by their category."""
    parted = programs.split(document, kind=EVENT, file=file, field="CATEGORIES", places=places)
    calendar = [u for u in document.files.get(file, ()) if u.kind == CALENDAR]
    for place in places.values():
        parted = parted.replacing(place, [*calendar, *parted.files[place]])
    return parted


def to_agenda(document: Document, *, target: str, names: Sequence[str]) -> Document:
    """Move properties of the events to a table, in the order of the day."""
    events = [u for u in document.units() if u.kind == EVENT]
    rows = [
        Unit(ROW, {n: _cell(u.fields[n]) for n in ("UID", *names) if n in u.fields}) for u in events
    ]
    rows.sort(key=lambda row: (written(row.fields.get("DTSTART")), written(row.fields.get("UID"))))
    gone = {*names, *(f"{name};VALUE" for name in names)}

    def change(unit: Unit) -> Unit:
        rest = {n: v for n, v in unit.fields.items() if n not in gone or "UID" not in unit.fields}
        return programs.with_fields(unit, rest)

    header = Unit(programs.HEADER, text="\t".join(["UID", *names]), structural=True)
    return programs.each(document, EVENT, change).replacing(target, [header, *rows])


def from_agenda(document: Document, *, file: str) -> Document:
    """Put the properties of a table back into the events."""
    rows = {written(u.fields.get("UID")): u.fields for u in document.files.get(file, ())}

    def change(unit: Unit) -> Unit:
        row = rows.get(written(unit.fields.get("UID")), {})
        cells = {n: written(v) for n, v in row.items() if n != "UID"}
        told = {n: _from_cell(n, cell) for n, cell in cells.items() if cell}
        kinds = {f"{n};VALUE": "DATE" for n, v in told.items() if type(v) is date}
        return programs.with_fields(unit, {**unit.fields, **told, **kinds})

    return programs.each(document.replacing(file, None), EVENT, change)


def _cell(value: Value) -> Value:
    if isinstance(value, datetime):
        return clock(value)
    return value.isoformat() if isinstance(value, date) else value


def _from_cell(name: str, cell: str) -> Value:
    return read_time(cell.replace(" ", "T")) if name in TIMES else cell


# --- words -------------------------------------------------------------------------------------

RECORDS = replace(
    record_verbs(EVENT, one="event", many="events", a_field="property", lookup_kind=ROW),
    extract=Verb(
        "Move the property {field} of the events out into a new CSV file {lookup} with the columns "
        "{key} and {field}: a row for every event, in the order of the calendar file, the text "
        "without iCalendar's escapes. The events keep everything else.",
        partial(programs.extract, kind=EVENT, row=ROW),
    ),
    join=Verb(
        "Put the property {field} from {lookup} back into the events, matched by {key}; then "
        "remove {lookup}.",
        partial(programs.join, kind=EVENT),
    ),
)
_ALL_BY_DAYS = (
    "by {days} days: move `DTSTART`, `DTEND` and `DUE` of all events and to-dos, at the same time "
    "of the day. Leave `DTSTAMP` alone."
)
POSTPONE = Verb(f"Postpone everything {_ALL_BY_DAYS}", partial(postpone, sign=1))
BRING_FORWARD = Verb(f"Bring everything forward {_ALL_BY_DAYS}", partial(postpone, sign=-1))
TO_UTC = Verb(
    "The times without a zone are local, {minutes} minutes ahead of UTC. Write them in UTC, with "
    "a final `Z`: `DTSTART`, `DTEND` and `DUE` of all events and to-dos. Dates without a time stay "
    "as they are.",
    partial(rezone, utc=True),
)
TO_LOCAL = Verb(
    "Write `DTSTART`, `DTEND` and `DUE` of all events and to-dos that are in UTC as local times "
    "without a zone and without `Z`, {minutes} minutes ahead of UTC. Dates without a time and "
    "`DTSTAMP` stay as they are.",
    partial(rezone, utc=False),
)
TO_DURATION = Verb(
    "In every event that has `DTEND`, write a `DURATION` such as `PT1H30M` in its place: from "
    "`DTSTART` to `DTEND`, in whole days where both are dates without a time.",
    to_duration,
)
TO_END = Verb(
    "In every event that has `DURATION`, write `DTEND` in its place: `DTSTART` plus the duration, "
    "in the same form as `DTSTART` and with its `VALUE` parameter if it has one.",
    to_end,
)
READDRESS = Verb(
    "Replace the addresses of organizers and attendees as follows: {**addresses}. Their parameters "
    "and all other addresses stay.",
    readdress,
)
BY_CATEGORY = Verb(
    "Move the events of {file} into calendars of their own by `CATEGORIES`: {**places}. Each has "
    "the same calendar properties as {file}, which keeps everything else.",
    by_category,
)
TO_AGENDA = Verb(
    "Move these properties of the events out into an agenda {target}: {*names}. It is a CSV file "
    "with the columns `UID` and these, in that order, a row for every event, sorted by the text of "
    "`DTSTART`, then of `UID`; times as in `2026-03-02 09:30:00`, with a final `Z` if they are in "
    "UTC, dates as in `2026-03-02`, text without iCalendar's escapes. `UID` stays in the events "
    "too.",
    to_agenda,
)
FROM_AGENDA = Verb(
    "Put the properties in the agenda {file} back into the events with the same `UID`, in "
    "iCalendar's notation, a date without a time with `VALUE=DATE`. Then remove {file}.",
    from_agenda,
)

VERBS = (
    *RECORDS.all(), POSTPONE, BRING_FORWARD, TO_UTC, TO_LOCAL, TO_DURATION, TO_END, READDRESS,
    BY_CATEGORY, TO_AGENDA, FROM_AGENDA,
)  # fmt: skip
