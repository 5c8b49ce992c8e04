"""The items behind the numbers: what each scored under the proxy arm and at work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from worktrial.comparison.panel import Panel
from worktrial.reference import is_reference
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import known, one_line, points

MOST_ITEMS = 200
"""Of a worker and a trial; the rest is in the evidence."""
_NAME = 80

Opened = Callable[[str, str, str], str | None]
"""Where a sample of a trial and a worker is told, by all three; `None` where it is not."""


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

    def __init__(self, panels: Mapping[str, Panel], opened: Opened) -> None:
        """Lay out what was scored.

        Args:
            panels: By trial, everyone's scores.
            opened: Where a sample is told.
        """
        self.trials = [
            TrialItems(
                trial,
                [_of_worker(panel, worker, n, opened) for n, worker in enumerate(panel.workers, 1)],
            )
            for trial, panel in panels.items()
        ]
        self._anchors = {
            (of.trial, worker.worker): worker.anchor for of in self.trials for worker in of.workers
        }

    def link(self, trial: str, worker: str) -> str | None:
        """Where the items of a trial and a worker are shown."""
        anchor = self._anchors.get((trial, worker))
        return f"#{anchor}" if anchor else None


def _of_worker(panel: Panel, worker: str, place: int, opened: Opened) -> WorkerItems:
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
        f"items-{panel.trial}-{place}",
        worker,
        is_reference(worker),
        table,
        max(0, len(order) - MOST_ITEMS),
    )


def _known(value: float) -> str:
    return known(None if np.isnan(value) else float(value))
