"""What a model wrote where a text was cut off, for people to read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextStory:
    """One text that was cut off, and how a model went on.

    Attributes:
        item: The item whose text it is, or whose fresh text; a control is its own.
        arm: Whether the text is as published, or a fresh one.
        operation: Which text it is: `published`, `variant-1` and so on, or `control`.
        percent: How much of it was shown.
        prefix: What was shown.
        remainder: What came after it in the text.
        written: What the model wrote.
        verbatim: Share of the remainder in its longest verbatim run; `None` where it is missing.
    """

    item: str
    arm: str
    operation: str
    percent: int
    prefix: str
    remainder: str
    written: str
    verbatim: float | None
