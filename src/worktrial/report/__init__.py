"""The report: findings for a terminal and as one self-contained page."""

from worktrial.report.page import render
from worktrial.report.publish import publish
from worktrial.report.text import comparison_text, summary

__all__ = ["comparison_text", "publish", "render", "summary"]
