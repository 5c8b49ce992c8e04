"""LR²Bench as it was published: files that the user has, read but never shipped.

Its puzzles have one gold answer each and no checker of their rules, and none of ours is applied:
an answer is right where it is the gold one. Unlike the published grader nothing is evaluated, a
sudoku's given digits have to stay, and a drop quote's punctuation is no cell.

References:
    Chen et al. (2025), LR²Bench, Findings of ACL, arXiv:2502.17848.
"""

import json
import re
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from pydantic import JsonValue

from worktrial.errors import ConfigError
from worktrial.reasoning.puzzles.floors import Floor, rearranged, sure, together
from worktrial.reasoning.puzzles.puzzle import Cells, Family, Level, Puzzle, Step

Row = dict[str, Any]
"""A line of `data.jsonl`: its `tag`, its `example_text`, and what the task has beside them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a folder.

    Attributes:
        puzzles: In the order of the files.
        missed: What could not be read, a line each: the file, the line, the reason.
    """

    puzzles: tuple[Puzzle, ...]
    missed: tuple[str, ...]


def published(folder: Path) -> Reading:
    """Read `data/<i>-<task>/<level>/data.jsonl`, with the gold answers of `data/answer.json`.

    Args:
        folder: The benchmark's repository, or its folder `data`.

    Raises:
        ConfigError: If there are no such files.
    """
    data = folder / "data" if (folder / "data").is_dir() else folder
    files = sorted(data.glob("*/*/data.jsonl"))
    golds = _golds(data / "answer.json")
    if not files or not golds:
        lacking = "`*/*/data.jsonl`" if not files else "readable `answer.json`"
        raise ConfigError(f"`{folder}` has no {lacking}; give the folder `data` of LR²Bench")
    found: dict[str, Puzzle] = {}
    missed: list[str] = []
    for file in files:
        for place, line in _lines(file, data):
            try:
                puzzle = _puzzle(file, line, golds)
                if puzzle.id in found:
                    raise ValueError("its tag occurs twice")
                found[puzzle.id] = puzzle
            except ValueError as reason:
                missed.append(f"{place}: {reason}")
    return Reading(tuple(found.values()), tuple(missed))


class Published(Family):
    """A task of LR²Bench: only the gold answer is compared, no rule is checked.

    Attributes:
        task: What its folder and its gold answers are called.
        rules: What is asked, where the level has no prompt of its own.
        form: How an answer is written down.
    """

    task: ClassVar[str]
    rules: ClassVar[str]
    form: ClassVar[str]

    @abstractmethod
    def parts(self, row: Row, gold: JsonValue) -> tuple[Cells, dict[str, Any]]:
        """The cells to be found, and what a puzzle's data has for `read`, `write` and `guess`.

        Raises:
            ValueError: If the gold answer is not of the task's form.
        """

    def draw(self, id: str, level: Level, rng: Random) -> Puzzle:  # noqa: A002
        """Never: published puzzles are read.

        Raises:
            ConfigError: Always.
        """
        raise ConfigError(
            f"`{self.name}` is published and cannot be drawn; read it from the folder of LR²Bench"
        )

    def count(self, puzzle: Puzzle) -> int:
        """One, by the publishers' word."""
        return 1

    def holds(self, puzzle: Puzzle, cells: Mapping[str, str]) -> bool:
        """Whether every cell is the gold one, and every one that was given as it was."""
        expected = {**puzzle.data.get("given", {}), **puzzle.solution}
        return all(_value(cells.get(cell)) == value for cell, value in expected.items())

    def guess(self, puzzle: Puzzle, rng: Random) -> Cells:
        """The values of each group, which the puzzle tells, in a random order."""
        cells: Cells = {}
        for group in puzzle.data["groups"]:
            values = [puzzle.solution[cell] for cell in group]
            cells |= zip(group, rng.sample(values, len(values)), strict=True)
        return cells

    def floor(self, puzzle: Puzzle) -> Floor:
        """Groups are independent, each a random order of values that may repeat."""
        values = [[puzzle.solution[cell] for cell in group] for group in puzzle.data["groups"]]
        return Floor.of(
            together([rearranged(tuple(sorted(Counter(of).values()))) for of in values])
        )

    def steps(self, puzzle: Puzzle, trace: str) -> Iterator[Step]:
        """Lines such as `STEP: 1-ACROSS = TEA`; case and spaces of a value mean nothing."""
        truth = {cell.casefold(): value for cell, value in puzzle.solution.items()}
        for step in super().steps(puzzle, trace):
            cell, _, value = step.text.partition(":")[2].partition("=")
            written = _value(value.strip(" \t.'\"`*"))
            yield Step(step.text, written == truth[cell.strip().casefold()])


class _Named(Published):
    """An object from names to words or letters."""

    def parts(self, row: Row, gold: JsonValue) -> tuple[Cells, dict[str, Any]]:
        if not isinstance(gold, dict):
            raise ValueError("its gold answer is no object")
        return {_name(key): _value(value) for key, value in gold.items()}, {}

    def read(self, puzzle: Puzzle, value: JsonValue) -> Cells | None:
        """An object; case and spaces mean nothing."""
        if not isinstance(value, dict):
            return None
        cells = {_name(key): _value(inner) for key, inner in value.items()}
        return {cell: of for cell, of in cells.items() if of and cell in puzzle.solution}

    def write(self, puzzle: Puzzle, cells: Mapping[str, str]) -> JsonValue:
        """An object of all cells."""
        return {cell: cells.get(cell, "") for cell in puzzle.solution}

    def guess(self, puzzle: Puzzle, rng: Random) -> Cells:
        """Nothing; a task that knows better says so."""
        return {}

    def floor(self, puzzle: Puzzle) -> Floor:
        """Of the one guess, which leaves nothing to chance."""
        guess = self.guess(puzzle, Random(0))  # noqa: S311 - not for secrets
        right = sum(guess.get(cell) == value for cell, value in puzzle.solution.items())
        return Floor.of(sure(right, len(puzzle.solution)))


class _Crossword(_Named):
    name: ClassVar[str] = "lr2bench:crossword"
    cell: ClassVar[str] = "1-ACROSS"
    task: ClassVar[str] = "crossword"
    rules: ClassVar[str] = (
        "Solve the crossword. A number begins a word, ? is a letter, # is black; the length of "
        "each word stands behind its clue."
    )
    form: ClassVar[str] = 'an object from clues to words, such as {"1-ACROSS": "TEA"}'


class _Acrostic(_Named):
    name: ClassVar[str] = "lr2bench:acrostic"
    cell: ClassVar[str] = "17"
    task: ClassVar[str] = "acrostic"
    rules: ClassVar[str] = (
        "Solve the acrostic. Each number stands for one letter of a quotation; the letters of "
        "each clue's answer go, in order, to the numbers above it. # is a space."
    )
    form: ClassVar[str] = 'an object from numbers to letters, such as {"1": "T", "2": "O"}'

    def guess(self, puzzle: Puzzle, rng: Random) -> Cells:
        """The most frequent letter everywhere."""
        return dict.fromkeys(puzzle.solution, _BY_FREQUENCY[0])


class _Cryptogram(_Named):
    name: ClassVar[str] = "lr2bench:cryptogram"
    cell: ClassVar[str] = "X"
    task: ClassVar[str] = "cryptogram"
    rules: ClassVar[str] = (
        "Decipher the quotation. Each letter stands for another one, everywhere the same."
    )
    form: ClassVar[str] = 'an object from letters of the code to true letters, such as {"X": "T"}'

    def parts(self, row: Row, gold: JsonValue) -> tuple[Cells, dict[str, Any]]:
        found, _ = super().parts(row, gold)
        text = row.get("text")
        return found, {"text": text if isinstance(text, str) else ""}

    def guess(self, puzzle: Puzzle, rng: Random) -> Cells:
        """The letters of the code by how often they occur are those of English by frequency."""
        occurring = Counter(letter for letter in puzzle.data["text"].upper() if letter.isalpha())
        order = sorted(puzzle.solution, key=lambda letter: (-occurring[letter], letter))
        return dict(zip(order, _BY_FREQUENCY, strict=False)) if occurring else {}


class _Logic(Published):
    name: ClassVar[str] = "lr2bench:logic"
    cell: ClassVar[str] = "March 6: first names"
    task: ClassVar[str] = "logic"
    rules: ClassVar[str] = (
        "Solve the logic puzzle: every value of a variable belongs to exactly one row, so that all "
        "clues are true."
    )
    form: ClassVar[str] = (
        "a list of objects, one a row, each with every variable's name and its value in that row"
    )

    def parts(self, row: Row, gold: JsonValue) -> tuple[Cells, dict[str, Any]]:
        """The first key of the first row is the anchor; each column is a group."""
        rows = _rows(gold)
        anchor, *columns = rows[0]
        anchors = [str(of[anchor]) for of in rows]
        cells = {
            _in_row(by, column): _value(of[column])
            for by, of in zip(anchors, rows, strict=True)
            for column in columns
        }
        groups = [[_in_row(of, column) for of in anchors] for column in columns]
        data = {"anchor": anchor, "anchors": anchors, "columns": columns, "groups": groups}
        return cells, data

    def read(self, puzzle: Puzzle, value: JsonValue) -> Cells | None:
        """A list of objects in any order, each known by the anchor's value."""
        if not isinstance(value, list):
            return None
        anchors = {_value(of): of for of in puzzle.data["anchors"]}
        cells: Cells = {}
        for row in value:
            if not isinstance(row, dict):
                return None
            named = {_name(key): _value(inner) for key, inner in row.items()}
            anchor = anchors.get(named.get(_name(puzzle.data["anchor"]), ""))
            if anchor is not None:
                columns = [column for column in puzzle.data["columns"] if named.get(_name(column))]
                cells |= {_in_row(anchor, column): named[_name(column)] for column in columns}
        return cells

    def write(self, puzzle: Puzzle, cells: Mapping[str, str]) -> JsonValue:
        """Rows in the published order."""
        data = puzzle.data
        return [
            {data["anchor"]: of}
            | {column: cells.get(_in_row(of, column), "") for column in data["columns"]}
            for of in data["anchors"]
        ]


class _Grid(Published):
    """A list of rows, each a list of short strings or digits."""

    cell: ClassVar[str] = "R2C3"

    def read(self, puzzle: Puzzle, value: JsonValue) -> Cells | None:
        """A grid of the same shape."""
        shape = [len(row) for row in puzzle.data["grid"]]
        grid = _grid(value)
        if grid is None or [len(row) for row in grid] != shape:
            return None
        return {cell: of for cell, of in _squares(grid) if of}

    def write(self, puzzle: Puzzle, cells: Mapping[str, str]) -> JsonValue:
        """What is given stays; a cell that is missing is empty."""
        return [
            [fixed or cells.get(_square(r, c), "") for c, fixed in enumerate(row)]
            for r, row in enumerate(puzzle.data["grid"])
        ]


class _Sudoku(_Grid):
    name: ClassVar[str] = "lr2bench:sudoku"
    task: ClassVar[str] = "sudoku"
    rules: ClassVar[str] = (
        "Solve the sudoku: every digit once in each row, column and box. 0 is an empty square; "
        "digits that are given stay."
    )
    form: ClassVar[str] = "a list of rows, each a list of digits, such as [[1, 2], [2, 1]]"

    def parts(self, row: Row, gold: JsonValue) -> tuple[Cells, dict[str, Any]]:
        """The squares that were empty, a group a row; those that were not are given."""
        inner = gold if isinstance(gold, dict) else {}
        full = _full(inner.get("answer", gold))
        begun = _grid(row.get("grid", inner.get("grid"))) or [[""] * len(line) for line in full]
        if [len(line) for line in begun] != [len(line) for line in full]:
            raise ValueError("its grid and its gold answer differ in shape")
        grid = [["" if digit == "0" else digit for digit in line] for line in begun]
        given = {cell: digit for cell, digit in _squares(grid) if digit}
        solution = dict(_squares(full))
        if any(solution[cell] != digit for cell, digit in given.items()):
            raise ValueError("its gold answer changes what is given")
        groups = [
            [_square(r, c) for c, digit in enumerate(line) if not digit]
            for r, line in enumerate(grid)
        ]
        found = {cell: of for cell, of in solution.items() if cell not in given}
        return found, {"grid": grid, "given": given, "groups": groups}


class _Drop(_Grid):
    name: ClassVar[str] = "lr2bench:drop"
    task: ClassVar[str] = "drop"
    rules: ClassVar[str] = (
        "Solve the drop quote: put the letters of each column into that column's numbered squares, "
        "so that the rows read as a quotation. # is a space; punctuation stays."
    )
    form: ClassVar[str] = 'a list of rows, each a list of characters, such as [["T", "#", "I"]]'

    def parts(self, row: Row, gold: JsonValue) -> tuple[Cells, dict[str, Any]]:
        """The squares that had a number, a group a column; of no grid, those that have a letter."""
        full = _full(gold)
        begun = _grid(row.get("grid"))
        if begun is None or [len(line) for line in begun] != [len(line) for line in full]:
            begun = [["1" if of.isalnum() else of for of in line] for line in full]
        grid = [["" if of.isdigit() else of for of in line] for line in begun]
        fixed = dict(_squares(grid))
        found = {cell: of for cell, of in _squares(full) if not fixed[cell]}
        groups = [
            [_square(r, c) for r, line in enumerate(grid) if c < len(line) and not line[c]]
            for c in range(max(map(len, grid)))
        ]
        return found, {"grid": grid, "groups": groups}


PUBLISHED: Mapping[str, Published] = {
    family.name: family
    for family in (_Crossword(), _Acrostic(), _Logic(), _Cryptogram(), _Sudoku(), _Drop())
}
"""By name; `worktrial.reasoning.puzzles.family_of` does not know them."""

_TASKS: Mapping[str, Published] = {family.task: family for family in PUBLISHED.values()}
_LEVELS: Mapping[str, Level] = {
    "5_5": "easy",
    "10_10": "medium",
    "15_15": "hard",
    "4_4": "easy",
    "4_5": "medium",
    "4_6": "medium",
    "4_7": "hard",
    "4_4_easy": "easy",
    "4_4_hard": "easy",
    "9_9_easy": "medium",
    "9_9_hard": "hard",
    "easy": "easy",
    "hard": "hard",
}
_BY_FREQUENCY = "etaoinshrdlcumwfgypbvkjxqz"
_LONGEST = 200


# --- files -------------------------------------------------------------------------------------


def _golds(file: Path) -> dict[tuple[str, str, str], JsonValue]:
    """Gold answers by task, level and tag; those that are not of the known form are left out."""
    tasks = _loaded(_text(file))
    found: dict[tuple[str, str, str], JsonValue] = {}
    for task, golds in tasks.items() if isinstance(tasks, dict) else ():
        for gold in golds if isinstance(golds, list) else ():
            if isinstance(gold, dict) and {"tag", "level", "answer"} <= gold.keys():
                answer = gold["answer"]
                value = _loaded(answer) if isinstance(answer, str) else answer
                found[task, str(gold["level"]), str(gold["tag"])] = value
    return found


def _lines(file: Path, data: Path) -> Iterator[tuple[str, str]]:
    lines = _text(file).split("\n")
    for n, line in enumerate(lines, start=1):
        if line.strip():
            yield f"{file.relative_to(data)} line {n}", line


def _puzzle(file: Path, line: str, golds: Mapping[tuple[str, str, str], JsonValue]) -> Puzzle:
    task, level = file.parent.parent.name.rpartition("-")[2], file.parent.name
    row = _loaded(line)
    if not isinstance(row, dict) or not isinstance(row.get("example_text"), str):
        raise ValueError("no object with a `tag` and an `example_text`")
    if task not in _TASKS:
        raise ValueError(f"no task is called `{task}`")
    family, tag = _TASKS[task], str(row.get("tag"))
    if golds.get((task, level, tag)) is None:
        raise ValueError(f"no gold answer for the tag `{tag}`")
    solution, data = family.parts(row, golds[task, level, tag])
    if not solution or not all(solution.values()):
        raise ValueError("its gold answer has an empty cell, or none")
    return Puzzle(
        id=f"lr2bench-{task}-{level}-{tag}",
        family=family.name,
        level=_LEVELS.get(level, "medium"),
        text=_prompt(file.parent, family.rules).replace("<example>", row["example_text"]),
        form=family.form,
        data={"source": "LR2Bench", "level": level, **data},
        solution=solution,
    )


def _prompt(folder: Path, rules: str) -> str:
    """The level's own prompt without examples, if it is there, else the rules in our words."""
    for name in ("prompt.json", "prompt_api.json"):
        prompts = _loaded(_text(folder / name))
        turns = prompts.get("zero_shot") if isinstance(prompts, dict) else None
        last = turns[-1] if isinstance(turns, list) and turns else None
        text = last.get("content") if isinstance(last, dict) else None
        if isinstance(text, str) and "<example>" in text:
            return text
    return f"{rules}\n\n<example>"


def _text(file: Path) -> str:
    return file.read_text("utf-8", errors="replace") if file.is_file() else ""


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


# --- cells -------------------------------------------------------------------------------------


def _name(key: str) -> str:
    return re.sub(r"\s", "", key[:_LONGEST]).upper()


def _value(value: JsonValue) -> str:
    """Without case and spaces; nothing for what is neither a short string nor a whole number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = value if isinstance(value, str) else str(value) if abs(value) < 10**_LONGEST else ""
    return re.sub(r"\s", "", text).casefold() if len(text) <= _LONGEST else ""


def _rows(value: JsonValue) -> list[dict[str, JsonValue]]:
    rows = [of for of in value if isinstance(of, dict)] if isinstance(value, list) else []
    if not rows or not isinstance(value, list) or len(rows) < len(value):
        raise ValueError("its gold answer is no list of objects")
    if any(of.keys() != rows[0].keys() for of in rows):
        raise ValueError("the rows of its gold answer have different keys")
    return rows


def _in_row(anchor: str, column: str) -> str:
    return f"{anchor}: {column}"


def _square(row: int, column: int) -> str:
    return f"R{row + 1}C{column + 1}"


def _squares(grid: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    for r, row in enumerate(grid):
        for c, value in enumerate(row):
            yield _square(r, c), value


def _grid(value: JsonValue) -> list[list[str]] | None:
    if not isinstance(value, list) or not value:
        return None
    rows = [[_value(of) for of in row] for row in value if isinstance(row, list)]
    return rows if len(rows) == len(value) else None


def _full(value: JsonValue) -> list[list[str]]:
    grid = _grid(value)
    if grid is None:
        raise ValueError("its gold answer is no list of rows")
    return grid
