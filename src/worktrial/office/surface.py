"""What a worker is offered: the tools of an office under a condition, and a way to call them.

Inspect's tools, the MCP server and completion mode are three ways to one surface, so that a call
does the same on each.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from worktrial.errors import ConfigError
from worktrial.office.calls import Given, given, validated
from worktrial.office.crowd import LARGEST_CROWD, Unrelated, crowd
from worktrial.office.faults import Faults, Limit, Once
from worktrial.office.office import TOOLS, Office, offers
from worktrial.office.renaming import RENAMED, in_other_words
from worktrial.office.schemas import schema
from worktrial.office.tool import Offer, Refusal, Reply, Takes, Tool, Trouble
from worktrial.randomness import stream

LOOKS_WELL: Collection[Trouble] = frozenset({"partial", "garbled", "empty"})
"""Faults that look like answers: nobody tells the worker that something went wrong."""
SCOPE_ASK = "scope_ask"
_MOST_ROWS = 1000
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
        if not 0 <= self.crowd <= LARGEST_CROWD:
            raise ConfigError(f"`crowd` must be 0 to {LARGEST_CROWD} tools, got {self.crowd}")
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


class _Beside(NamedTuple):
    name: str
    text: str
    takes: type[Takes]


_SCOPES = _Beside(
    SCOPE_ASK,
    "Ask for a scope, such as mail.write; without that of an app nothing can be changed in it.",
    _ScopeAsk,
)


class _Entry(NamedTuple):
    """A tool in the list, and what a call of it does."""

    offer: Offer
    call: Callable[[Given], Reply]


class Surface:
    """The tools of an office as a worker is offered them.

    Args:
        office: The office.
        apps: Of which apps the tools are.
        condition: The surroundings.
        draw: Of what is drawn: faults, unrelated tools, their places and their answers.
        scopes: Which scopes are granted when they are asked for.
        once: What befalls one call.

    Attributes:
        office: The office.

    Raises:
        ConfigError: If there is no such app.
    """

    def __init__(
        self,
        office: Office,
        apps: Sequence[str],
        condition: Condition = CLEAN,
        *,
        draw: int = 0,
        scopes: Collection[str] = (),
        once: Once | None = None,
    ) -> None:
        self.office, self._draw, self._once = office, draw, once
        self._grantable, self._held = frozenset(scopes), set[str]()
        self._scoped = condition.scoped
        self._hurdles: list[Faults | Limit] = [
            *([Faults(draw)] if condition.faulty else []),
            *([Limit()] if condition.limited else []),
        ]
        if condition.page is not None:
            office.page = condition.page
        own = [self._renamed(one) if condition.renamed else self._own(one) for one in offers(apps)]
        if condition.scoped:
            own.append(self._scope_ask())
        others = [self._unrelated(tool) for tool in crowd(condition.crowd, draw)]
        self._entries = {entry.offer.name: entry for entry in _mixed(own, others, draw)}

    def offers(self) -> list[Offer]:
        """The tools, in the order in which they are shown."""
        return [entry.offer for entry in self._entries.values()]

    def call(self, name: str, arguments: Mapping[str, Any]) -> Reply:
        """Carry out a call; whatever is wrong with it is said in the reply."""
        taken = given(arguments)
        for hurdle in self._hurdles:
            if trouble := hurdle.next():
                return self._fault(name, trouble, taken)
        if name not in self._entries:
            return self._fault(name, Reply(f"There is no tool {name[:60]!r}.", "unknown"), taken)
        if taken.wrong:
            return self._fault(name, Reply(taken.wrong, "invalid"), taken)
        try:
            return self._entries[name].call(taken)
        except Refusal as refusal:
            return self._fault(name, Reply(refusal.text, refusal.trouble), taken)

    def _fault(self, name: str, reply: Reply, taken: Given) -> Reply:
        """Log a call that did not reach the office."""
        self.office.fault(name, reply.trouble or "unrelated", taken.written)
        return reply

    # --- the tools in the list ---

    def _own(self, offer: Offer) -> _Entry:
        return _Entry(offer, partial(self._carry_out, TOOLS[offer.name]))

    def _renamed(self, offer: Offer) -> _Entry:
        other, tool = RENAMED[offer.name], TOOLS[offer.name]

        def call(taken: Given) -> Reply:
            validated(other, taken)
            reply = self._carry_out(tool, given(other.back(taken.values)))
            return reply._replace(text=other.answer(reply))

        text = in_other_words(offer.text)
        return _Entry(Offer(other.name, text, other.schema()), call)

    def _carry_out(self, tool: Tool, taken: Given) -> Reply:
        needed = f"{tool.app}.write"
        if self._scoped and _needs_scope(tool) and needed not in self._held:
            text = f"This needs the scope {needed}, which you do not hold: ask with {SCOPE_ASK}."
            raise Refusal("scope", text)
        if self._once is not None and tool.name == self._once.tool:
            found = self._once.befall(tool.name, self.office.rehearse(tool.name, taken.values))
            if found is not None:
                self.office.fault(tool.name, self._once.kind, taken.written)
                return found
        return self.office.call(tool.name, taken.values)

    def _scope_ask(self) -> _Entry:
        def call(taken: Given) -> Reply:
            validated(_SCOPES, taken)
            self.office.fault(SCOPE_ASK, "scope", taken.written)
            self._held |= self._grantable & {taken.values["scope"]}
            return Reply("Granted." if taken.values["scope"] in self._held else "Denied.")

        return _Entry(_offer(_SCOPES), call)

    def _unrelated(self, tool: Unrelated) -> _Entry:
        def call(taken: Given) -> Reply:
            answer = Reply(tool.run(validated(tool, taken), self._draw))
            return self._fault(tool.name, answer, taken)

        return _Entry(_offer(tool), call)


def _needs_scope(tool: Tool) -> bool:
    return tool.writes and tool.app != _UNSCOPED_APP and tool.name != _UNSCOPED_TOOL


def _mixed(own: Sequence[_Entry], others: Sequence[_Entry], draw: int) -> list[_Entry]:
    """Both in one list: the office's in their order, the others at drawn places among them."""
    total = len(own) + len(others)
    places = set(stream(draw, "places").sample(range(total), len(others)))
    ours, theirs = iter(own), iter(others)
    return [next(theirs if place in places else ours) for place in range(total)]


def _offer(tool: Unrelated | _Beside) -> Offer:
    return Offer(tool.name, tool.text, schema(tool.takes))
