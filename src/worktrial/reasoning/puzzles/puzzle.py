"""A puzzle with one solution, and what every family of puzzles can do with one.

An answer is a mapping from cells to values: the squares of a grid, the letters of a code. Cells
that have to be found are the puzzle's parts; `solution` has them all and nothing else.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from worktrial.reasoning.puzzles.floors import Floor

Level = Literal["easy", "medium", "hard"]
LEVELS: tuple[Level, ...] = ("easy", "medium", "hard")
Cells = dict[str, str]
"""Values by cell; whoever reads them has taken off case and spaces."""


class Puzzle(BaseModel):
    """One puzzle.

    Attributes:
        id: Unique among the puzzles of a run.
        family: Of which kind.
        level: How hard.
        text: The rules, and what is given, as a worker reads them.
        form: How the answer is written down in JSON, with an example of another puzzle's.
        data: What the rules are checked by, in JSON's types, apart from the solution.
        solution: The value of every cell that has to be found, one cell at least.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    family: str
    level: Level
    text: str
    form: str
    data: dict[str, Any]
    solution: Cells


@dataclass(frozen=True, slots=True)
class Step:
    """What a line of a trace claims.

    Attributes:
        text: The line.
        valid: Whether it is so.
    """

    text: str
    valid: bool


class Family(ABC):
    """One kind of puzzle.

    Attributes:
        name: What it is called.
        cell: How a cell is named in a step, such as `R2C3`.
    """

    name: ClassVar[str]
    cell: ClassVar[str]

    @abstractmethod
    def draw(self, id: str, level: Level, rng: Random) -> Puzzle:  # noqa: A002 - the model's field
        """Draw a puzzle that has exactly one solution; the same stream draws the same."""

    @abstractmethod
    def count(self, puzzle: Puzzle) -> int:
        """How many solutions `puzzle.data` has, counted up to two, by CP-SAT."""

    @abstractmethod
    def read(self, puzzle: Puzzle, value: JsonValue) -> Cells | None:
        """The cells of an answer.

        Args:
            puzzle: What was asked.
            value: Any JSON, of bounded size and depth.

        Returns:
            What it says of the puzzle's cells, those that were given among them; `None` where it is
            not of the form. Cells may be missing; what is no cell is left out.
        """

    @abstractmethod
    def write(self, puzzle: Puzzle, cells: Mapping[str, str]) -> JsonValue:
        """Cells as an answer in the puzzle's form: what `read` reads back."""

    @abstractmethod
    def holds(self, puzzle: Puzzle, cells: Mapping[str, str]) -> bool:
        """Whether cells are all there and keep every rule, by `puzzle.data` alone.

        A cell that was given and is written otherwise breaks a rule.
        """

    @abstractmethod
    def guess(self, puzzle: Puzzle, rng: Random) -> Cells:
        """The best guess of who reads what is given and works nothing out."""

    @abstractmethod
    def floor(self, puzzle: Puzzle) -> Floor:
        """What `guess` scores in the mean, exactly."""

    def steps(self, puzzle: Puzzle, trace: str) -> Iterator[Step]:
        """Every claim of a trace that can be parsed: lines such as `STEP: R2C3 = 4`.

        There is one solution, so that what follows from the rules is what it says.

        Args:
            puzzle: What was asked.
            trace: All that was written, of bounded length.
        """
        truth = {cell.casefold(): value for cell, value in puzzle.solution.items()}
        for found in _STEP.finditer(trace):
            cell, value = found["cell"].strip().casefold(), found["value"].strip(" \t.'\"`*")
            if cell in truth:
                yield Step(found[0].strip(), value.casefold() == truth[cell].casefold())

    def claimed(self, puzzle: Puzzle, cells: Mapping[str, str]) -> list[str]:
        """A trace's lines that claim these cells, which `steps` reads back.

        Args:
            puzzle: What was asked.
            cells: Of the puzzle, right or wrong.
        """
        return [f"STEP: {cell} = {cells[cell]}" for cell in puzzle.solution if cell in cells]


_STEP = re.compile(r"^[ \t>*-]{0,8}STEP:[ \t]*(?P<cell>[^=\n]{1,80})=(?P<value>[^\n]{1,80})$", re.M)
