"""Notices to airmen (NOTAM), in the form of the ICAO with its items Q) and A) to G).

A unit is a notice, identified by its number. The parts of Q) and the other items are fields, item
E) is its text.

What counts is every item, times to the minute, and the order of notices. Line breaks and
spaces within a notice, and the brackets around it, mean nothing.

Known limits: a blank line ends a notice. An item out of its order belongs to the one before. Edits
read times, levels and coordinates in their own items alone, not in the wording of E).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import TEXT, KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

NOTICE = "notice"
KEY, ACTION, REPLACED, LOOSE = "number", "action", "replaced", "loose"
_NUMBER = r"[A-Z]\d{4}/\d\d"
_HEAD = re.compile(rf"^[ \t]*\(?({_NUMBER})\s+(NOTAM[NRC])\b(?:[ \t]+({_NUMBER}))?", re.MULTILINE)
_ITEM = re.compile(r"(?:^|(?<=\s))([QABCDEFG])\)(?=\s|$)")
_Q = re.compile(
    r"(?P<fir>[A-Z]{4})/(?P<code>Q[A-Z]{4})/(?P<traffic>[A-Z]{1,2})/(?P<purpose>[A-Z]{1,3})/"
    r"(?P<scope>[A-Z]{1,2})/(?P<lower>\d{3})/(?P<upper>\d{3})/"
    r"(?P<centre>(?:\d\d){2,3}[NS](?:\d\d){2,3}\d[EW])(?P<radius>\d{3})?"
)
_PARTS = tuple(_Q.groupindex)
_NUMERIC = ("lower", "upper", "radius")
_PLAIN = ("A", "B", "C", "D", "F", "G")


class Notam(Format):
    """A paragraph a notice."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a notice; a paragraph, or its beginning, that is none is opaque."""
        units: list[Unit] = []
        for paragraph in re.split(r"\n[ \t\r]*(?=\n)", text.replace("\r\n", "\n")):
            heads = list(_HEAD.finditer(paragraph))
            ends = [head.start() for head in heads] + [len(paragraph)]
            before = paragraph[: ends[0]]
            units += [opaque(before.strip())] if before.strip() else []
            units += [
                _unit(head, paragraph[head.end() : end])
                for head, end in zip(heads, ends[1:], strict=True)
            ]
        return units

    def render(self, units: Sequence[Unit]) -> str:
        """Notices with a blank line between them."""
        return "\n".join(f"{_written(unit)}\n" for unit in units)


NOTAM = Notam()


def _unit(head: re.Match[str], body: str) -> Unit:
    fields: dict[str, Value] = {KEY: head[1], ACTION: head[2]}
    if head[3]:
        fields[REPLACED] = head[3]
    bracket = head[0].lstrip().startswith("(") and body.rstrip().endswith(")")
    items = _items(body.rstrip()[:-1] if bracket else body)
    for letter, value in items.items():
        fields |= _read(letter, value)
    return Unit(NOTICE, fields, key=KEY, text=items.get("E", ""))


def _items(body: str) -> dict[str, str]:
    """What stands behind each letter, in the order of letters, with single spaces."""
    found: dict[str, str] = {}
    last, at = "", 0
    order = " QABCDEFG"
    for item in (*_ITEM.finditer(body), None):
        if item is None or order.index(item[1]) > order.index(last or " "):
            found[last or LOOSE] = " ".join(body[at : item.start() if item else None].split())
            last, at = (item[1], item.end()) if item else ("", 0)
    return {letter: value for letter, value in found.items() if value}


def _read(letter: str, value: str) -> dict[str, Value]:
    if letter == "E":
        return {}
    if letter == "Q" and (found := _Q.fullmatch(value.replace(" ", ""))):
        return {
            name: Decimal(cell) if name in _NUMERIC else cell
            for name, cell in found.groupdict().items()
            if cell
        }
    if letter == "C" and value.endswith(" EST"):
        return {"C": _time(value.removesuffix(" EST")), "estimate": "EST"}
    return {letter: _time(value) if letter in "BC" else value}


def _time(cell: str) -> Value:
    if not re.fullmatch("[0-9]{10}", cell):
        return cell
    try:
        return datetime.strptime(f"20{cell}", "%Y%m%d%H%M")
    except ValueError:
        return cell


def _written(unit: Unit) -> str:
    if unit.kind != NOTICE:
        return unit.layout or unit.text
    cells = {name: _cell(name, value) for name, value in unit.fields.items()}
    if any(name in cells for name in _PARTS):
        cells["Q"] = "/".join(cells.get(name, "") for name in _PARTS[:-1]) + cells.get("radius", "")
    cells |= {"E": unit.text, "C": f"{cells.get('C', '')} {cells.get('estimate', '')}".strip()}
    head = " ".join(cells[n] for n in (KEY, ACTION, REPLACED) if n in cells)
    items = [
        " ".join(f"{c}) {cells[c]}" for c in letters if cells.get(c))
        for letters in ("Q", "ABC", "D", "E", "FG")
    ]
    return "(" + "\n".join(filter(None, (head, cells.get(LOOSE), *items))) + ")"


def _cell(name: str, value: Value) -> str:
    match value:
        case datetime() if 2000 <= value.year < 2100 and not value.second:
            return f"{value:%y%m%d%H%M}"
        case Decimal() if name in _NUMERIC:
            return f"{value:f}".zfill(3)
        case _:
            return table.written(value)


# --- edits -------------------------------------------------------------------------------------


def _as_time(cell: str) -> Value:
    try:
        return datetime.fromisoformat(cell) if "-" in cell else cell
    except ValueError:
        return cell


RECORDS = keyed_verbs(
    NOTICE,
    one="notice",
    many="notices",
    a_field="item",
    key=KEY,
    readers={**dict.fromkeys(_NUMERIC, table.typed), "B": _as_time, "C": _as_time},
    text="In a table, `text` is item E), Q) is its parts from `fir` to `radius`, `lower`, `upper` "
    "and `radius` are plain numbers such as 5 for `005`, an `EST` behind C) is `estimate`, and a "
    "time is written as `2026-01-31 12:00:00`.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=NOTICE,
    keys=(KEY,),
    columns=(KEY, ACTION, REPLACED, *_PARTS, "A", "B", "C", "estimate", "D", "F", "G", TEXT),
    sortable=(KEY, "A", "B", "fir", "code"),
    category="fir",
    removable=("D", "A", "radius", TEXT),
    extension=".txt",
    plural="notices",
)


def _each(document: Document, change: Callable[[Unit], Unit]) -> Document:
    return programs.each(document, NOTICE, change)


def _rewrite(document: Document, names: Sequence[str], change: Callable[[str], str]) -> Document:
    """Change the text of some items."""

    def rewritten(unit: Unit) -> Unit:
        fields = {
            n: change(v) if n in names and isinstance(v, str) else v for n, v in unit.fields.items()
        }
        return replace(unit, fields=fields, text=change(unit.text) if TEXT in names else unit.text)

    return _each(document, rewritten)


def renumber(document: Document, *, amount: str, sign: int) -> Document:
    """Move the numbers of notices wherever they stand; behind 9999 comes 0000."""

    def moved(found: re.Match[str]) -> str:
        return f"{found[1]}{(int(found[2]) + sign * int(amount)) % 10_000:04}{found[3]}"

    numbered = re.compile(r"\b([A-Z])(\d{4})(/\d\d)\b")
    return _rewrite(document, (KEY, REPLACED, TEXT), lambda text: numbered.sub(moved, text))


def shift(document: Document, *, hours: str, sign: int) -> Document:
    """Give times in another time of day."""
    by = sign * timedelta(hours=int(hours))

    def shifted(unit: Unit) -> Unit:
        times = {n: v for n, v in unit.fields.items() if isinstance(v, datetime)}
        if any(not 1 < t.year < 9999 for t in times.values()):
            return unit
        return programs.with_fields(unit, {**unit.fields, **{n: t + by for n, t in times.items()}})

    return _each(document, shifted)


def to_feet(document: Document) -> Document:
    """Write flight levels as feet."""
    return _rewrite(document, ("F", "G"), lambda t: re.sub(r"^FL(\d{3})$", r"\g<1>00FT STD", t))


def to_levels(document: Document) -> Document:
    """Write feet of the standard atmosphere as flight levels."""
    return _rewrite(document, ("F", "G"), lambda t: re.sub(r"^(\d{3})00FT STD$", r"FL\1", t))


def with_seconds(document: Document) -> Document:
    """Give centres to the second."""
    pattern = re.compile(r"(\d{4})([NS])(\d{5})([EW])")

    def longer(text: str) -> str:
        found = pattern.fullmatch(text)
        return f"{found[1]}00{found[2]}{found[3]}00{found[4]}" if found else text

    return _rewrite(document, ("centre",), longer)


def without_seconds(document: Document) -> Document:
    """Give centres to the minute where they are whole minutes."""
    pattern = re.compile(r"(\d{4})00([NS])(\d{5})00([EW])")

    def shorter(text: str) -> str:
        found = pattern.fullmatch(text)
        return "".join(found.groups()) if found else text

    return _rewrite(document, ("centre",), shorter)


def say(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Replace whole words of E)."""
    words = "|".join(map(re.escape, sorted(legend, key=len, reverse=True)))
    pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)")
    return _rewrite(document, (TEXT,), lambda text: pattern.sub(lambda w: legend[w[0]], text))


RAISE = Verb(
    "Add {amount} to the four digits of every notice's number, wherever it stands: at the head, "
    "where it is replaced or cancelled, and in E). After 9999 comes 0000.",
    partial(renumber, sign=1),
)
LOWER = Verb(
    "Subtract {amount} from the four digits of every notice's number, wherever it stands: at the "
    "head, where it is replaced or cancelled, and in E). Before 0000 comes 9999.",
    partial(renumber, sign=-1),
)
AHEAD = Verb(
    "Give the times of B) and C) in a time that is {hours} hours ahead: add as much to each.",
    partial(shift, sign=1),
)
BEHIND = Verb(
    "Give the times of B) and C) in a time that is {hours} hours behind: subtract as much from "
    "each.",
    partial(shift, sign=-1),
)
FEET = Verb(
    "Write flight levels in F) and G) as feet of the standard atmosphere, `FL095` as "
    "`09500FT STD`.",
    to_feet,
)
LEVELS = Verb(
    "Write feet of the standard atmosphere in F) and G) as flight levels, `09500FT STD` as "
    "`FL095`.",
    to_levels,
)
SECONDS = Verb(
    "Give the centre in Q) to the second, `5002N00834E` as `500200N0083400E`.", with_seconds
)
MINUTES = Verb(
    "Give the centre in Q) to the minute where its seconds are zero, `500200N0083400E` as "
    "`5002N00834E`.",
    without_seconds,
)
SAY = Verb("In E), replace these words wherever they stand whole: {**legend}.", say)


def numbers(document: Document, rng: Random) -> Edit | None:
    """Another range of numbers, with all references."""
    if not EDITS.records(document):
        return None
    amount = rng.choice(("100", "250", "3000"))
    return edit("numbers", "renumber", [RAISE(amount=amount)], [LOWER(amount=amount)])


def local_time(document: Document, rng: Random) -> Edit | None:
    """Times of another zone."""
    times = [v for u in EDITS.records(document) for v in u.fields.values()]
    years = [t.year for t in times if isinstance(t, datetime)]
    if not years or min(years) < 2001 or max(years) > 2098:
        return None
    hours = rng.choice(("1", "2", "3"))
    return edit("local_time", "convert", [AHEAD(hours=hours)], [BEHIND(hours=hours)])


def feet(document: Document, _: Random) -> Edit | None:
    """Flight levels in feet."""
    limits = [table.written(u.fields.get(n)) for u in EDITS.records(document) for n in "FG"]
    if any("STD" in limit for limit in limits) or not any(map(_is_level, limits)):
        return None
    return edit("feet", "convert", [FEET()], [LEVELS()])


def _is_level(limit: str) -> bool:
    return re.fullmatch(r"FL\d{3}", limit) is not None


def precise(document: Document, _: Random) -> Edit | None:
    """Centres to the second."""
    centres = {len(table.written(u.fields.get("centre", ""))) for u in EDITS.records(document)}
    if centres - {0} != {len("5002N00834E")}:
        return None
    return edit("precise", "convert", [SECONDS()], [MINUTES()])


def plain_words(document: Document, _: Random) -> Edit | None:
    """Abbreviations written out."""
    texts = [u.text for u in EDITS.records(document)]
    words = {word for text in texts for word in re.findall(r"\w+", text)}
    legend = {
        old: new
        for old, new in _WORDS.items()
        if old in words and not any(new in text for text in texts)
    }
    if not legend or not sayable(*legend):
        return None
    forward, backward = SAY(legend=legend), SAY(legend=programs.inverse(legend))
    return edit("plain_words", "substitute", [forward], [backward])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), numbers, local_time, feet, precise, plain_words,
    compose("briefing", plain_words, local_time, EDITS.sort),
    compose("chart", feet, precise, numbers, EDITS.extract),
    compose("desks", numbers, plain_words, EDITS.split),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_WORDS = {
    "CLSD": "CLOSED", "WIP": "WORK IN PROGRESS", "U/S": "UNSERVICEABLE", "AVBL": "AVAILABLE",
    "BTN": "BETWEEN", "OPS": "OPERATIONS", "MAINT": "MAINTENANCE", "RWY": "RUNWAY",
    "TWY": "TAXIWAY", "OBST": "OBSTACLE", "ACT": "ACTIVE",
}  # fmt: skip
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_REGIONS = ("EB", "ED", "EF", "EG", "EH", "EK", "EN", "EP", "ES", "LE", "LF", "LI", "LO")
_AERODROME = (
    ("QMRLC", "A", "RWY {a:02}/{b:02} CLSD DUE TO WIP {n}M FROM THR"),
    ("QMXLC", "A", "TWY {c} BTN TWY {d} AND STAND {n} CLSD"),
    ("QNVAS", "AE", "VOR/DME {c}{d}X {a}.{b}0MHZ U/S FOR MAINT"),
    ("QOBCE", "AE", "OBST ERECTED: CRANE {n}FT AGL, {b}0M EAST OF THR RWY {a:02}, LIGHTED"),
    ("QFUAU", "A", "FUEL {c} NOT AVBL, CALL +{n}{n} FOR OPS AFTER {a:02}30"),
    ("QLPAS", "A", "PAPI RWY {a:02} U/S, GLIDE ANGLE {b}.{d}"),
    ("QICAS", "A", "ILS RWY {a:02} FREQ 1{b:02}.{n}MHZ U/S DUE TO FLIGHT CHECK"),
    ("QMALT", "A", "PARKING ON APRON {c} LIMITED TO {b} AIRCRAFT BELOW {n} TONS"),
)
_AIRSPACE = (
    ("QRTCA", "W", "TEMPO RESTRICTED AREA {c}{n} ACT, FIRING UP TO {b}00FT"),
    ("QWULW", "W", "UNMANNED AIRCRAFT OPS WITHIN {b}NM OF {c}{d}-TOWER {n}"),
    ("QWPLW", "W", "PARACHUTE JUMPING EXERCISE {a}NM FROM VILLAGE {c}{d}, UP TO {n} DROPS"),
)


def _notice(rng: Random, number: str, fir: str, *, airspace: bool) -> Unit:
    code, scope, form = rng.choice(_AIRSPACE if airspace else _AERODROME)
    said = form.format(
        a=rng.randint(1, 18), b=rng.randint(19, 36), c=rng.choice(_LETTERS), d=rng.randint(1, 9),
        n=rng.randint(100, 999),
    )  # fmt: skip
    begin = datetime.combine(content.day(rng), datetime.min.time()) + rng.randrange(288) * _STEP
    fields: dict[str, Value] = {KEY: number, ACTION: "NOTAMN"}
    if rng.random() < 0.3:
        fields |= {ACTION: "NOTAMR", REPLACED: f"{number[0]}{rng.randint(1, 4999):04}/26"}
    fields |= {
        "fir": fir,
        "code": code,
        "traffic": rng.choice(("IV", "I", "V")),
        "purpose": rng.choice(("NBO", "BO", "M", "B")),
        "scope": scope,
        "lower": Decimal(0),
        "upper": Decimal(999),
        "centre": f"{rng.randint(40, 65)}{rng.randrange(60):02}N{rng.randint(0, 25):03}"
        f"{rng.randrange(60):02}E",
        "radius": Decimal(rng.randint(1, 40)),
        "A": fir if airspace else f"{fir[:2]}{rng.choice(_LETTERS)}{rng.choice(_LETTERS)}",
        "B": begin,
        "C": begin + rng.randint(24, 20_000) * _STEP,
    }
    if rng.random() < 0.3:
        fields["estimate"] = "EST"
    if rng.random() < 0.5:
        fields["D"] = f"{rng.choice(_DAYS)} {rng.randint(4, 11):02}00-{rng.randint(12, 22)}30"
    return Unit(NOTICE, fields | (_limits(rng) if airspace else {}), key=KEY, text=said)


_STEP = timedelta(minutes=5)
_DAYS = ("DAILY", "MON-FRI", "SAT SUN", "TUE THU", "MON", "WED-SUN", "FRI")


def _limits(rng: Random) -> dict[str, Value]:
    """The heights of an airspace; its lower and upper flight levels in Q) say the same."""
    low, high = rng.randint(2, 9), rng.randint(60, 245)
    under: dict[str, Value] = {"lower": Decimal(0), "F": "GND"}
    if rng.random() < 0.5:
        under = {"lower": Decimal(5 * low), "F": f"{500 * low}FT AMSL"}
    return {**under, "upper": Decimal(high), "G": f"FL{high:03}"}


class Aviation(Domain):
    """Notices to airmen."""

    name = "aviation"
    category = "science"
    formats: ClassVar = {".txt": NOTAM, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), RAISE, LOWER, AHEAD, BEHIND, FEET, LEVELS, SECONDS, MINUTES, SAY,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """Notices of a few flight information regions, in the order of their numbers."""
        count = max(4, round(size / 51))
        firs = [region + "".join(rng.choices(_LETTERS, k=2)) for region in rng.sample(_REGIONS, 3)]
        series = rng.choice("ABCDEFGW")
        numbers_ = sorted(rng.sample(range(1, 5000), count))
        notices = [
            _notice(rng, f"{series}{n:04}/26", firs[i % 3], airspace=i % 4 == 0)
            for i, n in enumerate(numbers_)
        ]
        return {"notices.txt": NOTAM.render(notices)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; no brackets; an item a line; wider spacing."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"(?m)^\((?=[A-Z]\d)|\)$", "", text),
            re.sub(r" ([BCG]\) )", r"\n\1", text),
            re.sub(r"(?m)^(Q\) \w+/\w+)/", r"\1 /", text).replace("\n\n", "\n\n\n"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the office and a list of contacts."""
        return {"notes.md": content.memo(rng, size // 2), "contacts.csv": _contacts(rng, size // 2)}


def _contacts(rng: Random, size: int) -> str:
    rows = [
        Unit(
            table.ROW,
            {
                "no": code,
                "desk": rng.choice(content.CITIES),
                "name": content.person(rng),
            },
        )
        for code in content.codes(rng, "AIS", max(3, size // 11))
    ]
    return table.CSV.render(rows)


DOMAIN = Aviation()
