"""The chart of a leaderboard: from each public rank a line to the rank at work."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import fill

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from worktrial.evidence.findings import Estimate
from worktrial.report.drawing import INK, STYLE, Links, Look, grid, label_of, legend, link, svg

Ranks = Mapping[str, tuple[Estimate | None, Estimate | None]]
"""By worker: the public rank, and the one at work."""
_COLUMNS = 2
_APART = 0.09
"""Between the marks of two workers at one end, so that their intervals do not hide each other."""


def rank_chart(
    benchmark: str,
    measures: Sequence[tuple[str, Ranks]],
    drawn: Mapping[str, Look],
    name: str,
    links: Links,
    ends: tuple[str, str] = ("public", "at work"),
) -> Markup:
    """Small charts, one a measure at work: public ranks left, ranks at work right, best on top.

    Args:
        benchmark: Its name.
        measures: In words, and the ranks.
        drawn: How each worker is drawn in this report.
        name: Of the drawing in the page.
        links: Where the items of a trial and a worker are shown.
        ends: What the ranks on the left and on the right are of.
    """
    workers = list(measures[0][1])
    with rc_context(STYLE):
        figure, charts = grid(len(measures), _COLUMNS, 1.1 + 0.26 * len(workers))
        for axes, (words, ranks) in zip(charts, measures, strict=True):
            for line, work in _slopes(axes, ranks, drawn, ends):
                link(line, links, work, f"rank by {words}")
            axes.set_title(fill(words, 32), fontsize=9, color=INK)
        legend(figure, charts[0])
        return svg(
            figure,
            name,
            f"{benchmark}: ranks, {ends[0]} and {ends[1]}",
            "For every measure at work a small chart: a line for each worker from its rank, "
            f"{ends[0]}, left, to its rank, {ends[1]}, right, both with intervals; a question mark "
            "where the uncertainty is unknown. The best rank is on top. The numbers are in the "
            "table below.",
        )


def _slopes(
    axes: Axes, ranks: Ranks, drawn: Mapping[str, Look], names: Sequence[str]
) -> Iterator[tuple[Line2D, Estimate | None]]:
    """A line for each worker, with the rank at work to which it leads."""
    room = _APART * (len(ranks) - 1) / 2
    for place, (worker, ends) in enumerate(ranks.items()):
        shift = _APART * place - room
        yield _slope(axes, ends, (shift, 1 + shift), drawn[worker], label_of(worker)), ends[1]
    axes.set_xlim(-0.2 - room, 1.2 + room)
    axes.set_xticks([0, 1], names)
    axes.set_ylim(len(ranks) + 0.4, 0.6)
    axes.set_yticks(range(1, len(ranks) + 1))
    axes.grid(axis="y", color=INK, alpha=0.12, lw=0.6)


def _slope(
    axes: Axes, ends: Sequence[Estimate | None], places: Sequence[float], look: Look, label: str
) -> Line2D:
    known = [(x, e) for x, e in zip(places, ends, strict=True) if e and e.value is not None]
    (line,) = axes.plot(
        [x for x, _ in known], [e.value or 0.0 for _, e in known], color=look.colour, ls=look.line,
        marker=look.marker, mfc=look.fill, ms=5, lw=1.4, label=label,
    )  # fmt: skip
    for x, e in known:
        if e.low is not None and e.high is not None:
            axes.vlines(x, e.low, e.high, color=look.colour, lw=1.6, alpha=0.7)
        else:
            axes.annotate("?", (x, e.value or 0.0), (0, 5), textcoords="offset points", ha="center")
    return line
