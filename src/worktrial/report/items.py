"""The items behind the numbers: what each scored under the proxy arm and at work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from worktrial.comparison.panel import Panel
from worktrial.evidence import Source
from worktrial.reference import is_reference
from worktrial.report.drawing import Links
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.viewer import Viewer
from worktrial.report.words import known, one_line, points

MOST_ITEMS = 200
"""Of a worker and a trial; the rest is in the evidence."""
_NAME = 80

Opened = Callable[[str, str, str], str | None]
"""Where a sample of a trial and a worker is told, by all three; `None` where it is not."""


class Observed(NamedTuple):
    """What the items of a trial scored, and where each lies at work, by worker and item."""

    panel: Panel
    sources: Mapping[tuple[str, str], Source]


@dataclass(frozen=True, slots=True)
class WorkerItems:
    """The items of a worker in a trial, those that fell the furthest first."""

    anchor: str
    worker: str
    reference: bool
    table: Table
    left_out: int


@dataclass(frozen=True, slots=True)
class TrialItems:
    """The items of a trial."""

    trial: str
    workers: Sequence[WorkerItems]


class Items:
    """The items of every trial, by worker."""

    def __init__(
        self, observed: Mapping[str, Observed], opened: Opened, viewer: Viewer | None = None
    ) -> None:
        """Lay out what was scored.

        Args:
            observed: By trial, everyone's scores.
            opened: Where a sample is told.
            viewer: Where all of them are, if it lies beside the page.
        """

        def href(trial: str, worker: str, item: str) -> str | None:
            """Where an item is told on the page, or else in the viewer."""
            source = observed[trial].sources.get((worker, item))
            told = opened(trial, worker, source.sample if source else item)
            return told or (viewer.href(*source) if viewer and source else None)

        self.trials = [
            TrialItems(
                trial,
                [_of_worker(of.panel, worker, href) for worker in of.panel.workers],
            )
            for trial, of in observed.items()
        ]


def item_links(observed: Mapping[str, Observed]) -> Links:
    """Where the items of a trial and a worker are shown, by both; known before they are laid out.

    Args:
        observed: By trial, everyone's scores.
    """

    def link(trial: str, worker: str) -> str | None:
        panel = observed[trial].panel if trial in observed else None
        there = panel is not None and worker in panel.workers
        return f"#{_anchor(panel, worker)}" if panel is not None and there else None

    return link


def _anchor(panel: Panel, worker: str) -> str:
    return f"items-{panel.trial}-{panel.workers.index(worker) + 1}"


def _of_worker(panel: Panel, worker: str, opened: Opened) -> WorkerItems:
    row = panel.workers.index(worker)
    proxy, work = panel.under_proxy[row], panel.under_work[row]
    there = [i for i in range(len(panel.items)) if not np.isnan([proxy[i], work[i]]).all()]
    lost = np.nan_to_num(proxy - work, nan=-np.inf)
    order = sorted(there, key=lambda i: (-lost[i], np.nan_to_num(work[i]), panel.items[i]))
    rows = []
    for i in order[:MOST_ITEMS]:
        href = opened(panel.trial, worker, panel.items[i])
        loss = Cell(points(proxy[i] - work[i]) if np.isfinite(lost[i]) else "–")
        rows.append(
            Row(
                one_line(panel.items[i], _NAME),
                [Cell(_known(proxy[i])), Cell(_known(work[i]), href), loss],
            )
        )
    table = Table(
        f"{panel.metric.replace('_', ' ')} {panel.in_words[0]} and {panel.in_words[1]}",
        ["item", "proxy", "work", "loss, points"],
        rows,
    )
    return WorkerItems(
        _anchor(panel, worker),
        worker,
        is_reference(worker),
        table,
        max(0, len(order) - MOST_ITEMS),
    )


def _known(value: float) -> str:
    return known(None if np.isnan(value) else float(value))
