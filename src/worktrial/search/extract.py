"""Observations out of a search's log: its transcript, played again and scored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from inspect_ai.log import EvalSample
from inspect_ai.util import Store

from worktrial.conduct.gap import clean_values
from worktrial.evidence import Observation, SampleLog
from worktrial.evidence.usage import usage_of
from worktrial.search.arms import Arm
from worktrial.search.arms import arm as find_arm
from worktrial.search.asking import Heard, NameIndex, hear
from worktrial.search.checking import Fault, check
from worktrial.search.conversation import (
    ConversationScore,
    Turn,
    score_conversation,
    turn_class,
)
from worktrial.search.items import SearchItem
from worktrial.search.panel import TRIAL
from worktrial.search.place import place_of
from worktrial.search.scoring import AnswerScore
from worktrial.search.transcript import Exchange, Transcript
from worktrial.search.user import SimulatedUser, UserTurn

_MISSING = {
    "infrastructure": "infrastructure",
    "engine": "environment_fault",
    "reader": "judge_fault",
}


@dataclass(frozen=True)
class Replay:
    """One conversation, played again.

    Attributes:
        item: What was to be found.
        arm: Under which arm.
        transcript: What was kept of it.
        turns: The worker's messages and what they made the person tell.
        user: What the simulated user made of each message; none where there was nobody.
        faults: Of the simulated user.
        answer: The score of the answer; of an empty one where none was given.
        unread: Lines of the answer that look like statements and could not be read; `None` where
            that cannot be known.
        score: Of the conversation.
        outcome: What became of it.
    """

    item: SearchItem
    arm: Arm
    transcript: Transcript
    turns: tuple[Turn, ...]
    user: tuple[UserTurn, ...]
    faults: tuple[Fault, ...]
    answer: AnswerScore
    unread: int | None
    score: ConversationScore
    outcome: str

    @property
    def missing(self) -> bool:
        """Whether what became of it is not the worker's doing."""
        return self.outcome in (*_MISSING.values(), "user_fault")


def replay(sample: EvalSample) -> Replay:
    """Play a sample's conversation again and score it."""
    item = SearchItem.model_validate(sample.metadata["item"])
    return replayed(item, find_arm(sample.metadata["arm"]), _transcript(sample))


def replayed(item: SearchItem, arm: Arm, kept: Transcript) -> Replay:
    """Play a conversation again and score it.

    Args:
        item: What was to be found.
        arm: Under which arm.
        kept: The transcript.
    """
    heard = _played(item, arm, kept)
    turns = [
        _turn(item, arm, exchange, of) for exchange, of in zip(kept.exchanges, heard, strict=True)
    ]
    answered = kept.ending == "answered"
    said = kept.exchanges[-1].worker if answered and kept.exchanges else ""
    text = said if kept.read is None else kept.read
    place = place_of(item)
    claims = place.read(text, item)
    opened = [page for exchange in kept.exchanges for page in exchange.opened]
    answer = place.score(item, claims.triples, opened)
    faults = _faults(item, arm, kept)
    return Replay(
        item=item,
        arm=arm,
        transcript=kept,
        turns=tuple(turns),
        user=tuple(of for of in heard if of is not None),
        faults=faults,
        answer=answer,
        unread=claims.unread if place.ours else None,
        score=score_conversation(
            item.persona,
            turns,
            intents_met=answer.intents_met,
            impatient=kept.ending == "gave up",
        ),
        outcome=_outcome(kept, turns, answer, faults),
    )


def _transcript(sample: EvalSample) -> Transcript:
    return Transcript(store=Store(sample.store))


def _played(item: SearchItem, arm: Arm, kept: Transcript) -> list[UserTurn | None]:
    if not arm.user:
        return [None] * len(kept.exchanges)
    user = SimulatedUser(item, least_questions=arm.least_questions)
    unheard = kept.ending == "silent tools"
    heard = kept.exchanges[:-1] if unheard else kept.exchanges
    return [*(user.hear(exchange.worker) for exchange in heard), *([None] if unheard else [])]


def _turn(item: SearchItem, arm: Arm, exchange: Exchange, of: UserTurn | None) -> Turn:
    heard: Heard = of.heard if of else hear(exchange.worker, item.about, NameIndex(item.admissible))
    return Turn(
        message=exchange.worker,
        asks=heard.asks,
        questions=heard.questions,
        words=heard.words,
        answers=heard.final if arm.user else bool(exchange.worker.strip()),
        fired=of.fired if of else (),
        refused=of.refused if of else False,
        uncovered=of.uncovered if of else (),
    )


def _faults(item: SearchItem, arm: Arm, kept: Transcript) -> tuple[Fault, ...]:
    """What the independent checker finds in what was said."""
    if not arm.user or kept.ending in _MISSING:
        return ()
    said = [(exchange.worker, exchange.user) for exchange in kept.exchanges]
    return check(item, said, kept.ending, least_questions=arm.least_questions)


def _outcome(
    kept: Transcript, turns: Sequence[Turn], answer: AnswerScore, faults: Sequence[Fault]
) -> str:
    """What became of a conversation; a fault of others before anything of the worker's."""
    if kept.ending in _MISSING:
        return _MISSING[kept.ending]
    if faults:
        return "user_fault"
    if kept.ending in ("turns", "silent tools"):
        return "truncated"
    if kept.ending != "answered" or not kept.exchanges[-1].worker.strip():
        return "protocol"
    if kept.exchanges[-1].stop_reason in ("max_tokens", "model_length"):
        return "truncated"
    refused = turns and turn_class(replace(turns[-1], answers=False)) == "refusal"
    return "refusal" if refused and not answer.claims else "ok"


def of_sample(found: SampleLog) -> Iterator[Observation]:
    """Every observation of one sample of a search's log: of the whole, and of every turn."""
    played = replay(found.sample)
    for metric, value in {**_measures(played), **usage_of(found.sample)}.items():
        yield _row(found, played, 0, played.item.persona.style, "conversation", metric, value)
    for step, turn in enumerate(played.turns, 1):
        for metric, count in (("questions", turn.questions), ("words", turn.words)):
            yield _row(found, played, step, "turn", turn_class(turn), metric, float(count))


def _measures(played: Replay) -> Mapping[str, float | None]:
    """All that is measured of a conversation; nothing of one that others spoiled."""
    answer, score = played.answer, played.score
    measured: dict[str, float | None] = {
        "f1": answer.f1,
        "precision": answer.precision,
        "recall": answer.recall,
        "intents_met": answer.intents_met,
        "unsupported": answer.unsupported,
        "unread": None if played.unread is None else float(played.unread),
        **{f"claims_{truth}": float(answer.count(truth)) for truth in answer.truths},
    }
    if place_of(played.item).ours:
        exchanges = played.transcript.exchanges
        measured["searches"] = float(sum(len(e.searches) for e in exchanges))
        measured["opens"] = float(sum(len(e.opened) for e in exchanges))
        measured |= clean_values(answer.f1, clauses_of(answer))
    if played.arm.user:
        measured |= {
            "satisfaction": score.satisfaction,
            "elicitation": score.elicitation,
            "on_target": score.on_target,
            "premature": None if score.premature is None else float(score.premature),
            "redundant": float(score.redundant),
            "turns": float(score.turns),
            "questions_per_turn": score.questions_per_turn,
            "words_per_turn": score.words_per_turn,
        }
    return dict.fromkeys(measured) if played.missing else measured


def clauses_of(answer: AnswerScore) -> dict[str, float | None]:
    """The answer as a deed: stands it on pages that were opened, is it true, and of today?"""
    broken = {
        "verified": answer.unsupported or 0.0,
        "truthful": answer.count("false"),
        "current": answer.count("stale"),
    }
    return {name: float(not count) for name, count in broken.items()}


def _row(
    found: SampleLog,
    played: Replay,
    step: int,
    operation: str,
    kind: str,
    metric: str,
    value: float | None,
) -> Observation:
    return Observation(
        trial=TRIAL,
        worker=found.worker,
        item=played.item.id,
        cluster=played.item.id,
        stratum=played.item.topic,
        arm=played.arm.name,
        replicate=found.sample.epoch,
        step=step,
        operation=operation,
        kind=kind,
        outcome=played.outcome,
        metric=metric,
        value=value,
        log=f"logs/{found.log}",
        sample=str(found.sample.id),
    )
