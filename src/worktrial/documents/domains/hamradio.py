"""The log of a radio amateur, in ADIF.

A unit is a contact, identified by its log number; every tag is a field. The header is structural.

What counts is every tag with its value, to the byte that the tag's length gives, and the order of
contacts. The case of tag names, the order of tags and the space between them mean nothing.

Known limits: values are text but for frequency, power and log number, and data types
after the length (`<FREQ:6:N>`) are dropped. What stands between tags is kept as text.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

CONTACT, HEAD = "contact", "head"
NUMBER = "APP_WORKLOG_NO"
_TAG = re.compile(r"<([A-Za-z]\w{0,40}):(\d{1,6})(?::[A-Za-z])?>")
_END = re.compile(r"<(eoh|eor)>", re.IGNORECASE)
_DAY = len("20260131")
_NUMERIC = ("FREQ", "TX_PWR", NUMBER)


class Adif(Format):
    """Tags with the length of their values; a record ends with `<EOR>`, the header with `<EOH>`."""

    def parse(self, text: str) -> list[Unit]:
        """The header and one unit a contact."""
        units, at = [], 0
        for end in _END.finditer(text):
            if end.start() < at:
                continue
            units.append(_unit(text[at : end.start()], head=end[1].lower() == "eoh"))
            at = end.end()
        return [*units, *([opaque(text[at:])] if text[at:].strip() else [])]

    def render(self, units: Sequence[Unit]) -> str:
        """The header, a blank line, and a contact a line."""
        return "".join(map(_written, units))


ADIF = Adif()


def _unit(text: str, *, head: bool) -> Unit:
    fields: dict[str, Value] = {}
    loose, at = [], 0
    while found := _TAG.search(text, at):
        loose.append(text[at : found.start()])
        at = found.end() + int(found[2])
        value = text[found.end() : at]
        name = found[1].upper()
        if name in fields:
            loose.append(found[0] + value)
        else:
            fields[name] = table.typed(value) if name in _NUMERIC else value
    loose.append(text[at:])
    rest = " ".join(" ".join(loose).split())
    if head:
        return Unit(HEAD, fields, text=rest, structural=True)
    return Unit(CONTACT, fields, key=NUMBER, text=rest) if fields else opaque(text)


def _written(unit: Unit) -> str:
    if unit.kind not in (HEAD, CONTACT):
        return f"{unit.layout or unit.text}\n"
    values = {n: table.written(v) for n, v in unit.fields.items()}
    tags = " ".join(f"<{n}:{len(v)}>{v}" for n, v in values.items())
    if unit.kind == HEAD:
        return f"{unit.text}\n{tags} <EOH>\n\n".lstrip("\n")
    return " ".join(part for part in (unit.text, tags, "<EOR>") if part) + "\n"


# --- edits -------------------------------------------------------------------------------------

RECORDS = keyed_verbs(
    CONTACT,
    one="contact",
    many="contacts",
    a_field="tag",
    key=NUMBER,
    readers=dict.fromkeys(_NUMERIC, table.typed),
)
EDITS = KeyedEdits(
    RECORDS,
    kind=CONTACT,
    keys=(NUMBER,),
    columns=(
        NUMBER, "QSO_DATE", "TIME_ON", "CALL", "BAND", "FREQ", "MODE", "RST_SENT", "RST_RCVD",
        "GRIDSQUARE", "TX_PWR", "NAME", "COMMENT",
    ),
    sortable=("CALL", "FREQ", "TIME_ON", "GRIDSQUARE"),
    scalable={"FREQ": "1000", "TX_PWR": "1000"},
    shiftable={NUMBER: ("1000", "2500")},
    category="MODE",
    removable=("COMMENT", "NAME", "GRIDSQUARE"),
    recodes={
        "BAND": {"80m": "3.5 MHz", "40m": "7 MHz", "20m": "14 MHz", "15m": "21 MHz"},
        "MODE": {"CW": "A1A", "SSB": "J3E", "FM": "F3E"},
    },
    extension=".adi",
    plural="contacts",
)  # fmt: skip


def fold(document: Document, *, target: str) -> Document:
    """Write date and time of every contact into one tag."""

    def folded(unit: Unit) -> Unit:
        day, time = (unit.fields.get(n) for n in ("QSO_DATE", "TIME_ON"))
        if not isinstance(day, str) or not isinstance(time, str) or len(day) != _DAY:
            return unit
        rest = {n: v for n, v in unit.fields.items() if n not in ("QSO_DATE", "TIME_ON")}
        return programs.with_fields(unit, {**rest, target: f"{day}T{time}"})

    return programs.each(document, CONTACT, folded)


def unfold(document: Document, *, target: str) -> Document:
    """Write date and time from one tag into the two that they came from."""

    def unfolded(unit: Unit) -> Unit:
        both = unit.fields.get(target)
        if not isinstance(both, str) or both[_DAY : _DAY + 1] != "T":
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != target}
        whole = {**rest, "QSO_DATE": both[:_DAY], "TIME_ON": both[_DAY + 1 :]}
        return programs.with_fields(unit, whole)

    return programs.each(document, CONTACT, unfolded)


def lift(document: Document, *, tag: str, value: str) -> Document:
    """Say once in the header what contacts say with this value."""

    def lifted(unit: Unit) -> Unit:
        if unit.kind == HEAD:
            return programs.with_fields(unit, {**unit.fields, tag: value})
        if unit.kind != CONTACT or unit.fields.get(tag) != value:
            return unit
        return programs.with_fields(unit, {n: v for n, v in unit.fields.items() if n != tag})

    return programs.in_each_file(document, lambda units: map(lifted, units))


def lower(document: Document, *, tag: str, value: str) -> Document:
    """Give a tag of the header to every contact that has none."""

    def lowered(unit: Unit) -> Unit:
        if unit.kind == HEAD:
            return programs.with_fields(unit, {n: v for n, v in unit.fields.items() if n != tag})
        if unit.kind != CONTACT or tag in unit.fields:
            return unit
        return programs.with_fields(unit, {**unit.fields, tag: value})

    return programs.in_each_file(document, lambda units: map(lowered, units))


FOLD = Verb(
    "In every contact, put `QSO_DATE` and `TIME_ON` together in the one tag {target}, as "
    "`20260131T174500` for 17:45:00 on 31 January 2026.",
    fold,
)
UNFOLD = Verb(
    "In every contact, take the tag {target}, such as `20260131T174500`, apart into `QSO_DATE` "
    "(what stands before the `T`) and `TIME_ON` (what follows it).",
    unfold,
)
LIFT = Verb(
    "Move the tag {tag} from the contacts to the header, with the value {value}. A contact with "
    "another value keeps its own.",
    lift,
)
LOWER = Verb(
    "Give every contact that has no tag {tag} this tag with the value {value}, and take it out "
    "of the header.",
    lower,
)


def one_time(document: Document, _: Random) -> Edit | None:
    """Date and time in one tag."""
    contacts = EDITS.records(document)
    both = all(
        re.fullmatch(r"\d{8}", table.written(u.fields.get("QSO_DATE"))) and "TIME_ON" in u.fields
        for u in contacts
    )
    target = "APP_WORKLOG_START"
    if not both or any(target in u.fields for u in contacts):
        return None
    return edit("one_time", "normalise", [FOLD(target=target)], [UNFOLD(target=target)])


def station(document: Document, _: Random) -> Edit | None:
    """The station's own call once, in the header."""
    tag = "STATION_CALLSIGN"
    own = {u.fields.get(tag) for u in EDITS.records(document)}
    value = own.pop() if len(own) == 1 else None
    heads = [u for u in document.units() if u.kind == HEAD]
    if not isinstance(value, str) or len(heads) != 1 or tag in heads[0].fields:
        return None
    said = {"tag": tag, "value": value}
    return edit("station", "normalise", [LIFT(**said)], [LOWER(**said)])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), one_time, station,
    compose("contest", station, EDITS.recode, EDITS.sort),
    compose("handover", EDITS.shift, one_time, EDITS.scale, EDITS.extract),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_BANDS = {"80m": "3.5", "40m": "7.0", "20m": "14.0", "15m": "21.0", "2m": "144.3"}
_PREFIXES = ("DL", "G", "F", "SM", "OH", "OK", "SP", "EA", "I", "K", "VE", "JA", "VK", "ZS", "LU")
_REMARKS = (
    "wire antenna", "slow fading", "strong signal", "first contact", "QSL via bureau", "portable",
    "heavy noise", "asked for a card", "new locator", "mobile", "vertical on the roof",
    "vintage set",
)  # fmt: skip


def _contact(rng: Random, number: int) -> Unit:
    band = rng.choice(list(_BANDS))
    mode = rng.choice(("CW", "SSB", "FT8", "FM"))
    report = {"CW": "599", "SSB": "59", "FM": "59"}
    heard = [report.get(mode) or f"{rng.randint(-24, 9):+03d}" for _ in range(2)]
    fields: dict[str, Value] = {
        NUMBER: Decimal(number),
        "QSO_DATE": content.day(rng).strftime("%Y%m%d"),
        "TIME_ON": f"{rng.randrange(24):02}{rng.randrange(60):02}{rng.randrange(60):02}",
        "CALL": _call(rng),
        "BAND": band,
        "FREQ": Decimal(_BANDS[band]) + Decimal(rng.randint(1, 299)) / 1000,
        "MODE": mode,
        "RST_SENT": heard[0],
        "RST_RCVD": heard[1],
        "GRIDSQUARE": _locator(rng),
        "TX_PWR": Decimal(rng.choice((5, 10, 50, 100, 400))),
        "STATION_CALLSIGN": "DL0WT",
    }
    if rng.random() < 0.6:
        fields["NAME"] = rng.choice(content.FIRST_NAMES)
    if rng.random() < 0.4:
        fields["COMMENT"] = rng.choice(_REMARKS)
    return Unit(CONTACT, fields)


def _call(rng: Random) -> str:
    letters = "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=rng.randint(2, 3)))
    return f"{rng.choice(_PREFIXES)}{rng.randint(0, 9)}{letters}"


def _locator(rng: Random) -> str:
    field, square = rng.choices("IJKLMN", k=2), rng.choices("0123456789", k=2)
    return "".join(field + square + rng.choices("abcdefghijklmnopqrstuvwx", k=2))


class Hamradio(Domain):
    """The log of a radio amateur."""

    name = "hamradio"
    category = "records"
    formats: ClassVar = {".adi": ADIF, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (*RECORDS.all(), FOLD, UNFOLD, LIFT, LOWER)
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.1

    def generate(self, rng: Random, size: int) -> Files:
        """A year's contacts."""
        count = max(4, round(size / 72))
        contacts = sorted(
            (_contact(rng, n) for n in rng.sample(range(1000, 9000 + 4 * count), count)),
            key=lambda u: (str(u.fields["QSO_DATE"]), str(u.fields["TIME_ON"])),
        )
        about: dict[str, Value] = {"ADIF_VER": "3.1.4", "PROGRAMID": "WorkLog"}
        return {"log.adi": ADIF.render([Unit(HEAD, about, text="Station log"), *contacts])}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; a tag a line; tag names in small letters."""
        small = _TAG.sub(lambda tag: tag[0].lower(), text).replace("<EOR>", "<eor>")
        return [text.replace("\n", "\r\n"), text.replace(" <", "\n<"), small]

    def distractors(self, rng: Random, size: int) -> Files:
        """A list of equipment and notes of the club."""
        return {
            "club.md": content.memo(rng, size // 2),
            "equipment.csv": _equipment(rng, size // 2),
        }


def _equipment(rng: Random, size: int) -> str:
    rows = [
        Unit(
            table.ROW,
            {"no": code, "item": rng.choice(content.GOODS), "bought": str(content.day(rng))},
        )
        for code in content.codes(rng, "EQ", max(3, size // 12))
    ]
    return table.CSV.render(rows)


DOMAIN = Hamradio()
