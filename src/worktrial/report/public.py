"""Ranks in public and at work: what a page and a terminal show of them, out of the findings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup

from worktrial.comparison.order import EVERYONE
from worktrial.comparison.public import METRICS
from worktrial.estimate import Stated
from worktrial.evidence.findings import Estimate, Findings
from worktrial.reference import by_name, is_reference, on_trial
from worktrial.report.drawing import Links, looks, unlinked
from worktrial.report.leaderboard import Leaderboard, Scores, matched
from worktrial.report.public_charts import Ranks, rank_chart
from worktrial.report.readiness import IN_SHORT
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import MISSING, number, one_line, plain, why

_MOST_NAMED = 20
_NAME = 60


class Measure(NamedTuple):
    """By what workers are ranked at work: of which trial, on which axis if it is one."""

    trial: str
    axis: str | None = None


MEASURES: Mapping[Measure, str] = {
    Measure("relay"): "fidelity after the relay",
    Measure("search"): "F1 where it has to be asked for",
    Measure("office"): "success where every axis counts",
    **{Measure("office", axis): words for axis, words in IN_SHORT.items()},
    Measure("memorisation"): "accuracy on fresh texts",
    Measure("reasoning"): "puzzles solved",
}
"""In words, in the order in which they are shown; a trial that has none ranks nobody."""


class PublicTable(NamedTuple):
    """One benchmark: ranks in public and at work, and who could not be told about.

    Attributes:
        table: Of those who were found in it.
        chart: The same ranks as lines; `None` where there are none.
        left_out: What there is to say of the others and of what is not known, a sentence each.
    """

    table: Table
    chart: Markup | None
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class PublicReading:
    """What was found beside a leaderboard, looked up; what is not there reads as `None`.

    Attributes:
        findings: What was found.
        leaderboard: What was brought.
    """

    findings: Findings
    leaderboard: Leaderboard

    @cached_property
    def _found(self) -> dict[tuple[str, str | None, str, Measure], Estimate]:
        mine = (e for e in self.findings.estimates if e.metric in METRICS)
        return {(e.metric, e.arm, e.worker, Measure(e.trial, e.axis)): e for e in mine}

    @cached_property
    def everyone(self) -> list[str]:
        """All workers by name, reference workers last."""
        names = {e.worker for e in self.findings.estimates} - {EVERYONE}
        return by_name(names)

    @cached_property
    def workers(self) -> list[str]:
        """Those who are on trial."""
        return on_trial(self.everyone)

    def measures(self, benchmark: str) -> list[Measure]:
        """Those by which workers that it knows were ranked."""
        known = {
            m for metric, arm, _, m in self._found if (metric, arm) == ("work_rank", benchmark)
        }
        return [measure for measure in MEASURES if measure in known]

    def get(self, metric: str, benchmark: str, worker: str, measure: Measure) -> Estimate | None:
        """An estimate."""
        return self._found.get((metric, benchmark, worker, measure))

    def public(self, benchmark: str, worker: str) -> Estimate | None:
        """A worker's public rank, the same whatever it is held against."""
        ranks = (self.get("public_rank", benchmark, worker, Measure(m.trial)) for m in MEASURES)
        return next((rank for rank in ranks if rank is not None), None)


@dataclass(frozen=True)
class PublicPage:
    """All that a page shows of a leaderboard.

    Attributes:
        tables: One a benchmark.
        agreement: How far the orders agree; `None` where nobody was ranked.
    """

    tables: tuple[PublicTable, ...]
    agreement: Table | None


def public_page(
    findings: Findings, leaderboard: Leaderboard, links: Links = unlinked
) -> PublicPage:
    """Put what was found beside a leaderboard into tables and charts.

    Args:
        findings: What was found.
        leaderboard: What was brought.
        links: Where the items of a trial and a worker are shown.
    """
    reading = PublicReading(findings, leaderboard)
    tables = tuple(
        _table(reading, place, benchmark, scores, links)
        for place, (benchmark, scores) in enumerate(sorted(leaderboard.benchmarks.items()), 1)
    )
    return PublicPage(tables, _agreement(reading))


def verdict(change: Estimate | None) -> str:
    """Whether two ranks are the same: where their bounds do not meet, they are not."""
    if change is None or change.low is None or change.high is None:
        return "cannot tell"
    if change.low > 0 or change.high < 0:
        return "differs"
    return "agrees" if change.low == change.high == 0 else "cannot tell"


def _table(
    reading: PublicReading, place: int, benchmark: str, scores: Scores, links: Links
) -> PublicTable:
    models = matched(reading.workers, list(scores))
    measures = reading.measures(benchmark)
    rows = [
        Row(worker, list(_cells(reading, benchmark, models[worker], worker, measures)),
            is_reference(worker))
        for worker in sorted(models)
    ]  # fmt: skip
    table = Table(
        f"{benchmark}: rank in public and at work, among those on trial who have a public score",
        ["worker", "score", "public rank", *(MEASURES[m] for m in measures)],
        rows,
    )
    chart = _chart(reading, place, benchmark, sorted(models), links) if measures else None
    return PublicTable(table, chart, tuple(_left_out(reading, scores, models)))


def _chart(
    reading: PublicReading, place: int, benchmark: str, workers: Sequence[str], links: Links
) -> Markup:
    ranks: list[tuple[str, Ranks]] = [
        (
            MEASURES[measure],
            {
                worker: (
                    reading.public(benchmark, worker),
                    reading.get("work_rank", benchmark, worker, measure),
                )
                for worker in workers
            },
        )
        for measure in reading.measures(benchmark)
    ]
    return rank_chart(benchmark, ranks, looks(reading.everyone), f"public-{place}", links)


def _cells(
    reading: PublicReading, benchmark: str, model: str, worker: str, measures: Sequence[Measure]
) -> Iterator[Cell]:
    stated = reading.leaderboard.benchmarks[benchmark][model]
    known_as = f"; there as {one_line(model, _NAME)}" if model != worker else ""
    yield Cell(f"{stated.score:g}".replace("-", "−"), note=_error(stated) + known_as)
    public = reading.public(benchmark, worker)
    unknown = public is not None and public.low is None
    yield Cell(number(public, plain), note="uncertainty unknown" if unknown else "")
    for measure in measures:
        rank = reading.get("work_rank", benchmark, worker, measure)
        change = reading.get("rank_change", benchmark, worker, measure)
        yield Cell(number(rank, plain), note=why(rank) or verdict(change))


def _error(stated: Stated) -> str:
    """The interval of a score, as stated or as it follows."""
    if stated.error is None:
        return "no error stated"
    low, high = stated.bounds(0.95)
    return f"[{low:.4g}, {high:.4g}]".replace("-", "−")


def _left_out(
    reading: PublicReading, scores: Scores, models: Mapping[str, str]
) -> Iterator[str]:  # fmt: skip
    if len(models) < 2:
        yield f"Of those on trial {len(models)} can be found in it; a rank needs two."
    unstated = [worker for worker in models if scores[models[worker]].error is None]
    if unstated and len(models) > 1:
        yield ("How sure the public rank is cannot be known, since no error of the score is "
               f"stated: {_named(unstated)}.")  # fmt: skip
    unknown = [worker for worker in reading.workers if worker not in models]
    unmet = [model for model in scores if model not in models.values()]
    for words, names in (
        ("Without a public score, or with more than one that may be meant", unknown),
        ("On the leaderboard, not on trial", unmet),
    ):
        if names:
            yield f"{words}: {_named(names)}."


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(one_line(name, _NAME) for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _agreement(reading: PublicReading) -> Table | None:
    benchmarks = sorted(reading.leaderboard.benchmarks)
    ranked = [benchmark for benchmark in benchmarks if reading.measures(benchmark)]
    measures = [m for m in MEASURES if any(m in reading.measures(b) for b in ranked)]
    if not ranked:
        return None
    found = {b: [reading.get("public_agreement", b, EVERYONE, m) for m in measures] for b in ranked}
    return Table(
        "Agreement of public scores and scores at work on the order of workers (Kendall's tau-b, 1 "
        "for the same order, −1 for the reverse)",
        ["benchmark", *(MEASURES[measure] for measure in measures)],
        [Row(benchmark, list(map(_tau, of))) for benchmark, of in found.items()],
    )


def _tau(found: Estimate | None) -> Cell:
    if found is None:
        return Cell(MISSING)
    return Cell(number(found), note=found.why or "")
