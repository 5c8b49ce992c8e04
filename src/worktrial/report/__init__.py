"""The report: findings for a terminal and as one self-contained page."""

from worktrial.report.brought import bring
from worktrial.report.page import render
from worktrial.report.public import public_page
from worktrial.report.publish import publish
from worktrial.report.text import comparison_text, public_text, summary
from worktrial.report.viewer import bundle

__all__ = [
    "bring",
    "bundle",
    "comparison_text",
    "public_page",
    "public_text",
    "publish",
    "render",
    "summary",
]
