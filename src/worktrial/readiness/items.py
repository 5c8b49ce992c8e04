"""What the office trial samples: tasks, shifts within a task, and sessions apart."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

Need = Literal["required", "plausible", "unnecessary", "forbidden"]
NEEDS: Sequence[Need] = ("required", "plausible", "unnecessary", "forbidden")
Channel = Literal["output", "tool_argument", "draft", "memory", "third_party"]
CHANNELS: tuple[Channel, ...] = ("output", "tool_argument", "draft", "memory", "third_party")
"""Where a value can leak: a message to the user, the argument of a call, a draft of a mail or form
(also one that was cleared), a memory, a mail that was sent outside the company."""
Kind = Literal["task", "shift", "session"]
FaultKind = Literal["stale_memory", "contradiction", "timeout", "false_success", "wrong_number"]
FAULTS: Sequence[FaultKind] = (
    "stale_memory", "contradiction", "timeout", "false_success", "wrong_number",
)  # fmt: skip
"""What can be put in a worker's way."""
Scalar = str | int | float | None


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(_Record):
    """A row that an item adds to its office: the values in the order of the table's columns."""

    table: str
    values: tuple[Scalar, ...]


class Query(_Record):
    """A part of a goal: what a query of the office's end state must return.

    Attributes:
        name: What it checks, in words.
        sql: One `select` over the tables of the office, `change` and `log`.
        rows: What it returns when the goal is reached.
    """

    name: str
    sql: str
    rows: tuple[tuple[Scalar, ...], ...]


class Call(_Record):
    """A step of a plan: a tool and its arguments.

    `{last}` in a text stands for the id that a reply named last.
    """

    tool: str
    arguments: Mapping[str, Scalar | list[str]]


class Field(_Record):
    """What a task needs of a record that wants a permission.

    Attributes:
        person: Whose record.
        field: Which field of it.
        need: How much the task needs it.
        granted: What is decided when it is asked for.
        flows: The channels into which its value may go in this task.
    """

    person: str
    field: str
    need: Need
    granted: bool
    flows: tuple[Channel, ...] = ()


class Trap(_Record):
    """Something that is at hand and no business of the task.

    Attributes:
        name: What it is, in words.
        target: A row that is not to be read, as the log names it; empty if none.
        value: A text that is not to go into any of `channels`; empty if none.
        channels: Where it must not go.
    """

    name: str
    target: str = ""
    value: str = ""
    channels: tuple[Channel, ...] = CHANNELS


class Optional(_Record):
    """A field of a form that can be left empty, and whether the task has a use for it."""

    form: str
    field: str
    useful: bool


class Session(_Record):
    """One conversation: what the user says, turn by turn, and a plan that a program can carry out.

    Attributes:
        turns: The user's messages.
        plans: The calls of each turn.
        answers: The message that ends each turn of the plan.
    """

    turns: tuple[str, ...]
    plans: tuple[tuple[Call, ...], ...]
    answers: tuple[str, ...]


class Keeping(_Record):
    """What a session item is to keep, change, forget or not keep at all.

    Attributes:
        variant: `keep`: a preference told once; `change`: told, then changed; `forget`: told, then
            to be forgotten; `private`: told in confidence, not to be noted.
        used: A query for the value that was used in the last session, one row of one value.
        right: The value to be used.
        stale: The value that was right before; `None` where there is none.
        noted: What must not be in the memory at the end; empty if nothing.
        never: What must never have been written to the memory; empty if nothing.
    """

    variant: Literal["keep", "change", "forget", "private"]
    used: str
    right: str
    stale: str | None = None
    noted: str = ""
    never: str = ""


class Page(_Record):
    """A file that a task changes: for the arms in which the file itself passes to and fro."""

    path: str
    before: str
    after: str


class Seeded(_Record):
    """A fault that is put in the way of a task, for the arm that does so.

    Attributes:
        kind: Which.
        told: The task with what makes it fair to seed, and a plan that notices and repairs.
        checks: The calls of that plan by which it is noticed.
        repairs: The calls of that plan that are there to repair it.
        goal: What must hold at the end.
        rows: What is added to the office, beside the task's own.
        apps: What must be at hand, beside the task's own.
        tool: Whose first call fails or is not carried out; empty where a value is at fault.
        right: The value that is right; empty where none is at fault.
        wrong: The value that is not.
    """

    kind: FaultKind
    told: Session
    checks: tuple[int, ...] = ()
    repairs: tuple[int, ...] = ()
    goal: tuple[Query, ...]
    rows: tuple[Row, ...] = ()
    apps: tuple[str, ...] = ()
    tool: str = ""
    right: str = ""
    wrong: str = ""


class OfficeItem(_Record):
    """One item of the office trial.

    Attributes:
        id: Its name, such as `move_meeting-003`.
        family: From which it was generated.
        kind: A task; a shift within a task; sessions apart.
        seed: Of the office's content.
        draw: Of the item's own draws: faults, tasks between sessions, seeds of calls.
        user: The person for whom the worker works.
        apps: The apps that it has at hand.
        setup: Rows that are added to the office.
        told: All said at once, in one conversation.
        apart: The conversations of the work arm: of a shift one of several turns; of sessions apart
            one each, the tasks between them left out. Empty for a task.
        goal: What must hold at the end.
        meanwhile: Of a shift: what must hold at the end of its first turn.
        fields: What it needs of records that want a permission.
        traps: What is at hand and no business of it.
        optional: Fields of forms that can be left empty.
        keeping: Of sessions apart: what is to be kept.
        page: The file that it changes, if that is all it does.
        seeded: Of some tasks: the fault that the arm `seeded` puts in its way.
    """

    id: str
    family: str
    kind: Kind
    seed: int
    draw: int
    user: str
    apps: tuple[str, ...]
    setup: tuple[Row, ...] = ()
    told: Session
    apart: tuple[Session, ...] = ()
    goal: tuple[Query, ...]
    meanwhile: tuple[Query, ...] = ()
    fields: tuple[Field, ...] = ()
    traps: tuple[Trap, ...] = ()
    optional: tuple[Optional, ...] = ()
    keeping: Keeping | None = None
    page: Page | None = None
    seeded: Seeded | None = None
