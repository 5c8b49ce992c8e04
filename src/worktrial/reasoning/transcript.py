"""What is kept of one sample: all that scoring it again needs, beside its puzzle."""

from collections.abc import Mapping
from typing import Any, Self

from inspect_ai.util import store
from pydantic import BaseModel, Field

_KEY = "reasoning"


class Transcript(BaseModel):
    """One sample as it lies in the log's store.

    Attributes:
        text: What the model wrote, the end of it if it is very long.
        stop: Why it stopped, in Inspect's words.
        fault: Why there is no generation of the model's, where there is none.
        judged: The judge's marks in [0, 1], by what was shown to it: `own`, `wrong`, `other`.
        unjudged: Why there are no marks, where a judge was asked.
        used: Tokens, seconds and dollars, by the names of evidence.
    """

    text: str = ""
    stop: str = "stop"
    fault: str = ""
    judged: dict[str, float | None] = Field(default_factory=dict)
    unjudged: str = ""
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
