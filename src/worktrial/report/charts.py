"""Charts as static SVG, drawn in an ink that the page decides: `currentColor`."""

import re
import warnings
from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import cycle
from typing import Any, Literal, NamedTuple

from markupsafe import Markup, escape
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from worktrial.evidence.findings import Estimate
from worktrial.report.reading import Reading, is_reference, threshold
from worktrial.report.words import one_line, percent

_INK = "#010203"
"""A colour that nothing else has, so that it can be replaced by the page's own."""
# Okabe and Ito's palette for all kinds of colour vision, less black and its too pale yellow.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
Dashes = str | tuple[int, tuple[int, ...]]
_LINES: tuple[Dashes, ...] = ("-", "--", "-.", (0, (5, 1, 1, 1, 1, 1)))
_ANATOMY = ("missing", "extra", "altered", "moved")
_WIDTH = 4.8
"""Inches; a phone shows it at about its natural size, so that its text can be read there."""
_MOST_BANDS = 4
_STYLE: dict[Any, Any] = {
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
    **{f"{part}.color": _INK for part in ("text", "xtick", "ytick")},
    "axes.labelcolor": _INK,
    "axes.edgecolor": _INK,
    "savefig.transparent": True,
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


def gap_chart(reading: Reading) -> Markup:
    """One row a worker: fidelity after the first round trip and after the last."""
    with rc_context(_STYLE):
        figure, axes = _canvas(0.62 * len(reading.workers) + 1.1)
        for row, (worker, look) in enumerate(looks(reading.workers).items()):
            _gap_row(axes, reading, worker, look, row)
        _fidelity_axis(axes, "x", "fidelity (share of the document left)")
        axes.set_ylim(len(reading.workers) - 0.4, -0.75)
        axes.yaxis.set_visible(False)
        axes.spines["left"].set_visible(False)
        _key(figure, axes, ["o", "D"], [f"after {n} legs" for n in (reading.first, reading.last)])
        return _svg(
            figure,
            "gap",
            "The horizon gap",
            "For every worker a dot for the fidelity after the first round trip and a diamond for "
            "that after the last, each with its interval. The numbers are in the table below.",
        )


def _gap_row(axes: Axes, reading: Reading, worker: str, look: Look, row: int) -> None:
    ends = [reading.at(worker, leg) for leg in (reading.first, reading.last)]
    values = [e.value for e in ends if e is not None and e.value is not None]
    axes.plot(values, [row] * len(values), color=look.colour, alpha=0.35, lw=1, ls=look.line)
    for estimate, marker, shift in zip(ends, ("o", "D"), (-0.07, 0.07), strict=True):
        _point(axes, estimate, row + shift, look._replace(marker=marker))
    axes.text(0, row - 0.28, _label(worker), fontsize=9, va="bottom")


def _point(axes: Axes, estimate: Estimate | None, y: float, look: Look) -> None:
    """A value and its interval, lying."""
    if estimate is None or estimate.value is None:
        return
    if estimate.low is not None and estimate.high is not None:
        axes.hlines(y, estimate.low, estimate.high, color=look.colour, lw=1.6)
    axes.plot(estimate.value, y, look.marker, color=look.colour, mfc=look.fill, ms=6, clip_on=False)


def _key(figure: Figure, axes: Axes, markers: Sequence[str], labels: Sequence[str]) -> None:
    handles = [axes.plot([], [], m, color=_INK, ms=5)[0] for m in markers]
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))


def curve_chart(reading: Reading) -> Markup:
    """Fidelity over the legs, with intervals, bands and thresholds."""
    with rc_context(_STYLE):
        figure, axes = _canvas(3.7 + 0.16 * len(reading.workers))
        real = [worker for worker in reading.workers if not is_reference(worker)]
        for place, (worker, look) in enumerate(looks(reading.workers).items()):
            shift = 0.12 * (place - (len(reading.workers) - 1) / 2)
            shaded = worker in real[:_MOST_BANDS] and len(real) <= _MOST_BANDS
            _curve(axes, reading.curve(worker), look, _label(worker), shift=shift, shaded=shaded)
        for arm in reading.thresholds:
            axes.axhline(threshold(arm), color=_INK, lw=0.6, ls=(0, (1, 3)))
            axes.text(1.005, threshold(arm), percent(arm), fontsize=8, va="center",
                      transform=axes.get_yaxis_transform())  # fmt: skip
        axes.set_xlabel("legs (two to a round trip)")
        axes.set_xticks(_ticks(reading))
        _fidelity_axis(axes, "y", "fidelity (share left)")
        _legend(figure, axes)
        return _svg(
            figure,
            "curves",
            "Fidelity over the relay",
            "A line for every worker: mean fidelity after every round trip, bars for pointwise "
            "intervals, shading for simultaneous bands, dotted level lines for the thresholds. "
            "The numbers are in the table below.",
        )


def _curve(
    axes: Axes, curve: list[Estimate], look: Look, label: str, *, shift: float, shaded: bool
) -> None:
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


def _ticks(reading: Reading) -> list[int]:
    """At most about ten legs to name on the axis."""
    stride = 2 * max(1, round((reading.last - reading.first) / 20))
    return list(range(reading.first, reading.last + 1, stride))


def anatomy_chart(reading: Reading) -> Markup:
    """What the documents lost at the end, by kind of damage: a group a kind, a bar a worker."""
    with rc_context(_STYLE):
        figure, axes = _canvas(0.75 * len(_ANATOMY) + 0.3 * len(reading.workers) + 0.6)
        styles = looks(reading.workers)
        height = 0.8 / max(1, len(styles))
        for group, metric in enumerate(_ANATOMY):
            for place, (worker, look) in enumerate(styles.items()):
                y = group - 0.4 + (place + 0.5) * height
                label = _label(worker) if not group else "_"
                _bar(axes, reading.at(worker, reading.last, metric), y, height, look, label)
        axes.set_yticks(range(len(_ANATOMY)), _ANATOMY)
        axes.set_ylim(len(_ANATOMY) - 0.5, -0.5)
        axes.set_xlim(left=0)
        axes.locator_params(axis="x", nbins=5)
        axes.set_xlabel("share of the original document")
        _legend(figure, axes)
        return _svg(
            figure,
            "anatomy",
            "Where the loss went",
            f"Bars for what is missing, extra, altered and moved after {reading.last} legs, as a "
            "share of the original, with intervals. The numbers are in the table below.",
        )


def _bar(
    axes: Axes, estimate: Estimate | None, y: float, height: float, look: Look, label: str
) -> None:
    value = 0.0 if estimate is None or estimate.value is None else estimate.value
    axes.barh(
        y, value, 0.85 * height, label=label, facecolor=look.fill, edgecolor=look.colour, alpha=0.85
    )
    if estimate is not None and estimate.low is not None and estimate.high is not None:
        ink = look.colour if look.fill == "none" else _INK
        axes.hlines(y, estimate.low, estimate.high, color=ink, lw=1)


def _canvas(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    FigureCanvasSVG(figure)
    return figure, figure.add_subplot()


def _fidelity_axis(axes: Axes, which: Literal["x", "y"], label: str) -> None:
    """The whole scale, always: a cut axis would make two reports look alike that are not."""
    axes.set(**{f"{which}lim": (0, 1.02), f"{which}label": label})
    axes.grid(axis=which, color=_INK, alpha=0.12, lw=0.6)


def _legend(figure: Figure, axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    columns = 2 if len(labels) > 3 and max(map(len, labels)) <= 20 else 1
    if handles:
        figure.legend(handles, labels, loc="outside lower left", ncols=columns)


def _label(worker: str) -> str:
    # Matplotlib leaves out of the legend whatever begins with an underscore.
    name = re.sub("^_", " _", one_line(worker, 36))
    return f"{name} (simulated)" if is_reference(worker) else name


def _svg(figure: Figure, name: str, title: str, description: str) -> Markup:
    """The figure as an element of a page: named, described, in the page's ink and fonts."""
    out = StringIO()
    with warnings.catch_warnings():
        # The browser has the glyphs that the font used for measuring lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(
            out, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type"))
        )
    drawing = out.getvalue().replace(_INK, "currentColor")
    body = re.sub(r"<(metadata|style).*?</\1>", "", drawing[drawing.index("<svg") :], flags=re.S)
    body = re.sub(r'(\bid="|xlink:href="#|url\(#)', rf"\1{name}-", body).replace("xlink:", "")
    view = re.search(r'viewBox="[\d. ]+"', body)
    opening = (
        f'<svg role="img" aria-labelledby="{name}-title {name}-desc" {view[0] if view else ""}>'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
    )
    return Markup(opening + body[body.index(">") + 1 :].rstrip())  # noqa: S704
