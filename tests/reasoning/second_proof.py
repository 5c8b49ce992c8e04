"""Hidden words as clauses: how many solutions there are, by a solver that is not the product's."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations
from string import ascii_uppercase

from pysat.card import CardEnc, EncType
from pysat.formula import IDPool
from pysat.solvers import Cadical153

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import FAMILIES, LEVELS, Puzzle

PROVED = 8


@cache
def drawn(name: str) -> tuple[Puzzle, ...]:
    """Puzzles of every level, other than those of the tests that all families pass."""
    return tuple(
        FAMILIES[name].draw(f"{level}-{n}", level, stream(23, "proof", name, level, n))
        for level in LEVELS
        for n in range(PROVED)
    )


class Clauses:
    """A formula about which letter each cell has."""

    def __init__(self, cells: Iterable[str]) -> None:
        self.ids, self.cells = IDPool(), sorted(set(cells))
        self.solver = Cadical153()
        for cell in self.cells:
            self.exactly(1, [self.has(cell, letter) for letter in ascii_uppercase])

    def has(self, cell: str, letter: str) -> int:
        return int(self.ids.id(("letter", cell, letter)))

    def exactly(self, count: int, literals: Sequence[int]) -> None:
        encoded = CardEnc.equals(list(literals), count, vpool=self.ids, encoding=EncType.seqcounter)
        self.solver.append_formula(encoded.clauses)

    def spells(self, place: Sequence[str], words: Iterable[str]) -> None:
        """One of the words stands in the place."""
        chosen = []
        for word in sorted({word for word in words if len(word) == len(place)}):
            here = self.ids.id(("word", tuple(place), word))
            chosen.append(here)
            for cell, letter in zip(place, word, strict=True):
                self.solver.add_clause([-here, self.has(cell, letter)])
        self.solver.add_clause(chosen)

    def different(self, cells: Iterable[str]) -> None:
        for one, two in combinations(sorted(cells), 2):
            for letter in ascii_uppercase:
                self.solver.add_clause([-self.has(one, letter), -self.has(two, letter)])

    def solutions(self, most: int = 3) -> list[Mapping[str, str]]:
        found: list[Mapping[str, str]] = []
        while len(found) < most and self.solver.solve():
            true = set(self.solver.get_model())
            found.append(
                {c: x for c in self.cells for x in ascii_uppercase if self.has(c, x) in true}
            )
            self.solver.add_clause([-self.has(cell, letter) for cell, letter in found[-1].items()])
        return found
