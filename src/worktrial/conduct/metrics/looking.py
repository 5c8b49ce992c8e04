"""Who looked again: read-backs and checks, and the mutations that they cover."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import NamedTuple

from worktrial.conduct.events import ToolCall, Trajectory
from worktrial.conduct.metrics.using import argument_text

_BLANKS = re.compile(r"[\s\"'`=;|&<>(){}\[\],]+")
_GLOB = frozenset("*?[")


class Looks(NamedTuple):
    """Which mutations there were, which nobody looked at again, and which calls looked.

    Attributes:
        mutations: Places of those that did not fail.
        unverified: Places of those with no look after them.
        looking: Places of reads-back and checks, failed ones too: they cost as much.
    """

    mutations: tuple[int, ...]
    unverified: tuple[int, ...]
    looking: tuple[int, ...]


class _Watch:
    """Mutations as they come, and which of them are still open."""

    def __init__(self) -> None:
        self.mutations: list[int] = []
        self.looking: set[int] = set()
        self._open: dict[str | None, list[int]] = {}
        self._changed: set[str] = set()
        self._named: dict[str, set[str]] = {}

    def see(self, place: int, call: ToolCall) -> None:
        if "check" in call.roles:
            self._check(place, call)
        if "read" in call.roles and call.target is not None:
            self._read(place, call, call.target)
        if "opaque" in call.roles and call.error is None:
            self._opaque(call)
        if "mutation" in call.roles and call.error is None:
            self._mutate(place, call)

    def unverified(self) -> tuple[int, ...]:
        return tuple(sorted(place for places in self._open.values() for place in places))

    def _check(self, place: int, call: ToolCall) -> None:
        self.looking.add(place)
        if call.error is None:
            self._open.clear()

    def _read(self, place: int, call: ToolCall, target: str) -> None:
        seen = self._seen(target)
        if seen:
            self.looking.add(place)
        if call.error is None:
            self._close(seen)

    def _seen(self, target: str) -> list[str]:
        if target in self._changed or _GLOB.isdisjoint(target):
            return [target] if target in self._changed else []
        return [each for each in self._changed if fnmatchcase(each, target)]

    def _opaque(self, call: ToolCall) -> None:
        for word in _BLANKS.split(argument_text(call.arguments)):
            self._close(self._named.get(word.rpartition("/")[2].casefold(), ()))

    def _close(self, targets: Iterable[str]) -> None:
        for target in targets:
            self._open.pop(target, None)

    def _mutate(self, place: int, call: ToolCall) -> None:
        self.mutations.append(place)
        self._open.setdefault(call.target, []).append(place)
        if call.target is not None:
            self._changed.add(call.target)
            self._name(call.target)

    def _name(self, target: str) -> None:
        """Remember what a shell would call it: `file:notes/plan.txt` is `plan.txt`."""
        name = target.partition(":")[2].rpartition("/")[2].casefold()
        if len(name) > 2 and any(map(str.isalpha, name)):
            self._named.setdefault(name, set()).add(target)


def looks(trajectory: Trajectory) -> Looks:
    """Match every mutation with what looks at it later.

    A read covers a mutation of its own target, or of one that its glob covers; a check covers
    all before it; a call of an opaque tool covers what it names.
    """
    watch = _Watch()
    for place, call in trajectory.tool_calls():
        watch.see(place, call)
    return Looks(tuple(watch.mutations), watch.unverified(), tuple(sorted(watch.looking)))
