"""A generation's marks: its final answer by program, and what a trace alone would be credited."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from worktrial.reasoning.answers import answer_of
from worktrial.reasoning.families import family_of
from worktrial.reasoning.puzzles import Cells, Puzzle

MOST_CHARACTERS = 400_000
"""Of a generation, so many are read, the last ones."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a final answer is worth.

    Attributes:
        answered: Whether there is an answer of the form that was asked for.
        parts: Share of the cells that are right.
        half: Whether at least half of them are.
        solved: Whether every rule is kept, what was given included.
    """

    answered: bool
    parts: float
    half: bool
    solved: bool


NOTHING = Marks(answered=False, parts=0.0, half=False, solved=False)


def marks_of(puzzle: Puzzle, text: str) -> Marks:
    """Mark the last well-formed answer of a generation.

    Cells are compared with the one solution, and the whole with the rules: who writes over what was
    given may have every part right and has not solved the puzzle.

    Args:
        puzzle: What was asked.
        text: All that was written, of any size.
    """
    cells = cells_of(puzzle, text)
    if cells is None:
        return NOTHING
    right = sum(cells.get(cell) == value for cell, value in puzzle.solution.items())
    return Marks(
        answered=True,
        parts=right / len(puzzle.solution),
        half=2 * right >= len(puzzle.solution),
        solved=family_of(puzzle.family).holds(puzzle, cells),
    )


def cells_of(puzzle: Puzzle, text: str) -> Cells | None:
    """The cells of the last well-formed answer; `None` where there is none."""
    value = answer_of(text[-MOST_CHARACTERS:])
    return None if value is None else family_of(puzzle.family).read(puzzle, value)


_ANSWER = re.compile(r"<(?:answer|mapping)>", re.IGNORECASE | re.ASCII)


def trace_of(text: str) -> str:
    """What was written before the last answer, or all of it where there is none."""
    text = text[-MOST_CHARACTERS:]
    tags = [found.start() for found in _ANSWER.finditer(text)]
    return text[: tags[-1]] if tags else text


def credit(puzzle: Puzzle, trace: str) -> tuple[int, float | None]:
    """How many steps of a trace can be parsed, and the share of them that are so.

    A step that is written again is no other step.

    Args:
        puzzle: What was asked.
        trace: What was written on the way.

    Returns:
        The share is `None` where no step can be parsed.
    """
    found = family_of(puzzle.family).steps(puzzle, trace)
    steps = {"".join(step.text.split()).casefold(): step.valid for step in found}
    return len(steps), sum(steps.values()) / len(steps) if steps else None


_FEATURES: Mapping[str, re.Pattern[str]] = {
    "goes in order": re.compile(r"\b(?:first|second|third|next|then|finally)\b", re.IGNORECASE),
    "draws conclusions": re.compile(
        r"\b(?:therefore|thus|hence|so|because|since)\b", re.IGNORECASE
    ),
    "looks again": re.compile(
        r"\b(?:wait|check|verify|verified|double-check|let me|re-?examine|indeed)\b", re.IGNORECASE
    ),
    "weighs cases": re.compile(r"\b(?:if|suppose|assume|otherwise|case|either)\b", re.IGNORECASE),
    "ends with a summary": re.compile(
        r"\b(?:in (?:conclusion|summary)|the (?:final )?answer|all (?:rules|constraints|clues))\b",
        re.IGNORECASE,
    ),
}
_LONG = 80
"""Words from which a trace looks thorough."""


def style(trace: str) -> float:
    """Share of a rubric of manners that a trace has, whatever it says; in [0, 1].

    The negative control of credit for traces: who is paid for manners can earn it without a step.
    """
    has = [bool(pattern.search(trace)) for pattern in _FEATURES.values()]
    has.append(len(trace.split()) >= _LONG)
    return sum(has) / len(has)
