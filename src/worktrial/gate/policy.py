"""The policy: what must hold, in plain YAML, with a name for each gate."""

from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from worktrial.protocol.declared import read_declared

Name = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
End = Literal["low", "high", "value"]
Step = Annotated[int, Field(ge=0)] | Literal["last"]


def _one_of(*names: str) -> dict[str, Any]:
    """What JSON Schema says where exactly one of some fields must be there."""
    return {"oneOf": [{"required": [name]} for name in names]}


def _at_most_one_of(*names: str) -> dict[str, Any]:
    """What JSON Schema says where no two of some fields may be there."""
    return {"not": {"anyOf": [{"required": list(pair)} for pair in combinations(names, 2)]}}


class _Gate(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    optional: bool = Field(False, description="A gate that selects nothing is no mistake.")


class EstimateGate(_Gate):
    """Estimates of findings.json, and what they must keep to."""

    model_config = ConfigDict(json_schema_extra=_one_of("at_least", "at_most", "within"))
    metric: Name
    trial: Name | None = None
    worker: Name | None = Field(
        None, description="A name or pattern (`*`, `?`); by default everyone on trial, and "
        "reference workers only where nobody else is.",
    )  # fmt: skip
    minus_worker: Name | None = Field(
        None, description="For a difference between workers: the other one, or a pattern."
    )
    gap: Name | None = Field(None, description="For a gap; without it, plain scores alone.")
    axis: Name | None = None
    arm: Name | None = Field(None, description="A name or pattern.")
    step: Step | None = Field(
        None, description="A leg or turn, or `last`; by default every one, judged by the band "
        "that holds at all of them at once.",
    )  # fmt: skip
    at_least: Number | None = None
    at_most: Number | None = None
    within: tuple[Number, Number] | None = None
    bound: End | None = Field(
        None, description="The end of the interval that must hold: by default `low` for "
        "at_least, `high` for at_most, both for within. `value` disregards the interval.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _whole(self) -> "EstimateGate":
        given = [n for n in ("at_least", "at_most", "within") if getattr(self, n) is not None]
        if len(given) != 1:
            said = ", ".join(given) or "none of them"
            raise ValueError(f"needs one of at_least, at_most, within; got {said}")
        if self.within and self.within[0] > self.within[1]:
            raise ValueError(f"`within` must be [low, high]; got {list(self.within)}")
        if self.within and self.bound in ("low", "high"):
            raise ValueError("`within` holds both ends; leave `bound` out or write `value`")
        return self


class ClaimGate(_Gate):
    """Claims of findings.json, and the verdict that they must have."""

    claim: Name = Field(description="The claim's id, or a pattern.")
    verdict: Literal["met", "missed"] = "met"


class Faults(BaseModel):
    """The share of outcomes that are none of the worker's doing."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    at_most: Share
    worker: Name | None = Field(
        None, description="A name or pattern; by default everyone on trial."
    )
    trial: Name | None = None


class FaultsGate(_Gate):
    """How much may be missing for reasons outside the workers."""

    faults: Faults


class Drift(BaseModel):
    """A change against an earlier run, item by item.

    Without a limit of its own it asks for no drift: no change beyond the margin, either way.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra=_at_most_one_of("margin", "at_most_loss", "at_most_rise"),
    )
    metric: Name
    trial: Name = "relay"
    worker: Name | None = Field(None, description="A name or pattern; by default as elsewhere.")
    baseline_worker: Name | None = Field(None, description="By default the same name.")
    arm: Name | None = Field(None, description="By default all arms of an item averaged.")
    step: Step = "last"
    margin: Annotated[float, Field(gt=0, lt=1)] | None = Field(
        None, description="A change that does not matter, up or down; by default the trial's own, "
        "which is of its primary metric.",
    )  # fmt: skip
    at_most_loss: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        None, description="Instead: baseline minus now, for what should be high."
    )
    at_most_rise: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        None, description="Instead: now minus baseline, for what should be low."
    )

    @model_validator(mode="after")
    def _whole(self) -> "Drift":
        names = ("margin", "at_most_loss", "at_most_rise")
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"needs at most one of {', '.join(names)}; got {', '.join(given)}")
        return self

    @property
    def at_most(self) -> float | None:
        """What may be lost, or risen by; `None` where any drift beyond the margin is meant."""
        return self.at_most_rise if self.at_most_loss is None else self.at_most_loss


class DriftGate(_Gate):
    """What may be lost against `--baseline`."""

    drift: Drift


def _kind(gate: Any) -> str:
    """Which kind of gate this is: the one word that only that kind has."""
    for word in ("claim", "faults", "drift"):
        if (isinstance(gate, dict) and word in gate) or hasattr(gate, word):
            return word
    return "metric"


Gate = Annotated[
    Annotated[EstimateGate, Tag("metric")]
    | Annotated[ClaimGate, Tag("claim")]
    | Annotated[FaultsGate, Tag("faults")]
    | Annotated[DriftGate, Tag("drift")],
    Discriminator(_kind),
]


class Policy(BaseModel):
    """What a run must keep to.

    Attributes:
        gates: By name, in the order in which they are reported.
        cannot_tell: Whether what the data cannot tell passes or fails; by default neither, and
            the command leaves with an exit code of its own, 3.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    gates: Annotated[dict[Name, Gate], Field(min_length=1, max_length=1000)]
    cannot_tell: Literal["pass", "fail"] | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Policy":
        if INSTRUMENT in self.gates:
            raise ValueError(f"the gate `{INSTRUMENT}` is always there; name yours otherwise")
        return self


INSTRUMENT = "instrument"
"""The gate that no policy can leave out: a broken instrument shows nothing."""


def read_policy(path: Path) -> Policy:
    """Read a policy.

    Raises:
        ConfigError: If it cannot be read or is none, naming the place.
    """
    return read_declared(path, Policy, name="--policy")
