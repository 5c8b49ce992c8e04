"""The schema of a database: `CREATE TABLE` with columns and constraints, indexes, comments, in SQL.

A unit is a column or a constraint of a table, an index, a constraint added by `ALTER TABLE`, a
`COMMENT ON COLUMN`, or any other statement as text; the head of a table is structural. Type, key,
default, check, reference and the comment behind it are fields of a column, beside the table's name.

What counts is every name as it is written, every clause, every word of a comment, and the order of
all of it. Spaces, line breaks, the case of keywords and types, the order of a column's clauses
and the closing bracket mean nothing.

Known limits: expressions are compared as text. Clauses beyond those above, and those with a name
of their own, are text of their column. A quoted string ends on its line, and a backslash in it
escapes nothing; text between dollar signs may have many lines. In a table whose brackets don't
match, a comma ends a column only at the end of a line. Columns whose first line of their table is
lost are columns of no table. A comment belongs to what stands before it.
What is no statement is opaque, line by line.
"""

import re
from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content
from worktrial.documents.domain import Domain
from worktrial.documents.domains.dbschema.edits import PLANNERS, VERBS
from worktrial.documents.domains.dbschema.format import SQL
from worktrial.documents.domains.dbschema.fresh import tables
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.unit import Files


class Dbschema(Domain):
    """The schema of a database."""

    name = "dbschema"
    category = "code"
    formats: ClassVar = {".sql": SQL}
    verbs: ClassVar[Sequence[Verb]] = VERBS
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """The tables of a firm's system."""
        return {"schema.sql": SQL.render(tables(rng, max(2, round(size / 105))))}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; keywords in small letters; a table on few lines."""
        small = re.sub(r"\b(CREATE|TABLE|PRIMARY KEY|NOT NULL|DEFAULT|INDEX|ON)\b",
                       lambda word: word[0].lower(), text)  # fmt: skip
        return [text.replace("\n", "\r\n"), small, re.sub(r"\(\n +", "(", text)]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of a meeting and sample data."""
        lines = ["INSERT INTO samples (name, city, amount) VALUES"]
        while sum(map(len, lines)) < 1.7 * size:
            values = (content.person(rng), rng.choice(content.CITIES))
            lines.append(f"    ('{values[0]}', '{values[1]}', {content.amount(rng)}),")
        samples = "\n".join(lines).removesuffix(",") + ";\n"
        return {"meeting.md": content.memo(rng, size // 2), "samples.sql": samples}


DOMAIN = Dbschema()
