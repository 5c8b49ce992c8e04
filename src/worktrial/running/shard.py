"""One process of a run: shards come in on stdin, line by line, and what became of them goes out.

`python -m worktrial.running.shard` is what the executor of this machine starts; Ray calls
`run_shard` in a process of its own.
"""

import argparse
import os
import platform
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, TextIO

from inspect_ai import Task, task_with
from inspect_ai.log import EvalLog
from inspect_ai.util import AdaptiveConcurrency

from worktrial import steps
from worktrial.errors import ConfigError, WorktrialError
from worktrial.running.evaluation import evaluate, worker
from worktrial.running.shards import task_of
from worktrial.running.trials import trial
from worktrial.running.wire import Counted, Report, Shard, read_shard

_EVERY_SECONDS = 1.0
_ORPHANED = 3
"""Exit status of a process whose coordinator is gone."""

Heard = Callable[[Counted], None]


def run_shard(shard: Shard, heard: Heard = lambda counted: None) -> Report:
    """Run a shard to its end.

    Args:
        shard: Which.
        heard: Told about once a second how many steps were done since.

    Returns:
        Where its log is, or in one line why there is none.
    """
    counter = _Counter(heard)
    steps.listeners.append(counter.count)
    try:
        (log,) = _evaluated(shard)
        counter.tell()
        return _report(shard, log, counter)
    except WorktrialError as error:
        return Report(number=shard.number, error=str(error))
    except Exception as error:
        # Whatever it is, the same items would raise it again elsewhere; the run says so and ends.
        traceback.print_exc()
        return Report(number=shard.number, error=_in_a_line(f"{type(error).__name__}: {error}"))
    finally:
        steps.listeners.remove(counter.count)


def _evaluated(shard: Shard) -> list[EvalLog]:
    if not shard.logs.is_dir():
        raise ConfigError(
            f"`--out` must be a folder that every machine sees; {shard.logs} is not there on "
            f"{platform.node()}"
        )
    return evaluate(
        shard.request,
        logs=shard.logs,
        generations=shard.generations,
        tasks=_task(shard),
        model=[worker(shard.worker, shard.request)],
        metadata=shard.block.metadata,
        **_connections(shard),
    )


def _task(shard: Shard) -> Task:
    """The task with the shard's items alone.

    Inspect's own choice of samples takes ids as patterns.
    """
    task = task_of(shard.request, trial(shard.trial).name, shard.arm)
    wanted = set(shard.items)
    chosen = task.dataset.filter(lambda sample: str(sample.id) in wanted)
    missing = wanted - {str(sample.id) for sample in chosen}
    if missing:
        raise ConfigError(f"a shard names {min(missing)!r}, which its request does not give")
    return task_with(task, dataset=chosen)


def _connections(shard: Shard) -> dict[str, Any]:
    """At most the shard's share; Inspect's control goes up to it, if nothing else was said."""
    most = shard.share.connections
    if shard.request.connections is not None:
        return {"max_connections": most}
    return {"adaptive_connections": AdaptiveConcurrency(min=min(10, most), max=most)}


def _report(shard: Shard, log: EvalLog, counter: "_Counter") -> Report:
    finished = log.status == "success"
    return Report(
        number=shard.number,
        log=os.path.basename(log.location) if finished else None,
        error=None if finished else _in_a_line(log.error.message if log.error else log.status),
        done=counter.done,
        never=counter.never,
    )


def _in_a_line(message: str) -> str:
    return " ".join(message.split())[:500]


class _Counter:
    """Adds up steps, and tells of them now and then."""

    def __init__(self, heard: Heard) -> None:
        self.done = self.never = 0
        self._told = (0, 0)
        self._heard, self._last = heard, time.monotonic()

    def count(self, done: int, never: int) -> None:
        """Count steps; a listener of `worktrial.steps`."""
        self.done += done
        self.never += never
        if time.monotonic() - self._last >= _EVERY_SECONDS:
            self.tell()

    def tell(self) -> None:
        """Tell of what was counted since the last time."""
        done, never = self.done - self._told[0], self.never - self._told[1]
        self._told, self._last = (self.done, self.never), time.monotonic()
        self._heard(Counted(done=done, never=never))


# --- as a process ------------------------------------------------------------------------------


def main() -> None:
    """Run the shards of stdin until it ends."""
    parser = argparse.ArgumentParser(prog="worktrial.running.shard", description=__doc__)
    parser.add_argument("--parent", type=int, help="end when this process is gone")
    parent = parser.parse_args().parent
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    out = _stdout_alone()
    for line in sys.stdin:
        try:
            shard = read_shard(line)
        except ConfigError as error:
            sys.exit(f"worktrial: {error}")
        _say(out, run_shard(shard, lambda counted: _say(out, counted)))


def _say(out: TextIO, message: Counted | Report) -> None:
    out.write(message.text())
    out.flush()


def _stdout_alone() -> TextIO:
    """Keep stdout for messages: what else is printed, by whomever, goes to stderr."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


def _end_with(parent: int) -> None:
    """A killed coordinator's processes must not go on calling beside those of the next."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(_ORPHANED)


if __name__ == "__main__":
    main()
