"""What a metric of conduct is, and what it measures in one trajectory."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from worktrial.conduct.events import Trajectory

Family: TypeAlias = Literal[
    "quality", "memory", "context", "verification", "communication", "completion",
    "predictability",
]  # fmt: skip
Status: TypeAlias = Literal["validated", "proposed"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric in one trajectory: a value, or why there is none.

    Attributes:
        value: In the metric's unit; `None` where it could not be measured.
        count: How many were found, of a rate.
        of: Out of how many, of a rate.
        places: The events that are to blame, by their places.
        why: Why it could not be measured.
    """

    value: float | None
    count: int | None = None
    of: int | None = None
    places: tuple[int, ...] = ()
    why: str | None = None


def rate(places: tuple[int, ...], of: int, *, nothing: str) -> Measure:
    """So many of so many; not measurable where there is nothing to count, for that reason."""
    if not of:
        return not_measurable(nothing)
    return Measure(len(places) / of, count=len(places), of=of, places=places)


def not_measurable(why: str) -> Measure:
    """No value, with its reason."""
    return Measure(None, why=why)


class Metric(NamedTuple):
    """One metric of conduct.

    Attributes:
        name: In evidence and findings, such as `repeated_calls`.
        family: To which it belongs.
        title: In words.
        unit: `share`, `count`, `tokens`, `seconds`, `minutes` or `turns`.
        better: Which way is better; `None` where neither is by itself.
        status: `validated` with a known truth of the field, or `proposed` by this project.
        formula: In one line.
        source: Where it comes from.
        measure: The pure function.
    """

    name: str
    family: Family
    title: str
    unit: str
    better: Literal["higher", "lower"] | None
    status: Status
    formula: str
    source: str
    measure: Callable[[Trajectory], Measure]
