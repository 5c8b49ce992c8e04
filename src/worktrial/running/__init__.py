"""Running trials: from a course to logs and evidence, and on again after an interruption."""

from worktrial.running.extraction import extract
from worktrial.running.request import PRIMARY, TRIALS, Request
from worktrial.running.run import run

__all__ = ["PRIMARY", "TRIALS", "Request", "extract", "run"]
