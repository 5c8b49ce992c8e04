"""What a calibration found of these estimators: a summary that travels with the package.

It lies here and not beside what makes it, so that a report can say what its numbers were held
against without importing the simulations.
"""

from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FILE = "calibrated.json"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rate(_Record):
    """What one case came to.

    Attributes:
        truth: What was simulated, in words.
        clusters: How many independent units each data set had.
        nominal: The level claimed, a fraction.
        rate: The share of replicates that covered, or rejected.
        low: Lower exact 95 % bound of the rate.
        high: Upper exact 95 % bound of the rate.
        replicates: How many there were.
    """

    truth: str
    clusters: int
    nominal: float
    rate: float
    low: float
    high: float
    replicates: int


class Calibrated(_Record):
    """One claim of one estimator over all truths that it was held against.

    Attributes:
        estimator: The public name of the function, or of a known-bad method.
        claim: What was claimed.
        control: Whether it is a known-bad method, which must be refuted.
        cases: How many truths and sizes.
        refuted: In how many of them, limits aside, chance does not explain the rate.
        worst: The case farthest on the bad side of its level; `None` where all are limits.
        limits: Cases whose miss is known and stated.
    """

    estimator: str
    claim: Literal["coverage", "type-one", "power"]
    control: bool
    cases: int
    refuted: int
    worst: Rate | None
    limits: tuple[Rate, ...]


class CalibrationSummary(_Record):
    """What is left of a calibration's table.

    Attributes:
        version: Of worktrial, which ran it.
        seed: Of the simulations.
        quick: Whether it was the short one.
        sound: Whether every claim held and every control was refuted.
        claims: One an estimator and claim.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    schema_: Literal["worktrial/calibration-summary@1"] = Field(
        default="worktrial/calibration-summary@1", alias="schema"
    )
    version: str
    seed: int
    quick: bool
    sound: bool
    claims: tuple[Calibrated, ...]

    def text(self) -> str:
        """The file as it is written."""
        return self.model_dump_json(by_alias=True, indent=1) + "\n"


@cache
def calibrated() -> CalibrationSummary:
    """The summary that this version ships."""
    return CalibrationSummary.model_validate_json((files(__package__) / FILE).read_bytes())
