"""The search as a trial: how it is asked for, what defines it, and what its evidence says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, ClassVar

from worktrial.comparison.panel import Panel
from worktrial.errors import ConfigError
from worktrial.evidence import Evidence, Observation, SampleLog
from worktrial.protocol import Measurement, Scorer
from worktrial.protocol.registration import Endpoint
from worktrial.search import protocol, reference
from worktrial.search.arms import ARMS, FULL, PROXY, WORK
from worktrial.search.arms import arm as find_arm
from worktrial.search.check import check
from worktrial.search.extract import of_sample
from worktrial.search.findings import has_gap, search_findings
from worktrial.search.items import COURSES, SearchCourse, SearchItem, custom_course
from worktrial.search.own import intents, own_course
from worktrial.search.panel import METRICS, TRIAL, search_panel
from worktrial.search.tasks import tasks_sha256
from worktrial.search.worker import MAPPING, MARGIN
from worktrial.trial import Found, Job, Request, Trial
from worktrial.workers.agents import named


class Search(Trial[SearchItem]):
    """Specification: a complete request against a vague one, elicited over turns."""

    name = TRIAL
    task = protocol.SEARCH_TASK
    arms: ClassVar[Sequence[str]] = tuple(ARMS)
    with_agent: ClassVar[Sequence[str]] = tuple(ARMS)
    usual: ClassVar[Sequence[str]] = (PROXY.name, FULL.name, WORK.name)
    steps = "turns"
    roles: ClassVar[Sequence[str]] = ("user", "reader")
    margin = MARGIN
    mapping = MAPPING
    job = Job(0.8, "vague requests answered with an F1 of .8 or more", WORK.name)

    def draw(self, request: Request) -> Sequence[SearchItem]:
        """Fresh intents in a fresh world, or one's own tasks; for an agent that there is."""
        if request.agent:
            named(request.agent, ())
        _, drawn = intents(
            request.course,
            seed=request.seed,
            items=request.items,
            pages=request.pages,
            tasks=request.tasks,
        )
        return drawn

    def measurement(
        self, request: Request, items: Sequence[SearchItem], arms: Sequence[str]
    ) -> Measurement:
        """Content by its hash."""
        return protocol.measurement(
            self._course(request, items),
            items,
            seed=request.seed,
            arms=arms,
            replicates=request.replicates,
            voice=request.model_roles.get("user"),
            reader=request.model_roles.get("reader"),
            tasks=tasks_sha256(request.tasks) if request.tasks else None,
        )

    def repeated(self, request: Request, measurement: Measurement, course: str) -> Request:
        """The request under a published measurement, its sizes as they differ from the course's."""
        own = "tasks" in measurement.settings
        if own and not request.tasks:
            raise ConfigError("`--protocol` is of one's own tasks; name their file by --tasks")
        if request.tasks and not own:
            raise ConfigError("`--protocol` is of fresh intents; leave out --tasks")
        name = course if course in COURSES else "pocket"
        usual, wanted = COURSES[name], SearchCourse.model_validate(measurement.course)
        sizes = {f: getattr(wanted, f) for f in (("items",) if own else ("items", "pages"))}
        other = {f: value for f, value in sizes.items() if own or value != getattr(usual, f)}
        return replace(request, course=name, **other)

    def check_reference(self, name: str) -> None:
        """Raise `ConfigError` unless the search has this worker."""
        reference.check(name)

    def task_args(self, request: Request, arm: str) -> dict[str, Any]:
        """What `worktrial/search` is called with."""
        return {
            "arm": arm,
            "course": request.course,
            "seed": request.seed,
            "items": request.items,
            "pages": request.pages,
            "agent": request.agent or "",
            "tasks": str(request.tasks.resolve()) if request.tasks else "",
            "resumable": True,
        }

    def most_steps(self, request: Request, items: Sequence[SearchItem], arm: str) -> int:
        """Turns of all conversations."""
        return len(items) * (self._course(request, items).turns if find_arm(arm).user else 1)

    def instrument(self, items: Sequence[SearchItem], arm: str) -> Mapping[str, float]:
        """The oracle's lowest score, the null worker's highest, faults of the simulated user."""
        return asdict(check(items, arm=find_arm(arm)))

    def checklist(self, items: Sequence[SearchItem]) -> Sequence[Mapping[str, str | bool]]:
        """As far as a search can answer it by itself."""
        return protocol.checklist(own=any(item.own for item in items))

    def scorer(self) -> Scorer:
        """Triples by program."""
        return protocol.scorer()

    def observations(self, found: SampleLog) -> Iterator[Observation]:
        """A conversation, played again."""
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
        """Scores by arm, the specification gap in its parts, how it was asked."""
        return search_findings(evidence, measurement, instrument=instrument, endpoints=endpoints)

    def panel(
        self,
        evidence: Evidence,
        measurement: Measurement,
        workers: Sequence[str],
        metric: str | None = None,
    ) -> Panel | None:
        """Of the two arms of the gap."""
        if not has_gap(measurement) or (metric is not None and metric not in METRICS):
            return None
        return search_panel(evidence, workers, metric or METRICS[0])

    def _course(self, request: Request, items: Sequence[SearchItem]) -> SearchCourse:
        if request.tasks:
            return own_course(custom_course(request.course), items)
        return custom_course(request.course, items=request.items, pages=request.pages)
