"""How a leg with tools was worked: whether its writes were looked at again, and what was said."""

from collections.abc import Mapping, Sequence

from worktrial.conduct.claims import says_done
from worktrial.conduct.clean import CLAUSES, clean_of
from worktrial.conduct.events import Claim, Event, Known, ToolCall, Trajectory
from worktrial.conduct.mapping import ToolMap
from worktrial.documents.editor import Call, Result
from worktrial.relay.answers import Answer, Exchange
from worktrial.relay.scoring import LegScore


def leg_clauses(
    exchanges: Sequence[Exchange], last: Answer, score: LegScore
) -> dict[str, float | None]:
    """Whether every clause of clean success holds in one leg.

    Args:
        exchanges: The calls of the leg's last attempt, and what they were answered.
        last: The answer that ended it.
        score: What the leg came to.
    """
    tools = ToolMap.default()
    calls = [
        tools.describe(_call(call, result))
        for exchange in exchanges
        for call, result in zip(exchange.answer.calls, exchange.results, strict=True)
    ]
    said = Claim(0.0, last.text, says_done(last.text))
    events: tuple[Event, ...] = (*calls, said)
    known = Known(success=float(score.outcome == "ok"))
    found = clean_of(Trajectory("", "", "", "", 1, events, known))
    return {name: measure.value for name, measure in found.clauses.items()}


def all_legs(legs: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    """A clause holds in a relay if it holds in every leg; one that is broken decides."""
    return {name: _all([leg.get(name) for leg in legs]) for name in CLAUSES}


def _all(held: Sequence[float | None]) -> float | None:
    if 0.0 in held:
        return 0.0
    return None if None in held or not held else 1.0


def _call(call: Call, result: Result) -> ToolCall:
    error = "mistake" if result.mistaken else None
    return ToolCall(0.0, call.tool, call.arguments, result.text, error=error)
