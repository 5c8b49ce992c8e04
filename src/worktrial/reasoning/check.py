"""The instrument's own check, on a run's own puzzles and without a model."""

from collections.abc import Sequence
from dataclasses import dataclass

from worktrial.reasoning import reference
from worktrial.reasoning.extract import Measured, measured_of
from worktrial.reasoning.measured import CREDIT, PARTS, SOLVED
from worktrial.reasoning.puzzles import Puzzle
from worktrial.reasoning.transcript import Transcript

_SEED = 0


@dataclass(frozen=True, slots=True)
class InstrumentCheck:
    """What reference workers scored on a run's own puzzles.

    Attributes:
        oracle: The lowest share of right cells of who solves everything; must be 1, and solved.
        null: The highest of who says nothing; must be 0.
        credited: The lowest credit for the oracle's trace, where it can be parsed; must be 1.
        bluffed: The highest credit for a trace of manners whose every step is wrong; must be 0.
        puzzles: How many were looked at.
    """

    oracle: float
    null: float
    credited: float
    bluffed: float
    puzzles: int

    @property
    def sound(self) -> bool:
        """Whether the instrument works on these puzzles."""
        return (self.oracle, self.null, self.credited, self.bluffed) == (1, 0, 1, 0)


def check(puzzles: Sequence[Puzzle], *, most: int = 21) -> InstrumentCheck:
    """Let the reference workers take some of a run's puzzles.

    Args:
        puzzles: The run's.
        most: At most so many, of every family and level first.
    """
    firsts = {(puzzle.family, puzzle.level): puzzle for puzzle in reversed(puzzles)}
    some = list({p.id: p for p in (*firsts.values(), *puzzles)}.values())[:most]
    oracle, null, stylist = (
        [m for puzzle in some for m in played(name, puzzle)]
        for name in ("oracle", "null", "stylist")
    )
    return InstrumentCheck(
        oracle=min(_values(oracle, PARTS, SOLVED), default=1.0),
        null=max(_values(null, PARTS, SOLVED), default=0.0),
        credited=min(_values(oracle, CREDIT), default=1.0),
        bluffed=max(_values(stylist, CREDIT), default=0.0),
        puzzles=len(some),
    )


def played(name: str, puzzle: Puzzle) -> list[Measured]:
    """What a reference worker scores on a puzzle, as in a run.

    Args:
        name: Who.
        puzzle: What it is asked.
    """
    return measured_of(puzzle, None, Transcript(text=reference.answer(name, puzzle, _SEED)))


def _values(measured: Sequence[Measured], *metrics: str) -> list[float]:
    return [m.value for m in measured if m.metric in metrics and m.value is not None]
