"""Jobs: what is trained, each in a folder and a process of its own.

A process of its own, because a run may take all memory or end in the middle of anything, and the
others must not notice.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from worktrial.evidence.folder import write_whole
from worktrial.randomness import derive
from worktrial.training.asked import Asked, Recipe
from worktrial.training.rewards import LABELLED

Outcome = Literal["ended", "diverged", "out_of_memory", "killed", "failed"]
BASE, LABELS, RUN = "base", "labels", "run"


@dataclass(frozen=True)
class Job:
    """One process's work.

    Attributes:
        kind: A base's supervised start, its majority labels, or a run of an arm.
        base: Of which base.
        arm: Of a run.
        seed: Of a run, from 1.
        rate: Of a run, the learning rate where it is not the recipe's.
    """

    kind: str
    base: int
    arm: str = ""
    seed: int = 0
    rate: float | None = None

    @property
    def name(self) -> str:
        """What its folder is called."""
        if self.kind != RUN:
            return f"{self.kind}-{self.base}"
        rate = "" if self.rate is None else f"-{self.rate:g}"
        return f"{self.kind}-{self.base}-{self.arm}-{self.seed}{rate}"

    def folder(self, out: Path) -> Path:
        """Where it keeps what it has."""
        return out / "runs" / self.name

    def recipe(self, asked: Asked) -> Recipe:
        """How a run is trained."""
        if self.rate is None:
            return asked.recipe
        return asked.recipe.model_copy(update={"rate": self.rate})

    def trainer_seed(self, asked: Asked) -> int:
        """Of a run's trainer, alike for all arms: they differ in their signal and nothing else."""
        return derive(asked.seed, "control", "run", self.base, self.seed) % 2**32

    def base_seed(self, asked: Asked) -> int:
        """From which a small base's weights and texts follow."""
        return derive(asked.seed, "control", "base", self.base)

    def weights(self, asked: Asked, out: Path) -> Path:
        """Where the weights of its base are: the user's own, or where a small one is kept."""
        if not asked.is_small(self.base):
            return Path(asked.bases[self.base - 1])
        return Job(BASE, self.base).folder(out) / "model"


def stages(asked: Asked) -> Iterator[list[Job]]:
    """Jobs in stages: those of a stage need nothing of each other, and all before them."""
    bases = range(1, len(asked.bases) + 1)
    yield [Job(BASE, n) for n in bases if asked.is_small(n)]
    yield [Job(LABELS, n) for n in bases] if set(asked.arms) & set(LABELLED) else []
    yield list(runs(asked))


def runs(asked: Asked) -> Iterator[Job]:
    """All runs, seed by seed, so that what was interrupted has something of every arm."""
    for seed in range(1, asked.seeds + 1):
        for base in range(1, len(asked.bases) + 1):
            yield from (Job(RUN, base, arm, seed) for arm in asked.arms)
    for rate in asked.rates:
        yield from (Job(RUN, 1, arm, 1, rate) for arm in asked.arms)


@dataclass(frozen=True)
class Ended:
    """How a job ended.

    Attributes:
        outcome: The word for it.
        why: In words, where it did not end well.
        step: The last step that was done.
    """

    outcome: Outcome
    why: str = ""
    step: int = 0

    @staticmethod
    def forget(folder: Path) -> None:
        """The job of a folder is to be done again."""
        (folder / _NAME).unlink(missing_ok=True)

    def keep(self, folder: Path) -> None:
        """Write it into the job's folder."""
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / _NAME, json.dumps(self.__dict__) + "\n")

    @classmethod
    def read(cls, folder: Path) -> "Ended | None":
        """How the job of a folder ended, or `None` where it has not."""
        try:
            return cls(**json.loads((folder / _NAME).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None


_NAME = "ended.json"


def wants_memory(told: str) -> bool:
    """Whether an error tells of memory; each library below has its own words for it."""
    return any(words in told.lower() for words in _NO_MEMORY)


_NO_MEMORY = (
    "out of memory",
    "not enough memory",
    "cannot allocate",
    "can't allocate",
    "bad_alloc",
    "memory allocation of",
    "can't start new thread",
)
