"""Which puzzles a run has."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from worktrial.errors import ConfigError
from worktrial.randomness import stream
from worktrial.reasoning.courses import course_of
from worktrial.reasoning.puzzles import FAMILIES, Puzzle, family_of


def drawn(
    families: Sequence[str], course: str, *, seed: int, items: int | None = None
) -> tuple[Puzzle, ...]:
    """Draw a run's puzzles; the same arguments draw the same.

    Args:
        families: By name, `gym:NAME` among them; every family of our own if none is named.
        course: How large.
        seed: From which all follow.
        items: How many in all, instead of the course's: families and levels in turn.

    Raises:
        ConfigError: If there is no such course or family, or the number is not one.
    """
    if items is not None and items < 1:
        raise ConfigError(f"`--items` must be at least 1; got {items}")
    return _drawn(tuple(dict.fromkeys(families)) or tuple(FAMILIES), course, seed, items)


@lru_cache(maxsize=2)  # the run and its task ask for the same
def _drawn(
    families: tuple[str, ...], course: str, seed: int, items: int | None
) -> tuple[Puzzle, ...]:
    return tuple(islice(_in_turn(families, course, seed, items), items))


def _in_turn(
    families: tuple[str, ...], course: str, seed: int, items: int | None
) -> Iterator[Puzzle]:
    size = course_of(course)
    known = [family_of(name) for name in families]
    for n in range(items or size.each):
        for level in size.levels:
            for family in known:
                rng = stream(seed, "reasoning", family.name, level, n)
                yield family.draw(f"{family.name}-{level}-{n + 1}", level, rng)
