"""The ablation as a trial: how it is asked for, what defines it, and what its evidence says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar

from worktrial.comparison.panel import Panel
from worktrial.errors import ConfigError
from worktrial.evidence import Evidence, Observation, SampleLog
from worktrial.instruction import protocol, reference
from worktrial.instruction.arms import ARMS
from worktrial.instruction.check import check
from worktrial.instruction.extract import TRIAL, of_sample
from worktrial.instruction.findings import ablate_findings, has_gap
from worktrial.instruction.panel import METRICS, ablate_panel
from worktrial.instruction.plan import Drawn, Plan, planned
from worktrial.instruction.task import KEPT
from worktrial.instruction.worker import MAPPING, MARGIN
from worktrial.protocol import Measurement, Scorer
from worktrial.protocol.registration import Endpoint
from worktrial.trial import Ablation, Found, Request, Trial


class AblateTrial(Trial[Drawn]):
    """Ablation: any Inspect task with its instruction, without it, and with another one."""

    name = TRIAL
    task = protocol.ABLATE_TASK
    arms: ClassVar[Sequence[str]] = ARMS
    usual: ClassVar[Sequence[str]] = ARMS
    steps = "samples"
    roles = None
    margin = MARGIN
    mapping = MAPPING

    def usual_arms(self, request: Request) -> Sequence[str]:
        """All that the task allows."""
        return self._plan(request).arms

    def draw(self, request: Request) -> Sequence[Drawn]:
        """Samples of the task.

        Raises:
            ConfigError: If an arm was asked for that the task does not allow.
        """
        plan = self._plan(request)
        for arm in request.arms:
            if arm in plan.impossible:
                raise ConfigError(
                    f"`--arm` {arm} cannot be run on {_ablation(request).task}: "
                    f"{plan.impossible[arm]}; leave it out, or write it out with --arms FILE"
                )
        return plan.drawn

    def measurement(
        self, request: Request, items: Sequence[Drawn], arms: Sequence[str]
    ) -> Measurement:
        """Content by its hash."""
        return protocol.measurement(
            self._plan(request),
            [drawn.item for drawn in items],
            course=request.course,
            seed=request.seed,
            arms=arms,
            replicates=request.replicates,
        )

    def repeated(self, request: Request, measurement: Measurement, course: str) -> Request:
        """Never: a protocol has the hash of a task, and not the task."""
        raise ConfigError(
            "`--protocol` is of an ablation, and holds no task; ask for the same with worktrial "
            "ablate TASK"
        )

    def check_reference(self, name: str) -> None:
        """Raise `ConfigError` unless the ablation has this worker."""
        reference.check(name)

    def task_args(self, request: Request, arm: str) -> dict[str, Any]:
        """What `worktrial/ablate` is called with."""
        asked, plan = _ablation(request), self._plan(request)
        return {
            "name": asked.task,
            "args": dict(asked.args),
            "arm": arm,
            "instruction_field": asked.instruction_field or "",
            "arms_file": str(asked.arms_file.resolve()) if asked.arms_file else "",
            "scorer_key": asked.scorer_key or "",
            "course": request.course,
            "seed": request.seed,
            "items": request.items,
            "route": plan.route,
            "lead": plan.setting.lead,
            "resumable": True,
        }

    def most_steps(self, request: Request, items: Sequence[Drawn], arm: str) -> int:
        """One a sample."""
        return len(items)

    def instrument(self, items: Sequence[Drawn], arm: str) -> Mapping[str, float]:
        """Whether answers of reference workers are read as they were meant."""
        return asdict(check(items, arm))

    def checklist(self, items: Sequence[Drawn]) -> Sequence[Mapping[str, str | bool]]:
        """As far as an ablation can answer it by itself."""
        return protocol.checklist()

    def scorer(self) -> Scorer:
        """The lenient reading; scores are the task's own."""
        return protocol.scorer()

    def recorded(self, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        """Apart from the task's own metadata, which may hold an item, too."""
        recorded: Mapping[str, Any] = metadata[KEPT]["item"]
        return recorded

    def observations(self, found: SampleLog) -> Iterator[Observation]:
        """The task's own score, and the answer read leniently."""
        return of_sample(found)

    def findings(
        self,
        evidence: Evidence,
        measurement: Measurement,
        *,
        instrument: Mapping[str, Mapping[str, float]],
        endpoints: Sequence[Endpoint] = (),
        looked_at: bool = False,
    ) -> Found:
        """What the form explains, and what is obeyed."""
        return ablate_findings(evidence, measurement, instrument=instrument, endpoints=endpoints)

    def panel(
        self,
        evidence: Evidence,
        measurement: Measurement,
        workers: Sequence[str],
        metric: str | None = None,
    ) -> Panel | None:
        """With the instruction, and with the form alone."""
        if not has_gap(measurement) or (metric is not None and metric not in METRICS):
            return None
        return ablate_panel(evidence, workers, metric or METRICS[0])

    def _plan(self, request: Request) -> Plan:
        return planned(_ablation(request), request.course, seed=request.seed, items=request.items)


def _ablation(request: Request) -> Ablation:
    """What is ablated.

    Raises:
        ConfigError: If nothing is.
    """
    if request.ablation is None:
        raise ConfigError("`--trial ablate` needs a task; use: worktrial ablate TASK --model …")
    return request.ablation
