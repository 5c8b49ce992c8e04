"""Orders and invoices between firms, in UN/EDIFACT.

A unit is a line item, identified by its article number; the head of an interchange, the head of a
message and its summary are structural. A segment is a field named by tag and qualifier, such as
`QTY+21`; `LIN` is the number of a line and `EAN` its article. What follows a party (`NAD`) or a
tax (`TAX`) and belongs to it has its name before its own.

What counts is every segment with all its elements, and the order of line items. Line ends between
segments, service characters set by `UNA`, empty elements at the end of a segment and the order of
different segments of one unit mean nothing. The counts and references in `UNT` and `UNZ` follow
from the rest and are written anew; one that is missing or wrong is a unit of its own, and costs.

Known limits: values are text but for quantities, prices, amounts and line numbers. A line end
inside a segment ends it; what isn't closed or has no tag is kept as text. Segment orders and code
lists aren't checked, nor totals.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random
from typing import ClassVar, NamedTuple

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

LINE, MESSAGE, INTERCHANGE, SUMMARY, TRAILER = "line", "message", "interchange", "summary", "count"
NUMBER, ARTICLE = "LIN", "EAN"
_BEGINS = {"UNB": INTERCHANGE, "UNH": MESSAGE, "LIN": LINE, "UNS": SUMMARY}
_BARE = ("UNB", "UNH", "LIN", "UNT", "UNZ")
"""Segments that begin with no qualifier."""
_OWNED = {"NAD": ("RFF", "CTA", "COM", "FII", "LOC"), "TAX": ("MOA", "LOC")}
_TYPED = ("QTY", "PRI", "MOA", "CNT")
_TAG = re.compile(r"[A-Z][A-Z0-9]{2}")
_QUALIFIER = re.compile(r"[A-Za-z0-9]{0,6}")
_UNA = re.compile(r"UNA([^\w\s])([^\w\s])[.,]([^\w\s]| )[* ]([^\w\s])\s*")

Elements = list[list[str]]


class _Marks(NamedTuple):
    """Service characters."""

    component: str = ":"
    element: str = "+"
    release: str = "?"
    end: str = "'"


class Edifact(Format):
    """Interchanges of messages, a segment a line."""

    def parse(self, text: str) -> list[Unit]:
        """Heads, line items and summaries; counts only where they are wrong."""
        reader, marks = _Reader(), _Marks()
        text = text.removeprefix("\ufeff").lstrip()
        if (una := _UNA.match(text)) and len(set(una.groups())) == len(marks):
            marks, text = _Marks(*una.groups()), text[una.end() :]
        for line in re.split(r"\r\n|\r|\n", text):
            for elements, closed in _read(line, marks):
                reader.take(elements, closed=closed)
        return reader.result()

    def render(self, units: Sequence[Unit]) -> str:
        """A segment a line, with the counts that follow."""
        writer = _Writer()
        for unit in units:
            writer.write(unit)
        writer.close("UNZ")
        return "".join(f"{line}\n" for line in writer.lines)


EDIFACT = Edifact()


# --- segments ----------------------------------------------------------------------------------


def _read(line: str, marks: _Marks) -> Iterator[tuple[Elements, bool]]:
    """The segments of a line, and whether each is closed."""
    special = "".join(map(re.escape, marks))
    elements: Elements = [[""]]
    for token in re.findall(
        rf"{re.escape(marks.release)}.?|[{special}]|[^{special}]+", line.strip()
    ):
        if token == marks.end:
            yield elements, True
            elements = [[""]]
        elif token == marks.element:
            elements.append([""])
        elif token == marks.component:
            elements[-1].append("")
        else:
            elements[-1][-1] += token[1:] if token[0] == marks.release else token
    if elements != [[""]]:
        yield elements, False


def _elements(segment: str) -> Elements:
    return next((elements for elements, _ in _read(segment, _Marks())), [[""]])


def _text(elements: Elements) -> str:
    """Elements with the usual service characters, without empty ones at the end."""
    return _joined("+", (_joined(":", map(_escaped, components)) for components in elements))


def _joined(mark: str, parts: Iterator[str]) -> str:
    kept = list(parts)
    while kept and not kept[-1]:
        kept.pop()
    return mark.join(kept)


def _escaped(text: str) -> str:
    return re.sub(r"([?+:'])", r"?\1", text)


def _fields(segments: Sequence[Elements]) -> dict[str, Value]:
    """A field for every segment; an article number has its own."""
    fields: dict[str, Value] = {}
    seen, owner = Counter[str](), ""
    for elements in segments:
        tag = elements[0][0]
        if tag == NUMBER and (line := _line_item(elements)) and NUMBER not in fields:
            fields |= line
            continue
        name, value = _named(elements)
        owner = owner if tag in _OWNED.get(owner[:3], ()) else ""
        name = f"{owner}/{name}" if owner else name
        seen[name] += 1
        name += f"#{seen[name]}" * (seen[name] > 1)
        fields[name] = table.typed(value) if tag in _TYPED else value
        owner = name if tag in _OWNED else owner
    return fields


def _line_item(elements: Elements) -> dict[str, Value]:
    """Number and article, where a line has nothing else."""
    match elements:
        case [_, [number], [""], [article, "EN"]] if article.isalnum():
            typed = table.typed(number)
            return {NUMBER: typed, ARTICLE: article} if isinstance(typed, Decimal) else {}
    return {}


def _named(elements: Elements) -> tuple[str, str]:
    """A segment's tag with its qualifier, and what follows."""
    tag, *rest = elements
    if not rest or tag[0] in _BARE or not _QUALIFIER.fullmatch(rest[0][0]):
        return tag[0], _text(rest)
    (qualifier, *components), *more = rest
    first, others = _text([components]), _text([[""], *more])
    return f"{tag[0]}+{qualifier}", first + others


def _segments(unit: Unit) -> list[str]:
    """A unit's fields as segments."""
    written = {n: table.written(v) for n, v in unit.fields.items()}
    article = written.pop(ARTICLE, None)
    if article is not None:
        number = written.pop(NUMBER, "")
        return [f"LIN+{number}++{article}:EN", *(_segment(*pair) for pair in written.items())]
    return [_segment(*pair) for pair in written.items()]


def _segment(name: str, value: str) -> str:
    start = name.rpartition("/")[2].partition("#")[0]
    if "+" not in start:
        return f"{start}+{value}" if value else start
    return start + value if value[:1] in ("", "+") else f"{start}:{value}"


# --- groups of segments ------------------------------------------------------------------------


class _Reader:
    """Puts segments together to units and checks the counts."""

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.kind = ""
        self.segments: list[Elements] = []
        self.loose: list[str] = []
        self.counts = _Counts()

    def take(self, elements: Elements, *, closed: bool) -> None:
        """Take one segment; what is no sound one is text."""
        tag = elements[0][0]
        if not (closed and len(elements[0]) == 1 and _TAG.fullmatch(tag)):
            self._stray(_text(elements) + "'" * closed)
        elif tag in ("UNT", "UNZ"):
            self._end()
            self._count(tag, _text(elements[1:]))
        elif tag in _BEGINS:
            self._end()
            self._unclosed({"UNB": "UNZ", "UNH": "UNT"}.get(tag, ""))
            self.kind, self.segments = _BEGINS[tag], [elements]
        elif self.kind:
            self.segments.append(elements)
        else:
            self._stray(f"{_text(elements)}'")

    def _stray(self, text: str) -> None:
        if self.kind:
            self.loose.append(text)
        elif text:
            self.units.append(opaque(text))

    def _end(self) -> None:
        """The present unit is complete."""
        if self.kind:
            fields = _fields(self.segments)
            key = ARTICLE if ARTICLE in fields else None
            unit = Unit(
                self.kind, fields, key=key, text="\n".join(self.loose), structural=self.kind != LINE
            )
            self.counts.add(unit)
            self.units.append(unit)
        self.kind, self.segments, self.loose = "", [], []

    def _count(self, tag: str, value: str) -> None:
        """A count: only what is wrong about it is kept."""
        if tag == "UNZ":
            self._unclosed("UNT")
        if value != self.counts.close(tag):
            self.units.append(Unit(TRAILER, {tag: value}))

    def _unclosed(self, tag: str) -> None:
        """Note counts that are missing."""
        for missing in ("UNT", "UNZ")[: 2 if tag == "UNZ" else 1 if tag else 0]:
            if self.counts.close(missing) is not None:
                self.units.append(Unit(TRAILER, {missing: None}))

    def result(self) -> list[Unit]:
        """Every unit."""
        self._end()
        self._unclosed("UNZ")
        return self.units


class _Counts:
    """What `UNT` and `UNZ` should say; `None` where nothing is open."""

    def __init__(self) -> None:
        self.segments = self.messages = 0
        self.message: str | None = None
        self.interchange: str | None = None

    def add(self, unit: Unit) -> None:
        """Count the segments of a unit."""
        segments = _segments(unit)
        if unit.kind == INTERCHANGE:
            self.interchange, self.messages = _component(segments, 5), 0
        elif unit.kind == MESSAGE:
            self.message, self.segments = _component(segments, 1), 0
            self.messages += 1
        # What isn't closed counts too, so that a lost mark costs no count beside its unit.
        self.segments += len(segments) + len(unit.text.split("\n")) * bool(unit.text)

    def close(self, tag: str) -> str | None:
        """What the count says that closes a message or an interchange."""
        if tag == "UNT":
            reference, count, self.message = self.message, self.segments + 1, None
        else:
            reference, count, self.interchange = self.interchange, self.messages, None
        return None if reference is None else _joined("+", iter([str(count), _escaped(reference)]))


def _component(segments: Sequence[str], at: int) -> str:
    elements = _elements(segments[0]) if segments else []
    return elements[at][0] if at < len(elements) else ""


class _Writer:
    """Writes units and closes what they open."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.counts = _Counts()

    def write(self, unit: Unit) -> None:
        """Write one unit, after the counts that belong before it."""
        if unit.kind == TRAILER:
            self._trailer(unit)
            return
        if unit.kind not in _BEGINS.values():
            self.close("UNT")
            self.lines.append(unit.layout or unit.text)
            return
        self.close({INTERCHANGE: "UNZ", MESSAGE: "UNT"}.get(unit.kind, ""))
        self.counts.add(unit)
        self.lines += [f"{segment}'" for segment in _segments(unit)]
        self.lines += [unit.text] if unit.text else []

    def _trailer(self, unit: Unit) -> None:
        for tag, value in unit.fields.items():
            if tag == "UNZ":
                self.close("UNT")
            self.counts.close(tag)
            if value is not None:
                self.lines.append(f"{_segment(tag, table.written(value))}'")

    def close(self, tag: str) -> None:
        """Write the counts up to `UNT` or `UNZ`."""
        for open_one in ("UNT", "UNZ")[: 2 if tag == "UNZ" else 1 if tag else 0]:
            said = self.counts.close(open_one)
            if said is not None:
                self.lines.append(f"{open_one}+{said}'")


# --- edits -------------------------------------------------------------------------------------


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
    elements = _elements(table.written(value))
    return _text([[legend.get(component, component) for component in e] for e in elements])


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
    elements = _elements(table.written(value)) if re.fullmatch(r"NAD\+\w+", name) else []
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


# --- fresh documents ---------------------------------------------------------------------------


class _Trade:
    """What two firms have to do with each other: orders, or invoices."""

    def __init__(self, rng: Random, count: int) -> None:
        self.rng = rng
        self.invoices = rng.random() < 0.5
        self.articles = iter([_ean(n) for n in rng.sample(range(10**8), count)])
        self.parties = [_ean(rng.randrange(10**8)) for _ in range(3)]
        self.day = content.day(rng, days=300)
        self.usual = self._date()

    def units(self, count: int) -> Iterator[Unit]:
        """One interchange of messages with so many line items in all."""
        rng, number = self.rng, 0
        sent = f"{self.day:%y%m%d}:{rng.randint(7, 19):02}{rng.randint(0, 59):02}"
        sender, receiver = (f"{party}:14" for party in self.parties[:2])
        head = f"UNOC:3+{sender}+{receiver}+{sent}+{rng.randint(10_000, 99_999)}"
        yield Unit(INTERCHANGE, {"UNB": head}, structural=True)
        while count > 0:
            number += 1
            some = min(count, rng.randint(4, 9))
            some, count = (count, 0) if count - some < 3 else (some, count - some)
            yield from self._message(number, some)

    def _message(self, number: int, count: int) -> Iterator[Unit]:
        rng = self.rng
        kind, code = ("INVOIC", "380") if self.invoices else ("ORDERS", "220")
        buyer, supplier, delivery = self.parties
        fields: dict[str, Value] = {
            "UNH": f"{number}+{kind}:D:96A:UN",
            f"BGM+{code}": f"+{rng.choice('ABCDEFGH')}{rng.randint(1000, 99_999)}+9",
            "DTM+137": f"{self.day:%Y%m%d}:102",
            "NAD+BY": f"+{buyer}::9",
            "NAD+SU": f"+{supplier}::9",
            "NAD+SU/RFF+VA": f"DE{rng.randrange(10**8, 10**9)}",
            "CUX+2": f"{rng.choice(('EUR', 'SEK', 'PLN', 'CHF'))}:9",
        }
        if rng.random() < 0.4:
            fields["NAD+DP"] = f"+{delivery}::9"
        yield Unit(MESSAGE, fields, structural=True)
        items = [self._item(place) for place in range(1, count + 1)]
        yield from items
        yield Unit(SUMMARY, self._summary(items), structural=True)

    def _item(self, place: int) -> Unit:
        rng = self.rng
        counted, due = ("QTY+47", "DTM+35") if self.invoices else ("QTY+21", "DTM+2")
        quantity, price = Decimal(rng.randint(1, 300)), content.amount(rng, high=400)
        fields: dict[str, Value] = {
            NUMBER: Decimal(place),
            ARTICLE: next(self.articles),
            "PIA+5": f"+{rng.choice('KLMNPR')}{rng.randint(100, 9999)}:SA",
            "IMD+F": f"++:::{rng.choice(content.GOODS)}",
            counted: quantity,
            due: self.usual if rng.random() < 0.5 else self._date(),
        }
        amount: dict[str, Value] = {"MOA+203": quantity * price} if self.invoices else {}
        return Unit(LINE, {**fields, **amount, "PRI+AAA": price}, key=ARTICLE)

    def _summary(self, items: Sequence[Unit]) -> dict[str, Value]:
        fields: dict[str, Value] = {"UNS+S": "", "CNT+2": Decimal(len(items))}
        amounts = [v for u in items if isinstance(v := u.fields.get("MOA+203"), Decimal)]
        if amounts:
            total = sum(amounts, Decimal(0))
            tax = (total * 19 / 100).quantize(Decimal("0.01"))
            fields |= {"MOA+79": total, "MOA+77": total + tax}
            fields |= {"TAX+7": "+VAT+++:::19", "TAX+7/MOA+124": tax}
        return fields

    def _date(self) -> str:
        return f"{content.day(self.rng):%Y%m%d}:102"


def _ean(number: int) -> str:
    """A thirteen-digit number whose last digit checks the others."""
    digits = f"40{number:010}"
    check = -sum(int(d) * (1 + 2 * (i % 2)) for i, d in enumerate(digits)) % 10
    return f"{digits}{check}"


class Edifact96(Domain):
    """Orders and invoices between firms."""

    name = "edifact"
    category = "records"
    formats: ClassVar = {".edi": EDIFACT, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), PARTIES, SHORT_DATES, LONG_DATES, LIFT, LOWER, PREFIX, UNPREFIX,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """One interchange of orders, or of invoices."""
        count = max(4, round(size / 50))
        units = list(_Trade(rng, count).units(count))
        return {"trade.edi": EDIFACT.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Without line ends; with service characters of its own; with Windows line ends."""
        other = text.translate(str.maketrans("+:'", "|*~"))
        return [text.replace("\n", ""), f"UNA*|.? ~\n{other}", text.replace("\n", "\r\n")]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes on the partner and a list of contacts."""
        return {
            "partner.md": content.memo(rng, size // 2),
            "contacts.csv": _contacts(rng, size // 2),
        }


def _contacts(rng: Random, size: int) -> str:
    rows = [
        Unit(table.ROW, {"gln": _ean(rng.randrange(10**8)), "contact": content.person(rng)})
        for _ in range(max(3, size // 9))
    ]
    return table.CSV.render(rows)


DOMAIN = Edifact96()
