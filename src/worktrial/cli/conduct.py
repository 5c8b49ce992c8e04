"""`worktrial conduct`: how results were reached, from any Inspect log."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from worktrial.conduct.findings import ConductFindings
    from worktrial.conduct.mapping import ToolMap


@click.command()
@click.argument("logs", nargs=-1, required=True, metavar="LOGS...")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option(
    "--map", "mapping", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="What your tools do, in YAML; its entries come before those built in.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Write DIR/conduct.html: the findings, and of each worker a few trajectories to read.",
)  # fmt: skip
def conduct(logs: tuple[str, ...], as_json: bool, mapping: Path | None, out: Path | None) -> None:
    """Tell how results were reached, from Inspect logs, calling no model.

    LOGS are files, folders or URIs, of any task and of any version. A log or a sample that cannot
    be read costs one line; the others are read.
    """
    from worktrial.conduct.findings import conduct_findings
    from worktrial.conduct.reading import read_trajectories
    from worktrial.report.conduct_text import conduct_text

    found = conduct_findings(read_trajectories(logs, _tools(mapping)))
    _say_unread(found)
    page = _write(out, found) if out is not None else None
    if as_json:
        click.echo(found.text(), nl=False)
        return
    click.echo(conduct_text(found), nl=False)
    if page is not None:
        click.echo(f"report: {page}")


def _tools(mapping: Path | None) -> "ToolMap":
    from worktrial.conduct.mapping import ToolMap

    return ToolMap.default() if mapping is None else ToolMap.read(mapping)


def _say_unread(found: "ConductFindings") -> None:
    """A line for each thing that was not read; an error where there is nothing else."""
    from worktrial.errors import EvidenceError
    from worktrial.report.words import one_line

    for unread in found.unread:
        sample = "" if unread.sample is None else f", sample {one_line(unread.sample, 80)}"
        what = f"{one_line(unread.log, 200)}{sample}: {one_line(unread.why)}"
        click.echo(f"worktrial: not read: {what}", err=True)
    if not found.workers:
        raise EvidenceError(
            f"no sample could be read ({len(found.unread)} not read); name Inspect logs, .eval or "
            ".json, or folders that hold some"
        )
    if found.unread:
        read = sum(worker.items for worker in found.workers)
        click.echo(f"worktrial: {len(found.unread)} not read, {read} samples read", err=True)


def _write(out: Path, found: "ConductFindings") -> Path:
    from worktrial.errors import ConfigError
    from worktrial.evidence.folder import write_whole
    from worktrial.report.conduct_page import render_conduct

    page = out / "conduct.html"
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_whole(page, render_conduct(found))
    except OSError as error:
        raise ConfigError(f"`--out` {out} cannot be written: {error.strerror}") from None
    return page
