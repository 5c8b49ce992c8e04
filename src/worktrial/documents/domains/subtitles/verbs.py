"""What subtitles can be asked to do: programs, and the sentences that ask for them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import floor

from worktrial.documents import programs
from worktrial.documents.domains.subtitles.format import BREAK, CUE, WEBVTT, read_stamp, stamp
from worktrial.documents.edits import Verb
from worktrial.documents.table import ROW, written
from worktrial.documents.unit import Document, Unit, Value

_BAR = " | "
"""A line break within a cue, in tables."""

# --- programs ----------------------------------------------------------------------------------


def _timed(unit: Unit, change: Callable[[Decimal], Decimal]) -> Unit:
    """The same cue with its times changed."""
    times = {n: v for n in ("start", "end") if isinstance(v := unit.fields.get(n), Decimal)}
    changed = {n: change(v) for n, v in times.items()}
    return programs.with_fields(unit, {**unit.fields, **changed})


def _whole(number: str) -> Decimal:
    return Decimal(number) if re.fullmatch(r"[0-9]{1,12}", number) else Decimal(0)


def shift(document: Document, *, ms: str, sign: int) -> Document:
    """Add milliseconds to all times, or take them away."""
    return programs.each(document, CUE, lambda u: _timed(u, lambda t: t + sign * _whole(ms)))


def retime(document: Document, *, old: str, new: str, factor: str) -> Document:
    """Stretch all times by an exact ratio; frame rates are there to be read by people."""
    above, _, below = factor.partition("/")
    ratio = Fraction(int(_whole(above)), int(_whole(below)) or 1)

    def stretched(time: Decimal) -> Decimal:
        return Decimal(floor(Fraction(int(time)) * ratio + Fraction(1, 2)))

    return programs.each(document, CUE, lambda u: _timed(u, stretched))


def _number(unit: Unit, name: str) -> Decimal:
    value = unit.fields.get(name)
    return value if isinstance(value, Decimal) else Decimal(0)


def by_duration(document: Document, *, descending: bool) -> Document:
    """Sort cues by how long they stand."""

    def duration(unit: Unit) -> Decimal:
        return _number(unit, "end") - _number(unit, "start")

    order = partial(sorted, key=duration, reverse=descending)
    return programs.reorder(document, kind=CUE, order=order)


def cut(document: Document, *, file: str, reels: Mapping[str, str]) -> Document:
    """Cut a film into reels, each with times of its own."""
    begins = sorted((read_stamp(time), name) for time, name in reels.items())
    parts: dict[str, list[Unit]] = {name: [] for name in reels.values()}
    for unit in document.files.get(file, ()):
        time = _number(unit, "start")
        begin, name = next((b for b in reversed(begins) if b[0] <= time), begins[0])
        parts[name].append(_moved(unit, -begin))
    files = {name: units for name, units in document.files.items() if name != file}
    return Document({**files, **{name: tuple(units) for name, units in parts.items()}})


def join(document: Document, *, file: str, reels: Mapping[str, str]) -> Document:
    """Join reels to a film."""
    units = [
        _moved(unit, read_stamp(time))
        for name, time in reels.items()
        for unit in document.files.get(name, ())
    ]
    files = {name: units for name, units in document.files.items() if name not in reels}
    return Document({**files, file: tuple(units)})


def _moved(unit: Unit, by: Decimal) -> Unit:
    return _timed(unit, lambda t: t + by) if unit.kind == CUE else unit


def take_text(document: Document, *, file: str, table: str) -> Document:
    """Move the text of cues into a translation table."""
    units = document.files.get(file, ())
    rows = [
        Unit(ROW, {"start": stamp(u.fields.get("start")), "text": _on_one_line(u)})
        for u in units
        if u.kind == CUE
    ]
    bare = [replace(u, text="") if u.kind == CUE else u for u in units]
    header = Unit(programs.HEADER, text="start\ttext", structural=True)
    return document.replacing(file, bare).replacing(table, [header, *rows])


def give_text(document: Document, *, file: str, table: str) -> Document:
    """Put the text of a translation table under its cues."""
    texts = {u.fields.get("start"): _cell(u, "text") for u in document.files.get(table, ())}

    def told(unit: Unit) -> Unit:
        text = texts.get(stamp(unit.fields.get("start"))) if unit.kind == CUE else None
        return replace(unit, text=text.replace(_BAR, BREAK)) if text is not None else unit

    units = [told(u) for u in document.files.get(file, ())]
    return document.replacing(table, None).replacing(file, units)


def _on_one_line(cue: Unit) -> str:
    return cue.text.replace(BREAK, _BAR)


def _cell(row: Unit, name: str) -> str:
    return written(row.fields.get(name))


def to_vtt(document: Document, *, file: str, target: str) -> Document:
    """Turn SubRip into WebVTT: the cues are the same."""
    units = [Unit(WEBVTT, text="WEBVTT", structural=True), *document.files.get(file, ())]
    return document.replacing(file, None).replacing(target, units)


def to_srt(document: Document, *, file: str, target: str) -> Document:
    """Turn WebVTT into SubRip."""
    units = [u for u in document.files.get(file, ()) if u.kind != WEBVTT]
    return document.replacing(file, None).replacing(target, units)


def to_sheet(document: Document, *, file: str, target: str) -> Document:
    """Turn cues into the rows of a cue sheet, times in seconds."""

    def row(cue: Unit) -> Unit:
        begin, end = (_number(cue, name).scaleb(-3) for name in ("start", "end"))
        told = {"speaker": cue.fields.get("speaker", ""), "text": _on_one_line(cue)}
        return Unit(ROW, {"in": begin, "out": end, **told})

    rows = [row(u) for u in document.files.get(file, ()) if u.kind == CUE]
    header = Unit(programs.HEADER, text="in\tout\tspeaker\ttext", structural=True)
    return document.replacing(file, None).replacing(target, [header, *rows])


def from_sheet(document: Document, *, file: str, target: str) -> Document:
    """Turn the rows of a cue sheet into cues."""

    def cue(row: Unit) -> Unit:
        start, end = (Decimal(int(_number(row, name) * 1000)) for name in ("in", "out"))
        fields: dict[str, Value] = {"start": start, "end": end}
        if speaker := _cell(row, "speaker"):
            fields["speaker"] = speaker
        return Unit(CUE, fields, key="start", text=_cell(row, "text").replace(_BAR, BREAK))

    cues = [cue(u) for u in document.files.get(file, ()) if u.kind == ROW]
    return document.replacing(file, None).replacing(target, cues)


# --- words -------------------------------------------------------------------------------------

DELAY = Verb(
    "Delay every cue: add {ms} milliseconds to its start and to its end.", partial(shift, sign=1)
)
ADVANCE = Verb(
    "Bring every cue forward: subtract {ms} milliseconds from its start and from its end.",
    partial(shift, sign=-1),
)
RETIME = Verb(
    "Convert the timing from {old} to {new} frames per second: multiply every start and every end, "
    "in milliseconds, by {factor} and round to the nearest whole millisecond, halves up.",
    retime,
)
LABELS = Verb(
    "Replace the speaker labels (the capitals before the first colon of a cue) as follows: "
    "{**legend}. Change no other label.",
    partial(programs.substitute, kind=CUE, field="speaker"),
)
BY_START = Verb(
    "Put the cues of every file in order of their start times, earliest first; ties keep their "
    "order.",
    partial(programs.sort, kind=CUE, field="start"),
)
_TIES = (
    "ties keep their order. The cue numbers run from 1 in the new order, the times stay as they "
    "are."
)
LONGEST = Verb(
    f"Sort the cues of every file by how long they stand (end minus start), longest first; {_TIES}",
    partial(by_duration, descending=True),
)
SHORTEST = Verb(
    "Sort the cues of every file by how long they stand (end minus start), shortest first; "
    f"{_TIES}",
    partial(by_duration, descending=False),
)
CUT = Verb(
    "Cut {file} into reels, a file each; the reels begin at these times: {**reels}. A cue belongs "
    "to the last reel that begins at or before its start. In each reel, count times from where "
    "the reel begins, number the cues from 1 and keep their order. Then remove {file}.",
    cut,
)
JOIN = Verb(
    "Join the reels to one file {file}, in this order, each with the time where it begins in the "
    "film: {**reels}. Add that time to every start and end of the reel. Then remove the reels.",
    join,
)
BY_SPEAKER = Verb(
    "Give the speakers files of their own: move the cues of {file} by speaker label, {**places}, "
    "in the same order, with labels and times unchanged and numbered from 1 in every file. All "
    "other cues stay in {file}.",
    partial(programs.split, kind=CUE, field="speaker"),
)
GATHER = Verb(
    "Append the cues of {*places} to {file}, file by file in that order, and remove the files they "
    "came from.",
    partial(programs.merge, kind=CUE),
)
TAKE_TEXT = Verb(
    "Move the text of all cues in {file} out into a translation table {table}: CSV with the "
    "columns `start` and `text`, a row for every cue in the same order, `start` being the start "
    "time as it stands in the subtitles, such as `00:01:07,250`, line breaks within the text "
    "written as ` | `. Numbers, times and speaker labels stay in {file} and are not in the table.",
    take_text,
)
GIVE_TEXT = Verb(
    "Put the text of the translation table {table} under the cues of {file} that have the same "
    "start time, after the speaker label if there is one; ` | ` is a line break within a cue. "
    "Then remove {table}.",
    give_text,
)
TO_VTT = Verb(
    "Convert {file} to WebVTT in {target}: `WEBVTT` as the first line, cues without numbers, a "
    "point before the milliseconds, and a speaker label such as `ANNA: ` as the voice tag "
    "`<v ANNA>` directly before the text. Then remove {file}.",
    to_vtt,
)
TO_SRT = Verb(
    "Convert the WebVTT file {file} to SubRip in {target}: no header, cues numbered from 1, a "
    "comma before the milliseconds, and a voice tag such as `<v ANNA>` as the speaker label "
    "`ANNA: ` before the text. Then remove {file}.",
    to_srt,
)
TO_SHEET = Verb(
    "Convert {file} to a cue sheet {target}: CSV with the columns `in`, `out`, `speaker` and "
    "`text`, a row for every cue in the same order; times in seconds with three decimals, such as "
    "`67.250`; the speaker label without its colon, empty where a cue has none; line breaks "
    "within the text written as ` | `. Then remove {file}.",
    to_sheet,
)
FROM_SHEET = Verb(
    "Convert the cue sheet {file} to SubRip in {target}: a cue for every row in the same order, "
    "numbered from 1, from `in` to `out` (both in seconds), the speaker before the text as a label "
    "such as `ANNA: ` unless it is empty; ` | ` in the text is a line break. Then remove {file}.",
    from_sheet,
)

VERBS = (
    DELAY, ADVANCE, RETIME, LABELS, BY_START, LONGEST, SHORTEST, CUT, JOIN, BY_SPEAKER, GATHER,
    TAKE_TEXT, GIVE_TEXT, TO_VTT, TO_SRT, TO_SHEET, FROM_SHEET,
)  # fmt: skip
