"""Calendars in the iCalendar format: events and to-dos with typed properties and parameters."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any, ClassVar

import icalendar
from icalendar.parser import Contentline

from worktrial.documents import content, programs
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.records import RecordEdits, record_verbs
from worktrial.documents.table import CSV, ROW, written
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

# The library's own annotations are incomplete.
_ContentLine: Any = Contentline
_Span: Any = icalendar.vDuration

CALENDAR, EVENT, TODO, ZONE = "VCALENDAR", "VEVENT", "VTODO", "VTIMEZONE"
_COMPONENTS = frozenset((CALENDAR, EVENT, TODO, ZONE, "VJOURNAL", "VFREEBUSY"))
_BREAK = " \n "

_MARK = re.compile(r"(BEGIN|END):([A-Za-z0-9-]{1,40})\s*", re.IGNORECASE)
_PROPERTY = re.compile(r"[A-Za-z0-9-]{1,60}[;:]")
_TIME = re.compile(r"[0-9]{8}(?:T[0-9]{6}Z?)?")
_DURATION = re.compile(r"[+-]?P(?:[0-9]{1,5}[WDHMS]|T){1,8}")
_INTEGER = re.compile(r"-?[0-9]{1,9}")
_TIMES = frozenset(
    ("DTSTART", "DTEND", "DTSTAMP", "DUE", "COMPLETED", "CREATED", "LAST-MODIFIED", "RECURRENCE-ID")
)
_SPANS = frozenset(("DURATION", "TRIGGER"))
_INTEGERS = frozenset(("SEQUENCE", "PRIORITY", "PERCENT-COMPLETE", "REPEAT"))
_STRUCTURED = frozenset(
    (
        "ATTENDEE", "ORGANIZER", "URL", "TZURL", "ATTACH", "CATEGORIES", "RESOURCES", "GEO",
        "RRULE", "EXDATE", "RDATE", "FREEBUSY", "REQUEST-STATUS",
    )
)  # fmt: skip
"""Properties in which commas and semicolons are no part of a text, and so not escaped."""


# --- reading -----------------------------------------------------------------------------------


class ICalendar(Format):
    """A unit a component, a field a property or a parameter; an alarm is part of its event.

    A parameter's field is named `PROPERTY;PARAMETER`, an alarm's property `VALARM.PROPERTY`, an
    attendee `ATTENDEE mailto:…`. The order of events and of properties means nothing, nor do
    folding, line ends and the case of names. A component ends where the next one begins even if
    its last line is lost.
    """

    def parse(self, text: str) -> list[Unit]:
        """The calendar's own properties, then one unit a component."""
        unfolded = re.sub(r"(?:\r\n|\r|\n)[ \t]", "", text.removeprefix("\ufeff"))
        lines = [line for line in re.split(r"\r\n|\r|\n", unfolded) if line.strip()]
        return [unit for name, block in _components(lines) for unit in _units(name, block)]

    def render(self, units: Sequence[Unit]) -> str:
        """Components inside their calendar, long lines folded."""
        lines: list[str] = []
        calendars = 0
        for unit in units:
            if unit.kind == CALENDAR:
                lines += [f"END:{CALENDAR}"] * bool(calendars)
                lines += [f"BEGIN:{CALENDAR}", *_properties(unit)]
                calendars += 1
            elif unit.kind in _COMPONENTS:
                lines += [f"BEGIN:{unit.kind}", *_properties(unit), f"END:{unit.kind}"]
            else:
                lines.append(" ".join((unit.layout or unit.text).split()))
        lines += [f"END:{CALENDAR}"] * bool(calendars)
        return "".join(f"{_folded(line)}\n" for line in lines)


ICS = ICalendar()


def _components(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each component's name and lines; loose lines have no name until an end gives them one."""
    name, block, calendars = "", list[str](), 0
    for line in lines:
        mark = _MARK.fullmatch(line)
        kind = mark[2].upper() if mark else ""
        if mark is None or kind not in _COMPONENTS:
            block.append(line)
        elif mark[1].upper() == "BEGIN":
            if name or block:
                yield name, block
            name, block = kind, []
            calendars += kind == CALENDAR
        elif name or block:
            yield name or kind * (kind != CALENDAR), block
            name, block = "", []
        elif kind != CALENDAR or not calendars:
            yield "", [line]
    if name or block:
        yield name, block


def _units(name: str, lines: list[str]) -> list[Unit]:
    """One component, and what in it can't be read."""
    if not name:
        return [opaque(line, ordered=False) for line in lines]
    reader = _Reader()
    lost = [opaque(line, ordered=False) for line in lines if not reader.read(line)]
    key = "UID" if "UID" in reader.fields else None
    structural = name in (CALENDAR, ZONE)
    text = reader.text
    return [Unit(name, reader.fields, key, text, ordered=False, structural=structural), *lost]


class _Reader:
    """Reads the lines of one component into fields."""

    def __init__(self) -> None:
        self.fields: dict[str, Value] = {}
        self.text = ""
        self._prefix = ""
        self._copies: Counter[str] = Counter()

    def read(self, line: str) -> bool:
        """Read a line; false if it is no property."""
        if mark := _MARK.fullmatch(line):
            begins = mark[1].upper() == "BEGIN"
            self._prefix = f"{self._set(mark[2].upper(), True)}." if begins else ""
            return True
        found = _property(line)
        if found is not None:
            self._add(*found)
        return found is not None

    def _add(self, name: str, parameters: Mapping[str, str], value: str) -> None:
        base = self._prefix + name
        rule = _rule(value) if name == "RRULE" and not parameters else {}
        if base == "DESCRIPTION" and value and not self.text:
            self.text = value.replace("\n", _BREAK)
        elif name == "ATTENDEE" and value.isprintable() and not set(value) & set(";# "):
            base = self._set(f"{base} {value}", True)
        elif rule:
            base = self._free(base)
        else:
            base = self._set(base, _typed(name, value))
        self.fields |= {f"{base};{inner}": v for inner, v in (rule or parameters).items()}

    def _set(self, name: str, value: Value) -> str:
        name = self._free(name)
        self.fields[name] = value
        return name

    def _free(self, name: str) -> str:
        """The name, with a number if it comes again."""
        self._copies[name] += 1
        copy = self._copies[name]
        return name if copy == 1 else f"{name}#{copy}"


def _property(line: str) -> tuple[str, dict[str, str], str] | None:
    """A line's name, parameters and value without escapes."""
    if not _PROPERTY.match(line):
        return None
    try:
        name, parameters, value = _ContentLine(line).parts()
    except (ValueError, AssertionError):
        return None
    known = {
        str(p).upper(): ",".join(v) if isinstance(v, list) else str(v)
        for p, v in parameters.items()
    }
    return name.upper(), known, str(value)


def _rule(value: str) -> dict[str, Value]:
    """The parts of a recurrence rule, or nothing if it is malformed."""
    parts = [part.partition("=") for part in value.split(";")]
    rule = {name.upper(): _integer(v) for name, equals, v in parts if equals and name and v}
    return rule if len(rule) == len(parts) and "FREQ" in rule else {}


def _typed(name: str, value: str) -> Value:
    if name in _TIMES and _TIME.fullmatch(value):
        return _read_time(value)
    if name in _SPANS and _DURATION.fullmatch(value):
        return _read_span(value)
    return _integer(value) if name in _INTEGERS else value


def _integer(value: str) -> Value:
    return Decimal(value) if _INTEGER.fullmatch(value) else value


def _read_time(value: str) -> Value:
    try:
        return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    except ValueError:
        return value


def _read_span(value: str) -> Value:
    try:
        return Decimal(int(_Span.from_ical(value).total_seconds()))
    except (ValueError, OverflowError):
        return value


# --- writing -----------------------------------------------------------------------------------


def _properties(unit: Unit) -> list[str]:
    """A component's lines: its own properties, then each nested component."""
    parameters: dict[str, dict[str, Value]] = {}
    for name, value in unit.fields.items():
        base, inner, parameter = name.partition(";")
        known = parameters.setdefault(base, {})
        if inner:
            known[parameter] = value
    lines: dict[str, list[str]] = {"": []}
    for base, known in parameters.items():
        owner, name = _owner(base)
        if unit.fields.get(base) is True and " " not in base:
            lines.setdefault(base, [])
        else:
            lines.setdefault(owner, []).append(_line(name, unit.fields.get(base), known))
    if unit.text:
        known = parameters.get("DESCRIPTION", {})
        own = [line for line in lines[""] if not line.startswith("DESCRIPTION;")]
        text = unit.text.replace(_BREAK, "\n")
        lines[""] = [*own, _line("DESCRIPTION", text, known)]
    own = lines.pop("")
    nested = [[f"BEGIN:{_bare(n)}", *inner, f"END:{_bare(n)}"] for n, inner in lines.items()]
    return [*own, *(line for inner in nested for line in inner)]


def _owner(base: str) -> tuple[str, str]:
    """The nested component that a property stands in, if any, and its own name."""
    word = base.split(" ", 1)[0]
    owner, dot, _ = word.rpartition(".")
    return (owner, base[len(owner) + 1 :]) if dot else ("", base)


def _bare(name: str) -> str:
    return name.partition("#")[0]


def _line(base: str, value: Value, parameters: Mapping[str, Value]) -> str:
    word, _, address = base.partition(" ")
    name = _bare(word)
    if name == "RRULE" and value is None:
        return f"RRULE:{';'.join(f'{part}={written(v)}' for part, v in parameters.items())}"
    marks = "".join(f";{p}={_parameter(v)}" for p, v in parameters.items())
    return f"{name}{marks}:{_bare(address) if address else _value(name, value)}"


def _parameter(value: Value) -> str:
    text = re.sub(r"[\r\n]+", " ", written(value).replace('"', "'"))
    return f'"{text}"' if set(text) & set(",;:") else text


def _value(name: str, value: Value) -> str:
    match value:
        case datetime():
            return _clock(value).replace("-", "").replace(":", "").replace(" ", "T")
        case date():
            return value.isoformat().replace("-", "")
        case Decimal() if name in _SPANS:
            span: bytes = _Span(timedelta(seconds=int(value))).to_ical()
            return span.decode()
        case _:
            text = re.sub(r"\r\n?", "\n", written(value)).replace("\\", "\\\\")
            if name not in _STRUCTURED:
                text = text.replace(";", "\\;").replace(",", "\\,")
            return text.replace("\n", "\\n")


def _clock(value: datetime) -> str:
    """A time such as `2026-03-02 09:30:00`, with a final `Z` in UTC."""
    return value.replace(tzinfo=None).isoformat(" ") + "Z" * (value.tzinfo is not None)


def _folded(line: str) -> str:
    if len(line.encode()) < 75:
        return line
    folded: bytes = _ContentLine(line).to_ical()
    return folded.decode().replace("\r\n", "\n")


# --- programs ----------------------------------------------------------------------------------

_PLANNED = ("DTSTART", "DTEND", "DUE")


def _in_every(document: Document, change: Callable[[Unit], Unit]) -> Document:
    """Change every event and to-do."""
    return programs.each(programs.each(document, EVENT, change), TODO, change)


def _rescheduled(unit: Unit, change: Callable[[date], date]) -> Unit:
    """The same component with its planned times changed; out of the calendar's range, as it was."""
    fields = dict(unit.fields)
    for name in _PLANNED:
        if isinstance(old := fields.get(name), date) and f"{name};TZID" not in fields:
            try:
                fields[name] = change(old)
            except OverflowError:
                return unit
    return programs.with_fields(unit, fields)


def postpone(document: Document, *, days: str, sign: int) -> Document:
    """Move all that is planned by whole days."""
    by = timedelta(days=sign * _count(days))
    return _in_every(document, lambda u: _rescheduled(u, lambda t: t + by))


def to_utc(document: Document, *, minutes: str) -> Document:
    """Local times without a zone as UTC."""

    def change(when: date) -> date:
        local = isinstance(when, datetime) and when.tzinfo is None
        moved = when - timedelta(minutes=_count(minutes)) if local else when
        return moved.replace(tzinfo=UTC) if isinstance(moved, datetime) else moved

    return _in_every(document, lambda u: _rescheduled(u, change))


def to_local(document: Document, *, minutes: str) -> Document:
    """UTC as local times without a zone."""

    def change(when: date) -> date:
        if not isinstance(when, datetime) or when.tzinfo is None:
            return when
        return (when + timedelta(minutes=_count(minutes))).replace(tzinfo=None)

    return _in_every(document, lambda u: _rescheduled(u, change))


def _count(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else 0


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
        return _clock(value)
    return value.isoformat() if isinstance(value, date) else value


def _from_cell(name: str, cell: str) -> Value:
    return _read_time(cell.replace(" ", "T")) if name in _TIMES else cell


# --- words -------------------------------------------------------------------------------------

_RECORDS = record_verbs(EVENT, one="event", many="events", a_field="property", lookup_kind=ROW)
VERBS = replace(
    _RECORDS,
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
POSTPONE = Verb(
    "Postpone everything by {days} days: move `DTSTART`, `DTEND` and `DUE` of all events and "
    "to-dos, at the same time of the day. Leave `DTSTAMP` alone.",
    partial(postpone, sign=1),
)
BRING_FORWARD = Verb(
    "Bring everything forward by {days} days: move `DTSTART`, `DTEND` and `DUE` of all events and "
    "to-dos, at the same time of the day. Leave `DTSTAMP` alone.",
    partial(postpone, sign=-1),
)
TO_UTC = Verb(
    "The times without a zone are local, {minutes} minutes ahead of UTC. Write them in UTC, with "
    "a final `Z`: `DTSTART`, `DTEND` and `DUE` of all events and to-dos. Dates without a time stay "
    "as they are.",
    to_utc,
)
TO_LOCAL = Verb(
    "Write `DTSTART`, `DTEND` and `DUE` of all events and to-dos that are in UTC as local times "
    "without a zone and without `Z`, {minutes} minutes ahead of UTC. Dates without a time and "
    "`DTSTAMP` stay as they are.",
    to_local,
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

EDITS = RecordEdits(
    VERBS,
    kind=EVENT,
    key="UID",
    category="CATEGORIES",
    removable=("LOCATION", "SUMMARY"),
    recodes={
        "PLANNING": "OPS-10",
        "TRAINING": "HR-20",
        "CLIENT": "SALES-30",
        "TRAVEL": "OPS-40",
        "REVIEW": "QA-50",
        "MAINTENANCE": "TECH-60",
    },
)


# --- edits -------------------------------------------------------------------------------------


def _planned(document: Document) -> list[tuple[Unit, str, Value]]:
    return [(u, n, u.fields[n]) for u in document.units() for n in _PLANNED if n in u.fields]


def _movable(document: Document) -> bool:
    """Whether all that is planned are dates and local times, and nothing recurs by exception."""
    fixed = ("EXDATE", "RDATE", "RECURRENCE-ID", "RRULE;UNTIL")
    free = not any(name in u.fields for u in document.units() for name in fixed)
    planned = _planned(document)
    local = all(
        isinstance(v, date) and not getattr(v, "tzinfo", None) and f"{n};TZID" not in u.fields
        for u, n, v in planned
    )
    return free and local and any(isinstance(v, datetime) for _, _, v in planned)


def delay(document: Document, rng: Random) -> Edit | None:
    """Postpone everything by some days."""
    if not _movable(document):
        return None
    days = str(rng.choice((1, 3, 7, 10, 14, 28)))
    return edit("delay", "scale", [POSTPONE(days=days)], [BRING_FORWARD(days=days)])


def zone(document: Document, rng: Random) -> Edit | None:
    """Local time to UTC by a fixed offset."""
    if not _movable(document):
        return None
    minutes = str(rng.choice((60, 120, 180, 330, 540)))
    return edit("zone", "convert", [TO_UTC(minutes=minutes)], [TO_LOCAL(minutes=minutes)])


def duration(document: Document, _: Random) -> Edit | None:
    """Ends as durations, or durations as ends, whichever all events have."""
    events = [u.fields for u in document.units() if u.kind == EVENT]
    plain = not any("DTSTART;TZID" in f or "DTEND;TZID" in f for f in events)
    if not events or not plain or not _movable(document):
        return None
    if all("DTEND" in f and "DURATION" not in f for f in events):
        return edit("duration", "normalise", [TO_DURATION()], [TO_END()])
    if all("DURATION" in f and "DTEND" not in f for f in events):
        return edit("duration", "normalise", [TO_END()], [TO_DURATION()])
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
        [READDRESS(addresses=legend)],
        [READDRESS(addresses=programs.inverse(legend))],
    )


def _addresses(document: Document) -> set[str]:
    uris = [str(u.fields.get("ORGANIZER", "")) for u in document.units()]
    names = [name for u in document.units() for name in u.fields if name.startswith("ATTENDEE ")]
    uris += [name.removeprefix("ATTENDEE ") for name in names if ";" not in name]
    return {uri.removeprefix("mailto:") for uri in uris if uri.startswith("mailto:")}


def calendars(document: Document, _: Random) -> Edit | None:
    """A calendar for every category."""
    found = sorted(
        programs.text_values((u for u in document.units() if u.kind == EVENT), "CATEGORIES")
    )
    if len(document.files) != 1 or not 2 <= len(found) <= 8 or not sayable(*found):
        return None
    (file,) = document.files
    places = {name: f"{re.sub(r'[^a-z0-9]+', '_', name.lower())}.ics" for name in found}
    if len({file, *places.values()}) <= len(places):
        return None
    return edit(
        "calendars",
        "split",
        [BY_CATEGORY(file=file, places=places)],
        [VERBS.merge(file=file, places=tuple(places.values()))],
    )


def agenda(document: Document, rng: Random) -> Edit | None:
    """Times and places in a table by UID."""
    events = [u.fields for u in document.units() if u.kind == EVENT]
    pool = ["DTEND", "SUMMARY", "LOCATION", "CATEGORIES"]
    shared = [n for n in ["DTSTART", *pool] if all(f.get(n) for f in events)]
    marked = any(f"{n};{p}" in f for f in events for n in shared for p in ("TZID", "LANGUAGE"))
    uids = {f.get("UID") for f in events}
    if not events or shared[:1] != ["DTSTART"] or marked or len(uids) < len(events):
        return None
    chosen = {"DTSTART", *rng.sample(shared, min(len(shared), 3))}
    names = [name for name in shared if name in chosen]
    return edit(
        "agenda",
        "extract",
        [TO_AGENDA(target="agenda.csv", names=names)],
        [FROM_AGENDA(file="agenda.csv")],
    )


def reschedule(document: Document, rng: Random) -> Edit | None:
    """Composed: later, with other addresses and category codes."""
    parts = (planner(document, rng) for planner in (delay, addresses, EDITS.recode))
    return compose("reschedule", *parts)


def publish(document: Document, rng: Random) -> Edit | None:
    """Composed: in UTC, with category codes, and an agenda."""
    parts = (planner(document, rng) for planner in (zone, EDITS.recode, agenda))
    return compose("publish", *parts)


def teams(document: Document, rng: Random) -> Edit | None:
    """Composed: other addresses, durations, a calendar for every category."""
    parts = (planner(document, rng) for planner in (addresses, duration, calendars))
    return compose("teams", *parts)


# --- fresh documents ---------------------------------------------------------------------------

_MEETINGS = (
    "kick-off", "review", "workshop", "call with {firm}", "visit to {city}", "rehearsal", "audit",
    "handover to {person}", "briefing for {firm}", "walk-through", "retrospective", "vote",
)  # fmt: skip
_ROOMS = ("Room", "Hall", "Studio", "Lab", "Booth", "Deck")


class Calendar(Domain):
    """The calendar of a team."""

    name = "calendar"
    category = "records"
    formats: ClassVar = {".ics": ICS, ".csv": CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *VERBS.all(), POSTPONE, BRING_FORWARD, TO_UTC, TO_LOCAL, TO_DURATION, TO_END, READDRESS,
        BY_CATEGORY, TO_AGENDA, FROM_AGENDA,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = (
        delay, zone, duration, addresses, EDITS.recode, calendars, EDITS.extract, agenda,
        reschedule, publish, teams,
    )  # fmt: skip
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
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

    def reformatted(self, name: str, text: str) -> list[str]:
        """Folded narrowly; Windows line ends; names in small letters; properties reordered."""
        unfolded = text.replace("\n ", "")
        small = re.sub(r"(?m)^[A-Z-]+(?=:)", lambda m: m[0].lower(), unfolded)
        turned = re.sub(r"(?m)^(UID:.*\n)(DTSTAMP:.*\n)", r"\2\1", unfolded)
        narrow = re.sub(r"(?m)^(.{28})(?=.)", r"\1\n ", unfolded)
        return [narrow, text.replace("\n", "\r\n"), small, turned]

    def distractors(self, rng: Random, size: int) -> Files:
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
        "CATEGORIES": rng.choice(list(EDITS.recodes)),
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
    return Unit(TODO, fields, key="UID", ordered=False)


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


DOMAIN = Calendar()
