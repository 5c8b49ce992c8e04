"""Several processes on this machine, for work that takes more than one core."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext, suppress
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import IO, Self

from worktrial.errors import ConfigError
from worktrial.running.executors.executor import EMBEDDED, Executor, ShardLost
from worktrial.running.wire import MOST_CHARACTERS, Counted, Report, Shard, read_answer


class Processes(Executor):
    """A few processes that take one shard after the other; a new one for each that is lost."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._engine = threading.Lock()

    def __enter__(self) -> Self:
        """Start threads; a process is started for the first shard that needs one."""
        self._idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self._alive: set[subprocess.Popen[str]] = set()
        self._ended = False
        self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="shard")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Kill every process, and wait for it."""
        self._ended = True
        for process in list(self._alive):
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process in self._alive:
            _bury(process)

    @property
    def at_once(self) -> int:
        """One shard a process."""
        return self._count

    def places(self, worker: str) -> int:
        """One for an engine that takes all cores."""
        return 1 if worker.startswith(EMBEDDED) else self._count

    def submit(self, shard: Shard, heard: Callable[[Counted], None]) -> Future[Report]:
        """Hand the shard to a process that is idle."""
        return self._threads.submit(self._run, shard, heard)

    def _run(self, shard: Shard, heard: Callable[[Counted], None]) -> Report:
        with self._engine if shard.worker.startswith(EMBEDDED) else nullcontext():
            process = self._process()
            try:
                report = _asked(process, shard, heard)
            except BaseException:
                self._alive.discard(process)
                _bury(process)
                raise
            self._idle.put(process)
            return report

    def _process(self) -> subprocess.Popen[str]:
        try:
            return self._idle.get_nowait()
        except Empty:
            process = _started()
            self._alive.add(process)
            if self._ended:
                process.kill()
            return process


def _started() -> subprocess.Popen[str]:
    """A process in a session of its own: what interrupts the run reaches it through us alone."""
    module = [sys.executable, "-m", "worktrial.running.shard", "--parent", str(os.getpid())]
    return subprocess.Popen(  # noqa: S603
        module,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )


def _bury(process: subprocess.Popen[str]) -> None:
    process.kill()
    with suppress(OSError), process:  # it closes the pipes, and a line may be on its way
        pass


def _asked(
    process: subprocess.Popen[str], shard: Shard, heard: Callable[[Counted], None]
) -> Report:
    """Hand a shard over, and listen until it is done."""
    told, said = _pipes(process)
    try:
        told.write(shard.text())
        told.flush()
    except OSError:
        raise ShardLost(_ended(process)) from None
    while line := said.readline(MOST_CHARACTERS):
        try:
            answer = read_answer(line)
        except ConfigError as error:
            raise ShardLost(f"what its process says cannot be read: {error}") from None
        if isinstance(answer, Report):
            return answer
        heard(answer)
    raise ShardLost(_ended(process))


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise ShardLost("its process has no pipes")
    return process.stdin, process.stdout


def _ended(process: subprocess.Popen[str]) -> str:
    status = process.wait()
    return f"its process ended with {f'signal {-status}' if status < 0 else f'status {status}'}"
