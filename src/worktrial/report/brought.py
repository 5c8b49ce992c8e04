"""What a user brings to a report: a public leaderboard, weights, prices, labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel, model_validator

from worktrial.acceptance import Label, read_labels
from worktrial.decision import Price, read_prices
from worktrial.errors import ConfigError
from worktrial.evidence import RunFolder
from worktrial.protocol import Manifest
from worktrial.protocol.declared import read_declared
from worktrial.readiness.arms import AXES, Axis
from worktrial.report.leaderboard import Leaderboard, read_leaderboard
from worktrial.report.public import MEASURES

_OFFICE = "office"
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
        accepted: Which jobs were accepted by those who asked for them.
    """

    leaderboard: Leaderboard | None = None
    weights: Mapping[Axis, float] = field(default_factory=dict)
    prices: Mapping[str, Price] = field(default_factory=dict)
    accepted: Sequence[Label] = ()


def bring(
    folder: RunFolder,
    *,
    leaderboard: Path | None = None,
    weights: Path | None = None,
    prices: Path | None = None,
    accepted: Path | None = None,
) -> Brought:
    """Read what a user brings to a run's report.

    Args:
        folder: The run's folder.
        leaderboard: A file of public scores.
        weights: A file of weights.
        prices: A file of what tokens cost, by worker.
        accepted: A file of labels: which jobs were accepted.

    Raises:
        ConfigError: If a file is not as it must be, the run has nothing to hold it against, or no
            worker of it has a price.
        EvidenceError: If the protocol cannot be read.
    """
    manifest = Manifest.read(folder.protocol)
    trials = manifest.measurement
    if weights is not None and _OFFICE not in trials:
        raise ConfigError(
            f"`--weights` is about the axes of an office; this run has {', '.join(trials)}; leave "
            "it out"
        )
    if leaderboard is not None and not any(measure.trial in trials for measure in MEASURES):
        raise ConfigError(
            f"`--leaderboard` is held against ranks at work; this run has {', '.join(trials)}, "
            "which has none; leave it out"
        )
    return Brought(
        leaderboard=read_leaderboard(leaderboard) if leaderboard else None,
        weights=read_weights(weights) if weights else {},
        prices=_priced(prices, list(manifest.worker)) if prices else {},
        accepted=read_labels(accepted) if accepted else (),
    )


def read_weights(path: Path) -> Mapping[Axis, float]:
    """Read weights of axes, JSON or YAML.

    Raises:
        ConfigError: If it cannot be read or holds no weights, naming the place.
    """
    return read_declared(path, _Weights, name="--weights").root


def _priced(path: Path, workers: Sequence[str]) -> Mapping[str, Price]:
    """Prices, of which one is of a worker of the run: else a name is written otherwise."""
    found = read_prices(path)
    if not set(found) & set(workers):
        raise ConfigError(
            f"`--prices` must name a worker of this run, {', '.join(workers)}; got "
            f"{', '.join(found) or 'none'}; write the names alike"
        )
    return found
