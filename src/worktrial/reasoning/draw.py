"""Which puzzles a run has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from worktrial.errors import ConfigError
from worktrial.randomness import derive, stream
from worktrial.reasoning.courses import course_of
from worktrial.reasoning.families import family_of
from worktrial.reasoning.published import published
from worktrial.reasoning.puzzles import FAMILIES, Puzzle


@dataclass(frozen=True, slots=True)
class Drawn:
    """A run's puzzles.

    Attributes:
        puzzles: In the order in which they are asked.
        missed: What of a folder could not be read, a line each.
    """

    puzzles: tuple[Puzzle, ...]
    missed: tuple[str, ...] = ()


def drawn(
    families: Sequence[str],
    course: str,
    *,
    seed: int,
    items: int | None = None,
    folder: Path | None = None,
) -> Drawn:
    """Draw a run's puzzles; the same arguments draw the same.

    Args:
        families: By name, `gym:NAME` among them; every family of our own if none is named.
        course: How large.
        seed: From which all follow.
        items: How many in all, instead of the course's: families and levels in turn.
        folder: Published puzzles that the user has, instead of fresh ones.

    Raises:
        ConfigError: If there is no such course, family or folder, or the number is not one.
    """
    if items is not None and items < 1:
        raise ConfigError(f"`--items` must be at least 1; got {items}")
    named = tuple(dict.fromkeys(families))
    if folder is not None:
        return _found(folder, named, course, seed, items)
    _require(*_NEEDED)
    return _drawn(named or tuple(FAMILIES), course, seed, items)


_NEEDED = ("ortools", "wordfreq")
"""What draws puzzles and proves that they have one solution."""


def _require(*modules: str) -> None:
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise ConfigError(
            f"fresh puzzles need {' and '.join(missing)}, which is not installed; "
            "install with: pip install 'worktrial[puzzles]'"
        )


@lru_cache(maxsize=2)  # the run and its task ask for the same
def _drawn(families: tuple[str, ...], course: str, seed: int, items: int | None) -> Drawn:
    return Drawn(tuple(islice(_in_turn(families, course, seed, items), items)))


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


def _found(
    folder: Path, families: tuple[str, ...], course: str, seed: int, items: int | None
) -> Drawn:
    """As many of a folder's puzzles of each family and level as the course has; all in `full`."""
    size, found = course_of(course), published(folder)
    cells: dict[tuple[str, str], list[Puzzle]] = {}
    for puzzle in sorted(found.puzzles, key=lambda p: derive(seed, "published", p.id)):
        if not families or puzzle.family in families:
            cells.setdefault((puzzle.family, puzzle.level), []).append(puzzle)
    if not cells:
        what = f"puzzles of {', '.join(families)}" if families else "puzzles that can be read"
        raise ConfigError(f"`--puzzles` must be a folder with {what}; {folder} has none")
    most = None if course == "full" or items else size.each
    turns = _turns([of[:most] for _, of in sorted(cells.items())])
    return Drawn(tuple(islice(turns, items)), found.missed)


def _turns(cells: Sequence[Sequence[Puzzle]]) -> Iterator[Puzzle]:
    for n in range(max(map(len, cells))):
        yield from (of[n] for of in cells if n < len(of))
