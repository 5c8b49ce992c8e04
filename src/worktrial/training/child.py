"""The process of one job: `python -m worktrial.training.child FOLDER JOB`.

It tells its progress as lines of JSON on stdout. Whoever listens may be killed; then the pipe is
broken, and so the next line ends this process too.
"""

import json
import logging
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from worktrial.evidence.folder import write_whole
from worktrial.training.asked import Asked, Control
from worktrial.training.callbacks import DivergedError
from worktrial.training.jobs import BASE, LABELS, Ended, Job, stages, wants_memory

Step = Callable[[int, int], None]
MEMORY = "WORKTRIAL_CONTROL_MEMORY"
_QUIET = ("TRANSFORMERS_VERBOSITY", "error"), ("HF_HUB_OFFLINE", "1"), ("WANDB_DISABLED", "true")


def main(out: Path, name: str) -> int:
    """Carry out a job; how it ended is written into its folder."""
    asked = Asked.read(out)
    job = next(job for stage in stages(asked) for job in stage if job.name == name)
    _prepared(asked.threads)
    step = 0

    def progress(done: int, last: int) -> None:
        nonlocal step
        step = done
        print(json.dumps([done, last]), flush=True)

    _carried_out(asked, job, out, progress, lambda: step).keep(job.folder(out))
    return 0


def _prepared(threads: int) -> None:
    import torch
    import trl.trainer.grpo_trainer
    import trl.trainer.sft_trainer  # noqa: F401 - loaded before memory is limited

    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(threads)
    if more := os.environ.get(MEMORY):
        _limit(int(more))


def _limit(more: int) -> None:
    """Let this process take so many bytes more than its libraries already have."""
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _carried_out(asked: Asked, job: Job, out: Path, progress: Step, at: Callable[[], int]) -> Ended:
    """Do the work, and give what may befall it a word."""
    from worktrial.errors import WorktrialError

    try:
        _work(asked, job, out, progress)
    except DivergedError as error:
        return Ended("diverged", str(error), at())
    except Exception as error:
        if _out_of_memory(error):
            return Ended("out_of_memory", _first_line(error), at())
        if isinstance(error, WorktrialError):
            return Ended("failed", str(error), at())
        raise
    return Ended("ended", step=at())


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200] or "no more memory"


def _out_of_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or wants_memory(str(error))


_WORK: Mapping[Control, str] = {
    "rewards": "worktrial.training.rewarding",
    "instructions": "worktrial.training.instructing",
}


def _work(asked: Asked, job: Job, out: Path, progress: Step) -> None:
    control = import_module(_WORK[asked.control])
    if job.kind == BASE:
        control.base(asked, job, out, progress)
    elif job.kind == LABELS:
        control.labels(asked, job, out, progress)
    else:
        logged = control.run(asked, job, out, progress)
        write_whole(job.folder(out) / "logged.json", json.dumps(logged) + "\n")


if __name__ == "__main__":
    for name, value in _QUIET:
        os.environ.setdefault(name, value)
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
