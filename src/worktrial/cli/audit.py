"""`worktrial audit`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worktrial.cli.run import COURSES, DEFAULT_WORKER, read_arg
from worktrial.interface import full_path

if TYPE_CHECKING:
    from worktrial.trial import Audit, Request

MISSED = 1
FIELDS = ("question", "answer", "options", "id", "date")


@click.command()
@click.argument("items", required=False, metavar="ITEMS")
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="MODEL",
    help="A worker: any Inspect model, embedded/NAME or reference/NAME. Repeatable. "
    f"[default: {DEFAULT_WORKER}]",
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME=COLUMN",
    help=f"Which column holds what: {', '.join(FIELDS)}. Repeatable.",
)
@click.option(
    "--controls",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own items that the model cannot have met.",
)
@click.option(
    "--released", metavar="DATE", help="When the model was: items of this date or later are fresh."
)
@click.option(
    "--references",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What other models answered rightly.",
)
@click.option("--name", metavar="NAME", help="What the set is called. [default: the file's name]")
@click.option("--course", type=click.Choice(COURSES), default="pocket", show_default=True)
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True)
@click.option("--items", "count", type=int, metavar="N", help="The most, instead of the course's.")
@click.option(
    "--rate",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.1,
    show_default=True,
    help="Of false discoveries among the items that are flagged.",
)
@click.option(
    "--margin",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.05,
    show_default=True,
    help="A difference in accuracy that does not matter.",
)
@click.option("--temperature", type=click.FloatRange(0, 2), help="Of the answers.")
@click.option("-M", "model_args", multiple=True, metavar="NAME=VALUE", help="For embedded workers.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("audit"), show_default=True,
    help="The run's folder; the same command goes on in it.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print findings.json instead of the table.")
@click.option(
    "--self-test",
    "self_test",
    is_flag=True,
    help="Hold the instrument itself against a small model that has met known texts; no ITEMS.",
)
def audit(
    items: str | None,
    models: tuple[str, ...],
    fields: tuple[str, ...],
    controls: Path | None,
    released: str | None,
    references: Path | None,
    name: str | None,
    course: str,
    seed: int,
    count: int | None,
    rate: float,
    margin: float,
    temperature: float | None,
    model_args: tuple[str, ...],
    out: Path,
    as_json: bool,
    self_test: bool,
) -> int:
    """Tell whether a benchmark's score is real: has the model met ITEMS, and does it gain by it?

    ITEMS is a JSONL, CSV or Parquet file, an Inspect task by its registered name, or a data set of
    a hub. Killed at any moment, the same command goes on.
    """
    from worktrial.trial import Audit, Request

    if self_test:
        return _self_test(items, seed, as_json=as_json)
    if items is None:
        raise click.UsageError("name ITEMS: a JSONL, CSV or Parquet file; or --self-test")
    asked = Audit(
        items=full_path(items),
        fields=dict(map(_field, fields)),
        controls=controls,
        released=released,
        references=references,
        name=name,
        rate=rate,
        margin=margin,
    )
    request = Request(
        workers=models or (DEFAULT_WORKER,),
        out=out,
        trials=("memorisation",),
        course=course,
        seed=seed,
        items=count,
        audit=asked,
        temperature=temperature,
        model_args=dict(map(read_arg, model_args)),
    )
    _carry_out(request, asked, as_json=as_json)
    return 0


def _carry_out(request: "Request", asked: "Audit", *, as_json: bool) -> None:
    from worktrial.cli.report import show
    from worktrial.memorisation.draw import drawn
    from worktrial.report.words import one_line
    from worktrial.running import run

    found = drawn(asked, request.course, seed=request.seed, items=request.items)
    for note in found.notes:
        rows = f" (row {', '.join(map(str, note.rows))})" if note.rows else ""
        click.echo(f"worktrial: {one_line(note.text + rows, 300)}", err=True)
    show(run(request), as_json=as_json)


def _self_test(items: str | None, seed: int, *, as_json: bool) -> int:
    if items is not None:
        raise click.UsageError("`--self-test` audits texts of its own; leave out ITEMS")
    from worktrial.memorisation.selftest import run

    report = run(seed, progress=lambda text: click.echo(f"worktrial: {text}", err=True))
    said = json.dumps(report.record(), indent=1, allow_nan=False) if as_json else report.text()
    click.echo(said)
    return 0 if report.met else MISSED


def _field(text: str) -> tuple[str, str]:
    name, found, column = text.partition("=")
    if not found or name not in FIELDS or not column:
        raise click.BadParameter(
            f"`--field` must be NAME=COLUMN, NAME one of {', '.join(FIELDS)}; got {text!r}"
        )
    return name, column
