"""A Ray cluster: shards run on whatever machines it has, and again elsewhere if one is lost."""

import os
import socket
from collections.abc import Callable
from concurrent.futures import Future
from types import ModuleType, TracebackType
from typing import Any, Self

from worktrial.errors import ConfigError
from worktrial.running.executors.executor import EMBEDDED, Executor, ShardLost
from worktrial.running.wire import Counted, Report, Shard, read_answer, read_shard


class Ray(Executor):
    """A cluster that is there, or one on this machine that is started and ended with the run."""

    def __init__(self, address: str | None = None, *, processes: int | None = None) -> None:
        """Find Ray, and somebody at the address.

        Raises:
            ConfigError: If there is none of either.
        """
        self._ray = _imported()
        _must_answer(address)
        self._address, self._processes = address, processes
        self._ours = False

    def __enter__(self) -> Self:
        """Join the cluster.

        Raises:
            ConfigError: If there is none at the address.
        """
        if not self._ray.is_initialized():
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
            try:
                self._ray.init(self._address, logging_level="error", log_to_driver=True)
            except (ConnectionError, RuntimeError, ValueError) as error:
                reason = " ".join(str(error).split())[:200]
                raise ConfigError(_not_there(self._address, reason)) from None
            self._ours = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the cluster, which ends every shard that still runs."""
        if self._ours:
            self._ray.shutdown()

    @property
    def at_once(self) -> int:
        """As many as were asked for, or one a CPU of the cluster."""
        return self._processes or max(1, sum(self._cpus()))

    def places(self, worker: str) -> int:
        """One on each of the largest machines for an engine that takes all cores."""
        cpus = self._cpus()
        return cpus.count(max(cpus)) if worker.startswith(EMBEDDED) else self.at_once

    def submit(self, shard: Shard, heard: Callable[[Counted], None]) -> Future[Report]:
        """Hand the shard to the cluster; its steps are told of at its end."""
        cpus = max(self._cpus()) if shard.worker.startswith(EMBEDDED) else 1
        task = self._ray.remote(num_cpus=cpus, max_retries=0, scheduling_strategy="SPREAD")(_task)
        return _translated(task.remote(shard.text()).future())

    def _cpus(self) -> list[int]:
        """CPUs of each machine that has any and is up."""
        nodes = [node for node in self._ray.nodes() if node["Alive"]]
        cpus = [int(node["Resources"].get("CPU", 0)) for node in nodes]
        return [count for count in cpus if count] or [1]


def _task(text: str) -> str:
    """What Ray runs, in a process of its own, perhaps of another version of worktrial."""
    from worktrial.running.shard import run_shard

    try:
        shard = read_shard(text)
    except ConfigError as error:
        return Report(number=0, error=str(error)).text()
    return run_shard(shard).text()


def _translated(told: "Future[str]") -> Future[Report]:
    """The report out of what Ray brings, or that the shard was lost."""
    report: Future[Report] = Future()
    report.set_running_or_notify_cancel()

    def done(told: "Future[str]") -> None:
        try:
            answer = read_answer(told.result())
        except ConfigError as error:
            report.set_exception(error)
        except Exception as error:
            # Ray has one class for each way to lose a worker, and wraps what a task raised.
            report.set_exception(ShardLost(_in_a_line(error)))
        else:
            _settle(report, answer)

    told.add_done_callback(done)
    return report


def _settle(report: Future[Report], answer: Counted | Report) -> None:
    if isinstance(answer, Report):
        report.set_result(answer)
    else:
        report.set_exception(ShardLost("its process sent no report"))


def _in_a_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[-1][:200] if lines else ''}"


_ANSWERS_WITHIN_SECONDS = 10.0
_LAST_PORT = 65535
_OTHERWISE_NAMED = ("auto", "local")


def _must_answer(address: str | None) -> None:
    """Look before joining: Ray by itself tries for minutes."""
    if address is None or address in _OTHERWISE_NAMED:
        return
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal() or int(port) > _LAST_PORT:
        raise ConfigError(
            f"`--address` must be HOST:PORT, as `ray start --head` says it; got {address!r}"
        )
    try:
        socket.create_connection((host, int(port)), _ANSWERS_WITHIN_SECONDS).close()
    except OSError as error:
        raise ConfigError(_not_there(address, error.strerror or str(error))) from None


def _not_there(address: str | None, reason: str) -> str:
    where = address or "of the cluster here"
    return f"`--address` {where} cannot be joined: {reason}; start one with: ray start --head"


def _imported() -> Any:
    try:
        import ray
    except ImportError:
        raise ConfigError(
            "`--executor ray` needs Ray; install it with: pip install 'worktrial[ray]'"
        ) from None
    module: ModuleType = ray
    return module
