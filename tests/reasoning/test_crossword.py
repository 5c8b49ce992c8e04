"""Crosswords: clues by hand, and a second proof that reads nothing but the puzzle's text."""

import re
from collections.abc import Callable
from functools import cache
from itertools import combinations, product

import pytest
from pysat.solvers import Cadical153

from worktrial.randomness import stream
from worktrial.reasoning.puzzles import LEVELS, Level, Puzzle
from worktrial.reasoning.puzzles.crossword import KINDS, Clue, Crossword, _sentence, _shown
from worktrial.reasoning.puzzles.floors import drawn as drawn_floor
from worktrial.reasoning.puzzles.floors import permuted
from worktrial.reasoning.puzzles.layout import Size, entries_of, filled
from worktrial.reasoning.puzzles.lexicon import words

ITEMS = 8
CROSSWORD = Crossword()
AHEAD = {"kind": "ahead", "of": ["1-ACROSS", "1-DOWN"], "blanks": []}
SHARES = {"kind": "shares", "of": ["3-ACROSS", "2-DOWN"], "blanks": [2]}
# Four words around one block. 1-ACROSS and 1-DOWN begin alike and end as two others begin: they are
# cat and cup, in one order or the other; then ten comes after cat and one of pan, pen, pin after
# cup, which all end in n: six ways. cat is ahead of cup, and of the three pen has two of ten's
# letters.
SOLUTION = {"1-ACROSS": "cat", "1-DOWN": "cup", "2-DOWN": "ten", "3-ACROSS": "pen"}


def made(*clues: dict[str, object]) -> Puzzle:
    return Puzzle(
        id="by-hand",
        family="crossword",
        level="easy",
        text="",
        form="",
        data={
            "grid": ["...", ".#.", "..."],
            "bank": ["cat", "cup", "pan", "pen", "pin", "ten"],
            "clues": list(clues),
        },
        solution=SOLUTION,
    )


WHOLE = made(AHEAD, SHARES)


@cache
def drawn(level: Level) -> tuple[Puzzle, ...]:
    return tuple(
        CROSSWORD.draw(str(n), level, stream(11, "crossword", level, n)) for n in range(ITEMS)
    )


def test_two_clues_leave_one_solution_one_leaves_more_and_a_contradiction_none() -> None:
    assert CROSSWORD.count(WHOLE) == 1
    assert CROSSWORD.holds(WHOLE, SOLUTION)
    assert CROSSWORD.count(made(AHEAD)) == CROSSWORD.count(made(SHARES)) == 2
    assert CROSSWORD.count(made({"kind": "lacks", "of": ["1-DOWN"], "blanks": ["c"]})) == 0


def test_an_answer_is_held_against_the_rules_and_not_against_the_solution() -> None:
    turned = {"1-ACROSS": "cup", "1-DOWN": "cat", "2-DOWN": "pin", "3-ACROSS": "ten"}
    assert CROSSWORD.holds(made(), turned)
    assert not CROSSWORD.holds(made(AHEAD), turned)


@pytest.mark.parametrize(
    ("entry", "word", "why"),
    [
        ("3-ACROSS", "pun", "not of the bank"),
        ("3-ACROSS", "ten", "twice, and crosses cup in a t"),
        ("3-ACROSS", "open", "too long"),
        ("3-ACROSS", "", "missing"),
        ("1-ACROSS", "cup", "crosses ten in a p"),
    ],
)
def test_a_word_is_of_the_bank_fits_crosses_and_stands_once(
    entry: str, word: str, why: str
) -> None:
    assert CROSSWORD.holds(made(), SOLUTION)
    assert not CROSSWORD.holds(made(), {**SOLUTION, entry: word}), why


def test_no_word_stands_twice_even_where_it_would_cross() -> None:
    puzzle = made()
    data = {**puzzle.data, "bank": ["tot", "tat", "tut", "tit"]}
    puzzle = puzzle.model_copy(update={"data": data})
    four = dict(zip(SOLUTION, data["bank"], strict=True))
    assert CROSSWORD.holds(puzzle, four)
    assert not CROSSWORD.holds(puzzle, dict.fromkeys(SOLUTION, "tot"))


@pytest.mark.parametrize(
    ("kind", "of", "so"),
    [
        ("vowels", ("crane", 2), True),
        ("vowels", ("crane", 1), False),
        ("vowels", ("sky", 0), True),
        ("once", ("crane",), True),
        ("once", ("level",), False),
        ("twice", ("level",), True),
        ("twice", ("crane",), False),
        ("before", ("crane", 1, 2), True),
        ("before", ("crane", 2, 1), False),
        ("before", ("level", 1, 5), False),
        ("early", ("mango", 1), True),
        ("early", ("mango", 3), False),
        ("late", ("mango", 3), True),
        ("late", ("mango", 1), False),
        ("has", ("crane", "e"), True),
        ("has", ("crane", "i"), False),
        ("lacks", ("crane", "i"), True),
        ("lacks", ("crane", "e"), False),
        ("shares", ("level", "lever", 3), True),
        ("shares", ("level", "lever", 4), False),
        ("shares", ("cat", "dog", 0), True),
        ("ahead", ("cat", "catch"), True),
        ("ahead", ("dog", "cat"), False),
        ("ahead", ("dog", "dog"), False),
        ("equal", ("crane", "near", 5, 2), True),
        ("equal", ("crane", "near", 1, 2), False),
    ],
)
def test_a_kind_of_clue_is_so(kind: str, of: tuple[str | int, ...], so: bool) -> None:
    assert KINDS[kind].keeps(*of) is so


@pytest.mark.parametrize(
    ("clue", "text"),
    [
        (Clue("vowels", ("1-DOWN",), (2,)), "2 of its letters are among a, e, i, o and u."),
        (Clue("once", ("1-DOWN",), ()), "No letter stands in it more than once."),
        (
            Clue("before", ("1-DOWN",), (2, 4)),
            "Its letter 2 comes before its letter 4 in the alphabet.",
        ),
        (Clue("lacks", ("1-DOWN",), ("e",)), "The letter e does not stand in it."),
        (
            Clue("equal", ("1-DOWN", "2-ACROSS"), (1, 3)),
            "Its letter 1 is the same as letter 3 of 2-ACROSS.",
        ),
    ],
)
def test_a_clue_is_a_sentence(clue: Clue, text: str) -> None:
    assert _sentence(clue) == text


def test_entries_are_numbered_row_by_row_where_they_begin() -> None:
    ring = {(r, c) for r, c in product(range(3), repeat=2) if (r, c) != (1, 1)}
    assert entries_of(ring) == {
        "1-ACROSS": [(0, 0), (0, 1), (0, 2)],
        "1-DOWN": [(0, 0), (1, 0), (2, 0)],
        "2-DOWN": [(0, 2), (1, 2), (2, 2)],
        "3-ACROSS": [(2, 0), (2, 1), (2, 2)],
    }


def test_fillings_cross_and_have_no_word_in_common() -> None:
    squares, fillings = filled(Size(entries=6, side=8, longest=5), 3, stream(1, "grid"))
    used = [word for filling in fillings for word in filling.values()]
    assert len(squares) >= 6
    assert len({*used}) == len(used) == 3 * len(squares)
    for filling in fillings:
        letters: dict[tuple[int, int], str] = {}
        for name, of in squares.items():
            for square, letter in zip(of, filling[name], strict=True):
                assert letters.setdefault(square, letter) == letter


def test_a_grid_is_shown_with_numbers() -> None:
    entries = {"1-ACROSS": [(0, 0), (0, 1)], "10-DOWN": [(0, 1), (1, 1)]}
    assert _shown(entries) == " 1 10\n #  ."


def test_an_answer_is_read_whatever_its_case_and_spaces() -> None:
    loose = {"1-Across": " CAT", "1 down": "c u p", "2-DOWN ": "Ten", "3_ACROSS": "pen."}
    assert CROSSWORD.read(WHOLE, loose) == SOLUTION
    assert CROSSWORD.write(WHOLE, SOLUTION) == SOLUTION


def test_what_is_missing_or_no_entry_is_left_out() -> None:
    said = {"1-ACROSS": "cat", "9-DOWN": "dog", "1-DOWN": 3, "2-DOWN": ["ten"], "3-ACROSS": ""}
    assert CROSSWORD.read(WHOLE, said) == {"1-ACROSS": "cat"}


@pytest.mark.parametrize("value", [None, True, 1, "cat", ["cat"], [SOLUTION]])
def test_what_is_not_of_the_form_is_not_read(value: object) -> None:
    assert CROSSWORD.read(WHOLE, value) is None


def test_the_floor_of_four_words_out_of_six() -> None:
    # Of 6·5·4·3 = 360 ways, all four are right in 1; three in 4·(3 − 1) = 8; two in
    # 6·(12 − 2·3 + 1) = 42; one in 4·(60 − 3·12 + 3·3 − 1) = 128; none in the other 181.
    assert drawn_floor(4, 6) * 360 == pytest.approx([181, 128, 42, 8, 1])
    floor = CROSSWORD.floor(WHOLE)
    assert floor.parts == pytest.approx(1 / 6)
    assert floor.half == pytest.approx(51 / 360)
    assert floor.solved == pytest.approx(1 / 360)


def test_all_values_drawn_are_a_permutation() -> None:
    assert permuted(3) * 6 == pytest.approx([2, 3, 0, 1])


def test_a_guess_is_of_different_words_that_fit() -> None:
    puzzle = drawn("hard")[0]
    guess = CROSSWORD.guess(puzzle, stream(1, "guess"))
    assert guess.keys() == puzzle.solution.keys()
    assert len({*guess.values()}) == len(guess)
    assert {*guess.values()} <= {*puzzle.data["bank"]}
    assert all(len(word) == len(puzzle.solution[name]) for name, word in guess.items())


def test_the_lexicon_has_common_words_and_no_names() -> None:
    assert len(words()) > 1500
    assert {"water", "garden", "letter"} <= {*words()}
    assert not {"john", "london", "monday", "fuck"} & {*words()}
    assert all(re.fullmatch("[a-z]{3,8}", word) for word in words())


@pytest.mark.parametrize("level", LEVELS)
def test_the_bank_has_three_words_an_entry_and_eight_a_length(level: Level) -> None:
    for puzzle in drawn(level):
        lengths = [len(word) for word in puzzle.solution.values()]
        for length in set(lengths):
            of = sum(len(word) == length for word in puzzle.data["bank"])
            assert of == max(3 * lengths.count(length), 8)


@pytest.mark.parametrize("level", LEVELS)
def test_every_clue_is_needed(level: Level) -> None:
    for puzzle in drawn(level)[:3]:
        clues = puzzle.data["clues"]
        for n in range(len(clues)):
            fewer = {**puzzle.data, "clues": clues[:n] + clues[n + 1 :]}
            assert CROSSWORD.count(puzzle.model_copy(update={"data": fewer})) == 2


@pytest.mark.parametrize("level", LEVELS)
def test_a_second_solver_that_reads_the_text_finds_the_one_solution(level: Level) -> None:
    for puzzle in drawn(level):
        assert by_text(puzzle.text) == [puzzle.solution]


Said = tuple[str, Callable[..., bool]]
# A sentence's pattern, and whether it is so by its word, its groups and the other word if any.
SAID: list[Said] = [
    (r"(\d+) of its letters are among", lambda w, n: len(re.findall("[aeiou]", w)) == int(n)),
    (r"No letter stands in it more", lambda w: not re.search(r"(.).*\1", w)),
    (r"Some letter stands in it more", lambda w: bool(re.search(r"(.).*\1", w))),
    (r"Its letter (\d) comes before its letter (\d)", lambda w, i, j: at(w, i) < at(w, j)),
    (r"Its letter (\d) is one of a to m", lambda w, i: at(w, i) in "abcdefghijklm"),
    (r"Its letter (\d) is one of n to z", lambda w, i: at(w, i) in "nopqrstuvwxyz"),
    (r"The letter (\w) stands in it", lambda w, letter: w.count(letter) > 0),
    (r"The letter (\w) does not stand in it", lambda w, letter: w.count(letter) == 0),
    (
        r"The number of different letters .* is (\d)",
        lambda w, n, o: sum(c in w and c in o for c in "abcdefghijklmnopqrstuvwxyz") == int(n),
    ),
    (r"It comes before \S+ in alphabetical", lambda w, o: sorted([o, w])[0] == w != o),
    (
        r"Its letter (\d) is the same as letter (\d)",
        lambda w, i, j, o: at(w, i) == at(o, j),
    ),
]


def at(word: str, place: str) -> str:
    return word[int(place) - 1]


def by_text(text: str) -> list[dict[str, str]]:
    """Every solution of what is written, at most two."""
    banks = {n: of.split(", ") for n, of in re.findall(r"^(\d) letters: (.+)$", text, re.M)}
    squares, said = entries(text)
    fit = {name: banks[str(len(of))] for name, of in squares.items()}
    var = {(name, word): 0 for name in fit for word in fit[name]}
    var = {key: n for n, key in enumerate(var, 1)}
    solver = Cadical153()

    def allow(names: tuple[str, ...], so: Callable[..., bool]) -> None:
        for tried in product(*(fit[name] for name in names)):
            if not so(*tried):
                solver.add_clause([-var[key] for key in zip(names, tried, strict=True)])

    for name, of in fit.items():
        solver.add_clause([var[name, word] for word in of])
        for one, two in combinations(of, 2):
            solver.add_clause([-var[name, one], -var[name, two]])
    for pair in combinations(squares, 2):
        allow(pair, lambda one, two: one != two)
        a, b = (squares[name] for name in pair)
        for i, j in [(a.index(s), b.index(s)) for s in a if s in b]:
            allow(pair, lambda one, two, i=i, j=j: one[i] == two[j])
    for name, sentence in said:
        pattern, so = next(of for of in SAID if re.match(of[0], sentence))
        groups = re.match(pattern, sentence).groups()
        others = re.findall(r"\d+-(?:ACROSS|DOWN)", sentence)
        allow((name, *others), lambda w, *o, so=so, groups=groups: so(w, *groups, *o))
    found = []
    while len(found) < 2 and solver.solve():
        true = {n for n in solver.get_model() if n > 0}
        found.append({name: word for (name, word), n in var.items() if n in true})
        solver.add_clause([-var[key] for key in found[-1].items()])
    return found


def entries(text: str) -> tuple[dict[str, list[tuple[int, int]]], list[tuple[str, str]]]:
    """Squares by entry, which the grid shows too, and every sentence with its entry."""
    grid = [line.split() for line in text.split("\n\n")[1].splitlines()]
    squares: dict[str, list[tuple[int, int]]] = {}
    said = []
    told = r"^((\d+)-(ACROSS|DOWN)) \(row (\d+), column (\d+), (\d+) letters\)(?:: (.+))?$"
    for name, number, way, row, column, length, clues in re.findall(told, text, re.M):
        r, c = int(row) - 1, int(column) - 1
        assert grid[r][c] == number
        down, right = int(way == "DOWN"), int(way == "ACROSS")
        squares[name] = [(r + n * down, c + n * right) for n in range(int(length))]
        said += [(name, f"{clue}.") for clue in clues.rstrip(".").split(". ") if clue]
    shown = {(r, c) for r, row in enumerate(grid) for c, of in enumerate(row) if of != "#"}
    assert shown == {square for of in squares.values() for square in of}
    return squares, said
