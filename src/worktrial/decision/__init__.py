"""What a decision needs beyond each trial's findings: accepted jobs, cost, failures, what is left.

It is worked out of the evidence, so that a report says nothing that `findings.json` does not hold.
"""

from worktrial.decision.decide import with_decision
from worktrial.decision.prices import Price, read_prices

__all__ = ["Price", "read_prices", "with_decision"]
