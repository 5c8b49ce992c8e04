"""The ablation's findings looked up."""

from dataclasses import dataclass
from functools import cached_property

from worktrial.comparison.order import EVERYONE
from worktrial.evidence.findings import Estimate, Findings
from worktrial.instruction.arms import EMPTY, FORMAT_ONLY, FULL, PERMUTED, WRONG
from worktrial.instruction.extract import SCORE, TRIAL
from worktrial.instruction.panel import GAP
from worktrial.reference import is_reference


@dataclass(frozen=True)
class AblateReading:
    """The ablation's findings looked up; what is not there reads as `None`."""

    findings: Findings

    @cached_property
    def _mine(self) -> list[Estimate]:
        return [e for e in self.findings.estimates if e.trial == TRIAL and e.minus_worker is None]

    @cached_property
    def workers(self) -> list[str]:
        """Everyone on trial, by name and never by score; reference workers last."""
        names = {e.worker for e in self._mine if e.worker != EVERYONE}
        return sorted(names, key=lambda name: (is_reference(name), name))

    def get(
        self, worker: str, metric: str, arm: str | None = None, gap: str | None = None
    ) -> Estimate | None:
        """An estimate of one worker."""
        wanted = (worker, metric, arm, gap)
        return next((e for e in self._mine if (e.worker, e.metric, e.arm, e.gap) == wanted), None)

    @property
    def guess(self) -> float:
        """What can be had without looking at the input."""
        return max((e.value or 0.0 for e in self._mine if e.metric == "guess"), default=0.0)

    def row(self, worker: str) -> dict[str, Estimate | None]:
        """What the table in a terminal says of a worker."""
        return {
            "score": self.get(worker, SCORE, FULL),
            "score with the form alone": self.get(worker, SCORE, FORMAT_ONLY),
            "score with the input alone": self.get(worker, SCORE, EMPTY),
            "instruction gap": self.get(worker, SCORE, FULL, GAP),
            "share explained by form": self.get(worker, "format_share"),
            "own answer although asked otherwise": self.get(worker, "stickiness", WRONG),
            "new names followed": self.get(worker, "flip_compliance", PERMUTED),
        }
