"""The office's charts: five axes side by side, and what falls as more is asked for."""

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from worktrial.evidence.findings import Estimate
from worktrial.report.drawing import (
    STYLE,
    Links,
    Look,
    canvas,
    label_of,
    legend,
    link,
    looks,
    point,
    share_axis,
    svg,
)
from worktrial.report.readiness import IN_SHORT, ReadinessReading


def axes_chart(reading: ReadinessReading, links: Links) -> Markup:
    """A forest plot: a group an axis, in it a mark a worker with its interval."""
    with rc_context(STYLE):
        figure, axes = canvas(len(reading.axes) * _room(reading) + 0.3 * len(reading.workers) + 0.8)
        styles = looks(reading.workers)
        height = 0.8 / max(1, len(styles))
        for group, axis in enumerate(reading.axes):
            for place, (worker, look) in enumerate(styles.items()):
                found = reading.axis(worker, axis)
                y = group - 0.4 + (place + 0.5) * height
                point(axes, found, y, look, links, IN_SHORT[axis])
        for worker, look in styles.items():
            axes.plot([], [], look.marker, color=look.colour, mfc=look.fill, label=label_of(worker))
        axes.set_yticks(range(len(reading.axes)), [IN_SHORT[axis] for axis in reading.axes])
        axes.set_ylim(max(1, len(reading.axes)) - 0.5, -0.5)
        share_axis(axes, "x", "share")
        legend(figure, axes)
        return svg(
            figure,
            "axes",
            "Five axes",
            "For every axis a mark for each worker with its interval. The numbers are in the table "
            "below.",
        )


def _room(reading: ReadinessReading) -> float:
    return 0.3 + 0.13 * len(reading.workers)


def pqsr_chart(reading: ReadinessReading, links: Links) -> Markup:
    """The share of tasks that are done and private, over what counts as private."""
    return _chart(
        reading, links, "pqsr", None, "pqsr", "share of tasks",
        "Done and private",
        "A line for every worker: the share of tasks that are done with at least so much privacy, "
        "with intervals. The numbers are in the table below.",
    )  # fmt: skip


def dimension_chart(reading: ReadinessReading, links: Links) -> Markup:
    """What success hides, over what every axis must reach."""
    return _chart(
        reading, links, "ready", "dimension", "dimension", "success on items that fall short",
        "The dimension gap",
        "A line for every worker: the share of items that succeed although some axis of theirs is "
        "below the threshold, with intervals. The numbers are in the table below.",
    )  # fmt: skip


def _chart(
    reading: ReadinessReading, links: Links, metric: str, gap: str | None, name: str, label: str,
    title: str, description: str,
) -> Markup:  # fmt: skip
    with rc_context(STYLE):
        figure, axes = canvas(3.2 + 0.16 * len(reading.workers))
        for place, (worker, look) in enumerate(looks(reading.workers).items()):
            shift = 0.6 * (place - (len(reading.workers) - 1) / 2)
            curve = reading.curve(worker, metric, gap)
            line = _curve(axes, curve, look, label_of(worker), shift)
            last = next(reversed(curve), None)
            link(line, links, last, f"{title.lower()}, at {last.step if last else 0} %")
        axes.set_xlabel("at least, in percent")
        axes.set_xticks(range(0, 101, 20))
        share_axis(axes, "y", label)
        legend(figure, axes)
        return svg(figure, name, title, description)


def _curve(axes: Axes, curve: list[Estimate], look: Look, label: str, shift: float) -> Line2D:
    known = [e for e in curve if e.value is not None and e.step is not None]
    places = [(e.step or 0) + shift for e in known]
    (line,) = axes.plot(
        places, [e.value or 0.0 for e in known], color=look.colour, ls=look.line,
        marker=look.marker, mfc=look.fill, ms=4, lw=1.4, label=label,
    )  # fmt: skip
    for place, e in zip(places, known, strict=True):
        if e.low is not None and e.high is not None:
            axes.vlines(place, e.low, e.high, color=look.colour, lw=1, alpha=0.7)
    return line
