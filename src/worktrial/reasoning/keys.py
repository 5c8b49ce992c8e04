"""The keys that reference workers are given: which puzzle the call at hand is about.

A simulated worker of known skill has to know what it would know; whoever is really on trial is
never shown a key.
"""

from contextvars import ContextVar
from typing import NamedTuple

from worktrial.reasoning.puzzles import Puzzle


class Key(NamedTuple):
    """A puzzle, and the seed of what is guessed about it."""

    puzzle: Puzzle
    seed: int


at_hand: ContextVar[Key | None] = ContextVar("reasoning_at_hand", default=None)
"""The key of the call that is made in this context."""
