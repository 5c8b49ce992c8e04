"""A gate: a run held against a policy, for whoever lets a worker into the house."""

from worktrial.gate.claims import claims_report
from worktrial.gate.judging import judge
from worktrial.gate.junit import junit
from worktrial.gate.policy import Policy, read_policy
from worktrial.gate.verdicts import Check, GateReport, Result

__all__ = [
    "Check",
    "GateReport",
    "Policy",
    "Result",
    "claims_report",
    "judge",
    "junit",
    "read_policy",
]
