"""Python modules, read statically and never run.

A unit is a top-level statement or definition, or a member of a class: a function or method with its
`# area: billing` remarks as fields, a constant with its value, type and note, an import, a class's
head, a docstring. Comments and decorators directly above a statement belong to it.

Every token counts, and so do comments, indentation, the order of units, and the spaces within
strings. Spacing between tokens, blank lines, line ends and how deep a level is indented mean
nothing.

Known limits: statements are not parsed, so code that no interpreter would take is read all the
same; names are not resolved, a renaming goes by whole words; in a module with a string or bracket
left open, a line that looks like the beginning of a statement is one.
"""

import re
from random import Random
from typing import ClassVar

from worktrial.documents import content
from worktrial.documents.domain import Domain
from worktrial.documents.domains.python.edits import OWN_PLANNERS, PLANNERS
from worktrial.documents.domains.python.format import PYTHON
from worktrial.documents.domains.python.fresh import module
from worktrial.documents.domains.python.verbs import VERBS
from worktrial.documents.jsontext import JSON
from worktrial.documents.unit import Files


class Python(Domain):
    """Modules of working code."""

    name = "python"
    category = "code"
    formats: ClassVar = {".py": PYTHON, "": PYTHON, ".json": JSON}
    verbs: ClassVar = VERBS
    planners: ClassVar = PLANNERS
    own_planners: ClassVar = OWN_PLANNERS
    floor = 0.05

    def generate(self, rng: Random, size: int) -> Files:
        """A module of helpers of a trading firm's back office."""
        text = module(rng, round(size * 3.5))
        return {rng.choice(("orders.py", "operations.py", "warehouse.py", "helpers.py")): text}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; blank lines gone or many; deeper indentation; spaced brackets."""
        lines = text.split("\n")
        spaced = "\n".join(re.sub(r"^(\s*return\b)", r"\1 ", line) for line in lines)
        return [
            text.replace("\n", "\r\n"),
            "\n".join(line for line in lines if line.strip()),
            text.replace("\ndef ", "\n\n\n\ndef   "),
            re.sub(r"^( +)", r"\1\1", text, flags=re.MULTILINE),
            spaced,
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """An older module and a memo."""
        return {
            "legacy_helpers.py": module(rng, round(size * 1.7)),
            "notes.md": content.memo(rng, size // 2),
        }


DOMAIN = Python()
