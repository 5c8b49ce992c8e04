"""One case: one claim of one estimator under one known truth, simulated many times."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy import stats

from worktrial.estimate import Interval
from worktrial.randomness import derive

Claim = Literal["coverage", "type-one", "power"]
ALARM = 1e-4
"""A rate misses its nominal level if chance would give one as bad less often than this."""


class Replicate(NamedTuple):
    """One simulated data set.

    Attributes:
        hit: Covered the truth, or rejected the hypothesis.
        width: Of the interval, NaN where there is none.
        reference: Width of a method that everyone knows, on the same data.
    """

    hit: bool
    width: float = np.nan
    reference: float = np.nan


def covered(found: Interval, truth: float, reference: float = np.nan) -> Replicate:
    """Whether an interval holds the truth; NaN is open: no comparison with it is true."""
    missed = found.low > truth + DUST or found.high < truth - DUST
    return Replicate(not missed, found.high - found.low, reference)


DUST = 1e-6
"""What rounding may make of a truth."""


@dataclass(frozen=True)
class Case:
    """A claim to be held against simulated truth.

    Attributes:
        estimator: The public name of the function that makes the claim.
        truth: What the data are, in words.
        clusters: How many independent units each data set has.
        claim: `coverage` and `power` must not be below `nominal`, `type-one` not above it.
        nominal: The level claimed, a fraction.
        draw: Simulates one data set and says what became of it; a module-level function or a
            `functools.partial` of one, so that processes can share the work.
        replicates: How many, in the full calibration.
        fewest: How many at least, in a quick one.
        control: A known-bad method that the check must reject.
        limit: Where a method is known and stated to miss; reported, and no alarm.
    """

    estimator: str
    truth: str
    clusters: int
    claim: Claim
    nominal: float
    draw: Callable[[np.random.Generator], Replicate]
    replicates: int = 2000
    fewest: int = 20
    control: bool = False
    limit: bool = False

    @property
    def name(self) -> str:
        """What the case is called."""
        return f"{self.estimator}, {self.claim}: {self.truth}, {self.clusters} clusters"

    def simulate(self, seed: int, replicates: range) -> list[Replicate]:
        """Run some replicates; each has its own stream, so they can be split anyhow."""
        return [
            self.draw(np.random.default_rng(derive(seed, "calibrate", self.name, i)))
            for i in replicates
        ]

    def judge(self, found: list[Replicate]) -> "Result":
        """Hold the rate against the nominal level by an exact, one-sided binomial test."""
        hits = sum(replicate.hit for replicate in found)
        side: Literal["greater", "less"] = "greater" if self.claim == "type-one" else "less"
        test = stats.binomtest(hits, len(found), self.nominal, alternative=side)
        missed = bool(test.pvalue <= ALARM)
        return Result(
            case=self,
            hits=hits,
            replicates=len(found),
            p_value=float(test.pvalue),
            missed=missed,
            width=_mean([r.width for r in found]),
            reference=_mean([r.reference for r in found]),
        )


@dataclass(frozen=True)
class Result:
    """What became of a case.

    Attributes:
        case: The claim.
        hits: Replicates that covered, or rejected.
        replicates: All of them.
        p_value: The chance of a rate as bad, were the claim true.
        missed: Whether the claim is refuted.
        width: Mean width of the intervals; NaN where there are none.
        reference: Mean width of the reference method's.
    """

    case: Case
    hits: int
    replicates: int
    p_value: float
    missed: bool
    width: float
    reference: float

    @property
    def rate(self) -> float:
        """The share of hits."""
        return self.hits / self.replicates

    @property
    def sound(self) -> bool:
        """Whether it is as it must be: a claim held, a control refuted, a limit stated."""
        return self.case.limit or self.missed == self.case.control


def _mean(widths: list[float]) -> float:
    known = [width for width in widths if not np.isnan(width)]
    return float(np.mean(known)) if known else np.nan
