"""Calendars to work on, and files that lie beside them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from worktrial.documents import content
from worktrial.documents.domains.calendar.edits import CODES
from worktrial.documents.domains.calendar.format import CALENDAR, EVENT, ICS, TASK
from worktrial.documents.table import CSV, ROW
from worktrial.documents.unit import Files, Unit, Value

_MEETINGS = (
    "kick-off", "review", "workshop", "call with {firm}", "visit to {city}", "rehearsal", "audit",
    "handover to {person}", "briefing for {firm}", "walk-through", "retrospective", "vote",
)  # fmt: skip
_ROOMS = ("Room", "Hall", "Studio", "Lab", "Booth", "Deck")


def generate(rng: Random, size: int) -> Files:
    """Events, and in larger calendars some to-dos, with people, notes and alarms."""
    team = {name: content.email(name, rng) for name in (content.person(rng) for _ in range(7))}
    firm, rich = content.firm(rng), size > 300
    named = {"PRODID": f"-//{firm}//Planner {rng.randint(2, 40)}//EN", "X-WR-CALNAME": firm}
    header = Unit(CALENDAR, {"VERSION": "2.0", **named}, ordered=False, structural=True)
    codes = content.codes(rng, "ev", max(5, round(size / (85 if rich else 62))))
    ends = rng.random() < 0.7
    units = [
        _todo(rng, code, team) if rich and rng.random() < 0.1 else
        _event(rng, i, code, team, rich=rich, ends=ends)
        for i, code in enumerate(codes)
    ]  # fmt: skip
    return {f"{rng.choice(('team', 'office', 'planning'))}.ics": ICS.render([header, *units])}


def distractors(rng: Random, size: int) -> Files:
    """A list of rooms and the notes of a meeting."""
    rows = [_room(rng, code) for code in content.codes(rng, "RM", max(3, size // 36))]
    return {"rooms.csv": CSV.render(rows), "notes.md": content.memo(rng, size // 2)}


def _event(
    rng: Random, at: int, code: str, team: Mapping[str, str], *, rich: bool, ends: bool
) -> Unit:
    """An event; the first ones have all that the edits need, whatever the size."""
    fields: dict[str, Value] = {"UID": code, "DTSTAMP": _stamp(rng)}
    length = timedelta(minutes=15 * rng.randint(1, 24))
    clock = time(rng.randint(7, 19), 5 * rng.randrange(12))
    start: date = datetime.combine(content.day(rng), clock)
    if at > 1 and rng.random() < 0.12:
        start, length = content.day(rng), timedelta(days=rng.randint(1, 5))
        fields["DTSTART;VALUE"] = "DATE"
        fields |= {"DTEND;VALUE": "DATE"} if ends else {}
    fields["DTSTART"] = start
    lasts: Value = Decimal(int(length.total_seconds()))
    fields |= {"DTEND": start + length} if ends else {"DURATION": lasts}
    fields |= _about(rng)
    if at == 0 or rng.random() < (0.6 if rich else 0.3):
        fields["ORGANIZER"] = f"mailto:{rng.choice(list(team.values()))}"
    if rich:
        _enrich(rng, fields, team)
    text = content.sentence(rng) if rich and rng.random() < 0.35 else ""
    return Unit(EVENT, fields, key="UID", text=text, ordered=False)


def _about(rng: Random) -> dict[str, Value]:
    meeting = rng.choice(_MEETINGS).format(
        firm=content.firm(rng), city=rng.choice(content.CITIES), person=content.person(rng)
    )
    return {
        "SUMMARY": f"{rng.choice(content.TOPICS).capitalize()}: {meeting}",
        "LOCATION": f"{rng.choice(_ROOMS)} {rng.randint(1, 90)}, {rng.choice(content.CITIES)}",
        "CATEGORIES": rng.choice(list(CODES)),
    }


def _enrich(rng: Random, fields: dict[str, Value], team: Mapping[str, str]) -> None:
    """People who come, and a reminder."""
    for name in rng.sample(list(team), rng.choice((0, 0, 1, 2))):
        attendee = f"ATTENDEE mailto:{team[name]}"
        answer = rng.choice(("ACCEPTED", "TENTATIVE", "DECLINED"))
        fields |= {attendee: True, f"{attendee};CN": name, f"{attendee};PARTSTAT": answer}
    if rng.random() < 0.2:
        before = Decimal(-60 * rng.choice((5, 10, 15, 30, 60, 1440)))
        fields |= {"VALARM": True, "VALARM.ACTION": "DISPLAY", "VALARM.TRIGGER": before}


def _todo(rng: Random, code: str, team: Mapping[str, str]) -> Unit:
    fields: dict[str, Value] = {
        "UID": code,
        "DTSTAMP": _stamp(rng),
        "DUE": datetime.combine(content.day(rng), time(rng.randint(8, 18))),
        "SUMMARY": f"Prepare the {content.topic(rng)} for {rng.choice(list(team))}",
        "PRIORITY": Decimal(rng.randint(1, 9)),
        "STATUS": rng.choice(("NEEDS-ACTION", "IN-PROCESS")),
    }
    return Unit(TASK, fields, key="UID", ordered=False)


def _stamp(rng: Random) -> datetime:
    when = time(rng.randrange(24), rng.randrange(60), rng.randrange(60), tzinfo=UTC)
    return datetime.combine(content.day(rng, year=2025), when)


def _room(rng: Random, code: str) -> Unit:
    return Unit(
        ROW,
        {
            "room": code,
            "name": f"{rng.choice(_ROOMS)} {rng.choice(content.CITIES)}",
            "seats": Decimal(rng.randint(4, 120)),
            "contact": content.person(rng),
        },
    )
