"""What a user brings to a report: a public leaderboard, and weights of the axes."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field, RootModel, model_validator

from worktrial.decision import Price
from worktrial.errors import ConfigError
from worktrial.evidence.findings import Estimate
from worktrial.protocol.declared import read_declared, read_text
from worktrial.readiness.arms import AXES, Axis
from worktrial.report.readiness import IN_SHORT
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import number, one_line, plain, why

COLUMNS = ("model", "benchmark", "score")
_MOST_ROWS = 10_000
_MOST_BENCHMARKS = 12
_MOST_NAMED = 20

Weight = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
Scores = Mapping[str, float]
"""By model."""


class _Weights(RootModel[dict[Axis, Weight]]):
    """A weight for each axis that counts."""

    @model_validator(mode="after")
    def _some(self) -> "_Weights":
        if not any(self.root.values()):
            raise ValueError(f"one weight must be more than 0; axes are {', '.join(AXES)}")
        return self


class Leaderboard(NamedTuple):
    """Public scores by benchmark and model."""

    path: Path
    benchmarks: Mapping[str, Scores]


@dataclass(frozen=True)
class Brought:
    """What a user brought: nothing by default.

    Attributes:
        leaderboard: Public scores.
        weights: What each axis counts.
        prices: What tokens cost, by worker.
    """

    leaderboard: Leaderboard | None = None
    weights: Mapping[Axis, float] = field(default_factory=dict)
    prices: Mapping[str, Price] = field(default_factory=dict)


def read_weights(path: Path) -> Mapping[Axis, float]:
    """Read weights of axes, JSON or YAML.

    Raises:
        ConfigError: If it cannot be read or holds no weights, naming the place.
    """
    return read_declared(path, _Weights, name="--weights").root


def read_leaderboard(path: Path) -> Leaderboard:
    """Read public scores: CSV with the columns model, benchmark and score.

    Raises:
        ConfigError: If it cannot be read or a line is not as it must be, naming the line.
    """
    text = read_text(path, name="--leaderboard").removeprefix("\N{BOM}")
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    try:
        for line, model, benchmark, score in _rows(csv.reader(text.splitlines(), strict=True)):
            if model in scores[benchmark]:
                raise ValueError(f"line {line}: {model!r} has a score in {benchmark!r} already")
            scores[benchmark][model] = score
    except (ValueError, csv.Error) as error:
        raise ConfigError(f"`--leaderboard` {path}: {error}") from None
    if not scores:
        raise ConfigError(f"`--leaderboard` {path} holds no score; write one a line")
    if len(scores) > _MOST_BENCHMARKS:
        raise ConfigError(
            f"`--leaderboard` must have at most {_MOST_BENCHMARKS} benchmarks; {path} has "
            f"{len(scores)}; leave some out"
        )
    return Leaderboard(path, scores)


def _rows(lines: Iterator[list[str]]) -> Iterator[tuple[int, str, str, float]]:
    heads = [head.strip() for head in next(lines, [])]
    if sorted(heads) != sorted(COLUMNS):
        raise ValueError(f"line 1 must be {','.join(COLUMNS)}; got {','.join(heads)[:80]!r}")
    for number_of, cells in enumerate(lines, 2):
        if number_of > _MOST_ROWS + 1:
            raise ValueError(f"more than {_MOST_ROWS:,} lines; leave some out")
        if cells:
            yield _row(number_of, heads, cells)


def _row(line: int, heads: Sequence[str], cells: Sequence[str]) -> tuple[int, str, str, float]:
    if len(cells) != len(heads):
        raise ValueError(f"line {line} must have {len(heads)} values, got {len(cells)}")
    row = {head: cell.strip() for head, cell in zip(heads, cells, strict=True)}
    if not row["model"] or not row["benchmark"]:
        raise ValueError(f"line {line}: `model` and `benchmark` must be there")
    try:
        score = float(row["score"])
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise ValueError(f"line {line}: `score` must be a number, got {row['score'][:40]!r}")
    return line, row["model"], row["benchmark"], score


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


class PublicTable(NamedTuple):
    """One benchmark: ranks in public and at work, and who could not be told about.

    Attributes:
        table: Of those who were found in it.
        left_out: What there is to say of the others, a sentence each.
    """

    table: Table
    left_out: tuple[str, ...]


def public_table(
    benchmark: str, scores: Scores, workers: Sequence[str], ranks: Sequence[Estimate]
) -> PublicTable:
    """Hold public ranks against ranks at work.

    Args:
        benchmark: Its name.
        scores: Its public scores.
        workers: Everyone on trial.
        ranks: Ranks on each axis, among those on trial who have a public score.
    """
    models = matched(workers, list(scores))
    public = {worker: scores[model] for worker, model in models.items()}
    axes = [axis for axis in AXES if any(e.axis == axis for e in ranks)]
    known = {(e.worker, e.axis): e for e in ranks}
    rows = [
        Row(
            worker,
            [
                Cell(models[worker]),
                Cell(f"{public[worker]:g}"),
                Cell(str(_rank(public, worker))),
                *(_held(known.get((worker, axis)), _rank(public, worker)) for axis in axes),
            ],
        )
        for worker in sorted(public)
    ]
    table = Table(
        f"{one_line(benchmark, 60)}: rank in public and at work, among those on trial who have a "
        "public score",
        ["worker", "there as", "score", "public rank", *(IN_SHORT[axis] for axis in axes)],
        rows,
    )
    unknown = [worker for worker in workers if worker not in public]
    unmet = [model for model in scores if model not in models.values()]
    said = (("Without a public score, or with more than one that may be meant", unknown),
            ("On the leaderboard, not on trial", unmet))  # fmt: skip
    return PublicTable(table, tuple(f"{words}: {_named(names)}." for words, names in said if names))


def _rank(public: Scores, worker: str) -> int:
    return 1 + sum(score > public[worker] for score in public.values())


def _held(found: Estimate | None, public: int) -> Cell:
    """A rank at work; a word where the public one is another."""
    if found is None or found.value is None or found.low is None or found.high is None:
        return Cell(number(found, plain), note=why(found))
    if found.value == public:
        return Cell(number(found, plain))
    surely = not found.low <= public <= found.high
    return Cell(number(found, plain), note="differs" if surely else "differs, not surely")


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(one_line(name, 60) for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
