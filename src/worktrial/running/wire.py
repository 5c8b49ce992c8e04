"""What a coordinator and its shards say to each other: lines of JSON, of one version alone."""

import json
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

import worktrial
from worktrial.errors import ConfigError
from worktrial.evidence.logs import Block
from worktrial.trial import Request

MOST_CHARACTERS = 1 << 24
"""Of one message: thousands of items by name, and no end of memory."""
Count = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(min_length=1, max_length=4096)]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    version: str = worktrial.__version__

    def text(self) -> str:
        """The message on one line."""
        return self.model_dump_json() + "\n"


class Share(BaseModel):
    """What a shard may use of what all shards have together.

    Attributes:
        connections: To each provider at the same time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    connections: int = Field(ge=1)


class Shard(_Message):
    """Some items of one trial under one arm for one worker: what one process runs at a time.

    Attributes:
        number: Which of the run's shards.
        request: What was asked for, its paths absolute.
        trial: Whose items.
        arm: Under which condition.
        worker: Who, as an Inspect model string.
        items: The ids of the samples.
        block: Which share of all samples that is.
        share: Of what all shards have together.
        logs: The folder for this attempt's log.
        generations: The folder of finished generations, which all attempts share.
    """

    kind: Literal["shard"] = "shard"
    number: Count
    request: Request
    trial: Name
    arm: Name
    worker: Name
    items: tuple[Name, ...] = Field(min_length=1)
    block: Block
    share: Share
    logs: Path
    generations: Path

    @model_validator(mode="after")
    def _lies_in_its_run(self) -> Self:
        for path in (self.logs, self.generations):
            within = path.is_absolute() and path.is_relative_to(self.request.out)
            if not within or ".." in path.parts:
                raise ValueError(f"{path} must lie in the run's folder {self.request.out}")
        if not 0 <= self.block.number < self.block.blocks:
            raise ValueError(f"block {self.block.number} of {self.block.blocks} is none")
        return self


class Counted(_Message):
    """Steps of a shard since it last said so: done, and never to be run."""

    kind: Literal["counted"] = "counted"
    done: Count
    never: Count


class Report(_Message):
    """How a shard ended.

    Attributes:
        number: Which shard.
        log: The name of its log in its folder; `None` where it did not finish.
        error: Why not, in one line.
        done: Steps of all of it.
        never: Steps that were spared.
    """

    kind: Literal["report"] = "report"
    number: Count
    log: Name | None = None
    error: str | None = None
    done: Count = 0
    never: Count = 0

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if (self.log is None) == (self.error is None):
            raise ValueError("a report has a log or an error")
        if self.log is not None and (PurePath(self.log).name != self.log or "\\" in self.log):
            raise ValueError(f"{self.log!r} must be the name of a file")
        return self


def read_shard(text: str) -> Shard:
    """A shard off the wire.

    Raises:
        ConfigError: If it is none, or of another version of worktrial.
    """
    return _validated(Shard, _parsed(text))


def read_answer(text: str) -> Counted | Report:
    """What a shard says.

    Raises:
        ConfigError: If it is none of its messages, or of another version of worktrial.
    """
    said = _parsed(text)
    if said.get("kind") == "counted":
        return _validated(Counted, said)
    return _validated(Report, said)


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > MOST_CHARACTERS:
        raise ConfigError(f"a message must have at most {MOST_CHARACTERS:,} characters")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"a message must be one line of JSON; {type(error).__name__}") from None
    if not isinstance(said, dict):
        raise ConfigError(f"a message must be a JSON object; got {type(said).__name__}")
    version = said.get("version")
    if version != worktrial.__version__:
        raise ConfigError(
            f"a message must be of worktrial {worktrial.__version__}, got {str(version)[:40]!r}; "
            "install one version everywhere"
        )
    return said


M = TypeVar("M", bound=_Message)


def _validated(kind: type[M], said: dict[str, Any]) -> M:
    try:
        return kind.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part)[:40] for part in first["loc"]) or "it"
        what = f"a {kind.__name__.lower()} cannot be read: {where}"
        raise ConfigError(f"{what}: {first['msg']}") from None
