"""Page two: for the evaluator who has to defend what page one says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from worktrial.estimate.calibrated import Calibrated, CalibrationSummary, Rate, calibrated
from worktrial.evidence.findings import Claim, Findings
from worktrial.evidence.totals import RunCount
from worktrial.protocol import Manifest
from worktrial.protocol.registration import Registration
from worktrial.report.card import Card
from worktrial.report.conditions import (
    Checklist,
    checklists,
    measurement_tables,
    not_shown,
    reference_tables,
)
from worktrial.report.faults import Faults
from worktrial.report.methods import (
    MethodPage,
    anchor,
    estimators_of,
    method_pages,
    metrics_by_method,
    pages_of,
)
from worktrial.report.multiplicity import Multiplicity
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import MISSING, share
from worktrial.running.looks import Diary

_SHOWN = 6
"""Metrics of a method that are named in its row."""
_CLAIMED = {"coverage": "covers", "type-one": "errs", "power": "decides"}


@dataclass(frozen=True)
class Kept:
    """What a run's folder keeps beside its findings and its protocol.

    Attributes:
        runs: How many samples of each worker were run and lost, by trial and arm.
        registration: What was declared before the first call, if anything was.
        diary: The looks that were planned and taken, if any were.
    """

    runs: Sequence[RunCount] = ()
    registration: Registration | None = None
    diary: Diary | None = None


class EvaluatorPage:
    """All that the second page says, in the order in which it says it."""

    def __init__(self, findings: Findings, manifest: Manifest, kept: Kept | None = None) -> None:
        """Read it out of a run.

        Args:
            findings: What was found.
            manifest: The run's protocol.
            kept: What the run's folder keeps beside.
        """
        kept = kept or Kept()
        self.findings, self.manifest = findings, manifest
        self.card = Card(findings, manifest, kept.registration)
        self.faults = Faults(findings, kept.runs)
        self.multiplicity = Multiplicity(findings, kept.registration, kept.diary)

    @property
    def instrument(self) -> list[Claim]:
        """What the checks of the instrument say."""
        return [c for c in self.findings.claims if c.evidence_class == "instrument"]

    @property
    def claims(self) -> list[Claim]:
        """Everything else that is claimed."""
        return [c for c in self.findings.claims if c.evidence_class != "instrument"]

    @property
    def claims_by_trial(self) -> dict[str, list[Claim]]:
        """The same by the trial of what they rest on."""
        grouped: dict[str, list[Claim]] = {}
        for claim in self.claims:
            grouped.setdefault(self.findings.trial_of(claim), []).append(claim)
        return grouped

    @property
    def references(self) -> list[Table]:
        """What the reference workers scored on the run's own items."""
        return reference_tables(self.manifest)

    @property
    def measurements(self) -> dict[str, Table]:
        """By trial, what two runs must share to be compared."""
        return measurement_tables(self.manifest)

    @property
    def checklists(self) -> list[Checklist]:
        """The Agentic Benchmark Checklist, trial by trial."""
        return checklists(self.manifest)

    @property
    def not_shown(self) -> Table:
        """What of it is not shown."""
        return not_shown(self.manifest)

    # --- calibration ---

    @property
    def calibration(self) -> CalibrationSummary:
        """The calibration that this version ships."""
        return calibrated()

    @cached_property
    def calibrated(self) -> list[Calibrated]:
        """The claims of the estimators that this run used."""
        used = estimators_of(self.findings.estimates)
        return [claim for claim in self.calibration.claims if _function(claim) in used]

    @property
    def controls(self) -> list[Calibrated]:
        """The known-bad methods, which must be refuted."""
        return [claim for claim in self.calibration.claims if claim.control]

    @property
    def uncalibrated(self) -> list[str]:
        """Estimators that this run used and the calibration does not know."""
        known = {_function(claim) for claim in self.calibration.claims}
        return [name for name in estimators_of(self.findings.estimates) if name not in known]

    def calibration_table(self) -> Table:
        """How each estimator of this run did where the truth was known."""
        return Table(
            "The estimators of this run where the truth is known: how many cases, and the one "
            "farthest on the bad side of its level, with its exact 95 % bounds",
            ["estimator", "cases", "claimed", "worst rate", "where", "known misses"],
            [_calibrated(claim) for claim in self.calibrated],
        )

    # --- methods ---

    @cached_property
    def pages(self) -> list[MethodPage]:
        """The pages of the methods that this run rests on."""
        return method_pages(pages_of(self.findings.estimates, self.manifest.measurement))

    def methods(self) -> Table:
        """Every method that an estimate names, what rests on it, and where it is explained."""
        titles = {page.name: page.title for page in self.pages}
        return Table(
            "How the numbers of this run were found",
            ["method", "explained in", "metrics that rest on it"],
            [
                Row(method, [_link(page, titles), _named(metrics)])
                for (method, page), metrics in metrics_by_method(self.findings.estimates).items()
            ],
        )


def _function(claim: Calibrated) -> str:
    """The estimator's name without the part of its result that a claim is about."""
    return "" if claim.control else claim.estimator.partition(",")[0]


def _calibrated(claim: Calibrated) -> Row:
    worst = claim.worst
    where = f"{worst.truth}, {worst.clusters} clusters" if worst else MISSING
    return Row(
        claim.estimator,
        [
            Cell(f"{claim.cases}", note=f"{claim.refuted} refuted" if claim.refuted else ""),
            Cell(_claimed(claim)),
            Cell(_rate(worst) if worst else MISSING),
            Cell(where),
            Cell("; ".join(_limits(claim)) or "none"),
        ],
    )


def _claimed(claim: Calibrated) -> str:
    side = "≤" if claim.claim == "type-one" else "≥"
    level = f" {side} {share(claim.worst.nominal)}" if claim.worst else ""
    return f"{_CLAIMED[claim.claim]}{level}".replace(" ", "\N{NO-BREAK SPACE}")


def _rate(rate: Rate) -> str:
    found = f"{share(rate.rate)} [{share(rate.low)}, {share(rate.high)}]"
    return found.replace(" ", "\N{NO-BREAK SPACE}")


def _limits(claim: Calibrated) -> Iterator[str]:
    for limit in claim.limits:
        yield f"{_rate(limit)}: {limit.truth}, {limit.clusters} clusters"


def _link(page: str | None, titles: dict[str, str]) -> Cell:
    return Cell(titles[page], f"#{anchor(page)}") if page else Cell(MISSING)


def _named(metrics: Sequence[str]) -> Cell:
    more = f"and {len(metrics) - _SHOWN} more" if len(metrics) > _SHOWN else ""
    return Cell(", ".join(metrics[:_SHOWN]), note=more)
