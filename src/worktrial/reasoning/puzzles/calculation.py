"""Random calculation: fresh arithmetic that nobody has seen, with exact fractions.

After RandomCalculation of Wu et al. (2025), Reasoning or Memorization?, arXiv:2507.10532: trees of
+ − × ÷ over the integers from 0 to 100, their fractions, squares and cubes. Their reward pays for
coming near; here the value is right or not.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from operator import add, mul, sub, truediv
from random import Random
from typing import ClassVar

from pydantic import JsonValue

from worktrial.reasoning.puzzles.equations import equations
from worktrial.reasoning.puzzles.floors import Floor, sure
from worktrial.reasoning.puzzles.puzzle import Cells, Family, Level, Puzzle, Step

Tree = str | list["Tree"]
"""A number such as `7`, `3/4`, `12^2`, or a list of a sign, a left and a right tree."""

_OPERATIONS: Mapping[Level, int] = {"easy": 3, "medium": 6, "hard": 10}
_LARGEST = 10**8 - 1
"""Of a numerator or denominator, of every part of an expression: eight digits."""
_TOP = 100
_SIGNS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": add,
    "−": sub,
    "×": mul,
    "÷": truediv,
}
_CELL = "result"
_CONSTANT = "0"
"""Most often right. Of 20,000 draws a level it is so in 0.9%, 1.5% and 4.1%: a factor or a
difference of 0 makes the rest vanish. No other value is right in more than 0.02%."""


class Calculation(Family):
    """One number out of 3, 6 or 10 operations."""

    name: ClassVar[str] = "calculation"
    cell: ClassVar[str] = _CELL

    def draw(self, id: str, level: Level, rng: Random) -> Puzzle:  # noqa: A002
        """Draw an expression none of whose parts divides by 0 or has more than eight digits."""
        tree, found = _drawn(_OPERATIONS[level], rng)
        return Puzzle(
            id=id,
            family=self.name,
            level=level,
            text=_RULES.format(expression=_shown(tree)),
            form=_FORM,
            data={"tree": tree},
            solution={_CELL: str(found)},
        )

    def count(self, puzzle: Puzzle) -> int:
        """One: an expression has one value, or none where it divides by 0."""
        return int(_evaluated(puzzle.data["tree"]) is not None)

    def read(self, puzzle: Puzzle, value: JsonValue) -> Cells | None:
        """A number or a string of one, alone or as `result`; `7/2`, `14/4` and `3.5` are equal."""
        found = _number(value.get(_CELL) if isinstance(value, dict) else value)
        return None if found is None else {_CELL: str(found)}

    def write(self, puzzle: Puzzle, cells: Mapping[str, str]) -> JsonValue:
        """An object with the one cell."""
        return {_CELL: cells.get(_CELL, "")}

    def holds(self, puzzle: Puzzle, cells: Mapping[str, str]) -> bool:
        """Whether the result is the value of the expression, exactly."""
        found = _number(cells.get(_CELL))
        return found is not None and found == _evaluated(puzzle.data["tree"])

    def guess(self, puzzle: Puzzle, rng: Random) -> Cells:
        """The value that the generator comes to most often."""
        return {_CELL: _CONSTANT}

    def floor(self, puzzle: Puzzle) -> Floor:
        """Exact, and 0 or 1: of one puzzle the constant is right or not.

        The mean over puzzles is what the constant scores on just these puzzles; over all that can
        be drawn it is about 0.01, 0.015 and 0.04 by level.
        """
        return Floor.of(sure(int(puzzle.solution[_CELL] == _CONSTANT), 1))

    def steps(self, puzzle: Puzzle, trace: str) -> Iterator[Step]:
        """Every equation that is written anywhere, and every `STEP: result = 7/2`."""
        at = 0
        for claim in _CLAIM.finditer(trace):
            yield from equations(trace[at : claim.start()])
            found = _number(claim["value"].strip(" \t.'\"`*$"))
            yield Step(claim[0].strip(), str(found) == puzzle.solution[_CELL])
            at = claim.end()
        yield from equations(trace[at:])


def expression(operations: int, rng: Random) -> tuple[str, Fraction]:
    """Draw an expression of so many operations: how it is written, and its value."""
    tree, value = _drawn(operations, rng)
    return _shown(tree), value


def _drawn(operations: int, rng: Random) -> tuple[Tree, Fraction]:
    """A tree of so many operations and its value; drawn again until there is one in bounds."""
    if not operations:
        leaf = _leaf(rng)
        return leaf, _leaf_value(leaf)
    while True:
        few = rng.randint(0, min((operations + 1) // 2, operations - 1))
        one, other = _drawn(few, rng), _drawn(operations - 1 - few, rng)
        (left, a), (right, b) = (one, other) if rng.random() < 0.5 else (other, one)
        sign = rng.choice(list(_SIGNS))
        found = _operated(sign, a, b)
        if found is not None:
            return [sign, left, right], found


def _leaf(rng: Random) -> str:
    kind = rng.randrange(4)
    number = rng.randint(0, _TOP)
    if kind == 0:
        return f"{number}/{rng.randint(1, _TOP)}"
    return str(number) if kind == 1 else f"{number}^{kind}"


def _leaf_value(leaf: str) -> Fraction:
    base, _, exponent = leaf.partition("^")
    return Fraction(base) ** int(exponent or 1)


def _operated(sign: str, one: Fraction, other: Fraction) -> Fraction | None:
    if sign == "÷" and not other:
        return None
    found = _SIGNS[sign](one, other)
    return found if max(abs(found.numerator), found.denominator) <= _LARGEST else None


def _evaluated(tree: Tree) -> Fraction | None:
    if isinstance(tree, str):
        return _leaf_value(tree)
    sign, left, right = tree
    one, other = _evaluated(left), _evaluated(right)
    return None if one is None or other is None else _operated(str(sign), one, other)


def _shown(tree: Tree) -> str:
    """With a bracket around everything that is no plain number, but for the whole."""
    if isinstance(tree, str):
        return tree
    sign, left, right = tree
    return f"{_bracketed(left)} {sign} {_bracketed(right)}"


def _bracketed(tree: Tree) -> str:
    plain = isinstance(tree, str) and "/" not in tree
    return _shown(tree) if plain else f"({_shown(tree)})"


def _number(value: JsonValue) -> Fraction | None:
    """Exactly what a short number says; none for all that is longer, infinite or no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(value) if not isinstance(value, int) or abs(value) <= _LARGEST else ""
    found = _NUMBER.fullmatch(text.strip(" \t\n")) if len(text) <= _LONGEST else None
    if found is None or (found["under"] and not int(found["under"])):
        return None
    over = Fraction(found["over"].replace("−", "-").replace(" ", ""))
    return over / int(found["under"] or 1)


_LONGEST = 40
_NUMBER = re.compile(
    r"(?P<over>[+−-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?)"
    r"(?:[ ]?/[ ]?(?P<under>[0-9]{1,20}))?"
)
_CLAIM = re.compile(
    rf"^[ \t>*-]{{0,8}}STEP:[ \t]*{_CELL}[ \t]*=(?P<value>[^=\n]{{1,80}})$", re.M | re.I
)
_RULES = """\
Work out the value of this expression exactly. Brackets come first; ^ is a power, and 3/4 is a fraction. The result is a whole number or a fraction in its lowest terms.

{expression}"""  # noqa: E501
_FORM = 'an object with the one key result, whose value is the number, such as {"result": "-17/6"}'
