r"""LaTeX articles with a bibliography.

A unit is a paragraph, a list's item, a displayed equation, a caption, a table's row, a comment, a
verbatim block, a BibTeX entry (its fields typed), or a structural command: a heading with its
label, `\begin` and `\end`, a table's head, the preamble.

Every word counts, and so do comments, labels, the order of units, and the spaces in verbatim
blocks. Line breaks and spaces in a paragraph, blank lines around anything else, and how a BibTeX
field is quoted and ordered mean nothing.

Files are read line by line with a grammar of our own, which a missing brace or `\end` cannot
derail and no nesting can exhaust. Known limits: macros are not expanded; a row is recognised by its
`&` and `\\\\`; an argument longer than 40 lines counts as one whose brace was forgotten.
"""

import re
from random import Random
from typing import ClassVar

from worktrial.documents import content
from worktrial.documents.domain import Domain
from worktrial.documents.domains.latex.bibliography import BIB
from worktrial.documents.domains.latex.edits import PLANNERS, VERBS
from worktrial.documents.domains.latex.format import (
    BEGIN,
    COMMAND,
    END,
    EQUATION,
    HEAD,
    LATEX,
    SECTION,
)
from worktrial.documents.domains.latex.fresh import paper
from worktrial.documents.table import CSV
from worktrial.documents.unit import Files


class Latex(Domain):
    """Articles and their bibliographies."""

    name = "latex"
    category = "creative"
    formats: ClassVar = {".tex": LATEX, ".bib": BIB, ".csv": CSV}
    verbs: ClassVar = VERBS
    planners: ClassVar = PLANNERS
    clips: ClassVar = {COMMAND: 0.7, SECTION: 0.75, BEGIN: 0.7, END: 0.7, HEAD: 0.7, EQUATION: 0.5}
    floor = 0.16

    def generate(self, rng: Random, size: int) -> Files:
        """An article of an applied laboratory, and its references."""
        return {"paper.tex": paper(rng, round(size * 3.5))}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; paragraphs wrapped; more blank lines; quotes for braces."""
        quoted = re.sub(r"(?m)^(  \w+ = )\{([^{}\"]*)\}", r'\1"\2"', text)
        wrapped = re.sub(r"(?m)^((?![\\%@ ]).{20,60}?) ", r"\1\n   ", text)
        variants = [text.replace("\n", "\r\n"), text.replace("\n\n", "\n\n  \n\n"), quoted, wrapped]
        return [variant for variant in variants if variant != text]

    def distractors(self, rng: Random, size: int) -> Files:
        """A supplement and a memo."""
        return {
            "supplement.tex": paper(rng, round(size * 1.7)),
            "notes.md": content.memo(rng, size // 2),
        }


DOMAIN = Latex()
