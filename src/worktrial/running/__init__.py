"""Running trials: from a course to logs and evidence, and on again after an interruption."""

from worktrial.running.budget import Budget
from worktrial.running.extraction import extract
from worktrial.running.run import run
from worktrial.running.trials import TRIALS
from worktrial.trial import Request

__all__ = ["TRIALS", "Budget", "Request", "extract", "run"]
