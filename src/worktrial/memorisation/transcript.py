"""What is kept of one sample: all that scoring it again needs, beside its item."""

from collections.abc import Mapping
from typing import Any, Self

from inspect_ai.util import store
from pydantic import BaseModel, Field

MOST_CHARACTERS = 100_000
"""Of an answer, so many are kept; the log's own events hold all."""
_KEY = "memorisation"


class Said(BaseModel):
    """What became of one call.

    Attributes:
        text: What the model wrote.
        stop: Why it stopped, in Inspect's words.
        fault: Why there is no answer of the model's, where there is none.
    """

    text: str = ""
    stop: str = "stop"
    fault: str = ""


class Tokens(BaseModel):
    """Log-probabilities of a text's tokens in nats, rounded, shape (tokens,) each."""

    logprob: list[float]
    mean: list[float] | None = None
    deviation: list[float] | None = None


class Transcript(BaseModel):
    """One sample as it lies in the log's store.

    Attributes:
        raw: Whether texts were continued without a chat template.
        chat: Whether there is a chat, in which questions were answered.
        said: By text, such as `variant-1`, and by probe.
        tokens: By text.
        orders: Log-probability of a shard in its own order, then in the shuffled ones.
        unread: Why there are no log-probabilities, where they were asked for.
        lost: Whether that is no doing of the model's, so that it is asked for again.
        used: Tokens, seconds and dollars of all calls, by the names of evidence.
    """

    raw: bool = False
    chat: bool = True
    said: dict[str, dict[str, Said]] = Field(default_factory=dict)
    tokens: dict[str, Tokens] = Field(default_factory=dict)
    orders: list[float] = Field(default_factory=list)
    unread: str = ""
    lost: bool = False
    used: dict[str, float] = Field(default_factory=dict)

    def keep(self) -> None:
        """Put it into the store of the sample that runs."""
        store().set(_KEY, self.model_dump(mode="json", exclude_defaults=True))

    @classmethod
    def kept(cls, values: Mapping[str, Any] | None = None) -> Self:
        """What was kept of a sample; an empty one if it never came to that.

        Args:
            values: The store of a logged sample; of the one that runs by default.
        """
        found = store().get(_KEY) if values is None else values.get(_KEY)
        return cls.model_validate(found or {})
