"""What trajectories say of each worker: every metric with its interval, the gap, the worst seen."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from worktrial.conduct.clean import CLAUSES
from worktrial.conduct.events import Event, Known, ModelCall, ToolCall, Trajectory
from worktrial.conduct.metric import Metric
from worktrial.conduct.metrics import METRICS
from worktrial.conduct.metrics.consistency import Consistency, consistency
from worktrial.conduct.metrics.predictability import predictability
from worktrial.conduct.reading import Unread
from worktrial.conduct.tally import CLEAN, COLUMNS, SUCCESS, Column, Row, Tally, Unit, WorkerTally
from worktrial.conduct.timeline import Timeline
from worktrial.estimate import Interval, mean_count, mean_interval
from worktrial.estimate.inputs import FloatArray
from worktrial.estimate.intervals import unbounded
from worktrial.estimate.unseen import unseen_weights
from worktrial.evidence.findings import Estimate, from_interval

SCHEMA = "worktrial/conduct@1"
TRIAL = GAP = "conduct"
CONFIDENCE = "stated_confidence"
SHARES = ("share", "probability")
"""Units of what lies in [0, 1]."""
MOST_WEIGHED = 4_000
"""Ids beyond which shares are bounded as counts are, with no set of weights for each draw."""
_KEPT = 250
"""Ids up to which weights are kept: each metric has its own number of ids, and so its own."""
SCALED = ("tokens", "seconds", "minutes")
"""Units of what is 0 or large: nothing but zeros does not say how large."""
REPLICATED = ("accuracy", "outcome", "actions", "order", "resources")
"""What replicates show, accuracy first: the others say nothing without it."""
_NO_SCALE = "nothing but 0 was seen, which does not say how large it can be"
_NO_BOUNDS = "a statistic of all samples at once; no interval is estimated"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MetricRecord(_Record):
    """What a metric is: see `Metric`."""

    name: str
    family: str
    title: str
    unit: str
    better: Literal["higher", "lower"] | None
    status: Literal["validated", "proposed"]
    formula: str
    source: str


class WorkerRecord(_Record):
    """How much there is of a worker: trajectories, and different samples among them."""

    worker: str
    items: int
    clusters: int


class UnreadRecord(_Record):
    """A log, or a sample of one, that was not read."""

    log: str
    sample: str | None
    why: str


class ConductFindings(BaseModel):
    """Everything that trajectories say, as data.

    Attributes:
        workers: By name, never by score.
        metrics: What the metrics are.
        estimates: Of every worker and metric; one that was not measurable has a `why`.
        unread: What could not be read.
        unmapped: Called tools that no entry of the mapping names, with their samples' number.
        worst: Of each worker the trajectories with the most marked events: examples.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="forbid")
    schema_: Literal["worktrial/conduct@1"] = Field(default="worktrial/conduct@1", alias="schema")
    workers: tuple[WorkerRecord, ...]
    metrics: tuple[MetricRecord, ...]
    estimates: tuple[Estimate, ...]
    unread: tuple[UnreadRecord, ...]
    unmapped: dict[str, int]
    worst: tuple[Timeline, ...]

    def get(self, worker: str, metric: str, gap: str | None = None) -> Estimate | None:
        """One estimate."""
        wanted = (worker, metric, gap)
        return next((e for e in self.estimates if (e.worker, e.metric, e.gap) == wanted), None)

    def text(self) -> str:
        """The record as it is printed; the same findings give the same bytes."""
        record: dict[str, Any] = self.model_dump(mode="json", by_alias=True)
        record["estimates"] = [e.record() for e in self.estimates]
        text = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False)
        # A lone surrogate, of which logs may hold some, becomes the escape that JSON has for it.
        return text.encode(errors="backslashreplace").decode() + "\n"


def conduct_findings(
    trajectories: Iterable[Trajectory | Unread], *, level: float = 0.95
) -> ConductFindings:
    """Estimate every metric of conduct of every worker, in bounded memory.

    Samples of one id in one task are repetitions: they are averaged first, and the ids are what
    is independent. Metrics are means over those ids of what could be measured.

    Args:
        trajectories: What was read, and what could not be; each is let go once it is counted.
        level: Two-sided confidence level, in (0, 1).
    """
    tally, unread = Tally(), list[UnreadRecord]()
    for found in trajectories:
        if isinstance(found, Unread):
            unread.append(UnreadRecord(log=found.log, sample=found.sample, why=found.why))
        elif first := tally.repeated(found):
            why = f"left out: the same sample, event for event, was read from {first}"
            unread.append(UnreadRecord(log=found.log, sample=found.sample, why=why))
        else:
            tally.add(found)
    workers = sorted(tally.workers)
    return ConductFindings(
        workers=tuple(_worker(name, tally.workers[name]) for name in workers),
        metrics=tuple(map(_metric, METRICS.values())),
        estimates=tuple(
            e for name in workers for e in _WorkerFindings(name, tally, level).estimates()
        ),
        unread=tuple(unread),
        unmapped=dict(sorted(tally.unmapped.items())),
        worst=tuple(told for name in workers for told in tally.workers[name].worst),
    )


def _worker(name: str, tally: WorkerTally) -> WorkerRecord:
    return WorkerRecord(worker=name, items=tally.samples, clusters=len(tally.rows))


def _metric(metric: Metric) -> MetricRecord:
    return MetricRecord.model_validate({n: getattr(metric, n) for n in MetricRecord.model_fields})


class _WorkerFindings:
    """What one worker's numbers say."""

    def __init__(self, name: str, tally: Tally, level: float) -> None:
        self.name, self.all, self.level = name, tally, level
        self.mine = tally.workers[name]

    def estimates(self) -> Iterator[Estimate]:
        """Every metric, then the gap and its clauses, then what needs several samples."""
        yield from (self._mean(name, metric.unit) for name, metric in METRICS.items())
        yield from (self._mean(name, "share") for name in (SUCCESS, CLEAN))
        yield self._gap()
        yield from (self._mean(name, "share") for name in CLAUSES)
        yield from self._replicated()
        yield from self._predicted()

    def _mean(self, name: str, unit: str) -> Estimate:
        column = self.mine.column(name)
        if not column.items:
            return self._missing(name, self.mine.why(name))
        if unit in SCALED and not column.means.any():
            return self._plain(name, 0.0, column, why=_NO_SCALE)
        return self._told(name, _bounded(unit, column.means, self.level), column.items)

    def _plain(self, name: str, value: float, column: Column, *, why: str) -> Estimate:
        """A number without bounds, and why it has none."""
        many = len(column.means)
        return self._told(
            name, unbounded(value, level=self.level, clusters=many, why=why), column.items
        )

    def _told(self, name: str, interval: Interval, items: int, **more: object) -> Estimate:
        identity = f"{TRIAL}/{self.name}/{name}"
        fields = {"id": identity, "trial": TRIAL, "metric": name, "worker": self.name, **more}
        return from_interval(interval, **{**fields, "items": items})

    def _missing(self, name: str, why: str, **more: object) -> Estimate:
        nothing = unbounded(np.nan, level=self.level, clusters=0, why=why)
        return self._told(name, nothing, 0, **more)

    def _gap(self) -> Estimate:
        """Success less clean success, over the samples in which both are known."""
        pairs = [values[~np.isnan(values).any(axis=1)] for values in self.mine.of(SUCCESS, CLEAN)]
        known = np.array([values.mean(axis=0) for values in pairs if len(values)])
        more = {"id": f"{TRIAL}/{self.name}/conduct-gap", "gap": GAP}
        if not known.size:
            return self._missing(CLEAN, self.mine.why(CLEAN), **more)
        # It lies in [0, 1] as success does: what is clean is a part of it.
        found = _bounded("share", known[:, 0] - known[:, 1], self.level)
        return self._told(CLEAN, found, sum(map(len, pairs)), **more)

    def _replicated(self) -> Iterator[Estimate]:
        """Consistency, where samples were repeated: means over those samples."""
        groups = self.mine.repeated()
        found = [(unit, len(rows), self._consistency(unit, rows)) for unit, rows in groups]
        for name in REPLICATED if found else ():
            measured = [(unit, many, getattr(alike, name)) for unit, many, alike in found]
            known = [each for each in measured if each[2].value is not None]
            if known:
                means = _by_unit([(unit, each.value) for unit, _, each in known])
                interval = _bounded("share", means, self.level)
                items = sum(many for _, many, _ in known)
                yield self._told(f"consistency_{name}", interval, items)
            else:
                yield self._missing(f"consistency_{name}", measured[0][2].why)

    def _consistency(self, unit: Unit, rows: Sequence[Row]) -> Consistency:
        """What the repetitions of one sample show, from what was kept of them."""
        names = list(self.all.tools)
        return consistency([[_replayed(unit, row, names) for row in rows]])

    def _predicted(self) -> Iterator[Estimate]:
        """How good stated confidences were, where there are any of samples that were scored."""
        pairs = [v[~np.isnan(v).any(axis=1)] for v in self.mine.of(CONFIDENCE, SUCCESS)]
        stated = np.concatenate([np.empty((0, 2)), *pairs])
        if not len(stated):
            return
        errors = [((v[:, 0] - (v[:, 1] >= 1)) ** 2).mean() for v in pairs if len(v)]
        found = predictability(stated[:, 0].tolist(), stated[:, 1].tolist())
        brier = _bounded("share", np.array(errors), self.level)
        yield self._told("brier", brier, len(stated))
        for name in ("ece", "auroc"):
            yield self._statistic(name, getattr(found, name), len(stated), len(errors))

    def _statistic(self, name: str, measure: Any, items: int, clusters: int) -> Estimate:
        if measure.value is None:
            return self._missing(name, measure.why or "no reason was given")
        nothing = unbounded(measure.value, level=self.level, clusters=clusters, why=_NO_BOUNDS)
        return self._told(name, nothing, items)


def _bounded(unit: str, means: FloatArray, level: float) -> Interval:
    """The mean of a share, or of what has no largest value, in little memory."""
    if unit not in SHARES or means.min() < 0 or means.max() > 1:
        return mean_count(means, level=level)
    if means.size > MOST_WEIGHED:
        found = mean_count(means, level=level)
        return replace(found, high=min(found.high, 1.0))
    found = mean_interval(means, level=level)
    if means.size > _KEPT:
        unseen_weights.cache_clear()
    return found


def _by_unit(values: Iterable[tuple[Unit, float]]) -> FloatArray:
    """Conditions averaged: repeated under two, a sample is still one."""
    found = defaultdict[Unit, list[float]](list)
    for unit, value in values:
        found[unit].append(value)
    return np.array([np.mean(each) for each in found.values()])


def _replayed(unit: Unit, row: Row, names: Sequence[str]) -> Trajectory:
    """As much of a trajectory as its row holds."""
    counts = [None if n < 0 else n for n in row.tokens]
    events: list[Event] = [
        ModelCall(0.0, tokens_in=read, tokens_out=written)
        for read, written in zip(counts[::2], counts[1::2], strict=True)
    ]
    events += [ToolCall(0.0, names[tool]) for tool in row.tools]
    success = row.values[COLUMNS.index(SUCCESS)]
    known = Known(success=None if np.isnan(success) else success)
    return Trajectory("", unit[0], "", unit[1], 0, tuple(events), known)
