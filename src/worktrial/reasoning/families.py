"""Every family of puzzles by its name: our own, reasoning-gym's, and the user's own files."""

from worktrial.reasoning import puzzles
from worktrial.reasoning.published import PUBLISHED
from worktrial.reasoning.puzzles import Family


def family_of(name: str) -> Family:
    """A family of ours, a data set of reasoning-gym, or a task of files that the user has.

    Args:
        name: Such as `sudoku`, `gym:chain_sum` or `lr2bench:sudoku`.

    Raises:
        ConfigError: If there is none of that name, or the data set cannot be used.
    """
    return PUBLISHED[name] if name in PUBLISHED else puzzles.family_of(name)
