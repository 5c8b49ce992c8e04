"""The relay's charts."""

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from worktrial.evidence.findings import Estimate
from worktrial.reference import is_reference
from worktrial.report.drawing import (
    INK,
    STYLE,
    Links,
    Look,
    canvas,
    grouped_bars,
    key,
    label_of,
    legend,
    link,
    looks,
    point,
    share_axis,
    svg,
)
from worktrial.report.reading import Reading, threshold
from worktrial.report.words import condition, percent

_MOST_BANDS = 4
_ANATOMY = ("missing", "extra", "altered", "moved")


def gap_chart(reading: Reading, links: Links) -> Markup:
    """One row a worker: fidelity after the first round trip and after the last."""
    with rc_context(STYLE):
        figure, axes = canvas(0.62 * len(reading.workers) + 1.1)
        for row, (worker, look) in enumerate(looks(reading.workers).items()):
            _gap_row(axes, reading, worker, look, row, links)
        share_axis(axes, "x", "fidelity (share of the document left)")
        axes.set_ylim(len(reading.workers) - 0.4, -0.75)
        axes.yaxis.set_visible(False)
        axes.spines["left"].set_visible(False)
        key(figure, axes, ["o", "D"], [f"after {n} legs" for n in (reading.first, reading.last)])
        return svg(
            figure,
            "gap",
            "The horizon gap",
            "For every worker a dot for the fidelity after the first round trip and a diamond for "
            "that after the last, each with its interval. The numbers are in the table below.",
        )


def _gap_row(axes: Axes, reading: Reading, worker: str, look: Look, row: int, links: Links) -> None:
    ends = [reading.at(worker, leg) for leg in (reading.first, reading.last)]
    values = [e.value for e in ends if e is not None and e.value is not None]
    axes.plot(values, [row] * len(values), color=look.colour, alpha=0.35, lw=1, ls=look.line)
    for estimate, marker, shift in zip(ends, ("o", "D"), (-0.07, 0.07), strict=True):
        words = f"fidelity {condition(estimate.arm)}" if estimate else ""
        point(axes, estimate, row + shift, look._replace(marker=marker), links, words)
    axes.text(0, row - 0.28, label_of(worker), fontsize=9, va="bottom")


def curve_chart(reading: Reading, links: Links) -> Markup:
    """Fidelity over the legs, with intervals, bands and thresholds."""
    with rc_context(STYLE):
        figure, axes = canvas(3.7 + 0.16 * len(reading.workers))
        real = [worker for worker in reading.workers if not is_reference(worker)]
        for place, (worker, look) in enumerate(looks(reading.workers).items()):
            shift = 0.12 * (place - (len(reading.workers) - 1) / 2)
            shaded = worker in real[:_MOST_BANDS] and len(real) <= _MOST_BANDS
            line = _curve(
                axes, reading.curve(worker), look, label_of(worker), shift=shift, shaded=shaded
            )
            last = reading.at(worker, reading.last)
            link(line, links, last, f"fidelity over the relay, after {reading.last} legs")
        for arm in reading.thresholds:
            axes.axhline(threshold(arm), color=INK, lw=0.6, ls=(0, (1, 3)))
            axes.text(1.005, threshold(arm), percent(arm), fontsize=8, va="center",
                      transform=axes.get_yaxis_transform())  # fmt: skip
        axes.set_xlabel("legs (two to a round trip)")
        axes.set_xticks(_ticks(reading))
        share_axis(axes, "y", "fidelity (share left)")
        legend(figure, axes)
        return svg(
            figure,
            "curves",
            "Fidelity over the relay",
            "A line for every worker: mean fidelity after every round trip, bars for pointwise "
            "intervals, shading for simultaneous bands, dotted level lines for the thresholds. "
            "The numbers are in the table below.",
        )


def _curve(
    axes: Axes, curve: list[Estimate], look: Look, label: str, *, shift: float, shaded: bool
) -> Line2D:
    """A worker's line; all of its marks lead to the same items."""
    known = [e for e in curve if e.value is not None]
    legs = [(e.step or 0) + shift for e in known]
    for leg, e in zip(legs, known, strict=True):
        if e.low is not None and e.high is not None:
            axes.vlines(leg, e.low, e.high, color=look.colour, lw=1.2)
    (line,) = axes.plot(legs, [e.value or 0.0 for e in known], label=label, lw=1.6, clip_on=False)
    line.set(color=look.colour, marker=look.marker, ls=look.line, mfc=look.fill, ms=5)
    banded = [e for e in known if e.band_low is not None and e.band_high is not None]
    if shaded and banded:
        steps, low, high = zip(*((e.step, e.band_low, e.band_high) for e in banded), strict=True)
        axes.fill_between(steps, low, high, color=look.colour, alpha=0.13, lw=0)
    return line


def _ticks(reading: Reading) -> list[int]:
    """At most about ten legs to name on the axis."""
    stride = 2 * max(1, round((reading.last - reading.first) / 20))
    return list(range(reading.first, reading.last + 1, stride))


def anatomy_chart(reading: Reading, links: Links) -> Markup:
    """What the documents lost at the end, by kind of damage: a group a kind, a bar a worker."""
    with rc_context(STYLE):
        figure, axes = grouped_bars(
            reading.workers,
            _ANATOMY,
            lambda worker, metric: reading.at(worker, reading.last, metric),
            links,
        )
        axes.set_yticks(range(len(_ANATOMY)), _ANATOMY)
        axes.set_xlim(left=0)
        axes.locator_params(axis="x", nbins=5)
        axes.set_xlabel("share of the original document")
        return svg(
            figure,
            "anatomy",
            "Where the loss went",
            f"Bars for what is missing, extra, altered and moved after {reading.last} legs, as a "
            "share of the original, with intervals. The numbers are in the table below.",
        )
