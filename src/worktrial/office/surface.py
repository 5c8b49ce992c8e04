"""What a worker is offered: the tools of an office under a condition, and a way to call them.

Inspect's tools, the MCP server and completion mode are three ways to one surface, so that a call
does the same on each.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Annotated, Any, NamedTuple

from pydantic import Field, ValidationError

from worktrial.errors import ConfigError
from worktrial.office.crowd import Unrelated, crowd, unrelated_tools
from worktrial.office.database import canonical
from worktrial.office.faults import Faults, Limit
from worktrial.office.office import TOOLS, Office
from worktrial.office.renaming import RENAMED, Renamed, in_other_words
from worktrial.office.tool import Offer, Reply, Takes, Tool, Trouble
from worktrial.randomness import stream

LONGEST_CALL = 200_000
"""Characters of a call's arguments as JSON."""
LOOKS_WELL: Collection[Trouble] = frozenset({"partial", "garbled", "empty"})
"""Faults that look like answers: nobody tells the worker that something went wrong."""
SCOPE_ASK = "scope_ask"
_UNSCOPED_APP, _UNSCOPED_TOOL = "memory", "permission_ask"


@dataclass(frozen=True, slots=True)
class Condition:
    """The surroundings of an office's tools.

    Attributes:
        crowd: So many tools of unrelated services beside.
        renamed: Whether tools and arguments have other names and types.
        page: Rows a page of lists; `None` for the office's own.
        limited: Whether after every third call the next two are refused.
        scoped: Whether writing needs a scope that has to be asked for.
        faulty: Whether a quarter of the calls fail.
    """

    crowd: int = 0
    renamed: bool = False
    page: int | None = None
    limited: bool = False
    scoped: bool = False
    faulty: bool = False

    def __post_init__(self) -> None:
        most = 120
        if not 0 <= self.crowd <= most:
            raise ConfigError(f"`crowd` must be 0 to {most} tools, got {self.crowd}")
        if self.page is not None and not 1 <= self.page <= _MOST_ROWS:
            raise ConfigError(f"`page` must be 1 to {_MOST_ROWS} rows, got {self.page}")

    @classmethod
    def of(cls, words: Iterable[str]) -> "Condition":
        """A condition as it is written on a command line: `renamed`, `crowd=20`, `page=3`.

        Raises:
            ConfigError: If a word is none of these.
        """
        condition = CLEAN
        for word in words:
            condition = replace(condition, **_setting(word))
        return condition


_MOST_ROWS = 1000
CLEAN = Condition()


def _setting(word: str) -> dict[str, Any]:
    name, equals, value = word.partition("=")
    switches = [one.name for one in fields(Condition) if isinstance(one.default, bool)]
    if name in switches and not equals:
        return {name: True}
    if name in ("crowd", "page") and value.isascii() and value.isdigit() and len(value) < 5:
        return {name: int(value)}
    raise ConfigError(
        f"`condition` must be one of crowd=N, page=N, {', '.join(switches)}; got {word!r}"
    )


def failed(reply: Reply) -> bool:
    """Whether a worker is told that its call failed: cut, garbled and empty answers look well."""
    return reply.trouble is not None and reply.trouble not in LOOKS_WELL


def renamed_call(tool: str, arguments: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """How a call of the office is written under the other names."""
    other = RENAMED[tool]
    return other.name, other.there(arguments)


class _ScopeAsk(Takes):
    scope: Annotated[str, Field(max_length=40, description="Such as mail.write")]
    reason: Annotated[str, Field(max_length=300)]


class _Entry(NamedTuple):
    """A tool in the list, and what a call of it does."""

    offer: Offer
    call: Callable[[Mapping[str, Any]], Reply]


class Surface:
    """The tools of an office as a worker is offered them.

    Args:
        office: The office.
        apps: Of which apps the tools are.
        condition: The surroundings.
        draw: Of what is drawn: faults, unrelated tools and their places and answers.
        scopes: Which scopes are granted when they are asked for.
    """

    def __init__(
        self,
        office: Office,
        apps: Sequence[str],
        condition: Condition = CLEAN,
        *,
        draw: int = 0,
        scopes: Collection[str] = (),
    ) -> None:
        self._office, self._draw = office, draw
        self._scopes, self._held = frozenset(scopes), set[str]()
        self._scoped = condition.scoped
        self._hurdles = [
            *([Faults(draw)] if condition.faulty else []),
            *([Limit()] if condition.limited else []),
        ]
        if condition.page is not None:
            office.page = condition.page
        tools = [tool for tool in TOOLS.values() if tool.app in apps]
        own = [self._renamed(tool) if condition.renamed else self._own(tool) for tool in tools]
        if condition.scoped:
            own.append(self._scope_ask())
        others = [self._unrelated(tool) for tool in crowd(condition.crowd, draw)]
        self._entries = {entry.offer.name: entry for entry in _mixed(own, others, draw)}

    def offers(self) -> list[Offer]:
        """The tools, in the order in which they are shown."""
        return [entry.offer for entry in self._entries.values()]

    def call(self, name: str, arguments: Mapping[str, Any]) -> Reply:
        """Carry out a call; whatever is wrong with it is said in the reply."""
        written = _written(arguments)
        if len(written) > LONGEST_CALL:
            text = f"The arguments have more than {LONGEST_CALL} characters."
            return self._fault(name, Reply(text, "invalid"), canonical(written[:LONGEST_CALL]))
        for hurdle in self._hurdles:
            if trouble := hurdle.next():
                return self._fault(name, trouble, written)
        if name not in self._entries:
            text = f"There is no tool {name[:60]!r}; there are {', '.join(self._entries)}."
            return self._fault(name, Reply(text, "unknown"), written)
        return self._entries[name].call(arguments)

    def _fault(self, name: str, reply: Reply, written: str) -> Reply:
        """Log a call that did not reach a tool."""
        self._office.fault(storable(name[:60]), reply.trouble or "unrelated", written)
        return reply

    # --- the tools in the list ---

    def _own(self, tool: Tool) -> _Entry:
        offer = offer_of(tool.name, tool.text, tool.takes)
        return _Entry(offer, partial(self._carry_out, tool))

    def _renamed(self, tool: Tool) -> _Entry:
        other = RENAMED[tool.name]
        takes = other.takes(tool)

        def call(arguments: Mapping[str, Any]) -> Reply:
            try:
                parse(takes, arguments)
                given = other.back(arguments)
                parse(tool.takes, given, other.place)
            except Refusal as refusal:
                return self._fault(other.name, Reply(refusal.text, "invalid"), _written(arguments))
            reply = self._carry_out(tool, given)
            return reply._replace(text=in_other_words(reply.text))

        return _Entry(offer_of(other.name, in_other_words(tool.text), takes), call)

    def _carry_out(self, tool: Tool, arguments: Mapping[str, Any]) -> Reply:
        needed = f"{tool.app}.write"
        if self._scoped and _needs_scope(tool) and needed not in self._held:
            text = f"This needs the scope {needed}, which you do not hold: ask with {SCOPE_ASK}."
            return self._fault(tool.name, Reply(text, "scope"), _written(arguments))
        return self._office.call(tool.name, arguments)

    def _scope_ask(self) -> _Entry:
        text = "Ask for a scope, such as mail.write, without which nothing can be changed."

        def call(arguments: Mapping[str, Any]) -> Reply:
            try:
                asked = parse(_ScopeAsk, arguments)
            except Refusal as refusal:
                return self._fault(SCOPE_ASK, Reply(refusal.text, "invalid"), _written(arguments))
            self._office.fault(SCOPE_ASK, "scope", _written(arguments))
            if asked.scope not in self._scopes:
                return Reply("Denied.")
            self._held.add(asked.scope)
            return Reply("Granted.")

        return _Entry(offer_of(SCOPE_ASK, text, _ScopeAsk), call)

    def _unrelated(self, tool: Unrelated) -> _Entry:
        def call(arguments: Mapping[str, Any]) -> Reply:
            try:
                answer = Reply(tool.run(parse(tool.takes, arguments), self._draw))
            except Refusal as refusal:
                answer = Reply(refusal.text, "invalid")
            return self._fault(tool.name, answer, _written(arguments))

        return _Entry(offer_of(tool.name, tool.text, tool.takes), call)


def _needs_scope(tool: Tool) -> bool:
    return tool.writes and tool.app != _UNSCOPED_APP and tool.name != _UNSCOPED_TOOL


def _mixed(own: Sequence[_Entry], others: Sequence[_Entry], draw: int) -> list[_Entry]:
    """Both in one list: the office's in their order, the others at drawn places among them."""
    total = len(own) + len(others)
    places = set(stream(draw, "places").sample(range(total), len(others)))
    ours, theirs = iter(own), iter(others)
    return [next(theirs if place in places else ours) for place in range(total)]


def _written(arguments: Mapping[str, Any]) -> str:
    """Arguments as JSON; what is none is shown."""
    try:
        return canonical(dict(arguments))
    except (TypeError, ValueError, RecursionError):
        return canonical(repr(arguments)[:LONGEST_CALL])
