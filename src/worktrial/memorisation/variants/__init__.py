"""STAND-IN until the items part is merged: other numbers in the same words, no true answers."""

import re
from collections.abc import Sequence
from functools import partial
from random import Random

from worktrial.memorisation.items import AuditItem, Text
from worktrial.randomness import stream


def varied(items: Sequence[AuditItem], *, count: int, seed: int) -> tuple[AuditItem, ...]:
    """Change every number."""
    return tuple(_varied(item, count, seed) if item.role == "audited" else item for item in items)


def _varied(item: AuditItem, count: int, seed: int) -> AuditItem:
    if not re.search(r"\d", item.question):
        return item.model_copy(update={"unvaried": "no number in it"})
    texts = []
    for n in range(count):
        rng = stream(seed, "variant", item.id, n)
        question = re.sub(r"\d+", partial(_other, rng), item.question)
        answer = None if item.answer is None else re.sub(r"\d+", partial(_other, rng), item.answer)
        texts.append(Text(question=question, answer=answer, options=item.options))
    return item.model_copy(update={"variants": tuple(texts), "family": "numbers"})


def _other(rng: Random, found: re.Match[str]) -> str:
    low = 10 ** (len(found[0]) - 1)
    return str(rng.randrange(low, 10 * low))
