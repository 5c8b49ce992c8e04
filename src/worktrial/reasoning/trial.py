"""Reasoning as a trial: how it is asked for, what defines it, and what its evidence says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, ClassVar

from worktrial.comparison.panel import Panel
from worktrial.errors import ConfigError
from worktrial.evidence import Evidence, Observation, SampleLog
from worktrial.protocol import Measurement, Scorer
from worktrial.protocol.registration import Endpoint
from worktrial.reasoning import protocol, reference
from worktrial.reasoning.check import check
from worktrial.reasoning.courses import course_of
from worktrial.reasoning.draw import drawn
from worktrial.reasoning.extract import of_sample
from worktrial.reasoning.findings import reasoning_findings
from worktrial.reasoning.measured import ARM, OUTCOMES, TRIAL
from worktrial.reasoning.panel import reasoning_panel
from worktrial.reasoning.published import PUBLISHED
from worktrial.reasoning.puzzles import Puzzle
from worktrial.reasoning.task import JUDGE
from worktrial.trial import Found, Job, Request, Trial


class ReasoningTrial(Trial[Puzzle]):
    """Reasoning: credit for a trace against the final answer, checked by a program."""

    name = TRIAL
    task = protocol.REASONING_TASK
    arms: ClassVar[Sequence[str]] = (ARM,)
    usual: ClassVar[Sequence[str]] = (ARM,)
    steps = "puzzles"
    roles: ClassVar[Sequence[str]] = (JUDGE,)
    events = False
    margin = 0.05
    mapping = f"final answers and steps checked by program, scorer {protocol.SCORER_VERSION}"
    job = Job(1, "puzzles solved")

    def draw(self, request: Request) -> Sequence[Puzzle]:
        """Puzzles of every family that was asked for."""
        return drawn(
            request.families,
            request.course,
            seed=request.seed,
            items=request.items,
            folder=request.puzzles,
        ).puzzles

    def measurement(
        self, request: Request, items: Sequence[Puzzle], arms: Sequence[str]
    ) -> Measurement:
        """Content by its hash."""
        return protocol.measurement(
            course_of(request.course),
            items,
            seed=request.seed,
            replicates=request.replicates,
            judge=request.model_roles.get(JUDGE),
        )

    def repeated(self, request: Request, measurement: Measurement, course: str) -> Request:
        """The same families, and as many puzzles.

        Raises:
            ConfigError: If the protocol had another course of that name, or puzzles of a folder.
        """
        if course_of(course).model_dump(mode="json") != measurement.course:
            raise ConfigError(f"`--protocol` has another {course} course than this version")
        families = tuple(measurement.settings["families"])
        if any(name in PUBLISHED for name in families):
            raise ConfigError("`--protocol` is of published puzzles; ask again with `--puzzles`")
        return replace(request, course=course, families=families, items=len(measurement.items))

    def check_reference(self, name: str) -> None:
        """Raise `ConfigError` unless the trial has this worker."""
        reference.check(name)

    def task_args(self, request: Request, arm: str) -> dict[str, Any]:
        """What `worktrial/reasoning` is called with."""
        return {
            "families": list(request.families),
            "course": request.course,
            "seed": request.seed,
            "items": request.items,
            "folder": str(request.puzzles.resolve()) if request.puzzles else "",
            "arm": arm,
            "resumable": True,
        }

    def most_steps(self, request: Request, items: Sequence[Puzzle], arm: str) -> int:
        """One call a puzzle."""
        return len(items)

    def instrument(self, items: Sequence[Puzzle], arm: str) -> Mapping[str, float]:
        """What those who solve everything, nothing, and who only look as if they did, score."""
        return asdict(check(items))

    def checklist(self, items: Sequence[Puzzle]) -> Sequence[Mapping[str, str | bool]]:
        """As far as the trial can answer it by itself."""
        return protocol.checklist()

    def scorer(self) -> Scorer:
        """Rules and steps by program."""
        return protocol.scorer()

    def observations(self, found: SampleLog) -> Iterator[Observation]:
        """What was written, marked again."""
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
        """What is solved, what its traces would be credited, and what is said of both."""
        return reasoning_findings(evidence, measurement, instrument=instrument, endpoints=endpoints)

    def panel(
        self,
        evidence: Evidence,
        measurement: Measurement,
        workers: Sequence[str],
        metric: str | None = None,
    ) -> Panel | None:
        """Credit for the trace, and the final answer."""
        if metric is not None and metric not in OUTCOMES:
            return None
        return reasoning_panel(evidence, workers, metric or OUTCOMES[0])
