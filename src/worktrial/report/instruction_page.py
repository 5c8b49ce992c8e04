"""All that a page shows of an ablation."""

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes

from worktrial.evidence.findings import Findings
from worktrial.instruction.extract import SCORE
from worktrial.report.contrasts import MOST_CONTRASTS, Ablated, clipped, shown, shown_workers
from worktrial.report.drawing import (
    INK,
    STYLE,
    Links,
    Look,
    label_of,
    looks,
    panels,
    point,
    share_axis,
    svg,
    unlinked,
)
from worktrial.report.instruction import AblateReading, instruction_sentence
from worktrial.report.instruction_tables import AblateTables


class AblatePage:
    """All that a page shows of an ablation."""

    def __init__(self, findings: Findings, ablated: Ablated, links: Links = unlinked) -> None:
        """Look up what was found, and cut what is told to what fits."""
        self.reading = AblateReading(findings)
        self.evidence = shown_workers(self.reading.workers, ablated.told)
        anchors = {worker.name: worker.anchor for worker in self.evidence}
        self.tables = AblateTables(self.reading, anchors)
        self.chart = arms_chart(self.reading, links)
        self.instruction, self.kept = clipped(ablated.instruction), clipped(ablated.kept)
        self.arms = [shown(story) for story in ablated.arms]
        self.left_out = ablated.left_out
        self.most = MOST_CONTRASTS

    def sentence(self, worker: str) -> str:
        """What it says of a worker."""
        return instruction_sentence(self.reading, worker)


def arms_chart(reading: AblateReading, links: Links) -> Markup:
    """One panel a worker, in it a row an arm: the score with its interval, the guess as a line."""
    with rc_context(STYLE):
        figure, every = panels(len(reading.workers), 0.24 * len(reading.arms) + 0.55)
        for axes, (worker, look) in zip(every, looks(reading.workers).items(), strict=False):
            _panel(axes, reading, worker, look, links)
        share_axis(every[-1], "x", "the task's own score; the dashed line is a guess")
        return svg(
            figure,
            "ablation-arms",
            "Scores under every arm",
            "A panel for every worker and in it a row for every arm: a dot for the score with its "
            "interval, and a dashed line for what a guess scores. The numbers are in the table "
            "below.",
        )


def _panel(axes: Axes, reading: AblateReading, worker: str, look: Look, links: Links) -> None:
    for row, arm in enumerate(reading.arms):
        point(axes, reading.get(worker, SCORE, arm), row, look, links, f"score, {arm}")
    rows = len(reading.arms)
    axes.vlines(reading.guess, -0.6, rows - 0.4, color=INK, lw=0.8, ls="--", alpha=0.6)
    axes.grid(axis="x", color=INK, alpha=0.12, lw=0.6)
    axes.set_yticks(range(rows), reading.arms)
    axes.set_ylim(rows - 0.4, -1.4)
    # Names do not take part in the layout: one that is very high would leave no room for the rest.
    axes.text(0, -0.7, label_of(worker), fontsize=9, va="bottom", in_layout=False)
