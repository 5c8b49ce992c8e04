"""Reversible changes of subtitles, planned where they fit."""

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import PurePosixPath
from random import Random

from worktrial.documents import content, programs
from worktrial.documents.domains.subtitles import verbs
from worktrial.documents.domains.subtitles.format import CUE, stamp
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.unit import Document

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
    return edit("delay", "scale", [verbs.DELAY(ms=ms)], [verbs.ADVANCE(ms=ms)])


def frame_rate(document: Document, rng: Random) -> Edit | None:
    """Convert to a slower frame rate."""
    if _film(document) is None:
        return None
    old, new, factor, back = rng.choice(_RATES)
    return edit(
        "frame_rate",
        "scale",
        [verbs.RETIME(old=old, new=new, factor=factor)],
        [verbs.RETIME(old=new, new=old, factor=back)],
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
        [verbs.LABELS(legend=legend)],
        [verbs.LABELS(legend=programs.inverse(legend))],
    )


def sort(document: Document, rng: Random) -> Edit | None:
    """Sort by duration; the start times carry the old order."""
    if _film(document) is None:
        return None
    by = rng.choice((verbs.LONGEST, verbs.SHORTEST))()
    if by.program(document) == document:
        return None
    return edit("sort", "sort", [by], [verbs.BY_START()])


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
        [verbs.CUT(file=file, reels=forward)],
        [verbs.JOIN(file=file, reels=programs.inverse(forward))],
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
        [verbs.BY_SPEAKER(file=file, places=places)],
        [verbs.GATHER(file=file, places=tuple(places.values())), verbs.BY_START()],
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
        [verbs.TAKE_TEXT(file=file, table=table)],
        [verbs.GIVE_TEXT(file=file, table=table)],
    )


def _converted(name: str, suffix: str, there: Verb, back: Verb) -> Planner:
    """A planner that turns the film into another format."""

    def planner(document: Document, _: Random) -> Edit | None:
        file = _film(document)
        if file is None:
            return None
        target = _named(file, suffix)
        forward, backward = there(file=file, target=target), back(file=target, target=file)
        return edit(name, "convert", [forward], [backward])

    return planner


_webvtt = _converted("webvtt", ".vtt", verbs.TO_VTT, verbs.TO_SRT)
_cue_sheet = _converted("cue_sheet", "_cues.csv", verbs.TO_SHEET, verbs.FROM_SHEET)

PLANNERS: tuple[Planner, ...] = (
    delay, frame_rate, labels, sort, reels, speakers, translation, _webvtt, _cue_sheet,
    compose("conform", frame_rate, labels, _webvtt),
    compose("deliver", labels, delay, reels),
    compose("spotting", delay, sort, _cue_sheet),
)  # fmt: skip
