"""Observations out of an ablation's log: the task's own score, and the answer read leniently."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalSample
from inspect_ai.scorer import Score

from worktrial.evidence import Observation, SampleLog
from worktrial.evidence.scores import number_of
from worktrial.evidence.usage import spent_of
from worktrial.instruction.answers import follows, lenient, same
from worktrial.instruction.arms import WRONG
from worktrial.instruction.task import KEPT
from worktrial.refusal import refuses

TRIAL = "ablate"
SCORE, LENIENT, WRONG_KEY = "score", "lenient", "wrong_key"
OK, REFUSAL, TRUNCATED, PROTOCOL = "ok", "refusal", "truncated", "protocol"
LOST, UNJUDGED = "infrastructure", "judge_fault"
_MISSING = (LOST, UNJUDGED)
_OUT_OF_ROOM = ("max_tokens", "model_length")


class Measured(NamedTuple):
    """One value of one sample; `None` where it is missing."""

    metric: str
    value: float | None
    outcome: str


def of_sample(found: SampleLog) -> Iterator[Observation]:
    """Every observation of one sample of an ablation's log."""
    sample = found.sample
    kept = sample.metadata[KEPT]
    said = sample.store.get(KEPT) or {}
    for row in (*measured_of(sample, kept, said), *_used(found)):
        yield Observation(
            trial=TRIAL,
            worker=found.worker,
            item=kept["item"]["id"],
            cluster=kept["item"]["id"],
            stratum=str(said.get("kind", "")),
            arm=kept["arm"],
            replicate=sample.epoch,
            step=0,
            operation=kept["arm"],
            kind=str(said.get("kind", "")),
            outcome=row.outcome,
            metric=row.metric,
            value=row.value,
            log=f"logs/{found.log}",
            sample=str(sample.id),
        )


def measured_of(
    sample: EvalSample, kept: Mapping[str, Any], said: Mapping[str, Any]
) -> list[Measured]:
    """Score, lenient score and, under another task's instruction, whether that was followed.

    Args:
        sample: Of a log.
        kept: What its metadata hold of the ablation.
        said: What its store holds: by what its answer is read; empty where it came to no call.
    """
    value = None if sample.error else score_of(sample.scores or {}, str(kept["scorer_key"]))
    outcome = _outcome(sample, value, came=bool(said))
    rows = [Measured(SCORE, None if outcome in _MISSING else value, outcome)]
    if outcome == LOST or not said:
        return rows
    text, kind, options = sample.output.completion, said["kind"], said["options"]
    if kind != "text":
        answer, right = lenient(text, kind, options), _key(kept["arm"], said)
        hit = answer is not None and same(answer, right, kind)
        rows.append(Measured(LENIENT, float(hit), outcome))
    if kept["arm"] == WRONG and said["wrong"]:
        hit = follows(text, said["wrong"], kind, options, said["form"])
        rows.append(Measured(WRONG_KEY, float(hit), outcome))
    return rows


def _key(arm: str, said: Mapping[str, Any]) -> str:
    """By which an answer is right: the item's own target, or its new name."""
    right = said["target"] if arm == WRONG or said["right"] is None else said["right"]
    return str(right)


def score_of(scores: Mapping[str, Score], key: str) -> float | None:
    """The score that counts, as a number in [0, 1].

    Args:
        scores: Of a sample, by scorer.
        key: A scorer, a key of its value, or `scorer/key`; the first of each by default.

    Returns:
        `None` where there is none, it is no number, or it leaves [0, 1].
    """
    value = number_of(scores, key)
    return value if value is not None and 0 <= value <= 1 else None


def _outcome(sample: EvalSample, value: float | None, *, came: bool) -> str:
    """What became of a sample; a lost call, or a score that could not be given, is missing."""
    if sample.error or (not came and not sample.limit):
        return LOST
    if value is None:
        return UNJUDGED
    if value > 0:
        return OK
    if sample.limit or sample.output.stop_reason in _OUT_OF_ROOM:
        return TRUNCATED
    text = sample.output.completion
    return REFUSAL if refuses(text) else OK if text.strip() else PROTOCOL


def _used(found: SampleLog) -> Iterator[Measured]:
    """Tokens, seconds and dollars of the worker, as far as they are known.

    By its calls: Inspect's own sum leaves out those that a run which goes on replays.
    """
    spent: dict[str, float] = {}
    for event in found.sample.events:
        if not isinstance(event, ModelEvent) or event.model != found.worker:
            continue
        if not event.error and event.role is None:
            for name, value in spent_of(event.output.usage).items():
                spent[name] = spent.get(name, 0.0) + value
    for name, value in spent.items():
        yield Measured(name, value, OK)
    if found.sample.working_time is not None:
        yield Measured("seconds", found.sample.working_time, OK)
