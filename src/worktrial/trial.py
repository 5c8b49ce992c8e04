"""A trial as running, comparing and reporting know it; each gap package has one."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from worktrial.comparison.panel import Panel
from worktrial.evidence import Evidence, Observation, SampleLog
from worktrial.evidence.findings import Claim, Cost, Estimate, OutcomeCount
from worktrial.protocol import Measurement, Scorer
from worktrial.protocol.registration import Endpoint

Item = TypeVar("Item")
"""What a trial samples; a Pydantic model with an `id`."""


class Job(NamedTuple):
    """When an item of a trial is work done, as whoever asked for it would accept it.

    Attributes:
        at_least: Of the score at work. A score of parts is held against it; 1 takes a score of 0
            and 1 as it is, so that replicates count in shares.
        in_words: What is accepted.
        arm: Under which it is done; the primary one by default.
        metric: Which score; the trial's primary one by default.
    """

    at_least: float
    in_words: str
    arm: str | None = None
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """What the memorisation trial audits, and against what.

    Attributes:
        items: A JSONL, CSV or Parquet file, a registered Inspect task, or a hub's data set.
        fields: Columns of it by what they hold: question, answer, options, id, date.
        controls: A file of items that the model cannot have met.
        released: ISO date from which an item is newer than the model, and so a control.
        references: A file of what other models answered rightly.
        name: Of the published set, for instructions that name it; the file's own by default.
        rate: Of false discoveries among the items that are flagged.
        margin: A difference in accuracy that does not matter.
    """

    items: str
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    controls: Path | None = None
    released: str | None = None
    references: Path | None = None
    name: str | None = None
    rate: float = 0.1
    margin: float = 0.05


@dataclass(frozen=True, slots=True)
class Ablation:
    """Which task the trial `ablate` takes, and what is said of it.

    Attributes:
        task: A registered Inspect task, `file.py` or `file.py@task`.
        args: Its arguments.
        instruction_field: Of each sample's metadata, or a piece of each input: the instruction.
        arms_file: Arms that are written out.
        scorer_key: Which of several scores; the first by default.
    """

    task: str
    args: Mapping[str, Any] = field(default_factory=dict, hash=False)
    instruction_field: str | None = None
    arms_file: Path | None = None
    scorer_key: str | None = None


@dataclass(frozen=True, slots=True)
class Contrast:
    """What the trial `contrast` holds against what.

    Attributes:
        proxy: A task, or a place of results: logs, an export; alone, a table of both arms.
        work: Likewise; `None` if the first is a table.
        proxy_name: What the proxy arm is called, in a table by its column `arm`.
        work_name: What the work arm is called.
        pair: `id`, `none` or the field by which items are the same under both arms.
        cluster: The field that holds the unit that is independent of others.
        scorer_keys: Which of several scores: of both, or of the proxy and of the work; the first
            by default.
        proxy_args: Arguments of the proxy task.
        work_args: Arguments of the work task.
        rename: Workers that are called otherwise, by what they are called.
    """

    proxy: str
    work: str | None = None
    proxy_name: str | None = None
    work_name: str | None = None
    pair: str | None = None
    cluster: str | None = None
    scorer_keys: tuple[str, ...] = ()
    proxy_args: Mapping[str, Any] = field(default_factory=dict, hash=False)
    work_args: Mapping[str, Any] = field(default_factory=dict, hash=False)
    rename: Mapping[str, str] = field(default_factory=dict, hash=False)

    def scorer_key(self, place: int) -> str:
        """Which score counts, of the proxy (0) or of the work (1); empty for the first."""
        return self.scorer_keys[min(place, len(self.scorer_keys) - 1)] if self.scorer_keys else ""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for.

    Attributes:
        workers: Inspect model strings.
        out: The run's folder.
        trials: Which trials to run.
        arms: Of these trials; a trial of which none is named runs its usual ones.
        course: How large.
        seed: From which all else follows.
        replicates: How often each item is run under each arm.
        items: Of each trial, instead of the course's.
        round_trips: Of the relay, instead of the course's.
        size: Tokens of a relay's document, instead of the course's.
        distractors: Their tokens, instead of the course's.
        domains: Of the relay; all by default.
        families: Of the reasoning trial's puzzles; all of our own by default.
        puzzles: A folder of published puzzles, instead of fresh ones.
        documents: A folder of one's own documents for the relay, or one of them, or rows of
            DELEGATE-52, instead of fresh ones.
        edits: A file of one's own edits for these documents.
        pages: Of the world that is searched, instead of the course's.
        tasks: A file of search tasks, instead of fresh ones.
        audit: What is audited, of the memorisation trial.
        ablation: Which task is ablated, of the trial `ablate`.
        contrast: What is held against what, of the trial `contrast`.
        agent: An Inspect agent as the worker, on the models that are on trial.
        sandbox: Where the relay's agent works, in Inspect's words; docker by default.
        model_roles: Models beside the workers by their role: `user` puts the simulated user's lines
            into its own words, `reader` reads answers, `judge` rates traces.
        temperature: Of the workers, if not their own default.
        model_args: Passed to the workers' providers.
        connections: To each provider at the same time, by all processes of the run together.
        until_decided: End when it is decided which of two workers keeps more.
        margin: A difference in fidelity that does not matter; only with `until_decided`.
        looks: How often to look; only with `until_decided`.
    """

    workers: Sequence[str]
    out: Path
    trials: Sequence[str] = ("relay",)
    arms: Sequence[str] = ()
    course: str = "pocket"
    seed: int = 7
    replicates: int = 1
    items: int | None = None
    round_trips: int | None = None
    size: int | None = None
    distractors: int | None = None
    domains: Sequence[str] = ()
    families: Sequence[str] = ()
    puzzles: Path | None = None
    documents: Path | None = None
    edits: Path | None = None
    pages: int | None = None
    tasks: Path | None = None
    audit: Audit | None = None
    ablation: Ablation | None = None
    contrast: Contrast | None = None
    agent: str | None = None
    sandbox: str | None = None
    model_roles: Mapping[str, str] = field(default_factory=dict)
    temperature: float | None = None
    model_args: Mapping[str, Any] = field(default_factory=dict)
    connections: int | None = None
    until_decided: bool = False
    margin: float | None = None
    looks: int | None = None


@dataclass(frozen=True)
class Found:
    """What one trial's evidence says."""

    estimates: tuple[Estimate, ...]
    claims: tuple[Claim, ...]
    outcomes: tuple[OutcomeCount, ...]
    cost: tuple[Cost, ...]


class Trial(ABC, Generic[Item]):
    """One trial: from a request to items, from a log to observations, from those to findings.

    Attributes:
        name: What it is called.
        task: The name under which Inspect knows it.
        arms: Those it knows.
        usual: Those it runs if none is named, in the smallest course; the first is primary.
        with_agent: Those in which an agent works, if one is named.
        steps: What progress counts, such as `legs`.
        roles: Models that it can use beside the worker; `None` for any.
        margin: A difference in its metric that does not matter.
        mapping: How evidence became scores.
        events: Whether observations are made of what a log tells event by event.
        job: When an item is work done; `None` of a trial that gives no work.
    """

    name: ClassVar[str]
    task: ClassVar[str]
    arms: ClassVar[Sequence[str]]
    usual: ClassVar[Sequence[str]]
    with_agent: ClassVar[Sequence[str]] = ()
    steps: ClassVar[str]
    roles: ClassVar[Sequence[str] | None] = ()
    margin: ClassVar[float]
    mapping: ClassVar[str]
    events: ClassVar[bool] = True
    job: ClassVar[Job | None] = None

    def usual_arms(self, request: Request) -> Sequence[str]:
        """The arms that are run if none is named."""
        return self.usual

    @abstractmethod
    def draw(self, request: Request) -> Sequence[Item]:
        """The items that follow from a request.

        Raises:
            ConfigError: If it cannot be carried out.
        """

    def remarks(self, request: Request) -> Sequence[str]:
        """What is to be said of its items before the first call, one line each."""
        return ()

    @abstractmethod
    def measurement(
        self, request: Request, items: Sequence[Item], arms: Sequence[str]
    ) -> Measurement:
        """What defines the measurement; the first arm is the primary one."""

    @abstractmethod
    def repeated(self, request: Request, measurement: Measurement, course: str) -> Request:
        """The request with what a published measurement of a named course had.

        Raises:
            ConfigError: If it cannot be asked for again.
        """

    @abstractmethod
    def check_reference(self, name: str) -> None:
        """Raise `ConfigError` unless the trial has this reference worker."""

    @abstractmethod
    def task_args(self, request: Request, arm: str) -> dict[str, Any]:
        """The arguments of the Inspect task under an arm."""

    @abstractmethod
    def most_steps(self, request: Request, items: Sequence[Item], arm: str) -> int:
        """How many steps one worker takes at most, once over."""

    @abstractmethod
    def instrument(self, items: Sequence[Item], arm: str) -> Mapping[str, float]:
        """What the trial's reference workers score on its own items, by their names."""

    @abstractmethod
    def checklist(self, items: Sequence[Item]) -> Sequence[Mapping[str, str | bool]]:
        """The Agentic Benchmark Checklist's questions, as far as the trial can answer them."""

    @abstractmethod
    def scorer(self) -> Scorer:
        """How this version scores."""

    def recorded(self, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        """The item that a sample is of, as the protocol has its hash, out of its metadata."""
        recorded: Mapping[str, Any] = metadata["item"]
        return recorded

    @abstractmethod
    def observations(self, found: SampleLog) -> Iterator[Observation]:
        """Every observation of one sample."""

    @abstractmethod
    def findings(
        self,
        evidence: Evidence,
        measurement: Measurement,
        *,
        instrument: Mapping[str, Mapping[str, float]],
        endpoints: Sequence[Endpoint] = (),
        looked_at: bool = False,
    ) -> Found:
        """Every estimate and claim, the instrument's claim first.

        Args:
            evidence: The trial's observations.
            measurement: Its part of the protocol.
            instrument: By arm, what the reference workers scored.
            endpoints: What was registered before the first call; all else is exploratory then.
            looked_at: Whether the run ended at a look.
        """

    @abstractmethod
    def panel(
        self,
        evidence: Evidence,
        measurement: Measurement,
        workers: Sequence[str],
        metric: str | None = None,
    ) -> Panel | None:
        """Workers side by side; `None` if there is no such metric or an arm was not run.

        Args:
            evidence: The trial's observations.
            measurement: Its part of the protocol.
            workers: Whom to compare, in this order.
            metric: The primary one by default.
        """

    def item_panel(
        self, evidence: Evidence, measurement: Measurement, workers: Sequence[str]
    ) -> Panel | None:
        """Workers side by side on single items, where a panel's own are clusters of them.

        Args:
            evidence: The trial's observations.
            measurement: Its part of the protocol.
            workers: Whom to show, in this order.
        """
        return self.panel(evidence, measurement, workers)


AnyTrial = Trial[Any]
"""A trial, for those to whom its items are of no matter."""
Items = Mapping[str, Sequence[Any]]
"""What is sampled, by trial."""
