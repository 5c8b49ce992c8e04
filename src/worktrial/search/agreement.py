"""How well the matcher agrees with labels that it was not made from."""

from importlib.resources import files
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from worktrial.search.asking import NameIndex, hear
from worktrial.search.topics import TOPICS

Part = Literal["development", "held_out"]
Question = Literal["asks", "mentions"]


class Labelled(BaseModel):
    """One labelled utterance.

    Attributes:
        topic: Key of its topic.
        text: What a search assistant says.
        asks: Keys of the attributes it asks about.
        mentions: Keys of those it brings up.
        kind: What sort of utterance it is meant to be.
        by: Who wrote it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str
    text: str
    asks: tuple[str, ...]
    mentions: tuple[str, ...]
    kind: str
    by: str


class Rate(NamedTuple):
    """A proportion with its Wilson interval at 95 %.

    Attributes:
        hits: Of so many.
        of: Pairs of utterance and attribute.
        value: The proportion; `None` where there are no pairs.
        low: Lower bound.
        high: Upper bound.
    """

    hits: int
    of: int
    value: float | None
    low: float
    high: float


class Agreement(NamedTuple):
    """How the matcher does on pairs of utterance and attribute.

    Attributes:
        utterances: How many were read.
        precision: Of the pairs that the matcher finds, those that are labelled.
        recall: Of the labelled pairs, those that the matcher finds.
    """

    utterances: int
    precision: Rate
    recall: Rate


def labelled(part: Part) -> tuple[Labelled, ...]:
    """The labelled utterances of a part."""
    text = files("worktrial.search").joinpath("labelled", f"{part}.jsonl").read_text("utf-8")
    return tuple(Labelled.model_validate_json(line) for line in text.splitlines())


def matcher_agreement(part: Part, *, question: Question = "asks", by: str = "") -> Agreement:
    """Hold the matcher against the labels of a part.

    Args:
        part: `development`, on which it was tuned, or `held_out`.
        question: What is compared.
        by: Only what this author wrote; everything where it is empty.
    """
    chosen = [one for one in labelled(part) if by in ("", one.by)]
    pairs = [
        (key in _found(one, question), key in getattr(one, question))
        for one in chosen
        for key in (attribute.key for attribute in TOPICS[one.topic].attributes)
    ]
    both = sum(found and true for found, true in pairs)
    return Agreement(
        len(chosen),
        _rate(both, sum(found for found, _ in pairs)),
        _rate(both, sum(true for _, true in pairs)),
    )


def _found(one: Labelled, question: Question) -> tuple[str, ...]:
    heard = hear(one.text, TOPICS[one.topic], NameIndex(()))
    return heard.asks if question == "asks" else heard.mentions


def _rate(hits: int, of: int) -> Rate:
    from scipy.stats import binomtest

    if not of:
        return Rate(0, 0, None, 0.0, 1.0)
    bounds = binomtest(hits, of).proportion_ci(method="wilson")
    return Rate(hits, of, hits / of, float(bounds.low), float(bounds.high))
