"""Dockerfiles in several stages.

A unit is an instruction; the `FROM` that begins a stage is structural, a line of comment is text.
Image, tag, flags, names, values, ports and the words of a command in JSON form are fields; a
shell command, and whatever else an instruction says, is running text.

What counts is every word, the spaces within a line of a command, and the order of instructions.
The case of instruction words, blank lines, where a line is continued, and `ENV NAME value` for
`ENV NAME=value` mean nothing.

Known limits: shell commands are not parsed and variables not resolved. A here-document is text of
its instruction, blanks at the end of lines left out; one that doesn't end within 300 lines is read
as instructions. A comment amid a continued instruction stands before it. A line that begins with
an instruction word ends one that is still to be continued. A backslash continues a line even where
a directive chooses another sign.
"""

import re
from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain
from worktrial.documents.domains.docker.edits import (
    ARGUMENTS,
    JOIN,
    JSON,
    MIRROR,
    OWNERS,
    PART,
    PIN,
    PLANNERS,
    PORTS,
    RENAME,
    SHELL,
    UNPIN,
)
from worktrial.documents.domains.docker.format import DOCKERFILE
from worktrial.documents.domains.docker.fresh import fresh_stage
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.unit import Files, Unit


class Docker(Domain):
    """Dockerfiles in several stages."""

    name = "docker"
    category = "code"
    formats: ClassVar = {".dockerfile": DOCKERFILE, "": DOCKERFILE, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        PORTS.add, PORTS.subtract, ARGUMENTS.take, ARGUMENTS.give, RENAME, MIRROR, OWNERS, SHELL,
        JSON, PIN, UNPIN, PART, JOIN,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.03

    def generate(self, rng: Random, size: int) -> Files:
        """Stages that copy from each other."""
        count = max(2, round(size / 190))
        length = max(6, round(size / 16 / count))
        units: list[Unit] = []
        for number in range(count):
            before = programs.text_values(units, "stage")
            units += fresh_stage(rng, number, before, length)
        distinct = {unit.identity: unit for unit in units}
        return {"app.dockerfile": DOCKERFILE.render(list(distinct.values()))}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; small letters; the old form of `ENV`; other continuations."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"^[A-Z]+(?= )", lambda word: word[0].lower(), text, flags=re.MULTILINE),
            re.sub(r"^(ENV \w+)=", r"\1 ", text, flags=re.MULTILINE),
            text.replace(" AS ", " \\\n\n  AS "),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes on operation and a table of machines."""
        rows = [
            Unit(table.ROW, {"machine": code, "place": rng.choice(content.CITIES),
                             "keeper": content.person(rng)})
            for code in content.codes(rng, "VM", max(3, size // 24))
        ]  # fmt: skip
        return {
            "operation.md": content.memo(rng, size // 2),
            "machines.csv": table.CSV.render(rows),
        }


DOMAIN = Docker()
