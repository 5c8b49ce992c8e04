"""Page one: what a run says to the person who has to decide."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from worktrial.evidence.findings import Claim, Estimate, Failure, Findings
from worktrial.readiness.arms import AXES
from worktrial.reference import is_reference, on_trial
from worktrial.report.charts import curve_chart
from worktrial.report.decision_charts import cost_chart, gaps_chart
from worktrial.report.decision_words import sentence, standing
from worktrial.report.drawing import Links
from worktrial.report.economy import UNITS, Economy, economies
from worktrial.report.gaps import GAPS, Gap, Gaps, Measured
from worktrial.report.items import Opened
from worktrial.report.readiness import IN_SHORT, ReadinessReading
from worktrial.report.readiness_charts import axes_chart
from worktrial.report.reading import Reading, unique
from worktrial.report.tables import Cell, Row, Table, Tables, row_of_each
from worktrial.report.words import (
    MISSING,
    money,
    number,
    one_line,
    plain,
    points,
    share,
    why,
)

_UNITS = {"relay": "documents", "search": "intents", "reasoning": "puzzles"}


class Told(NamedTuple):
    """What page one says of a worker."""

    worker: str
    sentence: str
    standing: Sequence[str]


class ShownFailure(NamedTuple):
    """A job that was not accepted, in words, and where it can be read."""

    worker: str
    text: str
    outcome: str
    href: str | None


class Lacking(NamedTuple):
    """A claim that cannot be told yet, and what would tell."""

    text: str
    more: str


class DecisionPage:
    """All that page one shows; it reads findings and nothing else."""

    def __init__(
        self,
        findings: Findings,
        links: Links,
        opened: Opened,
        anchors: Mapping[tuple[str, str], str],
    ) -> None:
        """Look up what was found.

        Args:
            findings: The run's.
            links: Where the items of a trial and a worker are shown, by both.
            opened: Where a sample of a trial and a worker is told, by all three.
            anchors: Where the evidence of a trial and a worker begins.
        """
        self.gaps, self._links, self._opened = Gaps(findings), links, opened
        self.workers = self.gaps.workers
        relay, office = Reading(findings), ReadinessReading(findings)
        mine = {worker: anchors["relay", worker] for worker in relay.workers
                if ("relay", worker) in anchors}  # fmt: skip
        self._relay = Tables(relay, mine)
        self.curves = curve_chart(relay, links) if relay.workers else None
        self.curve_tables = self._relay.curves() if relay.workers else []
        self.safe = self._relay.safe() if relay.thresholds else None
        self.forest = axes_chart(office, links) if office.axes else None
        self.economies = sorted(economies(findings), key=lambda of: _TRIALS.index(of.trial))
        self.chart = gaps_chart(self.gaps, links) if self.gaps.rows else None
        self.costs = cost_chart(self.economies, links) if self.economies else None

    @property
    def told(self) -> list[Told]:
        """What it says of each worker, in order of name."""
        return [Told(w, sentence(self.gaps, w), standing(self.gaps, w)) for w in self.workers]

    @property
    def registered(self) -> list[Claim]:
        """What was declared before the first call."""
        return [c for c in self.gaps.findings.claims if c.id.startswith("registered-")]

    def verdicts(self) -> Table | None:
        """A row a gap or an axis that something is claimed of, a column a worker."""
        rows = [*self._gap_verdicts(), *self._axis_verdicts()]
        if not rows:
            return None
        return Table(
            "Verdicts: what is asked, and by worker whether it is met, the number that was judged "
            "with its interval, and how many independent items it rests on",
            ["asked", *self.workers],
            rows,
        )

    def _gap_verdicts(self) -> list[Row]:
        rows = []
        for gap in self.gaps.rows:
            found = [self.gaps.of(gap, worker) for worker in self.workers]
            asked = next((m.claim for m in found if m is not None and m.claim is not None), None)
            if asked is not None:
                rows.append(Row(_asked(gap, asked), [self._judged(m) for m in found]))
        return rows

    def _judged(self, measured: Measured | None) -> Cell:
        if measured is None or measured.claim is None:
            return Cell(MISSING, note="not measured")
        return self._cell(measured.loss[0], measured.claim, points, "points")

    def _axis_verdicts(self) -> list[Row]:
        office = ReadinessReading(self.gaps.findings)
        claims = {identity: c for c in self.gaps.findings.claims for identity in c.estimates}
        rows = []
        for axis in AXES:
            found = {worker: office.axis(worker, axis) for worker in self.workers}
            known = {w: (e, claims[e.id]) for w, e in found.items() if e and e.id in claims}
            if not known:
                continue
            threshold = next(claim.threshold for _, claim in known.values()) or 0.0
            cells = [
                self._cell(*known[w], share) if w in known else Cell(MISSING, note="not measured")
                for w in self.workers
            ]
            rows.append(Row(f"{IN_SHORT[axis]} of at least {share(threshold)}", cells))
        return rows

    def _cell(
        self, found: Estimate, claim: Claim, unit: Callable[[float], str], noun: str = ""
    ) -> Cell:
        of = f"{found.clusters:,} {_UNITS.get(found.trial, 'items')}" if found.clusters else ""
        return Cell(
            number(found, unit, noun), self._links(found.trial, found.worker), claim.verdict,
            note=why(found) or of,
        )  # fmt: skip

    def numbers(self) -> Table:
        """The gap chart as numbers: both ends and the loss, a row a gap and worker."""
        rows = [
            Row(f"{m.worker}: {m.gap.name}", self._ends(m), is_reference(m.worker))
            for m in sorted(self.gaps.every(), key=lambda m: self.workers.index(m.worker))
        ]
        return Table(
            "Every gap: the score under the proxy arm, the score at work, and the paired loss in "
            "points",
            ["worker and gap", "proxy", "work", "loss, points"],
            rows,
        )

    def _ends(self, measured: Measured) -> list[Cell]:
        href = self._links(measured.gap.trial, measured.worker)
        work = "; ".join(map(number, measured.work)) or MISSING
        loss = "; ".join(number(e, points) for e in measured.loss)
        return [
            Cell(number(measured.proxy), href, note=measured.gap.proxy),
            Cell(work, href, note=measured.gap.work),
            Cell(loss, href, note=why(measured.loss[0])),
        ]

    def costs_table(self) -> list[Table]:
        """What accepted work costs, a table a trial."""
        return [self._cost_table(of) for of in self.economies]

    def _cost_table(self, of: Economy) -> Table:
        heads = ["accepted", *(f"{UNITS[unit]} for one" for unit in of.units), "on the front"]
        return Table(
            f"Jobs of the trial {of.trial} that are accepted ({of.in_words}), what an accepted one "
            "costs with the failures paid for, and the chance that nobody on trial does more for "
            "less",
            ["worker", *heads],
            row_of_each(of.workers, lambda worker: self._cost_cells(of, worker)),
        )

    def _cost_cells(self, of: Economy, worker: str) -> list[Cell]:
        href = self._links(of.trial, worker)
        prices = [(unit, of.price(worker, unit)) for unit in of.units]
        front = of.on_front(worker)
        alone = "" if front is not None else "nobody else is on trial"
        return [
            Cell(number(of.accepted(worker)), href),
            *(Cell(number(e, of.reader(unit)), note=_unbounded(e)) for unit, e in prices),
            Cell(number(front), note=alone or why(front)),
        ]

    def failures(self) -> list[tuple[str, list[ShownFailure]]]:
        """The worst failures of everyone on trial, by worker."""
        found = self.gaps.findings.failures
        return [
            (worker, [self._failure(each) for each in found if each.worker == worker])
            for worker in unique(each.worker for each in found)
        ]

    def _failure(self, failure: Failure) -> ShownFailure:
        gap = next((gap for gap in GAPS if gap.trial == failure.trial), None)
        words = (gap.proxy, gap.work) if gap else (failure.proxy_arm, failure.work_arm)
        proxy = MISSING if failure.proxy is None else share(failure.proxy)
        text = f"{failure.trial}, {one_line(failure.item, 80)}: {proxy} {words[0]}, "
        href = self._opened(failure.trial, failure.worker, failure.sample)
        return ShownFailure(
            failure.worker,
            f"{text}{share(failure.work)} {words[1]}",
            failure.outcome or "",
            href or self._links(failure.trial, failure.worker),
        )

    def lacking(self) -> list[Lacking]:
        """What would change the verdicts that cannot be told, of those on trial."""
        about = {e.id: e for e in self.gaps.findings.estimates}
        real = set(on_trial(self.workers))
        return [
            Lacking(claim.text, _more(claim))
            for claim in self.gaps.findings.claims
            if claim.more_items is not None
            and all(about[i].worker in real for i in claim.estimates if i in about)
        ]


_TRIALS = unique(gap.trial for gap in GAPS)


def _asked(gap: Gap, claim: Claim) -> str:
    text = f"{gap.name}: {gap.asks.format(points(claim.threshold or 0.0))}"
    return f"{text} (missed is the good news)" if gap.good == "missed" else text


def _unbounded(found: Estimate | None) -> str:
    """Why a cost has no value, or no interval."""
    return "" if found is None or found.low is not None else found.why or why(found)


def _more(claim: Claim) -> str:
    text = f"about {claim.more_items:,} more items"
    if claim.more_usd is not None:
        return f"{text}, about {money(claim.more_usd)}"
    return text if claim.more_tokens is None else f"{text}, about {plain(claim.more_tokens)} tokens"
