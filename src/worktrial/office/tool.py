"""What a tool of the office is, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from worktrial.office.office import Office

Trouble = Literal[
    "unknown", "invalid", "not_found", "denied", "conflict",
    "timeout", "error", "rate_limit", "network", "partial", "garbled", "empty", "scope",
]  # fmt: skip
"""Why a call did not do what it should: the first five are the office's, the others of the way.

`unknown`: no such tool; `invalid`: arguments against its schema; `denied`: a record that needs a
permission which was not granted.
"""


class Reply(NamedTuple):
    """What a call returns: text for the worker, and what went wrong if something did."""

    text: str
    trouble: Trouble | None = None


class Refusal(Exception):  # noqa: N818 - not an error of the program
    """A tool cannot do what it is asked; the message is for the worker."""

    def __init__(self, trouble: Trouble, text: str) -> None:
        super().__init__(text)
        self.trouble, self.text = trouble, text


class Takes(BaseModel):
    """The arguments of a tool: nothing but what is declared, every text with a largest length."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool of the office.

    Attributes:
        name: As it is called, such as `mail_send`.
        app: What it is of: mail, calendar, contacts, files, forms, tickets, directory or memory.
        text: What it does, in a sentence.
        takes: Its arguments.
        run: What it does, inside one transaction: text, or `Refusal` and nothing changed.
        writes: Whether it changes anything.
    """

    name: str
    app: str
    text: str
    takes: type[Takes]
    run: "Callable[[Office, Any], str]"
    writes: bool = False


class Offer(NamedTuple):
    """A tool as a worker is offered it: what an Inspect tool and an MCP tool are made from.

    Attributes:
        name: Under which it is called.
        text: What it does.
        schema: JSON Schema of its arguments, an object; without `$ref`, `title` or `default: null`.
    """

    name: str
    text: str
    schema: dict[str, Any]
