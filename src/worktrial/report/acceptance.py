"""What labels say of a run's scores, looked up: tables for a page, lines for a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from worktrial.acceptance.found import ID, PREDICTORS
from worktrial.comparison.order import EVERYONE
from worktrial.evidence.findings import Claim, Estimate, Findings
from worktrial.reference import by_name, is_reference
from worktrial.report.reading import unique
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import MISSING, number, plain, points, share, why

_NAMES = {"proxy": "score on the proxy", "work": "score at work", "gap": "smaller gap"}
_LEFT_OUT = {
    "labels_unmatched": "labels of no job of this run",
    "labels_blank": "labels that are blank",
    "labels_without_score": "labels of jobs without a score",
    "jobs_unlabelled": "jobs without a label",
}


@dataclass(frozen=True)
class AcceptanceReading:
    """How well scores predict acceptance; empty where no labels were brought."""

    findings: Findings

    @cached_property
    def _mine(self) -> list[Estimate]:
        return [e for e in self.findings.estimates if e.id.startswith(ID)]

    @property
    def trials(self) -> list[str]:
        """Those of which jobs were labelled."""
        return unique(e.trial for e in self._mine if e.metric.startswith("auc_"))

    def get(self, trial: str, metric: str, worker: str = EVERYONE) -> Estimate | None:
        """An estimate."""
        wanted = (trial, metric, worker)
        return next((e for e in self._mine if (e.trial, e.metric, e.worker) == wanted), None)

    def claims(self, trial: str) -> list[Claim]:
        """What may be said of a trial's scores."""
        return [c for c in self.findings.claims if c.id.startswith(f"{ID}{trial}/")]

    def said(self, trial: str) -> list[tuple[Claim, str]]:
        """Each claim, with how large a difference would have been seen where it cannot be told."""
        return [(claim, _in_words(claim)) for claim in self.claims(trial)]

    def areas(self, trial: str) -> Table:
        """How well each score tells accepted jobs, of all jobs and of each worker's own."""
        workers = by_name({e.worker for e in self._of(trial, "accepted_share")})
        alone = len(workers) == 1
        rows = [] if alone else [Row("all together", self._cells(trial, EVERYONE))]
        for worker in workers:
            cells = self._cells(trial, worker, EVERYONE if alone else worker)
            rows.append(Row(worker, cells, is_reference(worker)))
        return Table(
            "Share accepted, and the chance that a job that was accepted has the better score than "
            "one that was not (area under the ROC curve; .5 is a coin, ties count half)",
            ["worker", "accepted", *_NAMES.values(), "labelled jobs"],
            rows,
        )

    def differences(self, trial: str) -> Table:
        """By how much work and the gap predict better than the proxy, and what the gap adds."""
        rows = [
            Row(
                f"{_NAMES[name]} − {_NAMES['proxy']}",
                [_cell(self.get(trial, f"auc_{name}_minus_proxy"), in_points=True)],
            )
            for name in ("work", "gap")
        ]
        rows.append(Row("odds of acceptance, ten points more of gap at one proxy score, times",
                        [self._odds(trial)]))  # fmt: skip
        for name in PREDICTORS:
            if (found := self.get(trial, f"minutes_{name}")) is not None:
                what = "gap" if name == "gap" else _NAMES[name]
                rows.append(Row(f"minutes to mend and {what}, Spearman's correlation",
                                [_cell(found)]))  # fmt: skip
        return Table(
            "Does work predict acceptance better than the proxy? Differences in points of area",
            ["", "estimate"],
            rows,
        )

    def left_out(self, trial: str) -> list[str]:
        """What of a trial enters no number, counted; of all trials' labels, by the first."""
        totals = {m: sum(e.value or 0 for e in self._of(trial, m)) for m in _LEFT_OUT}
        return [f"{_LEFT_OUT[m]}: {plain(n)}" for m, n in totals.items() if n]

    def lines(self, trial: str) -> Iterator[str]:
        """What a terminal says beneath the areas of a trial; unwrapped."""
        yield "Area under the ROC curve: .5 is a coin. Brackets are 95 % intervals."
        for row in self.differences(trial).rows:
            note = f" ({row.cells[0].note})" if row.cells[0].note else ""
            yield f"{row.name}: {row.cells[0].text}{note}"

    def _of(self, trial: str, metric: str) -> list[Estimate]:
        return [e for e in self._mine if (e.trial, e.metric) == (trial, metric)]

    def _cells(self, trial: str, worker: str, area_of: str | None = None) -> list[Cell]:
        whose = area_of or worker
        areas = [self.get(trial, f"auc_{name}", whose) for name in PREDICTORS]
        jobs = next((e.items for e in areas if e is not None), None)
        share_of = self.get(trial, "accepted_share", worker)
        return [
            Cell(number(share_of)),
            *map(_cell, areas),
            Cell(MISSING if jobs is None else plain(jobs)),
        ]

    def _odds(self, trial: str) -> Cell:
        found = self.get(trial, "odds_of_gap")
        tested = "" if found is None or found.p_value is None else f"p {share(found.p_value)}"
        return Cell(number(found, _times), note="; ".join(filter(None, (tested, why(found)))))


def _in_words(claim: Claim) -> str:
    margin = "" if claim.threshold is None else f", within {points(claim.threshold)} points"
    if claim.verdict == "cannot-tell" and claim.detectable is not None:
        return f"{claim.text}; {points(claim.detectable)} points would have been seen"
    return f"{claim.text}{margin}" if " as well as " in claim.text else claim.text


def _cell(found: Estimate | None, *, in_points: bool = False) -> Cell:
    return Cell(number(found, points if in_points else share), note=why(found) or _why(found))


def _why(found: Estimate | None) -> str:
    """Why there are no bounds, where there is a value."""
    return found.why or "" if found is not None and found.low is None else ""


def _times(value: float) -> str:
    return f"{value:.2f}"
