"""Problems of the training-signal control: held out, from the seed, and rightly answered."""

import json
import re
from collections.abc import Callable
from fractions import Fraction
from operator import add, mul, sub, truediv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worktrial.errors import ConfigError
from worktrial.randomness import stream
from worktrial.training.problems import (
    MOST_CLEAN,
    SOURCES,
    Problem,
    Problems,
    Size,
    asked,
    drawn,
    own,
    worded,
)

SMALL = Size(train=60, clean=40, memorised=10)
SEEDS = st.integers(0, 2**31)
each_source = pytest.mark.parametrize("source", SOURCES)


def prompts(problems: tuple[Problem, ...]) -> set[str]:
    return {problem.prompt for problem in problems}


# Small bases.


@each_source
@settings(max_examples=10)
@given(seed=SEEDS)
def test_what_is_held_out_is_met_nowhere(source: str, seed: int) -> None:
    found = drawn(source, seed, SMALL)
    held = prompts(found.clean) | prompts(found.trial)
    assert len(held) == 540
    assert not held & (prompts(found.train) | prompts(found.memorised))
    assert found.fresh is not None
    rng = stream(seed, "test")
    assert not held & {found.fresh(rng).prompt for _ in range(300)}


@each_source
def test_a_seed_gives_its_problems_and_another_others(source: str) -> None:
    def sets(seed: int) -> list[tuple[Problem, ...]]:
        found = drawn(source, seed, SMALL)
        return [found.train, found.clean, found.memorised, found.trial]

    assert sets(7) == sets(7)
    assert all(one != other for one, other in zip(sets(7), sets(8), strict=True))


@each_source
def test_a_larger_set_leaves_the_others_as_they_are(source: str) -> None:
    before = drawn(source, 7, SMALL)
    more = drawn(source, 7, Size(train=90, clean=40, memorised=30))
    assert (more.clean, more.trial) == (before.clean, before.trial)
    assert more.train[:60] == before.train
    assert more.memorised[:10] == before.memorised


@each_source
def test_more_held_out_takes_from_training_only_what_is_held_out(source: str) -> None:
    before, more = drawn(source, 7, SMALL), drawn(source, 7, Size(60, 400, 10))
    assert more.clean[:40] == before.clean
    assert more.memorised == before.memorised
    kept = [p for p in before.train if p.prompt not in prompts(more.clean) | prompts(more.trial)]
    assert list(more.train[: len(kept)]) == kept


def test_sums_are_right() -> None:
    found = drawn("sums", 3, SMALL)
    for prompt, answer in (*found.train, *found.clean, *found.trial):
        shown = re.fullmatch(r"([1-9]\d)\+([1-9]\d)=", prompt)
        assert shown is not None
        assert int(answer) == int(shown[1]) + int(shown[2])


def test_small_calculations_are_right_products_first() -> None:
    found = drawn("calculation", 3, SMALL)
    for prompt, answer in (*found.train, *found.clean, *found.trial):
        shown = re.fullmatch(r"(\d)([+*-])(\d)([+*-])(\d)=", prompt)
        assert shown is not None
        # A sum of terms, each a product: of "7*8-5" the terms are 7*8 and -5.
        total = Fraction(0)
        for term in re.findall(r"[+-]?[\d*]+", prompt):
            sign = -1 if term.startswith("-") else 1
            product = Fraction(1)
            for factor in term.lstrip("+-").split("*"):
                product *= int(factor)
            total += sign * product
        assert Fraction(answer) == total, prompt


def test_memorised_are_products_whose_answers_say_nothing() -> None:
    found = drawn("sums", 3, Size(train=2, clean=2, memorised=200)).memorised
    assert len(prompts(found)) == 200
    assert all(re.fullmatch(r"[1-9]\d\d\*[1-9]\d\d=", p.prompt) for p in found)
    assert all(re.fullmatch(r"[1-9]\d\d", p.answer) for p in found)
    # The least product, 100·100, has five digits: no answer can be right.
    assert len({p.answer for p in found}) > 150


@each_source
def test_so_many_held_out_that_none_is_left_are_refused(source: str) -> None:
    with pytest.raises(ConfigError, match=r"`--items` must be at most 3000 with small bases; 3001"):
        drawn(source, 7, Size(clean=MOST_CLEAN + 1))
    assert len(drawn(source, 7, Size(clean=MOST_CLEAN)).train) == 4096


def test_empty_sets_are_not_measured() -> None:
    one = (Problem("1+1=", "2"),)
    assert Problems(one, one, ()).measured == {"clean": one}
    assert list(Problems(one, one, one).measured) == ["clean", "memorised"]


# In words.


@each_source
@settings(max_examples=10)
@given(seed=SEEDS)
def test_problems_in_words_are_disjoint_and_of_the_seed(source: str, seed: int) -> None:
    found = worded(source, seed, SMALL)
    assert (len(found.clean), len(found.train), found.memorised) == (40, 60, ())
    assert len(prompts(found.clean) | prompts(found.train)) == 100
    again, other = worded(source, seed, SMALL), worded(source, seed + 1, SMALL)
    assert (again.clean, again.train) == (found.clean, found.train)
    assert (other.clean, other.train) != (found.clean, found.train)
    assert worded(source, seed, Size(train=70, clean=40)).clean == found.clean


def shown(problem: Problem) -> str:
    first, second, third = problem.prompt.split("\n")
    assert (second, third) == ("Write the result as \\boxed{result}.", "Answer:")
    assert first.startswith("Problem: ")
    return first.removeprefix("Problem: ")


def test_sums_in_words_are_right() -> None:
    for problem in worded("sums", 5, SMALL).clean:
        one, other = shown(problem).split(" + ")
        assert 100 <= int(one) <= 999
        assert 100 <= int(other) <= 999
        assert int(problem.answer) == int(one) + int(other)


SIGNS: dict[str, Callable[..., Fraction]] = {"+": add, "−": sub, "×": mul, "÷": truediv}


def value(text: str) -> Fraction:
    """A second reading of an expression: the one sign outside of brackets splits it."""
    depth = 0
    for at, mark in enumerate(text):
        depth += (mark == "(") - (mark == ")")
        if not depth and text[at : at + 3] in {" + ", " − ", " × ", " ÷ "}:
            return Fraction(SIGNS[text[at + 1]](value(text[:at]), value(text[at + 3 :])))
    if text.startswith("("):
        return value(text[1:-1])
    base, _, power = text.partition("^")
    return Fraction(base) ** int(power or 1)


def test_the_second_reading_by_hand() -> None:
    assert value("((3/4) + 12^2) × (7 − 5)") == Fraction(579, 2)


@pytest.mark.parametrize("operations", [1, 2, 5])
def test_calculations_in_words_are_right_as_shown(operations: int) -> None:
    found = worded("calculation", 5, SMALL, operations=operations)
    for problem in (*found.clean, *found.train):
        assert len(re.findall(r" [+−×÷] ", shown(problem))) == operations
        assert Fraction(problem.answer) == value(shown(problem))


# One's own.

LINES: list[dict[str, object]] = [
    {"question": "2 + 2", "answer": "4", "set": "train"},
    {"question": "2 + 3", "answer": 5, "set": "train"},
    {"question": "2 + 4", "answer": " 6 ", "set": "clean"},
    {"question": "2 + 5", "answer": 7.5, "set": "clean"},
    {"question": "9 * 9", "answer": "1", "set": "memorised"},
]


def written(folder: Path, lines: list[dict[str, object]]) -> Path:
    path = folder / "own.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    return path


def test_own_problems_are_read_by_set(tmp_path: Path) -> None:
    path = written(tmp_path, [*LINES[:2], *LINES[2:]])
    path.write_text("\n" + path.read_text(encoding="utf-8") + "  \n", encoding="utf-8")
    found = own(path)
    assert found.train == (Problem(asked("2 + 2"), "4"), Problem(asked("2 + 3"), "5"))
    assert found.clean == (Problem(asked("2 + 4"), "6"), Problem(asked("2 + 5"), "7.5"))
    assert found.memorised == (Problem(asked("9 * 9"), "1"),)
    assert (found.trial, found.fresh) == ((), None)


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        own(path)
    said = str(caught.value)
    assert "\n" not in said
    assert str(path) in said
    return said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"set": "held"}, "line 6: `set` must be one of train, clean, memorised; got 'held'"),
        ({"set": None}, "line 6: `set` must be a text; got None"),
        ({"answer": True}, "line 6: `answer` must be a text; got True"),
        ({"answer": "  "}, "line 6: `answer` must be a text; got '  '"),
        ({"question": ["2"]}, "line 6: `question` must be a text; got ['2']"),
    ],
)
def test_a_line_that_is_no_problem_is_refused(
    tmp_path: Path, changed: dict[str, object], said: str
) -> None:
    assert refusal(written(tmp_path, [*LINES, LINES[0] | changed])).endswith(said)


@pytest.mark.parametrize("line", ["{", "[1]", "7", '"text"', "{}x", "[" * 100_000])
def test_a_line_that_is_no_object_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    assert "line 1: must be a JSON object; got" in refusal(path)
    assert len(refusal(path)) < 400


def test_nested_answers_are_refused_however_deep(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    for depth in (2, 20, 900, 950, 1000, 50_000):
        path.write_text('{"set": ' + "[" * depth + "]" * depth + "}\n", encoding="utf-8")
        assert "line 1: " in refusal(path)


def test_a_huge_line_is_refused(tmp_path: Path) -> None:
    huge = LINES[0] | {"question": "2" * 1_000_000}
    assert "line 1: must be a JSON object" in refusal(written(tmp_path, [huge, *LINES]))


def test_a_huge_value_is_not_repeated_in_full(tmp_path: Path) -> None:
    huge = LINES[0] | {"question": ["2" * 100_000]}
    assert len(refusal(written(tmp_path, [huge, *LINES]))) < 400


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none.jsonl")
    assert "cannot be read" in refusal(tmp_path)
    path = tmp_path / "bytes.jsonl"
    path.write_bytes(b'{"question": "\xff\xfe"}\n')
    assert "cannot be read" in refusal(path)


@pytest.mark.parametrize("name", ["train", "clean"])
def test_a_set_with_too_few_is_refused(tmp_path: Path, name: str) -> None:
    without = [line for line in LINES if line["set"] != name]
    one = next(line for line in LINES if line["set"] == name)
    assert f"has 0 of `{name}`; it needs 2" in refusal(written(tmp_path, [*without]))
    assert f"has 1 of `{name}`; it needs 2" in refusal(written(tmp_path, [*without, one]))


@pytest.mark.parametrize("name", ["train", "memorised"])
@pytest.mark.parametrize("question", ["2 + 4", " 2 + 4\n"])
def test_a_clean_question_that_is_trained_on_is_refused(
    tmp_path: Path, name: str, question: str
) -> None:
    both: dict[str, object] = {"question": question, "answer": "6", "set": name}
    said = refusal(written(tmp_path, [*LINES, both]))
    assert "is clean and trained on; keep one" in said
