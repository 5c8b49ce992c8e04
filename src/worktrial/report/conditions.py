"""Under what conditions a run measured: protocol, checks, and what other arms would say."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from worktrial.comparison.order import EVERYONE
from worktrial.evidence.findings import Estimate, Findings
from worktrial.protocol import Manifest, Measurement
from worktrial.reference import is_reference
from worktrial.report.card import pairs
from worktrial.report.reading import unique
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import MISSING, number, plain, points, share, why

_HASH = 12
_COUNTED = ("relays", "conversations", "items", "leaks")
"""What is no score but a number."""


def measurement_tables(manifest: Manifest) -> dict[str, Table]:
    """By trial, what two runs must share to be compared."""
    return {
        trial: Table(
            f"The measurement of the trial {trial}: what two runs must share to be compared",
            ["", "value"],
            [Row(name, [Cell(text)]) for name, text in _measured(one)],
        )
        for trial, one in manifest.measurement.items()
    }


def _measured(one: Measurement) -> list[tuple[str, str]]:
    simulated = {"simulated user": one.user, "judge": one.judge}
    return [
        ("task version", str(one.task_version)),
        ("seed", str(one.seed)),
        ("course", pairs(one.course)),
        ("items", f"{len(one.items)}, each by its hash in protocol.json"),
        *((f"arm {name}", f"prompts and tools {sha256[:_HASH]}…") for name, sha256 in _arms(one)),
        ("replicates", str(one.replicates)),
        ("stop and reset rules", pairs(one.stop)),
        ("scorer", f"version {one.scorer.version}, behaviour {one.scorer.sha256[:_HASH]}…"),
        *((name, pairs(what) if what else "none") for name, what in simulated.items()),
    ]


def _arms(one: Measurement) -> list[tuple[str, str]]:
    names = sorted(one.arms, key=lambda name: (name != one.primary, name))
    return [(f"{n} (primary)" if n == one.primary else n, one.arms[n]) for n in names]


def reference_tables(manifest: Manifest) -> list[Table]:
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


class Checklist(NamedTuple):
    """The Agentic Benchmark Checklist of one trial.

    Attributes:
        trial: Whose answers.
        met: How many of its questions can be shown to hold.
        table: All of them.
    """

    trial: str
    met: int
    table: Table


def checklists(manifest: Manifest) -> list[Checklist]:
    """The checklist, as far as each trial can answer it."""
    return [
        Checklist(
            trial,
            sum(bool(each["met"]) for each in questions),
            Table(
                f"The Agentic Benchmark Checklist, as far as the trial {trial} can answer it",
                ["question", "part", "met", "shown by"],
                [_answer(each, str(each["part"]), _MET[bool(each["met"])]) for each in questions],
            ),
        )
        for trial, questions in _answered(manifest).items()
    ]


def not_shown(manifest: Manifest) -> Table:
    """What no trial, or not every one, can show of itself."""
    return Table(
        "Of the Agentic Benchmark Checklist, what is not shown",
        ["question", "trial", "why"],
        [
            _answer(each, trial)
            for trial, questions in _answered(manifest).items()
            for each in questions
            if not each["met"]
        ],
    )


_MET = {True: "yes", False: "not shown"}


def _answered(manifest: Manifest) -> Mapping[str, Sequence[Mapping[str, object]]]:
    answered: Mapping[str, Sequence[Mapping[str, object]]]
    answered = manifest.incidental.get("checklist", {})
    return {trial: questions for trial, questions in answered.items() if questions}


def _answer(each: Mapping[str, object], *said: str) -> Row:
    return Row(str(each["question"]), [Cell(text) for text in (*said, str(each["shown_by"]))])


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
