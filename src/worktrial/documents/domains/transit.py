"""The timetable of a bus or tram operator, as a GTFS feed: several tables that refer to each other.

A unit is a row of a table: a stop, a route, a trip, a call of a trip at a stop, a calendar. Which
table a file is, its columns say. A column is a field; identifiers are text. Headers are structural.

What counts is every cell, the order of rows and of columns, and which file a row stands in.
Quoting, line ends, a byte order mark, and a missing leading zero of an hour mean nothing.

Known limits: only the six tables that every feed has are known by name, any other is a plain table.
References are not checked. A row that has more cells than its header is text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.edits import content as units_of_kind
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.programs import HEADER
from worktrial.documents.records import slug
from worktrial.documents.unit import Document, Files, Unit, Value

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ARRIVAL, DEPARTURE, DWELL = "arrival_time", "departure_time", "dwell_seconds"
TABLES: Mapping[str, tuple[str, ...]] = {
    "agency": ("agency_id", "agency_name", "agency_url", "agency_timezone"),
    "stops": ("stop_id", "stop_name", "stop_lat", "stop_lon"),
    "routes": ("route_id", "route_short_name", "route_long_name", "route_type"),
    "trips": ("route_id", "service_id", "trip_id", "trip_headsign"),
    "stop_times": ("trip_id", ARRIVAL, DEPARTURE, "stop_id", "stop_sequence"),
    "calendar": ("service_id", *DAYS, "start_date", "end_date"),
}
"""The tables of a feed, which are the kinds of units, and their columns."""
_LONGEST_STAND = 86_400
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)")


class Feed(table.Csv):
    """A table of a feed: comma-separated values, whose kind is told by the header."""

    def parse(self, text: str) -> list[Unit]:
        """The header and one unit a row."""
        units = super().parse(text.removeprefix("\ufeff"))
        kind = _kind(units)
        return [_row(u, kind) if u.kind == table.ROW else u for u in units]


FEED = Feed()


def _kind(units: Sequence[Unit]) -> str:
    """The table that has most columns in common with the header; a plain one if hardly any."""
    names = set(units[0].text.split("\t")) if units and units[0].kind == HEADER else set()
    best = max(TABLES, key=lambda name: len(names & set(TABLES[name])))
    return best if len(names & set(TABLES[best])) > 1 else table.ROW


def _row(unit: Unit, kind: str) -> Unit:
    return Unit(kind, {name: _cell(name, value) for name, value in unit.fields.items()})


def _cell(name: str, value: Value) -> Value:
    """Identifiers are text even where they look like numbers; hours have two digits."""
    if name.endswith("_id"):
        return table.written(value)
    short = name in (ARRIVAL, DEPARTURE) and isinstance(value, str) and value[1:2] == ":"
    return f"0{value}" if short and _CLOCK.fullmatch(str(value)) else value


# --- edits -------------------------------------------------------------------------------------

Cells = Mapping[str, Value]


def _rows(document: Document, kind: str, change: Callable[[Cells], Cells]) -> Document:
    """Change the cells of every row of a kind."""
    return programs.each(document, kind, lambda u: programs.with_fields(u, change(u.fields)))


def _columns(document: Document, file: str, old: Sequence[str], new: Sequence[str]) -> Document:
    """Put columns into a file's header where the first of some others is, which go."""

    def headed(unit: Unit) -> Unit:
        names = unit.text.split("\t")
        if unit.kind != HEADER or not set(old) <= set(names):
            return unit
        at = names.index(old[0])
        rest = [n for n in names[at:] if n not in old]
        return replace(unit, text="\t".join([*names[:at], *new, *rest]))

    units = document.files.get(file)
    return document if units is None else document.replacing(file, map(headed, units))


def _instead(cells: Cells, old: str, new: str, value: Value) -> Cells:
    """A cell under another name, with another value if there is one."""
    return {
        (new if n == old else n): value if n == old and value is not None else v
        for n, v in cells.items()
    }


def _seconds(value: Value) -> int | None:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    return 3600 * int(found[1]) + 60 * int(found[2]) + int(found[3]) if found else None


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def rename_ids(document: Document, *, column: str, legend: Mapping[str, str]) -> Document:
    """Give identifiers other names, in every table that names them."""
    for kind in TABLES:
        document = programs.substitute(document, kind=kind, field=column, legend=legend)
    return document


def shift(document: Document, *, minutes: str, sign: int) -> Document:
    """Run everything later or earlier."""

    def shifted(value: Value) -> Value:
        seconds = _seconds(value)
        moved = -1 if seconds is None else seconds + sign * 60 * int(minutes)
        return _clock(moved) if moved >= 0 else value

    return _rows(
        document,
        "stop_times",
        lambda cells: {n: shifted(v) if n in (ARRIVAL, DEPARTURE) else v for n, v in cells.items()},
    )


def dwell(document: Document, *, file: str) -> Document:
    """Say how long a vehicle stands instead of when it leaves."""

    def stated(cells: Cells) -> Cells:
        came, left = _seconds(cells.get(ARRIVAL)), _seconds(cells.get(DEPARTURE))
        stands = None if came is None or left is None else Decimal(left - came)
        return _instead(cells, DEPARTURE, DWELL, stands)

    return _columns(_rows(document, "stop_times", stated), file, [DEPARTURE], [DWELL])


def leave(document: Document, *, file: str) -> Document:
    """Say when a vehicle leaves instead of how long it stands."""

    def stated(cells: Cells) -> Cells:
        came, stands = _seconds(cells.get(ARRIVAL)), cells.get(DWELL)
        if came is None or not isinstance(stands, Decimal) or abs(stands) > _LONGEST_STAND:
            return _instead(cells, DWELL, DEPARTURE, None)
        return _instead(cells, DWELL, DEPARTURE, _clock(max(0, came + int(stands))))

    return _columns(_rows(document, "stop_times", stated), file, [DWELL], [DEPARTURE])


def fold_days(document: Document, *, file: str) -> Document:
    """Seven columns of ones and zeros as one of letters."""

    def folded(cells: Cells) -> Cells:
        if any(cells.get(day) not in (0, 1) for day in DAYS):
            return cells
        days = "".join(day[0].upper() if cells[day] == 1 else "-" for day in DAYS)
        return {"days": days, **{n: v for n, v in cells.items() if n not in DAYS}}

    return _columns(_rows(document, "calendar", folded), file, DAYS, ["days"])


def unfold_days(document: Document, *, file: str) -> Document:
    """One column of seven letters as seven of ones and zeros."""

    def unfolded(cells: Cells) -> Cells:
        days = cells.get("days")
        if not isinstance(days, str) or len(days) != len(DAYS):
            return cells
        runs = {day: Decimal(sign != "-") for day, sign in zip(DAYS, days, strict=True)}
        return {**{n: v for n, v in cells.items() if n != "days"}, **runs}

    return _columns(_rows(document, "calendar", unfolded), file, ["days"], DAYS)


def degrees(document: Document, *, factor: str, change: Callable[..., Document]) -> Document:
    """Scale both coordinates of every stop."""
    for name in ("stop_lat", "stop_lon"):
        document = change(document, kind="stops", field=name, factor=factor)
    return document


def sort_calls(document: Document, *, first: str, second: str) -> Document:
    """Sort the calls by two columns."""
    inner = programs.sort(document, kind="stop_times", field=second)
    return programs.sort(inner, kind="stop_times", field=first)


RENAME = Verb(
    "Replace values of {column} in every file that has this column: {**legend}.", rename_ids
)
DELAY = Verb(
    "Delay every trip by {minutes} minutes: move `arrival_time` and `departure_time` of every "
    "stop time. Hours go on beyond 24, as in `25:10:00` for ten past one the next morning.",
    partial(shift, sign=1),
)
ADVANCE = Verb(
    "Advance every trip by {minutes} minutes: move `arrival_time` and `departure_time` of every "
    "stop time. Hours beyond 24, as in `25:10:00`, are of the next morning.",
    partial(shift, sign=-1),
)
STANDS = Verb(
    "In {file}, put a column `dwell_seconds` in place of `departure_time`: how many seconds the "
    "departure is after the arrival.",
    dwell,
)
LEAVES = Verb(
    "In {file}, put a column `departure_time` in place of `dwell_seconds`: the arrival time plus "
    "that many seconds, as `HH:MM:SS`.",
    leave,
)
FOLD = Verb(
    "In {file}, put one column `days` in place of the seven columns `monday` to `sunday`: the "
    "initials of the seven days, each a hyphen where the service does not run, so `MTWTF--` is "
    "Monday to Friday.",
    fold_days,
)
UNFOLD = Verb(
    "In {file}, put the seven columns `monday` to `sunday` in place of `days`: `0` where its sign "
    "for that day is a hyphen, otherwise `1`.",
    unfold_days,
)
FINER = Verb(
    "Multiply `stop_lat` and `stop_lon` of every stop by {factor}.",
    partial(degrees, change=programs.multiply),
)
COARSER = Verb(
    "Divide `stop_lat` and `stop_lon` of every stop by {factor}.",
    partial(degrees, change=programs.divide),
)
SORT_CALLS = Verb(
    "Sort the stop times by {first}, those equal in it by {second}; whatever is equal in both "
    "keeps its order.",
    sort_calls,
)
TRIPS = keyed_verbs("trips", one="trip", many="trips", a_field="column", key="trip_id")
EDITS = KeyedEdits(
    TRIPS,
    kind="trips",
    keys=("trip_id",),
    sortable=("route_id", "trip_headsign", "service_id"),
    plural="trips",
)


def _file(document: Document, kind: str) -> str | None:
    """The only file that is a table of a kind, if it can be named."""
    found = [name for name, units in document.files.items() if _kind(units) == kind]
    return found[0] if len(found) == 1 and sayable(found[0]) else None


def _cells(document: Document, kind: str, *names: str) -> list[Value]:
    return [u.fields.get(n) for u in units_of_kind(document, kind) for n in names]


def ids(document: Document, rng: Random) -> Edit | None:
    """Other identifiers, everywhere."""
    kind, prefix = rng.choice((("stop", "HALT"), ("trip", "RUN"), ("route", "LINE")))
    column = f"{kind}_id"
    present = programs.text_values(document.units(), column)
    old = programs.text_values(units_of_kind(document, f"{kind}s"), column)
    old = [v for v in old if v and sayable(v)]
    chosen = rng.sample(old, min(10, len(old)))
    legend = {v: f"{prefix}-{n:02}" for n, v in enumerate(sorted(chosen), 1)}
    if not legend or set(legend.values()) & set(present):
        return None
    back = RENAME(column=column, legend=programs.inverse(legend))
    return edit("ids", "rename", [RENAME(column=column, legend=legend)], [back])


def _timed(document: Document) -> bool:
    """Whether every call has both times, on the day or the next."""
    times = [_seconds(v) for v in _cells(document, "stop_times", ARRIVAL, DEPARTURE)]
    return bool(times) and all(t is not None and t < 72 * 3600 for t in times)


def delay(document: Document, rng: Random) -> Edit | None:
    """The whole timetable later."""
    if not _timed(document):
        return None
    said = {"minutes": str(rng.choice((7, 12, 35, 50, 95)))}
    return edit("delay", "renumber", [DELAY(**said)], [ADVANCE(**said)])


def standing(document: Document, _: Random) -> Edit | None:
    """Departures as time spent at the stop."""
    file = _file(document, "stop_times")
    if file is None or not _timed(document) or DWELL in document.files[file][0].text.split("\t"):
        return None
    return edit("standing", "normalise", [STANDS(file=file)], [LEAVES(file=file)])


def week(document: Document, _: Random) -> Edit | None:
    """The days of a service in one column."""
    file = _file(document, "calendar")
    runs = _cells(document, "calendar", *DAYS)
    if file is None or any(v not in (0, 1) for v in runs):
        return None
    names = document.files[file][0].text.split("\t")
    if "days" in names or _columns(document, file, DAYS, DAYS) != document:
        return None
    return edit("week", "convert", [FOLD(file=file)], [UNFOLD(file=file)])


def microdegrees(document: Document, _: Random) -> Edit | None:
    """Coordinates as whole numbers."""
    if not all(isinstance(v, Decimal) for v in _cells(document, "stops", "stop_lat", "stop_lon")):
        return None
    said = {"factor": "1000000"}
    return edit("microdegrees", "scale", [FINER(**said)], [COARSER(**said)])


def by_stop(document: Document, _: Random) -> Edit | None:
    """Calls by stop, where they stand by trip now."""
    there = {"first": "stop_id", "second": ARRIVAL}
    back = {"first": "trip_id", "second": "stop_sequence"}
    if sort_calls(document, **back) != document or sort_calls(document, **there) == document:
        return None
    return edit("by_stop", "sort", [SORT_CALLS(**there)], [SORT_CALLS(**back)])


def by_route(document: Document, _: Random) -> Edit | None:
    """The trips of every route in a file of their own."""
    file, routes = (
        _file(document, "trips"),
        programs.text_values(EDITS.records(document), "route_id"),
    )
    order = "trips_order.csv"
    if file is None or EDITS.key(document) is None or not 2 <= len(routes) <= 12:
        return None
    places = {route: f"trips_{slug(route)}.txt" for route in sorted(routes)}
    clash = {order, *places.values()} & set(document.files)
    if clash or len(set(places.values())) < len(places) or not sayable(*places):
        return None
    said = {"key": "trip_id", "order": order}
    return edit(
        "by_route",
        "split",
        [TRIPS.note(**said), TRIPS.split(file=file, field="route_id", places=places)],
        [TRIPS.merge(file=file, places=tuple(places.values())), TRIPS.restore(**said)],
    )


PLANNERS: tuple[Planner, ...] = (
    EDITS.sort, ids, delay, standing, week, microdegrees, by_stop, by_route,
    compose("new_season", ids, delay, week),
    compose("operations", by_stop, standing, microdegrees),
    compose("depots", delay, standing, by_route),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_PLACES = (
    "Harbour", "Mill", "Chapel", "Station", "Orchard", "Quarry", "Market", "Castle", "Bridge",
    "Linden", "Granary", "Foundry", "Priory", "Meadow", "Tannery", "Lock", "Abbey", "Windmill",
)  # fmt: skip
_WAYS = ("Street", "Square", "Road", "Gate", "Lane", "Park", "Green", "Row", "Hill", "Quay")


def _feed(rng: Random, size: int) -> dict[str, list[Cells]]:
    """The rows of all six tables."""
    trips = max(4, round((size - 150) / 51))
    stops = _stops(rng, 4 + trips // 3)
    routes = [_route(rng, stops, n) for n in rng.sample(range(10, 99), 2 + min(40, trips // 6))]
    services = [f"{rng.choice(('WK', 'SU', 'AU'))}{n}" for n in rng.sample(range(100, 999), 2)]
    rows: dict[str, list[Cells]] = {
        "agency": [_agency(rng)],
        "stops": stops,
        "routes": [route for route, _ in routes],
        "trips": [],
        "stop_times": [],
        "calendar": [_service(rng, name) for name in services],
    }
    for at, trip in enumerate(sorted(rng.sample(range(1000, 10_000), trips))):
        route, way = routes[at % len(routes)]
        line = way if rng.random() < 0.5 else way[::-1]
        name = f"T{trip}"
        rows["trips"].append(
            {
                "route_id": route["route_id"],
                "service_id": rng.choice(services),
                "trip_id": name,
                "trip_headsign": line[-1]["stop_name"],
            }
        )
        rows["stop_times"] += _calls(rng, name, [stop["stop_id"] for stop in line])
    return rows


def _agency(rng: Random) -> Cells:
    name = rng.choice(content.FIRMS)
    return {
        "agency_name": f"{name} Transit",
        "agency_url": f"https://{name.lower()}.example",
        "agency_timezone": rng.choice(("Europe/Berlin", "Europe/Madrid", "Europe/Helsinki")),
    }


def _stops(rng: Random, count: int) -> list[Cells]:
    south, west = rng.randint(38, 60), rng.randint(1, 25)
    numbers = rng.sample(range(1000, 10_000), count)
    return [
        {
            "stop_id": f"S{number}",
            "stop_name": f"{rng.choice(_PLACES)} {rng.choice(_WAYS)}",
            "stop_lat": south + Decimal(rng.randrange(10_000, 90_000)).scaleb(-5),
            "stop_lon": west + Decimal(rng.randrange(10_000, 90_000)).scaleb(-5),
        }
        for number in numbers
    ]


def _route(rng: Random, stops: Sequence[Cells], number: int) -> tuple[Cells, list[Cells]]:
    """A route and the stops along it."""
    way = rng.sample(list(stops), min(len(stops), rng.choice((3, 4, 5))) if len(stops) > 6 else 3)
    ends = f"{way[0]['stop_name']} - {way[-1]['stop_name']}"
    kind = Decimal(rng.choice((0, 3)))
    cells = {"route_id": f"R{number}", "route_short_name": str(number)}
    return {**cells, "route_long_name": ends, "route_type": kind}, way


def _calls(rng: Random, trip: str, stops: Sequence[Value]) -> list[Cells]:
    """A trip at its stops; late ones end after midnight."""
    now = 60 * rng.randint(5 * 60, 24 * 60 + 20)
    calls: list[Cells] = []
    for at, stop in enumerate(stops, 1):
        left = now + 15 * rng.randint(0, 4)
        times = {ARRIVAL: _clock(now), DEPARTURE: _clock(left)}
        calls.append({"trip_id": trip, **times, "stop_id": stop, "stop_sequence": Decimal(at)})
        now = left + 30 * rng.randint(3, 16)
    return calls


def _service(rng: Random, name: str) -> Cells:
    days = {day: Decimal(rng.random() < 0.6) for day in DAYS}
    start, end = content.day(rng, days=150), content.day(rng, year=2027, days=200)
    return {
        "service_id": name,
        **days,
        "start_date": Decimal(start.strftime("%Y%m%d")),
        "end_date": Decimal(end.strftime("%Y%m%d")),
    }


class Transit(Domain):
    """The feed of a transit operator."""

    name = "transit"
    category = "everyday"
    formats: ClassVar = {".txt": FEED, ".csv": table.CSV}
    clips: ClassVar = {"calendar": 0.8, "stop_times": 0.6, HEADER: 0.6}
    verbs: ClassVar[Sequence[Verb]] = (
        RENAME, DELAY, ADVANCE, STANDS, LEAVES, FOLD, UNFOLD, FINER, COARSER, SORT_CALLS,
        TRIPS.note, TRIPS.restore, TRIPS.ascending, TRIPS.descending, TRIPS.split, TRIPS.merge,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.15

    def generate(self, rng: Random, size: int) -> Files:
        """A season's timetable of a town."""
        return {
            f"{name}.txt": FEED.render([Unit(name, cells) for cells in rows])
            for name, rows in _feed(rng, size).items()
        }

    def reformatted(self, name: str, text: str) -> list[str]:
        """A byte order mark; Windows line ends; quoted first cells; hours without leading zero."""
        quoted = re.sub(r"(?m)^([^,\n]+)", r'"\1"', text)
        variants = [f"\ufeff{text}", text.replace("\n", "\r\n"), quoted, text.replace(",0", ",")]
        return variants if name == "stop_times.txt" and ",0" in text else variants[:3]

    def distractors(self, rng: Random, size: int) -> Files:
        """Lost property and the notes of a meeting on the timetable."""
        rows = [
            {"ticket": code, "found": str(content.day(rng)), "item": rng.choice(content.GOODS)}
            for code in content.codes(rng, "LP", max(3, size // 22))
        ]
        lost = table.CSV.render([Unit(table.ROW, row) for row in rows])
        return {"lost_property.csv": lost, "timetable_meeting.md": content.memo(rng, size // 2)}


DOMAIN = Transit()
