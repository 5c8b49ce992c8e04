"""Verification: what checking costs, and what it catches.

A cost is never to be read without the catch rate beside it: who checks nothing pays nothing.
"""

from collections.abc import Callable, Iterator

from worktrial.conduct.events import ModelCall, SeededFault, ToolCall, Trajectory
from worktrial.conduct.metric import Measure, Metric, not_measurable
from worktrial.conduct.metrics.counting import Turns, kept, without_roles
from worktrial.conduct.metrics.looking import looks

NOTHING_ACCEPTED = "nothing was accepted"


def accepted(trajectory: Trajectory) -> int | None:
    """How many artefacts were accepted; one if the outcome succeeded, where nobody says."""
    known = trajectory.known
    if known.accepted is not None:
        return known.accepted
    return None if known.success is None else int(known.success >= 1)


def per_accepted(trajectory: Trajectory, total: float, places: tuple[int, ...] = ()) -> Measure:
    """So much per accepted artefact."""
    many = accepted(trajectory)
    if many is None:
        return not_measurable("no score of the outcome is known")
    return (
        Measure(total / many, of=many, places=places) if many else not_measurable(NOTHING_ACCEPTED)
    )


def verification_tokens(trajectory: Trajectory) -> Measure:
    """Tokens spent on reads-back and checks, per accepted artefact."""
    return _cost(trajectory, _tokens)


def verification_seconds(trajectory: Trajectory) -> Measure:
    """Seconds spent on reads-back and checks, per accepted artefact."""
    return _cost(trajectory, _seconds)


def verification_minutes(trajectory: Trajectory) -> Measure:
    """Minutes that a person is declared to have spent on checking, per accepted artefact."""
    minutes = trajectory.known.human_minutes
    if minutes is None:
        return not_measurable("no minutes of a person are declared")
    return per_accepted(trajectory, minutes)


def catch_rate(trajectory: Trajectory) -> Measure:
    """Share of the seeded faults that were met which the worker noticed."""
    return _of_met(trajectory, lambda fault: fault.detected is not None)


def repair_rate(trajectory: Trajectory) -> Measure:
    """Share of the seeded faults that were met which do no more harm in the end."""
    return _of_met(trajectory, lambda fault: fault.repaired is not None)


def turns_to_repair(trajectory: Trajectory) -> Measure:
    """Mean model calls from meeting a seeded fault to its repair."""
    met = _met(trajectory)
    if isinstance(met, str):
        return not_measurable(met)
    turns = Turns(trajectory)
    taken = [turns.between(at, fault.repaired) for at, fault in met if fault.repaired is not None]
    if not taken:
        return not_measurable("no seeded fault was repaired")
    return Measure(sum(taken) / len(taken), count=sum(taken), of=len(taken))


def _of_met(trajectory: Trajectory, good: Callable[[SeededFault], bool]) -> Measure:
    met = _met(trajectory)
    if isinstance(met, str):
        return not_measurable(met)
    missed = [at for at, fault in met if not good(fault)]
    return kept(missed, len(met) - len(missed), len(met), nothing="")


def _met(trajectory: Trajectory) -> list[tuple[int, SeededFault]] | str:
    """The seeded faults that were met, or why there are none."""
    if not trajectory.known.faults:
        return "no seeded fault is known"
    met = [(fault.at, fault) for fault in trajectory.known.faults if fault.at is not None]
    return met or "no seeded fault was met"


def _cost(
    trajectory: Trajectory, total: Callable[[Trajectory, frozenset[int]], float | str]
) -> Measure:
    why = without_roles(trajectory)
    if why:
        return not_measurable(why)
    looking = looks(trajectory).looking
    spent = total(trajectory, frozenset(looking))
    if isinstance(spent, str):
        return not_measurable(spent)
    return per_accepted(trajectory, spent, looking)


def _tokens(trajectory: Trajectory, looking: frozenset[int]) -> float | str:
    """What was asked for by looking, and the results of looking when they first came in.

    A model call that asks for several tools counts by the share of them that look. What is left
    of its input counts by the share of results of looking among the characters supplied.
    """
    total, seen = 0.0, set[int]()
    for call, share in _askers(trajectory, looking):
        new = {piece.source for piece in call.supplied if piece.source in looking} - seen
        seen.update(place for place in new if place is not None)
        if not (share or new):
            continue
        if call.tokens_in is None or call.tokens_out is None:
            return "a model call that checks has no usage"
        read = sum(len(piece.text) for piece in call.supplied if piece.source in new)
        of = sum(len(piece.text) for piece in call.supplied)
        total += share * (call.tokens_in + call.tokens_out)
        total += (1 - share) * call.tokens_in * (read / of if read else 0)
    return total


def _seconds(trajectory: Trajectory, looking: frozenset[int]) -> float | str:
    tools = [call.seconds for place, call in trajectory.tool_calls() if place in looking]
    models = [
        None if call.seconds is None else share * call.seconds
        for call, share in _askers(trajectory, looking)
        if share
    ]
    known = [each for each in tools + models if each is not None]
    return sum(known) if len(known) == len(tools + models) else "a call that checks has no time"


def _askers(trajectory: Trajectory, looking: frozenset[int]) -> Iterator[tuple[ModelCall, float]]:
    """Model calls, each with the share of the tools that it asked for which look."""
    ids = {
        event.id
        for place, event in enumerate(trajectory.events)
        if place in looking and isinstance(event, ToolCall) and event.id
    }
    for _, call in trajectory.model_calls():
        if call.error is not None:
            continue
        asked = len(call.calls)
        yield call, sum(each in ids for each in call.calls) / asked if asked else 0.0


_FIELD = "Gu (2026), arXiv:2605.26112, which names it without a formula; this project's formula"
_SEEDED = "error seeding: Mills (1972), IBM FSC 72-6015; faults seeded by the trial"
METRICS = (
    Metric(
        "verification_tokens", "verification", "Tokens spent on checking", "tokens", None,
        "proposed",
        "tokens of model calls that asked for reads-back and checks, by their share of the tools"
        " asked for, + those of the results as first supplied / accepted artefacts; read it beside"
        " catch_rate",
        _FIELD, verification_tokens,
    ),
    Metric(
        "verification_seconds", "verification", "Seconds spent on checking", "seconds", None,
        "proposed",
        "seconds of reads-back and checks and of the model calls that asked for them, by their"
        " share of the tools asked for / accepted artefacts; read it beside catch_rate",
        _FIELD, verification_seconds,
    ),
    Metric(
        "verification_minutes", "verification", "Minutes of a person's checking", "minutes", None,
        "proposed", "declared minutes / accepted artefacts; read it beside catch_rate",
        _FIELD, verification_minutes,
    ),
    Metric(
        "catch_rate", "verification", "Seeded faults caught", "share", "higher", "validated",
        "seeded faults detected / seeded faults met", _SEEDED, catch_rate,
    ),
    Metric(
        "repair_rate", "verification", "Seeded faults repaired", "share", "higher", "proposed",
        "seeded faults repaired / seeded faults met", _SEEDED, repair_rate,
    ),
    Metric(
        "turns_to_repair", "verification", "Turns to repair", "turns", "lower", "proposed",
        "model calls from meeting a seeded fault to its repair / repaired faults",
        _SEEDED, turns_to_repair,
    ),
)  # fmt: skip
