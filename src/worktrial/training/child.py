"""The process of one job: `python -m worktrial.training.child FOLDER JOB`.

It tells its progress as lines of JSON on stdout. Whoever listens may be killed; then the pipe is
broken, and so the next line ends this process too.
"""

import json
import logging
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from worktrial.evidence.folder import write_whole
from worktrial.training.asked import Asked
from worktrial.training.callbacks import DivergedError
from worktrial.training.jobs import BASE, LABELS, Ended, Job, stages

Step = Callable[[int, int], None]
THREADS = "WORKTRIAL_CONTROL_THREADS"
MEMORY = "WORKTRIAL_CONTROL_MEMORY"
_TRACKED = ("TRANSFORMERS_VERBOSITY", "error"), ("HF_HUB_OFFLINE", "1"), ("WANDB_DISABLED", "true")


def main(out: Path, name: str) -> int:
    """Carry out a job; how it ended is written into its folder."""
    asked = Asked.read(out)
    job = next(job for stage in stages(asked) for job in stage if job.name == name)
    _prepared()
    step = 0

    def progress(done: int, last: int) -> None:
        nonlocal step
        step = done
        print(json.dumps([done, last]), flush=True)

    _carried_out(asked, job, out, progress, lambda: step).keep(job.folder(out))
    return 0


def _prepared() -> None:
    import torch

    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(int(os.environ.get(THREADS, "1")))
    if limit := os.environ.get(MEMORY):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(limit), int(limit)))


def _carried_out(asked: Asked, job: Job, out: Path, progress: Step, at: Callable[[], int]) -> Ended:
    """Do the work, and give what may befall it a word."""
    from worktrial.errors import WorktrialError

    try:
        _work(asked, job, out, progress)
    except DivergedError as error:
        return Ended("diverged", str(error), at())
    except (MemoryError, RuntimeError) as error:
        if not _out_of_memory(error):
            raise
        return Ended("out_of_memory", str(error).splitlines()[0][:200], at())
    except WorktrialError as error:
        return Ended("failed", str(error), at())
    return Ended("ended", step=at())


def _out_of_memory(error: Exception) -> bool:
    words = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in words or "alloc" in words


def _work(asked: Asked, job: Job, out: Path, progress: Step) -> None:
    if asked.control == "rewards":
        from worktrial.training import rewarding as control
    else:
        from worktrial.training import instructing as control  # type: ignore[no-redef]
    if job.kind == BASE:
        control.base(asked, job, out, progress)
    elif job.kind == LABELS:
        control.labels(asked, job, out, progress)
    else:
        logged = control.run(asked, job, out, progress)
        write_whole(job.folder(out) / "logged.json", json.dumps(logged) + "\n")


if __name__ == "__main__":
    for name, value in _TRACKED:
        os.environ.setdefault(name, value)
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
