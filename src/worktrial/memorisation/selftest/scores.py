"""What a trained model makes of items: every statistic of the audit, of items and of variants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from worktrial.memorisation.likelihood import statistics
from worktrial.memorisation.measured import LIKELIHOOD, at
from worktrial.memorisation.reconstruction import Reconstruction, cut, reconstruction
from worktrial.memorisation.selftest.model import Reader
from worktrial.memorisation.selftest.texts import Item

Array = npt.NDArray[np.float64]
COMPLETION = ("exact", "verbatim", "rouge")
"""Of a continuation. The answer in it says nothing here: it stands in the text itself."""


@dataclass(frozen=True)
class Scores:
    """Of some items.

    Attributes:
        of: By metric, shape (items, 1 + variants): the item as published, then its variants.
        right: Whether the answer is the model's own, likewise.
    """

    of: Mapping[str, Array]
    right: Array

    def __getitem__(self, rows: slice) -> "Scores":
        """The scores of some of the items."""
        return Scores({name: values[rows] for name, values in self.of.items()}, self.right[rows])

    def beside(self, other: "Scores") -> "Scores":
        """The scores of these items and of others, which have the same metrics."""
        both = {name: np.concatenate([values, other.of[name]]) for name, values in self.of.items()}
        return Scores(both, np.concatenate([self.right, other.right]))


def likelihood_of(reader: Reader, items: Sequence[Item]) -> Scores:
    """Read items and all their variants."""
    problems = [problem for item in items for problem in (item.published, *item.variants)]
    read = reader.read([problem.text for problem in problems])
    found = [
        statistics(problem.question, reading.logprobs)
        for problem, reading in zip(problems, read, strict=True)
    ]
    by_item = (len(items), -1)
    return Scores(
        {n: np.array([of[n] for of in found], np.float64).reshape(by_item) for n in LIKELIHOOD},
        np.array([reading.right for reading in read], np.float64).reshape(by_item),
    )


def completion_of(
    reader: Reader, items: Sequence[Item], percents: Sequence[int], variants: int = 0
) -> dict[str, Array]:
    """Let items, and so many variants of each, be continued from their beginnings.

    Args:
        reader: Who continues.
        items: Of which the beginnings are shown.
        percents: How much of them.
        variants: Of each item.

    Returns:
        By metric, shape (items, 1 + variants).
    """
    questions = [
        problem.question
        for item in items
        for problem in (item.published, *item.variants[:variants])
    ]
    found = {}
    for percent in percents:
        made = _continued(reader, questions, percent)
        for name in COMPLETION:
            values = np.array([getattr(of, name) for of in made], np.float64)
            found[at(name, percent)] = values.reshape(len(items), -1)
    return found


def _continued(reader: Reader, texts: Sequence[str], percent: int) -> list[Reconstruction]:
    parts = [cut(text, percent) or (text, "") for text in texts]
    lengths = [len(remainder.split()) for _, remainder in parts]
    written = reader.continued([prefix for prefix, _ in parts], lengths)
    return [
        reconstruction(words, prefix=prefix, remainder=remainder)
        for words, (prefix, remainder) in zip(written, parts, strict=True)
    ]
