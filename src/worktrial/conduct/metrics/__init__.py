"""The metrics of conduct, by name; each is a pure function over one trajectory."""

from collections.abc import Mapping
from types import MappingProxyType

from worktrial.conduct.metric import Metric
from worktrial.conduct.metrics import (
    communication,
    completion,
    context,
    memory,
    predictability,
    quality,
    verification,
)

METRICS: Mapping[str, Metric] = MappingProxyType({
    metric.name: metric
    for family in (
        quality, memory, context, verification, communication, completion, predictability
    )
    for metric in family.METRICS
})  # fmt: skip
