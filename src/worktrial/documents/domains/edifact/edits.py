"""The edits of interchanges: programs, the sentences that ask for them, and plans."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from random import Random

from worktrial.documents import programs, table
from worktrial.documents.domains.edifact.format import (
    ARTICLE,
    LINE,
    MESSAGE,
    NUMBER,
    elements_of,
    text_of,
)
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Unit, Value


def sort_within(document: Document, *, field: str, descending: bool) -> Document:
    """Sort the line items of every message; equal ones keep their order."""

    def sorted_runs(units: Sequence[Unit]) -> Iterator[Unit]:
        run: list[Unit] = []
        for unit in (*units, None):
            if unit is not None and unit.kind == LINE:
                run.append(unit)
                continue
            whole = programs.sort(
                Document({"": tuple(run)}), kind=LINE, field=field, descending=descending
            )
            yield from whole.files[""]
            run = []
            if unit is not None:
                yield unit

    return programs.in_each_file(document, sorted_runs)


RECORDS = replace(
    keyed_verbs(
        LINE,
        one="line item",
        many="line items",
        a_field="segment",
        key=ARTICLE,
        readers=dict.fromkeys((NUMBER, "QTY+21", "QTY+47", "PRI+AAA", "MOA+203"), table.typed),
        text="`EAN` is the article number in `LIN`; `PRI+AAA` is the segment `PRI` with the "
        "qualifier `AAA`, and its value all that follows the colon after that.",
    ),
    ascending=Verb(
        "Sort the line items of every message by {field}, smallest first; ties keep their order. "
        "`EAN` is the article number in `LIN`, `PRI+AAA` the price with that qualifier.",
        partial(sort_within, descending=False),
    ),
    descending=Verb(
        "Sort the line items of every message by {field}, largest first; ties keep their order. "
        "`EAN` is the article number in `LIN`, `PRI+AAA` the price with that qualifier.",
        partial(sort_within, descending=True),
    ),
)
EDITS = KeyedEdits(
    RECORDS,
    kind=LINE,
    keys=(ARTICLE,),
    sortable=("PRI+AAA", ARTICLE),
    scalable={"PRI+AAA": "100", NUMBER: "10"},
    shiftable={NUMBER: ("100", "5000")},
    removable=("PRI+AAA", "DTM+2", "DTM+35"),
    plural="line_items",
)


def _in_all(document: Document, change: Callable[[Unit], Unit]) -> Document:
    return programs.in_each_file(document, lambda units: map(change, units))


def recode_parties(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Replace the numbers of parties by a legend."""

    def recoded(unit: Unit) -> Unit:
        fields = {
            n: _recoded(v, legend) if n == "UNB" or re.match(r"NAD\b", n) else v
            for n, v in unit.fields.items()
        }
        return unit if fields == unit.fields else programs.with_fields(unit, fields)

    return _in_all(document, recoded)


def _recoded(value: Value, legend: Mapping[str, str]) -> str:
    elements = elements_of(table.written(value))
    return text_of([[legend.get(component, component) for component in e] for e in elements])


_LONG_DATE = re.compile(r"20([0-9]{6}):102")
_SHORT_DATE = re.compile(r"([0-9]{6}):101")


def redate(document: Document, *, old: re.Pattern[str], new: str) -> Document:
    """Write dates in another format."""

    def redated(unit: Unit) -> Unit:
        fields = {
            n: old.sub(new, v) if "DTM+" in n and isinstance(v, str) and old.fullmatch(v) else v
            for n, v in unit.fields.items()
        }
        return unit if fields == unit.fields else programs.with_fields(unit, fields)

    return _in_all(document, redated)


def lift(document: Document, *, segment: str, value: str) -> Document:
    """Say once in the head of messages what line items say with this value."""

    def lifted(unit: Unit) -> Unit:
        if unit.kind == MESSAGE:
            return programs.with_fields(unit, {**unit.fields, segment: value})
        if unit.kind != LINE or unit.fields.get(segment) != value:
            return unit
        return programs.with_fields(unit, {n: v for n, v in unit.fields.items() if n != segment})

    return _in_all(document, lifted)


def lower(document: Document, *, segment: str, value: str) -> Document:
    """Give every line item that has none a segment of the head."""

    def lowered(unit: Unit) -> Unit:
        if unit.kind == MESSAGE:
            return programs.with_fields(
                unit, {n: v for n, v in unit.fields.items() if n != segment}
            )
        if unit.kind != LINE or segment in unit.fields:
            return unit
        return programs.with_fields(unit, {**unit.fields, segment: value})

    return _in_all(document, lowered)


def prefix(document: Document, *, prefix: str) -> Document:
    """Put something before the references of messages."""
    return _rereferenced(document, lambda reference: prefix + reference)


def unprefix(document: Document, *, prefix: str) -> Document:
    """Take something away from the start of the references of messages."""
    return _rereferenced(document, lambda reference: reference.removeprefix(prefix))


def _rereferenced(document: Document, change: Callable[[str], str]) -> Document:
    def changed(unit: Unit) -> Unit:
        said = unit.fields.get("UNH")
        if not isinstance(said, str):
            return unit
        return programs.with_fields(unit, {**unit.fields, "UNH": change(said)})

    return programs.each(document, MESSAGE, changed)


PARTIES = Verb(
    "Replace the numbers of parties in `UNB` and in every `NAD` as follows: {**legend}.",
    recode_parties,
)
SHORT_DATES = Verb(
    "Write every `DTM` of format `102` in format `101`: the same without the century `20`, such as "
    "`260310:101` for `20260310:102`.",
    partial(redate, old=_LONG_DATE, new=r"\1:101"),
)
LONG_DATES = Verb(
    "Write every `DTM` of format `101` in format `102`: the same with the century `20`, such as "
    "`20260310:102` for `260310:101`.",
    partial(redate, old=_SHORT_DATE, new=r"20\1:102"),
)
LIFT = Verb(
    "Put {segment} with the value {value} into the head of every message, between `UNH` and the "
    "first `LIN`, and take it out of the line items that have this value. A line item with "
    "another value keeps its own.",
    lift,
)
LOWER = Verb(
    "Give every line item that has no {segment} this segment with the value {value}, and take it "
    "out of the heads of the messages.",
    lower,
)
PREFIX = Verb(
    "Put {prefix} before the reference number of every message, in `UNH` and in `UNT`.", prefix
)
UNPREFIX = Verb(
    "Take {prefix} away from the start of the reference number of every message, in `UNH` and in "
    "`UNT`.",
    unprefix,
)


def _party(name: str, value: Value) -> str:
    """The number of the party that a segment names, or nothing."""
    elements = elements_of(table.written(value)) if re.fullmatch(r"NAD\+\w+", name) else []
    number = elements[1][0] if len(elements) > 1 else ""
    return number if number.isdecimal() and len(number) > len("1234567") else ""


def parties(document: Document, rng: Random) -> Edit | None:
    """Parties under other numbers."""
    numbers = {_party(n, v) for u in document.units() for n, v in u.fields.items()} - {""}
    legend = {old: f"P{rng.randint(1000, 9999)}{i}" for i, old in enumerate(sorted(numbers)[:4])}
    said = "".join(table.written(v) for u in document.units() for v in u.fields.values())
    if not legend or any(new in said for new in legend.values()) or not sayable(*legend):
        return None
    back = programs.inverse(legend)
    return edit("parties", "substitute", [PARTIES(legend=legend)], [PARTIES(legend=back)])


def short_dates(document: Document, _: Random) -> Edit | None:
    """Dates without their century."""
    dates = [table.written(v) for u in document.units() for n, v in u.fields.items() if "DTM+" in n]
    if any(map(_SHORT_DATE.fullmatch, dates)) or not any(map(_LONG_DATE.fullmatch, dates)):
        return None
    return edit("short_dates", "convert", [SHORT_DATES()], [LONG_DATES()])


def deliveries(document: Document, _: Random) -> Edit | None:
    """The usual day of delivery once, in the head."""
    lines = EDITS.records(document)
    segment = "DTM+2" if any("DTM+2" in u.fields for u in lines) else "DTM+35"
    items = [u.fields.get(segment) for u in lines]
    heads = [u for u in document.units() if u.kind == MESSAGE]
    if not items or None in items or not heads or any(segment in u.fields for u in heads):
        return None
    value = Counter(map(str, items)).most_common(1)[0][0]
    said = {"segment": segment, "value": value}
    if not sayable(value):
        return None
    return edit("deliveries", "normalise", [LIFT(**said)], [LOWER(**said)])


def references(document: Document, rng: Random) -> Edit | None:
    """Messages under longer references."""
    heads = [table.written(u.fields.get("UNH")) for u in document.units() if u.kind == MESSAGE]
    said = {"prefix": f"M{rng.randint(10, 99)}"}
    if not heads or any(not h or h.startswith(said["prefix"]) for h in heads):
        return None
    return edit("references", "renumber", [PREFIX(**said)], [UNPREFIX(**said)])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), parties, short_dates, deliveries, references,
    compose("partner", parties, references, EDITS.sort),
    compose("compact", deliveries, short_dates, EDITS.scale, EDITS.extract),
)  # fmt: skip

VERBS: tuple[Verb, ...] = (
    *RECORDS.all(), PARTIES, SHORT_DATES, LONG_DATES, LIFT, LOWER, PREFIX, UNPREFIX,
)  # fmt: skip
