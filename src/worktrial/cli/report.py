"""`worktrial report`, and how a command shows what a run found."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from worktrial.evidence import RunFolder
    from worktrial.report.standing import Brought


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
def report(run: Path, as_json: bool, leaderboard: Path | None, weights: Path | None) -> None:
    """Rebuild evidence, findings and report of RUN from its logs, calling no model."""
    from worktrial.evidence import RunFolder
    from worktrial.report import bring
    from worktrial.running import extract
    from worktrial.training.asked import is_control

    if is_control(run):
        _refuse_brought(leaderboard, weights)
        show_control(run, as_json=as_json)
        return
    folder = RunFolder(run).existing()
    brought = bring(folder, leaderboard=leaderboard, weights=weights)
    extract(folder)
    show(folder, as_json=as_json, brought=brought)


def _refuse_brought(leaderboard: Path | None, weights: Path | None) -> None:
    if leaderboard or weights:
        raise click.UsageError(
            "`--leaderboard` and `--weights` rank workers on trial; a control has none"
        )


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


def show(folder: "RunFolder", *, as_json: bool, brought: "Brought | None" = None) -> None:
    """Write a run's findings and page, and print the summary and where the page is."""
    from worktrial.report import public_page, public_text, publish, summary
    from worktrial.running.looks import looks_text

    findings = publish(folder, brought)
    if as_json:
        click.echo(findings.text(), nl=False)
        return
    click.echo(summary(findings))
    if brought and brought.leaderboard:
        click.echo(public_text(public_page(findings, brought.leaderboard)))
    if looks := looks_text(folder):
        click.echo(looks)
    click.echo(f"report: {folder.report}")
