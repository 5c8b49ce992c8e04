"""The output space: what an answer can be, how it is stated, and how often a guess hits it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from string import ascii_uppercase
from typing import Any, Literal

from worktrial.instruction.items import AblateItem

SpaceKind = Literal["choices", "labels", "number", "text"]
MOST_LABELS = 20
_NUMBER = re.compile(r"\s*[-+]?\$?\d[\d,]{0,30}(?:\.\d{1,30})?%?\s*")


@dataclass(frozen=True)
class Space:
    """What an answer can be.

    Attributes:
        kind: Letters of choices, one of few labels, a number, or any text.
        labels: The closed labels, in order of the alphabet.
        uniform: The expected score of a uniform guess.
        majority: The score of the best answer that is always the same.
    """

    kind: SpaceKind
    labels: tuple[str, ...] = ()
    uniform: float = 0.0
    majority: float = 0.0

    @property
    def guess(self) -> float:
        """What can be had without looking at the input: the better of the two."""
        return max(self.uniform, self.majority)

    def options(self, item: AblateItem) -> tuple[str, ...]:
        """All answers that there are to an item; none where the space is open."""
        if self.kind == "choices":
            return letters(len(item.choices))
        return self.labels

    def statement(self, item: AblateItem) -> str:
        """The output space in words, without a word of what is asked."""
        named = ", ".join(self.options(item))
        return {
            "choices": f"Answer with one of the letters {named}.",
            "labels": f"Answer with one of: {named}.",
            "number": "Answer with a number.",
            "text": "Answer with a text.",
        }[self.kind]

    def record(self) -> dict[str, Any]:
        """For a protocol."""
        return {"kind": self.kind, "labels": list(self.labels), "uniform": round(self.uniform, 9),
                "majority": round(self.majority, 9)}  # fmt: skip


def letters(count: int) -> tuple[str, ...]:
    """The first letters of the alphabet."""
    return tuple(ascii_uppercase[:count])


def space_of(items: Sequence[AblateItem]) -> Space:
    """Tell what answers can be, from the targets of a whole data set.

    Choices: every sample has them, and letters of theirs as targets. Labels: at most 20 distinct
    targets, each on the average on two samples. Numbers: every target is one. Else text.
    """
    if items and all(map(_by_letter, items)):
        return _choices(items)
    targets = [item.targets for item in items]
    single = [target[0].strip() for target in targets if len(target) == 1 and target[0].strip()]
    if len(single) < len(items):
        return Space("text")
    counts = Counter(single)
    if 1 < len(counts) <= MOST_LABELS and 2 * len(counts) <= len(items):
        share = max(counts.values()) / len(items)
        return Space("labels", tuple(sorted(counts)), 1 / len(counts), share)
    return Space("number" if single and all(map(_NUMBER.fullmatch, single)) else "text")


def _by_letter(item: AblateItem) -> bool:
    known = letters(len(item.choices))
    enough = 1 < len(item.choices) <= len(ascii_uppercase)
    return enough and bool(item.targets) and all(target in known for target in item.targets)


def _choices(items: Sequence[AblateItem]) -> Space:
    several = any(len(item.targets) > 1 for item in items)
    counts = [len(item.choices) for item in items]
    # Where several may be right, a guess is any set of letters that is not empty.
    uniform = fmean(1 / (2**count - 1 if several else count) for count in counts)
    most = Counter(item.targets for item in items).most_common(1)[0][1]
    return Space("choices", (), uniform, most / len(items))
