"""`worktrial serve`: a run's report and Inspect's viewer beside it, in a browser."""

from contextlib import suppress
from pathlib import Path

import click

from worktrial.errors import ConfigError


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True,
    help="Port on this machine; 0 for any that is free.",
)  # fmt: skip
def serve(run: Path, port: int) -> None:
    """Serve the report of RUN and the viewer beside it, to this machine alone."""
    from worktrial.evidence import RunFolder
    from worktrial.report.serving import serve as serve_run

    folder = RunFolder(run).existing()
    if not folder.viewer.is_dir():
        raise ConfigError(
            f"{run} holds no viewer; make it with: worktrial report {run} --with-logs"
        )
    # Interrupting is how a server ends.
    with suppress(KeyboardInterrupt):
        serve_run(folder, port, ready=lambda at: click.echo(f"serving at {at}", err=True))
