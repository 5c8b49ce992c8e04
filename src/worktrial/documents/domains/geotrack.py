"""The track of a GPS receiver, in GPX.

A unit is a waypoint or a point of a route or track, identified by its time or name. The file, its
routes, tracks and segments are structural, and what the metadata say are fields of the file.

What counts is every attribute and element, and the order of points; `xmltext` says what doesn't.
Coordinates, elevations and readings of sensors are exact numbers.

Known limits: times are text and edited only where they read like `2026-05-01T07:30:00Z`. Children
of a point may stand in any order, though GPX prescribes one, in which they are written.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table, xmledits, xmltext
from worktrial.documents.domain import Domain
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value
from worktrial.documents.xmltext import Element, Vocabulary, Xml

FILE, WAYPOINT, ROUTE, TRACK, SEGMENT = "gpx", "wpt", "rte", "trk", "trkseg"
ROUTE_POINT, POINT = "rtept", "trkpt"
PULSE, CADENCE, OFFSET = "extensions/hr", "extensions/cad", "extensions/t"
_CHILDREN = (
    "ele", "time", "magvar", "geoidheight", "name", "cmt", "desc", "src", "link", "sym", "type",
    "fix", "sat", "hdop", "vdop", "pdop", "extensions",
)  # fmt: skip
_POINT = ("@lat", "@lon", *_CHILDREN)
_NUMERIC = ("@lat", "@lon", "ele", "sat", "hdop", PULSE, CADENCE, OFFSET)
_TIME = re.compile(r"[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
GPX = Xml(
    Vocabulary(
        {
            FILE: Element(0, holds=True),
            WAYPOINT: Element(1, key="name", text="desc", order=_POINT, inline=True),
            ROUTE: Element(1, holds=True, order=_CHILDREN),
            ROUTE_POINT: Element(2, key="name", text="desc", order=_POINT, inline=True),
            TRACK: Element(1, holds=True, order=_CHILDREN),
            SEGMENT: Element(2, holds=True),
            POINT: Element(3, key="time", text="desc", order=_POINT, inline=True),
        },
        numbers=_NUMERIC,
    )
)

# --- edits -------------------------------------------------------------------------------------

RECORDS = keyed_verbs(
    POINT,
    one="track point",
    many="track points",
    key="time",
    readers=dict.fromkeys(_NUMERIC, table.typed),
)
EDITS = KeyedEdits(
    RECORDS,
    kind=POINT,
    keys=("time", "name"),
    columns=("time", "@lat", "@lon", "ele", PULSE, CADENCE, OFFSET),
    sortable=("@lat", "@lon", "ele", PULSE),
    scalable={"ele": "100"},
    shiftable={"ele": ("46.5", "-12.25"), "@lon": ("0.00125",), "@lat": ("-0.00075",)},
    removable=("ele", PULSE, CADENCE),
    plural="points",
)


def instant(value: Value) -> datetime | None:
    """A time, if it is written as GPX writes it in UTC."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value[:-1])
    except ValueError:
        return None


def _timed(document: Document, change: Callable[[datetime], datetime]) -> Document:
    """Change every time of a point that can be read; others stay."""

    def retimed(name: str, value: Value) -> Value:
        time = instant(value) if name == "time" else None
        try:
            return f"{change(time).isoformat()}Z" if time else None
        except OverflowError:
            return None

    return xmledits.each_value(document, (POINT, WAYPOINT, ROUTE_POINT), retimed)


def later(document: Document, *, minutes: str) -> Document:
    """Set the receiver's clock forward."""
    return _timed(document, lambda t: t + _minutes(minutes))


def earlier(document: Document, *, minutes: str) -> Document:
    """Set the receiver's clock back."""
    return _timed(document, lambda t: t - _minutes(minutes))


def _minutes(written: str) -> timedelta:
    return timedelta(minutes=int(written) if written.isdecimal() and len(written) < 7 else 0)


def to_seconds(document: Document, *, start: str) -> Document:
    """Write the time of every track point as seconds since a start."""
    origin = instant(start)

    def relative(unit: Unit) -> Unit:
        time = instant(unit.fields.get("time"))
        if not origin or not time or OFFSET in unit.fields:
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != "time"}
        seconds = (time - origin) // timedelta(seconds=1)
        return programs.with_fields(unit, {**rest, OFFSET: Decimal(seconds)})

    return programs.each(document, POINT, relative)


def to_times(document: Document, *, start: str) -> Document:
    """Write seconds since a start as the time of every track point."""
    origin = instant(start)

    def absolute(unit: Unit) -> Unit:
        seconds = unit.fields.get(OFFSET)
        if not origin or not isinstance(seconds, Decimal) or "time" in unit.fields:
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != OFFSET}
        try:
            time = f"{(origin + timedelta(seconds=int(seconds))).isoformat()}Z"
        except OverflowError:
            return unit
        return replace(programs.with_fields(unit, {**rest, "time": time}), key="time")

    return programs.each(document, POINT, absolute)


def by_hour(document: Document) -> Document:
    """Begin a new segment wherever the hour of two neighbouring points differs."""

    def cut(units: Sequence[Unit]) -> list[Unit]:
        done: list[Unit] = []
        for unit in units:
            if done and unit.kind == done[-1].kind == POINT and _hour(unit) != _hour(done[-1]):
                done.append(Unit(SEGMENT, ordered=False, structural=True))
            done.append(unit)
        return done

    return programs.in_each_file(document, cut)


def _hour(unit: Unit) -> str:
    return table.written(unit.fields.get("time"))[: len("2026-05-01T07")]


def one_segment(document: Document) -> Document:
    """Keep the first segment of every track alone, with the points of all."""

    def joined(units: Sequence[Unit]) -> list[Unit]:
        done: list[Unit] = []
        fresh = True
        for unit in units:
            if unit.kind != SEGMENT or fresh:
                done.append(unit)
            fresh = unit.kind == TRACK or (fresh and unit.kind != SEGMENT)
        return done

    return programs.in_each_file(document, joined)


def to_route(document: Document, *, route: str) -> Document:
    """Make the waypoints of a file the points of a route before its tracks."""

    def routed(units: Sequence[Unit]) -> list[Unit]:
        points = [replace(u, kind=ROUTE_POINT) for u in units if u.kind == WAYPOINT]
        head = [u for u in units if u.kind == FILE]
        rest = [u for u in units if u.kind not in (FILE, WAYPOINT)]
        made = Unit(ROUTE, {"name": route}, ordered=False, structural=True)
        return [*head, made, *points, *rest] if head else [*units]

    return programs.in_each_file(document, routed)


def to_waypoints(document: Document, *, route: str) -> Document:
    """Make the points of a route waypoints, and remove the route."""

    def freed(units: Sequence[Unit]) -> list[Unit]:
        done: list[Unit] = []
        inside = False
        for unit in units:
            if unit.kind in (ROUTE, TRACK):
                inside = unit.kind == ROUTE and unit.fields.get("name") == route
            if unit.kind == ROUTE_POINT and inside:
                done.append(replace(unit, kind=WAYPOINT))
            elif not (unit.kind == ROUTE and inside):
                done.append(unit)
        return done

    return programs.in_each_file(document, freed)


LATER = Verb(
    "Add {minutes} minutes to the `time` of every waypoint, route point and track point.", later
)
EARLIER = Verb(
    "Take {minutes} minutes off the `time` of every waypoint, route point and track point.", earlier
)
SECONDS = Verb(
    "In every track point, replace `time` by the whole seconds since {start} (negative before it), "
    "as `<t>` inside `<extensions>`.",
    to_seconds,
)
TIMES = Verb(
    "In every track point, replace `<t>` in `<extensions>`, which is seconds since {start}, by the "
    "`time` that it stands for, written like that one.",
    to_times,
)
HOURS = Verb(
    "Begin a new `<trkseg>` wherever the hour in the `time` of a track point differs from that of "
    "the point before it.",
    by_hour,
)
JOIN = Verb(
    "Put all points of each track into its first `<trkseg>` and drop the others.", one_segment
)
TO_ROUTE = Verb(
    "Turn the waypoints into the points of a route with the name {route}, in their order; the "
    "`<rte>` stands before the tracks, even if there are no waypoints.",
    to_route,
)
TO_WAYPOINTS = Verb(
    "Turn the points of the route {route} into waypoints, in their order, and remove the route.",
    to_waypoints,
)


def clock(_: Document, rng: Random) -> Edit | None:
    """The receiver's clock was wrong."""
    minutes = str(rng.choice((47, 60, 95, 120, 330)))
    return edit("clock", "renumber", [LATER(minutes=minutes)], [EARLIER(minutes=minutes)])


def elapsed(document: Document, _: Random) -> Edit | None:
    """Seconds since the start instead of times."""
    points = EDITS.records(document)
    timed = [instant(u.fields.get("time")) for u in points]
    if not timed or not all(timed) or any(OFFSET in u.fields for u in points):
        return None
    start = table.written(points[0].fields["time"])
    return edit("elapsed", "convert", [SECONDS(start=start)], [TIMES(start=start)])


def hours(document: Document, _: Random) -> Edit | None:
    """A segment an hour."""
    kinds = [u.kind for u in document.units() if u.kind in (TRACK, SEGMENT)]
    changes = len({_hour(u) for u in EDITS.records(document)})
    alone = kinds == [TRACK, SEGMENT] * (len(kinds) // 2)
    if not alone or changes < 2:
        return None
    return edit("hours", "split", [HOURS()], [JOIN()])


def route(document: Document, rng: Random) -> Edit | None:
    """The waypoints as a route."""
    kinds = [u.kind for u in document.units()]
    count = kinds.count(WAYPOINT)
    if not count or len(document.files) != 1 or kinds[: count + 1] != [FILE] + [WAYPOINT] * count:
        return None
    if ROUTE in kinds or not sayable(name := f"Via {rng.choice(content.CITIES)}"):
        return None
    return edit("route", "convert", [TO_ROUTE(route=name)], [TO_WAYPOINTS(route=name)])


PLANNERS: tuple[Planner, ...] = tuple(
    map(
        xmledits.regular,
        (
            *EDITS.planners(), clock, elapsed, hours, route,
            compose("calibrate", clock, EDITS.shift, EDITS.scale),
            compose("plan", route, EDITS.sort, clock),
        ),
    )
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_PLACES = (
    "spring",
    "hut",
    "car park",
    "summit",
    "bridge",
    "ford",
    "shelter",
    "view",
    "gate",
    "cairn",
)
_SYMBOLS = ("Flag, Blue", "Campground", "Summit", "Parking Area", "Drinking Water", "Picnic Area")
_HINTS = (
    "closed from November", "water all year", "marker is hard to see", "slippery after rain",
    "dogs on a lead", "last shade before the top", "phone works here", "turn left at the wall",
)  # fmt: skip


def _near(rng: Random, base: Decimal, spread: int) -> Decimal:
    return base + Decimal(rng.randint(-spread, spread)).scaleb(-5)


def _waypoint(rng: Random, number: int, at: tuple[Decimal, Decimal]) -> Unit:
    place = f"{rng.choice(content.LAST_NAMES)} {rng.choice(_PLACES)} {number}"
    fields: dict[str, Value] = {
        "@lat": _near(rng, at[0], 4000),
        "@lon": _near(rng, at[1], 4000),
        "ele": Decimal(rng.randint(2000, 19000)) / 10,
        "name": place,
        "sym": rng.choice(_SYMBOLS),
    }
    hint = rng.choice(_HINTS) if rng.random() < 0.5 else ""
    return Unit(WAYPOINT, fields, text=hint)


def _points(rng: Random, count: int, at: tuple[Decimal, Decimal], start: datetime) -> list[Unit]:
    """A walk: every point a little on from the last; it lasts more than an hour."""
    (lat, lon), height, time = at, Decimal(rng.randint(3000, 12000)) / 10, start
    pulse, step = rng.randint(95, 130), max(10, 9000 // count)
    done = []
    for _ in range(count):
        lat, lon = _near(rng, lat, 90), _near(rng, lon, 140)
        height += Decimal(rng.randint(-60, 75)) / 10
        time += timedelta(seconds=rng.randint(step // 2, step * 3 // 2))
        pulse = min(185, max(60, pulse + rng.randint(-6, 6)))
        fields: dict[str, Value] = {
            "@lat": lat, "@lon": lon, "ele": height, "time": f"{time.isoformat()}Z",
            PULSE: Decimal(pulse),
        }  # fmt: skip
        if rng.random() < 0.7:
            fields[CADENCE] = Decimal(rng.randint(48, 96))
        done.append(Unit(POINT, fields))
    return done


class Geotrack(Domain):
    """The track of a GPS receiver."""

    name = "geotrack"
    category = "records"
    formats: ClassVar = {".gpx": GPX, ".xml": GPX, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), LATER, EARLIER, SECONDS, TIMES, HOURS, JOIN, TO_ROUTE, TO_WAYPOINTS,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    derived: ClassVar = (xmltext.DERIVED,)
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """A few waypoints and a walk in one segment."""
        count = max(4, round((size - 110) / 42))
        marks = max(1, count // 8)
        at = (Decimal(rng.randint(420000, 640000)), Decimal(rng.randint(-80000, 240000)))
        at = (at[0].scaleb(-4), at[1].scaleb(-4))
        start = datetime.combine(content.day(rng), datetime.min.time())
        start += timedelta(minutes=rng.randint(300, 900), seconds=rng.randrange(60))
        about: dict[str, Value] = {
            "@version": "1.1",
            "@creator": f"{rng.choice(content.FIRMS)} {rng.randint(20, 99)}",
            "@xmlns": "http://www.topografix.com/GPX/1/1",
            "metadata/author/name": content.person(rng),
            "metadata/time": f"{(start + timedelta(hours=9)).isoformat()}Z",
        }
        title = f"{rng.choice(content.CITIES)} to {rng.choice(content.CITIES)}"
        units = [
            Unit(FILE, about),
            *(_waypoint(rng, n, at) for n in range(1, marks + 1)),
            Unit(TRACK, {"name": title, "type": rng.choice(("hiking", "running", "cycling"))}),
            Unit(SEGMENT),
            *_points(rng, count - marks, at, start),
        ]
        return {"track.gpx": GPX.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """What means nothing in any XML; coordinates with another number of decimals."""
        return [*xmltext.reformatted(text), re.sub(r'(l(?:at|on)="[\d.-]+)"', r'\g<1>0"', text)]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the club and a list of kit."""
        rows = [
            Unit(
                table.ROW,
                {"no": code, "item": rng.choice(content.GOODS), "grams": str(rng.randint(20, 900))},
            )
            for code in content.codes(rng, "KIT", max(3, size // 20))
        ]
        return {"notes.md": content.memo(rng, size // 2), "kit.csv": table.CSV.render(rows)}


DOMAIN = Geotrack()
