"""What each tool does: declared in a file, never guessed from its name."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from worktrial.conduct.events import Change, Role, ToolCall
from worktrial.protocol.declared import read_declared

_MOST_ENTRIES, _MOST_GLOBS = 1_000, 100
_LONGEST_VALUE, _LONGEST_TARGET, _LONGEST_SEEN = 200_000, 500, 4_000
_PLACE = re.compile(r"\{([^{}]*)\}")
_DOTTED = re.compile(r"[\w-]+(?:\.[\w-]+)*\Z")
_ID = re.compile(r"\b[a-z]{1,12}-\d{1,9}\b")
_Glob = Annotated[str, Field(min_length=1, max_length=100)]
_Template = Annotated[str, Field(min_length=1, max_length=300)]
_Globs = Annotated[
    tuple[_Glob, ...],
    BeforeValidator(lambda one: [one] if isinstance(one, str) else one),
    Field(min_length=1, max_length=_MOST_GLOBS),
]


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(_Declared):
    """What some tools do.

    Attributes:
        tool: The tools, by globs of their names; case matters.
        when: Arguments by their dotted names, or `result`, and globs of which one must match; the
            first name of several written as `a|b` that is there counts.
        roles: What they do; none for tools that do nothing to anything.
        target: What is written or read, such as `file:{path}`: `{a|b.c}` is the first of these
            arguments that is there, `{result.id}` an id in what came back. Without one of them
            there is no target.
        value: What is written, in the same way; what is not there is left out.
        change: How the target changes.
        weighty: Whether the mutation is of consequence.
    """

    tool: _Globs
    when: Annotated[Mapping[_Glob, _Globs], Field(max_length=10)] = {}
    roles: frozenset[Role]
    target: _Template | None = None
    value: _Template | None = None
    change: Change | None = None
    weighty: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> "Entry":
        _check_templates(self.target, self.value, *(f"{{{name}}}" for name in self.when))
        if self.weighty and "mutation" not in self.roles:
            raise ValueError("`weighty` is of a mutation; add the role or leave it out")
        if self.change and not self.roles & {"mutation", "memory_write"}:
            raise ValueError("`change` is of a mutation or memory_write; add the role")
        return self

    def fits(self, call: ToolCall) -> bool:
        """Whether it is about this call."""
        return _named(call.tool, self.tool) and all(
            _matches(_found(call, name), globs) for name, globs in self.when.items()
        )

    def described(self, call: ToolCall) -> ToolCall:
        """The call with what is declared of it."""
        return replace(
            call,
            roles=self.roles,
            target=self.target and _target(self.target, call),
            value=self.value and _filled(self.value, call)[:_LONGEST_VALUE],
            change=self.change,
            weighty=self.weighty,
        )


class ErrorRule(_Declared):
    """What kind of error an error message is.

    Attributes:
        text: Globs of messages; case does not matter.
        kind: The kind, such as `rate_limit`.
        transient: Whether it may pass by itself.
        tool: Of which tools, by globs.
        unmarked: Whether a result that is not marked as an error is one if it reads like this.
    """

    text: _Globs
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
    transient: bool = False
    tool: _Globs = ("*",)
    unmarked: bool = False

    def fits(self, tool: str, text: str) -> bool:
        """Whether it is about what this tool says."""
        return _named(tool, self.tool) and _matches(text.casefold(), self.text)


class MapFile(_Declared):
    """A mapping as it is written: the first entry that fits a call counts.

    Attributes:
        tools: What tools do.
        errors: What error messages mean.
    """

    tools: Annotated[tuple[Entry, ...], Field(max_length=_MOST_ENTRIES)] = ()
    errors: Annotated[tuple[ErrorRule, ...], Field(max_length=_MOST_ENTRIES)] = ()


class Failure(NamedTuple):
    """An error of a tool.

    Attributes:
        kind: What kind.
        transient: Whether it may pass by itself.
    """

    kind: str
    transient: bool


_TRANSIENT = frozenset({"timeout", "sandbox_unavailable"})
"""Of Inspect's kinds of errors."""


class ToolMap:
    """What tools do, by a file's entries before the default ones.

    Args:
        file: The entries.
        after: Entries that count where none of these fits.
    """

    def __init__(self, file: MapFile, after: "ToolMap | None" = None) -> None:
        self._entries: tuple[Entry, ...] = (*file.tools, *(after._entries if after else ()))
        self._errors: tuple[ErrorRule, ...] = (*file.errors, *(after._errors if after else ()))
        self._of: dict[str, tuple[Entry, ...]] = {}

    @staticmethod
    @cache
    def default() -> "ToolMap":
        """Inspect's tools, this project's, and those of common agents."""
        with as_file(files("worktrial.conduct") / "default.yaml") as path:
            return ToolMap(read_declared(path, MapFile, name="default.yaml"))

    @classmethod
    def read(cls, path: Path) -> "ToolMap":
        """A file's entries, then the default ones.

        Raises:
            ConfigError: If it cannot be read, breaks a limit, or is not a mapping.
        """
        return cls(read_declared(path, MapFile, name="--map"), cls.default())

    def describe(self, call: ToolCall) -> ToolCall:
        """The call with its roles, target, value, change and weight; as it is if none is known."""
        entry = self._entry(call)
        return entry.described(call) if entry else call

    def knows(self, call: ToolCall) -> bool:
        """Whether an entry names this call's tool, if only to say that it does nothing."""
        return self._entry(call) is not None

    def failure(self, tool: str, kind: str | None, text: str) -> Failure | None:
        """The error of a call.

        Args:
            tool: Its tool.
            kind: Inspect's kind of it; `None` where the result is not marked as one.
            text: The message, or the result.
        """
        seen = text[:_LONGEST_SEEN]
        for rule in self._errors:
            if (kind is not None or rule.unmarked) and rule.fits(tool, seen):
                return Failure(rule.kind, rule.transient)
        return None if kind is None else Failure(kind, kind in _TRANSIENT)

    def _entry(self, call: ToolCall) -> Entry | None:
        return next((entry for entry in self._candidates(call.tool) if entry.fits(call)), None)

    def _candidates(self, tool: str) -> tuple[Entry, ...]:
        """The entries that name a tool: logs call few tools often."""
        if tool not in self._of:
            named = tuple(entry for entry in self._entries if _named(tool, entry.tool))
            if len(self._of) >= _MOST_ENTRIES:
                return named
            self._of[tool] = named
        return self._of[tool]


def _named(tool: str, globs: tuple[str, ...]) -> bool:
    return any(fnmatchcase(tool, glob) for glob in globs)


def _matches(value: str | None, globs: tuple[str, ...]) -> bool:
    return value is not None and _named(value[:_LONGEST_SEEN], globs)


def _check_templates(*templates: str | None) -> None:
    for template in templates:
        for names in _PLACE.findall(template or ""):
            for name in names.split("|"):
                if not _DOTTED.match(name):
                    raise ValueError(
                        f"{name[:60]!r} is no name of an argument, such as path or a.b"
                    )


def _target(template: str, call: ToolCall) -> str | None:
    """The target, if everything that it is made from is there."""
    places = [_found(call, names) for names in _PLACE.findall(template)]
    if not all(places):
        return None
    kind, colon, rest = _filled(template, call).partition(":")
    # "./plan.txt" and "plan.txt" are one file.
    return f"{kind}{colon}{rest.removeprefix('./') or '.'}"[:_LONGEST_TARGET]


def _filled(template: str, call: ToolCall) -> str:
    return _PLACE.sub(lambda place: _found(call, place[1]) or "", template).strip("\n")


def _found(call: ToolCall, names: str) -> str | None:
    """The first of some arguments that is there, as text."""
    return next((text for text in _looked_up(call, names.split("|")) if text is not None), None)


def _looked_up(call: ToolCall, names: list[str]) -> Iterator[str | None]:
    for name in names:
        first, _, rest = name.partition(".")
        if first == "result" and first not in call.arguments:
            yield _in_result(call.result, rest)
        else:
            yield _text(_inside(call.arguments, name))


def _inside(value: Any, dotted: str) -> Any:
    for part in dotted.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _in_result(result: str, name: str) -> str | None:
    """The result, a field of it if it is a JSON object, or the first id in its text."""
    if not name:
        return result
    if result.lstrip()[:1] == "{" and len(result) <= _LONGEST_VALUE:
        try:
            return _text(_inside(json.loads(result), name))
        except (ValueError, RecursionError):
            return None
    found = _ID.search(result[:_LONGEST_SEEN]) if name == "id" else None
    return found[0] if found else None
