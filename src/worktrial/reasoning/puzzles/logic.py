"""Logic grids: who stands where and has what, by what is said of them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import product
from random import Random
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from pydantic import JsonValue

from worktrial.reasoning.puzzles.clues import needed
from worktrial.reasoning.puzzles.floors import Floor, permuted, together
from worktrial.reasoning.puzzles.proof import solutions
from worktrial.reasoning.puzzles.puzzle import Cells, Family, Level, Puzzle

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar

Thing = tuple[str, str]
"""An attribute and one of its values; a person is a value of `name`."""
Values = Mapping[str, Sequence[str]]
"""Of every attribute: `name` first, `place` among the others."""


class Clue(NamedTuple):
    """What is said of some things.

    Attributes:
        kind: One of `KINDS`.
        of: As many things as that kind is about.
    """

    kind: str
    of: tuple[Thing, ...]


class Kind(NamedTuple):
    """A relation of the places where things are.

    Attributes:
        text: Its sentence, with `who` as subjects and `does` and `lacks` as predicates.
        keeps: Whether it is so, by the places of its things.
        things: Of how many it is.
        stands: Whether it is about where people stand, so that it names no place.
    """

    text: str
    keeps: Callable[..., bool]
    things: int = 2
    stands: bool = False


KINDS: Mapping[str, Kind] = {
    "same": Kind("{who[0]} {does[1]}.", lambda a, b: a == b),
    "different": Kind("{who[0]} {lacks[1]}.", lambda a, b: a != b),
    "either": Kind(
        "{who[0]} either {does[1]} or {does[2]}, but not both.",
        lambda a, b, c: (a == b) != (a == c),
        things=3,
    ),
    "next": Kind(
        "{who[0]} stands next to {who[1]}.",
        lambda a, b: abs(a - b) == 1,
        stands=True,
    ),
    "left": Kind(
        "{who[0]} stands somewhere to the left of {who[1]}.",
        lambda a, b: a < b,
        stands=True,
    ),
    "adjacent": Kind(
        "{who[0]} stands directly to the left of {who[1]}.",
        lambda a, b: a + 1 == b,
        stands=True,
    ),
    "gap": Kind(
        "exactly one person stands between {who[0]} and {who[1]}.",
        lambda a, b: abs(a - b) == 2,
        stands=True,
    ),
    "between": Kind(
        "{who[0]} stands somewhere between {who[1]} and {who[2]}.",
        lambda a, b, c: min(b, c) < a < max(b, c),
        things=3,
        stands=True,
    ),
}
"""By name."""
_SIZES: Mapping[Level, tuple[int, int]] = {"easy": (3, 3), "medium": (4, 4), "hard": (5, 5)}
"""How many people, and how many attributes with `name` and `place`."""
_POOL = 8
"""True clues to choose from, for every cell that has to be found."""


class Logic(Family):
    """Three to five people in a row, each with as many attributes."""

    name: ClassVar[str] = "logic"
    cell: ClassVar[str] = "Ada/drink"

    def draw(self, id: str, level: Level, rng: Random) -> Puzzle:  # noqa: A002
        """Give people what they have at random, and say of it only what is needed."""
        clues = None
        while clues is None:
            values, at = _row(*_SIZES[level], rng)
            pool = _true(values, at, _POOL * len(_cells(values)), rng)
            clues = needed(pool, partial(_unique, values))
        return Puzzle(
            id=id,
            family=self.name,
            level=level,
            text=_text(values, clues),
            form=_FORM.format(attributes=_listed(list(values)[1:])),
            data={
                "values": {attribute: list(of) for attribute, of in values.items()},
                "clues": [
                    {"kind": kind, "of": [list(of) for of in things]} for kind, things in clues
                ],
            },
            solution=_solution(values, at),
        )

    def count(self, puzzle: Puzzle) -> int:
        """By CP-SAT, from the values and the clues."""
        return len(_solutions(puzzle.data["values"], _clues(puzzle)))

    def read(self, puzzle: Puzzle, value: JsonValue) -> Cells | None:
        """An object from people to an object from attributes to values."""
        if not isinstance(value, dict):
            return None
        found: Cells = {}
        for name, of in value.items():
            if not isinstance(of, dict):
                return None
            found |= {f"{_plain(name)}/{_plain(key)}": _plain(said) for key, said in of.items()}
        cells = _cells(puzzle.data["values"])
        return {cell: found[cell.casefold()] for cell in cells if found.get(cell.casefold())}

    def write(self, puzzle: Puzzle, cells: Mapping[str, str]) -> JsonValue:
        """Everyone is there; a cell that is missing is not."""
        return {
            name: {
                attribute: cells[f"{name}/{attribute}"]
                for attribute in puzzle.data["values"]
                if f"{name}/{attribute}" in cells
            }
            for name in puzzle.data["values"]["name"]
        }

    def holds(self, puzzle: Puzzle, cells: Mapping[str, str]) -> bool:
        """Every value is one person's, and every clue is so."""
        values: Values = puzzle.data["values"]
        columns = {key: _column(values, key, cells) for key in values}
        if any(sorted(column) != sorted(values[key]) for key, column in columns.items()):
            return False
        places = [int(place) for place in columns["place"]]
        at = {
            (key, value): place
            for key, column in columns.items()
            for value, place in zip(column, places, strict=True)
        }
        return all(_keeps(clue, at) for clue in _clues(puzzle))

    def guess(self, puzzle: Puzzle, rng: Random) -> Cells:
        """Every attribute's values, in a random order."""
        names, *others = puzzle.data["values"].items()
        return {
            f"{name}/{attribute}": value
            for attribute, values in others
            for name, value in zip(names[1], rng.sample(values, len(values)), strict=True)
        }

    def floor(self, puzzle: Puzzle) -> Floor:
        """Attributes are independent, each a random permutation."""
        _, *others = puzzle.data["values"].values()
        return Floor.of(together([permuted(len(values)) for values in others]))


def _row(people: int, attributes: int, rng: Random) -> tuple[Values, dict[Thing, int]]:
    """Attributes and values, and the place of each thing."""
    owned = rng.sample(sorted(_WORDS.keys() - {"name", "place"}), attributes - 2)
    places = [str(place) for place in range(1, people + 1)]
    values = {"name": rng.sample(_WORDS["name"].values.split(), people), "place": places}
    values |= {key: rng.sample(_WORDS[key].values.split(), people) for key in owned}
    at = {("place", place): int(place) for place in places}
    for key in ("name", *owned):
        order = rng.sample(range(1, people + 1), people)
        at |= {(key, value): place for value, place in zip(values[key], order, strict=True)}
    return values, at


def _true(values: Values, at: Mapping[Thing, int], count: int, rng: Random) -> list[Clue]:
    """Different clues that are so, of each kind about as many."""
    things = [(attribute, value) for attribute, of in values.items() for value in of]
    found: dict[Clue, None] = {}
    while len(found) < count:
        clue = _any(rng.choice(sorted(KINDS)), things, rng)
        while not _sound(clue) or not _keeps(clue, at):
            clue = _any(clue.kind, things, rng)
        found[clue] = None
    return list(found)


def _any(kind: str, things: Sequence[Thing], rng: Random) -> Clue:
    return Clue(kind, tuple(rng.sample(things, KINDS[kind].things)))


def _sound(clue: Clue) -> bool:
    """Whether it says something that its own words do not settle."""
    first, *others = (attribute for attribute, _ in clue.of)
    return "place" not in (first, *others) if KINDS[clue.kind].stands else first not in others


def _keeps(clue: Clue, at: Mapping[Thing, int]) -> bool:
    return KINDS[clue.kind].keeps(*(at[thing] for thing in clue.of))


def _unique(values: Values, clues: Sequence[Clue]) -> bool:
    return len(_solutions(values, clues)) == 1


def _solutions(values: Values, clues: Sequence[Clue]) -> list[list[int]]:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    at = _placed(model, values)
    places = range(1, len(values["place"]) + 1)
    for kind, things in clues:
        allowed = [p for p in product(places, repeat=len(things)) if KINDS[kind].keeps(*p)]
        model.add_allowed_assignments([at[thing] for thing in things], allowed)
    return solutions(model, [at[thing] for thing in at if thing[0] != "place"])


def _placed(model: "CpModel", values: Values) -> dict[Thing, "IntVar"]:
    """The place of each thing, of each attribute one at every place."""
    at = {("place", place): model.new_constant(int(place)) for place in values["place"]}
    for attribute, of in values.items():
        if attribute != "place":
            own = [model.new_int_var(1, len(of), "") for _ in of]
            model.add_all_different(own)
            at |= {(attribute, value): place for value, place in zip(of, own, strict=True)}
    return at


def _clues(puzzle: Puzzle) -> list[Clue]:
    return [
        Clue(clue["kind"], tuple((attribute, value) for attribute, value in clue["of"]))
        for clue in puzzle.data["clues"]
    ]


def _cells(values: Values) -> list[str]:
    names, *others = values
    return [f"{name}/{attribute}" for name in values[names] for attribute in others]


def _column(values: Values, attribute: str, cells: Mapping[str, str]) -> Sequence[str]:
    """An attribute's values in the order of the people; nothing where one is missing."""
    if attribute == "name":
        return values["name"]
    return [cells.get(f"{name}/{attribute}", "") for name in values["name"]]


def _solution(values: Values, at: Mapping[Thing, int]) -> Cells:
    names, *others = values
    who = {at[names, name]: name for name in values[names]}
    owned = {f"{who[at[key, of]]}/{key}": of for key in others for of in values[key]}
    return {cell: owned[cell] for cell in _cells(values)}


def _plain(value: JsonValue) -> str:
    """A word or a number without case and spaces; else nothing."""
    return "".join(str(value).split()).casefold() if isinstance(value, int | str) else ""


class _Words(NamedTuple):
    does: str
    lacks: str
    values: str = ""


_WORDS: Mapping[str, _Words] = {
    "name": _Words("is {}", "is not {}", "Ada Ben Cleo Dora Emil Finn Gita Hugo Iris Jonas"),
    "place": _Words("stands at place {}", "does not stand at place {}"),
    "drink": _Words("drinks {}", "does not drink {}", "tea milk cocoa juice water coffee lemonade"),
    "pet": _Words("keeps a {}", "does not keep a {}", "cat dog rabbit parrot turtle hamster mouse"),
    "fruit": _Words("eats a {}", "does not eat a {}", "pear plum fig peach melon lemon banana"),
    "coat": _Words("wears {}", "does not wear {}", "red green blue yellow white black brown"),
    "music": _Words("plays the {}", "does not play the {}", "flute harp drum violin piano guitar"),
    "trip": _Words("came by {}", "did not come by {}", "bus train boat bicycle tram taxi plane"),
}


def _text(values: Values, clues: Sequence[Clue]) -> str:
    names, *others = values
    return _RULES.format(
        count=len(values[names]),
        names=_listed(values[names]),
        values="\n".join(f"{key}: {', '.join(sorted(values[key]))}" for key in others),
        clues="\n".join(f"{n}. {_sentence(clue)}" for n, clue in enumerate(clues, 1)),
    )


def _sentence(clue: Clue) -> str:
    does = [_WORDS[attribute].does.format(value) for attribute, value in clue.of]
    lacks = [_WORDS[attribute].lacks.format(value) for attribute, value in clue.of]
    who = [
        value if attribute == "name" else f"the one who {says}"
        for (attribute, value), says in zip(clue.of, does, strict=True)
    ]
    text = KINDS[clue.kind].text.format(who=who, does=does, lacks=lacks)
    return text[0].upper() + text[1:]


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


_RULES = """\
{count} people, {names}, stand in a row. Places are numbered from 1 on the left to {count} on the right. \
Each of them has one value of everything below, and no two have the same value.

{values}

All of this is true:

{clues}

Find out what each of them has."""  # noqa: E501
_FORM = (
    "an object with every person's name, and for each an object with {attributes}, such as "
    '{{"Zoe": {{"place": "2", "hat": "tall"}}, "Yann": {{"place": "1", "hat": "flat"}}}}'
)
