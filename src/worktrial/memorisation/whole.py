"""What is probed of a file as a whole: the identifier planted in it, and the order of its items."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict
from rapidfuzz.distance import LCSseq

from worktrial.memorisation.items import AuditItem, Text
from worktrial.randomness import derive, stream

CANARY_ID = "canary"
_LOOKED_AT = 1_000_000
"""Characters of a file in which a canary is looked for."""
_GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_CANARY = re.compile(rf"[^\n\"']{{0,120}}\bcanary\b[^\n]{{0,80}}?({_GUID})", re.IGNORECASE)
_SHOWN = 8
"""Hexadecimal digits of a canary that are shown: the other 24 cannot be guessed."""
_SHARD = 8
_MOST_SHARDS = 40
_SHUFFLES = 199
_SORTED = 0.05


class Canary(BaseModel):
    """An identifier that was planted in a file so that a model which has read it gives it away.

    Attributes:
        id: Always `canary`.
        shown: What is shown: the words before it, and its first digits.
        hidden: The rest of it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = CANARY_ID
    shown: str
    hidden: str


class Shard(BaseModel):
    """Consecutive items of a file, in their order.

    Attributes:
        id: `shard-N`.
        texts: As they follow one another.
        seed: From which the other orders are drawn.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    texts: tuple[str, ...]
    seed: int

    def orders(self, shuffles: int) -> list[str]:
        """The shard in its own order, then in others, as whole texts."""
        rng, orders = stream(self.seed, "order", self.id), [self.texts]
        orders += [tuple(rng.sample(self.texts, len(self.texts))) for _ in range(shuffles)]
        return ["\n\n".join(texts) for texts in orders]


def body(text: Text) -> str:
    """A text as it is continued and read: the question, and below it its options."""
    return "\n".join([text.question, *lettered(text.options)])


def lettered(options: Sequence[str]) -> list[str]:
    """Options as lines with letters from A."""
    return [f"{chr(ord('A') + n)}. {option}" for n, option in enumerate(options)]


def canary_of(file: Path | None, items: Sequence[AuditItem]) -> Canary | None:
    """The canary of a file, if there is one in its beginning or in an item.

    Args:
        file: What is audited, if it is a file.
        items: What was read of it.
    """
    texts = [_beginning(file)] if file is not None else []
    for text in (*texts, *(item.question for item in items)):
        if found := _CANARY.search(text[:_LOOKED_AT]):
            at = found.start(1) + _SHOWN
            return Canary(shown=text[found.start() : at], hidden=text[at : found.end(1)])
    return None


def _beginning(file: Path) -> str:
    with file.open("rb") as read:
        return read.read(_LOOKED_AT).decode("utf-8", "replace")


def shards_of(items: Sequence[AuditItem], *, seed: int) -> tuple[Shard, ...]:
    """Shards of an ordered file, where its order by itself tells nothing.

    A file that is sorted, by topic or by length, is likelier in its own order to a model that never
    saw it. So the order is first held against shuffles without any model.

    Args:
        items: Audited ones; rows that do not follow one another are in no shard together.
        seed: From which other orders are drawn.
    """
    runs: list[list[AuditItem]] = []
    for item in sorted(items, key=lambda one: one.row):
        if runs and item.row == runs[-1][-1].row + 1 and len(runs[-1]) < _SHARD:
            runs[-1].append(item)
        else:
            runs.append([item])
    whole = [tuple(body(item) for item in run) for run in runs if len(run) == _SHARD]
    kept = whole[:_MOST_SHARDS]
    if not kept or is_sorted(kept, seed=seed):
        return ()
    of = derive(seed, "memorisation", "shards")
    return tuple(Shard(id=f"shard-{n}", texts=run, seed=of) for n, run in enumerate(kept, 1))


def is_sorted(shards: Sequence[Sequence[str]], *, seed: int) -> bool:
    """Whether neighbours are more alike, in words or length, than chance would have them.

    Args:
        shards: Texts in their order.
        seed: Of the shuffles.
    """
    rng = np.random.default_rng(derive(seed, "memorisation", "sorted"))
    alike = [_likeness(texts) for texts in shards]
    for measure in range(2):
        tables = [table[measure] for table in alike]
        own = sum(_neighbours(table) for table in tables)
        drawn = [
            sum(
                _neighbours(table[np.ix_(p, p)])
                for table in tables
                for p in [rng.permutation(len(table))]
            )
            for _ in range(_SHUFFLES)
        ]
        if (1 + sum(value >= own for value in drawn)) / (1 + _SHUFFLES) <= _SORTED:
            return True
    return False


def _likeness(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Of each pair: words in common, and how near their lengths are."""
    words = [text.split() for text in texts]
    common = np.array([[LCSseq.normalized_similarity(a, b) for b in words] for a in words])
    lengths = np.array([len(text) for text in texts], dtype=np.float64)
    return common, -np.abs(np.subtract.outer(lengths, lengths))


def _neighbours(table: np.ndarray) -> float:
    return float(np.diagonal(table, offset=1).sum())
