"""Reversible changes of a calendar, planned where they fit."""

import re
from datetime import date, datetime
from random import Random

from worktrial.documents import content, programs
from worktrial.documents.domains.calendar import verbs
from worktrial.documents.domains.calendar.format import EVENT
from worktrial.documents.edits import Edit, Planner, compose, edit, sayable
from worktrial.documents.records import RecordEdits
from worktrial.documents.unit import Document, Unit

CODES = {
    "PLANNING": "OPS-10",
    "TRAINING": "HR-20",
    "CLIENT": "SALES-30",
    "TRAVEL": "OPS-40",
    "REVIEW": "QA-50",
    "MAINTENANCE": "TECH-60",
}
"""The categories of events, and what they are recoded to."""

_PLAIN = RecordEdits(
    verbs.RECORDS,
    kind=EVENT,
    key="UID",
    category="CATEGORIES",
    removable=("LOCATION", "SUMMARY"),
    recodes=CODES,
)


def _events(document: Document) -> list[Unit]:
    return [u for u in document.units() if u.kind == EVENT]


def _movable(document: Document) -> bool:
    """Whether all that is planned are dates and local times, and nothing recurs by exception."""
    fixed = ("EXDATE", "RDATE", "RECURRENCE-ID", "RRULE;UNTIL")
    fields = [u.fields for u in document.units()]
    free = not any(name in f for f in fields for name in fixed)
    planned = [(f, n, f[n]) for f in fields for n in verbs.PLANNED if n in f]
    local = all(
        isinstance(v, date) and not getattr(v, "tzinfo", None) and f"{n};TZID" not in f
        for f, n, v in planned
    )
    return free and local and any(isinstance(v, datetime) for _, _, v in planned)


def delay(document: Document, rng: Random) -> Edit | None:
    """Postpone everything by some days."""
    if not _movable(document):
        return None
    days = str(rng.choice((1, 3, 7, 10, 14, 28)))
    return edit("delay", "scale", [verbs.POSTPONE(days=days)], [verbs.BRING_FORWARD(days=days)])


def zone(document: Document, rng: Random) -> Edit | None:
    """Local time to UTC by a fixed offset."""
    if not _movable(document):
        return None
    minutes = str(rng.choice((60, 120, 180, 330, 540)))
    return edit(
        "zone", "convert", [verbs.TO_UTC(minutes=minutes)], [verbs.TO_LOCAL(minutes=minutes)]
    )


def duration(document: Document, _: Random) -> Edit | None:
    """Ends as durations, or durations as ends, whichever all events have."""
    events = [u.fields for u in _events(document)]
    plain = not any("DTSTART;TZID" in f or "DTEND;TZID" in f for f in events)
    if not events or not plain or not _movable(document):
        return None
    if all("DTEND" in f and "DURATION" not in f for f in events):
        return edit("duration", "normalise", [verbs.TO_DURATION()], [verbs.TO_END()])
    if all("DURATION" in f and "DTEND" not in f for f in events):
        return edit("duration", "normalise", [verbs.TO_END()], [verbs.TO_DURATION()])
    return None


def addresses(document: Document, rng: Random) -> Edit | None:
    """Move people to another mail domain."""
    found = sorted(_addresses(document))
    if not found or not sayable(*found):
        return None
    firm = rng.choice(content.FIRMS).lower()
    legend = {old: f"{old.partition('@')[0]}@mail.{firm}.example" for old in found[:8]}
    if len(set(legend.values())) < len(legend) or set(legend.values()) & set(found):
        return None
    return edit(
        "addresses",
        "substitute",
        [verbs.READDRESS(addresses=legend)],
        [verbs.READDRESS(addresses=programs.inverse(legend))],
    )


def _addresses(document: Document) -> set[str]:
    uris = [str(u.fields.get("ORGANIZER", "")) for u in document.units()]
    names = [name for u in document.units() for name in u.fields if name.startswith("ATTENDEE ")]
    uris += [name.removeprefix("ATTENDEE ") for name in names if ";" not in name]
    return {uri.removeprefix("mailto:") for uri in uris if uri.startswith("mailto:")}


def calendars(document: Document, _: Random) -> Edit | None:
    """A calendar for every category."""
    found = sorted(programs.text_values(_events(document), "CATEGORIES"))
    if len(document.files) != 1 or not 2 <= len(found) <= 8 or not sayable(*found):
        return None
    (file,) = document.files
    places = {name: f"{re.sub(r'[^a-z0-9]+', '_', name.lower())}.ics" for name in found}
    if len({file, *places.values()}) <= len(places):
        return None
    return edit(
        "calendars",
        "split",
        [verbs.BY_CATEGORY(file=file, places=places)],
        [verbs.RECORDS.merge(file=file, places=tuple(places.values()))],
    )


def agenda(document: Document, rng: Random) -> Edit | None:
    """Times and places in a table by UID."""
    events = [u.fields for u in _events(document)]
    pool = ("DTSTART", "DTEND", "SUMMARY", "LOCATION", "CATEGORIES")
    shared = [n for n in pool if all(f.get(n) for f in events)]
    marked = any(f"{n};{p}" in f for f in events for n in shared for p in ("TZID", "LANGUAGE"))
    uids = {f.get("UID") for f in events}
    if not events or shared[:1] != ["DTSTART"] or marked or len(uids) < len(events):
        return None
    chosen = {"DTSTART", *rng.sample(shared, min(len(shared), 3))}
    names = [name for name in shared if name in chosen]
    return edit(
        "agenda",
        "extract",
        [verbs.TO_AGENDA(target="agenda.csv", names=names)],
        [verbs.FROM_AGENDA(file="agenda.csv")],
    )


PLANNERS: tuple[Planner, ...] = (
    delay, zone, duration, addresses, _PLAIN.recode, calendars, _PLAIN.extract, agenda,
    compose("reschedule", delay, addresses, _PLAIN.recode),
    compose("publish", zone, _PLAIN.recode, agenda),
    compose("teams", addresses, duration, calendars),
)  # fmt: skip
