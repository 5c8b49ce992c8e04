"""`worktrial/conduct`: metrics of conduct as an Inspect scorer, for new runs and for old logs."""

from collections import defaultdict
from collections.abc import Mapping
from statistics import fmean
from typing import TYPE_CHECKING

from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, Value, metric, scorer
from inspect_ai.solver import TaskState

if TYPE_CHECKING:
    from worktrial.conduct.metric import Measure


@metric(scores="unreduced")
def conduct_mean() -> Metric:
    """The mean of every metric over the samples in which it was measured, repetitions first.

    Unreduced, since Inspect's reducers demand the same keys of every epoch.
    """

    def mean(scores: list[SampleScore]) -> Value:
        found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for each in scores:
            value = each.score.value
            for name, number in value.items() if isinstance(value, Mapping) else ():
                if isinstance(number, int | float):
                    found[name][str(each.sample_id)].append(float(number))
        return {name: fmean(map(fmean, ids.values())) for name, ids in sorted(found.items())}

    return mean


@scorer(metrics=[conduct_mean()])
def conduct(mapping: str = "") -> Scorer:
    """Every metric of conduct that can be measured in a sample, with no model called.

    What cannot be measured is left out of the score; its explanation says why. Success is read
    from the sample's other scores: re-score a log with `--action append`, which keeps them.

    Args:
        mapping: A file that says what your tools do, before what is built in.
    """
    from pathlib import Path

    from worktrial.conduct.mapping import ToolMap

    tools = ToolMap.read(Path(mapping)) if mapping else ToolMap.default()

    async def score(state: TaskState, target: Target) -> Score:
        from worktrial.conduct.rescored import sample_of, seen
        from worktrial.conduct.tally import measured_of
        from worktrial.conduct.typed import trajectory_of

        sample = sample_of(state, target)
        trajectory = trajectory_of(sample, log="", task="", worker=str(state.model), tools=tools)
        return as_score(seen(measured_of(trajectory), sample.events))

    return score


def as_score(measured: Mapping[str, "Measure"]) -> Score:
    """Measures as a score: those with a value, and why the others have none."""
    values = {name: m.value for name, m in measured.items() if m.value is not None}
    missing = [f"{name}: {m.why}" for name, m in measured.items() if m.value is None]
    if not values:
        return Score.unscored(explanation="\n".join(missing))
    return Score(value=dict(values), explanation="\n".join(missing) or None)
