"""A run under a budget: a block of items under all arms and by all workers, then the next.

A block is begun only if what it is expected to take fits what is left, so that a run that its
budget ends has complete pairs, and spends at most one block too much.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from copy import copy

from inspect_ai import Task, task_with
from inspect_ai.model import Model

from worktrial.errors import EvidenceError
from worktrial.evidence import RunFolder
from worktrial.evidence.findings import Stopped
from worktrial.evidence.logs import Block
from worktrial.running.budget import limits_text
from worktrial.running.coordinator import carried_out, most_steps
from worktrial.running.division import Place
from worktrial.running.evaluation import evaluate
from worktrial.running.executors.executor import Executor
from worktrial.running.progress import showing
from worktrial.running.shards import Work
from worktrial.running.spending import Spending
from worktrial.trial import Items, Request


def spend(
    spending: Spending,
    request: Request,
    items: Items,
    workers: Sequence[Model],
    executor: Executor | None,
    *,
    again: Collection[tuple[str, str, str]] = (),
) -> Stopped | None:
    """Run round after round, until all are done or the next does not fit.

    Args:
        spending: The budget, and what was spent of it.
        request: What was asked for.
        items: What follows from it, by trial.
        workers: Who is run.
        executor: Where; `None` for this process.
        again: Trials, arms and workers that lost items, and are run again from what was kept.

    Returns:
        What is missing; `None` if nothing is.

    Raises:
        EvidenceError: If a worker did not finish; what is done is kept.
    """
    rounds = spending.division.rounds(again)
    most = most_steps(request, items, [work for each in rounds for work in each.left])
    spending.begin()
    with executor or nullcontext(), showing(most, "steps", _told(spending)):
        for number, each in enumerate(rounds):
            if not each.left:
                continue
            if not spending.fits(number, each):
                break
            if executor is not None:
                carried_out(executor, request, each.left)
            else:
                _here(request, spending.folder, spending.division.tasks, workers, each.left)
            spending.done(number, sum(len(work.items) for work in each.works))
    return spending.stopped()


def _told(spending: Spending) -> Callable[[], str]:
    limits = limits_text(spending.budget.limits)
    return lambda: f"{spending.budget.told(spending.ledger.totals()).text()} of {limits}"


def _here(
    request: Request,
    folder: RunFolder,
    tasks: Mapping[Place, Task],
    workers: Sequence[Model],
    works: Sequence[Work],
) -> None:
    """One round in this process: all that share a block and workers at the same time."""
    together: dict[tuple[Block, tuple[str, ...]], list[Work]] = {}
    for arm in dict.fromkeys((work.trial, work.arm) for work in works):
        of_arm = [work for work in works if (work.trial, work.arm) == arm]
        names = tuple(work.worker for work in of_arm)
        together.setdefault((of_arm[0].block, names), []).append(of_arm[0])
    for (block, names), of_arms in together.items():
        logs = evaluate(
            request,
            logs=folder.logs,
            generations=folder.generations,
            tasks=[_with(tasks[work.trial, work.arm], work.items) for work in of_arms],
            model=[model for model in workers if str(model) in names],
            metadata=block.metadata,
            max_tasks=len(names) * len(of_arms),
        )
        for log in logs:
            if log.status != "success":
                message = log.error.message if log.error else log.status
                raise EvidenceError(f"{log.eval.model} did not finish: {message}; run it again")


def _with(task: Task, ids: Collection[str]) -> Task:
    """The task with these samples alone; the other rounds' stays as it is."""
    wanted = set(ids)
    chosen = task.dataset.filter(lambda sample: str(sample.id) in wanted)
    return task_with(copy(task), dataset=chosen)
