"""A catalogue of satellites as two-line element sets, each under a line with its name.

A unit is a set, identified by its catalogue number. Its fields have the names of the Orbit Mean
elements Message (`NORAD_CAT_ID`, `MEAN_MOTION`, ...); the epoch is a time to the microsecond.

What counts is every element with every digit, and the order of sets. Checksums follow from the
rest: they are written anew, and a wrong or missing one is a field of its own. Zeros or blanks
before a number, a `0` before the name, and space at the end of lines mean nothing.

Known limits: a name stands directly above its set. Numbers in an unusual form are text.
Years of two digits are those from 1957 to 2056.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import ClassVar

from worktrial.documents import columns, content, programs, table
from worktrial.documents.columns import Column, as_number, number
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

SET = "set"
KEY, NAME, EPOCH, NODE = "NORAD_CAT_ID", "OBJECT_NAME", "EPOCH", "RA_OF_ASC_NODE"
_WIDTH = 68
_MISSING = "missing"
_TICK = timedelta(microseconds=864)
"""A hundred-millionth of a day, the last digit of an epoch."""
_OLDEST = 57


def _epoch(cell: str) -> Value:
    if not re.fullmatch(r"\d{5}\.\d{8}", cell):
        return cell
    year, days = int(cell[:2]), Decimal(cell[2:]) - 1
    start = datetime(year + (1900 if year >= _OLDEST else 2000), 1, 1)
    moment = start + int(days.scaleb(8)) * _TICK
    return moment if moment.year == start.year and days >= 0 else cell


def _written_epoch(value: Value) -> str:
    if not isinstance(value, datetime):
        return table.written(value)
    ticks, rest = divmod(value - datetime(value.year, 1, 1), _TICK)
    known = 1900 + _OLDEST <= value.year < 2000 + _OLDEST and not rest
    return f"{value:%y}{Decimal(ticks).scaleb(-8) + 1:012.8f}" if known else str(value)


def _power(cell: str) -> Value:
    """A number with its decimal point and its exponent understood: `-12345-4`."""
    found = re.fullmatch(r"([+-]?)(\d{5})([+-]\d)", cell)
    if found is None or (int(found[2]) == 0 and int(found[3])):
        return cell
    value = Decimal(f"{found[1]}0.{found[2]}E{found[3]}")
    return value if value else Decimal(0)


def _written_power(value: Value) -> str:
    if not isinstance(value, Decimal) or not value:
        return "00000-0"
    sign, digits, exponent = value.normalize().as_tuple()
    mantissa = "".join(map(str, digits)).ljust(5, "0")
    power = len(digits) + int(exponent)
    return f"{'-' * sign}{mantissa}{'-' if power <= 0 else '+'}{abs(power)}"


def _fraction(cell: str) -> Value:
    return Decimal(f"0.{cell}") if re.fullmatch(r"\d{7}", cell) else cell


def _written_fraction(value: Value) -> str:
    return columns.decimals(value, 7).removeprefix("0.")


def _written_drift(value: Value) -> str:
    return re.sub(r"^(-?)0\.", r"\1.", columns.decimals(value, 8))


_NUMBER = number(KEY, 3, 7, fill="0")
_FIRST = (
    Column("LINE", 1, 1),
    _NUMBER,
    Column("CLASSIFICATION_TYPE", 8, 8),
    Column("OBJECT_ID", 10, 17, left=True),
    Column(EPOCH, 19, 32, _epoch, _written_epoch),
    Column("MEAN_MOTION_DOT", 34, 43, as_number, _written_drift),
    Column("MEAN_MOTION_DDOT", 45, 52, _power, _written_power),
    Column("BSTAR", 54, 61, _power, _written_power),
    number("EPHEMERIS_TYPE", 63, 63),
    number("ELEMENT_SET_NO", 65, 68),
)
_SECOND = (
    Column("LINE", 1, 1),
    _NUMBER,
    number("INCLINATION", 9, 16, places=4),
    number(NODE, 18, 25, places=4),
    Column("ECCENTRICITY", 27, 33, _fraction, _written_fraction),
    number("ARG_OF_PERICENTER", 35, 42, places=4),
    number("MEAN_ANOMALY", 44, 51, places=4),
    number("MEAN_MOTION", 53, 63, places=8),
    number("REV_AT_EPOCH", 64, 68),
)
_LINES: Mapping[str, Sequence[Column]] = {"1": _FIRST, "2": _SECOND}


class ElementSets(Format):
    """Sets of a name, a line 1 and a line 2, of which the name and one line may be lacking."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a set; a line that belongs to none is opaque, and so ends before a blank."""
        units: list[Unit] = []
        name = ""
        for line in (*text.splitlines(), ""):
            elements = _elements(line)
            if elements is None:
                units += [opaque(name)] if name.strip() else []
                name = line
            elif not name and units and _belongs(elements, units[-1]):
                units[-1] = programs.with_fields(units[-1], {**units[-1].fields, **elements})
            else:
                units.append(Unit(SET, {**_named(name), **elements}, key=KEY))
                name = ""
        return units

    def render(self, units: Sequence[Unit]) -> str:
        """Three lines a set."""
        return "".join(map(_written, units))


def _elements(line: str) -> dict[str, Value] | None:
    which = line[:1]
    fields = columns.read(line[:_WIDTH], _LINES[which]) if which in _LINES else None
    digit = line[_WIDTH:].strip()
    if not fields or KEY not in fields or len(fields) == 2 or not re.fullmatch(r"[0-9]?", digit):
        return None
    del fields["LINE"]
    right = _checksum(line[:_WIDTH])
    if digit != str(right):
        off = Decimal((int(digit) - right) % 10) if digit else _MISSING
        fields[_off(which)] = off
    return fields


def _checksum(line: str) -> int:
    """The sum of all digits, a minus being 1, modulo 10."""
    return sum(int(c) if c in "0123456789" else c == "-" for c in line) % 10


def _off(which: str) -> str:
    """The field that says by how much the checksum of a line is wrong."""
    return f"CHECKSUM_{which}_OFF"


def _belongs(elements: Mapping[str, Value], unit: Unit) -> bool:
    """Whether a line 2 follows the line 1 of its set."""
    lines = [_present(_SECOND, unit.fields), _present(_FIRST, elements)]
    return unit.kind == SET and not any(lines) and unit.fields.get(KEY) == elements[KEY]


def _present(line: Sequence[Column], fields: Mapping[str, Value]) -> bool:
    return any(c.name in fields for c in line if c.name != KEY)


def _named(line: str) -> dict[str, Value]:
    name = line.strip()
    name = name[2:].strip() if name.startswith("0 ") else name
    return {NAME: name} if name else {}


def _written(unit: Unit) -> str:
    if unit.kind != SET:
        return f"{unit.layout or unit.text}\n\n"
    name = table.written(unit.fields.get(NAME))
    lines = [f"0 {name}" if name.startswith("0 ") else name] if name else []
    present = [w for w, line in _LINES.items() if _present(line, unit.fields)]
    for which in present or "1":
        line = columns.write({**unit.fields, "LINE": which}, _LINES[which])
        off = unit.fields.get(_off(which), Decimal(0))
        wrong = (_checksum(line) + int(off)) % 10 if isinstance(off, Decimal) else ""
        lines.append(f"{line}{wrong}")
    return "".join(f"{line}\n" for line in lines)


TLE = ElementSets()


# --- edits -------------------------------------------------------------------------------------


def _as_epoch(cell: str) -> Value:
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        return cell


_NUMERIC = tuple(c.name for line in (_FIRST, _SECOND) for c in line if c.read is not str)
RECORDS = keyed_verbs(
    SET,
    one="set",
    many="sets",
    a_field="element",
    key=KEY,
    readers={**dict.fromkeys(_NUMERIC, table.typed), EPOCH: _as_epoch},
    text="Numbers are plain, such as 0.0001027 for `10270-3`; an epoch is a time, such as "
    "`2026-01-31 12:00:00.000864` for `26031.50000001`.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=SET,
    keys=(KEY,),
    columns=(
        NAME, "OBJECT_ID", EPOCH, "MEAN_MOTION", "ECCENTRICITY", "INCLINATION", NODE,
        "ARG_OF_PERICENTER", "MEAN_ANOMALY", "EPHEMERIS_TYPE", "CLASSIFICATION_TYPE", KEY,
        "ELEMENT_SET_NO", "REV_AT_EPOCH", "BSTAR", "MEAN_MOTION_DOT", "MEAN_MOTION_DDOT",
    ),
    sortable=(EPOCH, "INCLINATION", "MEAN_MOTION", "ECCENTRICITY", NAME),
    shiftable={"ELEMENT_SET_NO": ("1", "500")},
    removable=("BSTAR", NAME, "OBJECT_ID", "MEAN_MOTION_DOT", "REV_AT_EPOCH"),
    extension=".tle",
    plural="sets",
)  # fmt: skip


def move_epoch(document: Document, *, days: str, sign: int) -> Document:
    """Move every epoch by days and fractions of days."""
    ticks = sign * int(Decimal(days).scaleb(8))

    def moved(unit: Unit) -> Unit:
        epoch = unit.fields.get(EPOCH)
        if not isinstance(epoch, datetime):
            return unit
        try:
            return programs.with_fields(unit, {**unit.fields, EPOCH: epoch + ticks * _TICK})
        except OverflowError:
            return unit

    return programs.each(document, SET, moved)


def turn(document: Document, *, degrees: str, sign: int) -> Document:
    """Count the node from another direction, within a full circle."""
    angle = sign * Decimal(degrees)

    def turned(unit: Unit) -> Unit:
        node = unit.fields.get(NODE)
        if not isinstance(node, Decimal) or not 0 <= node < 360:
            return unit
        return programs.with_fields(unit, {**unit.fields, NODE: (node + angle + 360) % 360})

    return programs.each(document, SET, turned)


def rename(document: Document, *, old: str, new: str) -> Document:
    """Put one beginning of names in the place of another."""

    def renamed(unit: Unit) -> Unit:
        name = unit.fields.get(NAME)
        if not isinstance(name, str) or not name.startswith(old):
            return unit
        return programs.with_fields(unit, {**unit.fields, NAME: new + name.removeprefix(old)})

    return programs.each(document, SET, renamed)


def part(document: Document, *, file: str, places: Mapping[str, str]) -> Document:
    """Move sets into files of their own by the last word of the name."""

    def place(unit: Unit) -> str:
        words = table.written(unit.fields.get(NAME)).split()
        return places.get(words[-1], file) if unit.kind == SET and words else file

    units = document.files.get(file, ())
    parted = {to: [u for u in units if place(u) == to] for to in (file, *places.values())}
    return Document({**document.files, **{to: tuple(us) for to, us in parted.items()}})


ADD_DAYS = Verb("Add {days} days to the epoch of every set.", partial(move_epoch, sign=1))
TAKE_DAYS = Verb("Subtract {days} days from the epoch of every set.", partial(move_epoch, sign=-1))
EAST = Verb(
    "Count the right ascension of every ascending node from a direction {degrees} degrees further "
    "east: subtract as much from it, and add 360 where that falls below 0.",
    partial(turn, sign=-1),
)
WEST = Verb(
    "Count the right ascension of every ascending node from a direction {degrees} degrees further "
    "west: add as much to it, and subtract 360 where that reaches 360 or more.",
    partial(turn, sign=1),
)
RENAME = Verb("Where the name of an object begins with {old}, let it begin with {new}.", rename)
PART = Verb(
    "Move the sets of {file} into files of their own by the last word of the object's name, in the "
    "same format and order: {**places}. Any other set stays where it is.",
    part,
)


def epoch(document: Document, rng: Random) -> Edit | None:
    """All epochs by an exact amount of time."""
    epochs = [u.fields.get(EPOCH) for u in EDITS.records(document)]
    if not epochs or not all(isinstance(e, datetime) and 1957 < e.year < 2056 for e in epochs):
        return None
    days = rng.choice(("0.5", "0.25", "1.125"))
    return edit("epoch", "renumber", [ADD_DAYS(days=days)], [TAKE_DAYS(days=days)])


def node(document: Document, rng: Random) -> Edit | None:
    """Another direction to count nodes from."""
    if not any(isinstance(u.fields.get(NODE), Decimal) for u in EDITS.records(document)):
        return None
    degrees = rng.choice(("15.5", "30.25", "100.4606"))
    return edit("node", "convert", [EAST(degrees=degrees)], [WEST(degrees=degrees)])


def operator(document: Document, rng: Random) -> Edit | None:
    """A constellation under a new name."""
    names = [table.written(u.fields.get(NAME)) for u in EDITS.records(document)]
    found = sorted({name[: name.index("-") + 1] for name in names if name.find("-") > 0})
    olds = [old for old in found if sayable(old)]
    new = f"{rng.choice(_OWNERS)}-"
    if not olds or any(name.startswith(new) for name in names):
        return None
    old = rng.choice(olds)
    return edit("operator", "rename", [RENAME(old=old, new=new)], [RENAME(old=new, new=old)])


def debris(document: Document, _: Random) -> Edit | None:
    """Rocket bodies and debris in files of their own; a table keeps the old order."""
    names = [table.written(u.fields.get(NAME)) for u in EDITS.records(document)]
    found = {name.split()[-1] for name in names if name}
    places = {word: to for word, to in _PARTS.items() if word in found}
    file, order = EDITS.file(document), {"key": KEY, "order": "sets_order.csv"}
    if file is None or not places or file in places.values():
        return None
    return edit(
        "debris",
        "split",
        [RECORDS.note(**order), PART(file=file, places=places)],
        [RECORDS.merge(file=file, places=tuple(places.values())), RECORDS.restore(**order)],
    )


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), epoch, node, operator, debris,
    compose("handover", operator, epoch, EDITS.tabulate),
    compose("screening", node, EDITS.extract, debris),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_PARTS = {"R/B": "rocket_bodies.tle", "DEB": "debris.tle"}
_OWNERS = ("ARGENT", "BOREAL", "CASSINI", "DELPHI", "EOLUS")
_FAMILIES = tuple(name.upper() for name in content.FIRMS)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def _set(rng: Random, number_: int, name: str) -> Unit:
    motion = rng.choice(((1_100_000_000, 1_560_000_000), (99_000_000, 101_000_000)))
    fields: dict[str, Value] = {
        NAME: name,
        KEY: Decimal(number_),
        "CLASSIFICATION_TYPE": "U",
        "OBJECT_ID": f"{rng.randrange(100):02}{rng.randint(1, 180):03}{rng.choice(_LETTERS)}",
        EPOCH: datetime(2026, 1, 2) + rng.randrange(28 * 10**8) * _TICK,
        "MEAN_MOTION_DOT": _decimal(rng, -900, 30_000, 8),
        "MEAN_MOTION_DDOT": Decimal(0) if rng.random() < 0.8 else _decimal(rng, 10_000, 99_999, 10),
        "BSTAR": _decimal(rng, 10_000, 99_999, rng.randint(7, 9)),
        "EPHEMERIS_TYPE": Decimal(0),
        "ELEMENT_SET_NO": Decimal(rng.randint(200, 999)),
        "INCLINATION": _decimal(rng, 10_000, 1_050_000, 4),
        NODE: _decimal(rng, 0, 3_599_999, 4),
        "ECCENTRICITY": _decimal(rng, 1000, 200_000, 7),
        "ARG_OF_PERICENTER": _decimal(rng, 0, 3_599_999, 4),
        "MEAN_ANOMALY": _decimal(rng, 0, 3_599_999, 4),
        "MEAN_MOTION": _decimal(rng, *motion, 8),
        "REV_AT_EPOCH": Decimal(rng.randint(100, 90_000)),
    }
    return Unit(SET, fields, key=KEY)


def _decimal(rng: Random, low: int, high: int, places: int) -> Decimal:
    return Decimal(rng.randint(low, high)).scaleb(-places)


def _names(rng: Random, count: int) -> list[str]:
    """Names of working satellites, rocket bodies and debris, always some of each."""
    forms = ("{}-{}", "{} {} R/B", "{}-{}", "{} {} DEB")
    few = content.distinct(rng, _FAMILIES, 6)
    numbers = rng.sample(range(1, 60 + 3 * count), count)
    return [forms[i % 4].format(rng.choice(few), n) for i, n in enumerate(numbers)]


class Satellite(Domain):
    """A catalogue of satellites."""

    name = "satellite"
    category = "science"
    formats: ClassVar = {".tle": TLE, ".txt": TLE, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), ADD_DAYS, TAKE_DAYS, EAST, WEST, RENAME, PART,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """A month's sets in the order of their catalogue numbers."""
        count = max(4, round(size / 45))
        numbers = sorted(rng.sample(range(10_000, 60_000), count))
        names = content.distinct(rng, _names(rng, count), count)
        sets = [_set(rng, n, name) for n, name in zip(numbers, names, strict=True)]
        return {"catalogue.tle": TLE.render(sets)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; names padded, and after a `0`; a blank line between sets."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"(?m)^([A-Z].*)$", r"0 \1      ", text),
            re.sub(r"(?m)^(2 .*)$", r"\1\n", text),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Stations that track, and notes on them."""
        return {"notes.md": content.memo(rng, size // 2), "stations.csv": _stations(rng, size // 2)}


def _stations(rng: Random, size: int) -> str:
    rows = [
        Unit(
            table.ROW,
            {
                "station": code,
                "city": rng.choice(content.CITIES),
                "latitude": _decimal(rng, -600_000, 700_000, 4),
            },
        )
        for code in content.codes(rng, "ST", max(3, size // 10))
    ]
    return table.CSV.render(rows)


DOMAIN = Satellite()
