"""Progress on stderr: steps done, their rate and the time left."""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from worktrial.steps import listeners

_EVERY_SECONDS = 5.0
_EVERY_SECONDS_ON_A_TERMINAL = 0.5
_RECENT = 24
"""The rate is that of the last counts: workers differ by orders of magnitude."""


class Progress:
    """Counts steps against those still to be run; what ends early takes its own off."""

    def __init__(self, steps: int, name: str, spent: Callable[[], str] | None = None) -> None:
        self.steps = steps
        self.name = name
        self.spent = spent
        self.done = 0
        # What comes before the first step is no work: weights load, processes start.
        self._recent: deque[tuple[float, int]] = deque(maxlen=_RECENT)
        self._shown = 0.0

    def count(self, done: int, never: int) -> None:
        """Count steps that were done, and steps that will never be run."""
        self.done += done
        self.steps -= never
        now = time.monotonic()
        self._recent.append((now, self.done))
        pause = _EVERY_SECONDS_ON_A_TERMINAL if sys.stderr.isatty() else _EVERY_SECONDS
        if now - self._shown >= pause:
            self._shown = now
            self.show(now)

    def show(self, now: float) -> None:
        """Write the line."""
        parts = [f"{self.name} {self.done} of {self.steps}", *self._rated(now)]
        parts += [self.spent()] if self.spent else []
        line = " · ".join(parts)
        end = "\r" if sys.stderr.isatty() else "\n"
        print(f"{line:60}", end=end, file=sys.stderr, flush=True)

    def _rated(self, now: float) -> Iterator[str]:
        """The rate and the time left, once there is a rate."""
        began, before = self._recent[0] if self._recent else (now, 0)
        if self.done > before:
            rate = (self.done - before) / max(now - began, 1e-9)
            yield f"{rate:.1f}/s"
            if left := self.steps - self.done:
                minutes, seconds = divmod(int(left / rate), 60)
                yield f"at most {minutes}:{seconds:02} left"


@contextmanager
def showing(steps: int, name: str, spent: Callable[[], str] | None = None) -> Iterator[Progress]:
    """Show progress while a trial runs.

    Args:
        steps: How many at most.
        name: What they are called.
        spent: What was spent so far, in words.
    """
    progress = Progress(steps, name, spent)
    listeners.append(progress.count)
    try:
        yield progress
    finally:
        listeners.remove(progress.count)
        progress.show(time.monotonic())
        if sys.stderr.isatty():
            print(file=sys.stderr)
