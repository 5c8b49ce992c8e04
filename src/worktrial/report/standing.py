"""What a user brings to a report: a public leaderboard, and weights of the axes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel, model_validator

from worktrial.decision import Price
from worktrial.protocol.declared import read_declared
from worktrial.readiness.arms import AXES, Axis
from worktrial.report.leaderboard import Leaderboard

Weight = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]


class _Weights(RootModel[dict[Axis, Weight]]):
    """A weight for each axis that counts."""

    @model_validator(mode="after")
    def _some(self) -> "_Weights":
        if not any(self.root.values()):
            raise ValueError(f"one weight must be more than 0; axes are {', '.join(AXES)}")
        return self


@dataclass(frozen=True)
class Brought:
    """What a user brought: nothing by default.

    Attributes:
        leaderboard: Public scores.
        weights: What each axis counts.
        prices: What tokens cost, by worker.
    """

    leaderboard: Leaderboard | None = None
    weights: Mapping[Axis, float] = field(default_factory=dict)
    prices: Mapping[str, Price] = field(default_factory=dict)


def read_weights(path: Path) -> Mapping[Axis, float]:
    """Read weights of axes, JSON or YAML.

    Raises:
        ConfigError: If it cannot be read or holds no weights, naming the place.
    """
    return read_declared(path, _Weights, name="--weights").root
