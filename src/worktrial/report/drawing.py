"""How charts are drawn: static SVG in an ink that the page decides, `currentColor`."""

import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from itertools import cycle
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, unquote

from markupsafe import Markup, escape
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from worktrial.evidence.findings import Estimate
from worktrial.reference import is_reference
from worktrial.report.words import number, one_line
from worktrial.visible import visible

INK = "#010203"
"""A colour that nothing else has, so that it can be replaced by the page's own."""
# Okabe and Ito's palette for all kinds of colour vision, less black and its too pale yellow.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
Dashes = str | tuple[int, tuple[int, ...]]
_LINES: tuple[Dashes, ...] = ("-", "--", "-.", (0, (5, 1, 1, 1, 1, 1)))
_WIDTH = 4.8
"""Inches; a phone shows it at about its natural size, so that its text can be read there."""
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "worktrial",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "legend.handlelength": 3.2,
    "text.parse_math": False,
    **{f"{part}.color": INK for part in ("text", "xtick", "ytick")},
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}


class Look(NamedTuple):
    """How a worker is drawn, the same in every chart; reference workers are hollow and dotted."""

    colour: str
    marker: str
    line: Dashes
    fill: str


def looks(workers: Iterable[str]) -> dict[str, Look]:
    """A look for each worker: colour, marker and line, so that none is told by colour alone."""
    styles = zip(cycle(_COLOURS), cycle(_MARKERS), cycle(_LINES), strict=False)
    return {
        worker: Look(colour, marker, ":", "none")
        if is_reference(worker)
        else Look(colour, marker, line, colour)
        for worker, (colour, marker, line) in zip(workers, styles, strict=False)
    }


Links = Callable[[str, str], str | None]
"""Where the items of a trial and a worker are shown, by both; `None` where they are not."""


def unlinked(trial: str, worker: str) -> None:
    """Links that lead nowhere: of a page that shows no items."""


def link(artist: Artist, links: Links, estimate: Estimate | None, words: str) -> None:
    """Make the mark of an estimate lead to its items; it is named by who, what and how much."""
    if estimate is not None:
        lead(artist, links(estimate.trial, estimate.worker),
             f"{one_line(estimate.worker, 80)}, {words}: {number(estimate)}")  # fmt: skip


def lead(artist: Artist, href: str | None, label: str) -> None:
    """Make an artist lead to a place of the page, under a name; nowhere without one."""
    if href is not None:
        artist.set_url(f"{href}?{quote(visible(label), safe='')}")


def point(
    axes: Axes, estimate: Estimate | None, y: float, look: Look, links: Links, words: str
) -> None:
    """A value and its interval, lying; it leads to its items, and is named by words."""
    if estimate is None or estimate.value is None:
        return
    if estimate.low is not None and estimate.high is not None:
        axes.hlines(y, estimate.low, estimate.high, color=look.colour, lw=1.6)
    (drawn,) = axes.plot(
        estimate.value, y, look.marker, color=look.colour, mfc=look.fill, ms=6, clip_on=False
    )
    link(drawn, links, estimate, words)


def key(figure: Figure, axes: Axes, markers: Sequence[str], labels: Sequence[str]) -> None:
    """What the markers stand for, below the chart."""
    handles = [axes.plot([], [], m, color=INK, ms=5)[0] for m in markers]
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))


def canvas(height: float) -> tuple[Figure, Axes]:
    """A figure of one chart, so many inches high."""
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    return figure, figure.add_subplot()


def panels(count: int, height: float, *, share: bool = True) -> tuple[Figure, list[Axes]]:
    """A figure of several charts above each other, each so high; they share their scale or not."""
    figure = Figure(figsize=(_WIDTH, height * max(1, count) + 0.5), layout="constrained")
    found = figure.subplots(max(1, count), 1, sharex=share, squeeze=False)
    return figure, list(found[:, 0])


def grid(count: int, columns: int, height: float) -> tuple[Figure, list[Axes]]:
    """A figure of several charts side by side, at most so many in a row, each so high."""
    rows = -(-count // columns)
    figure = Figure(figsize=(_WIDTH, height * rows + 0.5), layout="constrained")
    places = [figure.add_subplot(rows, columns, place) for place in range(1, count + 1)]
    return figure, places


def grouped_bars(
    workers: Sequence[str],
    groups: Sequence[str],
    found: Callable[[str, str], Estimate | None],
    links: Links,
) -> tuple[Figure, Axes]:
    """Lying bars: a group a measure, in it a bar a worker with its interval.

    Args:
        workers: Everyone.
        groups: What is measured.
        found: The estimate of a worker's measure, where there is one.
        links: Where its items are shown.
    """
    figure, axes = canvas(0.75 * len(groups) + 0.3 * len(workers) + 0.6)
    styles = looks(workers)
    height = 0.8 / max(1, len(styles))
    for group, measure in enumerate(groups):
        for place, (worker, look) in enumerate(styles.items()):
            y = group - 0.4 + (place + 0.5) * height
            label = label_of(worker) if not group else "_"
            bar = _bar(axes, found(worker, measure), y, height, look, label)
            link(bar, links, found(worker, measure), measure.replace("_", " "))
    axes.set_ylim(len(groups) - 0.5, -0.5)
    legend(figure, axes)
    return figure, axes


def _bar(
    axes: Axes, estimate: Estimate | None, y: float, height: float, look: Look, label: str
) -> Patch:
    value = 0.0 if estimate is None or estimate.value is None else estimate.value
    bar: Patch
    (bar,) = axes.barh(
        y, value, 0.85 * height, label=label, facecolor=look.fill, edgecolor=look.colour, alpha=0.85
    )
    if estimate is not None and estimate.low is not None and estimate.high is not None:
        ink = look.colour if look.fill == "none" else INK
        axes.hlines(y, estimate.low, estimate.high, color=ink, lw=1)
    return bar


def share_axis(axes: Axes, which: Literal["x", "y"], label: str) -> None:
    """The whole scale, always: a cut axis would make two reports look alike that are not."""
    axes.set(**{f"{which}lim": (0, 1.02), f"{which}label": label})
    axes.grid(axis=which, color=INK, alpha=0.12, lw=0.6)


def legend(figure: Figure, axes: Axes) -> None:
    """Who is drawn how, below the chart."""
    handles, labels = axes.get_legend_handles_labels()
    columns = 2 if len(labels) > 3 and max(map(len, labels)) <= 20 else 1
    if handles:
        figure.legend(handles, labels, loc="outside lower left", ncols=columns)


_STACKED = re.compile("([\u0300-\u036f]{2})[\u0300-\u036f]+")
"""Marks upon marks, which would leave a chart no room."""


def label_of(worker: str) -> str:
    """A worker as a chart names it."""
    # Matplotlib leaves out of the legend whatever begins with an underscore.
    name = re.sub("^_", " _", _STACKED.sub(r"\1", one_line(worker, 36)))
    return f"{name} (simulated)" if is_reference(worker) else name


def svg(figure: Figure, name: str, title: str, description: str) -> Markup:
    """The figure as an element of a page: named, described, in the page's ink and fonts."""
    out = StringIO()
    with warnings.catch_warnings():
        # The browser has the glyphs that the font used for measuring lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        # Not `savefig`, which draws everything once more, for other formats' sake.
        FigureCanvasSVG(figure).print_svg(
            out, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type"))
        )
    drawing = out.getvalue().replace(INK, "currentColor")
    body = re.sub(r"<(metadata|style).*?</\1>", "", drawing[drawing.index("<svg") :], flags=re.S)
    body = re.sub(r'(\bid="|<use xlink:href="#|url\(#)', rf"\1{name}-", body)
    body, links = _LINK.subn(_linked, body)
    body = body.replace("xlink:", "")
    # What is an image has no parts that could be reached.
    role = "group" if links else "img"
    view = re.search(r'viewBox="[\d. ]+"', body)
    opening = (
        f'<svg role="{role}" aria-labelledby="{name}-title {name}-desc" {view[0] if view else ""}>'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
    )
    return Markup(opening + body[body.index(">") + 1 :].rstrip())  # noqa: S704


_LINK = re.compile(r'<a xlink:href="(#[\w-]+)\?([^"]*)"')


def _linked(found: re.Match[str]) -> str:
    return f'<a href="{found[1]}" aria-label="{escape(unquote(found[2]))}"'
