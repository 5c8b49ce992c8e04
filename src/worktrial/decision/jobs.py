"""The jobs of a trial: which were accepted, what each took."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from worktrial.comparison.panel import FloatArray, Panel
from worktrial.decision.prices import Price
from worktrial.evidence import Evidence
from worktrial.protocol import Measurement
from worktrial.trial import AnyTrial, Job

UNITS = ("tokens", "usd")
"""Not seconds, which no two runs share: the same seed gives the same findings."""
_COUNTED = ("tokens_in", "tokens_out", "tokens_cached", "usd")


class Jobs(NamedTuple):
    """What came of the jobs of a trial; NaN is missing.

    Attributes:
        panel: Scores under the proxy arm and at work, by which they were judged.
        arm: Under which they were done.
        accepted: In [0, 1], shape (workers, items).
        costs: By unit of `UNITS`, what each took of those that could be judged, shape
            (workers, items).
    """

    panel: Panel
    arm: str
    accepted: FloatArray
    costs: Mapping[str, FloatArray]

    @property
    def trial(self) -> str:
        """Whose jobs they are."""
        return self.panel.trial

    def of(self, worker: str) -> int:
        """The row of a worker."""
        return self.panel.workers.index(worker)


def jobs_of(
    trial: AnyTrial,
    evidence: Evidence,
    measured: Measurement,
    workers: Sequence[str],
    prices: Mapping[str, Price],
) -> Jobs | None:
    """Read the jobs of a trial; `None` if it gives no work or did not measure it."""
    if trial.job is None:
        return None
    panel = trial.panel(evidence, measured, workers, trial.job.metric)
    if panel is None:
        return None
    arm = trial.job.arm or measured.primary
    accepted = _accepted(panel, trial.job)
    costs = _costs(evidence.under(arm), panel, prices)
    # What was spent on a job that was lost on its way is no measure of what a job takes.
    judged = {unit: np.where(np.isnan(accepted), np.nan, of) for unit, of in costs.items()}
    return Jobs(panel, arm, accepted, judged)


def _accepted(panel: Panel, job: Job) -> FloatArray:
    scores = panel.under_work
    if job.at_least == 1:
        return scores
    return np.where(np.isnan(scores), np.nan, (scores >= job.at_least).astype(float))


def _costs(evidence: Evidence, panel: Panel, prices: Mapping[str, Price]) -> dict[str, FloatArray]:
    costs = {unit: np.full(panel.under_work.shape, np.nan) for unit in UNITS}
    row_of, column_of = ({n: i for i, n in enumerate(of)} for of in (panel.workers, panel.items))
    for worker, item, spent in _spent(evidence):
        if worker not in row_of or item not in column_of:
            continue
        for unit, cost in _in_units(spent, prices.get(worker)).items():
            costs[unit][row_of[worker], column_of[item]] = cost
    return costs


def _spent(evidence: Evidence) -> Iterator[tuple[str, str, dict[str, float]]]:
    """What an item took of a worker, all of its steps together, replicates averaged."""
    rows = evidence.query(
        "select worker, item, map_from_entries(list((metric, spent))) from (select worker, item, "
        "metric, sum(value) / count(distinct replicate) as spent from evidence "
        "where list_contains(?, metric) and value is not null group by all) group by all "
        "order by all",
        [list(_COUNTED)],
    )
    yield from ((worker, item, spent) for worker, item, spent in rows)


def _in_units(spent: Mapping[str, float], price: Price | None) -> dict[str, float]:
    read, written = spent.get("tokens_in"), spent.get("tokens_out")
    found = {"usd": spent["usd"]} if "usd" in spent else {}
    if read is None or written is None:
        return found
    found["tokens"] = read + written
    if price is not None:
        found["usd"] = price.of(read, written, spent.get("tokens_cached", 0.0))
    return found
