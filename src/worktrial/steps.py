"""Steps as they are done, for progress: legs of a relay, turns of a conversation."""

from collections.abc import Callable

StepListener = Callable[[int, int], None]
listeners: list[StepListener] = []
"""Called with steps done and steps that will never be run; a run adds its own."""


def count(done: int, *, never: int = 0) -> None:
    """Tell everyone who listens."""
    for listener in listeners:
        listener(done, never)
