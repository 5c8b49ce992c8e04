"""The planning pass: the task's own solver renders a few samples, and no call is paid for.

Each sample's solver runs until it asks a model for the first time. What it would have shown is
taken apart; where that cannot be done safely, the task is refused before anything is called.
"""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple

from inspect_ai import Task, task_with
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import MemoryDataset
from inspect_ai.model import ChatMessage, Model, ModelOutput, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import registry_info

from worktrial.errors import ConfigError
from worktrial.instruction.arms import (
    ARMS,
    BARE,
    NO_INPUT,
    PARAPHRASES,
    PERMUTED,
    Rewritten,
    Setting,
    form_and_space,
    rewritten,
)
from worktrial.instruction.items import AblateItem, most_items
from worktrial.instruction.messages import place_of, prompt_of, unplaced
from worktrial.instruction.own import read_arms
from worktrial.instruction.parts import Prompt, lead_of, shared_by
from worktrial.instruction.source import drawn_from, items_of
from worktrial.instruction.space import space_of
from worktrial.tasks import make_task, samples_of, task_file
from worktrial.trial import Ablation

Route = Literal["generate", "input"]
"""Where an arm is written in: into what the solver is about to send by `generate`, or into the
messages before the solver runs, where it calls the model by itself."""
MOST_PLANNED = 16
_MOST_IN_A_SANDBOX = 2
_MOST_SECONDS = 60
_WAYS_OUT = (
    "name what holds it with --instruction-field FIELD, or write the arms out with --arms FILE"
)


class Drawn(NamedTuple):
    """One item of a run.

    Attributes:
        item: The sample.
        prompt: What its solver shows, taken apart; `None` of an item that was not planned.
        setting: What all items have in common.
    """

    item: AblateItem
    prompt: Prompt | None
    setting: Setting


@dataclass(frozen=True)
class Plan:
    """What will be run.

    Attributes:
        items: Drawn from the task's data set.
        setting: What all of them have in common.
        route: Where an arm is written in.
        prompts: The planned items with what their solver shows, taken apart.
        impossible: Arms that cannot be run, and why.
        facts: What the task is, for a protocol.
    """

    items: tuple[AblateItem, ...]
    setting: Setting
    route: Route
    prompts: tuple[tuple[AblateItem, Prompt], ...]
    impossible: Mapping[str, str]
    facts: Mapping[str, Any]

    @property
    def drawn(self) -> list[Drawn]:
        """The items with what is known of each."""
        known = {item.id: prompt for item, prompt in self.prompts}
        return [Drawn(item, known.get(item.id), self.setting) for item in self.items]

    @property
    def arms(self) -> list[str]:
        """The arms that can be run."""
        return [arm for arm in ARMS if arm not in self.impossible]

    def shown(self) -> Iterator[str]:
        """What was found, for the person who pays: a line each."""
        item, prompt = self.prompts[0]
        setting = self.setting
        space = setting.space
        yield f"output space: {space.statement(item)} A guess scores {space.guess:.2f}."
        yield f"instruction found: {_short(prompt.instruction) or '(none; arms are written out)'}"
        yield f"format_only keeps: {_short(form_and_space(prompt, item, setting))}"
        for arm, why in self.impossible.items():
            yield f"{arm} is left out: {why}"

    def example(self) -> dict[str, str]:
        """What each arm shows of the first item; system messages first, and marked."""
        item, prompt = self.prompts[0]
        return {arm: _with_system(rewritten(arm, prompt, item, self.setting)) for arm in self.arms}


def _with_system(shown: Rewritten) -> str:
    return "\n\n".join([*(f"[system] {text}" for text in shown.system), shown.text])


def planned(ablation: Ablation, course: str, *, seed: int, items: int | None) -> Plan:
    """Draw the items and find the instruction; the same arguments plan the same.

    Args:
        ablation: Which task, and what the user says of its instruction.
        course: How large.
        seed: From which the choice of items follows.
        items: How many, instead of the course's.

    Raises:
        ConfigError: If there is no such task, or its instruction cannot be found.
    """
    return _planned(ablation, _changed(ablation), most_items(course, items), seed)


def _changed(ablation: Ablation) -> tuple[int, ...]:
    """When its files were last written, so that a changed one is read again."""
    files = [path for path in (task_file(ablation.task), ablation.arms_file) if path]
    return tuple(path.stat().st_mtime_ns for path in files if path.is_file())


@lru_cache(maxsize=4)  # the run asks several times
def _planned(ablation: Ablation, changed: Any, most: int | None, seed: int) -> Plan:
    task = make_task(ablation.task, ablation.args)
    every = items_of(samples_of(task))
    _must_stay(ablation, every)
    items = drawn_from(every, most, seed)
    if len(items) < 2:
        raise ConfigError(f"TASK {ablation.task} must have at least 2 samples; got {len(items)}")
    _must_score(ablation, task)
    setting = setting_of(ablation, every, seed)
    _must_hold(setting.holder, items)
    facts = _facts(ablation, task)
    seen = _looked_at(task, items)
    return _plan(ablation, items, setting, seen, facts)


def setting_of(
    ablation: Ablation, every: Sequence[AblateItem], seed: int, *, lead: str | None = None
) -> Setting:
    """What all samples have in common, as far as the data set tells.

    Args:
        ablation: What the user says of the instruction.
        every: All samples of the task.
        seed: Of the run.
        lead: What stands before the input in every message, if that is known.
    """
    return Setting(
        space=space_of(every),
        seed=seed,
        shared=shared_by(item.input for item in every),
        lead=lead,
        holder=ablation.instruction_field or "",
        templates=read_arms(ablation.arms_file) if ablation.arms_file else {},
    )


def _must_stay(ablation: Ablation, every: Sequence[AblateItem]) -> None:
    """Two arms must have the same items, so a second making must give what the first gave."""
    again = items_of(samples_of(make_task(ablation.task, ablation.args)))
    if [item.record for item in again] != [item.record for item in every]:
        raise ConfigError(
            f"TASK {ablation.task} has other samples each time it is made, so no two arms would "
            "share them; fix its seed, such as with -T seed=1"
        )


def _must_score(ablation: Ablation, task: Task) -> None:
    """The score that was named must be one that the task may give."""
    key = ablation.scorer_key
    scorers = [registry_info(of) for of in task.scorer or ()]
    names = [of.name.rpartition("/")[2] for of in scorers]
    measured = [of.metadata.get("metrics") for of in scorers]
    keys = [name for metrics in measured if isinstance(metrics, Mapping) for name in metrics]
    # A scorer may leave open, with `*`, what keys its value has.
    if key and key.partition("/")[0] not in names and not any(fnmatch(key, of) for of in keys):
        there = ", ".join([*names, *keys])
        raise ConfigError(
            f"`--scorer-key` must be a score of the task, {there}; got {key!r}; leave it out for "
            "the first"
        )


def _must_hold(field: str, items: Sequence[AblateItem]) -> None:
    missing = [item.id for item in items if field and field not in item.named]
    if missing and not all(field in item.input for item in items):
        raise ConfigError(
            f"`--instruction-field` must be a field of text in each sample's metadata, or stand in "
            f"each input; {field!r} does neither in sample {missing[0]}"
        )


def _facts(ablation: Ablation, task: Task) -> dict[str, Any]:
    """What the task is; files by their hash."""
    file, arms = task_file(ablation.task), ablation.arms_file
    return {
        "task": file.name if file else ablation.task,
        "file": _sha256(file),
        "args": {name: repr(of) for name, of in ablation.args.items()},
        "version": str(task.version),
        "samples": len(task.dataset),
        "scorer": [registry_info(of).name for of in task.scorer or ()],
        "scorer_key": ablation.scorer_key,
        "instruction_field": ablation.instruction_field,
        "arms": _sha256(arms),
    }


def _sha256(path: Path | None) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else None


# --- what the solver shows ---------------------------------------------------------------------


class _Enough(Exception):  # noqa: N818 - no error: the solver has shown what was wanted
    """Ends a solver at its first call."""


@dataclass
class _Seen:
    """What one sample's solver is given, and what it shows at its first call."""

    given: list[ChatMessage] = field(default_factory=list)
    called: list[ChatMessage] | None = None
    route: Route = "generate"
    error: str = ""

    def at(self, messages: Sequence[ChatMessage], route: Route) -> None:
        if self.called is None:
            self.called, self.route = _copied(messages), route


def _copied(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """As they are now: solvers change messages in place."""
    return [message.model_copy(deep=True) for message in messages]


_at_hand: ContextVar[_Seen | None] = ContextVar("instruction_seen", default=None)


@solver
def _looking(own: Solver, seen: dict[str, _Seen]) -> Solver:
    """Run a task's own solver up to its first call."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        found = seen[str(state.sample_id)] = _Seen(given=_copied(state.messages))
        _at_hand.set(found)

        async def look(state: TaskState, *_: Any, **__: Any) -> TaskState:
            found.at(state.messages, "generate")
            raise _Enough

        try:
            await own(state, look)
        except Exception as error:  # The task's own code; a call that was seen is all we want.
            found.error = f"{type(error).__name__}: {error}"
        state.completed = True
        return state

    return solve


def _called(messages: list[ChatMessage], *_: Any) -> ModelOutput:
    """A call that a solver makes by itself."""
    found = _at_hand.get()
    if found is not None:
        found.at(messages, "input")
    raise _Enough


def _looked_at(task: Task, items: Sequence[AblateItem]) -> list[tuple[AblateItem, _Seen]]:
    most = MOST_PLANNED if task.sandbox is None else _MOST_IN_A_SANDBOX
    few = {item.id: item for item in items[:most]}
    samples = [sample for sample in samples_of(task) if str(sample.id) in few]
    mock = get_model("mockllm/model", memoize=False, custom_outputs=_called)
    seen: dict[str, _Seen] = {}
    task.model = None
    looking = task_with(
        task,
        dataset=MemoryDataset(samples, name="planning"),
        solver=_looking(task.solver, seen),
        model_roles=dict.fromkeys(task.model_roles or {}, mock),
        time_limit=_MOST_SECONDS,
    )
    _evaluate(looking, mock, seen)
    return [(item, seen.get(name, _Seen(error="it was not run"))) for name, item in few.items()]


def _evaluate(task: Task, mock: Model, seen: dict[str, _Seen]) -> None:
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with TemporaryDirectory() as folder:
            (log,) = inspect_eval(
                task, model=mock, score=False, epochs=1, log_dir=folder, log_format="eval",
                log_realtime=False, display="none", fail_on_error=False,
            )  # fmt: skip
    finally:
        logging.disable(before)
    if log.status != "success" and not seen:
        message = log.error.message if log.error else log.status
        raise ConfigError(f"TASK cannot be rendered: {' '.join(message.split())[:300]}")


# --- what can be made of it --------------------------------------------------------------------


def _plan(
    ablation: Ablation,
    items: Sequence[AblateItem],
    setting: Setting,
    seen: Sequence[tuple[AblateItem, _Seen]],
    facts: Mapping[str, Any],
) -> Plan:
    name = ablation.task
    _must_call(name, seen)
    route: Route = "input" if any(found.route == "input" for _, found in seen) else "generate"
    told = [(item, found.called if route == "generate" else found.given) for item, found in seen]
    setting = replace(setting, lead=_lead(told))
    _must_show(name, seen, route, setting)
    prompts = [
        (item, prompt_of(messages or (), item, setting) or unplaced(item))
        for item, messages in told
    ]
    impossible = _impossible(prompts, setting)
    if set(impossible) >= {*BARE, NO_INPUT}:
        why = _NOTHING_GIVEN if route == "input" else _NOTHING_FOUND
        raise ConfigError(f"TASK {name} cannot be ablated: {why}; {_WAYS_OUT}")
    return Plan(tuple(items), setting, route, tuple(prompts), impossible, facts)


_NOTHING_FOUND = "no instruction was found around its inputs, nor in what all of them share"
_NOTHING_GIVEN = (
    "its solver calls the model by itself, so that only what stands in the data set can be "
    "changed, and there no instruction was found"
)


def _must_call(name: str, seen: Sequence[tuple[AblateItem, _Seen]]) -> None:
    for item, found in seen:
        if found.called is None:
            why = " ".join(found.error.split())[:200] or "it ends without one"
            raise ConfigError(
                f"TASK {name} cannot be ablated: its solver comes to no call of a model in sample "
                f"{item.id} ({why}); see that it runs under inspect eval"
            )


def _must_show(
    name: str, seen: Sequence[tuple[AblateItem, _Seen]], route: Route, setting: Setting
) -> None:
    """Each sample's input must stand in what is shown, unless the arms are written out."""
    for item, found in seen:
        if prompt_of(found.called or (), item, setting) is not None:
            continue
        if route == "input":
            raise ConfigError(
                f"TASK {name} cannot be ablated: its solver calls the model by itself and does not "
                f"show it the input of sample {item.id}, so no arm would reach the worker; ablate "
                "it with a solver that shows the input, such as generate()"
            )
        if not setting.templates:
            raise ConfigError(
                f"TASK {name} cannot be ablated: the input of sample {item.id} does not stand word "
                "by word in what its solver shows; write the arms out with --arms FILE"
            )


def _lead(told: Sequence[tuple[AblateItem, list[ChatMessage] | None]]) -> str | None:
    pairs = [
        (messages[at].text, item.input)
        for item, messages in told
        if messages and (at := place_of(messages, item)) is not None
    ]
    return lead_of(pairs)


def _impossible(prompts: Sequence[tuple[AblateItem, Prompt]], setting: Setting) -> dict[str, str]:
    """Arms that cannot be run, and why; those that are written out always can."""
    space, found = setting.space, dict[str, str]()
    if space.kind not in ("choices", "labels") or any(_several(item) for item, _ in prompts):
        found[PERMUTED] = "there is no closed set of single answers to rename"
    if space.kind == "choices" and not all(_are_shown(*pair) for pair in prompts):
        why = "the choices do not stand in their order in what is shown"
        found |= dict.fromkeys((*BARE, PERMUTED), why)
    if not all(prompt.instruction for _, prompt in prompts):
        found |= dict.fromkeys((*PARAPHRASES, *BARE, NO_INPUT), "no instruction was found")
    if not all(prompt.input for _, prompt in prompts):
        found[NO_INPUT] = "a sample has no input of its own"
    return {arm: found[arm] for arm in ARMS if arm in found and arm not in setting.templates}


def _several(item: AblateItem) -> bool:
    return len(item.targets) != 1


def _are_shown(item: AblateItem, prompt: Prompt) -> bool:
    return bool(prompt.choices) or all(choice in item.input for choice in item.choices)


def _short(text: str, most: int = 300) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
