"""Settings of any program: a fallback for INI, TOML, `.conf`, `.desktop`, `.service` and the like.

A unit is a setting (`key = value` or `key: value`), a `[section]`, which is structural, a comment,
or a line that is none of these. A setting belongs to the section that it stands under. A value
that is a plain number, `true`, `false` or a date is one; any other is its text as it is written:
quotes count, and so do the lines of a list or of a text that goes on over several.

Blank lines, indentation, and space around the sign mean nothing; the sign itself, the case of
words, comments, and the order of all lines do.

Known limits: a comment behind a value is part of it. A number with a zero at the end of its
decimals is text, for it may be a version. What is indented deeper than a setting right above it
goes on with its value, as in INI, though TOML would read a setting of its own.
"""

from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.domains.settings.edits import PLANNERS, VERBS
from worktrial.documents.domains.settings.format import SETTINGS
from worktrial.documents.domains.settings.fresh import application
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.unit import Files

_EXTENSIONS = (
    ".ini", ".cfg", ".conf", ".toml", ".properties", ".desktop", ".service", ".socket", ".timer",
)  # fmt: skip


class AnySettings(Domain):
    """Files of any name, by their settings; tables that edits write as CSV."""

    name = "settings"
    category = "code"
    formats: ClassVar = dict.fromkeys(_EXTENSIONS, SETTINGS) | {".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = VERBS
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.15

    def generate(self, rng: Random, size: int) -> Files:
        """The settings of an application."""
        return {"application.ini": application(rng, size)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """No space around signs; more blank lines; Windows line ends; space at the end of lines."""
        return [
            text.replace(" = ", "="), text.replace("\n\n", "\n\n\n"),
            text.replace("\n", "\r\n"), text.replace("\n", " \t\n"),
        ]  # fmt: skip

    def distractors(self, rng: Random, size: int) -> Files:
        """Settings of another application and a memo."""
        return {
            "staging.ini": application(rng, size // 2),
            "notes.md": content.memo(rng, size // 2),
        }

    def knows(self, name: str) -> bool:
        """Any name."""
        return True

    def _format(self, name: str) -> Format:
        return super()._format(name) if name.endswith(".csv") else SETTINGS


DOMAIN = AnySettings()
