"""How large a reasoning trial is."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from worktrial.errors import ConfigError
from worktrial.reasoning.puzzles import LEVELS, Level


class ReasoningCourse(BaseModel):
    """How many puzzles, and how much may be written about each.

    Attributes:
        levels: How hard.
        each: Puzzles of a family and a level.
        tokens: The most tokens of an answer, its trace included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    levels: tuple[Level, ...]
    each: int
    tokens: int


COURSES: Mapping[str, ReasoningCourse] = {
    "pocket": ReasoningCourse(levels=("easy",), each=3, tokens=1024),
    "standard": ReasoningCourse(levels=LEVELS, each=10, tokens=8192),
    "full": ReasoningCourse(levels=LEVELS, each=50, tokens=32768),
}


def course_of(name: str) -> ReasoningCourse:
    """A course by its name.

    Raises:
        ConfigError: If there is none of this name.
    """
    if name not in COURSES:
        raise ConfigError(f"`--course` must be one of {', '.join(COURSES)}; got {name!r}")
    return COURSES[name]
