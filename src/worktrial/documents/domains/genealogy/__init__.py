"""A family tree, in GEDCOM 5.5.1.

A unit is a record: an individual, a family, a source. Each is identified by its own `@I1@`; every
line below is a field named by the tags that lead to it, such as `BIRT.DATE`. The header is
structural.

What counts is every tag with its value, the order of records, and the order of lines of one tag.
The order of different tags, indentation, and where `CONC` breaks a value mean nothing. The last
line, `0 TRLR`, follows from there being records.

Known limits: all values are text, dates too. What is no line, or skips a level, is kept as the
text of its record.
"""

import re
from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content, table
from worktrial.documents.domain import Domain
from worktrial.documents.domains.genealogy.edits import MONTHS, PLANNERS, VERBS
from worktrial.documents.domains.genealogy.format import GEDCOM, HEAD
from worktrial.documents.domains.genealogy.fresh import Tree, register
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.unit import Files, Unit, Value


class Genealogy(Domain):
    """A family tree."""

    name = "genealogy"
    category = "records"
    formats: ClassVar = {".ged": GEDCOM, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = VERBS
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    derived: ClassVar[Sequence[re.Pattern[str]]] = (re.compile(r"0 TRLR"),)
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """Couples with their children, over some generations."""
        today = content.day(rng)
        about: dict[str, Value] = {
            "SOUR": rng.choice(content.FIRMS),
            "DATE": f"{today.day} {MONTHS[today.month - 1]} {today.year}",
            "GEDC.VERS": "5.5.1",
            "GEDC.FORM": "LINEAGE-LINKED",
            "CHAR": "UTF-8",
        }
        tree = Tree(rng, size)
        while len(tree.people) + len(tree.families) < max(4, size / 44 - 2):
            tree.grow()
        return {"family.ged": GEDCOM.render([Unit(HEAD, about), *tree.units()])}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; levels indented; a value broken in two."""
        indented = re.sub(r"(?m)^([1-9])", lambda level: "  " * int(level[1]) + level[1], text)
        broken = re.sub(r"(?m)^1 NAME (.)(.*)$", r"1 NAME \1\n2 CONC \2", text, count=1)
        return [text.replace("\n", "\r\n"), indented, broken]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the society and a list of registers at the archive."""
        return {
            "society.md": content.memo(rng, size // 2),
            "archive.csv": _archive(rng, size // 2),
        }


def _archive(rng: Random, size: int) -> str:
    rows = [
        Unit(table.ROW, {"shelf": code, "register": register(rng), "seen": str(content.day(rng))})
        for code in content.codes(rng, "AR", max(3, size // 16))
    ]
    return table.CSV.render(rows)


DOMAIN = Genealogy()
