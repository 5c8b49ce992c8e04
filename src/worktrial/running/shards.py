"""A run divided into shards: each (worker, trial, arm, item) in exactly one of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from inspect_ai import Task
from inspect_ai.util import registry_create

from worktrial.evidence.logs import Block, Key
from worktrial.running.executors.executor import Executor
from worktrial.running.trials import TRIALS
from worktrial.trial import Request

MOST_CONNECTIONS = 100
"""To a provider, if nothing else is said: as far as Inspect's own control goes up."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a shard is of, wherever it is run."""

    trial: str
    arm: str
    worker: str
    items: tuple[str, ...]
    block: Block

    @property
    def key(self) -> Key:
        """What its log is of."""
        return Key(TRIALS[self.trial].task, self.worker, self.arm)


def task_of(request: Request, trial: str, arm: str) -> Task:
    """The Inspect task of a trial under an arm."""
    task: Task = registry_create(
        "task", TRIALS[trial].task, **TRIALS[trial].task_args(request, arm)
    )
    return task


def divided(
    request: Request,
    workers: Mapping[tuple[str, str], Sequence[str]],
    executor: Executor,
    done: Mapping[Key, Collection[Block]],
) -> list[Work]:
    """Divide what is left of a run.

    Args:
        request: What was asked for.
        workers: Who is still to be run in each trial under each arm.
        executor: Where; it says how far dividing helps.
        done: What is finished; a division that was begun is kept to.
    """
    works: list[Work] = []
    for (trial, arm), names in workers.items():
        ids = [str(sample.id) for sample in task_of(request, trial, arm).dataset]
        for name in names:
            known = done.get(Key(TRIALS[trial].task, name, arm), ())
            works += (
                Work(trial, arm, name, items, block)
                for block, items in blocks(ids, _count(known, executor.places(name)))
                if block not in known
            )
    return works


def _count(done: Collection[Block], places: int) -> int:
    """In how many blocks: as before, if some are done."""
    begun = [block.blocks for block in done]
    return max(begun, key=begun.count) if begun else places


def blocks(items: Sequence[str], count: int) -> Iterator[tuple[Block, tuple[str, ...]]]:
    """Divide items into as many blocks, dealt out in turn so that all are alike.

    No block is empty: there are at most as many as items.
    """
    count = max(1, min(count, len(items)))
    return ((Block(n, count), tuple(items[n::count])) for n in range(count))


def share_of(connections: int | None, at_once: int) -> int:
    """Connections of one of several shards that run at the same time.

    Args:
        connections: Of all of them together, at least as many as shards.
        at_once: How many shards that is.
    """
    return max(1, (connections or MOST_CONNECTIONS) // at_once)


if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def with_full_paths(request: T) -> T:
    """The same request for a process that may have been started elsewhere."""
    changed: dict[str, Any] = {}
    for field in fields(request):
        value = getattr(request, field.name)
        if isinstance(value, Path):
            changed[field.name] = value.resolve()
        elif is_dataclass(value) and not isinstance(value, type):
            changed[field.name] = with_full_paths(value)
    return replace(request, **changed)
