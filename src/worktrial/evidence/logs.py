"""Reading Inspect's logs a few samples at a time, so that memory does not grow with the log."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

from inspect_ai.event import ModelEvent
from inspect_ai.log import (
    EvalLog,
    EvalSample,
    read_eval_log,
    read_eval_log_sample_summaries,
    read_eval_log_samples_by_id,
)

from worktrial.errors import EvidenceError

P = ParamSpec("P")
T = TypeVar("T")
_BYTES_AT_ONCE, _MOST_AT_ONCE = 1 << 20, 100
"""Of a compressed log; twenty times as much and more is held."""


class Source(NamedTuple):
    """Where a sample lies: the name of its log, its id there, and its epoch, from 1."""

    log: str
    sample: str
    replicate: int


@dataclass(frozen=True, slots=True)
class SampleLog:
    """One sample of a log, with all of its events."""

    log: str
    worker: str
    sample: EvalSample

    @property
    def source(self) -> Source:
        """Where it lies."""
        return Source(self.log, str(self.sample.id), self.sample.epoch)


@dataclass(frozen=True, slots=True)
class FinishedLog:
    """The log of a worker that is done with a task under an arm."""

    worker: str
    arm: str
    path: Path
    started: str | None
    completed: str | None


def finished(folder: Path) -> dict[str, list[FinishedLog]]:
    """The finished logs of each task, one a worker and arm, in that order; later ones win.

    Raises:
        EvidenceError: If a log cannot be read, naming it.
    """
    found: dict[str, dict[tuple[str, str], FinishedLog]] = {}
    for path in sorted(folder.glob("*.eval")):
        header = read_header(path)
        if header.status == "success":
            arm = str(header.eval.task_args.get("arm", ""))
            times = (header.stats.started_at or None, header.stats.completed_at or None)
            log = FinishedLog(header.eval.model, arm, path, *times)
            found.setdefault(header.eval.task, {})[log.worker, log.arm] = log
    return {task: [logs[key] for key in sorted(logs)] for task, logs in found.items()}


def read_header(path: Path) -> EvalLog:
    """A log without its samples.

    Raises:
        EvidenceError: If it cannot be read.
    """
    try:
        return apart(read_eval_log, str(path), header_only=True)
    except Exception as error:
        raise _unreadable(path, error) from None


def read_samples(
    path: Path,
    *,
    events: bool = True,
    at_once: int = _MOST_AT_ONCE,
    only: Collection[str] | None = None,
) -> Iterator[SampleLog]:
    """Every sample of a log, in the order of its ids and epochs.

    Args:
        path: The log.
        events: Whether what happened in it is read, too; without, reading takes half as long.
        at_once: The most samples that are held.
        only: The ids of those that are wanted, in every epoch; all by default.

    Raises:
        EvidenceError: If the log or a sample in it cannot be read.
    """
    worker = read_header(path).eval.model
    try:
        summaries = apart(read_eval_log_sample_summaries, str(path))
        known = ((s.id, s.epoch) for s in summaries if only is None or str(s.id) in only)
        wanted = sorted(known, key=lambda s: (str(s[0]), s[1]))
        for some in _batches(wanted, path.stat().st_size, at_once):
            samples = apart(
                read_eval_log_samples_by_id,
                str(path),
                some,
                resolve_attachments=True,
                exclude_fields=None if events else {"events", "messages"},
            )
            yield from (SampleLog(path.name, worker, sample) for sample in samples)
    except EvidenceError:
        raise
    except Exception as error:
        raise _unreadable(path, error) from None


def _batches(
    samples: Sequence[tuple[int | str, int]], size: int, most: int
) -> Iterator[Sequence[tuple[int | str, int]]]:
    """As many samples at a time as are small beside memory: each read opens the whole log anew."""
    count = max(1, min(most, _BYTES_AT_ONCE * len(samples) // max(1, size)))
    return (samples[n : n + count] for n in range(0, len(samples), count))


def apart(read: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Read in a thread of its own, also where a loop is running.

    Inspect reads in a loop. When one ends in the main thread, asyncio looks at the handler of
    signals in a way that writes out the loop's whole result, here samples, and throws it away.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(read, *arguments, **options).result()


def snapshot(log: Path) -> str | None:
    """The model that a provider says answered, from the first answer of a log."""
    for found in read_samples(log, at_once=1):
        for event in found.sample.events:
            if isinstance(event, ModelEvent) and event.output.model:
                return event.output.model
    return None


def _unreadable(path: Path, error: Exception) -> EvidenceError:
    """Whatever a damaged file makes a reader raise, the remedy is the same."""
    return EvidenceError(
        f"the log {path.name} cannot be read ({type(error).__name__}: {error}); "
        f"move it out of {path.parent} and run again: finished generations are kept"
    )
