"""Running trials: from a course to logs and evidence, and on again after an interruption."""

from worktrial.running.run import Request, extract, run

__all__ = ["Request", "extract", "run"]
