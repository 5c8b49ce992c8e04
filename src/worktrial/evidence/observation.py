"""One row of evidence: one metric of one leg or turn of one item."""

from typing import NamedTuple

import pyarrow as pa

FAULTS = ("infrastructure", "environment_fault", "judge_fault", "user_fault")
"""Outcomes that are none of the worker's doing: missing data, never a score."""


class Observation(NamedTuple):
    """One measured value and what it is of.

    Attributes:
        trial: The trial it belongs to.
        worker: Who was on trial.
        item: What was sampled.
        cluster: The unit that is independent of others.
        stratum: The fixed group of the item, such as its domain.
        arm: The condition the item was run under.
        replicate: Which repetition of item and arm, from 1.
        step: The leg or turn, from 1; 0 for a value of the whole item.
        operation: What was asked for at this step.
        kind: The family of that operation.
        outcome: What became of the step; `None` for a step that never came to be run.
        metric: What was measured.
        value: The value, or `None` where it is missing.
        log: The log file it came from, relative to the run's folder.
        sample: The sample's id in that log.
    """

    trial: str
    worker: str
    item: str
    cluster: str
    stratum: str
    arm: str
    replicate: int
    step: int
    operation: str
    kind: str
    outcome: str | None
    metric: str
    value: float | None
    log: str
    sample: str


SCHEMA = pa.schema(
    [
        (name, pa.float64() if name == "value" else pa.int32() if name in _whole else pa.string())
        for _whole in [("replicate", "step")]
        for name in Observation._fields
    ]
)
