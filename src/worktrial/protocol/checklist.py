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


_COMMON = tuple(
    Answered(*answer)
    for answer in (
        ("task validity", "Versions of all that the outcome depends on are fixed", True,
         "incidental.versions and the hashes of the measurement"),
        ("task validity", "The task can be solved", True, "incidental.instrument: the oracle"),
        ("reporting", "Intervals are given, over independent units", True,
         "findings.json: estimates"),
        ("reporting", "The estimators are checked against known truth", True,
         "worktrial calibrate"),
        ("reporting", "Baselines are reported: a null worker and an oracle", True,
         "incidental.instrument"),
    )
)  # fmt: skip
_PARTS = ("task validity", "outcome validity", "reporting")


def records(own: Sequence[Answered]) -> list[Mapping[str, str | bool]]:
    """Answers as a manifest holds them, part by part: of every trial first, then its own."""
    answers = sorted((*_COMMON, *own), key=lambda answer: _PARTS.index(answer.part))
    return [answer._asdict() for answer in answers]
