"""The instrument's own check: an oracle must score full marks, and a null worker nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from worktrial.relay import simulate
from worktrial.relay.arms import REWRITE, Arm
from worktrial.relay.damage import behaviour
from worktrial.relay.items import RelayItem
from worktrial.relay.scoring import measures


@dataclass(frozen=True, slots=True)
class InstrumentCheck:
    """What the reference workers scored on a run's own items.

    Attributes:
        oracle: The oracle's lowest fidelity or forward score; must be 1.
        null: The highest of the null worker, which says nothing; must be 0.
        refusing: The highest of the worker that declines; must be 0.
        relays: How many relays each of them ran.
    """

    oracle: float
    null: float
    refusing: float
    relays: int

    @property
    def sound(self) -> bool:
        """Whether the instrument works on these items."""
        return (self.oracle, self.null, self.refusing) == (1.0, 0.0, 0.0)


def check(items: Sequence[RelayItem], *, arm: Arm = REWRITE, most: int = 12) -> InstrumentCheck:
    """Run the reference workers over the first round trips of some items of every domain.

    Args:
        items: The run's items.
        arm: How they are asked.
        most: At most so many relays, spread over the domains; the work is the documents' alone.
    """
    firsts = {item.domain: item for item in reversed(items)}
    some = list({item.id: item for item in (*firsts.values(), *items)}.values())[:most]
    short = [item.model_copy(update={"schedule": item.schedule[:5]}) for item in some]
    return InstrumentCheck(
        oracle=min(_scores(short, "oracle", arm)),
        null=max(_scores(short, "empty", arm)),
        refusing=max(_scores(short, "refusing", arm)),
        relays=len(short),
    )


def _scores(items: Sequence[RelayItem], name: str, arm: Arm) -> list[float]:
    rows = (
        row
        for item in items
        for row in measures(simulate.relay(item, behaviour(name), arm=arm), 2 * len(item.schedule))
    )
    return [
        value
        for row in rows
        for metric, value in row.items()
        if metric in ("fidelity", "forward", "lossless") and value is not None
    ]
