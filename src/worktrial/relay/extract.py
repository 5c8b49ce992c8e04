"""Observations out of a relay's log, by replaying its answers through the scorer."""

from collections.abc import Iterator, Mapping

from inspect_ai.event import Event, InfoEvent, ModelEvent
from inspect_ai.log import EvalSample

from worktrial.evidence import Observation, SampleLog
from worktrial.evidence.usage import usage_of_call
from worktrial.relay.answers import Answer
from worktrial.relay.arms import arm
from worktrial.relay.baton import Baton
from worktrial.relay.dialogue import answer_of
from worktrial.relay.items import RelayItem
from worktrial.relay.scoring import LegScore, RelayScorer, measures


def replay(sample: EvalSample) -> RelayScorer:
    """What scores a sample's answers: its item, under the arm it was run in."""
    metadata = sample.metadata
    # Logs of version 0.1 know no arms.
    return RelayScorer(
        RelayItem.model_validate(metadata["item"]), arm(metadata.get("arm", "rewrite"))
    )


def answers(events: list[Event]) -> Iterator[tuple[Answer | None, Mapping[str, float]]]:
    """The answers of a relay in order, each with what it cost; `None` for one that never came."""
    for event in events:
        if isinstance(event, ModelEvent) and not event.error:
            yield answer_of(event.output), usage_of_call(event)
        elif isinstance(event, InfoEvent) and event.source == "worktrial/relay":
            yield None, {}


def of_sample(found: SampleLog) -> Iterator[Observation]:
    """Every observation of one sample of a relay log."""
    scorer = replay(found.sample)
    legs: list[LegScore] = []
    costs: list[dict[str, float]] = []
    spent: dict[str, float] = {}
    for answer, cost in answers(found.sample.events):
        turn = {"turns": 1.0} if answer and scorer.baton.arm.handover == "tools" else {}
        for name, value in {**cost, **turn}.items():
            spent[name] = spent.get(name, 0.0) + value
        if scored := scorer.score([answer]):
            legs += scored
            costs.append(spent)
            spent = {}
    for step, values in enumerate(measures(legs, scorer.baton.legs), 1):
        leg = legs[step - 1] if step <= len(legs) else None
        ran = {"attempts": leg.attempts, **costs[step - 1]} if leg else {}
        yield from _rows(found, scorer.baton, step, leg, {**values, **ran})


def _rows(
    found: SampleLog,
    baton: Baton,
    step: int,
    leg: LegScore | None,
    values: Mapping[str, float | None],
) -> Iterator[Observation]:
    item = baton.item
    errand = item.schedule[(step - 1) // 2]
    for metric, value in values.items():
        yield Observation(
            trial="relay",
            worker=found.worker,
            item=item.id,
            cluster=item.id,
            stratum=item.domain,
            arm=baton.arm.name,
            replicate=found.sample.epoch,
            step=step,
            operation=errand.name,
            kind=errand.kind,
            outcome=leg.outcome if leg else None,
            metric=metric,
            value=value,
            log=f"logs/{found.log}",
            sample=str(found.sample.id),
        )
