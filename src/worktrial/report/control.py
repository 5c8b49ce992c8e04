"""A control's findings, looked up by arm, metric and checkpoint."""

from worktrial.evidence.findings import Estimate, Findings
from worktrial.report.reading import unique

CHANGE, SHARE, DIFFERENCE = "change", "share", "difference"
REWARDS, INSTRUCTIONS = "control/rewards", "control/instructions"


class ControlReading:
    """What a control found."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self._by_id = {e.id: e for e in findings.estimates}
        self.rewards = any(c.id.startswith(f"{REWARDS}/") for c in findings.claims)
        self._head = REWARDS if self.rewards else INSTRUCTIONS
        self.bases = next((c.worker for c in findings.outcomes), "")
        self.arms = unique(count.arm for count in findings.outcomes)
        self.groups = unique(e.axis for e in findings.estimates if e.axis and not self.rewards)
        self.rates = unique(e.axis for e in findings.estimates if e.axis and self.rewards)

    def change(self, arm: str, metric: str) -> Estimate | None:
        """How much a metric changed under an arm."""
        return self._by_id.get(f"{self._head}/{arm}/{metric}/{CHANGE}")

    def under(self, arm: str, rate: str) -> Estimate | None:
        """The primary change under another learning rate."""
        found = (e for e in self.findings.estimates if e.arm == arm and e.axis == rate)
        return next(found, None)

    def curve(self, arm: str, metric: str, group: str | None = None) -> list[Estimate]:
        """A metric at every checkpoint."""
        return [
            e
            for e in self.findings.estimates
            if e.step is not None and (e.arm, e.metric, e.axis) == (arm, metric, group)
        ]

    def format_share(self, arm: str) -> Estimate | None:
        """How much of an arm's strict gain is the form."""
        return self._by_id.get(f"{self._head}/{arm}/clean_format_share/{SHARE}")

    def score(self, group: str, arm: str, metric: str = "score") -> Estimate | None:
        """A group's score under an arm, at the end."""
        return self._by_id.get(f"{self._head}/{group}/{arm}/{metric}")

    def guess_share(self, group: str) -> Estimate | None:
        """Of the full arm's gain, what a guess in the right space would reach."""
        return self._by_id.get(f"{self._head}/{group}/full/guess_share/{SHARE}")

    def difference(self, group: str) -> Estimate | None:
        """The full arm less the one that knows the output space alone."""
        return self._by_id.get(f"{self._head}/{group}/full/score/{DIFFERENCE}")

    def ended(self, arm: str) -> str:
        """How an arm's runs ended, in words."""
        return ", ".join(
            f"{c.count} {c.outcome.replace('_', ' ')}"
            for c in self.findings.outcomes
            if c.arm == arm
        )
