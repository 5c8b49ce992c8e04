"""Under what conditions a run measured: its protocol as tables, and what other arms would say."""

from collections.abc import Mapping, Sequence
from itertools import chain

from worktrial.comparison.order import EVERYONE
from worktrial.evidence.findings import Estimate, Findings
from worktrial.protocol import Manifest, Measurement
from worktrial.reference import is_reference
from worktrial.report.reading import unique
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import MISSING, number, plain, points, share, why

_HASH = 12
_COUNTED = ("relays", "conversations", "items", "leaks")
"""What is no score but a number."""


def protocol_tables(manifest: Manifest) -> list[Table]:
    """What defines the measurement, who was on trial, the reference workers and the checklist."""
    measured = [
        Table(
            f"The measurement of the trial {trial}: what two runs must share to be compared",
            ["", "value"],
            [Row(name, [Cell(text)]) for name, text in _measured(one)],
        )
        for trial, one in manifest.measurement.items()
    ]
    return [*measured, _workers(manifest), *_references(manifest), *_checklists(manifest)]


def _measured(one: Measurement) -> list[tuple[str, str]]:
    simulated = {"simulated user": one.user, "judge": one.judge}
    return [
        ("task version", str(one.task_version)),
        ("seed", str(one.seed)),
        ("course", _pairs(one.course)),
        ("items", f"{len(one.items)}, each by its hash in protocol.json"),
        *((f"arm {name}", f"prompts and tools {sha256[:_HASH]}…") for name, sha256 in _arms(one)),
        ("replicates", str(one.replicates)),
        ("stop and reset rules", _pairs(one.stop)),
        ("scorer", f"version {one.scorer.version}, behaviour {one.scorer.sha256[:_HASH]}…"),
        *((name, _pairs(what) if what else "none") for name, what in simulated.items()),
    ]


def _arms(one: Measurement) -> list[tuple[str, str]]:
    names = sorted(one.arms, key=lambda name: (name != one.primary, name))
    return [(f"{n} (primary)" if n == one.primary else n, one.arms[n]) for n in names]


def _pairs(what: Mapping[str, object]) -> str:
    said = {name.replace("_", " "): value for name, value in what.items() if value is not None}
    return ", ".join(f"{name} {value}" for name, value in said.items())


def _workers(manifest: Manifest) -> Table:
    rows = [
        Row(
            name,
            [Cell(_pairs(worker.settings) or MISSING), Cell(worker.snapshot or MISSING)],
            is_reference(name),
        )
        for name, worker in sorted(manifest.worker.items())
    ]
    return Table("Who was on trial", ["worker", "settings", "model that answered"], rows)


def _references(manifest: Manifest) -> list[Table]:
    """What the reference workers scored on the run's own items."""
    checked: Mapping[str, Mapping[str, Mapping[str, float]]]
    checked = manifest.incidental.get("instrument", {})
    return [_reference(trial, by_arm) for trial, by_arm in checked.items() if by_arm]


def _reference(trial: str, by_arm: Mapping[str, Mapping[str, float]]) -> Table:
    names = list(next(iter(by_arm.values())))
    rows = [
        Row(arm, [_scored(name, each[name]) for name in names], reference=True)
        for arm, each in by_arm.items()
    ]
    return Table(
        f"Reference workers on this run's own items of the trial {trial}: the oracle's lowest "
        "score, the highest of those that do nothing",
        ["arm", *(name.replace("_", " ") for name in names)],
        rows,
    )


def _scored(name: str, value: float) -> Cell:
    return Cell(plain(value) if name in _COUNTED else share(value))


def _checklists(manifest: Manifest) -> list[Table]:
    answered: Mapping[str, Sequence[Mapping[str, object]]]
    answered = manifest.incidental.get("checklist", {})
    return [_checklist(trial, questions) for trial, questions in answered.items() if questions]


def _checklist(trial: str, questions: Sequence[Mapping[str, object]]) -> Table:
    rows = [
        Row(
            str(each["question"]),
            [Cell(str(each["part"])), Cell("yes" if each["met"] else "not shown"),
             Cell(str(each["shown_by"]))],
        )
        for each in questions
    ]  # fmt: skip
    caption = f"The Agentic Benchmark Checklist, as far as the trial {trial} can answer it"
    return Table(caption, ["question", "part", "met", "shown by"], rows)


def variant_tables(findings: Findings) -> list[Table]:
    """What the same workers score under the run's other arms; nothing if there is one arm."""
    gaps = [e for e in findings.estimates if e.gap == "protocol" and e.metric == "fidelity"]
    if not gaps:
        return []
    arms = unique(chain((str(e.arm) for e in gaps), (str(e.minus_arm) for e in gaps)))
    return [_scores(findings, gaps, arms), *_sources(findings), *_noise(findings)]


def _scores(findings: Findings, gaps: Sequence[Estimate], arms: Sequence[str]) -> Table:
    plain_scores = {
        (e.worker, e.arm): e
        for e in findings.estimates
        if e.metric == "fidelity" and e.gap is None and e.minus_worker is None
    }
    lost = {(e.worker, e.minus_arm): e for e in gaps}
    rows = [
        Row(
            worker,
            [_estimate(plain_scores.get((worker, arm))) for arm in arms]
            + [_estimate(lost.get((worker, arm)), in_points=True) for arm in arms[1:]],
            is_reference(worker),
        )
        for worker in sorted({e.worker for e in gaps})
    ]
    return Table(
        f"Final fidelity under each arm, and the points lost against {arms[0]}",
        ["worker", *arms, *(f"lost under {arm}" for arm in arms[1:])],
        rows,
    )


def _sources(findings: Findings) -> list[Table]:
    shares = [e for e in findings.estimates if e.metric == "variance_share"]
    sources = unique(str(e.arm) for e in shares)
    found = {(e.worker, e.arm): e for e in shares}
    rows = [
        Row(
            "all compared" if worker == EVERYONE else worker,
            [
                _estimate(found[worker, source]) if (worker, source) in found else Cell(MISSING)
                for source in sources
            ],
            is_reference(worker),
        )
        for worker in unique(e.worker for e in shares)
    ]
    caption = "Where a single score varies: the share of its variance, a description"
    return [Table(caption, ["worker", *sources], rows)] if rows else []


def _noise(findings: Findings) -> list[Table]:
    metrics = ("protocol_noise", "protocol_noise_share", "reversals")
    noise = [e for e in findings.estimates if e.metric in metrics]
    found = {(e.worker, e.minus_worker, e.metric): e for e in noise}
    rows = [
        Row(
            f"{one} − {other}",
            [
                _estimate(found.get((one, other, metric)), in_points=metric == metrics[0])
                for metric in metrics
            ],
        )
        for one, other in unique((e.worker, e.minus_worker) for e in noise)
    ]
    caption = (
        "Differences between workers: the points that a mere change of protocol makes, their share "
        "of the difference, and the share of pairs of protocols that turn the order"
    )
    columns = ["workers", "protocol noise", "share of the difference", "order turned"]
    return [Table(caption, columns, rows)] if rows else []


def _estimate(found: Estimate | None, *, in_points: bool = False) -> Cell:
    return Cell(number(found, points if in_points else share), note=why(found))
