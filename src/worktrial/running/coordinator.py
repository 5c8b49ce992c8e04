"""The coordinator of a run's shards: hands them out, takes their logs in, and runs lost ones again.

Every attempt at a shard writes into a folder of its own. Its log comes into the run's by one
move, made here, when the shard reports that it is done: what a process does that was given up
as lost counts nowhere.
"""

import shutil
import sys
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from inspect_ai.model import Model

from worktrial import steps
from worktrial.errors import EvidenceError
from worktrial.evidence import RunFolder
from worktrial.evidence.logs import block_of, finished_blocks, read_header
from worktrial.running.executors.executor import Executor, ShardLost
from worktrial.running.progress import showing
from worktrial.running.shards import MOST_CONNECTIONS, Work, divided, share_of, with_full_paths
from worktrial.running.trials import TRIALS
from worktrial.running.wire import Counted, Report, Shard, Share
from worktrial.trial import Items, Request

_MOST_LOST = 5
"""Attempts at a shard: what kills every process that runs it is no accident."""
_counting = Lock()


def carry_out(
    executor: Executor,
    folder: RunFolder,
    request: Request,
    items: Items,
    left: Mapping[tuple[str, str], Sequence[Model]],
    *,
    again: Collection[tuple[str, str, str]] = (),
    spent: Callable[[], str] | None = None,
) -> None:
    """Run what is left of a run in shards.

    Args:
        executor: Where.
        folder: The run's.
        request: What was asked for.
        items: What follows from it, by trial.
        left: Who is still to be run in each trial under each arm.
        again: Trials, arms and workers of which finished shards are run again, too.
        spent: What was spent so far, in words.

    Raises:
        ConfigError: If the executor is not there.
        EvidenceError: If a shard did not finish; what others finished is kept.
    """
    workers = {at: [str(model) for model in models] for at, models in left.items()}
    begun = {
        key: blocks
        for key, blocks in finished_blocks(folder.logs).items()
        if not any((TRIALS[t].task, w, a) == key for t, a, w in again)
    }
    with executor:
        works = divided(request, workers, executor, begun)
        with showing(most_steps(request, items, works), "steps", spent):
            carried_out(executor, request, works)


def carried_out(executor: Executor, request: Request, works: Sequence[Work]) -> None:
    """Run some shards of a run, where the executor is there already.

    Raises:
        EvidenceError: If a shard did not finish; what others finished is kept.
    """
    request = with_full_paths(request)
    coordinator = _Coordinator(executor, RunFolder(request.out), request, works)
    coordinator.run()
    if coordinator.failures:
        raise EvidenceError(f"{coordinator.failures[0]}; run it again")


def most_steps(request: Request, items: Items, works: Sequence[Work]) -> int:
    """At most; a block has its share of those of all."""
    return round(
        sum(
            request.replicates
            * TRIALS[work.trial].most_steps(request, items[work.trial], work.arm)
            / work.block.blocks
            for work in works
        )
    )


@dataclass
class _Attempt:
    """A shard that is out, and the steps that it has told of."""

    shard: Shard
    tries: int
    done: int = 0
    never: int = 0

    def heard(self, counted: Counted) -> None:
        """Count what was told, by a thread of the executor."""
        with _counting:
            self.done += counted.done
            self.never += counted.never
            steps.count(counted.done, never=counted.never)

    def counts(self, done: int, never: int) -> None:
        """Let so many steps stand, whatever was told of before."""
        with _counting:
            steps.count(done - self.done, never=never - self.never)


class _Coordinator:
    """Hands out shards until all have reported."""

    def __init__(
        self, executor: Executor, folder: RunFolder, request: Request, works: Sequence[Work]
    ) -> None:
        self._executor, self._folder, self._request = executor, folder, request
        self._at_once = _at_once(executor, request, len(works))
        self._waiting = deque((number, work, 1) for number, work in enumerate(works))
        self._works = works
        self._out: dict[Future[Report], _Attempt] = {}
        self.failures: list[str] = []

    def run(self) -> None:
        """Run all of them, each as often as it takes."""
        shutil.rmtree(self._folder.shards, ignore_errors=True)
        try:
            while self._waiting or self._out:
                while self._waiting and len(self._out) < self._at_once:
                    self._hand_out(*self._waiting.popleft())
                for future in wait(self._out, return_when=FIRST_COMPLETED).done:
                    self._take_in(self._out.pop(future), future)
        finally:
            shutil.rmtree(self._folder.shards, ignore_errors=True)

    def _hand_out(self, number: int, work: Work, tries: int) -> None:
        logs = self._folder.shards / f"{number:04}-{tries}"
        logs.mkdir(parents=True)
        shard = Shard(
            number=number,
            request=self._request,
            trial=work.trial,
            arm=work.arm,
            worker=work.worker,
            items=work.items,
            block=work.block,
            share=Share(connections=share_of(self._request.connections, self._at_once)),
            logs=logs,
            generations=self._folder.generations,
        )
        attempt = _Attempt(shard, tries)
        self._out[self._executor.submit(shard, attempt.heard)] = attempt

    def _take_in(self, attempt: _Attempt, future: Future[Report]) -> None:
        try:
            report = future.result()
        except ShardLost as lost:
            attempt.counts(0, 0)
            self._again(attempt, str(lost))
            return
        attempt.counts(report.done, report.never)
        if report.log is None:
            self.failures.append(f"{attempt.shard.worker} did not finish: {report.error}")
        else:
            self._keep(attempt.shard, attempt.shard.logs / report.log)

    def _again(self, attempt: _Attempt, why: str) -> None:
        shard = attempt.shard
        print(f"worktrial: shard {shard.number} was lost: {why}", file=sys.stderr, flush=True)
        if attempt.tries < _MOST_LOST:
            self._waiting.append((shard.number, self._works[shard.number], attempt.tries + 1))
        else:
            self.failures.append(
                f"{shard.worker} did not finish: a shard was lost {_MOST_LOST} times, last {why}"
            )

    def _keep(self, shard: Shard, log: Path) -> None:
        """Move a log to where it counts, if it is what was asked for."""
        header = read_header(log)
        if (header.eval.model, block_of(log, header)) != (shard.worker, shard.block):
            raise EvidenceError(f"the log {log.name} is not that of shard {shard.number}")
        log.replace(self._folder.logs / log.name)


def _at_once(executor: Executor, request: Request, works: int) -> int:
    """How many at the same time: no more than there are connections, one at least for each."""
    most = request.connections or MOST_CONNECTIONS
    return max(1, min(executor.at_once, most, works))
