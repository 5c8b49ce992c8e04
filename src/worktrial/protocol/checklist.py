"""The Agentic Benchmark Checklist, as far as a trial can answer it by itself.

References:
    Zhu et al. (2025), Establishing best practices for building rigorous agentic benchmarks,
    arXiv:2507.02825.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Answered(NamedTuple):
    """One question.

    Attributes:
        part: `task validity`, `outcome validity` or `reporting`.
        question: As a statement.
        met: Whether it can be shown.
        shown_by: What shows it, or why not.
    """

    part: str
    question: str
    met: bool
    shown_by: str


def records(answers: Sequence[tuple[str, str, bool, str]]) -> list[Mapping[str, str | bool]]:
    """Answers as a manifest holds them; each is the fields of an `Answered`."""
    return [Answered(*answer)._asdict() for answer in answers]
