"""Drift: a run's evidence against an earlier one's, item by item."""

from dataclasses import dataclass, replace

import numpy as np

from worktrial.errors import ConfigError, NotComparableError
from worktrial.estimate import Interval, paired_difference
from worktrial.evidence import Evidence, RunFolder
from worktrial.gate.policy import Drift
from worktrial.gate.selection import matches, nearest
from worktrial.protocol import Manifest


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
        if self.before is None:
            raise ConfigError("a gate on drift needs `--baseline RUN`; name the earlier run")
        earlier = asked.baseline_worker or worker
        one, other = Evidence(self.before.evidence), Evidence(self.now.evidence)
        if earlier not in one.workers():
            return f"the baseline has no worker {earlier}; {nearest(earlier, one.workers())}"
        for evidence, name in ((one, earlier), (other, worker)):
            if not _scores(evidence, name, asked):
                return _lacking(evidence, name, asked)
        return _paired(_scores(one, earlier, asked), _scores(other, worker, asked), asked)


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


def _paired(before: Scores, now: Scores, asked: Drift) -> Interval:
    """Items are paired, then averaged within their cluster; clusters are independent."""
    by_cluster: dict[str, list[float]] = {}
    for cluster, item in before.keys() & now.keys():
        difference = before[cluster, item] - now[cluster, item]
        by_cluster.setdefault(cluster, []).append(difference)
    losses = np.array([_mean(by_cluster[cluster]) for cluster in sorted(by_cluster)])
    worse = losses if asked.at_most_loss is not None else -losses
    found = paired_difference(worse, np.zeros(worse.size))
    return found if worse.size else replace(found, why="no item is in both runs")
