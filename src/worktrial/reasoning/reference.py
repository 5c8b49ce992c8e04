"""Reference workers: simulated, of known skill and known manners.

`oracle` solves every puzzle and shows every step; `half` solves half of them; `fumbler` shows every
right step and writes a wrong answer; `stylist` writes a long trace full of manners whose every step
is wrong, and a wrong answer; `guesser` plays the floor; `formatter` puts the right values into a
random order; `null` is mute.
"""

from worktrial.errors import ConfigError
from worktrial.randomness import stream
from worktrial.reasoning.families import family_of
from worktrial.reasoning.forged import mannered, scattered, stepped, written, wrong
from worktrial.reasoning.puzzles import Puzzle

NAMES = ("oracle", "null", "half", "fumbler", "stylist", "guesser", "formatter")


def check(name: str) -> None:
    """Raise `ConfigError` unless there is such a worker."""
    if name not in NAMES:
        raise ConfigError(
            f"the reasoning trial's reference workers are {', '.join(NAMES)}; got {name!r}; "
            "choose one"
        )


def answer(name: str, puzzle: Puzzle, seed: int) -> str:
    """What a reference worker writes.

    Args:
        name: Who.
        puzzle: What it is asked.
        seed: Of its guesses; another for every replicate.
    """
    if name == "null":
        return ""
    if name == "guesser":
        family, rng = family_of(puzzle.family), stream(seed, "guesser", puzzle.id)
        return written(puzzle, family.guess(puzzle, rng))
    if name == "formatter":
        return written(puzzle, scattered(puzzle, seed))
    if name == "stylist":
        return _both(puzzle, mannered(stepped(puzzle, wrong(puzzle))), right=False)
    if name == "fumbler":
        return _both(puzzle, stepped(puzzle, puzzle.solution), right=False)
    right = name == "oracle" or stream(seed, "half", puzzle.id).random() < 0.5
    cells = puzzle.solution if right else wrong(puzzle)
    return _both(puzzle, stepped(puzzle, cells), right=right)


def _both(puzzle: Puzzle, trace: str, *, right: bool) -> str:
    cells = puzzle.solution if right else wrong(puzzle)
    return f"{trace}\n\n{written(puzzle, cells)}"
