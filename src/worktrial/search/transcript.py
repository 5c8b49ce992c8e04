"""What is kept of one conversation: all that scoring it again needs, beside its item."""

from typing import Literal

from inspect_ai.util import StoreModel
from pydantic import BaseModel, Field

Ending = Literal[
    "answered", "gave up", "turns", "silent tools", "infrastructure", "engine", "reader"
]
"""How a conversation came to its end.

`answered`: the worker gave an answer; `gave up`: the simulated user lost patience; `turns`: the
conversation reached its most turns; `silent tools`: a turn reached its most tool calls without a
message; `infrastructure`: a call never came back; `engine`: the search engine failed; `reader`: the
model that reads answers failed.
"""


class Exchange(BaseModel):
    """One turn: what the worker said, and what it was answered.

    Attributes:
        worker: The message that ended its turn.
        stop_reason: Why its last call stopped, in Inspect's words.
        user: The answer; empty where there was none.
        voiced: Whether a model put the answer into words.
        voice_fault: Why a model's words were not used, where they were not.
        searches: The queries of this turn.
        opened: Pages opened in this turn.
    """

    worker: str
    stop_reason: str = "stop"
    user: str = ""
    voiced: bool = False
    voice_fault: str = ""
    searches: list[str] = Field(default_factory=list)
    opened: list[str] = Field(default_factory=list)


class Transcript(StoreModel):
    """One conversation as it lies in the log.

    Attributes:
        exchanges: Turn by turn.
        ending: How it ended; `None` while it goes on.
        why: What there is to say of a fault.
        read: The answer's statements as a model put them in lines; `None` where a program reads it.
    """

    exchanges: list[Exchange] = Field(default_factory=list)
    ending: Ending | None = None
    why: str = ""
    read: str | None = None
