"""An ablation's tables: scores under every arm beside a guess, and what each measure allows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from worktrial.evidence.findings import Estimate
from worktrial.instruction.extract import (
    LENIENT,
    LOST,
    OK,
    PROTOCOL,
    REFUSAL,
    SCORE,
    TRIAL,
    TRUNCATED,
    UNJUDGED,
)
from worktrial.report.instruction import ARM_WORDS, MEASURES, AblateReading, conclusion, missing
from worktrial.report.reading import unique
from worktrial.report.tables import (
    COSTS,
    Cell,
    Grouped,
    Row,
    Table,
    cost_cells,
    group_of_each,
    row_of_each,
)
from worktrial.report.words import MISSING, number, share, why


@dataclass(frozen=True, slots=True)
class AblateTables:
    """Makes the tables of an ablation.

    Attributes:
        reading: What was found.
        anchors: Where each worker's evidence is.
    """

    reading: AblateReading
    anchors: Mapping[str, str]

    def scores(self) -> Grouped:
        """Scores under every arm, beside a guess, above it, and leniently read."""
        return Grouped(
            "The task's own score under every arm with interval; what a guess scores; how far the "
            "rest of the scale is reached, (score − guess) / (1 − guess); and the share of answers "
            "that are right when read leniently: the last option, label or number counts",
            [],
            ["what is shown", "score", "guess", "beyond the guess", "lenient"],
            group_of_each(self.reading.workers, self._score_rows),
        )

    def _score_rows(self, worker: str) -> Iterator[Row]:
        for arm in self.reading.arms:
            score = self.reading.get(worker, SCORE, arm)
            lenient = self.reading.get(worker, LENIENT, arm)
            unread = Cell(MISSING, note="not read in this task")
            yield Row(
                f"{arm}: {ARM_WORDS[arm]}",
                [
                    self._cell(score, worker),
                    Cell(share(self.reading.guess)),
                    self._cell(self.reading.get(worker, "kappa", arm), worker),
                    unread if lenient is None else self._cell(lenient, worker),
                ],
            )

    def measures(self) -> Grouped:
        """What is made of the scores, and what that allows one to say."""
        return Grouped(
            "What the arms say together, paired by item: each measure with interval, or the reason "
            "why there is none, and the plain conclusion that it allows",
            [],
            ["measure", "value", "what the row says"],
            group_of_each(self.reading.workers, self._measure_rows),
        )

    def _measure_rows(self, worker: str) -> Iterator[Row]:
        for measure in MEASURES:
            found = self.reading.measured(worker, measure)
            reason = missing(self.reading, worker, measure)
            unbound = found.why or "" if found is not None and found.low is None else ""
            value = Cell(number(found, measure.unit), note=reason or unbound)
            yield Row(
                measure.words, [value, Cell("", note=conclusion(self.reading, worker, measure))]
            )

    def outcomes(self) -> Table:
        """What became of the samples, over all arms."""
        counted = [o for o in self.reading.findings.outcomes if o.trial == TRIAL]
        usual = (OK, REFUSAL, PROTOCOL, TRUNCATED, LOST, UNJUDGED)
        seen = unique([*usual, *(o.outcome for o in counted)])

        def cells(worker: str) -> list[Cell]:
            mine = [o for o in counted if o.worker == worker]
            sums = (sum(o.count for o in mine if o.outcome == outcome) for outcome in seen)
            return [Cell(f"{total:,}") for total in sums]

        heads = (outcome.replace("_", " ") for outcome in seen)
        return Table(
            "Samples by outcome, over all arms",
            ["worker", *heads],
            row_of_each(self.reading.workers, cells),
        )

    def cost(self) -> Table:
        """What each worker used; a price only where one is known."""
        spent = {c.worker: c for c in self.reading.findings.cost if c.trial == TRIAL}
        return Table(
            "Tokens, time and money, over all arms; a judge's are not among them",
            ["worker", *COSTS],
            row_of_each(self.reading.workers, lambda worker: cost_cells(spent.get(worker))),
        )

    def _cell(self, estimate: Estimate | None, worker: str) -> Cell:
        known = estimate is not None and estimate.value is not None
        href = f"#{self.anchors[worker]}" if known and worker in self.anchors else None
        return Cell(number(estimate), href, note=why(estimate))
