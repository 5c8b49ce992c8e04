"""What a run's factors cost and its remedies recover, as tables."""

from collections.abc import Sequence

from worktrial.evidence.findings import Estimate, Findings
from worktrial.reference import is_reference
from worktrial.relay.arms import arm as find_arm
from worktrial.relay.effects import RECOVERED, RECOVERED_PER, RECOVERED_SHARE
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import number, points, share, why

_PATCH = "passages instead of whole files"


def change_tables(findings: Findings) -> list[Table]:
    """Factors, then remedies; nothing of what was not run."""
    return [*_factors(findings), *_remedies(findings)]


def _factors(findings: Findings) -> list[Table]:
    gaps = [e for e in findings.estimates if e.gap == "factor" and e.metric == "fidelity"]
    rows = [
        _row(
            e.worker,
            str(e.minus_arm),
            [
                *_scores(findings, e.worker, str(e.arm), str(e.minus_arm)),
                _cell(e, in_points=True),
            ],
        )
        for e in gaps
    ]
    caption = (
        "What a factor costs: final fidelity without it and with it, and the points lost to it"
    )
    columns = ["worker", "factor", "arm", "without", "with", "points lost"]
    return [Table(caption, columns, rows)] if rows else []


def _remedies(findings: Findings) -> list[Table]:
    gains = [e for e in findings.estimates if e.metric == RECOVERED]
    told = {e.metric for e in findings.estimates}
    shown = {metric: words for metric, words in _GAINS.items() if metric in told}
    rows = [
        _row(
            e.worker,
            str(e.arm),
            [
                *_scores(findings, e.worker, str(e.minus_arm), str(e.arm)),
                *(
                    _cell(
                        _of(findings, e.worker, metric, str(e.arm)),
                        in_points=metric != RECOVERED_SHARE,
                    )
                    for metric in shown
                ),
            ],
        )
        for e in gains
    ]
    caption = (
        "What a remedy recovers: final fidelity without it and with it, the points recovered, "
        "their share of the loss, and the points for what a document costs more"
    )
    columns = ["worker", "remedy", "arm", "without", "with", *shown.values()]
    return [Table(caption, columns, rows)] if rows else []


_GAINS = {
    RECOVERED: "points recovered",
    RECOVERED_SHARE: "share of the loss",
    RECOVERED_PER["usd"]: "points per dollar",
    RECOVERED_PER["tokens"]: "points per thousand tokens",
}


def _row(worker: str, name: str, cells: Sequence[Cell]) -> Row:
    change = find_arm(name).change
    what = change.in_words if change else _PATCH
    return Row(worker, [Cell(what), Cell(name), *cells], is_reference(worker))


def _scores(findings: Findings, worker: str, *arms: str) -> list[Cell]:
    return [_cell(_of(findings, worker, "final_fidelity", arm)) for arm in arms]


def _of(findings: Findings, worker: str, metric: str, arm: str) -> Estimate | None:
    same = (worker, metric, arm)
    return next((e for e in findings.estimates if (e.worker, e.metric, e.arm) == same), None)


def _cell(found: Estimate | None, *, in_points: bool = False) -> Cell:
    return Cell(number(found, points if in_points else share), note=why(found))
