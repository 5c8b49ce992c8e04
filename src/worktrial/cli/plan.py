"""`worktrial plan`."""

import json
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from worktrial.estimate.planning import Target
    from worktrial.running.planning import Endpoint, Plan, Row, Spread, Usage

_WIDTH = 110
_WORDS = {
    "apart": "show a true difference of {size:g} (margin {margin:g})",
    "level": "show two that do not differ to be level within {size:g}",
    "precision": "an interval of at most ± {size:g}",
}


@click.command()
@click.option(
    "--pilot", type=click.Path(path_type=Path), metavar="RUN", help="A run that shows the spread."
)
@click.option("--worker", "names", multiple=True, help="Of the pilot. Repeatable.")
@click.option(
    "--of", "endpoint", type=click.Choice(["score", "gap", "difference"]),
    help="What is decided. [default: the difference of two workers, the gap of one]",
)  # fmt: skip
@click.option("--metric", default="fidelity", show_default=True)
@click.option("--trial", default="relay", show_default=True)
@click.option("--arm", help="Of the pilot, where it has several.")
@click.option("--sd", type=float, help="Instead of a pilot: of a score, between documents.")
@click.option("--within-sd", type=float, help="Of a score, between replicates of a document.")
@click.option(
    "--correlation", type=float, default=0.0, show_default=True,
    help="Of the two scores whose difference is taken.",
)  # fmt: skip
@click.option("--mean", type=float, help="Of the score, with --sd and --of score.")
@click.option("--difference", type=float, help="A true difference that is to be shown.")
@click.option("--half-width", type=float, help="Or: how far an interval may reach to a side.")
@click.option(
    "--margin", type=float,
    help="A difference that does not matter; alone: two that do not differ are to be shown level. "
    "[default: 0.03]",
)  # fmt: skip
@click.option("--power", type=float, default=0.9, show_default=True)
@click.option("--level", type=float, default=0.95, show_default=True)
@click.option("--workers", type=int, help="That take part. [default: the fewest]")
@click.option("--endpoints", type=int, help="Declared. [default: each pair, or each worker]")
@click.option("--replicates", type=int, help="That you will run. [default: the cheapest]")
@click.option("--strata", type=int, help="Domains. [default: the pilot's, or 1]")
@click.option("--legs", type=int, default=10, show_default=True, help="Of a relay, without pilot.")
@click.option(
    "--tokens-per-leg", type=(int, int), metavar="IN OUT", help="Instead of what the pilot used."
)
@click.option("--price-in", type=float, help="USD for a million tokens read.")
@click.option("--price-out", type=float, help="USD for a million tokens written.")
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def plan(
    pilot: Path | None,
    names: tuple[str, ...],
    endpoint: "Endpoint | None",
    metric: str,
    trial: str,
    arm: str | None,
    sd: float | None,
    within_sd: float | None,
    correlation: float,
    mean: float | None,
    difference: float | None,
    half_width: float | None,
    margin: float | None,
    power: float,
    level: float,
    workers: int | None,
    endpoints: int | None,
    replicates: int | None,
    strata: int | None,
    legs: int,
    tokens_per_leg: tuple[int, int] | None,
    price_in: float | None,
    price_out: float | None,
    seed: int,
    as_json: bool,
) -> None:
    """How many items, tokens and how much money a decision takes.

    The spread comes from a pilot or from --sd; the decision is --difference, --half-width or
    --margin alone. The number is checked by simulating the decision itself.
    """
    from worktrial.running import planning

    target = _target(difference, half_width, margin, power=power, level=level)
    if (pilot is None) == (sd is None):
        raise click.UsageError("give either `--pilot RUN` or `--sd`: where the spread comes from")
    usage = _usage(tokens_per_leg, legs)
    if pilot is not None:
        endpoint, spread, seen = planning.pilot(
            pilot, endpoint=endpoint, workers=names, metric=metric, trial=trial, arm=arm
        )
        usage = _seen(seen, tokens_per_leg)
    else:
        endpoint = endpoint or "difference"
        spread = planning.stated(
            endpoint, sd=sd or 0.0, within_sd=within_sd, correlation=correlation, mean=mean,
            target=target,
        )  # fmt: skip
    found = planning.plan(
        _stratified(spread, strata), usage, target,
        endpoint=endpoint, workers=workers, endpoints=endpoints, replicates=replicates,
        prices=planning.Prices(price_in, price_out), seed=seed,
    )  # fmt: skip
    if as_json:
        click.echo(json.dumps(found.record(), indent=1, ensure_ascii=False, allow_nan=False))
    else:
        click.echo("\n".join(_lines(found)))


def _target(
    difference: float | None,
    half_width: float | None,
    margin: float | None,
    *,
    power: float,
    level: float,
) -> "Target":
    from worktrial.estimate.planning import Target
    from worktrial.relay.worker import MARGIN

    if difference is not None and half_width is None:
        matters = MARGIN if margin is None else margin
        return Target("apart", difference, margin=matters, power=power, level=level)
    if half_width is not None and difference is None and margin is None:
        return Target("precision", half_width, power=power, level=level)
    if margin is not None and difference is None and half_width is None:
        return Target("level", margin, margin=margin, power=power, level=level)
    raise click.UsageError(
        "name one decision: `--difference D` (with `--margin`), `--half-width H` or `--margin M`"
    )


def _usage(tokens_per_leg: tuple[int, int] | None, legs: int) -> "Usage":
    from worktrial.running.planning import Usage

    if legs < 1:
        raise click.UsageError(f"`--legs` must be at least 1; got {legs}")
    if tokens_per_leg is None:
        return Usage(legs)
    return Usage(legs, legs * tokens_per_leg[0], legs * tokens_per_leg[1])


def _seen(seen: "Usage", tokens_per_leg: tuple[int, int] | None) -> "Usage":
    """What the pilot used; stated tokens win."""
    from worktrial.running.planning import Usage

    if tokens_per_leg is None or seen.generations is None:
        return seen
    tokens = (seen.generations * each for each in tokens_per_leg)
    return Usage(seen.generations, *tokens)


def _stratified(spread: "Spread", strata: int | None) -> "Spread":
    from dataclasses import replace

    if strata is not None and strata < 1:
        raise click.UsageError(f"`--strata` must be at least 1; got {strata}")
    return spread if strata is None else replace(spread, strata=strata)


def _lines(found: "Plan") -> Iterator[str]:
    from worktrial.report.words import one_line

    target, taken = found.target, found.row
    yield (
        f"To {_WORDS[target.goal].format(size=target.size, margin=target.margin)} with power "
        f"{target.power:g} at level {target.level:g}"
    )
    yield f"from: {one_line(found.spread.source)}"
    yield ""
    heads = ("", "replicates", "items", "power", "generations", "tokens in", "tokens out", "USD")
    table = [heads, *(_cells(row, row is taken) for row in found.rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        yield "  ".join(f"{c:>{w}}" for c, w in zip(cells, widths, strict=True)).rstrip()
    yield ""
    yield f"Take {taken.items} items × {taken.replicates} for {found.workers} worker(s)."
    for note in [_formula(taken), *found.notes]:
        yield from wrap(note, _WIDTH, subsequent_indent="  ")


def _formula(row: "Row") -> str:
    wrong = f"; {row.wrong:.1%} of them decide wrongly" if row.wrong else ""
    return (
        f"The textbook formula says {row.textbook}; power is the share of simulated runs of "
        f"{row.items} items that decide as they should{wrong}."
    )


def _cells(row: "Row", taken: bool) -> tuple[str, ...]:
    amounts = (row.generations, row.tokens_in, row.tokens_out)
    shown = ("–" if amount is None else f"{amount:,}" for amount in amounts)
    usd = "–" if row.usd is None else f"{row.usd:,.2f}"
    return (
        "→" if taken else "",
        str(row.replicates),
        str(row.items),
        f"{row.power:.2f}",
        *shown,
        usd,
    )
