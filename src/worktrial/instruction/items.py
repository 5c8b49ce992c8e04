"""What is sampled: a sample of the task that is ablated, and how many of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from worktrial.errors import ConfigError

COURSES: Mapping[str, int | None] = {"pocket": 24, "standard": 200, "full": None}
"""The most items of each course; `None` takes all."""


@dataclass(frozen=True)
class AblateItem:
    """One sample of the task, as it is without any arm.

    Attributes:
        id: The sample's id, as text.
        sha256: Of the sample: input, choices, target, metadata.
        input: Its text; of a conversation, that of the user's last message.
        targets: The answers that count.
        choices: Of a multiple choice.
        turns: Role and text of the other messages of a conversation.
        named: Its metadata's text by field.
    """

    id: str
    sha256: str
    input: str
    targets: tuple[str, ...]
    choices: tuple[str, ...] = ()
    turns: tuple[tuple[str, str], ...] = ()
    named: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)

    @cached_property
    def record(self) -> dict[str, str]:
        """What a log and a protocol hold of it."""
        return {"id": self.id, "sha256": self.sha256}


def most_items(course: str, items: int | None) -> int | None:
    """How many items are drawn at most; `None` for all.

    Raises:
        ConfigError: If there is no such course, or the number is not one.
    """
    if course not in COURSES:
        raise ConfigError(f"`--course` must be one of {', '.join(COURSES)}; got {course!r}")
    if items is not None and items < 2:
        raise ConfigError(f"`--items` must be at least 2, since an interval needs 2; got {items}")
    return COURSES[course] if items is None else items
