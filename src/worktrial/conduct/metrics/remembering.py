"""What a memory held, entry by entry, and when it was looked at."""

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, TypeGuard

from worktrial.conduct.events import Claim, Fact, HandOff, ModelCall, Role, ToolCall, Trajectory
from worktrial.conduct.metrics.counting import calls_with
from worktrial.conduct.metrics.facts import Timeline, differ, folded, pairs

MOST_ENTRIES = 2_000
LONGEST_ENTRY = 500
MOST_FACTS = 1_000
_ECHOING: tuple[Role, ...] = ("mutation", "memory_write", "memory_read")
_MARK = re.compile(r"\A\s*+(?:\d{1,6}[.)\t]|[-*•+](?=\s))?\s*+(?:\[[ xX]\])?\s*+")


class Line(NamedTuple):
    """One entry as it is written: its name, where it is a `name: value`, and its folded text."""

    name: str | None
    value: str
    text: str


@dataclass(slots=True)
class Entry:
    """An entry of the memory, from the write that made it to the one that took it away.

    It is held at a checkpoint c if `written` < c <= `until`.
    """

    line: Line
    written: int
    until: int


class Memory(NamedTuple):
    """All entries that were held at one checkpoint or more, and the checkpoints' places."""

    entries: tuple[Entry, ...]
    checkpoints: tuple[int, ...]

    def held(self, after: int, until: int) -> tuple[int, ...]:
        """The checkpoints after one place and up to another."""
        places = self.checkpoints
        return places[bisect_right(places, after) : bisect_right(places, until)]


def lines(text: str) -> list[Line]:
    """The entries of a text: its lines, or the items of a JSON list or object."""
    found = (_line(each) for each in _raw(text[: MOST_ENTRIES * LONGEST_ENTRY]))
    return list(islice((each for each in found if each), MOST_ENTRIES))


def _raw(text: str) -> Iterator[str]:
    try:
        value = json.loads(text) if text.lstrip()[:1] in ("[", "{") else None
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, Mapping):
        yield from (f"{name}: {_written(each)}" for name, each in value.items())
    elif isinstance(value, list):
        yield from map(_written, value)
    else:
        yield from text.splitlines()


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _line(raw: str) -> Line | None:
    raw = raw[:LONGEST_ENTRY]
    text = folded(_MARK.sub("", raw, count=1))
    if text.startswith("#") or not any(map(str.isalnum, text)):
        return None
    name, colon, value = text.partition(":")
    if colon and value.strip() and 0 < len(name) <= 60:
        return Line(name.strip(), value.strip(" ."), text)
    return Line(None, text, text)


class _Store:
    """The memory's state as writes come in."""

    def __init__(self, end: int) -> None:
        self._end = end
        self._held: dict[str, dict[tuple[str, int], Entry]] = {}
        self.entries: list[Entry] = []

    def write(self, place: int, call: ToolCall) -> None:
        target = call.target or call.tool
        new = lines(call.value or "")
        if call.change == "remove":
            self._remove(place, target, new)
        elif call.change == "create":
            self._replace(place, target, _named(target, new))
        else:
            self._merge(place, target, new)

    def _replace(self, place: int, target: str, new: list[Line]) -> None:
        old, now = self._held.pop(target, {}), dict[tuple[str, int], Entry]()
        for key, line in _keyed(new).items():
            entry = old.pop(key, None)
            now[key] = self._put(place, line, entry)
        self._close(place, old)
        self._held[target] = now

    def _merge(self, place: int, target: str, new: list[Line]) -> None:
        held = self._held.setdefault(target, {})
        for line in new:
            key = (line.name or line.text, 0)
            held[key] = self._put(place, line, held.get(key))

    def _remove(self, place: int, target: str, gone: list[Line]) -> None:
        held = self._held.get(target, {})
        keys = set(_keyed(gone)) if gone else set(held)
        self._close(place, {key: held.pop(key) for key in keys & set(held)})

    def _put(self, place: int, line: Line, before: Entry | None) -> Entry:
        if before and before.line.text == line.text:
            return before
        if before:
            before.until = place
        entry = Entry(line, place, self._end)
        self.entries.append(entry)
        return entry

    def _close(self, place: int, entries: Mapping[Any, Entry]) -> None:
        for entry in entries.values():
            entry.until = place


def _keyed(new: list[Line]) -> dict[tuple[str, int], Line]:
    """By name or text, and by how often that came before."""
    many: dict[str, int] = {}
    found = {}
    for line in new:
        name = line.name or line.text
        many[name] = many.get(name, -1) + 1
        found[name, many[name]] = line
    return found


def _named(target: str, new: list[Line]) -> list[Line]:
    """A store of single values names them by its target: `memory:deadline`."""
    name = folded(target.partition(":")[2])
    if len(new) == 1 and new[0].name is None and name:
        return [new[0]._replace(name=name)]
    return new


def memory_of(trajectory: Trajectory) -> Memory | None:
    """What the memory held at its checkpoints; `None` if nothing was ever written to one.

    A checkpoint is the end of a run of memory calls, and the end of the sample.
    """
    end = len(trajectory.events)
    store, checkpoints = _Store(end), list[int]()
    pending = wrote = False
    for place, event in enumerate(trajectory.events):
        if _is_memory(event):
            if "memory_write" in event.roles and event.error is None:
                store.write(place, event)
                pending = wrote = True
        elif pending and isinstance(event, ToolCall | Claim | HandOff):
            checkpoints.append(place)
            pending = False
    memory = Memory(tuple(store.entries), (*checkpoints, end))
    kept = tuple(each for each in memory.entries if memory.held(each.written, each.until))
    return memory._replace(entries=kept) if wrote else None


def _is_memory(event: object) -> TypeGuard[ToolCall]:
    roles = event.roles if isinstance(event, ToolCall) else frozenset()
    return not roles.isdisjoint({"memory_write", "memory_read"})


def timeline_of(trajectory: Trajectory, memory: Memory | None) -> Timeline:
    """The facts that are known, or else those that memory names and something contradicts."""
    if trajectory.known.facts:
        return Timeline(trajectory.known.facts)
    found = _contradictions(trajectory, memory) if memory else iter(())
    return Timeline(islice(found, MOST_FACTS))


def _contradictions(trajectory: Trajectory, memory: Memory) -> Iterator[Fact]:
    """What memory says of a name, and what later news says of it otherwise."""
    noted: dict[str, dict[str, int]] = {}
    for name, value, written in _single(memory):
        noted.setdefault(name, {}).setdefault(value, written)
        yield Fact(name, value, written)
    for place, text in news(trajectory):
        for name, value in pairs(text):
            values = noted.get(name, {})
            if any(since < place and differ(each, value) for each, since in values.items()):
                yield Fact(name, value, place)


def _single(memory: Memory) -> list[tuple[str, str, int]]:
    """The names that memory has one value for, with the values that it gave them in turn.

    A name that comes twice in one write, such as `item`, is of no single thing.
    """
    named = [(e.line.name, e.line.value, e.written) for e in memory.entries if e.line.name]
    many = Counter((name, written) for name, _, written in named)
    plural = {name for (name, _), times in many.items() if times > 1}
    return [each for each in named if each[0] not in plural]


def news(trajectory: Trajectory) -> Iterator[tuple[int, str]]:
    """What came from outside, each text once: users' words, and results of tools that look.

    Results of tools that change something echo what the worker wrote, and those of memory tools
    what it remembered; neither is news.
    """
    echoes = {place for role in _ECHOING for place, _ in calls_with(trajectory, role)}
    seen = set[str]()
    for place, event in enumerate(trajectory.events):
        if isinstance(event, ToolCall):
            if place not in echoes:
                yield place, event.result
        elif isinstance(event, ModelCall):
            new = [piece for piece in event.supplied if piece.key not in seen]
            seen.update(piece.key for piece in new)
            yield from ((place, p.text) for p in new if p.role == "user" and p.source is None)
