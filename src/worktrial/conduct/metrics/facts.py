"""What was true when, and whether a text still says what no longer is."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from worktrial.conduct.events import Fact

LONGEST_TEXT = 500_000
_JSON_PAIR = re.compile(r'"([^"\n]{1,60})"\s{0,3}:\s{0,3}(?:"([^"\n]{0,200})"|(-?[\w.\-]{1,60}))')


def folded(text: str) -> str:
    """Without case, and with every run of blanks as one."""
    return " ".join(text[:LONGEST_TEXT].casefold().split())


def holds(text: str, value: str) -> bool:
    """Whether a folded text holds a folded value as words of its own."""
    at = text.find(value) if value else -1
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(value) : at + len(value) + 1]
        if not (before.isalnum() and value[0].isalnum()) and not (
            after.isalnum() and value[-1].isalnum()
        ):
            return True
        at = text.find(value, at + 1)
    return False


class _State(NamedTuple):
    current: dict[str, str]
    superseded: tuple[tuple[str, str], ...]


class Timeline:
    """Facts in the order in which they were told."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        told = [(fact.since, folded(fact.name), folded(fact.value)) for fact in facts]
        self._told = sorted((each for each in told if each[2]), key=lambda each: each[0])
        self._since = [since for since, _, _ in self._told]
        self._states: dict[int, _State] = {}

    def epoch(self, place: int) -> int:
        """How many facts were told before a place; what is true depends on that alone."""
        return bisect_left(self._since, place)

    def current(self, place: int) -> dict[str, str]:
        """What is true at a place, by name."""
        return self._state(self.epoch(place)).current

    def first_superseded(self) -> int | None:
        """The first place at which a fact was superseded; `None` if none ever was."""
        now: dict[str, str] = {}
        for since, name, value in self._told:
            if now.setdefault(name, value) != value:
                return since
        return None

    def obsolete(self, text: str, epoch: int) -> bool:
        """Whether a folded text holds a superseded value and not the one that took its place.

        A value that is the current one of another fact isn't held against a text.
        """
        state = self._state(epoch)
        return any(_out_of_date(text, old, now, state) for old, now in state.superseded)

    def _state(self, epoch: int) -> _State:
        if epoch not in self._states:
            self._states[epoch] = self._work_out(epoch)
        return self._states[epoch]

    def _work_out(self, epoch: int) -> _State:
        current = {name: value for _, name, value in self._told[:epoch]}
        valid = set(current.values())
        past = {(v, current[n]) for _, n, v in self._told[:epoch] if v not in valid}
        return _State(current, tuple(sorted(past)))


def _out_of_date(text: str, old: str, now: str, state: _State) -> bool:
    if not holds(text, old) or holds(text, now):
        return False
    for value in state.current.values():
        if old in value:
            text = text.replace(value, "\0")
    return holds(text, old)


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """Each `name: value` of a text, folded: a line of its own, or a pair in JSON."""
    for line in text[:LONGEST_TEXT].splitlines():
        found = _JSON_PAIR.findall(line)
        for name, quoted, bare in found:
            yield folded(name), folded(quoted or bare)
        if not found:
            name, _, value = line.partition(":")
            if value.strip() and len(name) <= 60:
                yield folded(name).strip("-*•# "), folded(value).strip(" .")


def differ(one: str, other: str) -> bool:
    """Whether two folded values contradict each other: neither holds the other."""
    return bool(one and other) and not holds(one, other) and not holds(other, one)
