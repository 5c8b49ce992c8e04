"""What is audited: an item as published, and the fresh texts it is held against."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Family = Literal["numbers", "entities", "options", "order", "generated"]
"""How a fresh text is made of an item: new numbers with a recomputed answer, other names, options
or listings in another order, or another draw of the project's own generator."""


class Text(BaseModel):
    """One text that a model is probed with.

    Attributes:
        question: As it stands in the file, or as a program changed it; without the options.
        answer: The right one, if it is known; of multiple choice, the text of the right option.
        options: Of a multiple choice, in the order in which they are shown; none otherwise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    question: str
    answer: str | None = None
    options: tuple[str, ...] = ()


class AuditItem(Text):
    """One item of what is audited, or one of the user's own controls.

    Attributes:
        id: Its own id, or `row-N`, unique in the audit.
        row: Which row of its file it is, from 1.
        role: Whether it is audited, or is a control that the model cannot have met.
        family: How its variants were made; `None` where there are none.
        variants: Fresh texts of the same form; of a control, to be read beside it.
        unvaried: Why a program can make none of it, in a few words.
        working: How the file says that the answer is reached, which variants are recomputed from;
            gone once they are made.
    """

    id: str
    row: int
    role: Literal["audited", "control"] = "audited"
    family: Family | None = None
    variants: tuple[Text, ...] = ()
    unvaried: str | None = None
    working: str | None = None
