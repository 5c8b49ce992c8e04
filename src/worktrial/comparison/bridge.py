"""Workers measured under different protocols, compared over one that was measured under both."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from worktrial.comparison.pairs import IN_WORDS, LEVEL, MORE, Comparison
from worktrial.comparison.panel import FloatArray, Panel
from worktrial.estimate import Interval, Verdict, bridged_difference
from worktrial.evidence.findings import Claim, Estimate, from_interval

_OVERTURNED = f"{MORE}; a protocol that changes the bridging worker otherwise than the others"


def bridge_pairs(
    panels: tuple[Panel, Panel],
    crossing: tuple[Panel, Panel],
    *,
    margin: float,
    mapping: str,
    swapped: bool = False,
) -> Comparison:
    """Compare every worker of one protocol with every worker of another.

    Args:
        panels: Those to compare, under the one protocol and under the other.
        crossing: The bridging workers under the one and under the other; several are averaged.
        margin: The smallest difference that would matter.
        mapping: How evidence became scores, for the claims.
        swapped: Whether differences are to be read as the second's minus the first's.
    """
    estimates: list[Estimate] = []
    claims: list[Claim] = []
    for one, other in product(panels[0].workers, panels[1].workers):
        names = (other, one) if swapped else (one, other)
        for column, arm in ((0, panels[0].proxy), (-1, panels[0].work)):
            sides = [
                _side(panel, bridge, worker, column)
                for panel, bridge, worker in zip(panels, crossing, (one, other), strict=True)
            ]
            sides = sides[::-1] if swapped else sides
            wide, narrow = (
                bridged_difference(sides[0], sides[1], level=level)
                for level in (LEVEL, 2 * LEVEL - 1)
            )
            estimates.append(_estimate(panels[0], names, arm, wide))
            if column:
                claims += _claims(panels[0], names, estimates[-1], wide, narrow, margin, mapping)
    return Comparison(tuple(estimates), tuple(claims))


def _side(panel: Panel, bridge: Panel, worker: str, column: int) -> tuple[FloatArray, FloatArray]:
    """A worker and the mean of the bridging ones, on the items that both were given."""
    shared = [item for item in panel.items if item in bridge.items]
    rows = [[each.items.index(item) for item in shared] for each in (panel, bridge)]
    crossing = np.mean(bridge.scores[:, rows[1], column], axis=0)
    return panel.of(worker)[rows[0], column], crossing


def _estimate(panel: Panel, names: tuple[str, str], arm: str, found: Interval) -> Estimate:
    one, other = names
    return from_interval(
        found,
        id=f"{panel.trial}/{panel.metric}/{one}-minus-{other}/{arm}",
        trial=panel.trial,
        metric=panel.metric,
        worker=one,
        minus_worker=other,
        arm=arm,
        endpoint="exploratory",
    )


def _claims(
    panel: Panel,
    names: tuple[str, str],
    estimate: Estimate,
    wide: Interval,
    narrow: Interval,
    margin: float,
    mapping: str,
) -> Iterator[Claim]:
    verdict: Verdict = "cannot-tell"
    if -margin < narrow.low and narrow.high < margin:
        verdict = "level"
    elif wide.low > 0 or wide.high < 0:
        verdict = "apart"
    yield Claim(
        id=f"{panel.trial}/at-work-{names[0]}-{names[1]}",
        text=f"{names[0]} and {names[1]} are {IN_WORDS[verdict]} {panel.in_words[1]}, "
        "over a bridge",
        estimates=(estimate.id,),
        threshold=margin,
        verdict="cannot-tell" if verdict == "cannot-tell" else "met",
        mapping=mapping,
        overturned_by=_OVERTURNED,
    )
