"""Crosswords: words of a bank in a grid, by what is said of their letters."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import combinations, permutations, product
from random import Random
from typing import ClassVar, NamedTuple

from pydantic import JsonValue

from worktrial.reasoning.puzzles.clues import needed
from worktrial.reasoning.puzzles.floors import Floor, drawn, together
from worktrial.reasoning.puzzles.layout import Entries, Size, Square, entries_of, filled
from worktrial.reasoning.puzzles.lexicon import words
from worktrial.reasoning.puzzles.proof import solutions
from worktrial.reasoning.puzzles.puzzle import Cells, Family, Level, Puzzle

Blank = int | str
"""A letter, its place in a word from 1, or a count."""


class Clue(NamedTuple):
    """What is said of the words of some entries.

    Attributes:
        kind: One of `KINDS`.
        of: One entry or two.
        blanks: What fills that kind's sentence.
    """

    kind: str
    of: tuple[str, ...]
    blanks: tuple[Blank, ...]


class Kind(NamedTuple):
    """A relation of words.

    Attributes:
        text: Its sentence of `it`, the first entry's word, `other` being the second entry.
        keeps: Whether it is so, by the words and then the blanks.
        blanks: What can be said of words, whether it is so or not.
        entries: Of how many it is.
    """

    text: str
    keeps: Callable[..., bool]
    blanks: Callable[..., Iterator[tuple[Blank, ...]]]
    entries: int = 1


def _none(*_: str) -> Iterator[tuple[Blank, ...]]:
    yield ()


def _places(*of: str) -> Iterator[tuple[Blank, ...]]:
    """A letter of each word."""
    return product(*(range(1, len(word) + 1) for word in of))


def _counts(word: str, *_: str) -> Iterator[tuple[Blank, ...]]:
    return product(range(len(word) + 1))


def _letters(_: str) -> Iterator[tuple[Blank, ...]]:
    return product("abcdefghijklmnopqrstuvwxyz")


KINDS: Mapping[str, Kind] = {
    "vowels": Kind(
        "{blanks[0]} of its letters are among a, e, i, o and u",
        lambda word, count: sum(letter in "aeiou" for letter in word) == count,
        _counts,
    ),
    "once": Kind(
        "no letter stands in it more than once",
        lambda word: len(set(word)) == len(word),
        _none,
    ),
    "twice": Kind(
        "some letter stands in it more than once",
        lambda word: len(set(word)) < len(word),
        _none,
    ),
    "before": Kind(
        "its letter {blanks[0]} comes before its letter {blanks[1]} in the alphabet",
        lambda word, first, second: word[first - 1] < word[second - 1],
        lambda word: permutations(range(1, len(word) + 1), 2),
    ),
    "early": Kind(
        "its letter {blanks[0]} is one of a to m",
        lambda word, place: word[place - 1] <= "m",
        _places,
    ),
    "late": Kind(
        "its letter {blanks[0]} is one of n to z",
        lambda word, place: word[place - 1] >= "n",
        _places,
    ),
    "has": Kind(
        "the letter {blanks[0]} stands in it",
        lambda word, letter: letter in word,
        _letters,
    ),
    "lacks": Kind(
        "the letter {blanks[0]} does not stand in it",
        lambda word, letter: letter not in word,
        _letters,
    ),
    "shares": Kind(
        "the number of different letters that stand both in it and in {other} is {blanks[0]}",
        lambda word, other, count: len(set(word) & set(other)) == count,
        _counts,
        entries=2,
    ),
    "ahead": Kind(
        "it comes before {other} in alphabetical order",
        lambda word, other: word < other,
        _none,
        entries=2,
    ),
    "equal": Kind(
        "its letter {blanks[0]} is the same as letter {blanks[1]} of {other}",
        lambda word, other, first, second: word[first - 1] == other[second - 1],
        _places,
        entries=2,
    ),
}
"""By name."""
_SIZES: Mapping[Level, Size] = {
    "easy": Size(entries=5, side=7, longest=5),
    "medium": Size(entries=8, side=9, longest=6),
    "hard": Size(entries=13, side=12, longest=8),
}
_FILLINGS = 3
"""Ways to fill the grid that the bank has."""
_FEWEST = 8
"""Words of each length that the bank has at least."""


class Crossword(Family):
    """Five to thirteen entries, and three times as many words to choose from."""

    name: ClassVar[str] = "crossword"
    cell: ClassVar[str] = "1-ACROSS"

    def draw(self, id: str, level: Level, rng: Random) -> Puzzle:  # noqa: A002
        """Cross words of the lexicon, hide them in a bank, and say of them only what is needed."""
        clues = None
        while clues is None:
            entries, fillings = filled(_SIZES[level], _FILLINGS, rng)
            bank = _bank(fillings, rng)
            solution = rng.choice(fillings)
            pool = _true(solution, bank, rng)
            clues = needed(pool, partial(_unique, entries, bank))
        return Puzzle(
            id=id,
            family=self.name,
            level=level,
            text=_text(entries, bank, clues),
            form=_FORM,
            data={
                "grid": _rows(entries),
                "bank": bank,
                "clues": [
                    {"kind": of.kind, "of": list(of.of), "blanks": list(of.blanks)} for of in clues
                ],
            },
            solution=solution,
        )

    def count(self, puzzle: Puzzle) -> int:
        """By CP-SAT, from the grid, the bank and the clues."""
        return len(_solutions(_open(puzzle), puzzle.data["bank"], _clues(puzzle)))

    def read(self, puzzle: Puzzle, value: JsonValue) -> Cells | None:
        """An object from entries to words."""
        if not isinstance(value, dict):
            return None
        found = {_plain(name): _plain(word) for name, word in value.items()}
        return {name: found[_plain(name)] for name in _open(puzzle) if found.get(_plain(name))}

    def write(self, puzzle: Puzzle, cells: Mapping[str, str]) -> JsonValue:
        """An entry that is missing is left out."""
        return {name: cells[name] for name in _open(puzzle) if name in cells}

    def holds(self, puzzle: Puzzle, cells: Mapping[str, str]) -> bool:
        """Different words of the bank that fit, cross in the same letters and keep every clue."""
        entries = _open(puzzle)
        said = {name: cells.get(name, "") for name in entries}
        fit = all(len(said[name]) == len(squares) for name, squares in entries.items())
        if not fit or len({*said.values()} & {*puzzle.data["bank"]}) < len(said):
            return False
        return all(_keeps(clue, said) for clue in (*_crossings(entries), *_clues(puzzle)))

    def guess(self, puzzle: Puzzle, rng: Random) -> Cells:
        """Different words of the right lengths, crossings and clues unread."""
        cells: Cells = {}
        for names, bank in _lengths(_open(puzzle), puzzle.data["bank"]):
            cells |= zip(names, rng.sample(bank, len(names)), strict=True)
        return cells

    def floor(self, puzzle: Puzzle) -> Floor:
        """Lengths are independent, each a random draw of different words."""
        lengths = _lengths(_open(puzzle), puzzle.data["bank"])
        return Floor.of(together([drawn(len(names), len(bank)) for names, bank in lengths]))


def _bank(fillings: Sequence[Cells], rng: Random) -> list[str]:
    """All of their words, and some more of rare lengths, in alphabetical order."""
    bank = [word for filling in fillings for word in filling.values()]
    for length in sorted({len(word) for word in fillings[0].values()}):
        own = [word for word in bank if len(word) == length]
        others = [word for word in words() if len(word) == length and word not in own]
        bank += rng.sample(others, max(_FEWEST - len(own), 0))
    return sorted(bank)


def _true(said: Mapping[str, str], bank: Sequence[str], rng: Random) -> list[Clue]:
    """Clues that are so, of each kind at most as many as entries, and weak."""
    pool: list[Clue] = []
    for kind, (_, _, blanks, entries) in KINDS.items():
        every = [
            Clue(kind, of, by)
            for of in permutations(said, entries)
            for by in blanks(*(said[name] for name in of))
        ]
        so = [clue for clue in every if _keeps(clue, said) and _weak(clue, said, bank)]
        pool += rng.sample(so, min(len(said), len(so)))
    return rng.sample(pool, len(pool))


def _weak(clue: Clue, said: Mapping[str, str], bank: Sequence[str]) -> bool:
    """Whether half of the words are left to its entry even if the others are known."""
    name = clue.of[0]
    fit = [word for word in bank if len(word) == len(said[name])]
    return 2 * sum(_keeps(clue, {**said, name: word}) for word in fit) >= len(fit)


def _keeps(clue: Clue, said: Mapping[str, str]) -> bool:
    return KINDS[clue.kind].keeps(*(said[name] for name in clue.of), *clue.blanks)


def _unique(entries: Entries, bank: Sequence[str], clues: Sequence[Clue]) -> bool:
    return len(_solutions(entries, bank, clues)) == 1


def _solutions(entries: Entries, bank: Sequence[str], clues: Sequence[Clue]) -> list[list[int]]:
    """Numbers of words among those of an entry's length."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    chosen: dict[str, cp_model.IntVar] = {}
    fit: dict[str, tuple[str, ...]] = {}
    for names, of in _lengths(entries, bank):
        chosen |= {name: model.new_int_var(0, len(of) - 1, "") for name in names}
        fit |= dict.fromkeys(names, of)
        model.add_all_different([chosen[name] for name in names])
    for clue in (*_crossings(entries), *clues):
        allowed = _allowed(clue.kind, clue.blanks, tuple(fit[name] for name in clue.of))
        model.add_allowed_assignments([chosen[name] for name in clue.of], allowed)
    return solutions(model, list(chosen.values()))


@lru_cache(maxsize=500)
def _allowed(
    kind: str, blanks: tuple[Blank, ...], fit: tuple[tuple[str, ...], ...]
) -> list[tuple[int, ...]]:
    """Which words keep a clue together: the number of each among those that fit its entry."""
    keeps = KINDS[kind].keeps
    every = product(*(enumerate(of) for of in fit))
    return [tuple(n for n, _ in of) for of in every if keeps(*(word for _, word in of), *blanks)]


def _crossings(entries: Entries) -> Iterator[Clue]:
    """What the grid itself says: that entries are equal where they cross."""
    for (one, own), (other, its) in combinations(entries.items(), 2):
        for square in {*own} & {*its}:
            yield Clue("equal", (one, other), (own.index(square) + 1, its.index(square) + 1))


def _lengths(entries: Entries, bank: Sequence[str]) -> list[tuple[list[str], tuple[str, ...]]]:
    """Entries and words of every length."""
    return [
        (
            [name for name, squares in entries.items() if len(squares) == length],
            tuple(word for word in bank if len(word) == length),
        )
        for length in sorted({len(squares) for squares in entries.values()})
    ]


def _open(puzzle: Puzzle) -> Entries:
    """The entries of a puzzle's grid."""
    rows: list[str] = puzzle.data["grid"]
    return entries_of(
        {(r, c) for r, row in enumerate(rows) for c, of in enumerate(row) if of == "."}
    )


def _clues(puzzle: Puzzle) -> list[Clue]:
    return [Clue(of["kind"], tuple(of["of"]), tuple(of["blanks"])) for of in puzzle.data["clues"]]


def _rows(entries: Entries) -> list[str]:
    """The grid: open squares as dots."""
    squares = {square for of in entries.values() for square in of}
    height, width = (max(of) + 1 for of in zip(*squares, strict=True))
    return ["".join(".#"[(r, c) not in squares] for c in range(width)) for r in range(height)]


def _plain(value: JsonValue) -> str:
    """Letters and digits alone, in small letters; else nothing."""
    text = value.casefold() if isinstance(value, str) else ""
    return "".join(letter for letter in text if letter.isalnum())


def _text(entries: Entries, bank: Sequence[str], clues: Sequence[Clue]) -> str:
    return _RULES.format(
        grid=_shown(entries),
        entries="\n".join(_told(name, entries[name], clues) for name in entries),
        bank="\n".join(
            f"{len(of[0])} letters: {', '.join(of)}" for _, of in _lengths(entries, bank)
        ),
    )


def _shown(entries: Entries) -> str:
    """The grid with every entry's number where it begins."""
    numbers = {squares[0]: name.partition("-")[0] for name, squares in entries.items()}
    return "\n".join(
        " ".join(f"{numbers.get((r, c), of):>2}" for c, of in enumerate(row))
        for r, row in enumerate(_rows(entries))
    )


def _told(name: str, squares: Sequence[Square], clues: Sequence[Clue]) -> str:
    """An entry, where it begins, and what is said of it first."""
    (r, c), length = squares[0], len(squares)
    said = [_sentence(clue) for clue in clues if clue.of[0] == name]
    return " ".join([f"{name} (row {r + 1}, column {c + 1}, {length} letters):", *said]).rstrip(":")


def _sentence(clue: Clue) -> str:
    text = KINDS[clue.kind].text.format(other=clue.of[-1], blanks=clue.blanks)
    return f"{text[0].upper()}{text[1:]}."


_RULES = """\
Fill the grid with words of the bank, one letter in every open square. A hash is a block; a dot and a number are open squares, \
and a number is where an entry begins that is read across, from left to right, or down. \
Entries that cross have the same letter where they do. Every entry is a word of the bank, and no word stands in the grid twice; most words of the bank are not used.

{grid}

The entries, with what is true of their words (letters of a word are counted from 1):

{entries}

The bank:

{bank}"""  # noqa: E501
_FORM = 'an object from every entry to its word, such as {"1-ACROSS": "tone", "1-DOWN": "tea"}'
