"""The office as a trial: how it is asked for, what defines it, and what its evidence says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, ClassVar

from worktrial.comparison.panel import Panel
from worktrial.errors import ConfigError
from worktrial.evidence import Evidence, Observation, SampleLog
from worktrial.protocol import Measurement, Scorer
from worktrial.protocol.registration import Endpoint
from worktrial.readiness import protocol, reference
from worktrial.readiness.arms import ARMS, NATIVE
from worktrial.readiness.arms import arm as find_arm
from worktrial.readiness.check import check
from worktrial.readiness.draw import COURSES, OfficeCourse, custom_course, draw_items
from worktrial.readiness.findings import office_findings
from worktrial.readiness.items import OfficeItem
from worktrial.readiness.observed import of_sample
from worktrial.readiness.panel import METRICS, READY_AT, TRIAL, office_panel
from worktrial.readiness.script import parts
from worktrial.readiness.worker import MAPPING, MARGIN
from worktrial.trial import Found, Job, Request, Trial
from worktrial.workers.agents import named


class OfficeTrial(Trial[OfficeItem]):
    """Dimension: success alone against readiness on five axes, at one mock office."""

    name = TRIAL
    task = protocol.OFFICE_TASK
    arms: ClassVar[Sequence[str]] = tuple(ARMS)
    with_agent: ClassVar[Sequence[str]] = tuple(ARMS)
    usual: ClassVar[Sequence[str]] = (
        "native", "completion", "midway", "apart-1", "mcp", "renamed", "faulty",
    )  # fmt: skip
    steps = "turns"
    margin = MARGIN
    mapping = MAPPING
    job = Job(1, f"tasks done, every axis at {100 * READY_AT:.0f} % or more", NATIVE.name)

    def usual_arms(self, request: Request) -> Sequence[str]:
        """A few in the pocket course; in others every arm, over the distances of the course."""
        course = self._course(request)
        if request.course == "pocket":
            return self.usual
        far = {arm.name for arm in ARMS.values() if (arm.between or 0) > max(course.distances)}
        return [name for name in ARMS if name not in far]

    def draw(self, request: Request) -> Sequence[OfficeItem]:
        """Fresh tasks in fresh offices; for an agent that there is."""
        if request.agent:
            named(request.agent, ())
        return draw_items(self._course(request), seed=request.seed)

    def measurement(
        self, request: Request, items: Sequence[OfficeItem], arms: Sequence[str]
    ) -> Measurement:
        """Content by its hash."""
        for name in arms:
            if not any(find_arm(name).takes(item) for item in items):
                raise ConfigError(
                    f"`--arm` {name} concerns none of these {len(items)} items; raise `--items`, "
                    "or leave it out"
                )
        return protocol.measurement(
            self._course(request),
            items,
            seed=request.seed,
            arms=arms,
            replicates=request.replicates,
        )

    def repeated(self, request: Request, measurement: Measurement, course: str) -> Request:
        """The request under a published measurement, its size as it differs from the course's."""
        name = course if course in COURSES else "pocket"
        other = len(measurement.items) != len(draw_items(custom_course(name), seed=request.seed))
        return replace(request, course=name, items=len(measurement.items) if other else None)

    def check_reference(self, name: str) -> None:
        """Raise `ConfigError` unless the office has this worker."""
        reference.check(name)

    def task_args(self, request: Request, arm: str) -> dict[str, Any]:
        """What `worktrial/office` is called with."""
        return {
            "arm": arm,
            "course": request.course,
            "seed": request.seed,
            "items": request.items,
            "agent": request.agent or "",
            "resumable": True,
        }

    def most_steps(self, request: Request, items: Sequence[OfficeItem], arm: str) -> int:
        """Turns of all conversations."""
        asked = find_arm(arm)
        return sum(
            len(part.session.turns)
            for item in items
            if asked.takes(item)
            for part in parts(item, asked)
        )

    def instrument(self, items: Sequence[OfficeItem], arm: str) -> Mapping[str, float]:
        """The oracle's lowest score and its leaks, the null worker's highest score."""
        return asdict(check(items, arm=find_arm(arm)))

    def checklist(self, items: Sequence[OfficeItem]) -> Sequence[Mapping[str, str | bool]]:
        """As far as an office can answer it by itself."""
        return protocol.checklist()

    def scorer(self) -> Scorer:
        """End states by program."""
        return protocol.scorer()

    def observations(self, found: SampleLog) -> Iterator[Observation]:
        """A worker's events, carried out again."""
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
        """Five axes, the dimension gap over the threshold, and a gap for every arm."""
        return office_findings(evidence, measurement, instrument=instrument, endpoints=endpoints)

    def panel(
        self,
        evidence: Evidence,
        measurement: Measurement,
        workers: Sequence[str],
        metric: str | None = None,
    ) -> Panel | None:
        """Success alone against readiness."""
        if "native" not in measurement.arms or (metric is not None and metric not in METRICS):
            return None
        return office_panel(evidence, workers, metric or METRICS[0])

    def _course(self, request: Request) -> OfficeCourse:
        return custom_course(request.course, items=request.items)
