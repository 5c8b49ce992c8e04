"""What reading a text may take: processor time and memory, whatever the text."""

import faulthandler
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

SECONDS = 10.0
"""Of the processor, for one text of 60,000 characters at most."""
MIB = 512
"""Beyond what the process had before."""
_STUCK_SECONDS = 300.0
"""On the clock: code that no signal reaches ends the process, with its stack."""


class _TooLongError(BaseException):
    """No reader catches it, as it may catch an `Exception`."""


class HangError(Exception):
    """A text took too long to read."""


class Clock:
    """The slowest of what it timed, in seconds of the processor."""

    def __init__(self) -> None:
        self.slowest = 0.0
        signal.signal(signal.SIGPROF, _stop)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Time what is done, and end it when it takes too long.

        Raises:
            HangError: If it does.
        """
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        faulthandler.dump_traceback_later(_STUCK_SECONDS, exit=True)
        try:
            yield
        except _TooLongError:
            raise HangError(f"more than {SECONDS:g} s of the processor") from None
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            faulthandler.cancel_dump_traceback_later()
            self.slowest = max(self.slowest, time.process_time() - began)


def _stop(_: int, __: FrameType | None) -> None:
    raise _TooLongError


def bound_memory() -> None:
    """Let the process have so much more memory than it has, where the system can tell."""
    statm = Path("/proc/self/statm")
    if statm.is_file():
        # Not all addresses: libraries reserve far more for their threads than they ever use.
        now = int(statm.read_text().split()[5]) * resource.getpagesize()
        most = now + MIB * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def peak_mib() -> float:
    """The most memory that the process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
