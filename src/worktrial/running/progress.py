"""Progress on stderr: legs done, their rate and the time left."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from worktrial.relay import task

_EVERY_SECONDS = 5.0
_EVERY_SECONDS_ON_A_TERMINAL = 0.5


class Progress:
    """Counts legs against all that there could be; relays that end early only shorten it."""

    def __init__(self, legs: int) -> None:
        self.legs = legs
        self.done = 0
        self._started = time.monotonic()
        self._shown = 0.0

    def leg(self) -> None:
        """Count one leg."""
        self.done += 1
        now = time.monotonic()
        pause = _EVERY_SECONDS_ON_A_TERMINAL if sys.stderr.isatty() else _EVERY_SECONDS
        if now - self._shown >= pause:
            self._shown = now
            self.show(now)

    def show(self, now: float) -> None:
        """Write the line."""
        rate = self.done / max(now - self._started, 1e-9)
        left = max(0, self.legs - self.done) / rate if rate else 0.0
        line = (
            f"legs {self.done}/{self.legs} at most · {rate:.1f}/s · "
            f"at most {int(left) // 60}:{int(left) % 60:02} left"
        )
        end = "\r" if sys.stderr.isatty() else "\n"
        print(line, end=end, file=sys.stderr, flush=True)


@contextmanager
def showing(legs: int) -> Iterator[Progress]:
    """Show progress while relays run."""
    progress = Progress(legs)
    task.leg_listeners.append(progress.leg)
    try:
        yield progress
    finally:
        task.leg_listeners.remove(progress.leg)
        progress.show(time.monotonic())
        if sys.stderr.isatty():
            print(file=sys.stderr)
