"""`worktrial regrade`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from worktrial.running.regrade import FindingChange, Regraded

_SHOWN = 40


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print every change as JSON.")
def regrade(run: Path, as_json: bool) -> None:
    """Score RUN again from its stored answers, calling no model.

    Prints each score that changed and what that does to the findings. Twice in a row, the second
    time changes nothing.
    """
    from worktrial.evidence import RunFolder
    from worktrial.evidence.findings import Findings
    from worktrial.report import publish
    from worktrial.running.regrade import finding_changes
    from worktrial.running.regrade import regrade as grade

    folder = RunFolder(run).existing()
    before = Findings.read(folder.findings) if folder.findings.exists() else None
    graded = grade(folder)
    after = publish(folder)
    changes = finding_changes(before, after) if before else []
    click.echo(_json(graded, changes) if as_json else _text(graded, changes))


def _json(graded: "Regraded", changes: "list[FindingChange]") -> str:
    return json.dumps(
        {
            "schema": "worktrial/regrade@1",
            "before": {name: scorer.model_dump() for name, scorer in graded.before.items()},
            "after": {name: scorer.model_dump() for name, scorer in graded.after.items()},
            "scores": [change._asdict() for change in graded.scores],
            "findings": [change._asdict() for change in changes],
        },
        indent=1,
        ensure_ascii=False,
    )


def _text(graded: "Regraded", changes: "list[FindingChange]") -> str:
    lines = [
        *(
            f"scorer of {name}: {old.version} ({old.sha256[:12]}) → "
            f"{graded.after[name].version} ({graded.after[name].sha256[:12]})"
            for name, old in graded.before.items()
        ),
        f"{len(graded.scores)} score(s) changed",
        *(
            f"  {c.worker} {c.item} {c.arm} step {c.step} replicate {c.replicate} {c.metric}: "
            f"{_number(c.before)} → {_number(c.after)}"
            for c in graded.scores[:_SHOWN]
        ),
        *_rest(len(graded.scores)),
        f"{len(changes)} finding(s) changed",
        *(f"  {c.id}: {c.before} → {c.after}" for c in changes[:_SHOWN]),
        *_rest(len(changes)),
    ]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"


def _rest(count: int) -> list[str]:
    return [f"  and {count - _SHOWN} more: --json names them all"] if count > _SHOWN else []
