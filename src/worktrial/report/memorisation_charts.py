"""The audit's charts: items by how familiar they are, and the effect three ways."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from worktrial.evidence.findings import Estimate
from worktrial.memorisation.worker import Flag
from worktrial.report.drawing import (
    INK,
    STYLE,
    Links,
    Look,
    canvas,
    label_of,
    lead,
    looks,
    point,
    svg,
)
from worktrial.report.memorisation import EFFECTS, MemorisationReading
from worktrial.report.words import one_line, share, why

_BINS = 20
_MOST_HIGH = 14
"""Dots on top of each other; where more items fall together a dot is several of them."""
_LANES = ("right", "wrong", "answer not judged")
_SHORT = {
    "variants": "fresh variants",
    "reference": "reference workers",
    "unflagged": "not flagged",
}


class _Pile(NamedTuple):
    """Items that are about as familiar and came out alike."""

    lane: str
    bin: int
    flagged: bool


def items_chart(
    name: str, worker: str, look: Look, flags: Sequence[Flag], href: str | None = None
) -> Markup:
    """Every item by its p and by whether it was answered rightly; flagged ones are filled.

    Args:
        name: Of the chart, unique on the page.
        worker: Whose items they are.
        look: How it is drawn.
        flags: The items; any number of them makes a chart of bounded size.
        href: Where they are shown.
    """
    piles = _piles(flags)
    highest, unit = _highest(piles), _unit(piles)
    lanes = [lane for lane in _LANES if highest.get(lane)]
    with rc_context(STYLE):
        figure, axes = canvas(0.75 + sum(0.35 + 0.11 * -(-highest[n] // unit) for n in lanes))
        floor, ticks = 0.0, []
        for lane in reversed(lanes):
            for marks, what in _lane(axes, piles, lane, floor, look, unit):
                lead(marks, href, f"{one_line(worker, 80)}, {lane}, {what}")
            ticks.append(floor + 0.5)
            floor += -(-highest[lane] // unit) + 2.5
        axes.set_yticks(ticks, list(reversed(lanes)))
        axes.set(xlim=(0, 1), ylim=(-0.6, max(floor - 1.8, 1)))
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("p: share of fresh texts that stand out as much")
        return svg(
            figure,
            name,
            f"Items of {one_line(worker, 60)}: exposure against correctness",
            "Each dot is an item, or several; the further left, the fewer fresh texts stand "
            "out as much as it does. Items answered rightly lie above those answered "
            "wrongly, and flagged items are filled. Where nothing is known the dots spread evenly. "
            "The numbers are in the table below.",
        )


def items_a_dot(flags: Sequence[Flag]) -> int:
    """How many items a dot of their chart is at most."""
    return _unit(_piles(flags))


def _piles(flags: Sequence[Flag]) -> Counter[_Pile]:
    return Counter(_pile(flag) for flag in flags if not math.isnan(flag.p))


def _unit(piles: Counter[_Pile]) -> int:
    return max(1, -(-max(_highest(piles).values()) // _MOST_HIGH))


def _pile(flag: Flag) -> _Pile:
    judged = not math.isnan(flag.correct)
    lane = _LANES[2] if not judged else _LANES[0] if flag.correct >= 0.5 else _LANES[1]
    return _Pile(lane, min(_BINS - 1, int(flag.p * _BINS)), flag.flagged)


def _highest(piles: Counter[_Pile]) -> dict[str, int]:
    """How many items lie on top of each other at most, by lane."""
    together: Counter[tuple[str, int]] = Counter()
    for pile, many in piles.items():
        together[pile.lane, pile.bin] += many
    return {lane: max((n for (of, _), n in together.items() if of == lane), default=0)
            for lane in _LANES}  # fmt: skip


def _lane(
    axes: Axes, piles: Counter[_Pile], lane: str, floor: float, look: Look, unit: int
) -> Iterator[tuple[Line2D, str]]:
    """The piles of a lane, flagged items at the bottom of each, with what each is of."""
    axes.axhline(floor - 0.6, color=INK, lw=0.5, alpha=0.25)
    for place in range(_BINS):
        high = 0
        for flagged in (True, False):
            dots = -(-piles[_Pile(lane, place, flagged)] // unit)
            ys = [floor + high + n for n in range(dots)]
            fill = look.colour if flagged else "none"
            (marks,) = axes.plot(
                [(place + 0.5) / _BINS] * dots, ys, "o", color=look.colour, mfc=fill, ms=5, mew=1,
                clip_on=False,
            )  # fmt: skip
            if dots:
                flag = ", flagged" if flagged else ""
                yield marks, f"p about {share((place + 0.5) / _BINS)}{flag}"
            high += dots


def effects_chart(reading: MemorisationReading, links: Links) -> Markup:
    """A forest: for each worker the effect three ways, or the word that it was not measured."""
    with rc_context(STYLE):
        rows = len(EFFECTS) + 1
        figure, axes = canvas(0.26 * rows * len(reading.workers) + 0.9)
        ticks: dict[float, str] = {}
        for place, (worker, look) in enumerate(looks(reading.workers).items()):
            top = rows * place
            ticks |= {top + 1 + n: _SHORT[name] for n, name in enumerate(EFFECTS)}
            _effects(axes, reading, worker, look, top, links)
        axes.set_yticks(list(ticks), list(ticks.values()))
        axes.set(xlim=_limits(reading), ylim=(max(rows * len(reading.workers) - 0.4, 1), -0.6))
        axes.xaxis.set_major_formatter(lambda x, _: f"{100 * x:.0f}".replace("-", "−"))
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=INK, alpha=0.12, lw=0.6)
        axes.set_xlabel("points of accuracy too high")
        return svg(
            figure,
            "effects",
            "By how much the score is too high",
            "For every worker three marks with intervals, right of the line at 0 where the score "
            "is too high: published less fresh variants, which decides; less what reference "
            "workers make one expect; less items that are not flagged. The numbers are in the "
            "table below.",
        )


def _effects(
    axes: Axes, reading: MemorisationReading, worker: str, look: Look, top: float, links: Links
) -> None:
    axes.text(0, top, label_of(worker), fontsize=9, va="center", weight="bold",
              transform=axes.get_yaxis_transform())  # fmt: skip
    for row, (name, found) in enumerate(reading.effects(worker).items(), 1):
        decides = name == "variants"
        drawn = look if decides else look._replace(fill="none")
        if missing := _missing(found):
            axes.text(0.02, top + row, one_line(missing, 58), fontsize=8, va="center",
                      transform=axes.get_yaxis_transform())  # fmt: skip
        else:
            axes.vlines(0, top + row - 0.5, top + row + 0.5, color=INK, lw=0.8, alpha=0.6)
            drawn = drawn._replace(marker="D" if decides else "o")
            point(axes, found, top + row, drawn, links, f"too high, {_SHORT[name]}")


def _missing(estimate: Estimate | None) -> str:
    """What is written where there is nothing to draw."""
    if estimate is None or estimate.value is None:
        return f"not measured: {why(estimate)}"
    return "more than accuracies can differ" if abs(estimate.value) > 1 else ""


def _limits(reading: MemorisationReading) -> tuple[float, float]:
    """From the lowest bound to the highest, 0 in any case and some room at either side."""
    found = [e for worker in reading.workers for e in reading.effects(worker).values()]
    ends = [v for e in found if e is not None and not _missing(e) for v in _ends(e)]
    low, high = min([-0.05, *ends]), max([0.05, *ends])
    room = 0.06 * (high - low)
    return low - room, high + room


def _ends(estimate: Estimate) -> list[float]:
    return [v for v in (estimate.value, estimate.low, estimate.high) if v is not None]
