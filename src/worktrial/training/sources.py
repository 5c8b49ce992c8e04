"""Where a base's weights are."""

from pathlib import Path

from worktrial.training.asked import SMALL, Asked


def is_small(asked: Asked, base: int) -> bool:
    """Whether a base, counted from 1, is one that is trained from scratch."""
    return asked.bases[base - 1].startswith(f"{SMALL}-")


def weights(asked: Asked, base: int, small: Path) -> Path:
    """A base's weights: its own, or where a small one was kept."""
    return small if is_small(asked, base) else Path(asked.bases[base - 1])
