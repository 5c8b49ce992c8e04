"""`worktrial trend`."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--baseline", type=click.Path(path_type=Path), metavar="RUN",
    help="The run in FOLDER that all later ones are held against. [default: the earliest]",
)  # fmt: skip
@click.option(
    "--margin",
    type=float,
    help="A difference that does not matter.  [default: each trial's own]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the trend as JSON.")
def trend(folder: Path, baseline: Path | None, margin: float | None, as_json: bool) -> None:
    """Follow workers over the runs of one protocol in FOLDER, and write FOLDER/trend.html.

    For every worker the score of each run, in order of time, and its difference from the first
    run, paired by item, with bounds that hold for all of the worker's runs at once. Runs that
    measured something else are named with what differs.
    """
    from worktrial.report.trend import publish_trend, trend_text
    from worktrial.running.trend import trend as follow

    found = follow(folder, baseline=baseline, margin=margin)
    page = publish_trend(found, folder)
    if as_json:
        click.echo(found.text(), nl=False)
    else:
        click.echo(trend_text(found), nl=False)
        click.echo(f"page: {page}")
