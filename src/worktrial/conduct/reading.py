"""Logs to trajectories: one sample in memory at a time, and what cannot be read is said in a line.

Small samples are read by Inspect. A large one would take many times its size in memory as
Inspect's objects: its events are streamed instead, and each is let go once it is typed.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, NamedTuple
from zipfile import BadZipFile, ZipFile

from inspect_ai.log import (
    EvalLog,
    EvalSample,
    EvalSampleSummary,
    read_eval_log,
    read_eval_log_sample_summaries,
    read_eval_log_samples_by_id,
)

from worktrial.conduct.events import Trajectory
from worktrial.conduct.mapping import ToolMap
from worktrial.conduct.places import NoPlace, Place, places, reason
from worktrial.conduct.streamed import Broken, Parts, check_depth, log_samples, sample_parts
from worktrial.conduct.typed import trajectory, trajectory_of
from worktrial.evidence.logs import apart

LARGE = 12_000_000
"""Bytes of a sample from which on it is streamed."""
_TOGETHER, _MOST_TOGETHER = 4_000_000, 50
"""Bytes and number of samples that Inspect reads at once."""
_KNOWN_VERSION = int(EvalLog.model_fields["version"].default)
_RECOVER = "recover it with `inspect log recover {}`"
_NEWER = re.compile(r"version \d+ of log format")
_UPGRADE = "upgrade inspect-ai"
_NO_SAMPLE = "holds no finished sample; run it to its end"
_PERMIT = "give yourself the right to read it"
_COPY = "take a fresh copy of it, or leave it out"


class Unread(NamedTuple):
    """A log or a sample that could not be read.

    Attributes:
        log: The log's name.
        sample: The sample, if it is one alone.
        why: What is wrong, and what to do, said of the log or the sample.
    """

    log: str
    sample: str | None
    why: str


class _NoLog(Exception):  # noqa: N818 - a reason, not an error of the program
    """Why a log is not read, with what to do."""


def read_trajectories(locations: Sequence[str], tools: ToolMap) -> Iterator[Trajectory | Unread]:
    """Every sample of some logs as it happened, one in memory at a time.

    Args:
        locations: Logs, folders of them, or addresses that fsspec opens.
        tools: What tools do.
    """
    for place in places(locations):
        if isinstance(place, NoPlace):
            yield Unread(place.name, None, place.why)
        else:
            yield from _Log(place, tools).trajectories()


class _Log:
    """One log."""

    def __init__(self, place: Place, tools: ToolMap) -> None:
        self._place, self._tools = place, tools
        self._header: EvalLog | None = None

    def trajectories(self) -> Iterator[Trajectory | Unread]:
        """Its samples, and what could not be read of it."""
        try:
            self._checked()
            zipped = self._place.path.endswith(".eval")
            yield from map(self._conditioned, self._zipped() if zipped else self._written())
        except _NoLog as no:
            yield Unread(self._place.name, None, str(no))
        except PermissionError:
            yield Unread(self._place.name, None, f"may not be read: no permission; {_PERMIT}")
        except Exception as error:  # whatever a damaged file makes a reader raise
            yield Unread(self._place.name, None, f"cannot be read ({reason(error)}); {_COPY}")

    # --- .eval ---

    def _zipped(self) -> Iterator[Trajectory | Unread]:
        with _zip(self._place) as archive:
            self._header = _header(self._place)
            sizes = {one.filename: one.file_size for one in archive.infolist()}
            summaries = apart(read_eval_log_sample_summaries, self._place.name)
            summaries.sort(key=lambda one: (str(one.id), one.epoch))
            if not summaries:
                raise _NoLog(_NO_SAMPLE)
            for batch in _batches(summaries, sizes):
                yield from self._batch(batch, sizes, archive)

    def _batch(
        self, batch: Sequence[EvalSampleSummary], sizes: dict[str, int], archive: ZipFile
    ) -> Iterator[Trajectory | Unread]:
        first = batch[0]
        if len(batch) == 1 and sizes.get(_member(first), 0) > LARGE:
            yield self._streamed(first, archive)
            return
        try:
            _check_sums(archive, [_member(one) for one in batch if _member(one) in sizes])
            samples = self._read(batch)
        except Exception as error:  # whatever a damaged sample makes a reader raise
            yield from self._one_by_one(batch, sizes, archive, error)
            return
        yield from map(self._typed, samples)

    def _one_by_one(
        self,
        batch: Sequence[EvalSampleSummary],
        sizes: dict[str, int],
        archive: ZipFile,
        error: Exception,
    ) -> Iterator[Trajectory | Unread]:
        if len(batch) > 1:
            for one in batch:
                yield from self._batch([one], sizes, archive)
        elif isinstance(error, BadZipFile):
            yield self._unread(batch[0].id, error)
        else:
            # Inspect refuses a sample for one event that it does not know: the others are read.
            yield self._streamed(batch[0], archive)

    def _read(self, batch: Sequence[EvalSampleSummary]) -> list[EvalSample]:
        wanted = [(one.id, one.epoch) for one in batch]
        return apart(
            read_eval_log_samples_by_id,
            self._place.name,
            wanted,
            concurrency=1,
            resolve_attachments="core",
        )

    def _streamed(self, summary: EvalSampleSummary, archive: ZipFile) -> Trajectory | Unread:
        try:
            sample, events = sample_parts(lambda: archive.open(_member(summary)))
            return trajectory(sample, events, tools=self._tools, **self._names())
        except Exception as error:  # whatever a damaged sample makes a reader raise
            return self._unread(summary.id, error)

    # --- .json ---

    def _written(self) -> Iterator[Trajectory | Unread]:
        """Samples of a text; what comes after a damaged place is lost."""
        with self._place.files.open(self._place.path, "rb") as file:
            try:
                check_depth(file)
            except ValueError as error:
                raise _NoLog(f"is no Inspect log ({error}); {_COPY}") from None
        self._header = _header(self._place)
        with self._place.files.open(self._place.path, "rb") as file:
            found = log_samples(file)
            first = next(found, None)
            if first is None:
                raise _NoLog(_NO_SAMPLE)
            yield self._told(first)
            del first
            yield from map(self._told, found)

    def _told(self, found: Parts | Broken) -> Trajectory | Unread:
        if isinstance(found, Broken):
            return self._unread(found.name, found.error)
        try:
            return trajectory(found.sample, found.events, tools=self._tools, **self._names())
        except Exception as error:  # whatever a foreign sample makes a reader raise
            return self._unread(found.sample.id, error)

    # --- all ---

    def _checked(self) -> None:
        if not self._place.files.size(self._place.path):
            raise _NoLog("is empty (0 bytes); leave it out")

    def _typed(self, sample: EvalSample) -> Trajectory | Unread:
        try:
            return trajectory_of(sample, tools=self._tools, **self._names())
        except Exception as error:  # whatever a foreign sample makes a reader raise
            return self._unread(sample.id, error)

    def _conditioned(self, found: Trajectory | Unread) -> Trajectory | Unread:
        """A trajectory with what its task was run with."""
        if isinstance(found, Unread) or self._header is None or not self._header.eval.task_args:
            return found
        args = json.dumps(self._header.eval.task_args, sort_keys=True, default=str)
        return replace(found, condition=args)

    def _names(self) -> dict[str, str]:
        spec = self._header.eval if self._header else None
        model, agent = (spec.model, spec.solver) if spec else ("", None)
        worker = f"{model} ({agent})" if agent else model
        return {"log": self._place.name, "task": spec.task if spec else "", "worker": worker}

    def _unread(self, sample: object, error: Exception) -> Unread:
        name = str(sample)[:100]
        return Unread(self._place.name, name, f"cannot be read ({reason(error)}); {_COPY}")


def _header(place: Place) -> EvalLog:
    """What a log says of itself.

    Raises:
        _NoLog: If it says nothing that is understood.
    """
    try:
        header = read_eval_log(place.name, header_only=True)
    except PermissionError:
        raise
    except Exception as error:  # whatever a damaged file makes a reader raise
        said = error.__cause__ or error
        if _NEWER.search(str(said)):
            raise _NoLog(f"is of a newer Inspect ({said}); {_UPGRADE}") from None
        raise _NoLog(f"is no Inspect log, or a damaged one ({reason(error)}); {_COPY}") from None
    if header.version > _KNOWN_VERSION:
        newer = f"its format is {header.version}, known are up to {_KNOWN_VERSION}"
        raise _NoLog(f"is of a newer Inspect ({newer}); {_UPGRADE}")
    return header


@contextmanager
def _zip(place: Place) -> Iterator[ZipFile]:
    """A log's archive.

    Raises:
        _NoLog: If it is none, or was not written to its end.
    """
    with place.files.open(place.path, "rb") as file:
        try:
            archive = ZipFile(file)
        except BadZipFile:
            raise _NoLog(_no_archive(file, place.name)) from None
        with archive:
            yield archive


def _no_archive(file: IO[bytes], name: str) -> str:
    file.seek(0)
    if file.read(4) == b"PK\3\4":
        return f"was not written to its end; {_RECOVER.format(name)}"
    return f"is no Inspect log: no archive; {_COPY}"


def _check_sums(archive: ZipFile, members: Iterable[str]) -> None:
    """Read members to their end, where their check sums are compared: Inspect does not.

    Raises:
        BadZipFile: If one is damaged.
    """
    for member in members:
        with archive.open(member) as file:
            while file.read(1 << 20):
                pass


def _batches(
    summaries: Iterable[EvalSampleSummary], sizes: dict[str, int]
) -> Iterator[list[EvalSampleSummary]]:
    """Samples that are read together: few bytes, or one."""
    batch: list[EvalSampleSummary] = []
    weight = 0
    for summary in summaries:
        size = sizes.get(_member(summary), 0)
        if batch and (weight + size > _TOGETHER or len(batch) == _MOST_TOGETHER):
            yield batch
            batch, weight = [], 0
        batch.append(summary)
        weight += size
    if batch:
        yield batch


def _member(summary: EvalSampleSummary) -> str:
    return f"samples/{summary.id}_epoch_{summary.epoch}.json"
