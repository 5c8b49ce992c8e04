"""A sample as a scorer sees it, and what it does not see of an old log.

`inspect score` leaves the inputs of model calls in a pool beside the events, which a scorer is not
given. A call whose input was the conversation up to its answer, as most are, has it back from the
sample's messages; of the others it stays unknown, and so do the metrics that ask for it.
"""

from collections.abc import Mapping, Sequence

from inspect_ai.event import Event, ModelEvent
from inspect_ai.log import EvalSample, transcript
from inspect_ai.model import ChatMessage
from inspect_ai.scorer import Target
from inspect_ai.solver import TaskState

from worktrial.conduct.metric import Measure, not_measurable

SUPPLIED = frozenset({
    "stale_entries", "unsourced_entries", "duplicate_entries", "retrieval_precision",
    "obsolete_uses", "context_used", "compaction_loss", "verification_tokens",
    "facts_handed_over", "current", "clean_success",
})  # fmt: skip
"""What rests on the texts that were supplied to the model."""
_APART = (
    "the log keeps what models were given apart from their calls, where a scorer cannot see it; "
    "`worktrial conduct` reads it"
)


def sample_of(state: TaskState, target: Target) -> EvalSample:
    """The sample as a log would hold it."""
    return EvalSample(
        id=state.sample_id,
        epoch=state.epoch,
        input=state.input,
        target=list(target.target),
        metadata=state.metadata,
        messages=state.messages,
        output=state.output,
        store=dict(state.store.items()),
        scores=state.scores,
        events=with_inputs(transcript().events, state.messages),
    )


def with_inputs(events: Sequence[Event], messages: Sequence[ChatMessage]) -> list[Event]:
    """The events, those of model calls with the conversation before their answer as input."""
    places = {message.id: place for place, message in enumerate(messages) if message.id}
    return [
        _with_input(e, messages, places) if isinstance(e, ModelEvent) and apart(e) else e
        for e in events
    ]


def apart(event: Event) -> bool:
    """Whether it is a model call whose input is elsewhere."""
    return isinstance(event, ModelEvent) and not event.input and bool(event.input_refs)


def seen(measured: Mapping[str, Measure], events: Sequence[Event]) -> dict[str, Measure]:
    """The measures, without those that need inputs where some are elsewhere."""
    if not any(map(apart, events)):
        return dict(measured)
    nothing = not_measurable(_APART)
    return {name: nothing if name in SUPPLIED else each for name, each in measured.items()}


def _with_input(
    event: ModelEvent, messages: Sequence[ChatMessage], places: Mapping[str, int]
) -> ModelEvent:
    answer = event.output.choices[0].message.id if event.output.choices else None
    place = places.get(answer or "")
    many = sum(end - start for start, end in event.input_refs or ())
    if place != many:
        return event
    return event.model_copy(update={"input": list(messages[:many]), "input_refs": None})
