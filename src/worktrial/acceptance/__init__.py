"""Criterion validity: do scores tell which jobs are accepted by those who asked for them?"""

from worktrial.acceptance.found import acceptance_findings, left_over
from worktrial.acceptance.labels import Label, read_labels
from worktrial.acceptance.matched import Matched, match

__all__ = ["Label", "Matched", "acceptance_findings", "left_over", "match", "read_labels"]
