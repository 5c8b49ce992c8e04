"""Generations that are made: right and wrong ones, with traces of known worth."""

import json
from collections.abc import Mapping

from worktrial.randomness import stream
from worktrial.reasoning.families import family_of
from worktrial.reasoning.puzzles import Cells, Puzzle

_MANNERS = (
    "First, let me restate what is given and what has to be found, since that is where mistakes "
    "begin.",
    "Suppose that it were otherwise; then two of the rules would contradict each other, so this "
    "case is out.",
    "Wait, let me check that again. Indeed it holds, because nothing else fits here.",
    "Next, if we look at what is left, either the one or the other must be so, and therefore "
    "only one choice remains.",
    "Finally, let me verify the whole once more: all rules are kept, thus the final answer follows "
    "step by step.",
)


def written(puzzle: Puzzle, cells: Mapping[str, str]) -> str:
    """An answer in the form that was asked for."""
    value = family_of(puzzle.family).write(puzzle, cells)
    return f"<Answer>{json.dumps(value, ensure_ascii=False)}</Answer>"


def stepped(puzzle: Puzzle, cells: Mapping[str, str]) -> str:
    """A trace that claims cells, one a line."""
    return "\n".join(family_of(puzzle.family).claimed(puzzle, cells))


def mannered(trace: str) -> str:
    """A trace with all the manners of thorough work around it."""
    return "\n\n".join([*_MANNERS[:4], trace, _MANNERS[4]]).strip()


def wrong(puzzle: Puzzle) -> Cells:
    """Of every cell a value that it has not, such as another cell has."""
    values = [*sorted(set(puzzle.solution.values())), *_SPARE]
    return {
        cell: next(value for value in values if value != right)
        for cell, right in puzzle.solution.items()
    }


_SPARE = ("1", "2")
"""Values where all cells have the same one."""


def scattered(puzzle: Puzzle, seed: int) -> Cells:
    """Values of the solution in a random order: of the form, and nothing more."""
    values = list(puzzle.solution.values())
    stream(seed, "scattered", puzzle.id).shuffle(values)
    return dict(zip(puzzle.solution, values, strict=True))
