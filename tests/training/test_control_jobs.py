"""Jobs of a control: their names and stages, how they ended, and what they leave in a folder."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest
from control_planted import asked_rewards
from hypothesis import given
from hypothesis import strategies as st

from worktrial.errors import ConfigError, EvidenceError
from worktrial.evidence import Evidence, RunFolder
from worktrial.training import child
from worktrial.training.asked import Asked, Recipe
from worktrial.training.callbacks import DivergedError, Watch, newest_checkpoint, told
from worktrial.training.jobs import BASE, LABELS, RUN, Ended, Job, runs, stages
from worktrial.training.measured import Row, keep, kept
from worktrial.training.rewards import ARMS
from worktrial.training.run import (
    Workshop,
    _broken_off,
    _progress,
    base_name,
    ended_runs,
    gather,
)


def asked(**fields: Any) -> Asked:
    usual = {
        "control": "rewards",
        "seed": 7,
        "arms": ("correct", "random"),
        "seeds": 2,
        "bases": ("small-1", "small-2"),
        "data": "sums",
        "items": 20,
        "recipe": Recipe(steps=8, rate=2e-5),
    }
    return Asked.model_validate(usual | fields)


def names(jobs: list[Job]) -> list[str]:
    return [job.name for job in jobs]


# Which jobs there are.


def test_stages_by_hand() -> None:
    bases, labels, trained = stages(asked(rates=(1e-4,)))
    assert (names(bases), labels) == (["base-1", "base-2"], [])
    assert names(trained) == [
        "run-1-correct-1",
        "run-1-random-1",
        "run-2-correct-1",
        "run-2-random-1",
        "run-1-correct-2",
        "run-1-random-2",
        "run-2-correct-2",
        "run-2-random-2",
        "run-1-correct-1-0.0001",
        "run-1-random-1-0.0001",
    ]


@pytest.mark.parametrize("arm", ["majority-offline", "majority-incorrect"])
def test_labels_are_made_where_an_arm_needs_them(arm: str) -> None:
    _, labels, _ = stages(asked(arms=("correct", arm)))
    assert names(labels) == ["labels-1", "labels-2"]


def test_a_model_of_ones_own_is_not_taught() -> None:
    mixed = asked(bases=("/models/one", "small-2"))
    bases, _, _ = stages(mixed)
    assert names(bases) == ["base-2"]
    assert (mixed.is_small(1), mixed.is_small(2)) == (False, True)
    assert Job(RUN, 1, "correct", 1).weights(mixed, Path("out")) == Path("/models/one")
    assert Job(RUN, 2, "correct", 1).weights(mixed, Path("out")) == Path("out/runs/base-2/model")
    assert (base_name(mixed, 1), base_name(mixed, 2)) == ("one", "small-2")


@given(
    arms=st.lists(st.sampled_from(list(ARMS)), min_size=1, unique=True),
    seeds=st.integers(1, 12),
    bases=st.integers(1, 12),
    rates=st.lists(st.sampled_from([1e-6, 2e-5, 1e-4, 3e-4, 0.1, 1.0]), unique=True),
)
def test_every_job_has_a_name_of_its_own(
    arms: list[str], seeds: int, bases: int, rates: list[float]
) -> None:
    small = tuple(f"small-{n}" for n in range(1, bases + 1))
    what = asked(arms=tuple(arms), seeds=seeds, bases=small, rates=tuple(rates))
    jobs = [job for stage in stages(what) for job in stage]
    assert len(set(names(jobs))) == len(jobs)
    assert len(list(runs(what))) == len(arms) * (seeds * bases + len(rates))
    assert len({job.folder(Path("out")) for job in jobs}) == len(jobs)


# How they ended.


@given(
    ended=st.builds(
        Ended,
        st.sampled_from(["ended", "diverged", "out_of_memory", "killed", "failed"]),
        st.text(st.characters(exclude_categories=["Cs"])),
        st.integers(0, 10**6),
    )
)
def test_how_a_job_ended_is_read_as_it_was_kept(
    ended: Ended, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("job") / "new"
    assert Ended.read(folder) is None
    ended.keep(folder)
    assert Ended.read(folder) == ended


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", "null", '"ended"', '{"how": "ended"}', '{"outcome": "ended"', "\xff"],
)
def test_a_damaged_word_of_it_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "ended.json").write_text(text, encoding="latin-1")
    assert Ended.read(tmp_path) is None


@pytest.mark.parametrize(
    ("code", "errors", "ended"),
    [
        (-9, "", Ended("killed", "by signal 9; a system out of memory kills by 9")),
        (-15, "ValueError: no", Ended("killed", "by signal 15; a system out of memory kills by 9")),
        (1, "Traceback\n  at\nValueError: no\n\n", Ended("failed", "ValueError: no")),
        (1, "x" * 1000, Ended("failed", "x" * 300)),
        (1, " \n", Ended("failed", "exit code 1")),
        (0, "", Ended("failed", "exit code 0")),
    ],
)
def test_a_process_that_said_nothing_was_killed_or_failed(
    tmp_path: Path, code: int, errors: str, ended: Ended
) -> None:
    path = tmp_path / "stderr.txt"
    path.write_text(errors, encoding="utf-8")
    assert _broken_off(code, path) == ended


def test_errors_that_are_no_text_are_read(tmp_path: Path) -> None:
    (tmp_path / "stderr.txt").write_bytes(b"\xff\xfe\nbad \xff")
    assert _broken_off(1, tmp_path / "stderr.txt") == Ended("failed", "bad \ufffd")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("[3, 8]\n", (3, 8)),
        ("", None),
        ("[3]", None),
        ("[3, 8, 9]", None),
        ("7", None),
        ("null", None),
        ('["a", "b"]', None),
        ("[null, 8]", None),
        ("Loading weights", None),
    ],
)
def test_progress_is_a_line_of_two_numbers(line: str, found: tuple[int, int] | None) -> None:
    assert _progress(line) == found


def raising(error: BaseException | None) -> Callable[..., None]:
    def work(*_: Any) -> None:
        if error is not None:
            raise error

    return work


@pytest.mark.parametrize(
    ("error", "ended"),
    [
        (None, Ended("ended", step=5)),
        (DivergedError("loss is nan"), Ended("diverged", "loss is nan", 5)),
        (MemoryError("cannot allocate\nmore"), Ended("out_of_memory", "cannot allocate", 5)),
        (RuntimeError("CUDA out of memory."), Ended("out_of_memory", "CUDA out of memory.", 5)),
        (
            RuntimeError("CPU: can't allocate memory"),
            Ended("out_of_memory", "CPU: can't allocate memory", 5),
        ),
        (ConfigError("bad data"), Ended("failed", "bad data", 5)),
    ],
)
def test_what_befalls_a_job_has_a_word(
    monkeypatch: pytest.MonkeyPatch, error: BaseException | None, ended: Ended
) -> None:
    monkeypatch.setattr(child, "_work", raising(error))
    job = Job(RUN, 1, "correct", 1)
    assert child._carried_out(asked(), job, Path("out"), lambda *_: None, lambda: 5) == ended


def test_a_bug_is_no_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_work", raising(RuntimeError("shapes differ")))
    with pytest.raises(RuntimeError, match="shapes differ"):
        child._carried_out(asked(), Job(BASE, 1), Path("out"), lambda *_: None, lambda: 5)


# What they leave.


def checkpoint(folder: Path, name: str, state: str | None = "{}") -> Path:
    place = folder / name
    place.mkdir()
    if state is not None:
        (place / "trainer_state.json").write_text(state, encoding="utf-8")
    return place


def test_the_newest_whole_checkpoint_is_gone_on_from(tmp_path: Path) -> None:
    assert newest_checkpoint(tmp_path) is None
    assert newest_checkpoint(tmp_path / "none") is None
    checkpoint(tmp_path, "checkpoint-8")
    whole = checkpoint(tmp_path, "checkpoint-20")
    checkpoint(tmp_path, "checkpoint-100", None)
    checkpoint(tmp_path, "checkpoint-104", '{"epoch": 1')
    checkpoint(tmp_path, "checkpoint-best")
    (tmp_path / "checkpoint-108").write_text("{}", encoding="utf-8")
    assert newest_checkpoint(tmp_path) == str(whole)


def test_of_what_was_logged_the_steps_with_a_loss_are_kept() -> None:
    history = [
        {"step": 4, "loss": 1, "reward": 0.5, "clip_ratio/region_mean": 0.1, "epoch": 2.0},
        {"step": 8, "train_runtime": 3.0},
        {"step": 12, "loss": 0.5},
    ]
    assert told(history) == [
        {"step": 4, "loss": 1.0, "reward": 0.5, "clip_ratio/region_mean": 0.1},
        {"step": 12, "loss": 0.5},
    ]


class Weights:
    """A model of one tensor."""

    def __init__(self, *values: float) -> None:
        import torch

        self._values = torch.tensor(values)

    def parameters(self) -> list[Any]:
        return [self._values]


def test_a_watch_measures_before_at_checkpoints_and_at_the_end() -> None:
    measured: list[int] = []
    done: list[tuple[int, int]] = []
    watch = Watch(lambda _, step: measured.append(step), lambda *at: done.append(at), every=4)
    callback, model = watch.callback(None), Weights(1.0, 2.0)
    state = SimpleNamespace(global_step=0, max_steps=10)
    callback.on_train_begin(None, state, None, model=model)
    for step in range(1, 11):
        state.global_step = step
        callback.on_step_end(None, state, None, model=model)
    assert measured == [0, 4, 8, 10]
    assert done == [(step, 10) for step in range(1, 11)]
    # Gone on with from a checkpoint, what is before is measured already.
    callback.on_train_begin(None, SimpleNamespace(global_step=8), None, model=model)
    assert measured == [0, 4, 8, 10]


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_no_number_ends_a_run(bad: float) -> None:
    measured: list[int] = []
    watch = Watch(lambda _, step: measured.append(step), lambda *_: None, every=4)
    callback, state = watch.callback(None), SimpleNamespace(global_step=4, max_steps=8)
    for name in ("loss", "grad_norm"):
        callback.on_log(None, state, None, logs={name: 1.0})
        with pytest.raises(DivergedError, match=f"{name} is {bad} at step 4"):
            callback.on_log(None, state, None, logs={name: bad})
    callback.on_log(None, state, None, logs=None)
    with pytest.raises(DivergedError, match="weights are no numbers at step 4"):
        callback.on_step_end(None, state, None, model=Weights(1.0, bad))
    assert measured == []


ROWS = [Row("1+1=", "clean", "strict_greedy", 0.25), Row("é\n", "memorised", "x", 1.0)]


def test_what_was_measured_is_read_in_the_order_of_steps(tmp_path: Path) -> None:
    assert list(kept(tmp_path)) == []
    for step in (100, 20, 0):
        keep(tmp_path, step, [*ROWS, Row("step", "clean", "x", step / 100)])
    (tmp_path / "measured" / "000040.partial").write_bytes(b"half")
    found = dict(kept(tmp_path))
    assert list(found) == [0, 20, 100]
    assert found[20] == [*ROWS, Row("step", "clean", "x", 0.2)]
    keep(tmp_path, 20, ROWS)
    assert dict(kept(tmp_path))[20] == ROWS


def test_a_damaged_table_is_said_to_be_one(tmp_path: Path) -> None:
    keep(tmp_path, 0, ROWS)
    (tmp_path / "measured" / "000020.parquet").write_bytes(b"half a table")
    with pytest.raises(EvidenceError, match=r"000020\.parquet is no table of a checkpoint"):
        list(kept(tmp_path))


# Gathered.


def test_evidence_is_gathered_by_run_step_and_item(tmp_path: Path) -> None:
    what = asked(seeds=1, bases=("/models/one",), rates=(1e-3,))
    for job in runs(what):
        keep(job.folder(tmp_path), 0, ROWS)
        keep(job.folder(tmp_path), 8, ROWS)
    done, swept = Job(RUN, 1, "correct", 1), Job(RUN, 1, "random", 1, 1e-3)
    Ended("ended", step=8).keep(done.folder(tmp_path))
    Ended("diverged", "loss is nan", 7).keep(swept.folder(tmp_path))
    assert gather(what, tmp_path) == 4 * 2 * 2
    query = Evidence(RunFolder(tmp_path).evidence).query
    assert query("select distinct trial, worker, kind, replicate from evidence") == [
        ("control", "one", "rewards", 1)
    ]
    assert query(
        "select arm, operation, outcome, count(*) from evidence group by all order by 1, 2"
    ) == [
        ("correct", "0.001", "killed", 4),
        ("correct", "2e-05", "ended", 4),
        ("random", "0.001", "diverged", 4),
        ("random", "2e-05", "killed", 4),
    ]
    assert query(
        "select item, cluster, stratum, step, metric, value, log, sample from evidence "
        "where arm = 'random' and operation = '0.001' and step = 8 order by 1"
    ) == [
        ("1+1=", "1+1=", "clean", 8, "strict_greedy", 0.25, "runs/run-1-random-1-0.001", "1+1="),
        ("é\n", "é\n", "memorised", 8, "x", 1.0, "runs/run-1-random-1-0.001", "é\n"),
    ]
    assert dict(ended_runs(what, tmp_path)) == {
        done: Ended("ended", step=8),
        swept: Ended("diverged", "loss is nan", 7),
        Job(RUN, 1, "random", 1): Ended("killed", "interrupted"),
        Job(RUN, 1, "correct", 1, 1e-3): Ended("killed", "interrupted"),
    }


def test_of_instructions_families_are_what_is_independent(tmp_path: Path) -> None:
    what = asked(control="instructions", arms=("full",), seeds=1, bases=("small-1",))
    (job,) = runs(what)
    keep(job.folder(tmp_path), 8, [Row("fruit: apple", "fruit", "score", 1.0)])
    gather(what, tmp_path)
    found = Evidence(RunFolder(tmp_path).evidence).query(
        "select item, cluster, stratum, kind from evidence"
    )
    assert found == [("fruit: apple", "fruit", "fruit", "instructions")]


def test_a_table_is_small_and_named_by_its_step(tmp_path: Path) -> None:
    keep(tmp_path, 60, ROWS)
    (path,) = (tmp_path / "measured").iterdir()
    assert path.name == "000060.parquet"
    assert pq.read_table(path).column_names == ["item", "stratum", "metric", "value"]


def test_a_job_is_kept_as_plain_json(tmp_path: Path) -> None:
    Ended("killed", "by signal 9").keep(tmp_path)
    found = json.loads((tmp_path / "ended.json").read_text(encoding="utf-8"))
    assert found == {"outcome": "killed", "why": "by signal 9", "step": 0}
    assert Job(LABELS, 2).folder(Path("out")) == Path("out/runs/labels-2")


def test_only_what_rests_on_it_is_held_up_by_a_job_that_failed(tmp_path: Path) -> None:
    asked = asked_rewards(arms=("correct", "majority", "majority-offline"))
    Ended("ended").keep(Job(BASE, 1).folder(tmp_path))
    Ended("out_of_memory", "no more").keep(Job(LABELS, 1).folder(tmp_path))
    workshop = Workshop(asked, tmp_path, jobs=1, memory=None, told=lambda job, ended: None)
    held = {arm: workshop._hindered(Job(RUN, 1, arm, 1)) for arm in asked.arms}
    assert held["correct"] is held["majority"] is None
    assert held["majority-offline"] == Ended("failed", "its labels out_of_memory: no more")
    assert workshop._hindered(Job(LABELS, 1)) is None
    assert workshop._hindered(Job(BASE, 1)) is None
    Ended("diverged", "loss is nan").keep(Job(BASE, 1).folder(tmp_path))
    assert workshop._hindered(Job(RUN, 1, "correct", 1)) is not None
