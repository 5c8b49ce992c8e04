"""Calendars as iCalendar text: components, their properties and parameters."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import icalendar
from icalendar.parser import Contentline

from worktrial.documents.domain import Format
from worktrial.documents.table import written
from worktrial.documents.unit import Unit, Value, opaque

# The library's own annotations are incomplete.
_ContentLine: Any = Contentline
_Span: Any = icalendar.vDuration

CALENDAR, EVENT, TASK, ZONE = "VCALENDAR", "VEVENT", "VTODO", "VTIMEZONE"
_COMPONENTS = frozenset((CALENDAR, EVENT, TASK, ZONE, "VJOURNAL", "VFREEBUSY"))
_BREAK = " \n "

_MARK = re.compile(r"(BEGIN|END):([A-Za-z0-9-]{1,40})\s*", re.IGNORECASE)
_PROPERTY = re.compile(r"[A-Za-z0-9-]{1,60}[;:]")
_TIME = re.compile(r"[0-9]{8}(?:T[0-9]{6}Z?)?")
_DURATION = re.compile(r"[+-]?P(?:[0-9]{1,5}[WDHMS]|T){1,8}")
_INTEGER = re.compile(r"-?[0-9]{1,9}")
TIMES = frozenset(
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
    if name in TIMES and _TIME.fullmatch(value):
        return read_time(value)
    if name in _SPANS and _DURATION.fullmatch(value):
        return _read_span(value)
    return _integer(value) if name in _INTEGERS else value


def _integer(value: str) -> Value:
    return Decimal(value) if _INTEGER.fullmatch(value) else value


def read_time(value: str) -> Value:
    """A date or a time where the text is one, else the text."""
    try:
        return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    except ValueError:
        return value


def _read_span(value: str) -> Value:
    try:
        return Decimal(int(_Span.from_ical(value).total_seconds()))
    except (ValueError, OverflowError):
        return value


def _properties(unit: Unit) -> list[str]:
    """A component's lines: its own properties, then each nested component."""
    parameters = _parameters(unit)
    lines: dict[str, list[str]] = {"": []}
    for base, known in parameters.items():
        owner, name = _owner(base)
        value = unit.fields.get(base)
        if value is True and " " not in base:
            lines.setdefault(base, [])
        elif not (unit.text and known and _bare(base) == "DESCRIPTION"):
            lines.setdefault(owner, []).append(_line(name, value, known))
    if unit.text:
        text, known = unit.text.replace(_BREAK, "\n"), parameters.get("DESCRIPTION", {})
        lines[""].append(_line("DESCRIPTION", text, known))
    own = lines.pop("")
    for owner, nested in lines.items():
        own += [f"BEGIN:{_bare(owner)}", *nested, f"END:{_bare(owner)}"]
    return own


def _parameters(unit: Unit) -> dict[str, dict[str, Value]]:
    """By property, the parameters that it has."""
    parameters: dict[str, dict[str, Value]] = {}
    for name, value in unit.fields.items():
        base, inner, parameter = name.partition(";")
        known = parameters.setdefault(base, {})
        if inner:
            known[parameter] = value
    return parameters


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
            return clock(value).replace("-", "").replace(":", "").replace(" ", "T")
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


def clock(value: datetime) -> str:
    """A time such as `2026-03-02 09:30:00`, with a final `Z` in UTC."""
    return value.replace(tzinfo=None).isoformat(" ") + "Z" * (value.tzinfo is not None)


def _folded(line: str) -> str:
    if len(line.encode()) < 75:
        return line
    folded: bytes = _ContentLine(line).to_ical()
    return folded.decode().replace("\r\n", "\n")


def rewritten(text: str) -> list[str]:
    """Folded narrowly; Windows line ends; names in small letters; properties reordered."""
    unfolded = text.replace("\n ", "")
    small = re.sub(r"(?m)^[A-Z-]+(?=:)", lambda m: m[0].lower(), unfolded)
    turned = re.sub(r"(?m)^(UID:.*\n)(DTSTAMP:.*\n)", r"\2\1", unfolded)
    narrow = re.sub(r"(?m)^(.{28})(?=.)", r"\1\n ", unfolded)
    return [narrow, text.replace("\n", "\r\n"), small, turned]
