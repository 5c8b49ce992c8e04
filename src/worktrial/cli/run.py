"""`worktrial run`."""

from pathlib import Path
from typing import Any

import click

from worktrial import interface

COURSES = ("pocket", "standard", "full")
DEFAULT_WORKER = "embedded/smollm2-135m"


@click.command()
@click.option(
    "--model",
    multiple=True,
    metavar="MODEL",
    help=f"A worker: any Inspect model, embedded/NAME or reference/NAME. Repeatable. "
    f"[default: {DEFAULT_WORKER}]",
)
@click.option(
    "--trial",
    multiple=True,
    default=["relay"],
    show_default=True,
    help="relay, search, office or reasoning. Repeatable.",
)
@click.option("--course", type=click.Choice(COURSES), default="pocket", show_default=True)
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True)
@click.option(
    "--arm",
    multiple=True,
    metavar="ARM",
    help="Of the relay: rewrite, search_replace, tools, agent, or one in other words (rewrite-2); "
    "the first carries the horizon gap; with a change after a plus, a factor (rewrite+crowded, "
    "+alone, +repeated, +size-300, -1000, -3000, -10000, +conversation) or a remedy (+verify, "
    "+checkpoint-4, -10, +retry). Of the search: full_fixed_schema, full, concat, simulated, "
    "forced_ask. Of the office: native, completion, text_calls, file_rewrite, "
    "file_search_replace, file_tools, midway, apart-1 (-5, -20, -50), mcp, crowded-5 (-20, -100), "
    "renamed, paged, limited, scoped, faulty. Repeatable.  [default: rewrite; full_fixed_schema, "
    "full, simulated; of the office a few in the pocket course, otherwise all]",
)
@click.option(
    "--replicates", type=int, default=1, show_default=True, help="Of each item under each arm."
)
@click.option(
    "--protocol",
    type=click.Path(path_type=Path),
    metavar="FILE|NAME",
    help="Repeat a protocol.json, or a published protocol by its name: its course, seed, arms and "
    "replicates. Published are relay-standard, search-standard and office-standard.",
)
@click.option("--domain", multiple=True, help="Only these domains. Repeatable.")
@click.option(
    "--family",
    multiple=True,
    metavar="NAME",
    help="Of the reasoning trial only these puzzles: crossword, acrostic, logic, cryptogram, "
    "sudoku, dropquote, calculation, or any of reasoning-gym as gym:NAME. Repeatable.",
)
@click.option(
    "--documents",
    type=click.Path(path_type=Path),
    metavar="FOLDER|FILE",
    help="Your own documents, instead of fresh ones: files of any kind, folders inside included; "
    "or delegate52.jsonl as it was published. What domain each gets and why, and what is refused, "
    "is said first.",
)
@click.option(
    "--edits",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own edits of them, in your words; a YAML file.",
)
@click.option(
    "--puzzles",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="LR²Bench's own files, which you have, instead of fresh puzzles.",
)
@click.option("--items", type=int, help="Of each trial, instead of the course's.")
@click.option("--round-trips", type=int, help="Per relay, instead of the course's.")
@click.option("--size", type=int, metavar="TOKENS", help="Of a document, instead of the course's.")
@click.option(
    "--distractors", type=int, metavar="TOKENS", help="Beside it, instead of the course's."
)
@click.option("--pages", type=int, help="Of the world that is searched, instead of the course's.")
@click.option(
    "--tasks",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own search tasks as JSON, instead of fresh ones.",
)
@click.option(
    "--audit",
    metavar="ITEMS",
    help="Is a benchmark memorised: its items in a file, as `worktrial audit` takes them with its "
    "defaults. A trial more.",
)
@click.option(
    "--ablate",
    metavar="TASK",
    help="How much of an Inspect task's score is its instruction, as `worktrial ablate` tells it "
    "with its defaults. A trial more.",
)
@click.option(
    "--agent",
    metavar="AGENT",
    help="A registered Inspect agent as the worker: of the search, of the office, and of the relay "
    "under its arm agent, which is the usual one then.",
)
@click.option(
    "--sandbox",
    metavar="TYPE[:FILE]",
    help="Where the relay's agent works, as Inspect knows it: docker, docker:compose.yaml, k8s. "
    "local is none: what the agent executes is executed on this machine, with your rights. "
    "[default: docker]",
)
@click.option(
    "--model-role",
    multiple=True,
    metavar="ROLE=MODEL",
    help="A model beside the workers: user=… puts the simulated user's lines into its own words, "
    "reader=… reads answers; judge=… rates traces of the reasoning trial.",
)
@click.option("--temperature", type=click.FloatRange(0, 2), help="Of the workers.")
@click.option("-M", "model_args", multiple=True, metavar="NAME=VALUE", help="For embedded workers.")
@click.option(
    "--compare-until-decided",
    is_flag=True,
    help="End as soon as it is decided which of two workers keeps more.",
)
@click.option(
    "--margin",
    type=float,
    metavar="D",
    help="A difference in fidelity that does not matter, in a run until decided. [default: 0.03]",
)
@click.option(
    "--looks",
    type=int,
    metavar="N",
    help="How often to look, in a run until decided. "
    "[default: 6, or as many as leave 12 documents to the first look; at least 4]",
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("trial"), show_default=True,
    help="The run's folder; the same command goes on in it.",
)  # fmt: skip
@click.option(
    "--executor",
    type=click.Choice(("local", "ray")),
    default="local",
    show_default=True,
    help="Where: this machine, or the machines of a Ray cluster that see --out under one path.",
)
@click.option(
    "--processes",
    type=int,
    metavar="N",
    help="As many at the same time, for work that takes more than one core. "
    "[default: 1; with Ray as many as the cluster has CPUs]",
)
@click.option(
    "--address",
    metavar="HOST:PORT",
    help="Of the Ray cluster. [default: the one that runs here; otherwise one is started]",
)
@click.option(
    "--connections",
    type=int,
    metavar="N",
    help="Calls to each provider at the same time, of all processes together. "
    "[default: Inspect adapts, up to 100]",
)
@click.option(
    "--budget-usd",
    type=float,
    metavar="X",
    help="US dollars that the run may spend in all. It ends before, with complete items alone, and "
    "goes on with a larger budget; what it is likely to take is said before the first call.",
)
@click.option(
    "--budget-tokens",
    type=int,
    metavar="N",
    help="Likewise tokens, read and written, of workers and of models beside them.",
)
@click.option(
    "--prices",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="US dollars a million tokens by model, JSON or YAML of input, output and cached, as "
    "`worktrial report` takes it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print findings.json instead of the table.")
def run(
    as_json: bool, model_role: tuple[str, ...], model_args: tuple[str, ...], **options: Any
) -> None:
    """Run trials, or go on with a run that was interrupted, and write its report.

    Interrupted (exit code 130) or killed at any moment, the same command goes on: finished
    generations are kept and none is counted twice. Items that a provider lost are missing, and are
    asked for again by the same command.
    """
    from worktrial.cli.report import tell

    if options["puzzles"] is not None:
        _say_missed(options["puzzles"])
    if options["sandbox"] == "local":
        _say_bare()
    options["model"] = options["model"] or DEFAULT_WORKER
    done = interface.run(
        **options,
        model_role=dict(map(read_role, model_role)),
        model_args=dict(map(read_arg, model_args)),
    )
    tell(done.folder, done.findings, as_json=as_json)


def _say_bare() -> None:
    """What is executed, and where, when nothing is between the agent and this machine."""
    click.echo(
        "worktrial: `--sandbox local` is no sandbox: what the agent executes is executed on this "
        "machine, with your rights",
        err=True,
    )


_MOST_MISSED = 20


def _say_missed(folder: Path) -> None:
    """Which lines of published puzzles are left out, and why."""
    from worktrial.reasoning.published import published

    missed = published(folder).missed
    for line in missed[:_MOST_MISSED]:
        click.echo(f"worktrial: {line}; left out", err=True)
    if len(missed) > _MOST_MISSED:
        click.echo(f"worktrial: {len(missed) - _MOST_MISSED} more lines left out", err=True)


def read_role(text: str) -> tuple[str, str]:
    """A role of `--model-role`, and the model in it."""
    name, found, model = text.partition("=")
    if not found or not name or not model:
        raise click.BadParameter(f"`--model-role` must be ROLE=MODEL; got {text!r}")
    return name, model


def read_arg(text: str) -> tuple[str, int | float | str]:
    """An argument of `-M`: its name, and its value as a number where it is one."""
    name, found, value = text.partition("=")
    if not found or not name:
        raise click.BadParameter(f"`-M` must be NAME=VALUE; got {text!r}")
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, value
