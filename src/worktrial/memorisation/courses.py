"""How large an audit is."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from worktrial.errors import ConfigError

LIKELIHOOD_VARIANTS = 19
"""Variants whose log-probabilities are read: with so many an item alone can reach p = .05."""


class AuditCourse(BaseModel):
    """How much is asked of each item.

    Attributes:
        items: The most items; `None` takes all.
        variants: Fresh texts of an item that a model continues and answers.
        draws: Sampled continuations of a text at each judged prefix.
        guided: Whether the set is named in the instruction, once.
        masked: Whether a wrong option is masked.
        tokens: The most tokens of an answer.
        shuffles: Other orders in which a shard of an ordered file is read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: int | None
    variants: int
    draws: int
    guided: bool
    masked: bool
    tokens: int
    shuffles: int


COURSES: Mapping[str, AuditCourse] = {
    "pocket": AuditCourse(
        items=40, variants=5, draws=0, guided=False, masked=False, tokens=256, shuffles=19
    ),
    "standard": AuditCourse(
        items=300, variants=5, draws=4, guided=True, masked=True, tokens=2048, shuffles=39
    ),
    "full": AuditCourse(
        items=None, variants=10, draws=16, guided=True, masked=True, tokens=4096, shuffles=99
    ),
}


def custom_course(name: str, *, items: int | None = None) -> AuditCourse:
    """A course, with another number of items where one was asked for.

    Raises:
        ConfigError: If there is no such course, or the number is not one.
    """
    if name not in COURSES:
        raise ConfigError(f"`--course` must be one of {', '.join(COURSES)}; got {name!r}")
    if items is not None and items < 1:
        raise ConfigError(f"`--items` must be at least 1; got {items}")
    return COURSES[name].model_copy(update={} if items is None else {"items": items})
