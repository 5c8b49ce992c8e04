"""`worktrial register`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from worktrial.protocol.registration import Endpoint, Registration


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("trial"), show_default=True,
    help="The folder of the run that is to come.",
)  # fmt: skip
def register(file: Path, out: Path) -> None:
    """Fix endpoints, margins and looks of FILE by a hash, before the first call.

    The same file again changes nothing; another one, or a run that has begun, is refused.
    """
    from worktrial.running.registering import register as fix

    click.echo("\n".join(_lines(fix(file, out))))


def _lines(registration: "Registration") -> Iterator[str]:
    from worktrial.report.words import one_line

    declared = registration.declaration
    yield f"registered {registration.registered.isoformat()}"
    yield f"sha256     {registration.sha256}"
    yield f"question   {one_line(declared.question)}"
    yield from (f"endpoint   {one_line(_endpoint(e))}" for e in declared.endpoints)
    if declared.looks:
        yield f"looks      after {', '.join(map(str, declared.looks))} items"
    if declared.course:
        yield f"course     {one_line(declared.course)}"
    if declared.seed is not None:
        yield f"seed       {declared.seed}"
    if declared.previous:
        yield f"previous   {declared.previous}"


def _endpoint(endpoint: "Endpoint") -> str:
    """An endpoint in a line: `order: difference of fidelity, a against b, margin 0.03`."""
    about = [*endpoint.workers, *(f"{one} against {two}" for one, two in endpoint.pairs)]
    what = f"{endpoint.gap} gap" if endpoint.gap else endpoint.kind
    where = [part for part in (endpoint.axis, endpoint.arm) if part]
    where += [f"step {endpoint.step}"] if endpoint.step else []
    words = [f"{endpoint.id}: {what} of {endpoint.trial} {endpoint.metric}", *where, *about]
    words += [f"margin {endpoint.margin:g}"] if endpoint.margin is not None else []
    words += [endpoint.direction] if endpoint.direction != "two-sided" else []
    return ", ".join(words)
