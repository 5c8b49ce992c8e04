"""Subtitles as text, in SubRip and in WebVTT: timed cues with their speakers."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pysubs2.time import ms_to_times, times_to_ms

from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit, Value, opaque

CUE = "cue"
WEBVTT = "webvtt"
BREAK = " \n "
"""A line break within a cue: wide enough to be a token of its own, because it is compared."""

_TIME = r"(-?)(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})[,.]([0-9]{1,3})"
_STAMP = re.compile(_TIME)
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s+(\S.*))?\s*")
_NUMBER = re.compile(r"\s*[0-9]{1,9}\s*")
_LABEL = re.compile(r"([^\W\d_][\w .'&-]{0,29}):(?:\s+|$)")
_VOICE = re.compile(r"<v ([^<>]{1,60})>")
_VTT_BLOCKS = ("WEBVTT", "NOTE", "STYLE", "REGION")


def stamp(ms: Value, point: str = ",") -> str:
    """A time in milliseconds as `HH:MM:SS,mmm`."""
    number = ms if isinstance(ms, Decimal) else Decimal(0)
    hours, minutes, seconds, rest = ms_to_times(abs(int(number)))
    sign = "-" if number < 0 else ""
    return f"{sign}{hours:02}:{minutes:02}:{seconds:02}{point}{rest:03}"


def _milliseconds(sign: str, h: str | None, m: str, s: str, fraction: str) -> Decimal:
    ms = times_to_ms(int(h or 0), int(m), int(s), int(fraction.ljust(3, "0")))
    return Decimal(-ms if sign else ms)


def read_stamp(text: str) -> Decimal:
    """The milliseconds of a time that `stamp` has written."""
    found = _STAMP.fullmatch(text)
    return _milliseconds(*found.groups()) if found else Decimal(0)


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
            return Unit(kind, text=BREAK.join(block), structural=True)
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
        return Unit(CUE, fields, key="start", text=BREAK.join(line for line in lines if line))

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


SRT = Cues(vtt=False)
VTT = Cues(vtt=True)


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


def rewritten(text: str) -> list[str]:
    """Windows line ends and a byte order mark; more blank lines; other cue numbers."""
    renumbered = re.sub(r"(?m)^\d+(?=\n\d\d:)", lambda n: str(int(n[0]) + 40), text)
    windows = "\ufeff" + text.replace("\n", "\r\n")
    return [windows, text.replace("\n\n", "\n\n\n"), renumbered, text.rstrip("\n")]
