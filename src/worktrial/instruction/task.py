"""Any Inspect task under an arm: its own solver, tools and scorer, with other words before them."""

from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from inspect_ai import Task, task, task_with
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import CachePolicy
from inspect_ai.solver import Generate, Solver, TaskState, solver

from worktrial import steps
from worktrial.errors import ConfigError, EvidenceError
from worktrial.instruction.arms import ARMS, FULL, PERMUTED, Setting, renamed, rewritten
from worktrial.instruction.items import AblateItem, most_items
from worktrial.instruction.keys import at_hand, key_of
from worktrial.instruction.messages import asked, prompt_of, unplaced, written_anew
from worktrial.instruction.plan import Route, setting_of
from worktrial.instruction.source import drawn_from, items_of
from worktrial.tasks import make_task, samples_of
from worktrial.trial import Ablation

TASK_VERSION = 1
KEPT = "ablate"
"""Under which a sample's metadata hold its item, and its store what its answer is read by."""


@task
def ablate(
    name: str = "",
    args: dict[str, Any] | None = None,
    arm: str = FULL,
    instruction_field: str = "",
    arms_file: str = "",
    scorer_key: str = "",
    course: str = "pocket",
    seed: int = 7,
    items: int | None = None,
    route: Route = "generate",
    lead: str | None = None,
    resumable: bool = False,
) -> Task:
    """Run another Inspect task under an arm: how much of its score is the instruction?

    Args:
        name: The task: `package/task`, `file.py` or `file.py@task`.
        args: Its arguments.
        arm: full, full-2 to full-5, format_only, empty, wrong, permuted or no_input.
        instruction_field: Of each sample's metadata, or a piece of each input: the instruction.
        arms_file: Arms that are written out.
        scorer_key: Which of several scores counts; the first by default.
        course: How many items: pocket, standard or full.
        seed: Decides the choice of items and the new names of answers.
        items: How many, instead of the course's.
        route: `input` for a solver that calls the model by itself.
        lead: What stands before the input in every message, if that is known.
        resumable: Keep every generation, so that an interrupted run pays for none twice.
    """
    if arm not in ARMS:
        raise ConfigError(f"`arm` must be one of {', '.join(ARMS)}; got {arm!r}")
    ablation = Ablation(
        task=name,
        args=args or {},
        instruction_field=instruction_field or None,
        arms_file=Path(arms_file) if arms_file else None,
        scorer_key=scorer_key or None,
    )
    own = make_task(ablation.task, ablation.args)
    samples = {str(sample.id): sample for sample in samples_of(own)}
    every = items_of(list(samples.values()))
    setting = setting_of(ablation, every, seed, lead=lead)
    chosen = drawn_from(every, most_items(course, items), seed)
    shown = [_under(arm, samples[item.id], item, setting, scorer_key) for item in chosen]
    wrapped = ablated(own.solver, _Arm(arm, setting, route, resumable, {i.id: i for i in chosen}))
    own.model = None
    return task_with(own, dataset=MemoryDataset(shown, name=KEPT), solver=wrapped, name=None)


def _under(arm: str, sample: Sample, item: AblateItem, setting: Setting, scorer_key: str) -> Sample:
    """The sample with its item; under new names of answers with its target by its new name."""
    kept = {"item": item.record, "arm": arm, "scorer_key": scorer_key}
    update: dict[str, Any] = {"metadata": {**(sample.metadata or {}), KEPT: kept}}
    if arm == PERMUTED:
        update["target"] = list(renamed(item.targets, item, setting))
    return sample.model_copy(update=update)


class _Arm:
    """What all samples of a task under an arm have in common."""

    def __init__(
        self,
        name: str,
        setting: Setting,
        route: Route,
        resumable: bool,
        items: Mapping[str, AblateItem],
    ) -> None:
        self.name, self.setting, self.route = name, setting, route
        self.resumable, self.items = resumable, items

    def write(self, state: TaskState) -> None:
        """Write the arm into the messages, and keep what the answer is read by.

        Raises:
            EvidenceError: If the sample's input does not stand in them.
        """
        item = self.items[str(state.sample_id)]
        prompt = prompt_of(state.messages, item, self.setting)
        if prompt is None and self.name not in (FULL, *self.setting.templates):
            raise EvidenceError(
                f"the input of sample {item.id} does not stand in what its solver shows"
            )
        key = key_of(self.name, prompt, item, self.setting, state.epoch)
        at_hand.set(key)
        state.store.set(KEPT, key.kept())
        if self.name != FULL:
            shown = rewritten(self.name, prompt or unplaced(item), item, self.setting)
            state.messages = written_anew(state.messages, shown, item, self.name)

    def asked(self, state: TaskState) -> str:
        """The text of the message that is written anew."""
        return asked(state.messages, self.items[str(state.sample_id)])

    def cache(self, state: TaskState, call: int) -> dict[str, Any]:
        """How a generation is kept: by item and arm, since two items may be shown the same.

        And by call, since a solver that asks the same again wants another answer.
        """
        if not self.resumable:
            return {}
        scopes = {"item": str(state.sample_id), "arm": self.name, "replicate": str(state.epoch)}
        return {"cache": CachePolicy(expiry=None, scopes={**scopes, "call": str(call)})}


@solver
def ablated(own: Solver, arm: _Arm) -> Solver:
    """Run a task's own solver, which shows what the arm says in place of what it would show.

    The first call of a sample is written anew, and every later one that starts from the same
    message again; what follows from an answer goes on unchanged.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        calls, shown = count(1), arm.asked(state)

        async def rewriting(state: TaskState, *args: Any, **kwargs: Any) -> TaskState:
            nonlocal shown
            call = next(calls)
            if arm.route == "generate" and (call == 1 or arm.asked(state) == shown):
                shown = arm.asked(state)
                arm.write(state)
            return await generate(state, *args, **{**kwargs, **arm.cache(state, call)})

        try:
            if arm.route == "input":
                arm.write(state)
            with steps.unheard():
                return await own(state, rewriting)
        finally:
            at_hand.set(None)
            steps.count(1)

    return solve
