"""How many things a run decided, how many it only describes, and how often it was looked at."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from worktrial.comparison.endpoints import REGISTERED
from worktrial.estimate.sequential import Bound
from worktrial.evidence.findings import Claim, Estimate, Findings
from worktrial.protocol.registration import Registration
from worktrial.report.reading import unique
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import MISSING, number, plain, points, share, why
from worktrial.running.looks import Diary, Logged

_INSTRUMENT = "instrument"


@dataclass(frozen=True)
class Multiplicity:
    """What was declared, what was looked at, and how many intervals there are.

    Attributes:
        findings: What was found.
        registration: What was declared before the first call, if anything was.
        diary: The looks that were planned and taken, if any were.
    """

    findings: Findings
    registration: Registration | None = None
    diary: Diary | None = None

    @cached_property
    def declared(self) -> list[Estimate]:
        """The endpoints that the run was to decide."""
        return [e for e in self.findings.estimates if e.endpoint == "declared"]

    @property
    def registered(self) -> bool:
        """Whether they were registered, and not declared by the tool's rule."""
        return any(e.id.startswith(REGISTERED) for e in self.declared)

    @property
    def families(self) -> list[str]:
        """What is adjusted together: all that was registered, or else what is of one trial."""
        if self.registered:
            return ["all that was registered"]
        return unique(e.trial for e in self.declared)

    @property
    def question(self) -> str:
        """What was to be answered, in the words of the registration that counts."""
        counts = self.registration if self.findings.run.registered else None
        return counts.declaration.question if counts else ""

    def endpoints(self) -> Table:
        """Every declared endpoint, as it is and as it counts among the others."""
        return Table(
            "Declared endpoints in points, each p-value by itself and adjusted by Holm among those "
            f"of {'the registration' if self.registered else 'its trial'}",
            ["endpoint", "trial", "estimate", "p", "p adjusted"],
            [
                Row(
                    _about(e),
                    [Cell(e.trial), Cell(number(e, points), note=why(e)),
                     Cell(_p(e.p_value)), Cell(_p(e.p_adjusted))],
                )
                for e in self.declared
            ],
        )  # fmt: skip

    @cached_property
    def claims(self) -> Counter[str]:
        """Claims by what they are: instrument, declared, exploratory."""
        names = {e.id for e in self.declared}
        return Counter(_kind(claim, names) for claim in self.findings.claims)

    def levels(self) -> list[tuple[float, int, float]]:
        """Each confidence level, its intervals, and how many would miss were all just so sure."""
        counted = Counter(e.level for e in self.findings.estimates if e.level and _open(e))
        return [(level, count, (1 - level) * count) for level, count in sorted(counted.items())]

    @property
    def bands(self) -> int:
        """Intervals that also carry the bounds of a band, which holds along a whole curve."""
        return sum(e.band_low is not None for e in self.findings.estimates)

    def looks(self) -> Table | None:
        """The looks in their order; nothing where the run was looked at once, at its end."""
        if self.diary is None:
            return None
        plan = self.diary.plan
        taken = {logged.look: logged for logged in self.diary.looks}
        planned = enumerate(zip(plan.items, plan.looks.bounds, strict=True), start=1)
        rows = [
            Row(f"{look}, {items} items", [*_asked(bound), *_taken(taken.get(look))])
            for look, (items, bound) in planned
        ]
        return Table(
            f"Looks at {plan.workers[0]} less {plan.workers[1]} in {plan.metric}, margin "
            f"{points(plan.margin)} points, given up where the chance to be decided is below "
            f"{share(plan.futility)}; the error spent by O'Brien and Fleming's law",
            ["look", "apart where p <", "level where p <", "seen", "then"],
            rows,
        )


def _about(estimate: Estimate) -> str:
    worker = estimate.worker
    who = f"{worker} − {estimate.minus_worker}" if estimate.minus_worker else worker
    arms = " less ".join(filter(None, (estimate.arm, estimate.minus_arm)))
    return f"{who}: {estimate.metric.replace('_', ' ')}, {arms}" if arms else who


def _p(value: float | None) -> str:
    return MISSING if value is None else share(value)


def _kind(claim: Claim, declared: set[str]) -> str:
    if claim.evidence_class == _INSTRUMENT:
        return _INSTRUMENT
    return "declared" if declared.intersection(claim.estimates) else "exploratory"


def _open(estimate: Estimate) -> bool:
    """Whether an interval has a width: bounds by definition cannot miss."""
    low, high = estimate.low, estimate.high
    return (low, high) != (None, None) and low != high


def _asked(bound: Bound) -> Sequence[Cell]:
    return [Cell(f"{bound.apart_p:.2g}"), Cell(f"{bound.level_p:.2g}")]


def _taken(logged: Logged | None) -> Sequence[Cell]:
    if logged is None:
        return [Cell(MISSING, note="not taken"), Cell(MISSING)]
    bounds = (MISSING if each is None else points(each) for each in (logged.low, logged.high))
    value = MISSING if logged.value is None else points(logged.value)
    seen = f"{value} [{', '.join(bounds)}]"
    lost = f"{plain(len(logged.lost))} pairs lost" if logged.lost else ""
    return [Cell(seen, note=lost), Cell(logged.reason or "goes on")]
