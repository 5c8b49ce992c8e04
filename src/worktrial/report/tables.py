"""The tables of a page: every cell with its evidence, or the reason why it is empty."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from worktrial.evidence.findings import Cost, Estimate
from worktrial.reference import is_reference
from worktrial.report.reading import TRIAL, Reading, unique
from worktrial.report.words import (
    MISSING,
    condition,
    number,
    percent,
    plain,
    points,
    share,
    why,
)

COSTS = ("tokens in", "tokens out", "tokens cached", "seconds", "US dollars")
_OUTCOMES = ("ok", "noop", "refusal", "protocol", "truncated", "infrastructure")
_DAMAGE = ("missing", "extra", "altered", "moved")
_CURVES = {
    "fidelity": "Fidelity",
    "fidelity_running": "Fidelity over relays still running",
    "lossless": "Share of documents without any loss",
    "forward": "Forward compliance so far",
    "work_adjusted": "Fidelity times forward compliance",
}


class Cell(NamedTuple):
    """One value, where its evidence is, and what there is to say of it."""

    text: str
    href: str | None = None
    verdict: str | None = None
    note: str = ""


class Row(NamedTuple):
    """A row and what it is of."""

    name: str
    cells: Sequence[Cell]
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, a head and rows; the first column names the rows."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Row]


class Group(NamedTuple):
    """The rows of one worker."""

    name: str
    rows: Sequence[Row]
    reference: bool = False


class Over(NamedTuple):
    """A head over several columns."""

    text: str
    columns: int
    unjudged: bool = False


@dataclass(frozen=True, slots=True)
class Grouped:
    """A table whose rows are grouped by worker, with heads over its columns where it has any.

    Attributes:
        caption: What it shows.
        over: Heads over the columns after the first.
        columns: The heads; the first column names the rows.
        groups: The rows.
        unjudged: The columns, from 0 after the first, that no verdict rests on.
    """

    caption: str
    over: Sequence[Over]
    columns: Sequence[str]
    groups: Sequence[Group]
    unjudged: frozenset[int] = frozenset()


def row_of_each(workers: Iterable[str], cells: Callable[[str], Sequence[Cell]]) -> list[Row]:
    """A row a worker, reference workers marked."""
    return [Row(worker, cells(worker), is_reference(worker)) for worker in workers]


def group_of_each(workers: Iterable[str], rows: Callable[[str], Iterable[Row]]) -> list[Group]:
    """Rows grouped by worker, reference workers marked."""
    return [Group(worker, list(rows(worker)), is_reference(worker)) for worker in workers]


@dataclass(frozen=True, slots=True)
class Tables:
    """Makes the tables of a page.

    Attributes:
        reading: What was found.
        anchors: Where each worker's evidence is.
    """

    reading: Reading
    anchors: Mapping[str, str]

    def gap(self) -> Table:
        """What the benchmark arm shows, what the work arm shows, and the difference."""
        return Table(
            "The horizon gap in points, and fidelity at both ends of the relay",
            ["worker", "horizon gap", *self._ends(), "documents"],
            row_of_each(self.reading.workers, self._gap_cells),
        )

    def _ends(self) -> list[str]:
        return [f"after {leg} legs" for leg in (self.reading.first, self.reading.last)]

    def _gap_cells(self, worker: str) -> list[Cell]:
        reading, gap = self.reading, self.reading.gap(worker)
        ends = [self._cell(reading.at(worker, leg)) for leg in (reading.first, reading.last)]
        counted = gap.clusters if gap is not None else None
        return [self._cell(gap, points), *ends, Cell(MISSING if counted is None else str(counted))]

    def safe(self) -> Table:
        """How long a worker can be left alone, by what must be left of a document."""
        return Table(
            "Safe delegation length, by the share of a document that must be left; "
            f"the verdict is on the whole relay of {self.reading.last} legs",
            ["worker", *map(percent, self.reading.thresholds)],
            row_of_each(
                self.reading.workers,
                lambda w: [self._safe_cell(w, arm) for arm in self.reading.thresholds],
            ),
        )

    def _safe_cell(self, worker: str, arm: str) -> Cell:
        found = self.reading.get(worker, "safe_length", arm)
        claim = self.reading.claims.get(f"safe-{worker}-{arm.removeprefix('threshold-')}")
        cell = self._cell(found, plain, "legs")
        note = cell.note or (found.why if found is not None and found.why else "")
        return cell._replace(verdict=claim.verdict if claim else None, note=note)

    def curves(self) -> list[Table]:
        """Every curve as numbers."""
        return [
            self._curve(metric, title) for metric, title in _CURVES.items() if self._steps(metric)
        ]

    def _steps(self, metric: str) -> list[int]:
        curves = (self.reading.curve(worker, metric) for worker in self.reading.workers)
        return sorted({e.step for curve in curves for e in curve if e.step is not None})

    def _curve(self, metric: str, title: str) -> Table:
        reading = self.reading
        rows = [
            Row(f"{leg} legs", [self._cell(reading.at(w, leg, metric)) for w in reading.workers])
            for leg in self._steps(metric)
        ]
        return Table(f"{title}, by legs", ["after", *reading.workers], rows)

    def anatomy(self) -> Table:
        """What kind of loss it was, how sudden and how soon."""
        columns = [*_DAMAGE, "in critical failures", "first damage", "first critical failure"]
        return Table(
            f"Loss after {self.reading.last} legs as a share of the original; share of all loss "
            "that came in critical failures; median leg of the first damage",
            ["worker", *columns],
            row_of_each(self.reading.workers, self._anatomy_cells),
        )

    def _anatomy_cells(self, worker: str) -> list[Cell]:
        reading = self.reading
        damage = [self._cell(reading.at(worker, reading.last, metric)) for metric in _DAMAGE]
        times = [reading.get(worker, metric) for metric in ("first_damage", "first_critical")]
        critical = self._cell(reading.get(worker, "critical_share"))
        return [*damage, critical, *(self._cell(found, plain) for found in times)]

    def pairs(self) -> Table:
        """Workers against each other on the same documents."""
        first, last = (f"legs-{leg}" for leg in (self.reading.first, self.reading.last))
        return Table(
            "Fidelity of the first less that of the second, in points, on the same documents; and "
            "the chance that the end of the relay reverses the order of its first round trip",
            ["workers", condition(first), condition(last), "P(flip)", "level, then apart"],
            [
                Row(
                    f"{pair[0]} − {pair[1]}",
                    [
                        self._cell(self.reading.between(pair, "fidelity", first), points),
                        self._cell(self.reading.between(pair, "fidelity", last), points),
                        self._cell(self.reading.between(pair, "p_flip")),
                        self._level_then_apart(pair),
                    ],
                    all(map(is_reference, pair)),
                )
                for pair in self.reading.pairs
            ],
        )

    def agreement(self) -> str:
        """Rank agreement with its interval, or why there is none."""
        found = self.reading.rank_agreement
        return f"{number(found)} ({found.why})" if found and found.why else number(found)

    def _level_then_apart(self, pair: tuple[str, str]) -> Cell:
        claim = self.reading.claims.get(f"{TRIAL}/level-then-apart-{pair[0]}-{pair[1]}")
        return Cell("", verdict=claim.verdict) if claim else Cell(MISSING, note="not claimed")

    def losses(self) -> list[Table]:
        """What a round trip costs by kind of edit and by domain, where that is known."""
        kinds = {"edit-": "kind of edit", "domain-": "domain"}
        found = {prefix: self.reading.arms("round_trip_loss", prefix) for prefix in kinds}
        return [self._loss(prefix, kinds[prefix], arms) for prefix, arms in found.items() if arms]

    def _loss(self, prefix: str, title: str, arms: Sequence[str]) -> Table:
        workers = self.reading.workers
        rows = [
            Row(
                arm.removeprefix(prefix),
                [self._cell(self.reading.get(w, "round_trip_loss", arm), points) for w in workers],
            )
            for arm in sorted(arms)
        ]
        return Table(
            f"Points of fidelity lost in a round trip, by {title}", [title, *workers], rows
        )

    def outcomes(self) -> Table:
        """What became of the legs, and how many relays ended early."""
        seen = unique([*_OUTCOMES, *(o.outcome for o in self.reading.findings.outcomes)])
        return Table(
            "Legs by outcome, and relays that were dropped",
            ["worker", *seen, "relays dropped"],
            row_of_each(
                self.reading.workers,
                lambda w: [*(self._count(w, o) for o in seen), self._dropped(w)],
            ),
        )

    def _count(self, worker: str, outcome: str) -> Cell:
        counts = (o for o in self.reading.findings.outcomes if o.trial == TRIAL)
        total = sum(o.count for o in counts if (o.worker, o.outcome) == (worker, outcome))
        return Cell(f"{total:,}", self._href(worker) if total else None)

    def _dropped(self, worker: str) -> Cell:
        found = self.reading.get(worker, "dropped")
        if found is None or found.value is None or found.items is None:
            return self._cell(found)
        return Cell(f"{round(found.value * found.items)} of {found.items}", self._href(worker))

    def cost(self) -> Table:
        """What each worker used; a price only where one is known."""
        spent = {c.worker: c for c in self.reading.findings.cost if c.trial == TRIAL}
        return Table(
            "Tokens, time and money, over all legs and attempts",
            ["worker", *COSTS],
            row_of_each(self.reading.workers, lambda worker: cost_cells(spent.get(worker))),
        )

    def _cell(
        self, estimate: Estimate | None, unit: Callable[[float], str] = share, noun: str = ""
    ) -> Cell:
        href = None if estimate is None else self._href(estimate.worker)
        return Cell(number(estimate, unit, noun), href, note=why(estimate))

    def _href(self, worker: str) -> str | None:
        return f"#{self.anchors[worker]}" if worker in self.anchors else None


def cost_cells(spent: Cost | None) -> list[Cell]:
    """What was used, under the heads `COSTS`."""
    if spent is None:
        return [Cell(MISSING, note="not recorded")] * 5
    counts = (spent.tokens_in, spent.tokens_out, spent.tokens_cached, spent.seconds)
    price = "price unknown" if spent.usd is None else f"{spent.usd:,.4f}"
    return [*(Cell(MISSING if n is None else plain(n)) for n in counts), Cell(price)]
