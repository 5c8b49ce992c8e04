"""`worktrial label`."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from worktrial.acceptance.sheet import Answer, Key
    from worktrial.evidence.findings import Estimate


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--sample", type=click.IntRange(1), metavar="N", help="Draw N jobs for a new sheet.")
@click.option(
    "--read", "sheet", type=click.Path(path_type=Path), metavar="FILE",
    help="Read a sheet that somebody has filled in.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("sheet.csv"), show_default=True,
    help="The new sheet; a page to read goes beside it.",
)  # fmt: skip
@click.option(
    "--duplicates", type=click.FloatRange(0, 1), default=0.1, show_default=True,
    help="The share of jobs that stand on the sheet twice, for agreement with oneself.",
)  # fmt: skip
@click.option(
    "--trial", "trials", multiple=True, metavar="T",
    help="Whose jobs. Repeatable.  [default: all that give work]",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def label(
    run: Path,
    sample: int | None,
    sheet: Path | None,
    out: Path,
    duplicates: float,
    trials: tuple[str, ...],
    seed: int,
    as_json: bool,
) -> None:
    """Have people judge RUN's work blind: write a sheet, or read it back.

    With --sample: a table with the task, the result and blank columns for accepted, minutes and
    comment, and a page to read; workers, arms and scores are hidden, the key stays in RUN/labels.
    With --read: how far the person agrees with themselves, how far metrics agree with the person,
    and each worker's share of jobs accepted, corrected by labels.
    """
    if (sample is None) == (sheet is None):
        raise click.UsageError("`--sample N` writes a sheet and `--read FILE` reads one; give one")
    if sample is not None:
        _write(run, out, sample, duplicates, trials, seed)
    elif sheet is not None:
        _read(run, sheet, as_json=as_json)


def _write(
    run: Path, out: Path, count: int, duplicates: float, trials: Sequence[str], seed: int
) -> None:
    from worktrial.acceptance.sheet import key_path
    from worktrial.evidence import RunFolder
    from worktrial.report.labelling import write_sheet

    if out.suffix.lower() != ".csv":
        raise click.UsageError(f"`--out` must end in .csv; got {out}")
    for path in (out, out.with_suffix(".html")):
        if path.exists():
            raise click.UsageError(
                f"`--out` must be new, since it may hold labels; {path} is there"
            )
    found = write_sheet(
        RunFolder(run), out, count=count, duplicates=duplicates, seed=seed, trials=trials
    )
    twice = sum(row.repeats is not None for row in found.key.rows)
    click.echo(f"sheet: {found.table}, {len(found.key.rows)} rows, {twice} of them twice")
    click.echo(f"page:  {found.page}")
    click.echo(f"key:   {key_path(run, found.key.sheet)}, not for those who label")
    click.echo(f"then:  worktrial label {run} --read {found.table}")


def _read(run: Path, sheet: Path, *, as_json: bool) -> None:
    from worktrial.acceptance.sheet import read_sheet
    from worktrial.evidence import RunFolder
    from worktrial.evidence.folder import write_whole
    from worktrial.report.labelling import labelled_findings

    folder = RunFolder(run).existing()
    key, answers = read_sheet(sheet, run)
    groups = labelled_findings(folder, answers)
    labels = run / "labels" / f"{key.sheet}.csv"
    write_whole(labels, _labels(answers))
    if as_json:
        records = [estimate.record() for group in groups for estimate in group]
        click.echo(json.dumps({"sheet": key.sheet, "estimates": records}, ensure_ascii=False))
        return
    click.echo("\n".join(_lines(key, answers, groups)))
    click.echo(f"labels: {labels}; worktrial report {run} --accepted {labels}")


def _labels(answers: "Sequence[Answer]") -> str:
    """The labels as `report --accepted` reads them: of a job that stands twice the first."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["worker", "item", "accepted", "minutes", "trial", "replicate"])
    seen = set()
    for row, accepted, minutes in answers:
        if row.job not in seen:
            seen.add(row.job)
            said = "yes" if accepted else "no"
            cells = [row.worker, row.item, said, "" if minutes is None else f"{minutes:g}"]
            writer.writerow([*cells, row.trial, row.replicate])
    return out.getvalue()


def _lines(
    key: "Key", answers: "Sequence[Answer]", groups: "Sequence[Sequence[Estimate]]"
) -> Iterator[str]:
    from worktrial.report.words import number, one_line, why

    own, metrics, rates = groups
    yield f"{len(answers)} of {len(key.rows)} rows are labelled"
    heads = (
        "The person and themselves, on work that stands twice",
        "Metrics and the person: kappa of what is yes or no, else area under the ROC curve",
        "Share of jobs accepted: by labels alone, and corrected with the program's verdicts on all",
    )
    for head, group in zip(heads, (own, metrics, rates), strict=True):
        yield f"\n{head}"
        for e in group:
            who = "" if e.worker == "*" else f"{one_line(e.worker, 60)} "
            reason = f" ({why(e) or e.why})" if e.low is None else ""
            name = e.metric.replace("_", " ")
            yield f"  {e.trial}: {who}{name} {number(e)}{reason}, {e.items} jobs"
    yield ""
