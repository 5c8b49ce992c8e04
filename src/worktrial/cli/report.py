"""`worktrial report`, and how a command shows what a run found."""

from pathlib import Path

import click

from worktrial.evidence import RunFolder


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print findings.json instead of the table.")
def report(run: Path, as_json: bool) -> None:
    """Rebuild evidence, findings and report of RUN from its logs, calling no model."""
    from worktrial.running import extract

    folder = RunFolder(run).existing()
    extract(folder)
    show(folder, as_json=as_json)


def show(folder: RunFolder, *, as_json: bool) -> None:
    """Write a run's findings and page, and print the summary and where the page is."""
    from worktrial.report import publish, summary
    from worktrial.running.looks import looks_text

    findings = publish(folder)
    if as_json:
        click.echo(findings.text(), nl=False)
    else:
        click.echo(summary(findings))
        if looks := looks_text(folder):
            click.echo(looks)
        click.echo(f"report: {folder.report}")
