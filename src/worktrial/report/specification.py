"""The search's findings as a page and a terminal show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup
from matplotlib import rc_context

from worktrial.comparison.order import EVERYONE
from worktrial.evidence.findings import Estimate, Findings
from worktrial.reference import by_name, is_reference
from worktrial.report.conversations import Conversations, conversations
from worktrial.report.drawing import (
    STYLE,
    Links,
    canvas,
    grouped_bars,
    key,
    label_of,
    looks,
    point,
    share_axis,
    svg,
    unlinked,
)
from worktrial.report.reading import unique
from worktrial.report.tables import COSTS, Cell, Row, Table, cost_cells
from worktrial.report.words import MISSING, number, plain, points, share, why

TRIAL = "search"
ARMS: Mapping[str, str] = {
    "full_fixed_schema": "all said, form given",
    "full": "all said",
    "concat": "all said, piece by piece",
    "forced_ask": "has to ask first",
    "simulated": "has to be asked for",
}
"""The arms in words, from the one most like a benchmark to the one most like work."""
_MARKERS: Mapping[str, str] = {
    "full_fixed_schema": "o", "full": "s", "concat": "v", "forced_ask": "^", "simulated": "D",
}  # fmt: skip
GAPS: Mapping[str, str] = {
    "specification": "specification gap",
    "schema": "of it schema",
    "elicitation": "of it elicitation",
    "retrieval": "beside it: missed when all is said",
}
_MORE_GAPS = {"shards": "lost when said piece by piece", "forced_asking": "won by having to ask"}
_ASKED = {"elicitation": "of what had to be asked for, told", "on_target": "of what was asked, new"}


@dataclass(frozen=True)
class SearchReading:
    """The search's findings looked up; what is not there reads as `None`."""

    findings: Findings

    @cached_property
    def _mine(self) -> list[Estimate]:
        return [e for e in self.findings.estimates if e.trial == TRIAL]

    @cached_property
    def _found(self) -> dict[tuple[str, str, str | None, str | None], Estimate]:
        alone = (e for e in self._mine if e.minus_worker is None)
        return {(e.worker, e.metric, e.gap, e.arm): e for e in alone}

    @cached_property
    def workers(self) -> list[str]:
        """Everyone on trial, by name and never by score; reference workers last."""
        names = {e.worker for e in self._mine if e.worker != EVERYONE}
        return by_name(names)

    @cached_property
    def arms(self) -> list[str]:
        """The arms that were run, the most benchmark-like first."""
        run = {e.arm for e in self._mine if e.metric == "f1" and e.gap is None}
        return [arm for arm in ARMS if arm in run]

    @cached_property
    def clusters(self) -> int:
        """How many intents there are, at most."""
        return max((e.clusters for e in self._mine if e.clusters is not None), default=0)

    def get(self, worker: str, metric: str, arm: str) -> Estimate | None:
        """A score under an arm."""
        return self._found.get((worker, metric, None, arm))

    def gap(self, worker: str, gap: str) -> Estimate | None:
        """A gap."""
        return next(
            (
                e
                for e in self._mine
                if (e.worker, e.gap, e.minus_worker) == (worker, gap, None) and e.metric == "f1"
            ),
            None,
        )

    def styles(self) -> list[str]:
        """The styles of the simulated user that were met."""
        arms = (e.arm or "" for e in self._mine if e.metric == "f1")
        return unique(arm.partition("/")[2] for arm in arms if arm.startswith("simulated/"))

    @cached_property
    def agreement(self) -> Estimate | None:
        """How far the order when all is said agrees with the order by satisfaction."""
        return next((e for e in self._mine if e.metric == "rank_agreement"), None)


class SearchPage:
    """All that a page shows of a search."""

    def __init__(self, findings: Findings, told: Conversations, links: Links = unlinked) -> None:
        self.reading = SearchReading(findings)
        self.evidence = conversations(self.reading.workers, told)
        anchors = {worker.name: worker.anchor for worker in self.evidence}
        self.tables = search_tables(self.reading, anchors)
        self.charts = [chart(self.reading, links) for chart in (arms_chart, asking_chart)]
        self.agreement = number(self.reading.agreement)

    def sentence(self, worker: str) -> str:
        """What it says of a worker."""
        return search_sentence(self.reading, worker)


def search_sentence(reading: SearchReading, worker: str) -> str:
    """What a search says of a worker, for the person who decides."""
    first = reading.get(worker, "f1", "full_fixed_schema")
    last = reading.get(worker, "f1", "simulated")
    told = reading.get(worker, "elicitation", "simulated")
    text = f"F1 {number(first)} when all is said, {number(last)} when it has to be asked for"
    text += f": {_loss(reading.gap(worker, 'specification'))}."
    if told is not None and told.value is not None:
        text += f" Of what had to be asked for it learned {number(told)}."
    return text


def _loss(gap: Estimate | None) -> str:
    if gap is None or gap.value is None:
        return f"how much it loses cannot be told ({why(gap)})"
    size = number(gap, points, "points")
    if gap.low is not None and gap.low > 0:
        return f"it loses {size}"
    if gap.high is not None and gap.high < 0:
        return f"it gains, a loss of {size}"
    return f"no loss is shown: {size}"


def search_tables(reading: SearchReading, anchors: Mapping[str, str]) -> dict[str, Table]:
    """The tables of the page, by what they show."""
    tables = {
        "arms": _arms(reading, anchors),
        "gaps": _gaps(reading),
        "asking": _asking(reading),
        "outcomes": _outcomes(reading),
        "cost": _cost(reading),
    }
    if reading.styles():
        tables["styles"] = _styles(reading)
    if reading.agreement is not None:
        tables["ranks"] = _ranks(reading)
    return tables


def _arms(reading: SearchReading, anchors: Mapping[str, str]) -> Table:
    rows = [
        Row(
            worker,
            [
                _cell(reading.get(worker, "f1", arm), href=anchors.get(worker))
                for arm in reading.arms
            ]
            + [_cell(reading.get(worker, "satisfaction", "simulated"))]
            + [_cell(_unsupported(reading, worker))],
            is_reference(worker),
        )
        for worker in reading.workers
    ]
    heads = [ARMS[arm] for arm in reading.arms]
    return Table(
        "F1 of the answer under each arm; the simulated user's satisfaction; claims that no "
        "opened page supports",
        ["worker", *heads, "satisfaction", "unsupported"],
        rows,
    )


def _unsupported(reading: SearchReading, worker: str) -> Estimate | None:
    return reading.get(worker, "unsupported", reading.arms[-1]) if reading.arms else None


def _gaps(reading: SearchReading) -> Table:
    run = {e.gap for e in reading.findings.estimates if e.trial == TRIAL}
    more = {gap: text for gap, text in _MORE_GAPS.items() if gap in run}
    names = {**GAPS, **more}
    rows = [
        Row(
            worker,
            [_cell(reading.gap(worker, gap), in_points=True) for gap in names],
            is_reference(worker),
        )
        for worker in reading.workers
    ]
    return Table("The gap in its parts, in points of F1", ["worker", *names.values()], rows)


def _asking(reading: SearchReading) -> Table:
    columns = {
        **_ASKED,
        "premature": "answered before all was known",
        "turns": "turns",
        "questions_per_turn": "questions a turn",
        "words_per_turn": "words a turn",
        "redundant": "asked again",
    }
    rows = [
        Row(
            worker,
            [_cell(reading.get(worker, metric, "simulated"), count=metric in _COUNTED)
             for metric in columns],
            is_reference(worker),
        )
        for worker in reading.workers
    ]  # fmt: skip
    return Table(
        "How it asked, where things had to be asked for", ["worker", *columns.values()], rows
    )


_COUNTED = ("turns", "questions_per_turn", "words_per_turn", "redundant")


def _styles(reading: SearchReading) -> Table:
    styles = reading.styles()
    rows = [
        Row(
            worker,
            [_cell(reading.get(worker, "f1", f"simulated/{style}")) for style in styles]
            + [Cell(_spread(reading, worker, styles))],
            is_reference(worker),
        )
        for worker in reading.workers
    ]
    return Table(
        "F1 by the simulated user's style, and the spread of these: it is the simulator's doing",
        ["worker", *(style.replace("_", " ") for style in styles), "spread, points"],
        rows,
    )


def _spread(reading: SearchReading, worker: str, styles: Sequence[str]) -> str:
    found = (reading.get(worker, "f1", f"simulated/{style}") for style in styles)
    values = [e.value for e in found if e is not None and e.value is not None]
    return points(max(values) - min(values)) if len(values) > 1 else MISSING


def _ranks(reading: SearchReading) -> Table:
    arms = ("full_fixed_schema", "simulated")
    rows = [
        Row(
            worker,
            [_cell(reading.get(worker, "rank", arm), count=True) for arm in arms],
            is_reference(worker),
        )
        for worker in reading.workers
        if reading.get(worker, "rank", arms[0]) is not None
    ]
    known = any(reading.get(worker, "satisfaction", arms[1]) for worker in reading.workers)
    by = "satisfaction" if known else "F1"
    return Table(
        f"Rank by F1 when all is said, and by {by} where it has to be asked for",
        ["worker", "by F1", f"by {by}" if known else "by F1, asked for"],
        rows,
    )


_OUTCOMES = (
    "ok", "refusal", "protocol", "truncated", "user_fault", "judge_fault", "environment_fault",
    "infrastructure",
)  # fmt: skip


def _outcomes(reading: SearchReading) -> Table:
    counted = [o for o in reading.findings.outcomes if o.trial == TRIAL]
    rows = [
        Row(
            worker,
            [Cell(f"{sum(o.count for o in counted if (o.worker, o.outcome) == (worker, name)):,}")
             for name in _OUTCOMES],
            is_reference(worker),
        )
        for worker in reading.workers
    ]  # fmt: skip
    names = (name.replace("_", " ") for name in _OUTCOMES)
    return Table("Conversations by outcome, over all arms", ["worker", *names], rows)


def _cost(reading: SearchReading) -> Table:
    spent = {c.worker: c for c in reading.findings.cost if c.trial == TRIAL}
    rows = [
        Row(worker, cost_cells(spent.get(worker)), is_reference(worker))
        for worker in reading.workers
    ]
    return Table("Tokens, time and money, over all conversations", ["worker", *COSTS], rows)


def _cell(
    estimate: Estimate | None,
    *,
    in_points: bool = False,
    count: bool = False,
    href: str | None = None,
) -> Cell:
    unit = points if in_points else plain if count else share
    note = why(estimate) if estimate is not None and estimate.value is None else ""
    return Cell(number(estimate, unit), f"#{href}" if href else None, note=note)


def arms_chart(reading: SearchReading, links: Links) -> Markup:
    """One row a worker: F1 under every arm."""
    with rc_context(STYLE):
        figure, axes = canvas(0.75 * len(reading.workers) + 1.3)
        shifts = [0.12 * (n - (len(reading.arms) - 1) / 2) for n in range(len(reading.arms))]
        for row, (worker, look) in enumerate(looks(reading.workers).items()):
            for arm, shift in zip(reading.arms, shifts, strict=True):
                marked = look._replace(marker=_MARKERS[arm])
                found = reading.get(worker, "f1", arm)
                point(axes, found, row + shift, marked, links, f"F1, {ARMS[arm]}")
            axes.text(0, row - 0.36, label_of(worker), fontsize=9, va="bottom")
        share_axis(axes, "x", "F1 of the answer")
        axes.set_ylim(len(reading.workers) - 0.4, -0.8)
        axes.yaxis.set_visible(False)
        axes.spines["left"].set_visible(False)
        key(figure, axes, [_MARKERS[a] for a in reading.arms], [ARMS[a] for a in reading.arms])
        return svg(
            figure,
            "arms",
            "F1 by how much is said",
            "For every worker a mark for the F1 of its answers under each arm, each with its "
            "interval. The numbers are in the table below.",
        )


def asking_chart(reading: SearchReading, links: Links) -> Markup:
    """What was learned of what had to be asked for, and what was asked that told something."""
    with rc_context(STYLE):
        figure, axes = grouped_bars(
            reading.workers,
            list(_ASKED),
            lambda worker, metric: reading.get(worker, metric, "simulated"),
            links,
        )
        axes.set_yticks(range(len(_ASKED)), ["learned", "on target"])
        share_axis(axes, "x", "share")
        return svg(
            figure,
            "asking",
            "What was asked against what had to be asked",
            "Bars for the share of what had to be asked for that was learned, and for the share of "
            "what was asked that told something new, with intervals. The numbers are in the "
            "table below.",
        )
