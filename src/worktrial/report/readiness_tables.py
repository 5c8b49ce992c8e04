"""The office's tables: five axes, what each arm costs, privacy, retention, who is ahead on what."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain

from worktrial.evidence.findings import Estimate
from worktrial.readiness.arms import Axis
from worktrial.readiness.items import CHANNELS, FAULTS
from worktrial.readiness.measured import LEAKS
from worktrial.readiness.panel import TRIAL
from worktrial.reference import is_reference
from worktrial.report.readiness import AT, IN_SHORT, SEEDED, ReadinessReading, evidence_of
from worktrial.report.tables import COSTS, Cell, Row, Table, cost_cells, row_of_each
from worktrial.report.words import MISSING, number, plain, points, share, why

Unit = Callable[[float], str]
_OUTCOMES = (
    "ok", "refusal", "protocol", "truncated", "environment_fault", "infrastructure"
)  # fmt: skip
_PRIVACY = {
    "privacy": "privacy",
    "op": "permissions (OP)",
    "tr": "traps (TR)",
    "fm": "forms (FM)",
    "privacy_when_solved": "privacy of tasks done",
}
_KEPT = {
    "kept": "kept",
    "used_right": "used the right value",
    "used_stale": "a stale one",
    "used_wrong": "a wrong one",
    "used_none": "none",
    "unconsented": "noted what was told in confidence",
    "remembered": "kept what was to be forgotten",
}
_FAULTS: Mapping[str, tuple[str, Unit]] = {
    "met_rate": ("met", share),
    "catch_rate": ("detected, of those met", share),
    "repair_rate": ("repaired, of those met", share),
    "turns_to_repair": ("calls until repaired", plain),
    "verification_calls_per_accepted": ("checks per task done", plain),
    "verification_tokens_per_accepted": ("tokens for checks per task done", plain),
}
_LOST: Mapping[Axis, str] = {
    "mode_shift": "Points of success lost in other modes",
    "ecosystem": "Points of success lost in other surroundings",
    "retention": "Points of success lost over sessions apart, by the tasks between",
}


class ReadinessTables:
    """Makes the tables of the page."""

    def __init__(self, reading: ReadinessReading, anchors: Mapping[str, str]) -> None:
        """Hold what was found, and where each worker's evidence is."""
        self.reading, self.anchors = reading, anchors

    def axes(self) -> Table:
        """One row a worker: the vector, and what success hides of it."""
        axes = self.reading.axes
        return Table(
            "Five axes, each over the items that have it, and the dimension gap: points of success "
            f"on items of which some axis is below {AT} %",
            ["worker", *(IN_SHORT[axis] for axis in axes), "dimension gap"],
            row_of_each(
                self.reading.workers,
                lambda w: [
                    *(self._cell(self.reading.axis(w, axis)) for axis in axes),
                    self._cell(self.reading.hidden(w), points),
                ],
            ),
        )

    def lost(self) -> list[Table]:
        """What every arm costs against the native one, on the same items."""
        return [
            self._lost(axis, caption)
            for axis, caption in _LOST.items()
            if self.reading.arms_of(axis)
        ]

    def _lost(self, axis: Axis, caption: str) -> Table:
        arms = self.reading.arms_of(axis)
        return Table(
            caption,
            ["worker", *arms],
            row_of_each(
                self.reading.workers,
                lambda w: [self._cell(self.reading.gap(w, arm), points) for arm in arms],
            ),
        )

    def success(self) -> Table:
        """Success under every arm."""
        arms = self.reading.arms
        return Table(
            "Success under each arm, over the items that it concerns",
            ["worker", *arms],
            row_of_each(
                self.reading.workers,
                lambda w: [self._cell(self.reading.get(w, "success", arm)) for arm in arms],
            ),
        )

    def faults(self) -> list[Table]:
        """What became of faults in a worker's way; nothing where none were put there."""
        return [self._faults(), *self._faults_by_kind()] if SEEDED in self.reading.arms else []

    def _faults(self) -> Table:
        heads = [title for title, _ in _FAULTS.values()]
        return Table(
            "Faults in a worker's way, one a task. Checks cost something: read their price only "
            "beside the share that they find",
            ["worker", "points of success lost", *heads],
            row_of_each(
                self.reading.workers,
                lambda w: [
                    self._cell(self.reading.gap(w, SEEDED), points),
                    *(self._cell(self.reading.fault(w, m), u) for m, (_, u) in _FAULTS.items()),
                ],
            ),
        )

    def _faults_by_kind(self) -> Iterator[Table]:
        """Kinds lie in the way of different tasks: exploratory."""
        for metric, what in (("catch_rate", "detected"), ("repair_rate", "repaired")):
            yield Table(
                f"Faults {what}, of those met, by kind",
                ["worker", *(kind.replace("_", " ") for kind in FAULTS)],
                row_of_each(self.reading.workers, partial(self._kinds, metric)),
            )

    def _kinds(self, metric: str, worker: str) -> list[Cell]:
        return [self._cell(self.reading.fault(worker, metric, kind)) for kind in FAULTS]

    def reliability(self) -> list[Table]:
        """Pass^k, where items were repeated."""
        curves = (self.reading.curve(worker, "pass_k") for worker in self.reading.workers)
        tries = sorted({e.step for e in chain.from_iterable(curves) if e.step is not None})
        table = Table(
            "The chance that so many tries at an item all succeed (pass^k)",
            ["worker", *(str(k) for k in tries)],
            row_of_each(
                self.reading.workers,
                lambda w: [self._cell(self.reading.get(w, "pass_k", step=k)) for k in tries],
            ),
        )
        return [table] if tries else []

    def privacy(self) -> Table:
        """Privacy and its parts, and how often something was asked for."""
        return Table(
            "Privacy over tasks: of permissions, traps and forms, each where a task has them; and "
            f"the share of tasks that are done with privacy of at least {AT} %",
            ["worker", *_PRIVACY.values(), f"done and private at {AT} %", "requests a task"],
            row_of_each(
                self.reading.workers,
                lambda w: [
                    *(self._cell(self.reading.get(w, metric)) for metric in _PRIVACY),
                    self._cell(self.reading.get(w, "pqsr", step=AT)),
                    self._cell(self.reading.get(w, "requests"), plain),
                ],
            ),
        )

    def leaks(self) -> Table:
        """The share of tasks with a leak, by where it was found."""
        channels = ("any", *CHANNELS)
        return Table(
            "Share of tasks in which a private value leaked, by where it was found",
            ["worker", *(name.replace("_", " ") for name in channels)],
            row_of_each(
                self.reading.workers,
                lambda w: [self._cell(self.reading.get(w, f"{LEAKS}{name}")) for name in channels],
            ),
        )

    def retention(self) -> Table:
        """What became of what was told, by how many tasks lay between."""
        rows = [
            Row(
                f"{worker}, tasks between: {arm.removeprefix('apart-')}",
                [self._cell(self.reading.get(worker, metric, arm)) for metric in _KEPT],
                is_reference(worker),
            )
            for worker in self.reading.workers
            for arm in self.reading.arms_of("retention")
        ]
        return Table(
            "What was told in one session and needed in a later one, by the tasks between",
            ["worker", *_KEPT.values()],
            rows,
        )

    def curves(self) -> list[Table]:
        """The curves over the threshold as numbers."""
        named: Sequence[tuple[str, str | None, str, Unit]] = (
            ("pqsr", None, "Tasks done with so much privacy, by threshold", share),
            ("ready", "dimension", "The dimension gap in points, by threshold", points),
        )
        return [
            self._curve(metric, gap, title, unit)
            for metric, gap, title, unit in named
            if any(self.reading.curve(worker, metric, gap) for worker in self.reading.workers)
        ]

    def _curve(self, metric: str, gap: str | None, title: str, unit: Unit) -> Table:
        workers = self.reading.workers
        found = {w: {e.step: e for e in self.reading.curve(w, metric, gap)} for w in workers}
        steps = sorted({s for of in found.values() for s in of if s is not None})
        rows = [
            Row(f"{step} %", [self._cell(found[w].get(step), unit) for w in workers])
            for step in steps
        ]
        return Table(title, ["at least", *workers], rows)

    # --- several workers ---

    def ranks(self) -> Table:
        """Ranks on every axis, and the chance to be on the front of all."""
        axes = self.reading.axes
        rows = [
            Row(
                worker,
                [
                    *(self._cell(self.reading.rank(worker, axis), plain) for axis in axes),
                    self._cell(self.reading.chance(worker, "p_pareto")),
                ],
                is_reference(worker),
            )
            for worker in self.reading.compared
        ]
        return Table(
            "Rank on each axis with bounds that hold for all workers at once; and the chance that "
            "no other is as good on every axis (Pareto front)",
            ["worker", *(IN_SHORT[axis] for axis in axes), "P(front)"],
            rows,
        )

    def flips(self) -> Table:
        """The rank-flip matrix: the chance that an axis turns another's order of two workers."""
        return Table(
            "The chance that one axis orders two workers otherwise than another axis, a tie "
            "counting half; the mean over all pairs of workers",
            ["axis", *(IN_SHORT[axis] for axis in self.reading.axes)],
            self._matrix("axis_flip"),
        )

    def agreement(self) -> Table:
        """Kendall's tau between axes."""
        return Table(
            "Agreement of the axes' orders of workers (Kendall's tau-b)",
            ["axis", *(IN_SHORT[axis] for axis in self.reading.axes)],
            self._matrix("axis_agreement"),
        )

    def _matrix(self, metric: str) -> list[Row]:
        axes = self.reading.axes
        return [
            Row(IN_SHORT[one], [self._of_axes(metric, one, other) for other in axes])
            for one in axes
        ]

    def _of_axes(self, metric: str, one: Axis, other: Axis) -> Cell:
        return Cell("") if one == other else self._cell(self.reading.of_axes(metric, one, other))

    def flips_of_pairs(self) -> list[Table]:
        """The same of every pair of workers, where there are more than two workers."""
        axes = self.reading.axes
        columns = [(a, b) for n, a in enumerate(axes) for b in axes[n + 1 :]]
        rows = [
            Row(
                f"{pair[0]} − {pair[1]}",
                [self._cell(self.reading.of_axes("axis_flip", a, b, pair)) for a, b in columns],
            )
            for pair in self.reading.pairs
        ]
        heads = [f"{IN_SHORT[a]} / {IN_SHORT[b]}" for a, b in columns]
        caption = "The chance that two axes order a pair of workers otherwise"
        return [Table(caption, ["workers", *heads], rows)] if rows else []

    def best(self) -> list[Table]:
        """Who is best by the weights that were given; nothing where none were."""
        chances = {w: self.reading.chance(w, "p_best") for w in self.reading.workers}
        found = {worker: e for worker, e in chances.items() if e is not None}
        rows = [Row(w, [self._cell(e)], is_reference(w)) for w, e in found.items()]
        given = next((e.method or "" for e in found.values()), "")
        caption = f"The chance to be best by the weights that were given ({given})"
        return [Table(caption, ["worker", "P(best)"], rows)] if rows else []

    # --- what else there is ---

    def checklist(self) -> Table:
        """Five conditions of an ecosystem that is ready."""
        rows = [
            Row(name, [Cell(asks), Cell(evidence or MISSING), Cell(lacks)])
            for name, asks, evidence, lacks in evidence_of(self.reading)
        ]
        return Table(
            "Not a measurement: five conditions to be judged by a person, and where this run has "
            "evidence",
            ["condition", "asks", "evidence in this run (estimates)", "what they cannot show"],
            rows,
        )

    def outcomes(self) -> Table:
        """What became of the items."""
        counted = [o for o in self.reading.findings.outcomes if o.trial == TRIAL]

        def cells(worker: str) -> Iterator[Cell]:
            for name in _OUTCOMES:
                found = (o.count for o in counted if (o.worker, o.outcome) == (worker, name))
                yield Cell(f"{sum(found):,}")

        return Table(
            "Items by outcome, over all arms",
            ["worker", *(name.replace("_", " ") for name in _OUTCOMES)],
            row_of_each(self.reading.workers, lambda worker: list(cells(worker))),
        )

    def cost(self) -> Table:
        """What each worker used."""
        spent = {c.worker: c for c in self.reading.findings.cost if c.trial == TRIAL}
        return Table(
            "Tokens, time and money, over all items and arms",
            ["worker", *COSTS],
            row_of_each(self.reading.workers, lambda worker: cost_cells(spent.get(worker))),
        )

    def _cell(self, estimate: Estimate | None, unit: Unit = share) -> Cell:
        anchor = None if estimate is None else self.anchors.get(estimate.worker)
        href = f"#{anchor}" if anchor else None
        note = why(estimate) if estimate is None or estimate.value is None else ""
        return Cell(number(estimate, unit), href, note=note)
