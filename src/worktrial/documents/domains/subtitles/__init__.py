"""The subtitles of a film, in SubRip; edited also into WebVTT, cue sheets and tables in CSV.

A unit is a cue, identified by its start: its times in whole milliseconds and its speaker are
fields, its lines are running text. In SubRip the speaker is what stands in capitals before the
first colon, in WebVTT the voice tag. The header and the notes of WebVTT are structural.

What counts is every millisecond, the order of cues, and the line breaks within them. Cue numbers
follow from the order; blank lines, space around a line, line ends and the kind of decimal mark
mean nothing.

Known limits: a block without a timing line is opaque, also where the timing line is broken.
Markup such as `<i>` is text, and so is a label that is not in capitals. Edits are planned only
for one file of cues in the order of distinct starts, without settings and vertical bars, which
tables can't hold. Frame rates are only ever lowered first, so that rounding loses nothing.
"""

import re
from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents.domain import Domain
from worktrial.documents.domains.subtitles import fresh
from worktrial.documents.domains.subtitles.edits import PLANNERS
from worktrial.documents.domains.subtitles.format import CUE, SRT, VTT, rewritten
from worktrial.documents.domains.subtitles.verbs import VERBS
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.table import CSV
from worktrial.documents.unit import Files


class Subtitles(Domain):
    """The subtitles of a film."""

    name = "subtitles"
    category = "creative"
    formats: ClassVar = {".srt": SRT, ".vtt": VTT, ".csv": CSV}
    clips: ClassVar = {CUE: 0.3}
    verbs: ClassVar[Sequence[Verb]] = VERBS
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    derived: ClassVar = (re.compile(r"\s*\d+\s*"),)
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """A film's dialogue, with sounds and voices off."""
        return fresh.generate(rng, size)

    def distractors(self, rng: Random, size: int) -> Files:
        """A call sheet and production notes."""
        return fresh.distractors(rng, size)

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends and a byte order mark; more blank lines; other cue numbers."""
        return rewritten(text)


DOMAIN = Subtitles()
