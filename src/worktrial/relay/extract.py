"""Observations out of a relay's log, by replaying its answers through the scorer."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from inspect_ai.event import Event, InfoEvent, ModelEvent
from inspect_ai.log import EvalSample

from worktrial.conduct.gap import clean_values
from worktrial.documents.editor import Call
from worktrial.evidence import Observation, SampleLog
from worktrial.evidence.usage import usage_of_call
from worktrial.relay.answers import Answer, leaving
from worktrial.relay.arms import arm
from worktrial.relay.baton import Baton
from worktrial.relay.changes import given_to
from worktrial.relay.conduct import all_legs, leg_clauses
from worktrial.relay.dialogue import answer_of, came_back
from worktrial.relay.left import SOURCE, left_in
from worktrial.relay.scoring import LegScore, RelayScorer, measures


def replay(sample: EvalSample) -> RelayScorer:
    """What scores a sample's answers: its item, under the arm it was run in."""
    metadata = sample.metadata
    # Logs of version 0.1 know no arms.
    return RelayScorer(given_to(metadata), arm(metadata.get("arm", "rewrite")))


def answers(events: list[Event]) -> Iterator[tuple[Answer | None, Mapping[str, float]]]:
    """The answers of a relay in order, each with what it cost; `None` for one that never came."""
    for event in events:
        if isinstance(event, ModelEvent) and not event.error:
            yield answer_of(event.output), usage_of_call(event)
        elif isinstance(event, InfoEvent) and event.source == SOURCE:
            yield None, {}


def runs(events: list[Event]) -> Iterator[tuple[Answer | None, Mapping[str, float]]]:
    """The runs of an agent in order, each as one answer, with the cost of all calls in it."""
    spent: Counter[str] = Counter()
    calls: list[Call] = []
    for event in events:
        if isinstance(event, ModelEvent) and came_back(event):
            made = answer_of(event.output).calls
            spent.update({**usage_of_call(event), "turns": 1.0, "calls": float(len(made))})
            calls += made
        elif isinstance(event, InfoEvent) and event.source == SOURCE:
            left = left_in(event.data)
            yield (None if left is None else leaving(left, tuple(calls))), dict(spent)
            spent.clear()
            calls.clear()


def answered(sample: EvalSample) -> Iterator[tuple[Answer | None, Mapping[str, float]]]:
    """What came back in a sample, whatever its arm."""
    handover = arm(sample.metadata.get("arm", "rewrite")).handover
    return runs(sample.events) if handover == "agent" else answers(sample.events)


def of_sample(found: SampleLog) -> Iterator[Observation]:
    """Every observation of one sample of a relay log: of every leg, and of how it was worked."""
    played = _play(found.sample)
    rows = measures([leg.score for leg in played.legs], played.baton.legs)
    for step, values in enumerate(rows, 1):
        leg = played.legs[step - 1] if step <= len(played.legs) else None
        ran = {"attempts": leg.score.attempts, **leg.spent} if leg else {}
        errand = played.baton.item.schedule[(step - 1) // 2]
        what = _Step(step, errand.name, errand.kind, leg.score.outcome if leg else None)
        yield from _rows(found, played.baton, what, {**values, **ran})
    if played.baton.arm.handover == "tools":
        yield from _rows(found, played.baton, _whole(played), _conduct(played, rows[-1]))


class _Leg(NamedTuple):
    """A leg that was run; how it was worked is known of one with tools that ended by itself."""

    score: LegScore
    spent: Mapping[str, float]
    clauses: Mapping[str, float | None]


class _Played(NamedTuple):
    baton: Baton
    legs: list[_Leg]


def _play(sample: EvalSample) -> _Played:
    scorer = replay(sample)
    baton = scorer.baton
    with_tools = baton.arm.handover == "tools"
    legs: list[_Leg] = []
    spent: Counter[str] = Counter()
    for answer, cost in answered(sample):
        spent.update({**cost, "turns": 1.0} if answer and with_tools else cost)
        exchanges = tuple(baton.exchanges)
        for score in scorer.score([answer]):
            clauses = leg_clauses(exchanges, answer, score) if answer and with_tools else {}
            legs.append(_Leg(score, dict(spent), clauses))
            spent.clear()
    return _Played(baton, legs)


class _Step(NamedTuple):
    """A leg, or 0 for the whole relay: what was asked for, and what became of it."""

    number: int
    operation: str
    kind: str
    outcome: str | None


def _whole(played: _Played) -> _Step:
    return _Step(0, "relay", "relay", played.legs[-1].score.outcome if played.legs else None)


def _conduct(played: _Played, last: Mapping[str, float | None]) -> Mapping[str, float | None]:
    return clean_values(last["fidelity"], all_legs([leg.clauses for leg in played.legs]))


def _rows(
    found: SampleLog, baton: Baton, step: _Step, values: Mapping[str, float | None]
) -> Iterator[Observation]:
    for metric, value in values.items():
        yield Observation(
            trial="relay",
            worker=found.worker,
            item=baton.item.id,
            cluster=baton.item.id,
            stratum=baton.item.domain,
            arm=baton.arm.name,
            replicate=found.sample.epoch,
            step=step.number,
            operation=step.operation,
            kind=step.kind,
            outcome=step.outcome,
            metric=metric,
            value=value,
            log=f"logs/{found.log}",
            sample=str(found.sample.id),
        )
