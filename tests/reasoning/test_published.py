"""LR²Bench's own files, here made up in its format."""

import json
import random
import re
import statistics
from pathlib import Path
from typing import Any

import pytest

from worktrial.cli.main import main
from worktrial.errors import ConfigError
from worktrial.reasoning.published import PUBLISHED, Reading, published
from worktrial.reasoning.puzzles import Puzzle

LOGIC = [
    {"days": "May 1", "pets": "Pot-bellied pig", "teas": "Mint"},
    {"days": "May 2", "pets": "Cat", "teas": "Rose hip"},
    {"days": "May 3", "pets": "Snake", "teas": "Green"},
]
SUDOKU = [[1, 2, 3, 4], [3, 4, 1, 2], [2, 1, 4, 3], [4, 3, 2, 1]]
BEGUN = [[0, 2, 3, 4], [3, 0, 0, 2], [2, 1, 4, 3], [0, 3, 2, 1]]
DROP = [["W", "E", "#", "D", "O"], ["#", "G", "O", ".", "#"]]
DROPPED = [["1", "2", "#", "4", "5"], ["#", "2", "3", ".", "#"]]
# folder, level, tag, raw fields, gold
ITEMS: list[tuple[str, str, Any, dict[str, Any], Any]] = [
    ("0-crossword", "5_5", "20990101", {"clue": "…"}, {"1-ACROSS": "TEA", "1-DOWN": "TO"}),
    ("1-acrostic", "hard", "A1", {"puzzle": "1 2 # 3"}, {"1": "E", "2": "S", "3": "E"}),
    ("2-logic", "4_5", "L1", {"value": {}, "clue": {}}, LOGIC),
    ("3-cryptogram", "easy", "C1", {"text": "XQQ X'X!"}, {"X": "E", "Q": "O"}),
    ("4-sudoku", "9_9_hard", "S1", {"grid": BEGUN}, {"grid": BEGUN, "answer": SUDOKU}),
    ("5-drop", "easy", 7, {"grid": DROPPED}, DROP),
]


def laid_out(folder: Path, items: list[tuple[str, str, Any, dict[str, Any], Any]]) -> Path:
    golds: dict[str, list[dict[str, Any]]] = {}
    for task, level, tag, raw, gold in items:
        place = folder / "data" / task / level
        place.mkdir(parents=True, exist_ok=True)
        with (place / "data.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"tag": tag, **raw, "example_text": f"Here is {tag}."}) + "\n")
        answer = {"tag": str(tag), "level": level, "answer": json.dumps(gold)}
        golds.setdefault(task.partition("-")[2], []).append(answer)
    (folder / "data" / "answer.json").write_text(json.dumps(golds), encoding="utf-8")
    return folder


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return published(laid_out(tmp_path, ITEMS))


def of(reading: Reading, task: str) -> Puzzle:
    return next(p for p in reading.puzzles if p.family == f"lr2bench:{task}")


def test_every_task_is_read_with_its_gold_cells(reading: Reading) -> None:
    assert reading.missed == ()
    assert [(p.id, p.level, p.data["level"]) for p in reading.puzzles] == [
        ("lr2bench-crossword-5_5-20990101", "easy", "5_5"),
        ("lr2bench-acrostic-hard-A1", "hard", "hard"),
        ("lr2bench-logic-4_5-L1", "medium", "4_5"),
        ("lr2bench-cryptogram-easy-C1", "easy", "easy"),
        ("lr2bench-sudoku-9_9_hard-S1", "hard", "9_9_hard"),
        ("lr2bench-drop-easy-7", "easy", "easy"),
    ]
    assert [p.solution for p in reading.puzzles] == [
        {"1-ACROSS": "tea", "1-DOWN": "to"},
        {"1": "e", "2": "s", "3": "e"},
        {
            "May 1: pets": "pot-belliedpig",
            "May 1: teas": "mint",
            "May 2: pets": "cat",
            "May 2: teas": "rosehip",
            "May 3: pets": "snake",
            "May 3: teas": "green",
        },
        {"X": "e", "Q": "o"},
        {"R1C1": "1", "R2C2": "4", "R2C3": "1", "R4C1": "4"},
        {"R1C1": "w", "R1C2": "e", "R1C4": "d", "R1C5": "o", "R2C2": "g", "R2C3": "o"},
    ]
    assert all(f"Here is {p.id.rpartition('-')[2]}." in p.text for p in reading.puzzles)


def test_the_folder_data_alone_does(tmp_path: Path) -> None:
    assert len(published(laid_out(tmp_path, ITEMS) / "data").puzzles) == len(ITEMS)


def test_a_solution_is_written_read_and_holds(reading: Reading) -> None:
    for puzzle in reading.puzzles:
        family = PUBLISHED[puzzle.family]
        assert puzzle == Puzzle.model_validate_json(puzzle.model_dump_json())
        assert family.count(puzzle) == 1
        cells = family.read(puzzle, json.loads(json.dumps(family.write(puzzle, puzzle.solution))))
        assert cells is not None
        assert family.holds(puzzle, cells)
        for cell in puzzle.solution:
            assert not family.holds(puzzle, {**cells, cell: "?"})
            assert not family.holds(puzzle, {c: v for c, v in cells.items() if c != cell})


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("crossword", {"1-Across": "t e a", "1 - down": "To", "9-DOWN": "x"}),
        ("acrostic", {"1": "e", "2": "S", "3": "E"}),
        ("logic", [{k.upper(): v.upper() for k, v in row.items()} for row in LOGIC[::-1]]),
        ("cryptogram", {"x": "e", "q": "o", "Z": "a"}),
        ("sudoku", [[str(digit) for digit in row] for row in SUDOKU]),
        ("drop", [["w", "e", " ", "d", "o"], ["#", "g", "o", "", "#"]]),
    ],
)
def test_case_spaces_and_order_mean_nothing(reading: Reading, task: str, answer: Any) -> None:
    puzzle = of(reading, task)
    family = PUBLISHED[puzzle.family]
    assert family.holds(puzzle, family.read(puzzle, answer) or {})


def test_a_given_digit_has_to_stay(reading: Reading) -> None:
    puzzle = of(reading, "sudoku")
    family = PUBLISHED[puzzle.family]
    changed = [[1, 2, 3, 3], *SUDOKU[1:]]
    cells = family.read(puzzle, changed) or {}
    assert all(cells[cell] == value for cell, value in puzzle.solution.items())
    assert not family.holds(puzzle, cells)


@pytest.mark.parametrize(
    "value",
    [None, True, 3, "x", [], {}, [[]], [[None]], {"a": {}}, [{"a": []}], [["x"] * 99] * 99, [3]],
)
@pytest.mark.parametrize("task", [name.partition(":")[2] for name in PUBLISHED])
def test_what_is_not_of_the_form_solves_nothing(reading: Reading, task: str, value: Any) -> None:
    puzzle = of(reading, task)
    cells = PUBLISHED[puzzle.family].read(puzzle, value)
    assert cells is None or not PUBLISHED[puzzle.family].holds(puzzle, cells)


def test_floors_by_hand(reading: Reading) -> None:
    floors = {p.family.partition(":")[2]: PUBLISHED[p.family].floor(p) for p in reading.puzzles}
    assert floors["crossword"].parts == 0
    # "e" everywhere is right in two cells of three.
    assert (floors["acrostic"].parts, floors["acrostic"].half) == (pytest.approx(2 / 3), 1)
    # Two columns of three values: a third of the cells, 1/6 × 1/6 of all.
    assert floors["logic"].parts == pytest.approx(1 / 3)
    assert floors["logic"].solved == pytest.approx(1 / 36)
    # X occurs three times and Q twice: X is E, which is right, and Q is T, which is not.
    assert (floors["cryptogram"].parts, floors["cryptogram"].solved) == (0.5, 0)
    # Rows lack one, two and one digit: all but the two are sure.
    assert floors["sudoku"].parts == pytest.approx((1 + 2 * 0.5 + 1) / 4)
    assert floors["sudoku"].solved == 0.5
    # Columns have one letter but the second, which has E and G.
    assert floors["drop"].parts == pytest.approx((1 + 2 * 0.5 + 3) / 6)


def test_a_guess_scores_the_floor(reading: Reading) -> None:
    rng = random.Random(1)
    for puzzle in reading.puzzles:
        family = PUBLISHED[puzzle.family]
        shares = []
        for _ in range(400):
            cells = family.read(puzzle, family.write(puzzle, family.guess(puzzle, rng))) or {}
            right = sum(cells.get(cell) == value for cell, value in puzzle.solution.items())
            shares.append(right / len(puzzle.solution))
        # Five standard errors: one false alarm in a million.
        error = 5 * statistics.pstdev(shares) / 20 + 1e-9
        assert statistics.mean(shares) == pytest.approx(family.floor(puzzle).parts, abs=error)


def test_a_step_is_compared_without_case_and_spaces(reading: Reading) -> None:
    puzzle = of(reading, "logic")
    trace = "STEP: May 1: pets = Pot-bellied pig\nSTEP: May 2: Teas = mint\nSTEP: May 9: pets = x"
    steps = PUBLISHED[puzzle.family].steps(puzzle, trace)
    assert [step.valid for step in steps] == [True, False]


def test_a_levels_own_prompt_is_used(tmp_path: Path) -> None:
    laid_out(tmp_path, ITEMS)
    prompt = {"zero_shot": [{"role": "user", "content": "Do this: <example> Answer in tags."}]}
    file = tmp_path / "data" / "5-drop" / "easy" / "prompt.json"
    file.write_text(json.dumps(prompt), encoding="utf-8")
    puzzle = of(published(tmp_path), "drop")
    assert puzzle.text == "Do this: Here is 7. Answer in tags."


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    twice = ("1-acrostic", "hard", "A1", {}, {"1": "E", "2": "S", "3": "E"})
    broken = [
        ("2-logic", "4_4", "L2", {}, [{"days": "May 1"}, {"pets": "Cat"}]),
        ("4-sudoku", "4_4_easy", "S2", {"grid": [[2, 0], [0, 1]]}, {"answer": [[1, 2], [2, 1]]}),
        ("4-sudoku", "4_4_hard", "S3", {"grid": [[0]]}, {"answer": [[1, 2], [2, 1]]}),
        ("5-drop", "hard", 8, {}, "WE"),
        ("9-riddle", "easy", "R1", {}, {"1": "x"}),
    ]
    laid_out(tmp_path, [*ITEMS, twice, *broken])
    with (tmp_path / "data" / "0-crossword" / "5_5" / "data.jsonl").open("a") as file:
        file.write('{"tag": "torn\n\n{"tag": "none", "example_text": "?"}\n{"tag": "20990101"}\n')
    reading = published(tmp_path)
    assert len(reading.puzzles) == len(ITEMS)
    said = dict(line.split(": ", 1) for line in reading.missed)
    assert said == {
        "0-crossword/5_5/data.jsonl line 2": "no object with a `tag` and an `example_text`",
        "0-crossword/5_5/data.jsonl line 4": "no gold answer for the tag `none`",
        "0-crossword/5_5/data.jsonl line 5": "no object with a `tag` and an `example_text`",
        "1-acrostic/hard/data.jsonl line 2": "its tag occurs twice",
        "2-logic/4_4/data.jsonl line 1": "the rows of its gold answer have different keys",
        "4-sudoku/4_4_easy/data.jsonl line 1": "its gold answer changes what is given",
        "4-sudoku/4_4_hard/data.jsonl line 1": "its grid and its gold answer differ in shape",
        "5-drop/hard/data.jsonl line 1": "its gold answer is no list of rows",
        "9-riddle/easy/data.jsonl line 1": "no task is called `riddle`",
    }


def test_without_raw_fields_the_gold_answer_tells_the_cells(tmp_path: Path) -> None:
    items = [("4-sudoku", "4_4_easy", "S", {}, SUDOKU), ("5-drop", "easy", 1, {}, DROP)]
    sudoku, drop = published(laid_out(tmp_path, items)).puzzles
    assert len(sudoku.solution) == 16
    assert sorted(drop.solution) == ["R1C1", "R1C2", "R1C4", "R1C5", "R2C2", "R2C3"]


@pytest.mark.parametrize("answer", [None, "torn", "[]", "{}"])
def test_a_folder_without_the_files_is_refused(tmp_path: Path, answer: str | None) -> None:
    with pytest.raises(ConfigError, match=r"data\.jsonl"):
        published(tmp_path)
    laid_out(tmp_path, ITEMS)
    file = tmp_path / "data" / "answer.json"
    file.unlink()
    if answer is not None:
        file.write_text(answer)
    with pytest.raises(ConfigError, match=r"answer\.json"):
        published(tmp_path)


def test_published_puzzles_are_not_drawn() -> None:
    with pytest.raises(ConfigError, match="published"):
        PUBLISHED["lr2bench:sudoku"].draw("1", "easy", random.Random(1))


def test_lines_that_are_left_out_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = laid_out(tmp_path / "bench", ITEMS)
    rows = next((folder / "data").glob("*-sudoku/*/data.jsonl"))
    rows.write_text(rows.read_text("utf-8") + "not JSON\n", "utf-8")
    asked = ["run", "--trial", "reasoning", "--puzzles", str(folder), "--family", "lr2bench:sudoku"]
    with pytest.raises(SystemExit) as left:
        main([*asked, "--model", "reference/oracle", "--out", str(tmp_path / "out")])
    assert not left.value.code
    said = capsys.readouterr()
    assert re.search(r"worktrial: .*sudoku.*2: .*; left out", said.err)
    assert "lr2bench" in (tmp_path / "out" / "report.html").read_text("utf-8")
