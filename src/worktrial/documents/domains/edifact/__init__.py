"""Orders and invoices between firms, in UN/EDIFACT.

A unit is a line item, identified by its article number; the head of an interchange, the head of a
message and its summary are structural. A segment is a field named by tag and qualifier, such as
`QTY+21`; `LIN` is the number of a line and `EAN` its article. What follows a party (`NAD`) or a
tax (`TAX`) and belongs to it has its name before its own.

What counts is every segment with all its elements, and the order of line items. Line ends between
segments, service characters set by `UNA`, empty elements at the end of a segment and the order of
different segments of one unit mean nothing. The counts and references in `UNT` and `UNZ` follow
from the rest and are written anew; one that is missing or wrong is a unit of its own, and costs.

Known limits: values are text but for quantities, prices, amounts and line numbers. A line end
inside a segment ends it; what isn't closed or has no tag is kept as text. Segment orders and code
lists aren't checked, nor totals.
"""

from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content, table
from worktrial.documents.domain import Domain
from worktrial.documents.domains.edifact.edits import PLANNERS, VERBS
from worktrial.documents.domains.edifact.format import EDIFACT
from worktrial.documents.domains.edifact.fresh import Trade, article_number
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.unit import Files, Unit


class Edifact96(Domain):
    """Orders and invoices between firms."""

    name = "edifact"
    category = "records"
    formats: ClassVar = {".edi": EDIFACT, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = VERBS
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """One interchange of orders, or of invoices."""
        count = max(4, round(size / 50))
        units = list(Trade(rng, count).units(count))
        return {"trade.edi": EDIFACT.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Without line ends; with service characters of its own; with Windows line ends."""
        other = text.translate(str.maketrans("+:'", "|*~"))
        return [text.replace("\n", ""), f"UNA*|.? ~\n{other}", text.replace("\n", "\r\n")]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes on the partner and a list of contacts."""
        return {
            "partner.md": content.memo(rng, size // 2),
            "contacts.csv": _contacts(rng, size // 2),
        }


def _contacts(rng: Random, size: int) -> str:
    rows = [
        Unit(
            table.ROW, {"gln": article_number(rng.randrange(10**8)), "contact": content.person(rng)}
        )
        for _ in range(max(3, size // 9))
    ]
    return table.CSV.render(rows)


DOMAIN = Edifact96()
