"""Page one's charts: the gaps of each worker, and what accepted work costs."""

from collections.abc import Sequence

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from worktrial.report.drawing import (
    INK,
    STYLE,
    Links,
    Look,
    key,
    label_of,
    lead,
    legend,
    looks,
    panels,
    point,
    share_axis,
    svg,
)
from worktrial.report.economy import UNITS, Economy
from worktrial.report.gaps import Gaps, Measured
from worktrial.report.words import number, one_line

_ROW = 0.3


def gaps_chart(gaps: Gaps, links: Links) -> Markup:
    """A panel a worker, in it a row a gap: the proxy's dot and the work's diamond."""
    with rc_context(STYLE):
        height = _ROW * len(gaps.rows) + 0.5
        figure, found = panels(len(gaps.workers), height)
        for axes, (worker, look) in zip(found, looks(gaps.workers).items(), strict=False):
            axes.set_title(label_of(worker), loc="left", fontsize=10)
            for row, gap in enumerate(gaps.rows):
                if (measured := gaps.of(gap, worker)) is not None:
                    _gap_row(axes, measured, look, row, links)
            axes.set_yticks(range(len(gaps.rows)), [gap.name for gap in gaps.rows])
            axes.set_ylim(len(gaps.rows) - 0.5, -0.5)
            share_axis(axes, "x", "score")
            axes.tick_params(axis="y", length=0)
            axes.label_outer()
        key(figure, found[-1], ["o", "D"], ["proxy: what a benchmark measures", "work"])
        return svg(
            figure,
            "gaps",
            "Every gap of every worker",
            "A panel for each worker and in it a row for each gap: a dot for the score under the "
            "proxy arm, a diamond for the score at work, each with its interval. The numbers are "
            "in the table below.",
        )


def _gap_row(axes: Axes, measured: Measured, look: Look, row: int, links: Links) -> None:
    ends = [measured.proxy, *measured.work]
    values = [e.value for e in ends if e is not None and e.value is not None]
    axes.plot(values, [row] * len(values), color=look.colour, alpha=0.35, lw=1, ls=look.line)
    gap = measured.gap
    for place, estimate in enumerate(ends):
        words, marker = (gap.work, "D") if place else (gap.proxy, "o")
        y = row + 0.1 * (1 if place else -1) + 0.05 * max(0, place - 1)
        point(axes, estimate, y, look._replace(marker=marker), links, f"{gap.name}, {words}")


def cost_chart(economies: Sequence[Economy], links: Links) -> Markup:
    """A panel a trial: jobs accepted over what an accepted one costs, and the front."""
    with rc_context(STYLE):
        figure, found = panels(len(economies), 2.3, share=False)
        workers = list(dict.fromkeys(w for of in economies for w in of.workers))
        styles = looks(workers)
        for axes, of in zip(found, economies, strict=False):
            axes.set_title(of.trial, loc="left", fontsize=10)
            _front_line(axes, of)
            for worker in of.workers:
                _cost_point(axes, of, worker, styles[worker], links)
            _cost_axis(axes, of)
        for worker, look in styles.items():
            found[0].plot(
                [], [], look.marker, color=look.colour, mfc=look.fill, label=label_of(worker)
            )
        legend(figure, found[0])
        return svg(
            figure,
            "costs",
            "Accepted jobs and what one costs",
            "A panel for each trial: for every worker the share of jobs that are accepted over "
            "the cost of an accepted job, with intervals where there are any; a thin line joins "
            "those that nobody beats. The numbers are in the table below.",
        )


def _cost_axis(axes: Axes, of: Economy) -> None:
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 1.5, 2, 3, 5, 7), numticks=4))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: of.in_unit(value)))
    share_axis(axes, "y", "share accepted")
    axes.set_xlabel(f"{UNITS[of.unit]} for an accepted job")


def _front_line(axes: Axes, of: Economy) -> None:
    front = [(of.price(worker), of.accepted(worker)) for worker in of.front()]
    known = [(p.value, s.value) for p, s in front if p is not None and s is not None]
    if len(known) > 1:
        axes.step(*zip(*known, strict=True), where="post", color=INK, lw=0.7, alpha=0.5)


def _cost_point(axes: Axes, of: Economy, worker: str, look: Look, links: Links) -> None:
    price, share = of.price(worker), of.accepted(worker)
    if price is None or price.value is None or share is None or share.value is None:
        return
    if price.low and price.high:
        axes.hlines(share.value, price.low, price.high, color=look.colour, lw=1)
    if share.low is not None and share.high is not None:
        axes.vlines(price.value, share.low, share.high, color=look.colour, lw=1)
    (drawn,) = axes.plot(
        price.value, share.value, look.marker, color=look.colour, mfc=look.fill, ms=7, clip_on=False
    )
    cost = number(price, of.in_unit)
    words = f"{one_line(worker, 80)}, {of.trial}: {number(share)} accepted at {cost}"
    lead(drawn, links(of.trial, worker), words)
