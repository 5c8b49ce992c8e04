"""One conversation made readable: what was said, and the state of the simulated user beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from worktrial.evidence.logs import Log, SampleLog, Source, read_samples
from worktrial.search.conversation import turn_class
from worktrial.search.extract import Replay, replay
from worktrial.search.items import Triple
from worktrial.search.scoring import Judged
from worktrial.search.user import UserTurn


@dataclass(frozen=True, slots=True)
class TurnStory:
    """One turn.

    Attributes:
        number: From 1.
        kind: What the worker's message is, such as `clarification`.
        looked: What it searched for and opened before.
        worker: Its message.
        user: What it was answered; empty where the conversation ended.
        state: What the simulated user made of the message, a line each.
    """

    number: int
    kind: str
    looked: tuple[str, ...]
    worker: str
    user: str
    state: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConversationStory:
    """One conversation.

    Attributes:
        name: The sample's id.
        arm: Under which it was held.
        opening: The request.
        outcome: What became of it.
        ended: How it ended, in words.
        f1: Of its answer; `None` where it is missing.
        satisfaction: How satisfied the person would be; `None` where it is missing.
        turns: All of them.
        goal: What a good answer says, a line each.
        claims: What the answer says, with what became of each claim.
        faults: Of the simulated user.
        source: Where its sample lies; `None` where it is in no log.
    """

    name: str
    arm: str
    opening: str
    outcome: str
    ended: str
    f1: float | None
    satisfaction: float | None
    turns: tuple[TurnStory, ...]
    goal: tuple[str, ...]
    claims: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]
    source: Source | None = None


def stories(log: Log, samples: set[str]) -> Iterator[ConversationStory]:
    """Tell some conversations of a log."""
    return map(story_of, read_samples(log, only=samples))


def story_of(found: SampleLog) -> ConversationStory:
    """Tell the conversation of a sample."""
    played = replay(found.sample)
    item = played.item
    missing = played.missing
    return ConversationStory(
        name=str(found.sample.id),
        arm=played.arm.name,
        opening=played.arm.opening(item),
        outcome=played.outcome,
        ended=_ended(played),
        f1=None if missing else played.answer.f1,
        satisfaction=None if missing or not played.arm.user else played.score.satisfaction,
        turns=tuple(_turns(played)),
        goal=tuple(_said(played, triple) for triple in item.goal),
        claims=tuple(
            (_said(played, claim.triple), _became(claim)) for claim in played.answer.claims
        ),
        faults=tuple(f"turn {f.turn}: {f.kind}, {f.detail}" for f in played.faults),
        source=found.source,
    )


_ENDINGS = {
    "answered": "with an answer",
    "gave up": "the simulated user lost patience",
    "turns": "it reached its most turns",
    "silent tools": "it reached its most tool calls without a message",
    "infrastructure": "a call never came back",
    "engine": "the search engine failed",
    "reader": "the model that reads answers failed",
}


def _ended(played: Replay) -> str:
    why = f": {played.transcript.why}" if played.transcript.why else ""
    return _ENDINGS.get(played.transcript.ending or "", "it was cut off") + why


def _became(claim: Judged) -> str:
    supported = {True: ", supported", False: ", on no page that was opened", None: ""}
    return claim.truth + supported[claim.supported]


def _said(played: Replay, triple: Triple) -> str:
    topic = played.item.about
    labels = {r.key: r.label for r in topic.relations} | {a.key: a.label for a in topic.attributes}
    return f"{triple.head} | {labels.get(triple.relation, triple.relation)} | {triple.tail}"


def _turns(played: Replay) -> Iterator[TurnStory]:
    told = 0
    for number, (turn, exchange) in enumerate(
        zip(played.turns, played.transcript.exchanges, strict=True), 1
    ):
        user = played.user[number - 1] if number <= len(played.user) else None
        told += len(user.fired) if user else 0
        yield TurnStory(
            number=number,
            kind=turn_class(turn),
            looked=(
                *(f"searched for: {query}" for query in exchange.searches),
                *(f"opened {page}" for page in exchange.opened),
            ),
            worker=exchange.worker,
            user=exchange.user,
            state=tuple(_state(played, user, told)) if user else (),
        )


def _state(played: Replay, user: UserTurn, told: int) -> Iterator[str]:
    """What the simulated user made of a message."""
    topic, stages = played.item.about, played.item.persona.stages

    def labels(keys: Iterable[str]) -> str:
        return ", ".join(topic.attribute(key).label for key in keys)

    heard = user.heard
    brought_up = [key for key in heard.mentions if key not in heard.asks]
    for words, about in (
        ("is asked about", labels(heard.asks)),
        ("hears of", labels(brought_up)),
        ("is shown", ", ".join(heard.shows)),
    ):
        yield from [f"{words} {about}"] if about else []
    for index in user.fired:
        stage = stages[index]
        yield f"tells stage {index + 1}, {labels([stage.constraint.attribute])} ({stage.trigger})"
    for words, about in (
        ("says again", labels(stages[i].constraint.attribute for i in user.repeated)),
        ("puts off", labels(user.put_off)),
        ("does not mind", labels(user.uncovered)),
    ):
        yield from [f"{words} {about}"] if about else []
    yield f"{told} of {len(stages)} stages told"
    if user.patience is not None:
        yield f"patience left: {user.patience} turns"
    if user.ended:
        yield f"ends: {user.why}"
