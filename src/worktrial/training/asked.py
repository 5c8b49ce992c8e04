"""What a control was asked to do: all that its numbers follow from, kept in its folder."""

import hashlib
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from worktrial.errors import ConfigError, EvidenceError
from worktrial.evidence.folder import RunFolder, write_whole

Control = Literal["rewards", "instructions"]
SMALL = "small"
"""The base that is trained from scratch, one a seed."""


class Recipe(BaseModel):
    """How a run is trained.

    Attributes:
        steps: Updates of the weights.
        rate: The learning rate; it stays.
        batch: Of supervised tuning, examples an update; of GRPO, prompts a batch of rollouts.
        generations: Completions of a prompt, which are a group.
        updates: Of the weights for a batch of rollouts; at 1 nothing is ever clipped.
        epsilon: How far a token's probability ratio may move before it is clipped.
        longest: Tokens of a completion at most.
        every: Steps between checkpoints, at which all is measured; whole batches of rollouts.
        draws: Answers to each measured problem at temperature 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    steps: int
    rate: float
    batch: int = 64
    generations: int = 16
    updates: int = 4
    epsilon: float = 0.2
    longest: int = 6
    every: int = 20
    draws: int = 4


class Asked(BaseModel):
    """A control as it was asked for.

    Attributes:
        control: Which of the two.
        seed: From which everything random follows.
        arms: Of the control.
        seeds: Runs of each arm on each base.
        bases: `small-N`, or the path of a model.
        bases_sha256: Of the weights of models; none of small bases.
        data: `sums`, `calculation`, `families`, or the path of one's own file.
        data_sha256: Of that file.
        operations: Of a calculation in words.
        items: Measured clean problems at most, or instances of a family.
        gamma: Chance of the random reward.
        rates: Further learning rates, each tried with one seed and reported.
        threads: Of each run; sums of floats, and so all numbers, depend on it.
        recipe: How a run is trained.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    control: Control
    seed: int
    arms: tuple[str, ...]
    seeds: int
    bases: tuple[str, ...]
    bases_sha256: tuple[str, ...] = ()
    data: str
    data_sha256: str | None = None
    operations: int = 1
    items: int
    gamma: float = 0.5
    rates: tuple[float, ...] = ()
    threads: int = 1
    recipe: Recipe

    @property
    def sha256(self) -> str:
        """The protocol's hash: controls with the same one can be compared; paths do not count."""
        names = tuple(Path(base).name for base in self.bases)
        shared = self.model_copy(update={"bases": names, "data": Path(self.data).name})
        return hashlib.sha256(shared.model_dump_json().encode()).hexdigest()

    def is_small(self, base: int) -> bool:
        """Whether a base, counted from 1, is one that is trained from scratch."""
        return self.bases[base - 1].startswith(f"{SMALL}-")

    @property
    def own_data(self) -> Path | None:
        """One's own file, where there is one."""
        return Path(self.data) if self.data_sha256 else None

    def keep(self, folder: Path) -> None:
        """Write it into a folder, or see that it is the one that is there.

        Raises:
            ConfigError: If the folder is another control's or a run's, or cannot be written.
        """
        kept = folder / _NAME
        if RunFolder(folder).protocol.is_file():
            raise ConfigError(f"`--out` {folder} holds a run, which would be lost; name another")
        if kept.is_file() and (before := Asked.read(folder)) != self:
            differing = next(
                name
                for name in type(self).model_fields
                if getattr(before, name) != getattr(self, name)
            )
            raise ConfigError(
                f"`--out` {folder} holds a control with another `{differing}`; "
                "name another folder, or give the command as it was"
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(kept, self.model_dump_json(indent=1) + "\n")
        except OSError as error:
            raise ConfigError(f"`--out` {folder} cannot be written: {error.strerror}") from None

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what a folder's control was asked.

        Raises:
            EvidenceError: If it holds none.
        """
        try:
            return cls.model_validate_json((folder / _NAME).read_text(encoding="utf-8"))
        except (OSError, ValidationError, ValueError) as error:
            raise EvidenceError(f"{folder} holds no control ({type(error).__name__})") from None


def is_control(folder: Path) -> bool:
    """Whether a folder holds a control."""
    return (folder / _NAME).is_file()


_NAME = "control.json"


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes, or of the names and bytes of all files of a folder.

    Raises:
        ConfigError: If it cannot be read.
    """
    try:
        if path.is_file():
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        files = sorted(each for each in path.iterdir() if each.is_file())
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}; name another") from None
    named = "".join(f"{each.name} {sha256_of(each)}\n" for each in files)
    return hashlib.sha256(named.encode()).hexdigest()
