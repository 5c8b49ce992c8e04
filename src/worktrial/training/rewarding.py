"""The three kinds of job of `worktrial control rewards`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from worktrial.errors import WorkerError
from worktrial.evidence.folder import write_whole
from worktrial.randomness import derive, stream
from worktrial.training import grpo
from worktrial.training.asked import Asked
from worktrial.training.base import START, loaded, saved, taught
from worktrial.training.callbacks import Watch
from worktrial.training.jobs import LABELS, Job
from worktrial.training.marking import BOXED, HASH, Form, normal
from worktrial.training.measure import GREEDY, SAMPLED, marked, written
from worktrial.training.measured import Row, keep
from worktrial.training.problems import Problem, Problems, Size, drawn, own, sampled, worded
from worktrial.training.rewards import most, reward_of
from worktrial.training.shown import Answer, keep_answers

Step = Callable[[int, int], None]
WRONG = "majority-incorrect"
_VOTES = 64
"""Completions of the base a problem, as Shao et al. have it."""


def base(asked: Asked, job: Job, out: Path, progress: Step) -> None:
    """Teach a small base and keep it."""
    problems = problems_of(asked, job.base)
    start = replace(START["rewards"], enough=_ENOUGH[asked.data])
    model, tokenizer = taught(problems, job.base_seed(asked), start, progress)
    saved(job.weights(asked, out), model, tokenizer)


_ENOUGH = {"sums": 0.08, "calculation": 0.35}
"""Results of calculations are often small: a base that knows little is right on a sixth of them."""


def labels(asked: Asked, job: Job, out: Path, progress: Step) -> None:
    """Let a base answer every prompt many times, and keep what it answers most."""
    model, tokenizer = loaded(job.weights(asked, out))
    problems = problems_of(asked, job.base)
    prompts = [p.prompt for p in trained_on(problems)]
    form, found = form_of(asked, job.base), {}
    for done, prompt in enumerate(prompts, start=1):
        texts = written(
            model,
            tokenizer,
            [prompt] * _VOTES,
            longest=asked.recipe.longest,
            seed=derive(asked.seed, "control", "votes", prompt),
            sampled=True,
        )
        found[prompt] = most(form, texts) or ""
        progress(done, len(prompts))
    write_whole(job.folder(out) / _LABELS, json.dumps(found, ensure_ascii=False) + "\n")


_LABELS = "labels.json"


def run(asked: Asked, job: Job, out: Path, progress: Step) -> list[dict[str, float]]:
    """Train one arm from a base, measuring at every checkpoint."""
    model, tokenizer = loaded(job.weights(asked, out))
    problems = problems_of(asked, job.base)
    known = _labels(asked, job, out)
    form, folder = form_of(asked, job.base), job.folder(out)

    def measure(model: Any, step: int) -> None:
        keep(folder, step, _rows(asked, job, model, tokenizer, problems, form))
        keep_answers(folder, step, _answers(asked, model, tokenizer, problems, form))

    return grpo.trained(
        model,
        tokenizer,
        _prompts(job.arm, trained_on(problems), known),
        known,
        reward_of(job.arm, asked.gamma),
        form,
        job.recipe(asked),
        seed=job.trainer_seed(asked),
        folder=folder,
        watch=Watch(measure, progress, asked.recipe.every),
    )


def _rows(
    asked: Asked, job: Job, model: Any, tokenizer: Any, problems: Problems, form: Form
) -> list[Row]:
    """Sampled by seeds of the run's own, alike for its arms and checkpoints."""
    rows = []
    for name, measured in problems.measured.items():
        for decoding, draws in ((SAMPLED, asked.recipe.draws), (GREEDY, 0)):
            marks = marked(
                model, tokenizer, measured, form,
                longest=asked.recipe.longest,
                seed=derive(asked.seed, "control", "measure", job.base, job.seed, name),
                draws=draws,
            )  # fmt: skip
            for problem, mark in zip(measured, marks, strict=True):
                for metric, value in mark._asdict().items():
                    rows.append(Row(problem.prompt, name, f"{metric}_{decoding}", value))
    return rows


def _answers(
    asked: Asked, model: Any, tokenizer: Any, problems: Problems, form: Form
) -> list[Answer]:
    """The most probable answers to the first few problems of each set."""
    few = [(name, p) for name, of in problems.measured.items() for p in of[:_SHOWN]]
    prompts = [problem.prompt for _, problem in few]
    texts = written(model, tokenizer, prompts, longest=asked.recipe.longest, seed=0, sampled=False)
    return [
        Answer(name, problem.prompt, problem.answer, text, form.lenient(text, problem.answer))
        for (name, problem), text in zip(few, texts, strict=True)
    ]


_SHOWN = 8


def trained_on(problems: Problems) -> tuple[Problem, ...]:
    """What the arms are trained on: the memorised are prompts too."""
    return (*problems.train, *problems.memorised)


def _prompts(
    arm: str, problems: tuple[Problem, ...], known: Mapping[str, str]
) -> tuple[Problem, ...]:
    """All, but where a wrong majority is paid for, those on which it is wrong."""
    if arm != WRONG:
        return problems
    wrong = tuple(
        p for p in problems if known[p.prompt] and normal(known[p.prompt]) != normal(p.answer)
    )
    if not wrong:
        raise WorkerError("the base's majority is wrong on no problem; leave out this arm")
    return wrong


def problems_of(asked: Asked, base: int) -> Problems:
    """What a base is trained and measured on; small bases share what they are measured on."""
    if asked.own_data is not None:
        found = own(asked.own_data)
        chosen = stream(asked.seed, "control", "clean")
        return replace(found, clean=sampled(found.clean, asked.items, chosen))
    size = Size(clean=asked.items)
    if asked.is_small(base):
        return drawn(asked.data, asked.seed, size)
    return worded(asked.data, asked.seed, size, operations=asked.operations)


def form_of(asked: Asked, base: int) -> Form:
    """The form in which a base is to answer."""
    return HASH if asked.is_small(base) else BOXED


def _labels(asked: Asked, job: Job, out: Path) -> dict[str, str]:
    path = Job(LABELS, job.base).folder(out) / _LABELS
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}
