"""The arguments of a call: made storable, bounded, validated, and refused in one line."""

import json
import reprlib
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from pydantic import ValidationError

from worktrial.office.database import canonical, storable
from worktrial.office.tool import Refusal, Takes

MOST_CHARACTERS = 100_000
NOT_JSON = "not a JSON object"
_SHOWN = 60


class Given(NamedTuple):
    """The arguments of a call as they came.

    Attributes:
        values: By name; empty where they cannot be read.
        written: As they are logged.
        wrong: Why they cannot be read; empty if they can.
    """

    values: Mapping[str, Any]
    written: str
    wrong: str = ""

    @classmethod
    def logged(cls, written: str) -> "Given":
        """The arguments of a call that was logged."""
        try:
            values = json.loads(written)
        except (ValueError, RecursionError):
            return cls({}, written, "The arguments cannot be read.")
        return given(values)


def given(arguments: Mapping[str, Any]) -> Given:
    """Take the arguments of a call, whatever they are."""
    try:
        values = {storable(name): _plain(value) for name, value in arguments.items()}
        written = canonical(values)
    except (AttributeError, TypeError, ValueError, RecursionError):
        return Given({}, NOT_JSON, "The arguments must be a JSON object.")
    if len(written) > MOST_CHARACTERS:
        wrong = (
            f"The arguments have {len(written)} characters; at most {MOST_CHARACTERS} are taken."
        )
        return Given({}, written[:MOST_CHARACTERS], wrong)
    return Given(values, written)


class Callee(Protocol):
    """Whatever takes arguments under a name."""

    @property
    def name(self) -> str:
        """As it is called."""
        ...

    @property
    def takes(self) -> type[Takes]:
        """Its arguments."""
        ...


def validated(tool: Callee, arguments: Given) -> Takes:
    """The arguments that a tool takes.

    Raises:
        Refusal: If they are not what it takes.
    """
    if arguments.wrong:
        raise Refusal("invalid", arguments.wrong)
    try:
        return tool.takes.model_validate(arguments.values)
    except ValidationError as error:
        raise Refusal("invalid", explained(tool, error)) from None


def explained(tool: Callee, error: ValidationError) -> str:
    """The first thing that is wrong with the arguments: name, rule, value."""
    first = error.errors(include_url=False, include_context=False)[0]
    name = _short(" ".join(".".join(map(str, first["loc"])).split()))
    if first["type"] == "missing":
        return f"`{name}` is missing."
    if first["type"] == "extra_forbidden":
        takes = ", ".join(tool.takes.model_fields) or "none"
        return f"`{name}` is no argument of {tool.name}; it takes: {takes}."
    if first["type"] == "model_type":
        return f"`{name}`: must be an object; got {_short(reprlib.repr(first['input']))}."
    rule = first["msg"].removeprefix("Value error, ")
    return f"`{name}`: {rule[0].lower()}{rule[1:]}; got {_short(reprlib.repr(first['input']))}."


def _plain(value: object) -> object:
    return storable(value) if isinstance(value, str) else value


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
