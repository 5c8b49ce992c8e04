"""A reasoning trial's tables: what is solved beside a blind guess, and what a trace would earn."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from worktrial.evidence.findings import Estimate
from worktrial.reasoning.extract import LOST, OK, PROTOCOL, REFUSAL, TRUNCATED
from worktrial.reasoning.measured import (
    ANSWERED,
    CREDIT,
    FLOORS,
    FORGERIES,
    HALF,
    PARTS,
    SOLVED,
    TRACED,
    TRIAL,
    Forgery,
    under,
)
from worktrial.reasoning.worker import EVERY
from worktrial.reference import is_reference
from worktrial.report.reading import unique
from worktrial.report.reasoning import PROXY_WORDS, ReasoningReading, conclusion
from worktrial.report.tables import COSTS, Cell, Group, Grouped, Over, Row, Table, cost_cells
from worktrial.report.words import MISSING, number, points, share, why

_OUTCOME_WORDS: Mapping[str, str] = {
    SOLVED: "solved",
    PARTS: "cells right",
    HALF: "half of the cells right, or more",
}


@dataclass(frozen=True, slots=True)
class ReasoningTables:
    """Makes the tables of a reasoning trial.

    Attributes:
        reading: What was found.
        anchors: Where each worker's evidence is.
    """

    reading: ReasoningReading
    anchors: Mapping[str, str]

    def gap(self) -> Table:
        """Credit, what is solved, and the difference."""
        return Table(
            "The trace gap in points: credit for steps less what is solved, on the puzzles that "
            "have both; and each of the two over all puzzles that have it",
            ["worker", "trace gap", "credited", "solved", "steps can be parsed"],
            self._rows(self._gap_cells),
        )

    def _gap_cells(self, worker: str) -> list[Cell]:
        found = (self.reading.get(worker, metric) for metric in (CREDIT, SOLVED, TRACED))
        gap = self.reading.gap(worker)
        return [self._cell(gap, worker, points), *(self._cell(each, worker) for each in found)]

    def families(self) -> Grouped:
        """What is solved, by family of puzzles, beside the best blind guess."""
        heads = [Over(words, 3) for words in _OUTCOME_WORDS.values()]
        return Grouped(
            "Final answers by family, in brackets how many puzzles: as scored with interval, what "
            "the best blind guess scores on the same puzzles, and the rest of the scale that is "
            "scored beyond it, (score − guess) / (1 − guess)",
            [*heads, Over("of the form", 1)],
            ["puzzles", *(["score", "guess", "beyond it"] * len(FLOORS)), "answered"],
            [self._group(worker, list(self._families(worker))) for worker in self.reading.workers],
        )

    def _families(self, worker: str) -> Iterator[Row]:
        families = self.reading.families
        for family in families if len(families) == 1 else [*families, EVERY]:
            solved = self.reading.get(worker, SOLVED, family)
            if solved is not None:
                name = "all puzzles" if family == EVERY else family
                yield Row(f"{name} ({solved.items})", list(self._outcomes(worker, family)))

    def _outcomes(self, worker: str, family: str) -> Iterator[Cell]:
        for metric in FLOORS:
            yield self._cell(self.reading.get(worker, metric, family), worker)
            yield Cell(number(self.reading.floor(worker, metric, family)))
            yield Cell(number(self.reading.corrected(worker, metric, family)))
        yield self._cell(self.reading.get(worker, ANSWERED, family), worker)

    def proxies(self) -> Grouped:
        """What a trace would be credited with, and what is left after tampering with it."""
        return Grouped(
            "What a trace would earn in place of its answer, with intervals, and what a forgery "
            "took away from it, in points: a wrong answer behind the same trace, and the right "
            "trace of another puzzle before the same answer",
            [],
            ["scored by", "as written", "less what is solved, points", "of those solved",
             "of those not solved", "wrong answer", "another's trace", "what that says"],
            [self._group(worker, list(self._proxies(worker))) for worker in self.reading.workers],
        )  # fmt: skip

    def _proxies(self, worker: str) -> Iterator[Row]:
        traced = self._cell(self.reading.get(worker, TRACED), worker)
        yield Row("any step can be parsed", [traced, *[Cell("")] * 6])
        for proxy in self.reading.proxies(worker):
            of = [f"{proxy}_of_{which}" for which in ("solved", "unsolved")]
            yield Row(
                PROXY_WORDS[proxy],
                [
                    self._cell(self.reading.get(worker, proxy), worker),
                    self._cell(self.reading.above(worker, proxy), worker, points),
                    *(self._cell(self.reading.get(worker, metric), worker) for metric in of),
                    *(self._forged(worker, proxy, forgery) for forgery in FORGERIES),
                    Cell("", note=conclusion(self.reading, worker, proxy)),
                ],
            )

    def _forged(self, worker: str, proxy: str, forgery: Forgery) -> Cell:
        """What a tampered generation would earn, and how much less that is."""
        found, lost = (
            self.reading.get(worker, under(proxy, forgery)),
            self.reading.lost(worker, proxy, forgery),
        )
        if found is None or lost is None or lost.value is None:
            return Cell(MISSING, note="" if found is None else why(lost))
        return Cell(number(found), note=f"took away {number(lost, points)}")

    def outcomes(self) -> Table:
        """What became of what was asked."""
        counted = [o for o in self.reading.findings.outcomes if o.trial == TRIAL]
        seen = unique([OK, REFUSAL, PROTOCOL, TRUNCATED, LOST, *(o.outcome for o in counted)])

        def cells(worker: str) -> list[Cell]:
            counts = {o.outcome: o.count for o in counted if o.worker == worker}
            return [Cell(f"{counts.get(outcome, 0):,}") for outcome in seen]

        return Table("Puzzles by outcome", ["worker", *seen], self._rows(cells))

    def cost(self) -> Table:
        """What each worker used; a price only where one is known."""
        spent = {c.worker: c for c in self.reading.findings.cost if c.trial == TRIAL}
        return Table(
            "Tokens, time and money, over all puzzles; a judge's are not among them",
            ["worker", *COSTS],
            self._rows(lambda worker: cost_cells(spent.get(worker))),
        )

    def _rows(self, cells: Callable[[str], Sequence[Cell]]) -> list[Row]:
        return [Row(worker, cells(worker), is_reference(worker)) for worker in self.reading.workers]

    def _group(self, worker: str, rows: Sequence[Row]) -> Group:
        return Group(worker, rows, is_reference(worker))

    def _cell(
        self, estimate: Estimate | None, worker: str, unit: Callable[[float], str] = share
    ) -> Cell:
        known = estimate is not None and estimate.value is not None
        href = f"#{self.anchors[worker]}" if known and worker in self.anchors else None
        return Cell(number(estimate, unit), href, note=why(estimate))
