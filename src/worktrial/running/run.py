"""One run: what is asked for is checked first, then relays run, then logs become evidence.

Every finished generation is kept until the run is over. A run that was killed and is asked for
again replays them and goes on; a worker whose log is finished is not run again.
"""

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalLog
from inspect_ai.model import Model

from worktrial.errors import ConfigError, EvidenceError
from worktrial.evidence import Evidence, RunFolder, finished
from worktrial.evidence.findings import Stopped
from worktrial.evidence.folder import write_whole
from worktrial.evidence.logs import counted, read_header
from worktrial.interruption import asked
from worktrial.protocol import Manifest
from worktrial.protocol.published import protocol_file
from worktrial.protocol.registration import Registration
from worktrial.running import looks
from worktrial.running.budget import Budget
from worktrial.running.coordinator import carry_out
from worktrial.running.evaluation import evaluate, worker
from worktrial.running.executors import Executor
from worktrial.running.extraction import extract, sealed
from worktrial.running.ledger import Ledger
from worktrial.running.progress import showing
from worktrial.running.request import checked, under
from worktrial.running.rounds import spend
from worktrial.running.settle import settle
from worktrial.running.spending import Spending
from worktrial.running.trials import TRIALS, arms_of
from worktrial.trial import AnyTrial, Items, Request
from worktrial.visible import visible

_PASSES = 2
"""Items lost to infrastructure are asked for once more before a run ends: what a provider's client
does not know for a fault, such as a page of HTML where an answer should be, it does not retry."""

Key = tuple[str, str, str | None]
"""A task, a worker and an arm."""
Attempts = dict[Key, list[Path]]
"""The logs of each, before this command wrote any."""


def run(
    request: Request,
    protocol: Path | None = None,
    *,
    executor: Executor | None = None,
    budget: Budget | None = None,
) -> RunFolder:
    """Run every trial that was asked for, or go on where an earlier run was cut off.

    Args:
        request: What was asked for.
        protocol: A `protocol.json` to be repeated, or the name of a published one; it takes the
            place of the request's course, seed, arms and replicates.
        executor: Where the run's shards are carried out; by default all in this process.
        budget: What it may spend, by all commands that go on with it together.

    Raises:
        ConfigError: If the request cannot be carried out; nothing was called then.
        EvidenceError: If the folder's logs cannot be read or were changed.
    """
    wanted = Manifest.read(protocol_file(protocol)) if protocol else None
    request = checked(under(request, wanted) if wanted else request)
    budget = budget or Budget()
    if budget.limits:
        _must_be_free_to_end(request)
    items = {name: TRIALS[name].draw(request) for name in arms_of(request)}
    plan = _plan(request, items)
    if plan is not None and executor is not None:
        raise ConfigError(
            "`--compare-until-decided` runs in one process, in which two workers wait for each "
            "other; leave out --executor and --processes"
        )
    workers = [worker(name, request) for name in dict.fromkeys(request.workers)]
    budget.checked([*request.workers, *request.model_roles.values()])
    folder = RunFolder(request.out).writable()
    _set_aside_unreadable(folder)
    spending = Spending(budget, request, folder) if budget.limits else None
    if spending is not None:
        spending.open()
    meeting = looks.settle(folder, plan)
    once = (len(next(iter(items.values()))),)
    settle(folder, request, items, wanted=wanted, looks=plan.items if plan else once)
    _tell(folder, [line for name in items for line in TRIALS[name].remarks(request)])
    spent = _spent(folder, budget)
    for _ in range(1 if meeting else _PASSES):
        if spending is not None:
            stopped = _spend(spending, folder, request, items, workers, executor)
        else:
            stopped = None
            _pass(folder, request, items, workers, meeting, executor, spent)
        sealed(folder, stopped)
        extract(folder)
        if not _censored(folder):
            break
    if spending is not None:
        spending.close(stopped)
    if stopped is None and not _censored(folder):
        shutil.rmtree(folder.generations, ignore_errors=True)
    return folder


def _must_be_free_to_end(request: Request) -> None:
    """What was fixed before the first call cannot be ended by what it costs."""
    if request.until_decided:
        raise ConfigError(
            "`--compare-until-decided` ends when it is decided, and a budget would end it before; "
            "leave out one of them"
        )
    if Registration.read(request.out) is not None:
        raise ConfigError(
            f"`--out` {request.out} is registered, and a budget would end it before what was "
            "declared is measured; leave out the budget, or take another folder"
        )


def _spent(folder: RunFolder, budget: Budget) -> Callable[[], str]:
    """What was spent so far, for the line of progress."""
    ledger = Ledger(folder.spent)
    ledger.totals()  # what cannot be read is said before the first call
    return lambda: budget.told(ledger.totals()).text()


def _spend(
    spending: Spending,
    folder: RunFolder,
    request: Request,
    items: Items,
    workers: Sequence[Model],
    executor: Executor | None,
) -> Stopped | None:
    """Run what is still to be run and fits the budget, once."""
    earlier = _attempts(folder)
    stopped = spend(spending, request, items, workers, executor, again=_censored(folder))
    kept = counted(folder.logs)
    if stopped is None:
        kept = {p for logs in finished(folder.logs).values() for log in logs for p in log.parts}
    arms = [(TRIALS[name].task, arm) for name, of in arms_of(request).items() for arm in of]
    for key in ((task, str(model), arm) for task, arm in arms for model in workers):
        for path in earlier.get(key, ()):
            if path not in kept:
                path.unlink()
    return stopped


def _pass(
    folder: RunFolder,
    request: Request,
    items: Items,
    workers: list[Model],
    meeting: looks.Meeting | None,
    executor: Executor | None,
    spent: Callable[[], str],
) -> None:
    """Run what is still to be run, once."""
    left = _waiting(folder, request, workers)
    earlier = _attempts(folder) if left else {}
    if executor is not None:
        _divide(executor, folder, request, items, left, earlier, spent)
        left = {}
    for (name, arm), waiting in left.items():
        # A look needs both: what one has done already is replayed, not paid for again.
        run_now = workers if meeting else waiting
        _evaluate(folder, request, TRIALS[name], arm, run_now, items[name], meeting, earlier, spent)


_MOST_TOLD = 20


def _tell(folder: RunFolder, remarks: Sequence[str]) -> None:
    """Say what there is to say of the items: the beginning on stderr, all of it in the folder."""
    if not remarks:
        return
    write_whole(folder.remarks, "".join(f"{line}\n" for line in remarks))
    for line in remarks[:_MOST_TOLD]:
        print(f"worktrial: {visible(line)}", file=sys.stderr)
    if len(remarks) > _MOST_TOLD:
        more = len(remarks) - _MOST_TOLD
        print(f"worktrial: and {more} more, all in {folder.remarks}", file=sys.stderr, flush=True)


def _plan(request: Request, items: Items) -> looks.Plan | None:
    """The plan of a run until decided, if it is one."""
    if not request.until_decided:
        return None
    return looks.planned(
        request.workers,
        items["relay"],
        seed=request.seed,
        margin=looks.MARGIN if request.margin is None else request.margin,
        looks=request.looks,
    )


def _waiting(
    folder: RunFolder, request: Request, workers: Sequence[Model]
) -> dict[tuple[str, str], list[Model]]:
    """Who is still to be run in each trial under each arm."""
    arms = [(name, arm) for name, of in arms_of(request).items() for arm in of]
    known = finished(folder.logs)
    done = {
        (name, log.arm, log.worker)
        for name in dict(arms)
        for log in known.get(TRIALS[name].task, [])
    } - _censored(folder)
    waiting = {at: [w for w in workers if (*at, str(w)) not in done] for at in arms}
    return {at: models for at, models in waiting.items() if models}


def _censored(folder: RunFolder) -> set[tuple[str, str, str]]:
    """Trials, arms and workers that lost items to infrastructure: run again, from what was kept."""
    if not folder.evidence.exists():
        return set()
    rows = Evidence(folder.evidence).query(
        "select distinct trial, arm, worker from evidence "
        "where outcome in ('infrastructure', 'environment_fault', 'judge_fault')"
    )
    return {(trial, arm, worker) for trial, arm, worker in rows}


def _set_aside_unreadable(folder: RunFolder) -> None:
    """Put away what a kill in the middle of a write left; a finished run's logs are not touched."""
    if not folder.generations.exists():
        return
    for path in folder.logs.glob("*.eval"):
        try:
            read_header(path)
        except EvidenceError:
            path.rename(path.with_suffix(".unreadable"))


def _evaluate(
    folder: RunFolder,
    request: Request,
    trial: AnyTrial,
    arm: str,
    workers: list[Model],
    items: Sequence[Any],
    meeting: looks.Meeting | None,
    earlier: Attempts,
    spent: Callable[[], str],
) -> None:
    most = len(workers) * request.replicates * trial.most_steps(request, items, arm)
    options: dict[str, Any] = {"tasks": trial.task, "model": workers}
    options["task_args"] = trial.task_args(request, arm)
    if meeting is not None:
        options = {"tasks": meeting.tasks(workers, options["task_args"])}
    with showing(most, trial.steps, spent):
        logs = evaluate(
            request,
            logs=folder.logs,
            generations=folder.generations,
            max_tasks=len(workers),
            **options,
        )
    for log in logs:
        for path in earlier.pop(_of(log), ()) if log.status == "success" else ():
            path.unlink()
    if meeting is not None and meeting.failure is not None:
        raise meeting.failure
    cancelled = len(logs) < len(workers) or any(log.status == "cancelled" for log in logs)
    if cancelled or asked.is_set():
        # Inspect ends the evaluation, and would have us go on with the next one.
        raise KeyboardInterrupt
    broken = next((log for log in logs if log.status != "success"), None)
    if broken is not None:
        message = broken.error.message if broken.error else broken.status
        raise EvidenceError(f"{broken.eval.model} did not finish: {message}; run it again")


def _divide(
    executor: Executor,
    folder: RunFolder,
    request: Request,
    items: Items,
    left: Mapping[tuple[str, str], list[Model]],
    earlier: Attempts,
    spent: Callable[[], str],
) -> None:
    """Let other processes run what is left, in shards."""
    if left:
        carry_out(executor, folder, request, items, left, again=_censored(folder), spent=spent)
    known = finished(folder.logs)
    kept = {part for logs in known.values() for log in logs for part in log.parts}
    for (name, arm), workers in left.items():
        for model in workers:
            for path in earlier.get((TRIALS[name].task, str(model), arm), ()):
                if path not in kept:
                    path.unlink()


def _attempts(folder: RunFolder) -> Attempts:
    """What earlier commands left, to be removed once a worker is done with a trial and an arm."""
    found: Attempts = {}
    for path in folder.logs.glob("*.eval"):
        found.setdefault(_of(read_header(path)), []).append(path)
    return found


def _of(log: EvalLog) -> Key:
    return log.eval.task, log.eval.model, log.eval.task_args.get("arm")
