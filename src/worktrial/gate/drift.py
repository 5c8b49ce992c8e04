"""Drift: a run's evidence against an earlier one's, item by item."""

from dataclasses import dataclass, replace

import numpy as np

from worktrial.errors import ConfigError, NotComparableError
from worktrial.estimate import Equivalence, Interval, equivalence, paired_difference
from worktrial.estimate.inputs import FloatArray
from worktrial.evidence import Evidence, RunFolder
from worktrial.gate.policy import Drift
from worktrial.gate.selection import matches, nearest
from worktrial.protocol import Manifest
from worktrial.running.trials import TRIALS


@dataclass(frozen=True)
class Runs:
    """The run on trial and the one it is held against.

    Attributes:
        now: The run's folder.
        before: The baseline's, found comparable.
    """

    now: RunFolder
    before: RunFolder | None

    @classmethod
    def of(cls, now: RunFolder, before: RunFolder | None) -> "Runs":
        """Two runs that measured the same.

        Raises:
            NotComparableError: If they did not, naming what differs.
        """
        if before is not None:
            one, other = Manifest.read(now.protocol), Manifest.read(before.protocol)
            if one.sha256 != other.sha256:
                differing = ", ".join(map(str, one.differences(other))) or "measurement"
                raise NotComparableError(
                    f"{now.path} and {before.path} cannot be compared; they differ in {differing}"
                )
        return cls(now, before)

    @property
    def workers(self) -> list[str]:
        """Everyone in the run on trial."""
        return Evidence(self.now.evidence).workers()

    def change(self, worker: str, asked: Drift) -> Interval | str:
        """How much worse a worker is than in the baseline; or why nothing can be compared.

        Positive is worse: a loss where `at_most_loss` is asked, a rise where `at_most_rise` is.

        Raises:
            ConfigError: If there is no baseline, or it lacks the worker.
        """
        risen = self._risen(worker, asked)
        if isinstance(risen, str):
            return risen
        worse = -risen if asked.at_most_loss is not None else risen
        found = paired_difference(worse, np.zeros(worse.size))
        return found if worse.size else replace(found, why=_NOTHING_SHARED)

    def drift(self, worker: str, asked: Drift) -> Equivalence | str:
        """Whether a worker is level with itself in the baseline; or why it cannot be compared.

        The difference is now minus the baseline: positive is higher now.

        Raises:
            ConfigError: If there is no baseline, or no margin that is of the metric.
        """
        risen = self._risen(worker, asked)
        if isinstance(risen, str):
            return risen
        found = equivalence(risen, np.zeros(risen.size), margin=self._margin(asked))
        if risen.size:
            return found
        return replace(found, difference=replace(found.difference, why=_NOTHING_SHARED))

    def snapshots(self, worker: str, asked: Drift) -> tuple[str | None, str | None]:
        """The model that the provider said it was, in the baseline and now."""
        if self.before is None:
            return None, None
        named = ((self.before, asked.baseline_worker or worker), (self.now, worker))
        found = [Manifest.read(run.protocol).worker.get(name) for run, name in named]
        before, now = (each.snapshot if each else None for each in found)
        return before, now

    def _risen(self, worker: str, asked: Drift) -> FloatArray | str:
        """Now minus the baseline, shape (clusters,); or why nothing can be compared."""
        if self.before is None:
            raise ConfigError("a gate on drift needs `--baseline RUN`; name the earlier run")
        earlier = asked.baseline_worker or worker
        one, other = Evidence(self.before.evidence), Evidence(self.now.evidence)
        if earlier not in one.workers():
            return f"the baseline has no worker {earlier}; {nearest(earlier, one.workers())}"
        for evidence, name in ((one, earlier), (other, worker)):
            if not _scores(evidence, name, asked):
                return _lacking(evidence, name, asked)
        return _paired(_scores(one, earlier, asked), _scores(other, worker, asked))

    def _margin(self, asked: Drift) -> float:
        """The one asked for, or that of the trial whose primary metric this is."""
        if asked.margin is not None:
            return asked.margin
        trial, evidence = TRIALS.get(asked.trial), Evidence(self.now.evidence)
        measured = Manifest.read(self.now.protocol).measurement.get(asked.trial)
        if trial is not None and measured is not None:
            panel = trial.panel(evidence.of(trial.name), measured, evidence.workers())
            if panel is not None and panel.metric == asked.metric:
                return trial.margin
        raise ConfigError(
            f"the trial {asked.trial} has no margin of its own for {asked.metric}; write "
            "`margin: D`, a change that does not matter"
        )


_NOTHING_SHARED = "no item is in both runs"

Scores = dict[tuple[str, str], float]
"""A mean value by cluster and item."""


def _scores(evidence: Evidence, worker: str, asked: Drift) -> Scores:
    rows = evidence.query(
        "select cluster, item, step, arm, value from evidence "
        "where worker = ? and metric = ? and trial = ? order by all",
        [worker, asked.metric, asked.trial],
    )
    rows = [row for row in rows if matches(row[3], asked.arm)]
    last = max((row[2] for row in rows), default=0)
    step = last if asked.step == "last" else asked.step
    found: dict[tuple[str, str], list[float]] = {}
    for cluster, item, at, _, value in rows:
        if at == step:
            found.setdefault((cluster, item), []).append(np.nan if value is None else value)
    return {key: _mean(values) for key, values in found.items()}


def _mean(values: list[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else np.nan


def _lacking(evidence: Evidence, worker: str, asked: Drift) -> str:
    rows = evidence.query("select distinct metric from evidence where worker = ?", [worker])
    there = nearest(asked.metric, {metric for (metric,) in rows})
    return f"no `metric` {asked.metric} of {worker} at step {asked.step}; {there}"


def _paired(before: Scores, now: Scores) -> FloatArray:
    """Items are paired, then averaged within their cluster; clusters are independent."""
    by_cluster: dict[str, list[float]] = {}
    for cluster, item in before.keys() & now.keys():
        difference = now[cluster, item] - before[cluster, item]
        by_cluster.setdefault(cluster, []).append(difference)
    return np.array([_mean(by_cluster[cluster]) for cluster in sorted(by_cluster)])
