"""A run divided for a budget: blocks of items, each under all arms and by all workers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from inspect_ai import Task

from worktrial.evidence import RunFolder, finished
from worktrial.evidence.findings import Incomplete
from worktrial.evidence.logs import Block, finished_blocks
from worktrial.running.shards import Work, blocks, task_of
from worktrial.running.trials import TRIALS, arms_of
from worktrial.trial import Request

MOST_BLOCKS = 20
"""What is spent beyond a budget is at most one of them; each waits for its slowest call."""
Place = tuple[str, str]
"""A trial and an arm."""


@dataclass(frozen=True, slots=True)
class Round:
    """A block of items under all arms and by all workers.

    Attributes:
        items: By trial.
        works: All of them.
        left: Those that are not done.
    """

    items: Mapping[str, tuple[str, ...]]
    works: tuple[Work, ...]
    left: tuple[Work, ...]

    @property
    def runs(self) -> int:
        """How many samples of one replicate are left."""
        return sum(len(work.items) for work in self.left)


class Division:
    """All rounds of a run, and what is done of them; a function of its items, not of its budget."""

    def __init__(self, request: Request, folder: RunFolder) -> None:
        self.arms = arms_of(request)
        self._workers = list(dict.fromkeys(request.workers))
        self.tasks = {(t, a): task_of(request, t, a) for t, of in self.arms.items() for a in of}
        self._folder = folder

    def rounds(self, again: Collection[tuple[str, str, str]] = ()) -> list[Round]:
        """All of them, as the folder has them now.

        Args:
            again: Trials, arms and workers of which nothing counts as done.
        """
        lost = {(TRIALS[trial].task, worker, arm) for trial, arm, worker in again}
        whole = {
            (task, log.worker, log.arm)
            for task, logs in finished(self._folder.logs).items()
            for log in logs
        }
        known = finished_blocks(self._folder.logs)

        def is_left(work: Work) -> bool:
            done = work.key in whole or work.block in known.get(work.key, ())
            return work.key in lost or not done

        return [Round(items, works, tuple(filter(is_left, works))) for items, works in self._all]

    @cached_property
    def _all(self) -> list[tuple[Mapping[str, tuple[str, ...]], tuple[Work, ...]]]:
        divided = {t: [some for _, some in blocks(self.items(t), MOST_BLOCKS)] for t in self.arms}
        placed = {at: self._placed(at, divided[at[0]]) for at in self.tasks}
        return [
            (
                {t: of[number] for t, of in divided.items() if number < len(of)},
                tuple(self._works(placed, number)),
            )
            for number in range(max(map(len, divided.values())))
        ]

    def items(self, trial: str) -> list[str]:
        """The items of a trial under any of its arms."""
        ids = (_items(trial, self.tasks[trial, arm]) for arm in self.arms[trial])
        return list(dict.fromkeys(item for of in ids for item in of.values()))

    def _placed(
        self, at: Place, divided: Sequence[tuple[str, ...]]
    ) -> dict[int, tuple[Block, tuple[str, ...]]]:
        """By round the samples under an arm; an arm may have none of some items."""
        item_of = _items(at[0], self.tasks[at])
        chosen = [tuple(s for s, item in item_of.items() if item in set(of)) for of in divided]
        rounds = [number for number, samples in enumerate(chosen) if samples]
        return {n: (Block(k, len(rounds)), chosen[n]) for k, n in enumerate(rounds)}

    def _works(
        self, placed: Mapping[Place, Mapping[int, tuple[Block, tuple[str, ...]]]], number: int
    ) -> Iterator[Work]:
        for (trial, arm), of in placed.items():
            if number in of:
                block, samples = of[number]
                yield from (Work(trial, arm, w, samples, block) for w in self._workers)

    def ends(self, done: int) -> dict[str, dict[str, tuple[int, int]]]:
        """By trial and arm the first block that is missing, once so many rounds are done."""
        found: dict[str, dict[str, tuple[int, int]]] = {trial: {} for trial in self.arms}
        for number, (_, works) in enumerate(self._all):
            for work in works:
                before = found[work.trial].get(work.arm, (0, 0))[0]
                number_of = work.block.number + 1 if number < done else before
                found[work.trial][work.arm] = (number_of, work.block.blocks)
        return found


def _items(trial: str, task: Task) -> dict[str, str]:
    """The item of each sample, as the protocol knows it."""
    recorded = TRIALS[trial].recorded
    return {str(s.id): str(recorded(s.metadata or {})["id"]) for s in task.dataset}


def incomplete(trial: str, rounds: Sequence[Round], done: int) -> Incomplete:
    """What is missing of a trial when so many rounds are done."""
    items = [item for each in rounds for item in each.items.get(trial, ())]
    missing = tuple(item for each in rounds[done:] for item in each.items.get(trial, ()))
    return Incomplete(done=len(items) - len(missing), items=len(items), missing=missing)
