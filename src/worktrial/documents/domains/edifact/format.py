"""EDIFACT: segments put together to heads, line items and summaries."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from worktrial.documents import table
from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit, Value, opaque

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


_USUAL = _Marks()


class Edifact(Format):
    """Interchanges of messages, a segment a line."""

    def parse(self, text: str) -> list[Unit]:
        """Heads, line items and summaries; counts only where they are wrong."""
        reader, marks = _Reader(), _USUAL
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


@cache
def _tokens(marks: _Marks) -> re.Pattern[str]:
    special = "".join(map(re.escape, marks))
    return re.compile(rf"{re.escape(marks.release)}.?|[{special}]|[^{special}]+")


def _read(line: str, marks: _Marks) -> Iterator[tuple[Elements, bool]]:
    """The segments of a line, and whether each is closed."""
    elements: Elements = [[""]]
    for token in _tokens(marks).findall(line.strip()):
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


def elements_of(segment: str) -> Elements:
    """A segment, or a part of one, as elements with their components."""
    return next((elements for elements, _ in _read(segment, _USUAL)), [[""]])


def text_of(elements: Elements) -> str:
    """Elements with the usual service characters, without empty ones at the end."""
    return _joined("+", (_joined(":", map(_escaped, components)) for components in elements))


def _joined(mark: str, parts: Iterator[str]) -> str:
    kept = list(parts)
    while kept and not kept[-1]:
        kept.pop()
    return mark.join(kept)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


_ESCAPES = str.maketrans({mark: f"?{mark}" for mark in _USUAL})


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
        return tag[0], text_of(rest)
    (qualifier, *components), *more = rest
    first, others = text_of([components]), text_of([[""], *more])
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
        tag = elements[0][0] = elements[0][0].strip()
        if not (closed and len(elements[0]) == 1 and _TAG.fullmatch(tag)):
            self._stray(text_of(elements) + "'" * closed)
        elif tag in ("UNT", "UNZ"):
            self._end()
            self._count(tag, text_of(elements[1:]))
        elif tag in _BEGINS:
            self._end()
            self._unclosed({"UNB": "UNZ", "UNH": "UNT"}.get(tag, ""))
            self.kind, self.segments = _BEGINS[tag], [elements]
        elif self.kind:
            self.segments.append(elements)
        else:
            self._stray(f"{text_of(elements)}'")

    def _stray(self, text: str) -> None:
        if self.kind:
            self.loose.append(text.strip())
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
        if unit.kind == INTERCHANGE:
            self.interchange, self.messages = _component(unit, 5), 0
        elif unit.kind == MESSAGE:
            self.message, self.segments = _component(unit, 1), 0
            self.messages += 1
        # What isn't closed counts too, so that a lost mark costs no count beside its unit.
        loose = len(unit.text.split("\n")) if unit.text else 0
        self.segments += (
            len(unit.fields) + loose - (ARTICLE in unit.fields and NUMBER in unit.fields)
        )

    def close(self, tag: str) -> str | None:
        """What the count says that closes a message or an interchange."""
        if tag == "UNT":
            reference, count, self.message = self.message, self.segments + 1, None
        else:
            reference, count, self.interchange = self.interchange, self.messages, None
        return None if reference is None else _joined("+", iter([str(count), _escaped(reference)]))


def _component(head: Unit, at: int) -> str:
    """The first component of an element of a head's first segment."""
    elements = elements_of(next(iter(_segments(head)), ""))
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
