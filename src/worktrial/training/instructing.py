"""The kinds of job of `worktrial control instructions`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from rapidfuzz.distance import LCSseq

from worktrial.randomness import derive, stream
from worktrial.training import tuning
from worktrial.training.asked import Asked
from worktrial.training.base import START, Shape, loaded, saved, small, teach
from worktrial.training.callbacks import Watch
from worktrial.training.families import (
    ARMS,
    TEST,
    Instance,
    Task,
    examples,
    families,
    own_families,
    prompt,
    unanswered,
    vocabulary,
)
from worktrial.training.jobs import Job
from worktrial.training.measure import written
from worktrial.training.measured import Row, keep
from worktrial.training.shown import Answer, keep_answers
from worktrial.training.tongue import by_word

Step = Callable[[int, int], None]
SCORE, IN_SPACE = "score", "in_space"
_SHAPE = Shape(layers=3, width=128, context=128)


def base(asked: Asked, job: Job, out: Path, progress: Step) -> None:
    """Teach a small base to read such tasks; it has met no output of any."""
    tokenizer = by_word(_texts(tasks_of(asked)))
    seed, start = job.base_seed(asked), START["instructions"]
    model, rng = small(tokenizer, _SHAPE, seed), stream(seed, "control", "start")
    words = vocabulary(asked.seed)

    def batch() -> list[tuple[str, str]]:
        return [("", _read(words, rng)) for _ in range(start.batch)]

    teach(model, tokenizer, batch, start, progress)
    saved(job.weights(asked, out), model, tokenizer)


def _texts(tasks: Sequence[Task]) -> list[str]:
    return [
        f"{prompt(task, instance, arm)} {instance.output}"
        for task in tasks
        for instance in task.instances
        for arm in ARMS
    ]


def _read(words: Sequence[str], rng: Random) -> str:
    """A task without its output; or some words, and the same again from one of them on."""
    if rng.random() < _TASKS:
        return unanswered(words, rng)
    chosen = rng.sample(list(words), rng.randint(4, 10))
    return " ".join([*chosen, *chosen[rng.randrange(len(chosen) - 1) :]])


_TASKS = 0.5


def run(asked: Asked, job: Job, out: Path, progress: Step) -> list[dict[str, float]]:
    """Tune one arm from a base; measured with full instructions on families it has not met."""
    model, tokenizer = loaded(job.weights(asked, out))
    tasks, folder = tasks_of(asked), job.folder(out)

    def measure(model: Any, step: int) -> None:
        rows, answers = _measured(asked, model, tokenizer, tasks)
        keep(folder, step, rows)
        keep_answers(folder, step, answers)

    return tuning.tuned(
        model,
        tokenizer,
        examples(tasks, job.arm, derive(asked.seed, "control", job.seed)),
        job.recipe(asked),
        seed=job.trainer_seed(asked),
        folder=folder,
        watch=Watch(measure, progress, asked.recipe.every),
    )


def tasks_of(asked: Asked) -> tuple[Task, ...]:
    """The families of a control."""
    if asked.own_data is None:
        return families(asked.seed, asked.items)
    return tuple(_limited(task, asked) for task in own_families(asked.own_data))


def _limited(task: Task, asked: Asked) -> Task:
    """Of a family that is measured, so many instances at most."""
    if task.split != TEST or len(task.instances) <= asked.items:
        return task
    rng = stream(asked.seed, "control", "instances", task.name)
    return replace(task, instances=tuple(rng.sample(task.instances, asked.items)))


def _measured(
    asked: Asked, model: Any, tokenizer: Any, tasks: Sequence[Task]
) -> tuple[list[Row], list[Answer]]:
    """Each instance of each family that no arm has met, and one answer a family to be read."""
    told = [(task, i) for task in tasks if task.split == TEST for i in task.instances]
    prompts = [prompt(task, instance) for task, instance in told]
    texts = written(model, tokenizer, prompts, longest=asked.recipe.longest, seed=0, sampled=False)
    rows: list[Row] = []
    answers: dict[str, Answer] = {}
    for (task, instance), asked_for, text in zip(told, prompts, texts, strict=True):
        marks = _marks(task, instance, text)
        item = f"{task.name}: {instance.input}"
        rows += [Row(item, task.name, metric, value) for metric, value in marks.items()]
        answers.setdefault(
            task.name, Answer(task.group, asked_for, instance.output, text, marks[SCORE])
        )
    return rows, list(answers.values())


def _marks(task: Task, instance: Instance, text: str) -> dict[str, float]:
    """The first line against the output: exactly where there is a space, else by Rouge-L."""
    said = next(iter(text.strip().splitlines()), "").strip()
    space = task.space_of(instance)
    if not space:
        return {SCORE: rouge_l(said, instance.output)}
    return {SCORE: float(said == instance.output), IN_SPACE: float(said in space)}


def rouge_l(said: str, wanted: str) -> float:
    """F of the longest common subsequence of words, as Lin (2004) has it, precision as recall."""
    one, other = said.casefold().split(), wanted.casefold().split()
    common = LCSseq.similarity(one, other)
    return 2 * common / (len(one) + len(other)) if common else 0.0
