"""`worktrial compare`."""

from pathlib import Path

import click

CANNOT_TELL = 3


@click.command()
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@click.option(
    "--margin",
    type=float,
    help="The smallest difference that matters.  [default: each trial's own]",
)
@click.option(
    "--bridge",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="A run that shares A's or B's protocol, and a worker with the other.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def compare(a: Path, b: Path, margin: float | None, bridge: Path | None, as_json: bool) -> int:
    """Compare the workers of run A with those of run B, paired by item and arm.

    Leaves with 0 where every two are known to be level or apart, with 3 where the data cannot
    tell, and with 4 where the runs did not measure the same: then it names each difference and
    what would make them comparable.
    """
    from worktrial.comparison.pairs import decided
    from worktrial.report import comparison_text
    from worktrial.running.compare import compare as carry_out

    found = carry_out(a, b, margin=margin, bridge=bridge)
    click.echo(
        found.text() if as_json else comparison_text(found.estimates, found.claims), nl=False
    )
    return 0 if decided(found.claims) else CANNOT_TELL
