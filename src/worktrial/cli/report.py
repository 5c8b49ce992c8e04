"""`worktrial report`, and how a command shows what a run found."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from worktrial.evidence import RunFolder
    from worktrial.evidence.findings import Findings
    from worktrial.report.brought import Brought
    from worktrial.report.viewer import Viewer

_LARGE = 100_000_000
"""Bytes of a viewer from which on its size is said."""


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print findings.json instead of the table.")
@click.option(
    "--leaderboard",
    type=click.Path(path_type=Path),
    help="Public scores, CSV of model,benchmark,score and, for their errors, items, low and high, "
    "or stderr: shows where the public rank and the rank at work differ.",
)
@click.option(
    "--weights",
    type=click.Path(path_type=Path),
    help="What each axis counts, JSON or YAML: shows who is best by these weights and ones near "
    "them. Only of an office.",
)
@click.option(
    "--prices",
    type=click.Path(path_type=Path),
    help="US dollars a million tokens by worker, JSON or YAML of input, output and cached: shows "
    "what an accepted job costs.",
)
@click.option(
    "--accepted",
    type=click.Path(path_type=Path),
    help="Which jobs were accepted by those who asked for them, CSV or Parquet of worker, item, "
    "accepted (yes or no) and, if known, minutes to mend, trial, replicate: shows whether the gap "
    "tells it better than the benchmark's score does.",
)
@click.option(
    "--with-logs",
    is_flag=True,
    help="Put Inspect's own viewer of the logs into RUN/viewer, and link every sample that the "
    "report shows to it. Look before you publish: logs hold all that was said.",
)
@click.option(
    "--export", "exports", type=click.Path(path_type=Path), multiple=True, metavar="FILE",
    help="Write the findings there, too, by the file's ending: .csv or .parquet, the estimates; "
    ".xml, the claims as JUnit; .md, a summary for a pull request; .json, all. Repeatable.",
)  # fmt: skip
def report(
    run: Path,
    as_json: bool,
    leaderboard: Path | None,
    weights: Path | None,
    prices: Path | None,
    accepted: Path | None,
    with_logs: bool,
    exports: tuple[Path, ...],
) -> None:
    """Rebuild evidence, findings and report of RUN from its logs, calling no model."""
    from worktrial.cli.exports import check_exports, write_exports
    from worktrial.evidence import RunFolder
    from worktrial.report import bring, bundle
    from worktrial.running import extract
    from worktrial.training.asked import is_control

    folder = RunFolder(run)
    check_exports(exports, folder)
    if is_control(run):
        _refuse_brought(leaderboard, weights, prices, accepted)
        _refuse_logs(with_logs)
        show_control(run, as_json=as_json)
    else:
        brought = bring(
            folder.existing(),
            leaderboard=leaderboard,
            weights=weights,
            prices=prices,
            accepted=accepted,
        )
        extract(folder)
        viewer = bundle(folder) if with_logs else None
        show(folder, as_json=as_json, brought=brought, viewer=viewer)
        if viewer is not None:
            _say_how_to_open(folder, as_json=as_json)
    write_exports(exports, folder)


def _refuse_brought(*brought: Path | None) -> None:
    if any(brought):
        raise click.UsageError(
            "`--leaderboard`, `--weights`, `--prices` and `--accepted` are about workers; a "
            "control has none"
        )


def _refuse_logs(with_logs: bool) -> None:
    if with_logs:
        raise click.UsageError("`--with-logs` is about Inspect's logs, and a control has none")


def _say_how_to_open(folder: "RunFolder", *, as_json: bool) -> None:
    """Say how the viewer is opened, as it needs a server, and how large it is if that is much."""
    from worktrial.report.viewer import size_bytes

    click.echo(f"viewer: worktrial serve {folder.path}", err=as_json)
    size = size_bytes(folder.viewer)
    if size > _LARGE:
        click.echo(f"{folder.viewer} holds {size / 1e6:,.0f} MB", err=True)


def show_control(run: Path, *, as_json: bool) -> None:
    """Gather a control's evidence anew, write its findings and page, and print them."""
    from worktrial.report.control_page import publish_control
    from worktrial.report.control_text import control_text
    from worktrial.training.asked import Asked
    from worktrial.training.run import gather

    gather(Asked.read(run), run)
    findings = publish_control(run)
    click.echo(findings.text() if as_json else control_text(findings), nl=False)
    if not as_json:
        click.echo(f"report: {run / 'report.html'}")


def show(
    folder: "RunFolder",
    *,
    as_json: bool,
    brought: "Brought | None" = None,
    viewer: "Viewer | None" = None,
) -> None:
    """Write a run's findings and page, and print the summary and where the page is."""
    from worktrial.report import publish

    findings = publish(folder, brought, viewer=viewer)
    tell(folder, findings, as_json=as_json, brought=brought)


def tell(
    folder: "RunFolder", findings: "Findings", *, as_json: bool, brought: "Brought | None" = None
) -> None:
    """Print the summary of a run and where its page is, or its findings."""
    from worktrial.report import public_page, public_text, summary
    from worktrial.running.looks import looks_text

    if as_json:
        click.echo(findings.text(), nl=False)
        return
    click.echo(summary(findings))
    if brought and brought.leaderboard:
        click.echo(public_text(public_page(findings, brought.leaderboard)))
    if looks := looks_text(folder):
        click.echo(looks)
    click.echo(f"report: {folder.report}")
