"""All that a page shows of a reasoning trial."""

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes

from worktrial.evidence.findings import Findings
from worktrial.reasoning.measured import CREDIT, SOLVED
from worktrial.report.drawing import (
    STYLE,
    Links,
    Look,
    canvas,
    key,
    label_of,
    looks,
    point,
    share_axis,
    svg,
    unlinked,
)
from worktrial.report.generations import MOST_GENERATIONS, Generations, generations
from worktrial.report.reasoning import ReasoningReading, trace_sentence
from worktrial.report.reasoning_tables import ReasoningTables

_UNCREDITED = "no step to credit"


class ReasoningPage:
    """All that a page shows of a reasoning trial."""

    def __init__(
        self, findings: Findings, told: Generations, judge: str = "", links: Links = unlinked
    ) -> None:
        """Look up what was found, and cut what is told to what fits."""
        self.reading = ReasoningReading(findings)
        self.evidence = generations(self.reading.workers, told)
        anchors = {worker.name: worker.anchor for worker in self.evidence}
        self.tables = ReasoningTables(self.reading, anchors)
        self.chart = trace_chart(self.reading, links)
        self.judge = judge
        self.most = MOST_GENERATIONS

    def sentence(self, worker: str) -> str:
        """What it says of a worker."""
        return trace_sentence(self.reading, worker)


def trace_chart(reading: ReasoningReading, links: Links) -> Markup:
    """One row a worker: what its traces would be credited with, and what it solves."""
    with rc_context(STYLE):
        figure, axes = canvas(0.62 * len(reading.workers) + 1.1)
        for row, (worker, look) in enumerate(looks(reading.workers).items()):
            _row(axes, reading, worker, look, row, links)
        share_axis(axes, "x", "share of steps that are so; share of puzzles solved")
        axes.set_ylim(len(reading.workers) - 0.4, -0.75)
        axes.yaxis.set_visible(False)
        axes.spines["left"].set_visible(False)
        key(figure, axes, ["o", "D"], ["credited", "solved"])
        return svg(
            figure,
            "trace",
            "The trace gap",
            "For every worker a dot for what its steps would be credited with and a diamond for "
            "what it solves, each with its interval. The numbers are in the table below.",
        )


def _row(
    axes: Axes, reading: ReasoningReading, worker: str, look: Look, row: int, links: Links
) -> None:
    ends = [reading.get(worker, metric) for metric in (CREDIT, SOLVED)]
    values = [e.value for e in ends if e is not None and e.value is not None]
    axes.plot(values, [row] * len(values), color=look.colour, alpha=0.35, lw=1, ls=look.line)
    for estimate, marker, shift in zip(ends, ("o", "D"), (-0.07, 0.07), strict=True):
        words = estimate.metric if estimate else ""
        point(axes, estimate, row + shift, look._replace(marker=marker), links, words)
    # Names do not take part in the layout: one that is very high would leave no room for the rest.
    axes.text(0, row - 0.28, label_of(worker), fontsize=9, va="bottom", in_layout=False)
    if ends[0] is None or ends[0].value is None:
        axes.text(0, row + 0.19, _UNCREDITED, fontsize=8, va="top", in_layout=False)
