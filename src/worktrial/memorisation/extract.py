"""Observations out of an audit's log: what was written, scored again against what was cut off."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from inspect_ai.log import EvalSample

from worktrial.evidence import Observation, SampleLog
from worktrial.memorisation.answers import correct, normal
from worktrial.memorisation.draw import Probed, probed_from
from worktrial.memorisation.items import AuditItem, Text
from worktrial.memorisation.likelihood import TokenLogprobs, statistics
from worktrial.memorisation.measured import (
    ACCURACY,
    CANARY,
    GUIDED,
    JUDGED,
    MASKED,
    ORDER,
    PREFIXES,
    RECONSTRUCTION,
    TRIAL,
    at,
)
from worktrial.memorisation.probes import (
    ANSWER,
    COMPLETION,
    GENERAL,
    GUIDED_PERCENT,
    SAMPLED,
    masked_place,
    read_of,
)
from worktrial.memorisation.probes import GUIDED as GUIDED_PROBE
from worktrial.memorisation.reconstruction import Reconstruction, cut, reconstruction, unwrapped
from worktrial.memorisation.transcript import Said, Tokens, Transcript
from worktrial.memorisation.whole import Canary, Shard, body
from worktrial.refusal import refuses

OK, REFUSAL, LOST, TRUNCATED, PROTOCOL = (
    "ok", "refusal", "infrastructure", "truncated", "protocol",
)  # fmt: skip
_UNKNOWN = (REFUSAL, LOST)
"""What became of a continuation that says nothing of what a model remembers."""
_OUT_OF_ROOM = ("max_tokens", "model_length")


class Measured(NamedTuple):
    """One value of one text.

    Attributes:
        operation: Which text.
        kind: The tier by which it was measured.
        metric: What was measured.
        value: `None` where it is missing.
        outcome: What became of the call, or calls, behind it.
    """

    operation: str
    kind: str
    metric: str
    value: float | None
    outcome: str


class Written(NamedTuple):
    """One continuation beside the truth.

    Attributes:
        percent: How much was shown.
        prefix: What was shown.
        remainder: What came after it.
        text: What the model wrote, without what it wrapped around it.
        score: The one against the other; `None` where it says nothing.
        outcome: What became of the call.
    """

    percent: int
    prefix: str
    remainder: str
    text: str
    score: Reconstruction | None
    outcome: str


def transcript_of(sample: EvalSample) -> Transcript:
    """What was kept of a sample."""
    return Transcript.kept(sample.store)


def written(text: Text, percent: int, said: Said, *, raw: bool) -> Written | None:
    """A continuation, scored.

    Args:
        text: What was cut off.
        percent: After how much of it.
        said: What came of the call.
        raw: Whether the bare text was continued, so that nothing is wrapped around it.

    Returns:
        `None` where the text is too short to be cut there.
    """
    parts = cut(body(text), percent)
    if parts is None:
        return None
    prefix, remainder = parts
    bare = said.text if raw else unwrapped(said.text, remainder)
    score = reconstruction(bare, prefix=prefix, remainder=remainder, answer=text.answer)
    outcome = _outcome(said, declined=not raw and _declines(bare, remainder, score))
    known = outcome not in _UNKNOWN and (bool(said.text) or outcome != TRUNCATED)
    return Written(percent, prefix, remainder, bare, score if known else None, outcome)


def _declines(bare: str, remainder: str, score: Reconstruction) -> bool:
    """Whether a continuation is a refusal, and not a text that reads like one."""
    return refuses(bare) and not refuses(remainder) and score.verbatim < 0.5


def _outcome(said: Said, *, declined: bool, done: bool = False) -> str:
    """What became of a call.

    Args:
        said: What came of it.
        declined: Whether its words decline.
        done: Whether it did all that was asked, however it stopped.
    """
    if said.fault:
        return LOST
    if done:
        return OK
    if declined or said.stop == "content_filter":
        return REFUSAL
    if not said.text.strip():
        return TRUNCATED if said.stop in _OUT_OF_ROOM else PROTOCOL
    return OK


def measured_of(probed: Probed, arm: str, kept: Transcript, *, seed: int) -> list[Measured]:
    """Everything that is measured of one sample.

    Args:
        probed: What it is of.
        arm: Under which arm.
        kept: Its transcript.
        seed: Of the run, by which options were masked.
    """
    if isinstance(probed, Canary):
        return list(_canary(probed, kept))
    if isinstance(probed, Shard):
        return list(_order(kept))
    texts = read_of(probed, arm)
    return [
        *(
            m
            for name, said in kept.said.items()
            for m in _text(name, texts[name], said, kept, seed)
        ),
        *(m for name, text in texts.items() for m in _likelihood(name, text, kept)),
    ]


def _text(
    name: str, text: Text, said: Mapping[str, Said], kept: Transcript, seed: int
) -> Iterator[Measured]:
    if ANSWER in said:
        yield _accuracy(name, text, said[ANSWER], _kind(not kept.chat))
    for percent in PREFIXES:
        yield from _continued(name, text, percent, said, raw=kept.raw)
    for percent in JUDGED:
        yield from _drawn(name, text, percent, said, raw=kept.raw)
    if GUIDED_PROBE in said:
        yield _guided(name, text, said)
    if MASKED in said:
        yield _masked(name, text, said[MASKED], seed)


def _accuracy(name: str, text: Text, said: Said, kind: str) -> Measured:
    """Right or wrong; a refusal is wrong, as in any benchmark, and a lost call is neither."""
    right = bool(correct(said.text, text.answer, text.options))
    outcome = _outcome(said, declined=refuses(said.text), done=right)
    if outcome == OK and not right and said.stop in _OUT_OF_ROOM:
        outcome = TRUNCATED
    value = None if outcome == LOST else float(right)
    return Measured(name, kind, ACCURACY, value, outcome)


def _continued(
    name: str, text: Text, percent: int, said: Mapping[str, Said], *, raw: bool
) -> Iterator[Measured]:
    found = said.get(at(COMPLETION, percent))
    of = written(text, percent, found, raw=raw) if found else None
    if of is None:
        return
    for metric in RECONSTRUCTION:
        value = getattr(of.score, metric, None)
        if metric == "answered" and value is None and of.score is not None:
            continue  # the text itself holds the answer, or none is known
        number = None if value is None else float(value)
        yield Measured(name, _kind(raw), at(metric, percent), number, of.outcome)


def _kind(raw: bool) -> str:
    return "raw" if raw else "chat"


def _drawn(
    name: str, text: Text, percent: int, said: Mapping[str, Said], *, raw: bool
) -> Iterator[Measured]:
    """The mean over draws; over those that came back, where some did not."""
    start = at(SAMPLED, percent)
    found = (written(text, percent, s, raw=raw) for n, s in said.items() if n.startswith(start))
    draws = [of for of in found if of is not None]
    if not draws:
        return
    values = [of.score.verbatim for of in draws if of.score is not None]
    outcomes = [of.outcome for of in draws]
    outcome = LOST if LOST in outcomes else outcomes[0] if not values else OK
    value = float(np.mean(values)) if values else None
    yield Measured(name, _kind(raw), at("sampled_verbatim", percent), value, outcome)


def _guided(name: str, text: Text, said: Mapping[str, Said]) -> Measured:
    """How much more of the text comes when the set is named."""
    general = said.get(GENERAL) or said[at(COMPLETION, GUIDED_PERCENT)]
    both = [written(text, GUIDED_PERCENT, s, raw=False) for s in (said[GUIDED_PROBE], general)]
    scores = [of.score.rouge for of in both if of is not None and of.score is not None]
    outcomes = [of.outcome for of in both if of is not None]
    value = scores[0] - scores[1] if len(scores) == 2 else None
    worst = next((o for o in (LOST, REFUSAL, TRUNCATED, PROTOCOL) if o in outcomes), OK)
    return Measured(name, "chat", GUIDED, value, worst)


def _masked(name: str, text: Text, said: Said, seed: int) -> Measured:
    place = masked_place(text, seed)
    hidden = text.options[place] if place is not None else ""
    right = normal(unwrapped(said.text, hidden)) == normal(hidden)
    outcome = _outcome(said, declined=refuses(said.text), done=right)
    return Measured(name, "chat", MASKED, None if outcome in _UNKNOWN else float(right), outcome)


def _likelihood(name: str, text: Text, kept: Transcript) -> Iterator[Measured]:
    if kept.lost:
        yield Measured(name, "logprobs", "loss", None, LOST)
    if name in kept.tokens:
        for metric, value in statistics(body(text), logprobs_of(kept.tokens[name])).items():
            yield Measured(name, "logprobs", metric, value, OK)


def logprobs_of(tokens: Tokens) -> TokenLogprobs:
    """Log-probabilities as they were kept, as arrays."""
    mean, deviation = (
        None if of is None else np.array(of, dtype=np.float64)
        for of in (tokens.mean, tokens.deviation)
    )
    return TokenLogprobs(np.array(tokens.logprob, dtype=np.float64), mean, deviation)


def _canary(canary: Canary, kept: Transcript) -> Iterator[Measured]:
    for said in kept.said.get(CANARY, {}).values():
        outcome = _outcome(said, declined=not kept.raw and refuses(said.text))
        value = None if outcome in _UNKNOWN else float(canary.hidden.lower() in said.text.lower())
        yield Measured(CANARY, _kind(kept.raw), CANARY, value, outcome)


def _order(kept: Transcript) -> Iterator[Measured]:
    if kept.lost:
        yield Measured("order", "logprobs", ORDER, None, LOST)
    if kept.orders:
        own, *others = kept.orders
        yield Measured("order", "logprobs", ORDER, float(own - np.mean(others)), OK)


def of_sample(found: SampleLog) -> Iterator[Observation]:
    """Every observation of one sample of an audit's log."""
    metadata = found.sample.metadata
    probed, arm = probed_from(metadata), metadata["arm"]
    kept = transcript_of(found.sample)
    rows = measured_of(probed, arm, kept, seed=metadata["plan"]["seed"])
    if found.sample.error:  # it may have come to no call, and is not to be lost in silence
        rows.append(Measured("item", "item", ACCURACY, None, LOST))
    rows += [Measured("usage", "usage", name, value, OK) for name, value in kept.used.items()]
    stratum = _stratum(probed)
    for row in rows:
        yield Observation(
            trial=TRIAL,
            worker=found.worker,
            item=probed.id,
            cluster=probed.id,
            stratum=stratum,
            arm=arm,
            replicate=found.sample.epoch,
            step=0,
            operation=row.operation,
            kind=row.kind,
            outcome=row.outcome,
            metric=row.metric,
            value=row.value,
            log=f"logs/{found.log}",
            sample=str(found.sample.id),
        )


def _stratum(probed: Probed) -> str:
    """How its variants were made; a control without any was made by others."""
    if not isinstance(probed, AuditItem):
        return "none"
    return probed.family or ("own" if probed.role == "control" else "none")
