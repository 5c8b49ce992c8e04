"""Markdown of any kind: a fallback for READMEs, manuals and notes.

A unit is a heading with its level, a paragraph, a list item, a block of code, or a line of a table,
a quotation, a definition or HTML; what is set before all by `---` is one. Headings, and the line
under a table's header, are structural.

What counts: every word, what is indented how far, bullets and numbers, every sign in code, and the
order of all. Line breaks inside paragraphs and items, blank lines around blocks, how a heading is
marked, and space around the cells of a table mean nothing.

Known limits: quotations are read line by line, and lists without their nesting: what stands
indented under an item is a paragraph or code of its own. A fence that is not closed before the
next one with a language is a paragraph.
"""

import re
from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content
from worktrial.documents.domain import Domain, Format
from worktrial.documents.domains.markdown.edits import PLANNERS, VERBS
from worktrial.documents.domains.markdown.format import MARKDOWN
from worktrial.documents.domains.markdown.fresh import manual
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.unit import Files


class AnyMarkdown(Domain):
    """Files of any name, by their blocks."""

    name = "markdown"
    category = "creative"
    formats: ClassVar = dict.fromkeys((".md", ".markdown", ".mdown"), MARKDOWN)
    verbs: ClassVar[Sequence[Verb]] = VERBS
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.15

    def generate(self, rng: Random, size: int) -> Files:
        """A manual."""
        return {"README.md": manual(rng, size)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """More blank lines; other headings; Windows line ends; narrow paragraphs."""
        return [
            text.replace("\n\n", "\n\n\n"), re.sub(r"(?m)^(##? .*)$", r"\1 #", text),
            re.sub(r"(?m)^# (.*)$", r"\1\n===", text), text.replace("\n", "\r\n"),
            re.sub(r"(?m)^(\w.*?) (?=[a-z])", r"\1\n", text, count=1),
        ]  # fmt: skip

    def distractors(self, rng: Random, size: int) -> Files:
        """Another manual and a memo."""
        return {
            "CONTRIBUTING.md": manual(rng, size // 2),
            "notes.txt": content.memo(rng, size // 2),
        }

    def knows(self, name: str) -> bool:
        """Any name."""
        return True

    def _format(self, name: str) -> Format:
        return MARKDOWN


DOMAIN = AnyMarkdown()
