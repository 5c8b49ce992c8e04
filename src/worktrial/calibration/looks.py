"""Looking early, held against simulated relays: errors, power, items and coverage."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from worktrial.calibration.case import Case, Claim, Replicate
from worktrial.estimate import paired_difference
from worktrial.estimate.sequential import Decision, Looks, conclude

FloatArray = NDArray[np.float64]
Draw = Callable[[np.random.Generator], Replicate]

ITEMS = 96
LEGS = 20
UNITS = (10, 60)
MARGIN = 0.03
PLAN = Looks.planned(ITEMS, margin=MARGIN)
FEW = Looks.planned(ITEMS // 2, margin=MARGIN)
REPLICATES = 4000


class Worker(NamedTuple):
    """What a reference worker leaves of a document on average, and how.

    Attributes:
        kept: The share of units left at the end by what it loses one at a time: `lossy`, and
            `fragile` alike, since which units are fragile falls independently.
        halves: The chance that a leg loses half of what is there: `catastrophic`.
    """

    kept: float
    halves: float = 0.0

    @property
    def fidelity(self) -> float:
        """Expected at the end of the relay, as `relay.truth.expected_fidelity` has it."""
        return self.kept * (1 - self.halves / 2) ** LEGS

    def relays(self, units: NDArray[np.int_], rng: np.random.Generator) -> FloatArray:
        """Final fidelities, one a document: what `relay.damage` does, counted."""
        left, strikes = units, rng.binomial(LEGS, self.halves, units.size)
        for strike in range(strikes.max()):
            # Half of an odd number is rounded either way, as in `lose_half`.
            half = left - (left + rng.integers(0, 2, units.size)) // 2
            left = np.where(strikes > strike, half, left)
        return np.asarray(rng.binomial(left, self.kept) / units)


class Pair(NamedTuple):
    """Two workers on the same documents."""

    one: Worker
    other: Worker

    @property
    def difference(self) -> float:
        """The true mean difference."""
        return self.one.fidelity - self.other.fidelity

    def relays(self, items: int, rng: np.random.Generator) -> FloatArray:
        """Paired differences in final fidelity, one a document."""
        units = rng.integers(*UNITS, items, endpoint=True)
        return self.one.relays(units, rng) - self.other.relays(units, rng)


def worn(difference: float) -> Pair:
    """Both now and then drop half of a document, and one wears it out faster."""
    halves, kept = 0.0027, 0.8
    return Pair(
        Worker(kept, halves), Worker(kept - difference / Worker(1, halves).fidelity, halves)
    )


DENSE = Pair(Worker(0.8), Worker(0.8))
SEVERE = Pair(Worker(1, 0.006), Worker(1, 0.006))
UNLIKE = Pair(Worker(Worker(1, 0.012).fidelity), Worker(1, 0.012))
HIDDEN = Pair(Worker(Worker(1, 0.003).fidelity), Worker(1, 0.003))
CLOSE = Pair(Worker(0.95), Worker(0.95 - MARGIN))
RARE = Pair(Worker(1), Worker(1, 2 - 2 * (1 - MARGIN) ** (1 / LEGS)))

POWER_AT_FIXED_SIZE = {0.057: 0.896, 0.09: 0.998, 0.12: 1.0}
"""Of one test at 96 documents, from 20,000 replicates of the same relays."""


# --- what becomes of one data set --------------------------------------------------------------


def rejects(rng: np.random.Generator, *, pair: Pair, plan: Looks, verdict: str) -> Replicate:
    """Whether a verdict is given; `width` is the items it took, `reference` the fixed size."""
    found = conclude(pair.relays(plan.items[-1], rng), plan)
    return Replicate(found.verdict == verdict, *_items(found))


def covers(rng: np.random.Generator, *, pair: Pair, plan: Looks) -> Replicate:
    """Whether the interval of the decision covers, whatever ended the run."""
    found = conclude(pair.relays(plan.items[-1], rng), plan)
    low, high = found.estimate.low, found.estimate.high
    covered = not (pair.difference < low - 1e-12 or pair.difference > high + 1e-12)
    return Replicate(covered, *_items(found))


def peeks(rng: np.random.Generator, *, pair: Pair, plan: Looks) -> Replicate:
    """Whether a plain 95% interval excludes 0 at any look: what must not be done."""
    differences = pair.relays(plan.items[-1], rng)
    for items in plan.items:
        if excludes_zero(differences[:items]):
            return Replicate(True, items, plan.items[-1])
    return Replicate(False, plan.items[-1], plan.items[-1])


def excludes_zero(differences: FloatArray) -> bool:
    """The one test at a fixed size."""
    found = paired_difference(differences, np.zeros(differences.size))
    return found.low > 0 or found.high < 0


def _items(found: Decision) -> tuple[float, float]:
    return found.results[-1].items, found.plan.items[-1]


# --- the cases ---------------------------------------------------------------------------------


def _case(truth: str, claim: Claim, nominal: float, draw: Draw, plan: Looks) -> Case:
    return Case("decide", truth, plan.items[-1], claim, nominal, draw, REPLICATES)


def _errors() -> Iterator[Case]:
    nulls = {
        "no difference, dense": DENSE,
        "no difference, dense and now and then half lost": worn(0),
        "no difference, sparse and severe": SEVERE,
        "no difference, one dense, the other sparse and severe": UNLIKE,
    }
    for truth, pair in nulls.items():
        for plan in (PLAN, FEW):
            draw = partial(rejects, pair=pair, plan=plan, verdict="apart")
            yield _case(truth, "type-one", 1 - plan.level, draw, plan)
    for truth, pair in {"dense": CLOSE, "sparse and severe": RARE}.items():
        draw = partial(rejects, pair=pair, plan=PLAN, verdict="level")
        yield _case(f"apart by the margin, {truth}", "type-one", 1 - PLAN.level, draw, PLAN)


def _powers() -> Iterator[Case]:
    for difference, fixed in POWER_AT_FIXED_SIZE.items():
        draw = partial(rejects, pair=worn(difference), plan=PLAN, verdict="apart")
        yield _case(f"apart by {difference}", "power", fixed - 0.02, draw, PLAN)


def _coverages() -> Iterator[Case]:
    pairs = {"dense": DENSE, "sparse and severe": SEVERE, "unlike": UNLIKE}
    pairs |= {f"apart by {d}": worn(d) for d in POWER_AT_FIXED_SIZE}
    for truth, pair in pairs.items():
        yield _case(truth, "coverage", PLAN.level, partial(covers, pair=pair, plan=PLAN), PLAN)


def _controls() -> Iterator[Case]:
    peeking = partial(peeks, pair=DENSE, plan=PLAN)
    case = _case("no difference, dense", "type-one", 0.05, peeking, PLAN)
    yield replace(case, estimator="naive peeking", control=True)
    # The known limit: until the first disaster is seen, nothing in the data tells of it.
    hidden = partial(rejects, pair=HIDDEN, plan=PLAN, verdict="apart")
    case = _case("no difference, half lost by one in seventeen", "type-one", 0.05, hidden, PLAN)
    yield replace(case, estimator="decide before a disaster", control=True)


CASES: list[Case] = [*_errors(), *_powers(), *_coverages(), *_controls()]
"""In all of them `width` is the mean number of items and `reference` the fixed number."""
