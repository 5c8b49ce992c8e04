"""The office's log: everything that was read, written, typed, asked for and said."""

from typing import Literal, NamedTuple

Kind = Literal[
    "session", "turn", "call", "read", "write", "keystroke", "permission", "fault", "output"
]
"""What an event is.

`session` and `turn` begin; `call` is a call that reached a tool, `fault` one that did not; `read`
and `write` are of a row; `keystroke` is a value put into a draft of a mail or form, also one that
was taken out again; `permission` is a decision on a request; `output` is a message to the user.
"""


class Event(NamedTuple):
    """One row of the log.

    Attributes:
        seq: Its place, from 1.
        session: In which session, from 1; 0 before the first.
        turn: In which turn of that session, from 1.
        kind: What it is.
        tool: Under which tool; empty outside of calls.
        target: Which row, such as `message:m-012`, `file:plans/roster.txt`, `record:p-03/salary`;
            the draft of a keystroke (`message:m-201`, `entry:travel`), the record asked for of a
            permission, the fault's name of a fault.
        field: `ok` or the error's name of a call; `added`, `changed` or `removed` of a write;
            which field of a keystroke; `granted` or `denied` of a permission.
        value: The arguments of a call as JSON; the row of a write as JSON (as it is after it, or
            was before it was removed); what was typed; what was said.
    """

    seq: int
    session: int
    turn: int
    kind: Kind
    tool: str
    target: str
    field: str
    value: str
