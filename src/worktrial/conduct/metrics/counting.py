"""Rates of what went well, turns between two events, and whether roles are known at all."""

from bisect import bisect_right
from collections.abc import Collection, Iterable

from worktrial.conduct.events import Role, ToolCall, Trajectory
from worktrial.conduct.metric import Measure, not_measurable

NO_TOOL = "no tool was called"


def kept(blame: Iterable[int], good: int, of: int, *, nothing: str) -> Measure:
    """So many good of so many, with the places of what was not."""
    if not of:
        return not_measurable(nothing)
    return Measure(good / of, count=good, of=of, places=tuple(sorted(set(blame))))


def without_roles(trajectory: Trajectory) -> str | None:
    """Why nothing can be said of roles in this sample; `None` where it can."""
    names = {call.tool for _, call in trajectory.tool_calls()}
    if not names:
        return NO_TOOL
    if not names <= trajectory.unmapped:
        return None
    return f"the mapping names none of its tools: {_some(names)}"


def unnamed(trajectory: Trajectory) -> str | None:
    """Why what was changed is not known whole: a tool was called that no entry names."""
    names = {call.tool for _, call in trajectory.tool_calls() if call.error is None}
    unknown = names & trajectory.unmapped
    return f"the mapping does not name all of its tools: {_some(unknown)}" if unknown else None


def _some(names: Collection[str]) -> str:
    return ", ".join(sorted(names)[:3]) + (", …" if len(names) > 3 else "")


def calls_with(trajectory: Trajectory, role: Role) -> list[tuple[int, ToolCall]]:
    """Calls of tools in a role that did not fail, with their places."""
    return [
        (place, call)
        for place, call in trajectory.tool_calls()
        if role in call.roles and call.error is None
    ]


class Turns:
    """How many model calls an agent made between two places."""

    def __init__(self, trajectory: Trajectory) -> None:
        self._places: dict[str, list[int]] = {}
        for place, call in trajectory.model_calls():
            self._places.setdefault(call.agent, []).append(place)

    def between(self, first: int, last: int, agent: str | None = None) -> int:
        """Model calls after one place and up to another; of any agent where none is named."""
        agents = self._places if agent is None else (agent,)
        return sum(
            bisect_right(places, last) - bisect_right(places, first)
            for places in (self._places.get(each, []) for each in agents)
        )
