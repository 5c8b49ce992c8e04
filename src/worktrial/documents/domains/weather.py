"""Reports and forecasts for aerodromes, as METAR and TAF in a bulletin.

A unit is a report, identified by its station; its groups up to the pressure are fields. The
heading of a bulletin is structural; it may say once what kind of report follows.

What counts is every group, and the order of reports. Line ends and spaces in a report mean
nothing; nor does the `=` behind a report where the next begins with what it is.

Known limits: trends, changes and remarks are text, and so is a group that is not of the usual form
or not in its usual place. Visibility in fractions of a mile is text.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import TEXT, KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

REPORT, HEAD = "report", "heading"
KEY, CODE, TIME = "station", "code", "time"
_CODES = ("METAR", "SPECI", "TAF")
_HEADING = re.compile(r"[A-Z]{4}\d\d [A-Z]{4} \d{6}(?: [A-Z]{3})?")
_PHENOMENON = "(?:DZ|RA|SN|SG|PL|GR|GS|UP|BR|FG|FU|VA|DU|SA|HZ|SQ|FC|PO|SS|DS)"
_GROUPS = tuple(
    re.compile(pattern)
    for pattern in (
        f"(?P<{CODE}>METAR|SPECI|TAF)",
        r"(?P<amended>COR|AMD)",
        rf"(?P<{KEY}>[A-Z][A-Z0-9]{{3}})",
        rf"(?P<{TIME}>\d{{6}}Z)",
        r"(?P<state>AUTO|NIL|CNL|COR)",
        r"(?P<valid>\d{4}/\d{4})",
        r"(?P<wind_from>\d{3}|VRB)(?P<wind_speed>\d{2,3})(?:G(?P<gust>\d{2,3}))?"
        r"(?P<wind_unit>KT|MPS|KMH)",
        r"(?P<varies>\d{3}V\d{3})",
        r"(?P<visibility>CAVOK|\d{4}|P?\d{1,2}SM)",
        rf"(?P<weather>NSW|[+-]?(?:VC)?(?:(?:MI|PR|BC|DR|BL|SH|TS|FZ){_PHENOMENON}{{0,3}}|"
        rf"{_PHENOMENON}{{1,3}}))",
        r"(?P<clouds>(?:FEW|SCT|BKN|OVC)(?:\d{3}|///)(?:CB|TCU)?|VV(?:\d{3}|///)|NSC|NCD|SKC|CLR)",
        r"(?P<temperature>M?\d\d)/(?P<dew_point>M?\d\d)",
        r"Q(?P<qnh>\d{4})",
        r"A(?P<altimeter>\d{4})",
    )
)
_REPEATED = ("weather", "clouds")
_AFTER = re.compile(r"BECMG|TEMPO|INTER|NOSIG|RMK|PROB\d\d|FM\d{4,6}|T[XN].*")
"""Where the groups of the report itself end."""
_WIDTHS = {
    "wind_from": 3, "wind_speed": 2, "gust": 2, "visibility": 4, "temperature": 2, "dew_point": 2,
    "qnh": 4, "altimeter": 4,
}  # fmt: skip


class Bulletin(Format):
    """Reports that end with `=`, under headings of a line or two."""

    def parse(self, text: str) -> list[Unit]:
        """A heading or a report a unit."""
        units: list[Unit] = []
        words: list[str] = []
        for line in text.splitlines():
            marks = re.findall(r"=|[^\s=]+", line)
            heading = " ".join(marks)
            if _HEADING.fullmatch(heading):
                units += [*_reports(words), Unit(HEAD, text=heading, structural=True)]
                words, marks = [], []
            elif heading in _CODES and units and units[-1].kind == HEAD and not words:
                units[-1] = programs.with_fields(units[-1], {CODE: heading})
                marks = []
            elif marks and marks[0] in _CODES:
                units += _reports(words)
                words = []
            for mark in marks:
                if mark == "=":
                    units += _reports(words)
                    words = []
                else:
                    words.append(mark)
        return [*units, *_reports(words)]

    def render(self, units: Sequence[Unit]) -> str:
        """A report a line."""
        return "".join(f"{_written(unit)}\n" for unit in units)


BULLETIN = Bulletin()


def _reports(words: Sequence[str]) -> list[Unit]:
    """The report that words make, if there are any."""
    if not words:
        return []
    fields, rest = _groups(words)
    if KEY not in fields or TIME not in fields:
        return [opaque(" ".join(words))]
    return [Unit(REPORT, fields, key=KEY, text=" ".join(rest))]


def _groups(words: Sequence[str]) -> tuple[dict[str, Value], list[str]]:
    """Fields by group, in the order that groups have, and the words that are none of them."""
    fields: dict[str, Value] = {}
    rest: list[str] = []
    at = 0
    for i, word in enumerate(words):
        if _AFTER.fullmatch(word):
            return fields, [*rest, *words[i:]]
        hits = ((j, _GROUPS[j].fullmatch(word)) for j in range(at, len(_GROUPS)))
        at, found = next(((j, hit) for j, hit in hits if hit), (at, None))
        if found is None:
            rest.append(word)
            continue
        for name, cell in found.groupdict().items():
            if cell and name in _REPEATED:
                fields[name] = f"{fields.get(name, '')} {cell}".strip()
            elif cell:
                fields[name] = _value(name, cell)
        at += not any(name in _REPEATED for name in found.groupdict())
    return fields, rest


def _value(name: str, cell: str) -> Value:
    """A number where a group has one; `M00`, just below zero, is none."""
    digits = cell.removeprefix("M")
    if name not in _WIDTHS or not digits.isdecimal() or cell == "M00":
        return cell
    return -Decimal(digits) if cell != digits else Decimal(digits)


def _written(unit: Unit) -> str:
    if unit.kind == HEAD:
        return "\n".join([unit.text, *map(table.written, unit.fields.values())])
    if unit.kind != REPORT:
        return f"{unit.text}="
    cells = {name: _cell(name, value) for name, value in unit.fields.items()}
    wind = [cells.get(name, "") for name in ("wind_from", "wind_speed", "gust", "wind_unit")]
    heat = [cells[name] for name in ("temperature", "dew_point") if name in cells]
    cells |= {
        "wind": f"{wind[0]}{wind[1]}{'G' if wind[2] else ''}{wind[2]}{wind[3]}",
        "heat": "/".join(heat),
        "qnh": f"Q{cells['qnh']}" if "qnh" in cells else "",
        "altimeter": f"A{cells['altimeter']}" if "altimeter" in cells else "",
    }
    order = (
        CODE, "amended", KEY, TIME, "state", "valid", "wind", "varies", "visibility", "weather",
        "clouds", "heat", "qnh", "altimeter",
    )  # fmt: skip
    return " ".join(filter(None, (*(cells.get(name) for name in order), unit.text))) + "="


def _cell(name: str, value: Value) -> str:
    if not isinstance(value, Decimal):
        return table.written(value)
    return f"{'M' if value < 0 else ''}{table.written(abs(value)).zfill(_WIDTHS.get(name, 0))}"


# --- edits -------------------------------------------------------------------------------------

RECORDS = keyed_verbs(
    REPORT,
    one="report",
    many="reports",
    a_field="group",
    key=KEY,
    readers=dict.fromkeys(_WIDTHS, table.typed),
    text="In a table, `text` is whatever has no column of its own, such as trends, changes and "
    "remarks, and numbers are plain, such as 800 for `0800`, -2 for `M02` and 1018 for `Q1018`.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=REPORT,
    keys=(KEY,),
    columns=(
        CODE, "amended", KEY, TIME, "state", "valid", "wind_from", "wind_speed", "gust",
        "wind_unit", "varies", "visibility", "weather", "clouds", "temperature", "dew_point", "qnh",
        "altimeter", TEXT,
    ),
    sortable=(KEY, TIME, "wind_speed", "visibility", "qnh"),
    removable=(TEXT, "clouds", "weather", "visibility"),
    extension=".txt",
    plural="reports",
)  # fmt: skip


def lift(document: Document, *, code: str) -> Document:
    """Say once under the heading what reports say themselves."""

    def lifted(unit: Unit) -> Unit:
        if unit.kind == HEAD:
            return programs.with_fields(unit, {CODE: code})
        if unit.kind != REPORT or unit.fields.get(CODE) != code:
            return unit
        return programs.with_fields(unit, {n: v for n, v in unit.fields.items() if n != CODE})

    return programs.in_each_file(document, lambda units: map(lifted, units))


def lower(document: Document, *, code: str) -> Document:
    """Let every report say itself what it is."""

    def lowered(unit: Unit) -> Unit:
        if unit.kind == HEAD:
            return programs.with_fields(unit, {})
        if unit.kind != REPORT or CODE in unit.fields:
            return unit
        return programs.with_fields(unit, {CODE: code, **unit.fields})

    return programs.in_each_file(document, lambda units: map(lowered, units))


def turn(document: Document, *, degrees: str, sign: int) -> Document:
    """Give directions of the wind against another north."""
    angle = sign * int(degrees)

    def direction(value: int) -> int:
        return (value + angle - 1) % 360 + 1 if 0 < value <= 360 else value

    def turned(unit: Unit) -> Unit:
        fields = dict(unit.fields)
        if isinstance(wind := fields.get("wind_from"), Decimal):
            fields["wind_from"] = Decimal(direction(int(wind)))
        if re.fullmatch(r"\d{3}V\d{3}", between := table.written(fields.get("varies"))):
            ends = (direction(int(between[:3])), direction(int(between[4:])))
            fields["varies"] = f"{ends[0]:03}V{ends[1]:03}"
        return programs.with_fields(unit, fields)

    return programs.each(document, REPORT, turned)


def delay(document: Document, *, minutes: str, sign: int) -> Document:
    """Move the time of reports; the days go round from the 31st to the first."""

    def delayed(unit: Unit) -> Unit:
        time = table.written(unit.fields.get(TIME))
        if not _TIME.fullmatch(time):
            return unit
        days, hours, rest = int(time[:2]) - 1, int(time[2:4]), int(time[4:6])
        total = (days * 1440 + hours * 60 + rest + sign * int(minutes)) % (31 * 1440)
        moved = f"{total // 1440 + 1:02}{total // 60 % 24:02}{total % 60:02}Z"
        return programs.with_fields(unit, {**unit.fields, TIME: moved})

    return programs.each(document, REPORT, delayed)


_TIME = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\dZ")


def part(document: Document, *, file: str, places: Mapping[str, str]) -> Document:
    """Move reports into files of their own by the first two letters of the station."""

    def place(unit: Unit) -> str:
        station = table.written(unit.fields.get(KEY))
        return places.get(station[:2], file) if unit.kind == REPORT else file

    units = document.files.get(file, ())
    parted = {to: tuple(u for u in units if place(u) == to) for to in (file, *places.values())}
    return Document({**document.files, **parted})


LIFT = Verb(
    "Write {code} once, on a line of its own under the heading, and no longer in each report. "
    "Reports of another kind keep theirs.",
    lift,
)
LOWER = Verb(
    "Begin every report that doesn't say what it is with {code}, and take the line under the "
    "heading away that says so.",
    lower,
)
TURN = Verb(
    "Give the wind against a north that lies {degrees} degrees further east: subtract as much from "
    "its direction and from both ends of a range such as `210V280`, and add 360 where that falls "
    "below 1. Leave `VRB`, `000`, trends and changes alone.",
    partial(turn, sign=-1),
)
TURN_BACK = Verb(
    "Give the wind against a north that lies {degrees} degrees further west: add as much to its "
    "direction and to both ends of a range such as `210V280`, and subtract 360 where that exceeds "
    "360. Leave `VRB`, `000`, trends and changes alone.",
    partial(turn, sign=1),
)
DELAY = Verb(
    "Add {minutes} minutes to the time at which each report was made, such as `312350Z`; the 31st "
    "is followed by the 1st.",
    partial(delay, sign=1),
)
ADVANCE = Verb(
    "Subtract {minutes} minutes from the time at which each report was made, such as `010010Z`; "
    "the 1st is preceded by the 31st.",
    partial(delay, sign=-1),
)
PART = Verb(
    "Move the reports of {file} into files of their own by the first two letters of the station, "
    "without a heading and in the same order: {**places}. Any other report stays where it is.",
    part,
)


def kind_once(document: Document, _: Random) -> Edit | None:
    """What the reports are, under the heading."""
    codes = programs.text_values(EDITS.records(document), CODE)
    said = all(CODE in u.fields for u in EDITS.records(document))
    heads = [u for u in document.units() if u.kind == HEAD]
    if len(codes) != 1 or not said or len(heads) != 1 or heads[0].fields:
        return None
    return edit("kind_once", "normalise", [LIFT(code=codes[0])], [LOWER(code=codes[0])])


def north(document: Document, rng: Random) -> Edit | None:
    """Another north for the wind."""
    if not any(isinstance(u.fields.get("wind_from"), Decimal) for u in EDITS.records(document)):
        return None
    degrees = rng.choice(("10", "20", "30"))
    return edit("north", "convert", [TURN(degrees=degrees)], [TURN_BACK(degrees=degrees)])


def clock(document: Document, rng: Random) -> Edit | None:
    """A clock that went wrong."""
    if not EDITS.records(document):
        return None
    minutes = rng.choice(("10", "60", "95"))
    return edit("clock", "renumber", [DELAY(minutes=minutes)], [ADVANCE(minutes=minutes)])


def indicators(document: Document, rng: Random) -> Edit | None:
    """New indicators for some stations."""
    present = programs.text_values(EDITS.records(document), KEY)
    olds = rng.sample(present, min(len(present), 4))
    legend = {old: f"{old[:2]}{rng.choice(_PAIRS)}" for old in olds}
    news = set(legend.values())
    if not olds or len(news) < len(legend) or news & set(present) or not sayable(*olds):
        return None
    forward = RECORDS.substitute(field=KEY, legend=legend)
    backward = RECORDS.substitute(field=KEY, legend=programs.inverse(legend))
    return edit("indicators", "rename", [forward], [backward])


def regions(document: Document, _: Random) -> Edit | None:
    """Reports in files by region; a table keeps the old order."""
    found = sorted({table.written(u.fields.get(KEY))[:2] for u in EDITS.records(document)})
    places = {region: f"{region.lower()}.txt" for region in found}
    file, order = EDITS.file(document), {"key": KEY, "order": "reports_order.csv"}
    if file is None or not 2 <= len(found) <= 8 or file in places.values():
        return None
    return edit(
        "regions",
        "split",
        [RECORDS.note(**order), PART(file=file, places=places)],
        [RECORDS.merge(file=file, places=tuple(places.values())), RECORDS.restore(**order)],
    )


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), kind_once, north, clock, indicators, regions,
    compose("exchange", clock, EDITS.extract, kind_once),
    compose("archive", north, indicators, EDITS.tabulate),
    compose("desks", EDITS.extract, clock, regions),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PAIRS = [a + b for a in _LETTERS for b in _LETTERS]
_REGIONS = ("EB", "ED", "EF", "EG", "EH", "EK", "EN", "EP", "ES", "LE", "LF", "LH", "LI", "LO")
_WEATHER = ("-RA", "RA", "+SHRA", "-SN", "BR", "FG", "HZ", "-DZ", "TSRA", "VCSH", "SHSN", "-RASN")
_REMARKS = ("QFE {}", "DENSITY ALT {}FT", "CLD BASE {}FT AGL", "THR WIND {}", "SEA STATE S{}")


def _report(rng: Random, code: str, station: str, day: int) -> Unit:
    minute = rng.choice((20, 50)) if rng.random() < 0.6 else rng.randrange(60)
    fields: dict[str, Value] = {
        CODE: code,
        KEY: station,
        TIME: f"{day:02}{rng.randint(4, 20):02}{minute:02}Z",
    }
    if code == "TAF":
        start = rng.randint(6, 22)
        fields["valid"] = f"{day:02}{start:02}/{day + 1:02}{rng.choice((start, 18, 24)):02}"
    fields |= _wind(rng) | _sky(rng)
    if code == "METAR":
        heat = Decimal(rng.randint(-12, 31))
        fields |= {"temperature": heat, "dew_point": heat - rng.randint(0, 11)}
        fields["qnh"] = Decimal(rng.randint(978, 1041))
    return Unit(REPORT, fields, key=KEY, text=_rest(rng, code, day))


def _wind(rng: Random) -> dict[str, Value]:
    speed, turning = rng.randint(2, 28), rng.randint(1, 36)
    fields: dict[str, Value] = {
        "wind_from": "VRB" if speed < 4 else Decimal(10 * turning),
        "wind_speed": Decimal(speed),
        "wind_unit": "KT",
    }
    if speed > 15 and rng.random() < 0.6:
        fields["gust"] = Decimal(speed + rng.randint(10, 18))
    if speed >= 4 and rng.random() < 0.25:
        ends = (10 * ((turning + by - 1) % 36 + 1) for by in (-rng.randint(2, 5), 4))
        fields["varies"] = "V".join(f"{end:03}" for end in ends)
    return fields


def _sky(rng: Random) -> dict[str, Value]:
    if rng.random() < 0.12:
        return {"visibility": "CAVOK"}
    near = rng.random() < 0.5
    levels = sorted(rng.sample(range(2, 120), rng.randint(1, 3)))
    clouds = (f"{rng.choice(('FEW', 'SCT', 'BKN', 'OVC'))}{level:03}" for level in levels)
    fields: dict[str, Value] = {
        "visibility": Decimal(100 * rng.randint(3, 80)) if near else Decimal(9999),
        "clouds": " ".join(clouds),
    }
    return {**fields, "weather": rng.choice(_WEATHER)} if near else fields


def _rest(rng: Random, code: str, day: int) -> str:
    """Changes of a forecast, or the trend and remarks of a report."""
    changes = []
    for _ in range(rng.randint(1, 3) if code == "TAF" else rng.choice((0, 0, 1))):
        hours = sorted(rng.sample(range(24), 2))
        period = f" {day:02}{hours[0]:02}/{day:02}{hours[1]:02}" if code == "TAF" else ""
        sky = f"{100 * rng.randint(8, 60):04} {rng.choice(_WEATHER)} BKN{rng.randint(4, 40):03}"
        changes.append(f"{rng.choice(('BECMG', 'TEMPO'))}{period} {sky}")
    if code == "METAR" and not changes and rng.random() < 0.6:
        changes.append("NOSIG")
    if code == "METAR" and rng.random() < 0.5:
        changes.append(f"RMK {rng.choice(_REMARKS).format(rng.randint(100, 1040))}")
    return " ".join(changes)


class Weather(Domain):
    """Bulletins of reports and forecasts for aerodromes."""

    name = "weather"
    category = "science"
    formats: ClassVar = {".txt": BULLETIN, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), LIFT, LOWER, TURN, TURN_BACK, DELAY, ADVANCE, PART,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """A bulletin of reports or of forecasts."""
        code = rng.choice(("METAR", "METAR", "TAF"))
        count = max(4, round(size / {"METAR": 22, "TAF": 33}[code]))
        day = rng.randint(2, 27)
        regions, pairs = rng.sample(_REGIONS, 4), rng.sample(_PAIRS, len(_PAIRS))
        stations = [f"{regions[i % 4]}{pairs[i // 4 % len(pairs)]}" for i in range(count)]
        first = f"{'SA' if code == 'METAR' else 'FT'}{rng.choice(_PAIRS)}{rng.randint(31, 59)}"
        centre = f"{rng.choice(regions)}{rng.choice(_PAIRS)}"
        heading = f"{first} {centre} {day:02}{rng.randint(20, 23)}{rng.randrange(60):02}"
        reports = [_report(rng, code, station, day) for station in stations]
        rng.shuffle(reports)
        return {"bulletin.txt": BULLETIN.render([Unit(HEAD, text=heading), *reports])}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; long reports wrapped; no `=` behind reports; blank lines."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"(?m)^((?:METAR|TAF) \S+ \S+) ", r"\1\n     ", text),
            text.replace("=\n", "\n"),
            text.replace("=\n", "=\n\n"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the office and a list of instruments."""
        return {
            "notes.md": content.memo(rng, size // 2),
            "instruments.csv": _instruments(rng, size // 2),
        }


def _instruments(rng: Random, size: int) -> str:
    rows = [
        Unit(
            table.ROW,
            {
                "no": code,
                "kind": rng.choice(("anemometer", "ceilometer", "barometer", "transmissometer")),
                "calibrated": str(content.day(rng)),
            },
        )
        for code in content.codes(rng, "IN", max(3, size // 12))
    ]
    return table.CSV.render(rows)


DOMAIN = Weather()
