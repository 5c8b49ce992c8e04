"""Any data set of reasoning-gym, by its name: `gym:chain_sum`.

Its generator draws the question and its own scorer marks the answer. Its partial credit is
generous (a random filling of a small sudoku gets half a point): only a full point is solved.

What a model writes reaches code of others here, so data sets are refused whose scorer evaluates
it, gives a point for nothing, or whose questions are not the same for the same seed in every
process; and no answer is passed on that is very long or a number of a huge size.
"""

import inspect
import json
import re
from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import JsonValue

from worktrial.errors import ConfigError
from worktrial.randomness import derive
from worktrial.reasoning.puzzles.floors import Floor
from worktrial.reasoning.puzzles.puzzle import Cells, Family, Level, Puzzle

if TYPE_CHECKING:
    from reasoning_gym.dataset import ProceduralDataset

PREFIX = "gym:"

Entry = dict[str, Any]
"""What reasoning-gym draws: a question, an answer, and what its scorer needs, in JSON's types."""

_CELL = "answer"
_LONGEST = 10_000
_TRIES = 20
_SAMPLE = 100
_FEW = 20
"""Answers that are all different among so many have no value that is worth a guess."""
_SEED_LIMIT = 2**31
_HASHES = "its questions depend on Python's hash seed"
_GLOBAL = "its questions depend on the process's global random numbers"
_REFUSED: Mapping[str, str] = {
    "codeio": _GLOBAL,
    "composite": "it is made of others, which are to be named themselves",
    "isomorphic_strings": _HASHES,
    "knight_swap": _HASHES,
    "list_functions": _GLOBAL,
    "polynomial_equations": "a question may have nothing as its right answer",
    "pool_matrix": "it reseeds the process's global random numbers",
    "ransom_note": _HASHES,
    "word_ladder": _HASHES,
}
_EVALUATES = re.compile(r"\b(?:eval|exec|parse_expr|sympify)\(")
_HUGE = re.compile(r"[\d._][eE][+-]?[\d_]{3}")


class Gym(Family):
    """One data set, in its default form at every level: few have a knob for size alone."""

    cell: ClassVar[str] = _CELL

    def draw(self, id: str, level: Level, rng: Random) -> Puzzle:  # noqa: A002
        """Draw seeds until a question has a right answer that scores, and nothing else does.

        Raises:
            ConfigError: If the data set has none in many tries.
        """
        entry = _drawn(_dataset_of(self.name), rng)
        return Puzzle(
            id=id,
            family=self.name,
            level=level,
            text=entry["question"],
            form=_FORM,
            data={"entry": entry},
            solution={_CELL: entry["answer"]},
        )

    def count(self, puzzle: Puzzle) -> int:
        """One, by reasoning-gym's own word: what its scorer takes counts as the one answer."""
        return 1

    def read(self, puzzle: Puzzle, value: JsonValue) -> Cells | None:
        """A string, a number or a truth value; a list or an object as the JSON that it is."""
        if value is None:
            return None
        text = str(value) if isinstance(value, str | bool) else _written(value)
        return {_CELL: text.strip()} if text.strip() and len(text) <= _LONGEST else None

    def write(self, puzzle: Puzzle, cells: Mapping[str, str]) -> JsonValue:
        """One string."""
        return cells.get(_CELL, "")

    def holds(self, puzzle: Puzzle, cells: Mapping[str, str]) -> bool:
        """Whether the data set's own scorer gives a full point."""
        return _scores(_dataset_of(self.name), puzzle.data["entry"], cells.get(_CELL, ""))

    def guess(self, puzzle: Puzzle, rng: Random) -> Cells:
        """The most frequent answer among other puzzles; nothing where there is none."""
        common, _ = _common(_dataset_of(self.name))
        return {_CELL: common} if common else {}

    def floor(self, puzzle: Puzzle) -> Floor:
        """How often the guess is right among a hundred others than those it was chosen from.

        It is of the data set, estimated, and not of the one puzzle; where the answer is one of a
        few that the question itself names, a better guess may exist that it does not know of.
        """
        _, share = _common(_dataset_of(self.name))
        return Floor(parts=share, half=share, solved=share, estimated=True)


@cache
def data_set(name: str) -> Gym:
    """The family of a name such as `gym:chain_sum`.

    Raises:
        ConfigError: If reasoning-gym is not installed, has no such data set, or has one that
            cannot be used; its reason says why.
    """
    _check(name, _dataset_of(name))

    class _Named(Gym):
        name: ClassVar[str]

    _Named.name = name
    return _Named()


def _dataset_of(name: str) -> str:
    return name.removeprefix(PREFIX)


def _check(name: str, dataset: str) -> None:
    if find_spec("reasoning_gym") is None:
        raise ConfigError(
            f"`{name}` needs reasoning-gym, which is not installed; "
            "install it with: pip install 'worktrial[puzzles]'"
        )
    if dataset not in _names():
        near = get_close_matches(dataset, _names(), n=3, cutoff=0.5)
        hint = ", ".join(f"`{PREFIX}{one}`" for one in near) or "a name that reasoning-gym lists"
        raise ConfigError(f"reasoning-gym has no data set `{dataset}`; write {hint}")
    if reason := _refused(dataset):
        raise ConfigError(f"`{name}` cannot be used: {reason}; choose another data set")
    _drawn(dataset, Random(0))  # noqa: S311 - not for secrets


def _names() -> list[str]:
    from reasoning_gym.factory import DATASETS

    return sorted(DATASETS)


def _refused(dataset: str) -> str | None:
    from reasoning_gym.factory import DATASETS

    scorer = inspect.getsource(DATASETS[dataset][0].score_answer)
    evaluates = "its scorer evaluates what is written" if _EVALUATES.search(scorer) else None
    return _REFUSED.get(dataset) or evaluates


def _made(dataset: str, seed: int, size: int = 1) -> "ProceduralDataset":
    import reasoning_gym

    return reasoning_gym.create_dataset(dataset, seed=seed, size=size)


@cache
def _scorer(dataset: str) -> "ProceduralDataset":
    return _made(dataset, seed=0)


def _drawn(dataset: str, rng: Random) -> Entry:
    for _ in range(_TRIES):
        entry: Entry = json.loads(_written(_made(dataset, rng.randrange(_SEED_LIMIT))[0]))
        if _is_sound(dataset, entry):
            return entry
    raise ConfigError(
        f"`{PREFIX}{dataset}` cannot be used: its questions come without one right answer that "
        "its scorer tells from a wrong one; choose another data set"
    )


def _is_sound(dataset: str, entry: Entry) -> bool:
    """Whether the answer scores, in the form in which it is read, and neither nothing nor junk."""
    answer = entry["answer"]
    right = isinstance(answer, str) and _scores(dataset, entry, answer.strip())
    return right and not any(_scores(dataset, entry, junk) for junk in ("", "?", "no such answer"))


def _scores(dataset: str, entry: Entry, answer: str) -> bool:
    """Whether an answer gets a full point.

    The scorer is of others and meets what a model wrote: where it fails, the answer is not right.
    It gets a copy, for some scorers change what they are given.
    """
    if answer and answer == entry["answer"]:
        return True
    if len(answer) > _LONGEST or _HUGE.search(answer):
        return False
    try:
        return bool(_scorer(dataset).score_answer(answer, deepcopy(entry)) >= 1)
    except Exception:
        return False


@cache
def _common(dataset: str) -> tuple[str, float]:
    """The most frequent answer of a sample, and how often it scores in another sample."""
    chosen = _sample(dataset, "guess", _FEW)
    if len({entry["answer"] for entry in chosen}) == len(chosen):
        return "", 0.0
    counts = Counter(entry["answer"] for entry in _sample(dataset, "guess", _SAMPLE))
    common = min(counts, key=lambda answer: (-counts[answer], answer))
    others = _sample(dataset, "floor", _SAMPLE)
    return common, sum(_scores(dataset, entry, common) for entry in others) / len(others)


def _sample(dataset: str, purpose: str, size: int) -> list[Entry]:
    made = _made(dataset, derive(0, "gym", dataset, purpose) % _SEED_LIMIT, _SAMPLE)
    entries = (json.loads(_written(made[n])) for n in range(size))
    return [entry for entry in entries if isinstance(entry["answer"], str)]


def _written(value: JsonValue | Entry) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


_FORM = 'one string in quotes with nothing but what is asked for, such as "42"'
