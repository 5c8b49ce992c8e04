"""`worktrial control`: does a gain need the true signal?"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from worktrial.training.asked import Asked
    from worktrial.training.jobs import Ended, Job

_GIB = 2**30
_SHARED = [
    click.option("--quick", is_flag=True, help="Fewer arms, seeds and bases: minutes."),
    click.option(
        "--model", "models", multiple=True, metavar="MODEL",
        help="A base of your own: a folder in Hugging Face's form, a GGUF file, or smollm2-135m. "
        "Repeatable.  [default: small ones, trained from scratch]",
    ),
    click.option(
        "--data", metavar="DATA",
        help="What to train on: a JSONL file of your own, or a name; see docs.",
    ),
    click.option("--arm", "arms", multiple=True, metavar="ARM", help="Which arms. Repeatable."),
    click.option("--seeds", type=click.IntRange(1, 1000), help="Runs of each arm on each base."),
    click.option("--bases", type=click.IntRange(1, 1000), help="How many small bases."),
    click.option("--items", type=click.IntRange(2, 100_000), help="How much is measured."),
    click.option("--steps", type=click.IntRange(1), help="Updates of the weights."),
    click.option("--every", type=click.IntRange(1), help="Steps between checkpoints."),
    click.option("--rate", type=click.FloatRange(0, min_open=True), help="The learning rate."),
    click.option(
        "--try-rate", "rates", multiple=True, type=click.FloatRange(0, min_open=True),
        help="One more learning rate, tried with one seed and reported. Repeatable.",
    ),
    click.option("--batch", type=click.IntRange(1), help="Prompts, or examples, of a batch."),
    click.option("--longest", type=click.IntRange(1), help="Tokens of a completion at most."),
    click.option("--seed", type=click.IntRange(0), default=7, show_default=True),
    click.option("--jobs", type=click.IntRange(1), help="Runs at the same time."),
    click.option(
        "--threads", type=click.IntRange(1), default=1, show_default=True,
        help="Of each run; numbers depend on it.",
    ),
    click.option(
        "--memory-gib", type=click.FloatRange(0, min_open=True),
        help="What a run may take; one that wants more ends, and the others go on.",
    ),
    click.option(
        "--out", type=click.Path(path_type=Path), default=Path("control"), show_default=True,
        help="The control's folder; the same command goes on in it.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print findings.json, not the table."),
]  # fmt: skip


def _shared(command: Any) -> Any:
    for option in reversed(_SHARED):
        command = option(command)
    return command


@click.group()
def control() -> None:
    """Tell whether a gain in training needs the true signal: a correct reward, an instruction."""


@control.command()
@_shared
@click.option(
    "--gamma",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Chance of the random reward.",
)
@click.option(
    "--generations", type=click.IntRange(2), help="Completions of a prompt, which are a group."
)
@click.option(
    "--updates", type=click.IntRange(1), help="Of the weights for each batch of rollouts."
)
@click.option(
    "--operations",
    type=click.IntRange(1, 20),
    default=1,
    show_default=True,
    help="Of a calculation in words.",
)
def rewards(**given: Any) -> None:
    """Train under a correct reward and under spurious ones: which metric rises under which?

    Arms: correct, format, random, inverted, majority, majority-offline, majority-incorrect. Data:
    sums, calculation, or a JSONL file with question, answer and set (train, clean, memorised).
    """
    from worktrial.training.ask import ask_rewards

    _carry_out(ask_rewards(given), given)


@control.command()
@_shared
def instructions(**given: Any) -> None:
    """Tune with the instruction and without: how much of the gain is the output's form?

    Arms: full, output-space, empty, delusive, response-only. Data: families, or a JSONL file with
    task, split (train, test), instruction, input, output, and outputs where there are few.
    """
    from worktrial.training.ask import ask_instructions

    _carry_out(ask_instructions(given), given)


def _carry_out(asked: "Asked", given: dict[str, Any]) -> None:
    from worktrial.cli.report import show_control
    from worktrial.running.progress import showing
    from worktrial.training.run import Workshop

    out, memory = given["out"], given["memory_gib"]
    if memory and not Path("/proc/self/statm").is_file():
        raise click.UsageError("`--memory-gib` needs Linux; leave it out")
    asked.keep(out)
    workshop = Workshop(
        asked,
        out,
        jobs=given["jobs"] or _jobs(),
        memory=int(memory * _GIB) if memory else None,
        told=_told,
    )
    with showing(workshop.left(), "training"):
        workshop.work()
    show_control(out, as_json=given["as_json"])


def _jobs() -> int:
    """A run a core; one where they would share a GPU."""
    import torch

    from worktrial.workers.engine import own_cores

    return 1 if torch.cuda.is_available() else own_cores()


def _told(job: "Job", ended: "Ended") -> None:
    from worktrial.report.words import one_line

    why = f": {one_line(ended.why, 200)}" if ended.why else ""
    click.echo(f"worktrial: {job.name} {ended.outcome.replace('_', ' ')}{why}", err=True)
