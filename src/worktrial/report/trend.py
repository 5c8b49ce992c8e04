"""A trend: the runs of one protocol over time, in a terminal and as a page."""

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from textwrap import wrap

from markupsafe import Markup
from matplotlib import rc_context

from worktrial.comparison.trend import Change
from worktrial.errors import ConfigError
from worktrial.estimate import Interval
from worktrial.evidence.folder import write_whole
from worktrial.reference import is_reference
from worktrial.report.drawing import (
    STYLE,
    canvas,
    label_of,
    legend,
    looks,
    share_axis,
    svg,
)
from worktrial.report.page import environment, style
from worktrial.report.tables import Cell, Group, Grouped, Row, Table
from worktrial.report.text import WIDTH
from worktrial.report.words import MISSING, one_line, points, share
from worktrial.running.trend import Line, Marked, Trend

_WORDS = {"level": "no drift", "apart": "drift", "cannot-tell": "cannot tell"}
_HEADS = ("run", "started", "score", "from the first, points", "drift", "detectable")
_LEGEND = (
    "Brackets are 95 % intervals; those of the differences hold for all runs of a worker at once. "
    "No drift: within the margin. Detectable: the drift that this run alone would likely have "
    "shown. Later runs share the first one: where it was lucky, all later ones look worse."
)
_NAME, _WHEN = 40, 16


def trend_text(found: Trend) -> str:
    """Write a trend for a terminal.

    Args:
        found: The trend.

    Returns:
        Lines of at most 110 columns; workers in order of name, their runs in order of time.
    """
    lines = [line for each in found.lines for line in _of_line(each, found.runs)]
    lines += _wrapped(_LEGEND)
    for left_out in found.left_out:
        lines += _wrapped(f"not comparable: {one_line(left_out.name, _NAME)}: {left_out.why}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _of_line(line: Line, runs: Sequence[Marked]) -> Iterator[str]:
    yield f"{line.trial}: {line.metric} {line.in_words}; margin {points(line.margin)} points"
    rows = [(w, [[r.name, *(c.text for c in r.cells)] for r in _rows(line, w, runs)])
            for w in _by_name(line)]  # fmt: skip
    table = [list(_HEADS), *(cells for _, mine in rows for cells in mine)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    yield _laid(_HEADS, widths)
    for worker, mine in rows:
        yield one_line(worker, WIDTH)
        yield from (_laid(cells, widths) for cells in mine)
    yield ""


def _laid(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  " + "  ".join(f"{c:{w}}" for c, w in zip(cells, widths, strict=True))


def _wrapped(text: str) -> list[str]:
    return wrap(one_line(text, 1000), WIDTH, subsequent_indent="  ")


def _by_name(line: Line) -> list[str]:
    return sorted(line.workers, key=lambda name: (is_reference(name), name))


def _rows(line: Line, worker: str, runs: Sequence[Marked]) -> Iterator[Row]:
    started = {run.name: run.started for run in runs}
    for point in line.points:
        if point.worker == worker:
            when = (started[point.run] or MISSING)[:_WHEN].replace("T", " ")
            score = _number(point.score, share)
            yield Row(
                one_line(point.run, _NAME),
                [Cell(when), Cell(score, note=point.score.why or ""), *_changed(point.change)],
            )


def _changed(change: Change | None) -> list[Cell]:
    if change is None:
        return [Cell(MISSING)] * 3
    seen = MISSING if math.isnan(change.detectable) else points(change.detectable)
    return [
        Cell(_number(change.difference, points), note=change.difference.why or ""),
        Cell(_WORDS[change.verdict]),
        Cell(seen),
    ]


def _number(found: Interval, unit: Callable[[float], str]) -> str:
    """As `report.words.number` writes an estimate."""
    if not found.clusters:
        return MISSING
    bounds = f" [{unit(found.low)}, {unit(found.high)}]" if found.bounded else ""
    return f"{unit(found.value)}{bounds}"


def publish_trend(found: Trend, folder: Path) -> Path:
    """Write the page of a trend.

    Args:
        found: The trend.
        folder: Of the runs.

    Returns:
        The page.

    Raises:
        ConfigError: If it cannot be written.
    """
    path = folder / "trend.html"
    try:
        write_whole(path, render_trend(found))
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from None
    return path


def render_trend(found: Trend) -> str:
    """The page: HTML that needs nothing else and runs no script."""
    return (
        environment()
        .get_template("trend_page.html.j2")
        .render(
            css=style(),
            trend=found,
            legend=_LEGEND,
            lines=[
                {
                    "line": line,
                    "chart": trend_chart(line, found.runs),
                    "table": _table(line, found.runs),
                }
                for line in found.lines
            ],
            runs=_run_table(found),
        )
    )


def _table(line: Line, runs: Sequence[Marked]) -> Grouped:
    groups = [Group(w, list(_rows(line, w, runs)), is_reference(w)) for w in _by_name(line)]
    caption = (
        f"{line.metric} {line.in_words}, and its difference from the worker's first run in points; "
        f"margin {points(line.margin)} points"
    )
    return Grouped(caption, (), list(_HEADS), groups)


def _run_table(found: Trend) -> Table:
    """Every run, and who the provider said it was."""
    rows = []
    for run in found.runs:
        said = "; ".join(f"{name}: {model}" for name, model in sorted(run.snapshots.items()))
        rows.append(Row(run.name, [Cell(run.started or MISSING), Cell(said or MISSING)]))
    return Table("The runs, in order of time", ["run", "started", "models as providers say"], rows)


def trend_chart(line: Line, runs: Sequence[Marked]) -> Markup:
    """A line a worker over the runs, in order of time and evenly apart."""
    place = {run.name: number for number, run in enumerate(runs, 1)}
    with rc_context(STYLE):
        figure, axes = canvas(3.2 + 0.16 * len(line.workers))
        styles = looks(_by_name(line))
        for number, (worker, look) in enumerate(styles.items()):
            shift = 0.08 * (number - (len(styles) - 1) / 2)
            mine = [p for p in line.points if p.worker == worker and p.score.clusters]
            at = [place[point.run] + shift for point in mine]
            for x, point in zip(at, mine, strict=True):
                if point.score.bounded:
                    axes.vlines(x, point.score.low, point.score.high, color=look.colour, lw=1.2)
            axes.plot(
                at, [point.score.value for point in mine], label=label_of(worker), lw=1.6,
                color=look.colour, marker=look.marker, ls=look.line, mfc=look.fill, ms=5,
                clip_on=False,
            )  # fmt: skip
        axes.set_xticks(range(1, len(runs) + 1))
        axes.set_xlim(0.5, len(runs) + 0.5)
        axes.set_xlabel("runs, in order of time")
        share_axis(axes, "y", line.metric.replace("_", " "))
        legend(figure, axes)
        return svg(
            figure,
            f"trend-{line.trial}",
            f"{line.trial}: {line.metric} {line.in_words}, run by run",
            "A line for every worker: the score of each run with its interval, in order of time. "
            "The numbers are in the table below.",
        )
