"""`worktrial calibrate`."""

import math
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from worktrial.calibration.case import Result
    from worktrial.calibration.run import Calibration

MISSED = 1


@click.command()
@click.option(
    "--quick",
    is_flag=True,
    help="One replicate in twenty, one size a claim: about a minute on two cores.",
)
@click.option("--only", multiple=True, metavar="ESTIMATOR", help="Only its cases. Repeatable.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--processes", type=click.IntRange(1), help="[default: one a core]")
@click.option("--json", "as_json", is_flag=True, help="Print every case as JSON.")
@click.option(
    "--summary",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write each claim's worst case there, as reports show it.",
)
def calibrate(
    quick: bool,
    only: tuple[str, ...],
    seed: int,
    processes: int | None,
    as_json: bool,
    summary: Path | None,
) -> int:
    """Hold every claim of the instrument against simulated truth.

    Coverage, type I error and power of every estimator that a report uses, each by an exact
    binomial test against its level, and known-bad methods that must be caught. Leaves with 1 and
    names the estimator where a claim does not hold.
    """
    from worktrial.calibration.run import calibrate as carry_out

    if summary is not None:
        _check(summary, only)
    found = carry_out(seed=seed, quick=quick, only=only, processes=processes, listen=_progress)
    click.echo(found.text() if as_json else "\n".join(_lines(found)), nl=not as_json)
    if summary is not None:
        _write(summary, found)
    return 0 if found.sound else MISSED


def _check(summary: Path, only: tuple[str, ...]) -> None:
    """Refuse before half an hour of simulation what could not be written after it."""
    from worktrial.errors import ConfigError

    if only:
        raise ConfigError("`--summary` is of every claim; leave `--only` out, or leave it out")
    if not summary.absolute().parent.is_dir():
        raise ConfigError(
            f"`--summary` must be a file in a folder that is there; got {summary}; make it first"
        )


def _write(path: Path, found: "Calibration") -> None:
    from worktrial.calibration.summary import summarised
    from worktrial.errors import ConfigError

    try:
        path.write_text(summarised(found).text(), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"`--summary` {path} cannot be written: {error.strerror}") from None


def _progress(result: "Result") -> None:
    if not result.sound:
        print(f"MISSED: {result.case.name}: {result.rate:.4f}", file=sys.stderr, flush=True)


def _lines(found: "Calibration") -> Iterator[str]:
    """One line a case, under its estimator and claim; then what did not hold."""
    for head, results in groupby(found.results, key=lambda r: (r.case.estimator, r.case.claim)):
        yield f"{head[0]}: {_IN_WORDS[head[1]]}"
        for result in results:
            yield _line(result)
    missed = [result for result in found.results if not result.sound]
    yield ""
    yield f"{len(found.results)} claims, {len(missed)} not as they should be"
    yield from (f"  {result.case.name}: {result.rate:.4f}" for result in missed)


_IN_WORDS = {
    "coverage": "covers the truth at least as often as it says",
    "type-one": "errs no more often than it says",
    "power": "decides at least as often as it says",
}


def _line(result: "Result") -> str:
    case = result.case
    kind = "caught" if case.control and result.sound else "holds" if result.sound else "MISSED"
    kind = "known miss" if case.limit and result.missed else kind
    widths = ""
    if not math.isnan(result.width):
        widths = f"  width {result.width:.3f}"
    if not math.isnan(result.reference):
        widths += f", reference {result.reference:.3f}"
    return (
        f"  {kind:10} {result.rate:.4f} against {case.nominal:.2f}  "
        f"{case.clusters:>3} clusters  {case.truth}{widths}"
    )
