"""The report: findings for a terminal and as one self-contained page."""

from worktrial.report.page import render
from worktrial.report.publish import bring, public_tables, publish
from worktrial.report.text import comparison_text, public_text, summary
from worktrial.report.viewer import bundle

__all__ = [
    "bring",
    "bundle",
    "comparison_text",
    "public_tables",
    "public_text",
    "publish",
    "render",
    "summary",
]
