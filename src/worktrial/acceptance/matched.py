"""Labels held against what a run observed: each job with its scores under both arms."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from worktrial.acceptance.labels import Label
from worktrial.comparison.panel import FloatArray, Panel
from worktrial.evidence import Evidence
from worktrial.protocol import Measurement
from worktrial.trial import AnyTrial


class Matched(NamedTuple):
    """The labelled jobs of a trial; arrays have one entry a job, NaN is missing.

    Attributes:
        panel: Of which metric, under which arms.
        workers: Who did each job.
        items: Which item it is of.
        clusters: The independent unit it belongs to.
        proxy: Its score under the proxy arm, replicates averaged unless the label names one.
        work: Its score at work, likewise.
        accepted: 1 or 0.
        minutes: To mend it.
        unlabelled: By worker, jobs with a score at work and no label.
        unscored: By worker, labels of jobs without a score at work.
        labels: Which of the labels they are, by place.
    """

    panel: Panel
    workers: Sequence[str]
    items: Sequence[str]
    clusters: Sequence[str]
    proxy: FloatArray
    work: FloatArray
    accepted: FloatArray
    minutes: FloatArray
    unlabelled: Mapping[str, int]
    unscored: Mapping[str, int]
    labels: frozenset[int]

    def of(self, worker: str) -> FloatArray:
        """Which jobs are of a worker; a mask."""
        return np.array([name == worker for name in self.workers], dtype=bool)

    @property
    def gap(self) -> FloatArray:
        """What the proxy hides of work, job by job; NaN where the arms share no scale."""
        if not self.panel.comparable:
            return np.full(self.proxy.shape, np.nan)
        gap: FloatArray = self.proxy - self.work
        return gap


def match(
    trial: AnyTrial, evidence: Evidence, measured: Measurement, labels: Sequence[Label]
) -> Matched | None:
    """Hold labels against a trial's observations.

    Args:
        trial: Whose jobs they may be.
        evidence: Its observations.
        measured: Its part of the protocol.
        labels: Of any trial of the run.

    Returns:
        Its labelled jobs; `None` if it has no two arms to compare.
    """
    workers = evidence.workers()
    panel = trial.item_panel(evidence, measured, workers)
    if panel is None:
        return None
    panels = {
        replicate: _Places.of(of)
        for replicate, of in _by_replicate(trial, evidence, measured, panel, labels).items()
    }
    clusters = dict(evidence.query("select item, any_value(cluster) from evidence group by item"))
    mine = [
        (place, label)
        for place, label in enumerate(labels)
        if label.trial in (None, trial.name)
        if label.replicate in panels and panels[label.replicate].know(label)
    ]
    said = [(place, label) for place, label in mine if label.accepted is not None]
    scores = [panels[label.replicate].scores(label) for _, label in said]
    table = np.array(scores, dtype=float).reshape(-1, 2)
    known = ~np.isnan(table[:, 1])
    kept = [label for (_, label), there in zip(said, known, strict=True) if there]
    return Matched(
        panel=panel,
        workers=[label.worker for label in kept],
        items=[label.item for label in kept],
        clusters=[str(clusters.get(label.item, label.item)) for label in kept],
        proxy=table[known, 0],
        work=table[known, 1],
        accepted=np.array([float(bool(label.accepted)) for label in kept]),
        minutes=np.array([np.nan if v.minutes is None else v.minutes for v in kept], dtype=float),
        unlabelled=_unlabelled(panel, kept),
        unscored=_counted([v for (_, v), there in zip(said, known, strict=True) if not there]),
        labels=frozenset(place for place, _ in mine),
    )


def _by_replicate(
    trial: AnyTrial,
    evidence: Evidence,
    measured: Measurement,
    whole: Panel,
    labels: Sequence[Label],
) -> dict[int | None, Panel]:
    """The panel of all replicates together, and of each one that a label names."""
    found: dict[int | None, Panel] = {None: whole}
    there = {n for (n,) in evidence.query("select distinct replicate from evidence")}
    for number in sorted({v.replicate for v in labels if v.replicate is not None} & there):
        only = evidence.repetition(number)
        panel = trial.item_panel(only, measured, only.workers())
        if panel is not None:
            found[number] = panel
    return found


class _Places(NamedTuple):
    """Where a worker's scores of an item stand in a panel."""

    panel: Panel
    rows: Mapping[str, int]
    columns: Mapping[str, int]

    @classmethod
    def of(cls, panel: Panel) -> "_Places":
        """Look each name up once: there may be many labels."""
        rows, columns = ({n: i for i, n in enumerate(x)} for x in (panel.workers, panel.items))
        return cls(panel, rows, columns)

    def know(self, label: Label) -> bool:
        """Whether the job is one of the panel's."""
        return label.worker in self.rows and label.item in self.columns

    def scores(self, label: Label) -> tuple[float, float]:
        """Of the job, under the proxy arm and at work."""
        at = self.rows[label.worker], self.columns[label.item]
        return float(self.panel.under_proxy[at]), float(self.panel.under_work[at])


def _unlabelled(panel: Panel, kept: Sequence[Label]) -> dict[str, int]:
    labelled = {(label.worker, label.item) for label in kept}
    return {
        worker: sum(
            not np.isnan(score) and (worker, item) not in labelled
            for item, score in zip(panel.items, row, strict=True)
        )
        for worker, row in zip(panel.workers, panel.under_work, strict=True)
    }


def _counted(labels: Sequence[Label]) -> dict[str, int]:
    return dict(Counter(label.worker for label in labels))
