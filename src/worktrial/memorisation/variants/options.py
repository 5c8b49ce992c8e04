"""The same options in another order; the right one stays the same text."""

import re
from itertools import pairwise
from math import factorial
from random import Random

from worktrial.memorisation.items import AuditItem, Text
from worktrial.memorisation.variants.digits import written

_PLACED = re.compile(
    r"\b(?:all|none|both|neither|any|either|each|two|three) of (?:the|these|them|those)\b"
    r"|\b(?:above|below|preceding|following)\b|^\(?[A-Ja-j]\)?(?:,| and | or | & |$)"
    r"|\b(?:both|only|neither|options?|choices?|statements?) \(?[A-J]\b",
    re.IGNORECASE,
)
"""Options that speak of others by where they stand."""
_TRIES = 20


def vary(item: AuditItem, count: int, rng: Random) -> tuple[Text, ...] | str:
    """The item with its options in other orders.

    Args:
        item: As published.
        count: How many variants at most.
        rng: What they are drawn from.

    Returns:
        Variants that differ from the item and each other, or why there are none.
    """
    if len(item.options) < 2:  # one is no choice
        return "no options"
    if any(_PLACED.search(option) for option in item.options):
        return "an option speaks of others by where they stand"
    if _sorted(item.options):
        return "its options stand in the order of their size"
    wanted = min(count, factorial(min(len(item.options), 10)) - 1)
    found: dict[tuple[str, ...], None] = {}
    for _ in range(_TRIES * wanted):
        if len(found) == wanted:
            break
        order = tuple(rng.sample(item.options, len(item.options)))
        if order != item.options:
            found[order] = None
    return tuple(Text(question=item.question, answer=item.answer, options=order) for order in found)


def _sorted(options: tuple[str, ...]) -> bool:
    """Whether they are numbers that rise or fall, which no other order would."""
    values = [told.value if (told := written(option)) else None for option in options]
    if any(value is None for value in values) or len(options) < 3:  # two always do
        return False
    signs = {(a or 0) < (b or 0) for a, b in pairwise(values)}
    return len(signs) == 1
