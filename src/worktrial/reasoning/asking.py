"""What a worker is asked."""

from worktrial.reasoning.families import family_of
from worktrial.reasoning.puzzles import Puzzle

PROMPT_VERSION = 1
_ASKED = """\
{text}

Work it out step by step. Write each thing that you have found out on a line of its own, such as
STEP: {cell} = …
At the end write the whole answer once, between <Answer> and </Answer>, as {form}."""


def asked(puzzle: Puzzle) -> str:
    """The one message that a worker gets."""
    cell = family_of(puzzle.family).cell
    return _ASKED.format(text=puzzle.text, cell=cell, form=puzzle.form)
