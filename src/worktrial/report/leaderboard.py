"""A public leaderboard as a user brings it: CSV of scores and what is stated of their errors."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from worktrial.errors import ConfigError
from worktrial.estimate import Normal, Proportion, Stated
from worktrial.protocol.declared import read_text
from worktrial.report.words import one_line

COLUMNS = ("model", "benchmark", "score")
ERRORS = ("items", "low", "high", "stderr")
"""Columns that may be there: a row states its error in one way, or leaves them empty."""
_MOST_ROWS = 10_000
_MOST_BENCHMARKS = 12
_NAME = 60

Scores = Mapping[str, Stated]
"""By model."""


class Leaderboard(NamedTuple):
    """Public scores by benchmark and model.

    Attributes:
        path: Where they were read.
        benchmarks: By the benchmark's name on one line, cut to what can be read.
    """

    path: Path
    benchmarks: Mapping[str, Scores]


class _Row(NamedTuple):
    """A line of the file, its numbers read and not yet held against each other."""

    line: int
    model: str
    benchmark: str
    score: float
    errors: Mapping[str, float]


def read_leaderboard(path: Path) -> Leaderboard:
    """Read public scores: CSV with the columns model, benchmark, score, and any of `ERRORS`.

    `items` makes a score a share of so many: in percent if any score of its benchmark is above 1.
    `low` and `high` are a 95 % interval, `stderr` a standard error.

    Raises:
        ConfigError: If it cannot be read or a line is not as it must be, naming the line.
    """
    text = read_text(path, name="--leaderboard").removeprefix("\N{BOM}")
    try:
        scores = _by_benchmark(list(_rows(csv.reader(text.splitlines(), strict=True))))
    except (ValueError, csv.Error) as error:
        raise ConfigError(f"`--leaderboard` {path}: {error}") from None
    if not scores:
        raise ConfigError(f"`--leaderboard` {path} holds no score; write one a line")
    if len(scores) > _MOST_BENCHMARKS:
        raise ConfigError(
            f"`--leaderboard` must have at most {_MOST_BENCHMARKS} benchmarks; {path} has "
            f"{len(scores)}; leave some out"
        )
    return Leaderboard(path, dict(zip(_labels(list(scores)), scores.values(), strict=True)))


def matched(workers: Sequence[str], models: Sequence[str]) -> dict[str, str]:
    """Find workers in a leaderboard: by the whole name, else by what follows the last `/`.

    Args:
        workers: Who was on trial.
        models: Who has a public score.

    Returns:
        The model of each worker that one alone fits; nobody is guessed.
    """
    by_tail = defaultdict(list)
    for model in models:
        by_tail[_tail(model)].append(model)
    found = {worker: [worker] if worker in models else by_tail[_tail(worker)] for worker in workers}
    return {worker: fits[0] for worker, fits in found.items() if len(fits) == 1}


def _tail(name: str) -> str:
    return name.rpartition("/")[2]


def _labels(benchmarks: Sequence[str]) -> Iterator[str]:
    """Names to be shown; two that would look the same are numbered."""
    seen: set[str] = set()
    for benchmark in benchmarks:
        label = name = one_line(benchmark, _NAME)
        while label in seen:
            label = f"{name} ({len(seen) + 1})"
        seen.add(label)
        yield label


def _rows(lines: Iterator[list[str]]) -> Iterator[_Row]:
    heads = [head.strip() for head in next(lines, [])]
    wanted = {*COLUMNS, *(head for head in heads if head in ERRORS)}
    if set(heads) != wanted or len(heads) != len(wanted):
        raise ValueError(
            f"line 1 must be {','.join(COLUMNS)}, and may have {', '.join(ERRORS)}; got "
            f"{','.join(heads)[:80]!r}"
        )
    for number_of, cells in enumerate(lines, 2):
        if number_of > _MOST_ROWS + 1:
            raise ValueError(f"more than {_MOST_ROWS:,} lines; leave some out")
        if cells:
            yield _row(number_of, heads, cells)


def _row(line: int, heads: Sequence[str], cells: Sequence[str]) -> _Row:
    if len(cells) != len(heads):
        raise ValueError(f"line {line} must have {len(heads)} values, got {len(cells)}")
    row = {head: cell.strip() for head, cell in zip(heads, cells, strict=True)}
    if not row["model"] or not row["benchmark"]:
        raise ValueError(f"line {line}: `model` and `benchmark` must be there")
    errors = {head: _number(line, head, row[head]) for head in ERRORS if row.get(head)}
    score = _number(line, "score", row["score"])
    return _Row(line, row["model"], row["benchmark"], score, errors)


def _number(line: int, head: str, cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"line {line}: `{head}` must be a number, got {cell[:40]!r}")
    return value


def _by_benchmark(rows: Sequence[_Row]) -> dict[str, dict[str, Stated]]:
    tops: dict[str, float] = defaultdict(lambda: 1.0)
    for row in rows:
        tops[row.benchmark] = 100.0 if row.score > 1 else tops[row.benchmark]
    found: dict[str, dict[str, Stated]] = {benchmark: {} for benchmark in tops}
    for row in rows:
        if row.model in found[row.benchmark]:
            raise ValueError(
                f"line {row.line}: {row.model[:_NAME]!r} has a score in {row.benchmark[:_NAME]!r} "
                "already"
            )
        found[row.benchmark][row.model] = _stated(row, tops[row.benchmark])
    return found


def _stated(row: _Row, top: float) -> Stated:
    try:
        return _with_error(row.score, row.errors, top)
    except ValueError as error:
        raise ValueError(f"line {row.line}: {error}") from None


def _with_error(score: float, errors: Mapping[str, float], top: float) -> Stated:
    """A score with the one error that is stated of it, or with none.

    Raises:
        ValueError: If it is stated in more ways than one, by halves, or cannot be.
    """
    match {name: errors[name] for name in ERRORS if name in errors}:
        case {"items": items, **rest} if not rest:
            if items != int(items):
                raise ValueError(f"`items` must be a whole number, got {items:g}")
            return Stated(score, Proportion(int(items), top))
        case {"low": low, "high": high, **rest} if not rest:
            return Stated.within(score, low, high)
        case {"stderr": stderr, **rest} if not rest:
            if stderr <= 0:
                raise ValueError(
                    f"`stderr` must be more than 0, got {stderr:g}; leave it empty if it is not "
                    "known"
                )
            return Stated(score, Normal(stderr, stderr))
        case given if given:
            raise ValueError(
                "an error is stated as `items`, as `low` and `high`, or as `stderr`, in one of "
                f"these ways; got {' and '.join(given)}"
            )
    return Stated(score)
