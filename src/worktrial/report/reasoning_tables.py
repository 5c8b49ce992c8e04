"""A reasoning trial's tables: what is solved beside a blind guess, and what a trace would earn."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from worktrial.evidence.findings import Estimate
from worktrial.reasoning.extract import LOST, OK, PROTOCOL, REFUSAL, TRUNCATED
from worktrial.reasoning.measured import (
    ANSWERED,
    CREDIT,
    FORGERIES,
    HALF,
    PARTS,
    SOLVED,
    STYLE,
    TRACED,
    TRIAL,
    Forgery,
    under,
)
from worktrial.reasoning.worker import EVERY
from worktrial.report.reading import unique
from worktrial.report.reasoning import PROXY_WORDS, ReasoningReading, conclusion
from worktrial.report.tables import (
    COSTS,
    Cell,
    Grouped,
    Over,
    Row,
    Table,
    cost_cells,
    group_of_each,
    row_of_each,
)
from worktrial.report.words import MISSING, number, points, share, why

_NO_STEP = "no step can be parsed"


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
            row_of_each(self.reading.workers, self._gap_cells),
        )

    def _gap_cells(self, worker: str) -> list[Cell]:
        credit = self.reading.get(worker, CREDIT)
        others = (
            self._cell(self.reading.get(worker, metric), worker) for metric in (SOLVED, TRACED)
        )
        return [
            self._cell(self.reading.gap(worker), worker, points),
            Cell(MISSING, note=_NO_STEP) if credit is None else self._cell(credit, worker),
            *others,
        ]

    def solved(self) -> Grouped:
        """What is solved, by family of puzzles, beside the best blind guess."""
        return Grouped(
            "Puzzles solved, by family, in brackets how many: the share with interval, what the "
            "best blind guess solves of the same puzzles, and how far the rest of the scale is "
            "reached, (solved − guess) / (1 − guess); and answers of the form that was asked for",
            [],
            ["puzzles", "solved", "guess", "beyond the guess", "answered"],
            group_of_each(self.reading.workers, self._solved_rows),
        )

    def _solved_rows(self, worker: str) -> Iterator[Row]:
        for name, family in self._families(worker):
            answered = self._cell(self.reading.get(worker, ANSWERED, family), worker)
            yield Row(name, [*self._beside_guess(worker, SOLVED, family), answered])

    def parts(self) -> Grouped:
        """Shares of right cells, by family, beside those of the best blind guess."""
        return Grouped(
            "Cells that are right, by family, and puzzles of which at least half are: each as "
            "scored, as a blind guess scores, and beyond that",
            [Over("cells right", 3), Over("half of them or more", 3)],
            ["puzzles", *(["score", "guess", "beyond it"] * 2)],
            group_of_each(self.reading.workers, self._part_rows),
        )

    def _part_rows(self, worker: str) -> Iterator[Row]:
        for name, family in self._families(worker):
            cells = (self._beside_guess(worker, metric, family) for metric in (PARTS, HALF))
            yield Row(name, [cell for each in cells for cell in each])

    def _families(self, worker: str) -> Iterator[tuple[str, str]]:
        """Families that the worker had, by the name of their row; all together at the end."""
        known = self.reading.families
        for family in known if len(known) == 1 else [*known, EVERY]:
            found = self.reading.get(worker, SOLVED, family)
            if found is not None:
                name = "all puzzles" if family == EVERY else family
                yield f"{name} ({found.items})", family

    def _beside_guess(self, worker: str, metric: str, family: str) -> list[Cell]:
        floor = self.reading.floor(worker, metric, family)
        everything = floor is not None and floor.value == 1
        return [
            self._cell(self.reading.get(worker, metric, family), worker),
            Cell(number(floor)),
            Cell(
                number(self.reading.corrected(worker, metric, family)),
                note="a guess has it all" if everything else "",
            ),
        ]

    def proxies(self) -> Grouped:
        """What a trace would be credited with, and what is left after tampering with it."""
        return Grouped(
            "What a trace would earn in place of its answer, with intervals and a dash where there "
            "is nothing to score; and, tampered with, what that took away, in points: a wrong "
            "answer behind the same trace, or the right trace of another puzzle before the same "
            "answer",
            [Over("conclusion", 1), Over("as it was written", 3), Over("tampered with", 2)],
            ["scored by", "what the row says", "score", "less what is solved, points",
             "of those solved", "wrong answer", "another's trace"],
            group_of_each(self.reading.workers, self._proxy_rows),
        )  # fmt: skip

    def _proxy_rows(self, worker: str) -> Iterator[Row]:
        traced = self._cell(self.reading.get(worker, TRACED), worker)
        yield Row("any step can be parsed", [Cell(""), traced, *[Cell("")] * 4])
        for proxy in self.reading.proxies(worker):
            yield Row(
                PROXY_WORDS[proxy],
                [
                    Cell("", note=conclusion(self.reading, worker, proxy)),
                    self._written(worker, proxy),
                    self._cell(self.reading.above(worker, proxy), worker, points),
                    self._apart(worker, proxy),
                    *(self._forged(worker, proxy, forgery) for forgery in FORGERIES),
                ],
            )

    def _written(self, worker: str, proxy: str) -> Cell:
        """The score as it was written, and of how many puzzles it is known."""
        found = self.reading.get(worker, proxy)
        of = f"on {found.items} puzzles" if found is not None and found.items else ""
        cell = self._cell(found, worker)
        return cell._replace(note=cell.note or of)

    def _apart(self, worker: str, proxy: str) -> Cell:
        """The score of what is solved, and of what is not."""
        solved, unsolved = (
            self.reading.get(worker, f"{proxy}_of_{which}") for which in ("solved", "unsolved")
        )
        return Cell(number(solved), note=f"not solved: {number(unsolved)}")

    def _forged(self, worker: str, proxy: str, forgery: Forgery) -> Cell:
        """What a tampered generation would earn, and how much less that is."""
        if proxy == STYLE:
            return Cell("the same", note="by construction") if forgery == "wrong" else Cell(MISSING)
        found = self.reading.get(worker, under(proxy, forgery))
        lost = self.reading.lost(worker, proxy, forgery)
        if found is None or lost is None:
            return Cell(MISSING)
        return Cell(number(found), note=why(lost) or f"took away {number(lost, points)}")

    def outcomes(self) -> Table:
        """What became of what was asked."""
        counted = [o for o in self.reading.findings.outcomes if o.trial == TRIAL]
        seen = unique([OK, REFUSAL, PROTOCOL, TRUNCATED, LOST, *(o.outcome for o in counted)])

        def cells(worker: str) -> list[Cell]:
            counts = {o.outcome: o.count for o in counted if o.worker == worker}
            return [Cell(f"{counts.get(outcome, 0):,}") for outcome in seen]

        return Table(
            "Puzzles by outcome", ["worker", *seen], row_of_each(self.reading.workers, cells)
        )

    def cost(self) -> Table:
        """What each worker used; a price only where one is known."""
        spent = {c.worker: c for c in self.reading.findings.cost if c.trial == TRIAL}
        return Table(
            "Tokens, time and money, over all puzzles; a judge's are not among them",
            ["worker", *COSTS],
            row_of_each(self.reading.workers, lambda worker: cost_cells(spent.get(worker))),
        )

    def _cell(
        self, estimate: Estimate | None, worker: str, unit: Callable[[float], str] = share
    ) -> Cell:
        known = estimate is not None and estimate.value is not None
        href = f"#{self.anchors[worker]}" if known and worker in self.anchors else None
        return Cell(number(estimate, unit), href, note=why(estimate))
