"""What happened in one sample, as typed events, and what is known of the truth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Role: TypeAlias = Literal[
    "mutation", "read", "memory_write", "memory_read", "check", "handoff", "claim", "opaque"
]
"""What a tool does, as its mapping declares; `opaque` may do anything, like a shell."""
Change: TypeAlias = Literal["create", "change", "remove"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One message as it was supplied to a model.

    Attributes:
        key: Its identity: the same message in two calls has the same key.
        role: Who said it.
        text: Its text.
        source: The place of the event that made it; `None` for the task's own text.
    """

    key: str
    role: Literal["system", "user", "assistant", "tool"]
    text: str
    source: int | None = None


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One generation of a worker; calls of models in another role are left out.

    Attributes:
        at: Seconds since the sample began.
        agent: Whose it is, in a sample of several agents; empty for the only one.
        supplied: What it was given, oldest first; pieces are shared between calls.
        said: The text that it wrote.
        calls: The ids of the tool calls that it asked for.
        tokens_in: Tokens supplied, cached ones included.
        tokens_out: Tokens written.
        tokens_cached: Those of `tokens_in` that came from a cache.
        usd: What it cost, where a price is known.
        seconds: How long it took.
        window: The model's context in tokens, where known.
        stop: Why it stopped.
        error: What went wrong, if it failed.
    """

    at: float
    agent: str = ""
    supplied: tuple[Piece, ...] = ()
    said: str = ""
    calls: tuple[str, ...] = ()
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int | None = None
    usd: float | None = None
    seconds: float | None = None
    window: int | None = None
    stop: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool and what came back.

    Attributes:
        at: Seconds since the sample began.
        tool: Its name.
        arguments: What it was called with.
        result: What came back, as text.
        id: By which a model call names it.
        agent: Whose it is.
        roles: What the tool does by its mapping; empty where no entry names it.
        target: What is written or read, such as `file:plan.txt`; of a read it may be a glob.
        value: What is written, as text.
        change: How the target changes, of a mutation or a memory write.
        weighty: Whether the mutation is of consequence.
        error: The error's kind, if it failed.
        transient: Whether that error may pass by itself: a timeout, a rate limit, a network.
        seconds: How long it took.
    """

    at: float
    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    result: str = ""
    id: str = ""
    agent: str = ""
    roles: frozenset[Role] = frozenset()
    target: str | None = None
    value: str | None = None
    change: Change | None = None
    weighty: bool = False
    error: str | None = None
    transient: bool = False
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Compaction:
    """The context was made smaller.

    Attributes:
        at: Seconds since the sample began.
        kind: How: `summary`, `edit` or `trim`.
        before: Tokens before it, where known.
        after: Tokens after it, where known.
        agent: Whose context.
    """

    at: float
    kind: str
    before: int | None = None
    after: int | None = None
    agent: str = ""


@dataclass(frozen=True, slots=True)
class HandOff:
    """Work passed from one agent to another.

    Attributes:
        at: Seconds since the sample began.
        agent: Who hands over.
        to: Who takes over.
        text: What was handed on.
    """

    at: float
    agent: str
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What the worker says at the end of a turn or of the sample.

    Attributes:
        at: Seconds since the sample began.
        text: Its words.
        done: Whether it says that the task is done; `None` where it says neither.
        confidence: A stated probability of being right, in [0, 1].
        agent: Who says it.
        final: Whether it is the last one of the sample.
    """

    at: float
    text: str
    done: bool | None
    confidence: float | None = None
    agent: str = ""
    final: bool = True


Event: TypeAlias = ModelCall | ToolCall | Compaction | HandOff | Claim


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is true from one event on, and until another.

    Attributes:
        name: What it is of, such as `deadline`; a later fact of that name supersedes it.
        value: The string by which it is known again.
        since: The place of the event that told it; -1 for the task's own text.
    """

    name: str
    value: str
    since: int = -1


@dataclass(frozen=True, slots=True)
class SeededFault:
    """A fault that was put in the worker's way.

    Attributes:
        kind: Such as `stale_memory`, `contradiction`, `timeout`, `false_success`, `wrong_number`.
        at: The place of the event at which it was met; `None` if the worker never met it.
        detected: The place of the first event that shows that it was noticed.
        repaired: The place of the event after which it does no more harm.
    """

    kind: str
    at: int | None
    detected: int | None = None
    repaired: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the truth; a trial knows much, a foreign log little.

    Attributes:
        success: The score of the outcome in [0, 1]; `None` where there is none.
        accepted: How many artefacts were accepted; by default one if `success` is 1.
        subgoals: Which subgoals were reached.
        facts: What was told, in order.
        faults: What was seeded; `None` where nothing was.
        human_minutes: Declared minutes that a person spent checking.
    """

    success: float | None = None
    accepted: int | None = None
    subgoals: Mapping[str, bool] | None = None
    facts: tuple[Fact, ...] = ()
    faults: tuple[SeededFault, ...] | None = None
    human_minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One sample as it happened.

    Attributes:
        log: The log's name.
        task: The Inspect task.
        worker: The model, and the agent where the log names one.
        sample: The sample's id.
        epoch: Which repetition.
        events: In order; the place of an event is its index.
        known: What is known of the truth.
        unmapped: Names of called tools that no entry of the mapping names.
        why: Why the sample ended early, if it did: a limit or an error.
        condition: What else the task was run with, such as an arm: only samples that share it
            repeat each other.
    """

    log: str
    task: str
    worker: str
    sample: str
    epoch: int
    events: tuple[Event, ...]
    known: Known = Known()
    unmapped: frozenset[str] = frozenset()
    why: str | None = None
    condition: str = ""

    def tool_calls(self) -> list[tuple[int, ToolCall]]:
        """Tool calls with their places."""
        return [(i, e) for i, e in enumerate(self.events) if isinstance(e, ToolCall)]

    def model_calls(self) -> list[tuple[int, ModelCall]]:
        """Model calls with their places."""
        return [(i, e) for i, e in enumerate(self.events) if isinstance(e, ModelCall)]

    def claims(self) -> list[tuple[int, Claim]]:
        """Claims with their places."""
        return [(i, e) for i, e in enumerate(self.events) if isinstance(e, Claim)]
