"""The description of an infrastructure in HCL, as Terraform reads it.

A unit is a top-level block, a resource, variable or output; its kind and labels are fields, and so
is every attribute, also those of nested blocks and of maps. Numbers are exact, any other value is
kept as it is written, quotes included. Comments in a block are its text, as are stray lines.

What counts is every attribute with its value, every word of a comment, and the order of blocks.
The order of attributes, spaces, blank lines, the kind of comment mark, whether a list without
braces stands on one line or several, and whether a block of one attribute does, mean nothing.

Known limits: expressions are not evaluated. A top-level block begins at the start of a line, a
nested one is indented; an attribute outside of any block is opaque. A map on one line is not the
same as one on several. A comment stands at the top of its block, a stray line at its end.
"""

import re
from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content, table
from worktrial.documents.domain import Domain
from worktrial.documents.domains.infra.edits import (
    BARE,
    INLINE,
    PARAMETRISE,
    PLANNERS,
    QUOTE,
    RECORDS,
    RENAME,
    RENUMBER,
)
from worktrial.documents.domains.infra.format import HCL
from worktrial.documents.domains.infra.fresh import blocks
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.unit import Files, Unit


class Infra(Domain):
    """The description of an infrastructure."""

    name = "infra"
    category = "code"
    formats: ClassVar = {".tf": HCL, ".hcl": HCL, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), RENAME, PARAMETRISE, INLINE, RENUMBER, QUOTE, BARE,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """Networks, servers, rules and databases of a firm."""
        return {"main.tf": HCL.render(blocks(rng, max(4, round(size / 68))))}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; aligned; lists over lines; other comment marks."""
        return [
            text.replace("\n", "\r\n"),
            text.replace(" = ", "     =  "),
            re.sub(r"= \[(.*)\]", r"= [\n    \1,\n  ]", text),
            re.sub(r"^  ", "\t// \n\n    ", text, flags=re.MULTILINE),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes on costs and a list of keepers."""
        rows = [
            Unit(table.ROW, {"site": code, "city": rng.choice(content.CITIES),
                             "keeper": content.person(rng)})
            for code in content.codes(rng, "ST", max(3, size // 24))
        ]  # fmt: skip
        return {"costs.md": content.memo(rng, size // 2), "keepers.csv": table.CSV.render(rows)}


DOMAIN = Infra()
