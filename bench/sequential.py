"""Items that looking early takes, over those of a fixed design of the same level and power.

Relays are simulated whose true difference is known: two workers that both drop half of a document
now and then, one of which wears it out faster (`worktrial.calibration.looks.worn`). The fixed
design is what `plan_clusters` plans to show the planned effect with the power; at the true
difference that was planned for it is judged once, by `equivalence`. The sequential one looks
`LOOKS` times and has a few more items at most: by so many more its boundaries need, in the normal
law, for the power that the fixed design has. It ends where `conclude` ends it, for any reason.

`items_ratio` is the mean number of items at the end over the number of the fixed design, `low` and
`high` its 95% Monte-Carlo interval. Where there is no difference, a run ends early when it has
become futile or both are level. Nothing in here takes wall time: the figures are the same on every
machine.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy import optimize, special

from worktrial.calibration.looks import MARGIN, worn
from worktrial.estimate.paired import equivalence
from worktrial.estimate.planning import Target, plan_clusters
from worktrial.estimate.sequential import Looks, conclude, crossing
from worktrial.randomness import derive

SEED, RUNS, PILOT = 7, 1000, 2000
EFFECT, POWER, LEVEL, LOOKS = 0.06, 0.9, 0.95, 6
TIMES = {0.0: None, 0.5: None, 1.0: 0.85, 2.0: 0.6}
"""True differences in planned effects, and the most of the fixed design's items that looks may
take: a run with nothing to find may need them all."""


class Ended(NamedTuple):
    """What one simulated run came to."""

    items: int
    apart: bool
    apart_at_fixed_size: bool


def measure(runs: int = RUNS) -> Iterator[dict[str, object]]:
    """A row a true difference."""
    fixed = _fixed()
    looks = Looks.planned(math.ceil(fixed * _inflation()), looks=LOOKS, margin=MARGIN, level=LEVEL)
    for times, bar in TIMES.items():
        ended = [_run(times * EFFECT, fixed, looks, run) for run in range(runs)]
        items, apart, at_fixed = np.asarray(ended, dtype=float).T
        mean, error = items.mean() / fixed, items.std(ddof=1) / fixed / math.sqrt(runs)
        yield {
            "name": "sequential",
            "true_difference_in_planned_effects": times,
            "runs": runs,
            "fixed_items": fixed,
            "most_items": looks.items[-1],
            "items_ratio": round(mean, 3),
            "low": round(mean - 1.96 * error, 3),
            "high": round(mean + 1.96 * error, 3),
            "items_ratio_bar": bar,
            "apart": round(apart.mean(), 3),
            "apart_at_fixed_size": round(at_fixed.mean(), 3),
        }


def _fixed() -> int:
    """Items that show the planned effect with the power, judged once."""
    pilot = worn(EFFECT).relays(PILOT, np.random.default_rng(derive(SEED, "bench", "pilot")))
    target = Target("apart", EFFECT, margin=MARGIN, power=POWER, level=LEVEL)
    return plan_clusters(pilot, sd=float(pilot.std()), target=target).clusters


def _inflation() -> float:
    """How many times the items of one look several looks need, in the normal law."""
    # Boundaries depend on shares of the items alone, so any number of items that divides does.
    plan = Looks.planned(1000 * LOOKS, looks=LOOKS, margin=MARGIN, level=LEVEL)
    shares = [(k + 1) / LOOKS for k in range(LOOKS)]
    bounds = [bound.apart_z for bound in plan.bounds]

    def short(drift: float) -> float:
        return POWER - sum(crossing(bounds, shares, sides=2, drift=drift))

    once = special.ndtri((1 + LEVEL) / 2) + special.ndtri(POWER)
    return float((optimize.brentq(short, once, 2 * once) / once) ** 2)


def _run(difference: float, fixed: int, looks: Looks, run: int) -> Ended:
    """One run both ways, on the same relays."""
    rng = np.random.default_rng(derive(SEED, "bench", difference, run))
    differences = worn(difference).relays(max(fixed, looks.items[-1]), rng)
    once = equivalence(differences[:fixed], np.zeros(fixed), margin=MARGIN, level=LEVEL)
    found = conclude(differences, looks)
    return Ended(found.results[-1].items, found.verdict == "apart", once.verdict == "apart")
