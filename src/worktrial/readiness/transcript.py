"""What is kept of one item's conversations: all that scoring it again needs, beside its item."""

from typing import Literal

from inspect_ai.util import StoreModel
from pydantic import Field

from worktrial.office.events import Event

Ending = Literal["over", "infrastructure", "environment"]
"""How it came to its end: as it should; a call that never came back; an office out of reach."""


class Transcript(StoreModel):
    """The conversations of one item as they lie in the log.

    Attributes:
        events: The office's log.
        stops: Why the last call of each turn stopped, in Inspect's words; `calls` where the turn
            reached its most calls.
        ending: How it ended; `None` while it goes on.
        why: What there is to say of a fault.
    """

    events: list[Event] = Field(default_factory=list)
    stops: list[str] = Field(default_factory=list)
    ending: Ending | None = None
    why: str = ""
