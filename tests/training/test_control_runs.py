"""Real training of a tiny model: what is killed goes on, what diverges or finds no memory ends."""

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from worktrial import steps
from worktrial.report.control_page import publish_control
from worktrial.report.control_text import control_text
from worktrial.training import instructing, rewarding
from worktrial.training.asked import Asked, Recipe
from worktrial.training.base import Shape, saved, small
from worktrial.training.callbacks import newest_checkpoint
from worktrial.training.child import _carried_out
from worktrial.training.jobs import BASE, RUN, Ended, Job
from worktrial.training.measured import kept
from worktrial.training.run import Workshop, gather
from worktrial.training.shown import kept_answers
from worktrial.training.tongue import by_character, by_word

pytestmark = [
    pytest.mark.xdist_group("training"),
    # Of libraries below: torch's own deprecations, and files of transformers left to be collected.
    pytest.mark.filterwarnings("ignore"),
]
RECIPE = Recipe(steps=8, rate=1e-2, batch=4, generations=4, updates=2, longest=4, every=4, draws=1)
RANDOM = Job(RUN, 1, "random", 1)


def asked(**changes: object) -> Asked:
    """A control of a tiny base, eight steps long."""
    usual = {
        "control": "rewards", "seed": 3, "arms": ("correct", "random"), "seeds": 1,
        "bases": ("small-1",), "data": "sums", "items": 6, "recipe": RECIPE,
    }  # fmt: skip
    return Asked.model_validate(usual | changes)


def with_base(out: Path, given: Asked, shape: Shape | None = None) -> Path:
    """A folder whose base is there already: random weights."""
    given.keep(out)
    if given.control == "rewards":
        tokenizer = by_character()
    else:
        tokenizer = by_word(instructing._texts(instructing.tasks_of(given)))
    model = small(tokenizer, shape or Shape(layers=1, width=32, heads=2, context=128), seed=1)
    folder = Job(BASE, 1).folder(out)
    folder.mkdir(parents=True)
    saved(folder / "model", model, tokenizer)
    Ended("ended").keep(folder)
    return out


def until(last: int) -> Callable[[int, int], None]:
    """Progress that is interrupted once so many steps are done."""

    def progress(done: int, _: int) -> None:
        if done == last:
            raise KeyboardInterrupt

    return progress


def weights(folder: Path, step: int) -> dict[str, torch.Tensor]:
    return load_file(folder / f"checkpoint-{step}" / "model.safetensors")


@pytest.mark.slow
def test_interrupted_run_ends_at_the_numbers_of_one_that_was_not(tmp_path: Path) -> None:
    given = asked()
    whole, broken = (with_base(tmp_path / name, given) for name in ("whole", "broken"))
    logged = rewarding.run(given, RANDOM, whole, until(0))
    with pytest.raises(KeyboardInterrupt):
        rewarding.run(given, RANDOM, broken, until(7))
    assert str(newest_checkpoint(RANDOM.folder(broken))).endswith("checkpoint-4")
    assert rewarding.run(given, RANDOM, broken, until(0)) == logged

    one, other = (weights(RANDOM.folder(out), 8) for out in (whole, broken))
    assert all(torch.equal(one[name], other[name]) for name in one)
    before = load_file(Job(BASE, 1).folder(whole) / "model" / "model.safetensors")
    assert any(not torch.equal(before[name], one[name]) for name in before)
    assert list(kept(RANDOM.folder(whole))) == list(kept(RANDOM.folder(broken)))
    assert [step for step, _ in kept(RANDOM.folder(whole))] == [0, 4, 8]
    assert len(kept_answers(RANDOM.folder(whole))[8]) == 14
    assert any(entry["clip_ratio/region_mean"] > 0 for entry in logged)


def test_loss_that_is_no_number_has_a_word(tmp_path: Path) -> None:
    given = asked(recipe=RECIPE.model_copy(update={"rate": 1e30}))
    out = with_base(tmp_path, given)
    ended = _carried_out(given, RANDOM, out, until(0), lambda: 2)
    assert ended.outcome == "diverged"
    assert "step" in ended.why


@pytest.mark.slow
def test_processes_that_are_killed_or_find_no_memory_leave_the_others_alone(
    tmp_path: Path,
) -> None:
    given = asked(arms=("correct", "format"))
    out = with_base(tmp_path, given)
    told: dict[str, str] = {}
    workshop = Workshop(
        given, out, jobs=1, memory=None,
        told=lambda job, ended: told.update({job.arm: ended.outcome}),
    )  # fmt: skip

    def kill(done: int, never: int) -> None:
        if "correct" not in told and done:
            next(iter(workshop._running)).send_signal(signal.SIGKILL)

    steps.listeners.append(kill)
    try:
        assert workshop.left() == 16
        workshop.work()
    finally:
        steps.listeners.remove(kill)
    assert told == {"correct": "killed", "format": "ended"}
    gather(given, out)
    findings = publish_control(out)
    assert {(c.arm, c.outcome, c.count) for c in findings.outcomes} == {
        ("correct", "killed", 1),
        ("format", "ended", 1),
    }
    assert findings.claims[0].verdict == "cannot-tell"

    starved = Workshop(given, out, jobs=1, memory=2**23, told=workshop._told)
    starved.work()
    assert told == {"correct": "out_of_memory", "format": "ended"}

    workshop.work()
    assert told == {"correct": "ended", "format": "ended"}
    assert not workshop.left()
    gather(given, out)
    text = control_text(publish_control(out))
    assert "cannot tell" in text
    assert "1 ended" in text
    page = (out / "report.html").read_text()
    assert "Learning curves" in page
    assert "before training" in page


def test_instructions_are_tuned_and_reported(tmp_path: Path) -> None:
    recipe = Recipe(steps=2, rate=1e-3, batch=4, longest=2, every=2)
    given = asked(
        control="instructions", arms=("full", "output-space"), data="families", items=2,
        recipe=recipe,
    )  # fmt: skip
    out = with_base(tmp_path, given)
    for arm in given.arms:
        job = Job(RUN, 1, arm, 1)
        instructing.run(given, job, out, until(0))
        Ended("ended", step=2).keep(job.folder(out))
    gather(given, out)
    findings = publish_control(out)
    found = {e.id: e.value for e in findings.estimates}
    assert found["control/instructions/label/guess/score"] == 0.5
    assert found["control/instructions/pick/guess/score"] == 0.25
    assert found["control/instructions/label/untuned/score"] == 0
    assert {c.verdict for c in findings.claims} == {"cannot-tell"}
    assert json.loads((out / "findings.json").read_text())["run"]["course"]
    assert "label families" in (out / "report.html").read_text()
