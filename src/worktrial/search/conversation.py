"""What a conversation is worth: what was drawn out of the person, and at what cost to them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from worktrial.search.items import Persona

TurnClass = Literal[
    "answer attempt", "clarification", "interrogation", "discussion", "hedge", "refusal", "missing"
]
INTERROGATION = 3
"""Attributes asked about in one message from which on it is an interrogation."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a worker, and what the person told in reply.

    Attributes:
        message: The worker's words.
        asks: Attributes that it asks about.
        questions: How many questions it has.
        words: How many words it has.
        answers: Whether it is an answer.
        refused: Whether it was not taken as one, since too little had been asked.
        fired: Indices of the persona's stages that it made the person tell.
        uncovered: Attributes asked about that the person does not care about.
    """

    message: str
    asks: tuple[str, ...] = ()
    questions: int = 0
    words: int = 0
    answers: bool = False
    refused: bool = False
    fired: tuple[int, ...] = ()
    uncovered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationScore:
    """One conversation, measured. A measure without anything to measure is `None`.

    Attributes:
        turns: Messages of the worker.
        elicitation: Share of the stages that only a question draws out that were told.
        on_target: Share of the attributes asked about, counted once a turn, that told something
            new.
        redundant: How often an attribute was asked about that had been told, or had been answered
            with not minding.
        questions_per_turn: Mean number of questions.
        words_per_turn: Mean number of words.
        premature: Whether it was answered before every stage was told; `None` without an answer.
        satisfaction: Share of the constraints met, if the answer came before the person's
            patience ran out; else 0. `None` where it is not known what is met.
        classes: How many messages there are of each class.
    """

    turns: int
    elicitation: float | None
    on_target: float | None
    redundant: int
    questions_per_turn: float | None
    words_per_turn: float | None
    premature: bool | None
    satisfaction: float | None
    classes: Mapping[TurnClass, int]


def score_conversation(
    persona: Persona, turns: Sequence[Turn], *, intents_met: float | None, impatient: bool = False
) -> ConversationScore:
    """Measure a conversation.

    Args:
        persona: Who was asked.
        turns: In order; the last is the answer where there is one.
        intents_met: Share of the constraints that the answered subject satisfies; `None` where
            that is not known.
        impatient: Whether the person ended it.
    """
    told: set[int] = set()
    settled: set[str] = set()
    asked = hits = redundant = 0
    for turn in turns:
        fresh = {persona.stages[i].constraint.attribute for i in turn.fired if i not in told}
        asks = dict.fromkeys(turn.asks)
        asked += len(asks)
        hits += sum(attribute in fresh for attribute in asks)
        redundant += sum(attribute in settled for attribute in asks)
        told.update(turn.fired)
        settled.update(fresh, turn.uncovered)
    must = [i for i, stage in enumerate(persona.stages) if stage.must_ask]
    answered = any(turn.answers and not turn.refused for turn in turns)
    return ConversationScore(
        turns=len(turns),
        elicitation=_share(sum(i in told for i in must), len(must)),
        on_target=_share(hits, asked),
        redundant=redundant,
        questions_per_turn=_share(sum(turn.questions for turn in turns), len(turns)),
        words_per_turn=_share(sum(turn.words for turn in turns), len(turns)),
        premature=len(told) < len(persona.stages) if answered else None,
        satisfaction=intents_met if intents_met is None or (answered and not impatient) else 0.0,
        classes=_classes(turns),
    )


def turn_class(turn: Turn) -> TurnClass:
    """The class of a message, after Lost in Conversation, by its words and what it asks alone.

    An answer is one even if it asks; a question is one even if it doubts.

    References:
        Laban et al. (2025), LLMs Get Lost In Multi-Turn Conversation, arXiv:2505.06120.
    """
    text = turn.message[:_LOOKED_AT]
    if not text.strip():
        return "missing"
    if turn.answers:
        return "answer attempt"
    if len(set(turn.asks)) >= INTERROGATION:
        return "interrogation"
    if turn.asks or turn.questions:
        return "clarification"
    if _REFUSAL.search(text):
        return "refusal"
    return "hedge" if _HEDGE.search(text) else "discussion"


_LOOKED_AT = 4000
_REFUSAL = re.compile(
    r"\b(?:I(?:'m| am) (?:sorry|unable|not able)|I (?:can(?:no|')t|won't|will not|must decline)|"
    r"(?:can|could)(?:no|n')t (?:help|assist|comply|do that)|as an AI|no matching|"
    r"unable to (?:help|assist|find))\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:might|perhaps|possibly|probably|maybe|may be|could be|not (?:sure|certain)|"
    r"it depends|unclear|several options)\b",
    re.IGNORECASE,
)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _classes(turns: Collection[Turn]) -> Mapping[TurnClass, int]:
    counts: dict[TurnClass, int] = {}
    for turn in turns:
        name = turn_class(turn)
        counts[name] = counts.get(name, 0) + 1
    return counts
