"""What trajectories say, as one self-contained page, with the worst of them event by event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from worktrial.conduct.clean import CLAUSES
from worktrial.conduct.findings import ConductFindings, MetricRecord
from worktrial.conduct.timeline import Moment, Timeline
from worktrial.report.conduct import ConductRow, WorkerConduct
from worktrial.report.page import environment, style
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import known

_FOLDED = 240
"""A text beyond so many characters, or more than a few lines, is folded."""
_FOLDED_LINES = 4
_TOOLS = 60
_UNREAD = 100


class Step(NamedTuple):
    """An event that is shown, and how many before it are left out."""

    moment: Moment
    left_out: int
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A trajectory that is shown."""

    story: Timeline
    success: str
    steps: tuple[Step, ...]
    after: int


@dataclass(frozen=True)
class ShownWorker:
    """All that is shown of one worker."""

    anchor: str
    name: str
    samples: str
    tables: tuple[Table, ...]
    missing: tuple[tuple[str, str], ...]
    worst: tuple[Told, ...]


def render_conduct(found: ConductFindings) -> str:
    """Write the page of what trajectories say.

    Args:
        found: What was found.

    Returns:
        HTML that needs nothing else and runs no script. The same findings give the same bytes.
    """
    workers = [_worker(found, w.worker, n) for n, w in enumerate(found.workers, 1)]
    most = sorted(found.unmapped.items(), key=lambda tool: (-tool[1], tool[0]))
    return (
        environment()
        .get_template("conduct_page.html.j2")
        .render(
            css=style(),
            workers=workers,
            metrics=found.metrics,
            clauses=CLAUSES,
            unmapped=most[:_TOOLS],
            more_unmapped=max(0, len(most) - _TOOLS),
            unread=found.unread[:_UNREAD],
            more_unread=max(0, len(found.unread) - _UNREAD),
            folded=_folded,
        )
    )


def _worker(found: ConductFindings, name: str, number: int) -> ShownWorker:
    conduct = WorkerConduct(found, name)
    record = next(w for w in found.workers if w.worker == name)
    words = {m.name: _mark(m) for m in found.metrics}
    repeated = f", {record.clusters} different" if record.clusters < record.items else ""
    return ShownWorker(
        anchor=f"w{number}",
        name=name,
        samples=f"{record.items} samples{repeated}",
        tables=tuple(_tables(conduct)),
        missing=tuple((", ".join(names), reason) for reason, names in conduct.missing().items()),
        worst=tuple(_told(told, words) for told in found.worst if told.worker == name),
    )


def _tables(conduct: WorkerConduct) -> Iterator[Table]:
    yield _table("Conduct gap, and what it is made of", conduct.gap())
    for words, rows in conduct.families():
        yield _table(words.capitalize(), rows)
    if rows := conduct.consistency():
        yield _table("Consistency of repeated samples, beside their accuracy", rows)


def _table(caption: str, rows: Sequence[ConductRow]) -> Table:
    return Table(
        caption,
        ["metric", "mean", "samples", "status"],
        [
            Row(r.name, [Cell(r.text, note=r.why), Cell(f"{r.items:,}"), Cell(r.status or "–")])
            for r in rows
        ],
    )


def _mark(metric: MetricRecord) -> str:
    """What a metric says of an event that it blames."""
    return metric.title if metric.better == "lower" else f"against: {metric.title}"


def _told(story: Timeline, words: dict[str, str]) -> Told:
    steps, before = [], -1
    for moment in story.moments:
        named = tuple(words.get(name, f"breaks clean success: not {name}") for name in moment.marks)
        steps.append(Step(moment, moment.place - before - 1, named))
        before = moment.place
    return Told(story, known(story.success), tuple(steps), story.events - before - 1)


def _folded(text: str) -> bool:
    return len(text) > _FOLDED or text.count("\n") >= _FOLDED_LINES
