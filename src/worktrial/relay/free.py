"""Errands in free words: edits that people wrote, of which programs know few or none."""

import re

from worktrial.documents.choose import reread, same
from worktrial.documents.domain import Domain
from worktrial.documents.unit import Document
from worktrial.errors import DocumentError
from worktrial.relay.items import Errand

KIND = "free"
"""The family of edits that name none."""
LONGEST_WORDS = 20_000
_HEADING = re.compile(r"^## (Task|Answer)\b", re.MULTILINE)


def checked_words(words: str) -> str:
    """An instruction, if it can be asked for as it is.

    Raises:
        ValueError: If it says nothing, is too long, or would be taken for a part of the prompt.
    """
    if not words.strip():
        raise ValueError("must say what is to be done; it is empty")
    if len(words) > LONGEST_WORDS:
        raise ValueError(f"must have {LONGEST_WORDS:,} characters at most; it has {len(words):,}")
    if heading := _HEADING.search(words):
        raise ValueError(f"must have no heading {heading[0]!r}, which every prompt has; rename it")
    return words.strip()


def free_errand(chosen: Domain, document: Document, errand: Errand) -> Errand:
    """Look whether the domain's programs know an errand's words: then its forward leg is scored.

    Args:
        chosen: The document's domain.
        document: What the errand is for.
        errand: Its words, as they were written.

    Raises:
        DocumentError: If programs know its words, and they do nothing here or do not restore the
            document; or know one way alone, which no reference worker could walk.
    """
    forward, backward = chosen.read(errand.forward), chosen.read(errand.backward)
    if forward is None and backward is None:
        return errand.model_copy(update={"scored": False})
    if forward is None or backward is None:
        known, other = ("forward", "backward") if forward else ("backward", "forward")
        raise DocumentError(
            f"its `{known}` is a sentence of the domain {chosen.name}, its `{other}` is none; "
            "write both as the domain does, or neither"
        )
    between = reread(chosen, forward(document))
    if same(chosen, document, between):
        raise DocumentError("its `forward` changes nothing here")
    if not same(chosen, document, reread(chosen, backward(between))):
        raise DocumentError("its `backward` does not restore the document exactly")
    return errand
