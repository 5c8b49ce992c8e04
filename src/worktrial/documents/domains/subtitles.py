"""Subtitles as SubRip: timed cues with speaker labels; also WebVTT and cue sheets in CSV."""

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import pairwise
from math import floor
from pathlib import PurePosixPath
from random import Random
from typing import ClassVar

from pysubs2.time import ms_to_times, times_to_ms

from worktrial.documents import content, programs
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.table import CSV, ROW, written
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

CUE = "cue"
WEBVTT = "webvtt"
_BREAK = " \n "
"""A line break within a cue: wide enough to be a token of its own, because it is compared."""
_BAR = " | "
"""A line break within a cue, in tables."""

_TIME = r"(-?)(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})[,.]([0-9]{1,3})"
_STAMP = re.compile(_TIME)
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s+(\S.*))?\s*")
_NUMBER = re.compile(r"\s*[0-9]{1,9}\s*")
_LABEL = re.compile(r"([^\W\d_][\w .'&-]{0,29}):(?:\s+|$)")
_VOICE = re.compile(r"<v ([^<>]{1,60})>")
_VTT_BLOCKS = ("WEBVTT", "NOTE", "STYLE", "REGION")


# --- format ------------------------------------------------------------------------------------


def stamp(ms: Value, point: str = ",") -> str:
    """A time in milliseconds as `HH:MM:SS,mmm`."""
    number = ms if isinstance(ms, Decimal) else Decimal(0)
    hours, minutes, seconds, rest = ms_to_times(abs(int(number)))
    sign = "-" if number < 0 else ""
    return f"{sign}{hours:02}:{minutes:02}:{seconds:02}{point}{rest:03}"


def _milliseconds(sign: str, h: str | None, m: str, s: str, fraction: str) -> Decimal:
    ms = times_to_ms(int(h or 0), int(m), int(s), int(fraction.ljust(3, "0")))
    return Decimal(-ms if sign else ms)


class Cues(Format):
    """SubRip or WebVTT: a unit a cue, its times in milliseconds, its speaker apart from its text.

    Cue numbers are derived; blank lines and space around a line mean nothing; line breaks within
    a cue do. A timing line begins a cue even where the blank line before it is lost.
    """

    def __init__(self, *, vtt: bool) -> None:
        self._vtt = vtt

    def parse(self, text: str) -> list[Unit]:
        """One unit a cue; any other block is opaque."""
        return [self._unit(block) for block in _blocks(text.removeprefix("\ufeff"))]

    def _unit(self, block: list[str]) -> Unit:
        at = 1 if len(block) > 1 and _NUMBER.fullmatch(block[0]) else 0
        if timing := _TIMING.fullmatch(block[at]):
            return self._cue(timing, block[at + 1 :])
        if self._vtt and block[0].startswith(_VTT_BLOCKS):
            kind = WEBVTT if block[0].startswith("WEBVTT") else "note"
            return Unit(kind, text=_BREAK.join(block), structural=True)
        return opaque("\n".join(block))

    def _cue(self, timing: re.Match[str], lines: list[str]) -> Unit:
        fields: dict[str, Value] = {
            "start": _milliseconds(*timing.groups()[:5]),
            "end": _milliseconds(*timing.groups()[5:10]),
        }
        if timing[11]:
            fields["settings"] = timing[11].strip()
        if lines and (label := (_VOICE if self._vtt else _LABEL).match(lines[0])):
            speaker = label[1].strip()
            if self._vtt or speaker.isupper():
                fields["speaker"] = speaker
                lines = [lines[0][label.end() :].strip(), *lines[1:]]
        return Unit(CUE, fields, key="start", text=_BREAK.join(line for line in lines if line))

    def render(self, units: Sequence[Unit]) -> str:
        """Blocks with a blank line between them; SubRip cues are numbered from 1."""
        number = 0
        blocks = []
        for unit in units:
            if unit.kind != CUE:
                blocks.append(_lines(unit.layout or unit.text))
                continue
            number += 1
            blocks.append([*([] if self._vtt else [str(number)]), *self._written(unit)])
        return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n" * bool(blocks)

    def _written(self, cue: Unit) -> list[str]:
        start, end = (stamp(cue.fields.get(n), "." if self._vtt else ",") for n in ("start", "end"))
        settings = f" {cue.fields['settings']}" if "settings" in cue.fields else ""
        text = _lines(cue.text)
        if "speaker" in cue.fields:
            speaker = " ".join(str(cue.fields["speaker"]).split())
            label = f"<v {speaker}>" if self._vtt else f"{speaker}: "
            text = [f"{label}{text[0] if text else ''}".strip(), *text[1:]]
        return [f"{start} --> {end}{settings}", *text]


def _blocks(text: str) -> Iterator[list[str]]:
    """Runs of lines between blank lines, cut also where the next cue begins."""
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        if block and _TIMING.fullmatch(line):
            number = [block.pop()] if _NUMBER.fullmatch(block[-1]) else []
            if block:
                yield block
            block = number
        if line.strip():
            block.append(line.strip())
        elif block:
            yield block
            block = []


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


SRT = Cues(vtt=False)
VTT = Cues(vtt=True)


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


def by_start(document: Document) -> Document:
    """Sort cues by start time."""
    return programs.sort(document, kind=CUE, field="start")


def by_duration(document: Document, *, descending: bool) -> Document:
    """Sort cues by how long they stand."""

    def duration(unit: Unit) -> Decimal:
        start, end = unit.fields.get("start"), unit.fields.get("end")
        return (
            end - start if isinstance(start, Decimal) and isinstance(end, Decimal) else Decimal(0)
        )

    order = partial(sorted, key=duration, reverse=descending)
    return programs.reorder(document, kind=CUE, order=order)


def cut(document: Document, *, file: str, reels: Mapping[str, str]) -> Document:
    """Cut a film into reels, each with times of its own."""
    begins = sorted((_read_stamp(time), name) for time, name in reels.items())
    parts: dict[str, list[Unit]] = {name: [] for name in reels.values()}
    for unit in document.files.get(file, ()):
        start = unit.fields.get("start")
        time = start if isinstance(start, Decimal) else Decimal(0)
        begin, name = next((b for b in reversed(begins) if b[0] <= time), begins[0])
        parts[name].append(_moved(unit, -begin))
    files = {name: units for name, units in document.files.items() if name != file}
    return Document({**files, **{name: tuple(units) for name, units in parts.items()}})


def join(document: Document, *, file: str, reels: Mapping[str, str]) -> Document:
    """Join reels to a film."""
    units = [
        _moved(unit, _read_stamp(time))
        for name, time in reels.items()
        for unit in document.files.get(name, ())
    ]
    files = {name: units for name, units in document.files.items() if name not in reels}
    return Document({**files, file: tuple(units)})


def _moved(unit: Unit, by: Decimal) -> Unit:
    return _timed(unit, lambda t: t + by) if unit.kind == CUE else unit


def _read_stamp(text: str) -> Decimal:
    found = _STAMP.fullmatch(text)
    return _milliseconds(*found.groups()) if found else Decimal(0)


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
        return replace(unit, text=text.replace(_BAR, _BREAK)) if text is not None else unit

    units = [told(u) for u in document.files.get(file, ())]
    return document.replacing(table, None).replacing(file, units)


def _on_one_line(cue: Unit) -> str:
    return cue.text.replace(_BREAK, _BAR)


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
        times = {"in": _seconds(cue, "start"), "out": _seconds(cue, "end")}
        return Unit(
            ROW, {**times, "speaker": cue.fields.get("speaker", ""), "text": _on_one_line(cue)}
        )

    rows = [row(u) for u in document.files.get(file, ()) if u.kind == CUE]
    header = Unit(programs.HEADER, text="in\tout\tspeaker\ttext", structural=True)
    return document.replacing(file, None).replacing(target, [header, *rows])


def _seconds(cue: Unit, name: str) -> Decimal:
    time = cue.fields.get(name)
    return time.scaleb(-3) if isinstance(time, Decimal) else Decimal(0)


def from_sheet(document: Document, *, file: str, target: str) -> Document:
    """Turn the rows of a cue sheet into cues."""

    def cue(row: Unit) -> Unit:
        fields = {"start": _from_seconds(row, "in"), "end": _from_seconds(row, "out")}
        speaker = _cell(row, "speaker")
        text = _cell(row, "text").replace(_BAR, _BREAK)
        return Unit(CUE, fields | ({"speaker": speaker} if speaker else {}), key="start", text=text)

    cues = [cue(u) for u in document.files.get(file, ()) if u.kind == ROW]
    return document.replacing(file, None).replacing(target, cues)


def _from_seconds(row: Unit, name: str) -> Value:
    seconds = row.fields.get(name)
    return Decimal(int(seconds * 1000)) if isinstance(seconds, Decimal) else Decimal(0)


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
    by_start,
)
LONGEST = Verb(
    "Sort the cues of every file by how long they stand (end minus start), longest first; ties "
    "keep their order. The cue numbers run from 1 in the new order, the times stay as they are.",
    partial(by_duration, descending=True),
)
SHORTEST = Verb(
    "Sort the cues of every file by how long they stand (end minus start), shortest first; ties "
    "keep their order. The cue numbers run from 1 in the new order, the times stay as they are.",
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


# --- edits -------------------------------------------------------------------------------------

_RATES = (
    ("25", "24", "25/24", "24/25"),
    ("25", "23.976", "1001/960", "960/1001"),
    ("24", "23.976", "1001/1000", "1000/1001"),
    ("30", "25", "6/5", "5/6"),
    ("29.97", "25", "1200/1001", "1001/1200"),
)
"""Conversions that stretch: rounding to whole milliseconds then loses nothing."""


def _film(document: Document) -> str | None:
    """The one file of cues in the order of distinct start times, free of what tables can't hold."""
    if len(document.files) != 1:
        return None
    ((file, units),) = document.files.items()
    starts = [u.fields.get("start") for u in units if u.kind == CUE and "settings" not in u.fields]
    times = [t for t in starts if isinstance(t, Decimal)]
    rising = all(a < b for a, b in pairwise(times))
    plain = not any("|" in u.text for u in units)
    fits = len(times) == len(units) > 1 and rising and times[0] >= 0 and plain and sayable(file)
    return file if fits else None


def _named(file: str, suffix: str) -> str:
    return f"{PurePosixPath(file).stem}{suffix}"


def delay(document: Document, rng: Random) -> Edit | None:
    """Shift all times by an offset."""
    if _film(document) is None:
        return None
    ms = str(rng.choice((40, 125, 480, 1500, 2360, 10_000, 61_240)))
    return edit("delay", "scale", [DELAY(ms=ms)], [ADVANCE(ms=ms)])


def frame_rate(document: Document, rng: Random) -> Edit | None:
    """Convert to a slower frame rate."""
    if _film(document) is None:
        return None
    old, new, factor, back = rng.choice(_RATES)
    return edit(
        "frame_rate",
        "scale",
        [RETIME(old=old, new=new, factor=factor)],
        [RETIME(old=new, new=old, factor=back)],
    )


def _speakers(document: Document) -> list[str]:
    return sorted(programs.text_values(document.units(), "speaker"))


def labels(document: Document, rng: Random) -> Edit | None:
    """Replace the speakers' names by numbered ones or by initials with a surname."""
    speakers = _speakers(document)
    if not speakers or not sayable(*speakers):
        return None
    names = rng.sample(content.LAST_NAMES, min(len(speakers), 8))
    new = [f"{old[:1]}. {name}".upper() for old, name in zip(speakers, names, strict=False)]
    if rng.random() < 0.5:
        new = [f"VOICE {i}" for i, _ in enumerate(speakers[:8], 1)]
    legend = dict(zip(speakers, new, strict=False))
    if set(new) & set(speakers):
        return None
    return edit(
        "labels",
        "substitute",
        [LABELS(legend=legend)],
        [LABELS(legend=programs.inverse(legend))],
    )


def sort(document: Document, rng: Random) -> Edit | None:
    """Sort by duration; the start times carry the old order."""
    if _film(document) is None:
        return None
    by = rng.choice((LONGEST, SHORTEST))()
    if by.program(document) == document:
        return None
    return edit("sort", "sort", [by], [BY_START()])


def reels(document: Document, rng: Random) -> Edit | None:
    """Cut into two or three reels at whole seconds."""
    file = _film(document)
    if file is None:
        return None
    starts = [t for u in document.units() if isinstance(t := u.fields["start"], Decimal)]
    count = min(rng.randint(2, 3), len(starts))
    places = [starts[len(starts) * i // count] // 1000 * 1000 for i in range(1, count)]
    begins = [stamp(t) for t in sorted({Decimal(0), *places})]
    names = [_named(file, f"_reel{i}.srt") for i, _ in enumerate(begins, 1)]
    forward = dict(zip(begins, names, strict=True))
    return edit(
        "reels",
        "split",
        [CUT(file=file, reels=forward)],
        [JOIN(file=file, reels=programs.inverse(forward))],
    )


def speakers(document: Document, _: Random) -> Edit | None:
    """A file for every speaker; the start times carry the old order."""
    file, found = _film(document), _speakers(document)
    if file is None or not 2 <= len(found) <= 8 or not sayable(*found):
        return None
    names = [re.sub(r"\W+", "_", name.lower()).strip("_") for name in found]
    places = {old: _named(file, f"_{name}.srt") for old, name in zip(found, names, strict=True)}
    if len({file, *places.values()}) <= len(places):
        return None
    return edit(
        "speakers",
        "split",
        [BY_SPEAKER(file=file, places=places)],
        [GATHER(file=file, places=tuple(places.values())), BY_START()],
    )


def translation(document: Document, _: Random) -> Edit | None:
    """The text in a table by start time."""
    file = _film(document)
    if file is None:
        return None
    table = _named(file, "_translation.csv")
    return edit(
        "translation",
        "extract",
        [TAKE_TEXT(file=file, table=table)],
        [GIVE_TEXT(file=file, table=table)],
    )


def webvtt(document: Document, _: Random) -> Edit | None:
    """SubRip to WebVTT."""
    file = _film(document)
    if file is None:
        return None
    target = _named(file, ".vtt")
    return edit(
        "webvtt",
        "convert",
        [TO_VTT(file=file, target=target)],
        [TO_SRT(file=target, target=file)],
    )


def cue_sheet(document: Document, _: Random) -> Edit | None:
    """SubRip to a cue sheet in CSV."""
    file = _film(document)
    if file is None:
        return None
    target = _named(file, "_cues.csv")
    return edit(
        "cue_sheet",
        "convert",
        [TO_SHEET(file=file, target=target)],
        [FROM_SHEET(file=target, target=file)],
    )


def conform(document: Document, rng: Random) -> Edit | None:
    """Composed: another frame rate, other labels, WebVTT."""
    parts = (planner(document, rng) for planner in (frame_rate, labels, webvtt))
    return compose("conform", *parts)


def deliver(document: Document, rng: Random) -> Edit | None:
    """Composed: other labels, a delay, reels."""
    parts = (planner(document, rng) for planner in (labels, delay, reels))
    return compose("deliver", *parts)


def spotting(document: Document, rng: Random) -> Edit | None:
    """Composed: a delay, sorted by duration, as a cue sheet."""
    parts = (planner(document, rng) for planner in (delay, sort, cue_sheet))
    return compose("spotting", *parts)


# --- fresh documents ---------------------------------------------------------------------------

_OPENINGS = (
    "Listen.", "Wait.", "No.", "I know.", "Fine, then.", "Look at me.", "It's late.",
    "You were right.", "Be honest.", "Not here.", "Give me a minute.", "I had no choice.",
    "Sit down.", "Forget it.", "That's the point.", "Nobody saw us.", "Of course.",
    "Don't laugh.", "Slow down.", "I'm asking you.", "Good morning.", "Enough.",
)  # fmt: skip
_LINES = (
    "The last ferry to {city} left an hour ago.", "{name} never told me about the {good}.",
    "Who gave you the key to the {place}?", "We can reach {city} before the storm.",
    "I found your letter under the {good}.", "There are {number} steps down to the {place}.",
    "She said {number} people were on that boat.", "Did {name} call from {city} last night?",
    "Your brother sold the {good} for {number} crowns.",
    "My father built the {place} with his hands.",
    "If {name} asks, we spent the night in {city}.", "They closed the {place} in {month}.",
    "Meet me behind the {place} at {hour}.", "I can't pay {number} by {month}.",
    "Why is there blood on the {good}?", "The whole town talks about {name}.",
    "Take the {good} and walk to the {place}.", "Someone has been in the {place} again.",
    "You promised to come back in {month}.", "{name} still owes me {number} for the {good}.",
    "Do you remember the summer in {city}?", "Room {number}, the one above the {place}.",
    "He left {city} with nothing but a {good}.", "At {hour} the lights in the {place} go out.",
    "I was {number} days at sea when {name} wrote.", "Let {name} carry the {good} for once.",
)  # fmt: skip
_PLACES = (
    "lighthouse", "boathouse", "cellar", "chapel", "old mill", "station", "bakery", "greenhouse",
    "harbour office", "cinema", "attic", "quarry", "orchard", "ballroom",
)  # fmt: skip
_SOUNDS = (
    "door slams", "thunder in the distance", "radio crackles", "engine starts", "glass shatters",
    "footsteps overhead", "gulls crying", "telephone rings", "crowd murmurs", "train whistle",
)  # fmt: skip
_TITLES = (
    "harbour_lights", "the_ninth_ferry", "cold_orchard", "salt_and_glass", "winter_keys",
)  # fmt: skip


def _speech(rng: Random) -> str:
    line = rng.choice(_LINES).format(
        city=rng.choice(content.CITIES),
        name=rng.choice(content.FIRST_NAMES),
        good=rng.choice(content.GOODS),
        place=rng.choice(_PLACES),
        month=rng.choice(content.MONTHS),
        number=rng.randint(3, 900),
        hour=f"{rng.randint(1, 12)}:{rng.randrange(60):02}",
    )
    return f"{rng.choice(_OPENINGS)} {line}" if rng.random() < 0.4 else line


def _cue(rng: Random, start: int, speaker: str | None) -> tuple[Unit, int]:
    """A cue, and when it ends."""
    sound = f"[{rng.choice(_SOUNDS)}]" if rng.random() < 0.5 else f"<i>{_speech(rng)}</i>"
    text = _speech(rng) if speaker else sound
    end = start + 900 + 45 * len(text) + rng.randrange(600)
    fields: dict[str, Value] = {"start": Decimal(start), "end": Decimal(end)}
    if speaker:
        fields["speaker"] = speaker
    text = _BREAK.join(textwrap.wrap(text, 38))
    return Unit(CUE, fields, key="start", text=text), end


class Subtitles(Domain):
    """The subtitles of a film."""

    name = "subtitles"
    category = "creative"
    formats: ClassVar = {".srt": SRT, ".vtt": VTT, ".csv": CSV}
    clips: ClassVar = {CUE: 0.3}
    verbs: ClassVar[Sequence[Verb]] = (
        DELAY, ADVANCE, RETIME, LABELS, BY_START, LONGEST, SHORTEST, CUT, JOIN, BY_SPEAKER, GATHER,
        TAKE_TEXT, GIVE_TEXT, TO_VTT, TO_SRT, TO_SHEET, FROM_SHEET,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = (
        delay, frame_rate, labels, sort, reels, speakers, translation, webvtt, cue_sheet,
        conform, deliver, spotting,
    )  # fmt: skip
    derived: ClassVar = (re.compile(r"\s*\d+\s*"),)
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """A film's dialogue, with sounds and voices off."""
        cast = [name.upper() for name in rng.sample(content.FIRST_NAMES, rng.randint(3, 5))]
        cues = []
        time = rng.randrange(800, 90_000)
        for i in range(max(5, round(size / 26))):
            speaker = cast[i] if i < len(cast) else rng.choice([*cast, *cast, None])
            cue, end = _cue(rng, time, speaker)
            cues.append(cue)
            time = end + rng.choice((80, 120, 400, 1500, 6000)) + rng.randrange(400)
        return {f"{rng.choice(_TITLES)}.srt": SRT.render(cues)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends and a byte order mark; more blank lines; other cue numbers."""
        renumbered = re.sub(r"(?m)^\d+(?=\n\d\d:)", lambda n: str(int(n[0]) + 40), text)
        windows = "\ufeff" + text.replace("\n", "\r\n")
        return [windows, text.replace("\n\n", "\n\n\n"), renumbered, text.rstrip("\n")]

    def distractors(self, rng: Random, size: int) -> Files:
        """A call sheet and production notes."""
        rows = [_call(rng, code) for code in content.codes(rng, "SC", max(3, size // 40))]
        return {
            "call_sheet.csv": CSV.render(rows),
            "production_notes.md": content.memo(rng, size // 2),
        }


def _call(rng: Random, code: str) -> Unit:
    return Unit(
        ROW,
        {
            "scene": code,
            "date": content.day(rng).isoformat(),
            "set": f"{rng.choice(_PLACES)}, {rng.choice(content.CITIES)}",
            "contact": content.person(rng),
            "pages": Decimal(rng.randint(1, 60)) / 8,
        },
    )


DOMAIN = Subtitles()
