"""Trajectory quality: how straight the way was."""

import hashlib
import json
from typing import Any

from worktrial.conduct.events import Change, ToolCall, Trajectory
from worktrial.conduct.metric import Measure, Metric, not_measurable, rate
from worktrial.conduct.metrics.counting import NO_TOOL, Turns, calls_with, kept, without_roles
from worktrial.conduct.metrics.looking import looks
from worktrial.conduct.metrics.using import has_rare, last_said, used_after

NO_MUTATION = "nothing was changed"
NO_ERROR = "no call failed"


def progress(trajectory: Trajectory) -> Measure:
    """Share of the known subgoals that were reached."""
    subgoals = trajectory.known.subgoals
    if subgoals is None:
        return not_measurable("no subgoals are known")
    return kept((), sum(subgoals.values()), len(subgoals), nothing="no subgoals are known")


def repeated_calls(trajectory: Trajectory) -> Measure:
    """Share of tool calls that ask again what was asked, nothing having changed since."""
    why = without_roles(trajectory)
    return not_measurable(why) if why else _share_of_calls(_repeats(trajectory), trajectory)


def backtracks(trajectory: Trajectory) -> Measure:
    """Share of mutations that take back what this worker did."""
    why = without_roles(trajectory)
    mutations = calls_with(trajectory, "mutation")
    if why or not mutations:
        return not_measurable(why or NO_MUTATION)
    back, _ = _taken_back(trajectory)
    return rate(tuple(sorted(back)), len(mutations), nothing=NO_MUTATION)


def recovered_errors(trajectory: Trajectory) -> Measure:
    """Share of failed calls after which the same tool works on the same target."""
    failed, recovery = _recoveries(trajectory)
    nothing = NO_ERROR if trajectory.tool_calls() else NO_TOOL
    return kept(set(failed) - set(recovery), len(recovery), len(failed), nothing=nothing)


def turns_to_recover(trajectory: Trajectory) -> Measure:
    """Mean model calls from a failed call to the one that worked."""
    failed, recovery = _recoveries(trajectory)
    if not recovery:
        return not_measurable("no failed call was recovered" if failed else NO_ERROR)
    turns = Turns(trajectory)
    events = trajectory.events
    taken = [turns.between(i, j, events[i].agent) for i, j in recovery.items()]
    slow = tuple(i for i, many in zip(recovery, taken, strict=True) if many > 1)
    return Measure(sum(taken) / len(taken), count=sum(taken), of=len(taken), places=slow)


def unverified_mutations(trajectory: Trajectory) -> Measure:
    """Share of mutations that nothing looked at afterwards."""
    why = without_roles(trajectory)
    if why:
        return not_measurable(why)
    seen = looks(trajectory)
    return rate(seen.unverified, len(seen.mutations), nothing=NO_MUTATION)


def dead_ends(trajectory: Trajectory) -> Measure:
    """Share of tool calls that led nowhere."""
    why = without_roles(trajectory)
    if why:
        return not_measurable(why)
    failed, recovery = _recoveries(trajectory)
    _, undone = _taken_back(trajectory)
    dead = (set(failed) - set(recovery)) | undone | _useless_reads(trajectory)
    return _share_of_calls(dead, trajectory)


def _share_of_calls(places: set[int], trajectory: Trajectory) -> Measure:
    return rate(tuple(sorted(places)), len(trajectory.tool_calls()), nothing=NO_TOOL)


def _repeats(trajectory: Trajectory) -> set[int]:
    """Calls equal to an earlier one, with no state change between the two."""
    version, found = 0, set()
    latest: dict[tuple[str, str, str], tuple[int, bool]] = {}
    for place, call in trajectory.tool_calls():
        key = (call.agent, call.tool, _fingerprint(call.arguments, place))
        before = latest.get(key)
        if before == (version, False):
            found.add(place)
        version += call.tool in trajectory.unmapped or _may_change(call)
        latest[key] = (version, call.error is not None and call.transient)
    return found


def _may_change(call: ToolCall) -> bool:
    """Whether the world or the memory may be another after it."""
    changes = not {"mutation", "memory_write"}.isdisjoint(call.roles)
    return "opaque" in call.roles or (changes and call.error is None)


def _fingerprint(arguments: Any, place: int) -> str:
    try:
        text = json.dumps(arguments, sort_keys=True, default=str)
    except (RecursionError, TypeError, ValueError):
        return str(place)  # cannot be compared, so it is like no other
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _recoveries(trajectory: Trajectory) -> tuple[list[int], dict[int, int]]:
    """Failed calls, and by those that were recovered the place of the call that worked."""
    working: dict[tuple[str, str, str | None], int] = {}
    failed: list[int] = []
    recovery: dict[int, int] = {}
    for place, call in reversed(trajectory.tool_calls()):
        if call.error is None:
            working[call.agent, call.tool, call.target] = place
            working[call.agent, call.tool, None] = place
            continue
        failed.append(place)
        after = working.get((call.agent, call.tool, call.target))
        if after is not None:
            recovery[place] = after
    return failed[::-1], dict(sorted(recovery.items()))


_State = tuple[Change | None, str | int | None]
_ABSENT: _State = ("remove", None)


def _taken_back(trajectory: Trajectory) -> tuple[set[int], set[int]]:
    """Mutations that restore an earlier state of their target, and those that they undo."""
    history: dict[str, list[tuple[int | None, _State]]] = {}
    back: set[int] = set()
    undone: set[int] = set()
    for place, call in trajectory.tool_calls():
        if call.target is None or call.error is not None:
            continue
        states = history.setdefault(call.target, [])
        if "mutation" in call.roles:
            since = _mutate(states, place, call)
            back.update([place] if since else ())
            undone.update(since)
        elif "read" in call.roles and not states:
            states.append((None, (None, call.result)))
    return back, undone


def _mutate(states: list[tuple[int | None, _State]], place: int, call: ToolCall) -> list[int]:
    """Note a new state; the mutations since the earlier one that it restores."""
    if not states and call.change == "create":
        states.append((None, _ABSENT))
    new = _state(call, place)
    earlier = [i for i, (_, state) in enumerate(states) if state == new]
    since = states[earlier[-1] + 1 :] if earlier else []
    states.append((place, new))
    return [at for at, _ in since if at is not None]


def _state(call: ToolCall, place: int) -> _State:
    if call.change == "remove":
        return _ABSENT
    return (None, place if call.value is None else call.value)


def _useless_reads(trajectory: Trajectory) -> set[int]:
    """Reads whose result can be known again, and of which nothing turns up later.

    Reads-back are no search for news and don't count.
    """
    last = last_said(trajectory)
    looking = set(looks(trajectory).looking)
    return {
        place
        for place, call in calls_with(trajectory, "read") + calls_with(trajectory, "memory_read")
        if place not in looking
        and has_rare(call.result)
        and not used_after(call.result, place, last)
    }


_FIELD = "Gu (2026), arXiv:2605.26112, which names it without a formula; this project's formula"
METRICS = (
    Metric(
        "progress", "quality", "Progress", "share", "higher", "validated",
        "subgoals reached / subgoals known",
        "progress rate: Ma et al. (2024), AgentBoard, arXiv:2401.13178", progress,
    ),
    Metric(
        "repeated_calls", "quality", "Repeated calls", "share", "lower", "proposed",
        "calls with the tool and arguments of an earlier call of the same agent and no state change"
        " between / tool calls; a retry after a transient error is no repeat",
        _FIELD, repeated_calls,
    ),
    Metric(
        "backtracks", "quality", "Backtracks", "share", "lower", "proposed",
        "mutations that restore an earlier state of their target, or remove what the worker made"
        " / mutations",
        _FIELD, backtracks,
    ),
    Metric(
        "recovered_errors", "quality", "Errors recovered from", "share", "higher", "proposed",
        "failed calls after which the same tool succeeds, on the same target where there is one"
        " / failed calls",
        _FIELD, recovered_errors,
    ),
    Metric(
        "turns_to_recover", "quality", "Turns to recover", "turns", "lower", "proposed",
        "model calls from a failed call to the one that succeeded / recovered calls",
        _FIELD, turns_to_recover,
    ),
    Metric(
        "unverified_mutations", "quality", "Unverified mutations", "share", "lower", "proposed",
        "mutations without a later read of their target, check, or opaque call that names it"
        " / mutations",
        _FIELD, unverified_mutations,
    ),
    Metric(
        "dead_ends", "quality", "Dead ends", "share", "lower", "proposed",
        "(failed calls not recovered + mutations undone + reads of which nothing is used later)"
        " / tool calls",
        _FIELD, dead_ends,
    ),
)  # fmt: skip
