"""Reading Inspect's logs a few samples at a time, so that memory does not grow with the log."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar
from zipfile import ZipFile

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
_BYTES_AT_ONCE, _MOST_AT_ONCE = 1 << 24, 100
"""Of samples as they are written, unpacked; several times as much is held once they are read."""


_SAMPLES = "samples/"
"""The folder of samples in a log, which is a zip file."""


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
    """What a worker that is done with a task under an arm left, in one log or in several.

    Attributes:
        worker: Who.
        arm: Under which condition.
        parts: The logs; no two hold the same sample.
        started: When the first of them was, ISO.
        completed: When the last of them was, ISO.
    """

    worker: str
    arm: str
    parts: tuple[Path, ...]
    started: str | None
    completed: str | None


Log = Path | FinishedLog
"""A log file, or all those of a worker under an arm."""


class Block(NamedTuple):
    """Which share of a task's samples a log is of: one of `blocks`, counted from 0."""

    number: int
    blocks: int

    @property
    def metadata(self) -> dict[str, list[int]]:
        """What says so in the log."""
        return {_BLOCK: list(self)}


_BLOCK = "worktrial_block"


class Key(NamedTuple):
    """What a log is of: a task, a worker and an arm."""

    task: str
    worker: str
    arm: str


Parts = dict[Block, tuple[Path, EvalLog]]
"""Logs of one key, by what share they are of."""


def finished(
    folder: Path, stopped: Mapping[tuple[str, str], Block] | None = None
) -> dict[str, list[FinishedLog]]:
    """The finished logs of each task, one a worker and arm, in that order; later ones win.

    Where the samples were divided into blocks, a worker is done when all blocks are.

    Args:
        folder: Of the logs.
        stopped: By task and arm the first block that does not count, of a run that ended early.

    Raises:
        EvidenceError: If a log cannot be read, naming it.
    """
    found: dict[str, list[FinishedLog]] = {}
    for key, parts in sorted(_parts(folder).items()):
        log = _whole(key, parts) or _begun(key, parts, (stopped or {}).get((key.task, key.arm)))
        if log is not None:
            found.setdefault(key.task, []).append(log)
    return found


def finished_blocks(folder: Path) -> dict[Key, set[Block]]:
    """Which shares of a task are done, also where others are not.

    Raises:
        EvidenceError: If a log cannot be read, naming it.
    """
    return {key: set(parts) for key, parts in _parts(folder).items()}


def counted(folder: Path) -> set[Path]:
    """The logs that count: of each share of a task the latest that is done.

    Raises:
        EvidenceError: If a log cannot be read, naming it.
    """
    return {path for parts in _parts(folder).values() for path, _ in parts.values()}


def _parts(folder: Path) -> dict[Key, Parts]:
    found: dict[Key, Parts] = {}
    for path in sorted(folder.glob("*.eval"), key=_age):
        header = read_header(path)
        if header.status == "success":
            arm = str(header.eval.task_args.get("arm", ""))
            of_key = found.setdefault(Key(header.eval.task, header.eval.model, arm), {})
            of_key[block_of(path, header)] = (path, header)
    return found


def block_of(path: Path, header: EvalLog) -> Block:
    """Which share of its task's samples a log is of; mostly it is the only one.

    Raises:
        EvidenceError: If the log says something else.
    """
    said = (header.eval.metadata or {}).get(_BLOCK, [0, 1])
    match said:
        case [int(number), int(blocks)] if 0 <= number < blocks:
            return Block(number, blocks)
    raise _unreadable(path, ValueError(f"{_BLOCK} {said!r}"))


def _whole(key: Key, parts: Parts) -> FinishedLog | None:
    """The latest of what is complete."""
    complete = [
        [parts[block] for block in sorted(parts) if block.blocks == count]
        for count in {block.blocks for block in parts}
        if all(Block(number, count) in parts for number in range(count))
    ]
    return _joined(key, max(complete, key=_latest)) if complete else None


def _begun(key: Key, parts: Parts, end: Block | None) -> FinishedLog | None:
    """The blocks before this one, if there are any and all are there."""
    if end is None:
        return None
    before = [Block(number, end.blocks) for number in range(end.number)]
    there = bool(before) and all(block in parts for block in before)
    return _joined(key, [parts[block] for block in before]) if there else None


def _joined(key: Key, parts: Sequence[tuple[Path, EvalLog]]) -> FinishedLog:
    paths, headers = zip(*parts, strict=True)
    started = [h.stats.started_at for h in headers if h.stats.started_at]
    ended = [h.stats.completed_at for h in headers if h.stats.completed_at]
    return FinishedLog(
        key.worker, key.arm, paths, min(started, default=None), max(ended, default=None)
    )


def _latest(parts: Sequence[tuple[Path, EvalLog]]) -> tuple[str, int, str]:
    return max(_age(path) for path, _ in parts)


def _age(path: Path) -> tuple[str, int, str]:
    """Orders logs by when they were made: by their name's second, in one by when they were written.

    What follows the second in a name is drawn at random, and tells nothing.
    """
    return path.name.partition("_")[0], path.stat().st_mtime_ns, path.name


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
    log: Log,
    *,
    events: bool = True,
    at_once: int = _MOST_AT_ONCE,
    only: Collection[str] | None = None,
) -> Iterator[SampleLog]:
    """Every sample of a log, in the order of ids and epochs.

    Args:
        log: The log, in one file or several.
        events: Whether what happened in it is read, too; without, reading takes half as long.
        at_once: The most samples that are held.
        only: The ids of those that are wanted, in every epoch; all by default.

    Raises:
        EvidenceError: If the log or a sample in it cannot be read.
    """
    paths = (log,) if isinstance(log, Path) else log.parts
    read = [_read(p, events, max(1, at_once // len(paths)), only, len(paths)) for p in paths]
    return merge(*read, key=lambda found: (str(found.sample.id), found.sample.epoch))


def _read(
    path: Path, events: bool, at_once: int, only: Collection[str] | None, beside: int
) -> Iterator[SampleLog]:
    """One of several files that are read side by side."""
    worker = read_header(path).eval.model
    try:
        summaries = apart(read_eval_log_sample_summaries, str(path))
        known = ((s.id, s.epoch) for s in summaries if only is None or str(s.id) in only)
        wanted = sorted(known, key=lambda s: (str(s[0]), s[1]))
        for some in _batches(wanted, _size_of_a_sample(path) * beside, at_once):
            # No name holds these while the next ones are read.
            yield from (
                SampleLog(path.name, worker, sample)
                for sample in apart(
                    read_eval_log_samples_by_id,
                    str(path),
                    some,
                    resolve_attachments=True,
                    exclude_fields=None if events else {"events", "messages"},
                )
            )
    except EvidenceError:
        raise
    except Exception as error:
        raise _unreadable(path, error) from None


def _batches(
    samples: Sequence[tuple[int | str, int]], size: int, most: int
) -> Iterator[Sequence[tuple[int | str, int]]]:
    """As many samples at a time as are small beside memory: each read opens the whole log anew."""
    count = max(1, min(most, _BYTES_AT_ONCE // max(1, size)))
    return (samples[n : n + count] for n in range(0, len(samples), count))


def _size_of_a_sample(path: Path) -> int:
    """Bytes on average, unpacked: a log of texts that are much alike is a tiny part of them."""
    with ZipFile(path) as log:
        sizes = [part.file_size for part in log.infolist() if part.filename.startswith(_SAMPLES)]
    return sum(sizes) // max(1, len(sizes))


def apart(read: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Read in a thread of its own, also where a loop is running.

    Inspect reads in a loop. When one ends in the main thread, asyncio looks at the handler of
    signals in a way that writes out the loop's whole result, here samples, and throws it away.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(read, *arguments, **options).result()


def snapshot(log: Log) -> str | None:
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
