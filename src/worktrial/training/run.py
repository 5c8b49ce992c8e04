"""A control from end to end: every job in a process of its own, then one table of evidence."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Lock

from worktrial import steps
from worktrial.errors import ConfigError
from worktrial.evidence import Observation, RunFolder, write_evidence
from worktrial.training.asked import Asked
from worktrial.training.base import START
from worktrial.training.child import MEMORY
from worktrial.training.jobs import BASE, LABELS, RUN, Ended, Job, runs, stages, wants_memory
from worktrial.training.measured import Row, kept
from worktrial.training.rewards import LABELLED

TRIAL = "control"
Told = Callable[[Job, Ended], None]
_NEEDED = ("torch", "transformers", "trl", "accelerate", "datasets")
_FINAL = ("ended", "diverged")
"""The same command would end so again; what had no memory or was killed is tried again."""


def require_train() -> None:
    """Check that the extra `train` is installed, without loading it.

    Raises:
        ConfigError: If it is not.
    """
    for name in _NEEDED:
        if importlib.util.find_spec(name) is None:
            raise ConfigError(
                f"the training-signal control needs {name}, which is not installed; "
                "pip install 'worktrial[train]'"
            )


class Workshop:
    """Runs jobs side by side, each in a process of its own.

    Args:
        asked: What to do.
        out: Where.
        jobs: How many at the same time.
        memory: Bytes that each may take beyond its libraries, or `None`.
        told: Called with each job that has ended.
    """

    def __init__(
        self,
        asked: Asked,
        out: Path,
        *,
        jobs: int,
        memory: int | None,
        told: Told,
    ) -> None:
        self._asked, self._out, self._told = asked, out, told
        self._jobs, self._lock = jobs, Lock()
        self._running: set[subprocess.Popen[str]] = set()
        limit = {MEMORY: str(memory)} if memory else {}
        self._environment = os.environ | limit

    def work(self) -> None:
        """Do what is not yet done, stage after stage; interrupted, it takes its processes along."""
        for stage in stages(self._asked):
            with ThreadPoolExecutor(self._jobs) as pool:
                waiting = [pool.submit(self._done, job) for job in self._open(stage)]
                try:
                    for each in wait(waiting, return_when="FIRST_EXCEPTION").done:
                        each.result()
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    self._stop()
                    raise

    def left(self) -> int:
        """Steps at most until all is done."""
        open_jobs = [job for stage in stages(self._asked) for job in self._open(stage)]
        return sum(self._steps(job) for job in open_jobs)

    def _open(self, stage: list[Job]) -> list[Job]:
        ended = {job: Ended.read(job.folder(self._out)) for job in stage}
        return [job for job, how in ended.items() if how is None or how.outcome not in _FINAL]

    def _steps(self, job: Job) -> int:
        if job.kind == RUN:
            return self._asked.recipe.steps
        return START[self._asked.control].steps if job.kind == BASE else 0

    def _done(self, job: Job) -> None:
        folder = job.folder(self._out)
        folder.mkdir(parents=True, exist_ok=True)
        Ended.forget(folder)
        ended = self._hindered(job) or self._carried_out(job, folder)
        ended.keep(folder)
        if ended.outcome in _FINAL:
            for checkpoint in folder.glob("checkpoint-*"):
                shutil.rmtree(checkpoint)
        with self._lock:
            self._told(job, ended)

    def _hindered(self, job: Job) -> Ended | None:
        """How a job ends that rests on one which did not end well."""
        for kind in _needed_by(job):
            before = Ended.read(Job(kind, job.base).folder(self._out))
            if before is not None and before.outcome != "ended":
                return Ended("failed", f"its {kind} {before.outcome}: {before.why}")
        return None

    def _carried_out(self, job: Job, folder: Path) -> Ended:
        command = [sys.executable, "-m", "worktrial.training.child", str(self._out), job.name]
        errors = folder / "stderr.txt"
        with errors.open("w", encoding="utf-8") as stderr:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=self._environment
            )
            self._running.add(process)
            self._listen(process, job)
            code = process.wait()
            self._running.discard(process)
        return Ended.read(folder) or _broken_off(code, errors)

    def _listen(self, process: "subprocess.Popen[str]", job: Job) -> None:
        """Count its steps; those of before a kill were counted off when it goes on."""
        counted, last = 0, self._steps(job)
        for line in process.stdout or ():
            # A base's votes are no steps of training.
            if not last or not (told := _progress(line)):
                continue
            with self._lock:
                steps.count(1, never=max(0, told[0] - counted - 1))
            counted = told[0]
        with self._lock:
            steps.count(0, never=max(0, last - counted))

    def _stop(self) -> None:
        for process in list(self._running):
            process.terminate()


def _needed_by(job: Job) -> tuple[str, ...]:
    if job.kind == BASE:
        return ()
    return (BASE, LABELS) if job.arm in LABELLED else (BASE,)


def _progress(line: str) -> tuple[int, int] | None:
    try:
        done, last = json.loads(line)
        return int(done), int(last)
    except (ValueError, TypeError):
        return None


def _broken_off(code: int, errors: Path) -> Ended:
    """What became of a process that said nothing."""
    told = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    if memory := next((line for line in told if wants_memory(line)), None):
        return Ended("out_of_memory", memory[:300])
    if code < 0:
        return Ended("killed", f"by signal {-code}; a system out of memory kills by 9")
    return Ended("failed", told[-1][:300] if told else f"exit code {code}")


# The evidence.


def gather(asked: Asked, out: Path) -> int:
    """Write one table of all that was measured; returns its rows."""
    return write_evidence(RunFolder(out).evidence, _observations(asked, out))


def _observations(asked: Asked, out: Path) -> Iterator[Observation]:
    for job in runs(asked):
        folder = job.folder(out)
        ended = Ended.read(folder) or Ended("killed")
        for step, rows in kept(folder):
            for row in rows:
                yield _observation(asked, job, ended, step, row)


def _observation(asked: Asked, job: Job, ended: Ended, step: int, row: Row) -> Observation:
    return Observation(
        trial=TRIAL,
        worker=base_name(asked, job.base),
        item=row.item,
        cluster=row.item if asked.control == "rewards" else row.stratum,
        stratum=row.stratum,
        arm=job.arm,
        replicate=job.seed,
        step=step,
        operation=f"{job.recipe(asked).rate:g}",
        kind=asked.control,
        outcome=ended.outcome,
        metric=row.metric,
        value=row.value,
        log=str(job.folder(out=Path()).as_posix()),
        sample=row.item,
    )


def base_name(asked: Asked, base: int) -> str:
    """What a base is called, counted from 1."""
    return Path(asked.bases[base - 1]).name


def ended_runs(asked: Asked, out: Path) -> Iterator[tuple[Job, Ended]]:
    """Every run and how it ended; one without a word was interrupted."""
    for job in runs(asked):
        yield job, Ended.read(job.folder(out)) or Ended("killed", "interrupted")
