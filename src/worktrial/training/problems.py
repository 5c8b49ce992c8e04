"""Problems with a right answer: clean ones never trained on, memorised ones with no sense.

A clean problem that is held out is solved by skill alone. A memorised one has an answer that was
drawn at random, so that nothing but having met it helps. Both are drawn from the seed.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import add, mul, sub
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from worktrial.errors import ConfigError
from worktrial.randomness import stream
from worktrial.reasoning.puzzles.calculation import expression

SOURCES = ("sums", "calculation")
CLEAN, MEMORISED = "clean", "memorised"
SETS = ("train", CLEAN, MEMORISED)
_LONGEST_LINE = 200_000
_MOST = 1_000_000


class Problem(NamedTuple):
    """What is asked, and the one right answer."""

    prompt: str
    answer: str


@dataclass(frozen=True)
class Size:
    """How many problems of each set."""

    train: int = 4096
    clean: int = 1000
    memorised: int = 128


@dataclass(frozen=True)
class Problems:
    """What a control trains and measures on.

    Attributes:
        train: Prompts of the reward arms; none of them is measured.
        clean: Held out from everything.
        memorised: Trained on, and measured too.
        trial: Held out as well, for deciding when a small base knows enough; may be empty.
        fresh: Draws one more problem for a small base's supervised start, none that is held out.
    """

    train: tuple[Problem, ...]
    clean: tuple[Problem, ...]
    memorised: tuple[Problem, ...]
    trial: tuple[Problem, ...] = ()
    fresh: Callable[[Random], Problem] | None = None

    @property
    def measured(self) -> Mapping[str, tuple[Problem, ...]]:
        """Sets that are measured, by name; no empty one."""
        found = {CLEAN: self.clean, MEMORISED: self.memorised}
        return {name: problems for name, problems in found.items() if problems}


def drawn(source: str, seed: int, size: Size) -> Problems:
    """Draw problems for a small base: `37+58=` of two digits, or `7*8-5=` of three of one digit.

    The memorised are products of three digits with an answer drawn at random.

    Raises:
        ConfigError: If so many are held out that too few are left to train on.
    """
    if size.clean > MOST_CLEAN:
        raise ConfigError(f"`--items` must be at most {MOST_CLEAN} with small bases; {size.clean}")
    held, train, memorised = (stream(seed, "control", source, name) for name in SETS)
    make = _sum if source == SOURCES[0] else _small_calculation
    unseen = _distinct(make, held, size.clean + _TRIAL)
    closed = {problem.prompt for problem in unseen}

    def fresh(rng: Random) -> Problem:
        while (found := make(rng)).prompt in closed:
            pass
        return found

    return Problems(
        _distinct(fresh, train, size.train),
        unseen[: size.clean],
        _distinct(_senseless, memorised, size.memorised),
        unseen[size.clean :],
        fresh,
    )


_TRIAL = 500
MOST_CLEAN = 3000
"""There are 8100 sums and 9000 calculations; what is not held out must suffice to train on."""


def worded(source: str, seed: int, size: Size, *, operations: int = 1) -> Problems:
    """Draw problems in words, for a model that reads text; it has memorised none of them.

    Args:
        source: Sums of three digits, or Wu et al.'s RandomCalculation.
        seed: Of the run.
        size: How many of each set.
        operations: Of a calculation.
    """
    held, train = (stream(seed, "control", "worded", source, name) for name in (CLEAN, "train"))

    def make(rng: Random) -> Problem:
        if source == SOURCES[0]:
            one, other = rng.randint(100, 999), rng.randint(100, 999)
            return Problem(asked(f"{one} + {other}"), str(one + other))
        shown, value = expression(operations, rng)
        return Problem(asked(shown), str(value))

    clean = _distinct(make, held, size.clean)
    closed = {problem.prompt for problem in clean}
    prompts = _distinct(make, train, size.train)
    return Problems(tuple(p for p in prompts if p.prompt not in closed), clean, ())


def asked(question: str) -> str:
    """A question with the form in which its answer is wanted."""
    return f"Problem: {question}\nWrite the result as \\boxed{{result}}.\nAnswer:"


def _sum(rng: Random) -> Problem:
    one, other = rng.randint(10, 99), rng.randint(10, 99)
    return Problem(f"{one}+{other}=", str(one + other))


def _small_calculation(rng: Random) -> Problem:
    """Two of + − × among three digits, × first."""
    a, b, c = (rng.randint(0, 9) for _ in range(3))
    first, second = rng.choice("+-*"), rng.choice("+-*")
    if second == "*" and first != "*":
        value = _SIGNS[first](a, b * c)
    else:
        value = _SIGNS[second](_SIGNS[first](a, b), c)
    return Problem(f"{a}{first}{b}{second}{c}=", str(value))


_SIGNS: Mapping[str, Callable[[int, int], int]] = {"+": add, "-": sub, "*": mul}


def _senseless(rng: Random) -> Problem:
    prompt = f"{rng.randint(100, 999)}*{rng.randint(100, 999)}="
    return Problem(prompt, str(rng.randint(100, 999)))


def _distinct(make: Callable[[Random], Problem], rng: Random, count: int) -> tuple[Problem, ...]:
    found: dict[str, Problem] = {}
    for _ in range(100 * count):
        if len(found) == count:
            break
        problem = make(rng)
        found.setdefault(problem.prompt, problem)
    return tuple(found.values())


def own(path: Path) -> Problems:
    """Read one's own problems: JSONL with `question`, `answer` and `set`.

    Args:
        path: A file of lines such as `{"question": "2 + 2", "answer": "4", "set": "clean"}`; the
            sets are `train`, `clean` (never to be trained on) and `memorised` (trained on, and
            measured too).

    Raises:
        ConfigError: If the file cannot be read, a line is no problem, a set is missing, or a clean
            question is trained on.
    """
    by_set: dict[str, list[Problem]] = {name: [] for name in SETS}
    for where, entry in lines(path):
        name, problem = _problem(entry, where)
        by_set[name].append(problem)
    for name in ("train", CLEAN):
        if len(by_set[name]) < 2:
            raise ConfigError(f"`--data` {path} has {len(by_set[name])} of `{name}`; it needs 2")
    met = {p.prompt for name in ("train", MEMORISED) for p in by_set[name]}
    if both := next((p for p in by_set[CLEAN] if p.prompt in met), None):
        raise ConfigError(
            f"`--data` {path}: {short(both.prompt)} is clean and trained on; keep one"
        )
    train, clean, memorised = (tuple(by_set[name]) for name in SETS)
    return Problems(train, clean, memorised)


def lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a JSONL file, each with where it is.

    Raises:
        ConfigError: If there is no such file, or a line is no object.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(_bounded(file), start=1):
                if line.strip():
                    yield f"{path}, line {number}", _object(line, f"{path}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"`--data` {path} cannot be read: {error}; name a JSONL file") from None


def _bounded(file: Any) -> Iterator[str]:
    for _ in range(_MOST):
        line = file.readline(_LONGEST_LINE)
        if not line:
            return
        yield line
    raise ConfigError(f"`--data` has more than {_MOST:,} lines; name a part of it")


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict):
        raise ConfigError(f"{where}: must be a JSON object; got {short(line.strip())}")
    return entry


def text_of(entry: Mapping[str, Any], field: str, where: str) -> str:
    """A field of a line that must be a text with something in it; without its edges.

    Raises:
        ConfigError: If it is not.
    """
    value = entry.get(field)
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not text.strip():
        raise ConfigError(f"{where}: `{field}` must be a text; got {short(value)}")
    if not text.isprintable() and any("\ud800" <= each <= "\udfff" for each in text):
        raise ConfigError(f"{where}: `{field}` holds half a character; write it in UTF-8")
    return text.strip()


def short(value: object) -> str:
    """How a refusal shows a value, which may be as long as a line."""
    return repr(value)[:_SHOWN]


_SHOWN = 60


def _problem(entry: Mapping[str, Any], where: str) -> tuple[str, Problem]:
    name = text_of(entry, "set", where)
    if name not in SETS:
        raise ConfigError(f"{where}: `set` must be one of {', '.join(SETS)}; got {short(name)}")
    question, answer = text_of(entry, "question", where), text_of(entry, "answer", where)
    return name, Problem(asked(question), answer)


def sampled(problems: Sequence[Problem], count: int, rng: Random) -> tuple[Problem, ...]:
    """So many of them, or all, in an order of their own."""
    return tuple(rng.sample(list(problems), min(count, len(problems))))
