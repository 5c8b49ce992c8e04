"""The ledger of a small firm, in plain text in the style of beancount, with our own parser.

A unit is a directive: a line and what is indented under it. A transaction is one unit together
with its postings and metadata, identified by its link; a posting is a field, named by its account
and currency, with the amount as its value. Options, open accounts, includes and comments are
structural.

What counts is every field of the first line, every posting with its flag, cost, price and
comment, and the order of directives. The order of postings, of metadata, of tags and of links
within a transaction means nothing, nor do alignment, blank lines and thousands separators.

Known limits: costs in braces are text, not numbers. Metadata that is neither a string nor a
number, metadata under directives that are no transactions, and what can't be read are kept as
text. A directive that can't be read at all is opaque. A journal holds only transactions whose
every posting has an amount, without cost, price, flag or comment.
"""

from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents.domain import Domain
from worktrial.documents.domains.accounting import fresh
from worktrial.documents.domains.accounting.edits import PLANNERS
from worktrial.documents.domains.accounting.format import LEDGER, rewritten
from worktrial.documents.domains.accounting.verbs import VERBS
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.table import CSV
from worktrial.documents.unit import Files


class Accounting(Domain):
    """The ledger of a small firm."""

    name = "accounting"
    category = "records"
    formats: ClassVar = {".beancount": LEDGER, ".csv": CSV}
    verbs: ClassVar[Sequence[Verb]] = VERBS
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """A year of a firm's transactions under its accounts."""
        return fresh.generate(rng, size)

    def distractors(self, rng: Random, size: int) -> Files:
        """A list of assets and the minutes of a meeting."""
        return fresh.distractors(rng, size)

    def reformatted(self, name: str, text: str) -> list[str]:
        """Other alignment; Windows line ends; postings in reverse; `txn` and thousands."""
        return rewritten(text)


DOMAIN = Accounting()
