"""What a model wrote where a text was cut off, for people to read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextStory:
    """One text that was cut off, and how a model went on.

    Attributes:
        item: The item whose text it is, or whose fresh text.
        arm: Whether the text is as published, or a fresh one.
        operation: Which text it is, such as `variant-1`.
        percent: How much of it was shown.
        prefix: What was shown.
        remainder: What came after it in the text.
        written: What the model wrote.
        verbatim: Share of the remainder in its longest verbatim run; `None` where it is missing.
        p: Share of fresh texts that stand out as much as the item, by the score that decides.
        flagged: Whether the item is among those that the model is taken to have met.
        correct: Whether the model's answer to the text is right; `None` where it is not known.
    """

    item: str
    arm: str
    operation: str
    percent: int
    prefix: str
    remainder: str
    written: str
    verbatim: float | None
    p: float | None
    flagged: bool
    correct: bool | None
