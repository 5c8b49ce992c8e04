"""Events in a few words, for trajectories written by hand."""

from typing import Any

from worktrial.conduct.events import (
    Change,
    Claim,
    Event,
    Known,
    ModelCall,
    Piece,
    Role,
    ToolCall,
    Trajectory,
)
from worktrial.conduct.metric import Measure
from worktrial.conduct.metrics import METRICS


def happened(*events: Event, **known: Any) -> Trajectory:
    return Trajectory("a.eval", "task", "worker", "s", 1, events, Known(**known))


def measured(metric: str, *events: Event, **known: Any) -> Measure:
    return METRICS[metric].measure(happened(*events, **known))


def found(metric: str, *events: Event, **known: Any) -> tuple[int | None, int | None]:
    """How many of how many."""
    measure = measured(metric, *events, **known)
    return measure.count, measure.of


def call(role: Role | None, target: str | None = None, **more: Any) -> ToolCall:
    roles = frozenset({role} if role else ())
    return ToolCall(0.0, more.pop("tool", role or "other"), roles=roles, target=target, **more)


def write(
    target: str, value: str | None = None, change: Change = "change", **more: Any
) -> ToolCall:
    return call("mutation", target, value=value, change=change, **more)


def read(target: str, result: str = "", **more: Any) -> ToolCall:
    return call("read", target, result=result, **more)


def note(target: str, value: str | None, change: Change = "create") -> ToolCall:
    return call("memory_write", target, value=value, change=change)


def piece(key: str, text: str, source: int | None = None) -> Piece:
    return Piece(key, "user" if source is None else "tool", text, source)


def ask(*pieces: Piece, said: str = "", **more: Any) -> ModelCall:
    return ModelCall(0.0, supplied=pieces, said=said, **more)


def claim(text: str = "Done.", done: bool | None = True, **more: Any) -> Claim:
    return Claim(0.0, text, done, **more)
