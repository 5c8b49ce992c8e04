"""The instrument's own check: an oracle must score full marks, and a null worker nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from worktrial.readiness.arms import Arm
from worktrial.readiness.extract import judge
from worktrial.readiness.items import OfficeItem
from worktrial.readiness.record import replay
from worktrial.readiness.script import between
from worktrial.readiness.simulate import simulate

_SHARES = (
    "success", "privacy", "op", "tr", "fm", "kept", "meanwhile",
    "fault_met", "fault_detected", "fault_repaired",
)  # fmt: skip
_MOST = 12


@dataclass(frozen=True, slots=True)
class InstrumentCheck:
    """What the reference workers scored on a run's own items under an arm.

    Attributes:
        oracle: The oracle's lowest score of any kind; must be 1.
        null: The highest success or retention of the null worker; must be 0.
        leaks: Leaks that were found in what the oracle did; must be 0.
        items: How many items were tried.
    """

    oracle: float
    null: float
    leaks: float
    items: int

    @property
    def sound(self) -> bool:
        """Whether the instrument works on these items."""
        return (self.oracle, self.null, self.leaks) == (1.0, 0.0, 0.0)


def check(items: Sequence[OfficeItem], *, arm: Arm, most: int = _MOST) -> InstrumentCheck:
    """Let the reference workers work on some items of every kind.

    Args:
        items: The run's.
        arm: Under which arm; of its items alone.
        most: At most so many.
    """
    some = list(_spread([item for item in items if arm.takes(item)]))[:most]
    oracle, null = ([measure(name, item, arm) for item in some] for name in ("oracle", "null"))
    return InstrumentCheck(
        oracle=min((v for found in oracle for v in _shares(found)), default=1.0),
        null=max((found[n] or 0.0 for found in null for n in ("success", "kept") if n in found),
                 default=0.0),
        leaks=sum(v or 0.0 for found in oracle for n, v in found.items() if n.startswith("leaks_")),
        items=len(some),
    )  # fmt: skip


def measure(name: str, item: OfficeItem, arm: Arm) -> Mapping[str, float | None]:
    """Every measure of a reference worker on an item under an arm, without Inspect."""
    events = simulate(name, item, arm)
    office = replay(arm.made_of(item), events, between(item, arm), page=arm.condition.page)
    try:
        return judge(item, arm, office, events)
    finally:
        office.close()


def _shares(found: Mapping[str, float | None]) -> Iterator[float]:
    yield from (value for name, value in found.items() if name in _SHARES and value is not None)


def _spread(items: Sequence[OfficeItem]) -> Iterator[OfficeItem]:
    """One of each kind, then one of each other family, then the rest."""
    seen: set[str] = set()
    for of in ("kind", "family", "id"):
        for item in items:
            if item.id not in seen and not any(
                getattr(other, of) == getattr(item, of) for other in items if other.id in seen
            ):
                seen.add(item.id)
                yield item
