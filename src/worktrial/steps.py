"""Steps as they are done, for progress: legs of a relay, turns of a conversation."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

StepListener = Callable[[int, int], None]
listeners: list[StepListener] = []
"""Called with steps done and steps that will never be run; a run adds its own."""
_unheard: ContextVar[bool] = ContextVar("unheard", default=False)


def count(done: int, *, never: int = 0) -> None:
    """Tell everyone who listens."""
    if not _unheard.get():
        for listener in listeners:
            listener(done, never)


@contextmanager
def unheard() -> Iterator[None]:
    """Count nothing in here: a task within a task has its own steps."""
    before = _unheard.set(True)
    try:
        yield
    finally:
        _unheard.reset(before)
