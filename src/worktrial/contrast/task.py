"""A task of anyone's as one arm of a contrast: unchanged, with every generation kept."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from inspect_ai import Task, task, task_with
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import CachePolicy
from inspect_ai.solver import Generate, Solver, TaskState, solver

from worktrial import steps
from worktrial.contrast.arms import ARMS, BY_ID, BY_NOTHING
from worktrial.contrast.protocol import Known
from worktrial.contrast.rows import name_of
from worktrial.errors import ConfigError
from worktrial.randomness import stream
from worktrial.tasks import content_of, make_task, samples_of

KEPT = "contrast"
"""Under which a sample's metadata hold its item."""


@task
def contrast(
    name: str = "",
    args: dict[str, Any] | None = None,
    arm: str = ARMS[0],
    pair: str = BY_NOTHING,
    cluster: str = "",
    scorer_key: str = "",
    only: list[str] | None = None,
    resumable: bool = False,
) -> Task:
    """Run another Inspect task unchanged, as the proxy arm or the work arm of a contrast.

    Args:
        name: The task: `package/task`, `file.py` or `file.py@task`.
        args: Its arguments.
        arm: proxy or work.
        pair: `id`, `none` or a field of each sample's metadata: what makes an item the same.
        cluster: A field of each sample's metadata: the unit that is independent of others.
        scorer_key: Which of several scores counts; the first by default.
        only: Items that are run; all by default.
        resumable: Keep every generation, so that an interrupted run pays for none twice.
    """
    if arm not in ARMS:
        raise ConfigError(f"`arm` must be one of {', '.join(ARMS)}; got {arm!r}")
    own = make_task(name, args or {})
    samples = samples_of(own)
    items = items_of(samples, arm=arm, pair=pair, cluster=cluster, task=name)
    shown = [
        _with_item(sample, item, scorer_key)
        for sample, item in zip(samples, items, strict=True)
        if only is None or item.name in only
    ]
    own.model = None
    wrapped = unchanged(own.solver, arm, resumable=resumable)
    return task_with(own, dataset=MemoryDataset(shown, name=KEPT), solver=wrapped, name=None)


def items_of(
    samples: Sequence[Sample], *, arm: str, pair: str, cluster: str, task: str
) -> list[Known]:
    """Samples as items of an arm, in their order.

    Raises:
        ConfigError: If a sample has no such field, or two are the same item.
    """
    items = [_item(sample, arm, pair, cluster, task) for sample in samples]
    seen: set[str] = set()
    for item in items:
        if item.name in seen:
            raise ConfigError(
                f"`--pair` {pair} must tell the samples of {task} apart; {item.name!r} stands "
                "there twice"
            )
        seen.add(item.name)
    return items


def drawn(items: Sequence[Known], most: int | None, seed: int) -> list[Known]:
    """Some items; the same names under both arms, so that pairs stay together."""
    names = sorted({item.name for item in items})
    if most is None or most >= len(names):
        return list(items)
    chosen = set(stream(seed, KEPT, "items").sample(names, most))
    return [item for item in items if item.name in chosen]


def _item(sample: Sample, arm: str, pair: str, cluster: str, task: str) -> Known:
    name = str(sample.id) if pair in (BY_ID, BY_NOTHING) else _field(sample, pair, "pair", task)
    unit = _field(sample, cluster, "cluster", task) if cluster else name
    return Known(arm, name_of(name), name_of(unit), content_of(sample))


def _field(sample: Sample, name: str, option: str, task: str) -> str:
    metadata: Mapping[str, Any] = sample.metadata or {}
    if name not in metadata:
        known = ", ".join(map(str, metadata)) or "no field"
        raise ConfigError(
            f"`--{option}` {name} must be a field of the metadata of every sample; sample "
            f"{sample.id} of "
            f"{task} has {known}"
        )
    return str(metadata[name])


def _with_item(sample: Sample, item: Known, scorer_key: str) -> Sample:
    kept = {**item.record, "name": item.name, "arm": item.arm, "scorer_key": scorer_key}
    return sample.model_copy(update={"metadata": {**(sample.metadata or {}), KEPT: kept}})


@solver
def unchanged(own: Solver, arm: str, *, resumable: bool) -> Solver:
    """Run a task's own solver, keeping its generations by sample, arm, replicate and call."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        calls = count(1)

        async def keeping(state: TaskState, *args: Any, **kwargs: Any) -> TaskState:
            scopes = {
                "item": str(state.sample_id), "arm": arm, "replicate": str(state.epoch),
                "call": str(next(calls)),
            }  # fmt: skip
            kept = {"cache": CachePolicy(expiry=None, scopes=scopes)} if resumable else {}
            return await generate(state, *args, **{**kwargs, **kept})

        try:
            with steps.unheard():
                return await own(state, keeping)
        finally:
            steps.count(1)

    return solve
