"""What an agent left at the end of a leg, as it stands in a log."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

SOURCE = "worktrial/relay"
"""Of the info events that a relay writes into its log."""
KEY = "left"
"""Of an info event's data: under it stands what was left, as one JSON text."""


class Left(BaseModel):
    """The end of one run of an agent: all that a replay needs.

    Attributes:
        ended: By itself, at a limit, or by an error of its own.
        why: Of a limit or an error.
        said: Its last message.
        stop_reason: Why that one stopped, in Inspect's words.
        worked: Whether any call of its model brought a word or a call of a tool.
        files: The plain text files of its folder.
        passed_over: What else was there, each with the reason why it is not handed on.
    """

    model_config = ConfigDict(frozen=True)
    ended: Literal["itself", "limit", "error"] = "itself"
    why: str = ""
    said: str = ""
    stop_reason: str = "stop"
    worked: bool = True
    files: dict[str, str] = {}
    passed_over: dict[str, str] = {}

    @property
    def remarks(self) -> list[str]:
        """What people should know beside the files."""
        by = {"limit": "at a limit", "error": "by an error"}
        ended = [] if self.ended == "itself" else [f"[ended {by[self.ended]}: {self.why}]"]
        over = (f"[passed over: {name!r}, {why}]" for name, why in self.passed_over.items())
        return [*ended, *over]

    def event(self) -> dict[str, JsonValue]:
        """The data of an info event that holds this.

        One text that begins with a brace: Inspect takes long texts out of events and puts them
        back by their first words, which a file that an agent wrote could have.
        """
        return {KEY: self.model_dump_json()}


def left_in(data: object) -> Left | None:
    """What an info event's data tells; `None` if it tells of nothing left."""
    if not isinstance(data, Mapping) or KEY not in data:
        return None
    return Left.model_validate_json(data[KEY])
