"""`worktrial ablate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worktrial.cli.run import COURSES, DEFAULT_WORKER, read_arg, read_role
from worktrial.interface import full_path

if TYPE_CHECKING:
    from worktrial.trial import Ablation, Request


@click.command()
@click.argument("task", metavar="TASK")
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="MODEL",
    help="A worker: any Inspect model, embedded/NAME or reference/NAME. Repeatable. "
    f"[default: {DEFAULT_WORKER}]",
)
@click.option("-T", "args", multiple=True, metavar="NAME=VALUE", help="For the task. Repeatable.")
@click.option(
    "--arm",
    "arms",
    multiple=True,
    metavar="ARM",
    help="full, the same words in another form (full-2 to full-5), format_only, empty, wrong, "
    "permuted or no_input. Repeatable.  [default: all that the task allows]",
)
@click.option(
    "--instruction-field",
    metavar="FIELD",
    help="Where the instruction is inside the input: a field of each sample's metadata that holds "
    "it, or the very words.",
)
@click.option(
    "--arms",
    "arms_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Arms written out, in YAML or JSON: arm → template with {input} and {choices}.",
)
@click.option(
    "--scorer-key",
    metavar="KEY",
    help="Which score counts: a scorer, a key of its value, or SCORER/KEY.  [default: the first]",
)
@click.option("--course", type=click.Choice(COURSES), default="pocket", show_default=True)
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True)
@click.option("--items", "count", type=int, metavar="N", help="The most, instead of the course's.")
@click.option(
    "--replicates", type=int, default=1, show_default=True, help="Of each item under each arm."
)
@click.option(
    "--model-role",
    "model_roles",
    multiple=True,
    metavar="ROLE=MODEL",
    help="A model in a role of the task, such as grader=….",
)
@click.option("--temperature", type=click.FloatRange(0, 2), help="Of the workers.")
@click.option("-M", "model_args", multiple=True, metavar="NAME=VALUE", help="For embedded workers.")
@click.option(
    "--plan", "plan_only", is_flag=True, help="Show what was found, and what each arm would show."
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("ablation"), show_default=True,
    help="The run's folder; the same command goes on in it.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print findings.json instead of the table.")
def ablate(
    task: str,
    models: tuple[str, ...],
    args: tuple[str, ...],
    arms: tuple[str, ...],
    instruction_field: str | None,
    arms_file: Path | None,
    scorer_key: str | None,
    course: str,
    seed: int,
    count: int | None,
    replicates: int,
    model_roles: tuple[str, ...],
    temperature: float | None,
    model_args: tuple[str, ...],
    plan_only: bool,
    out: Path,
    as_json: bool,
) -> None:
    """Tell how much of a task's score is the instruction, and how much only the answer's form.

    TASK is any Inspect task: its registered name, file.py, or file.py@task. It runs unchanged, with
    its own solver, tools and scorer; only what a worker is shown of the instruction differs. What
    was found is said before any call is paid for. Killed at any moment, the same command goes on.
    """
    from worktrial.trial import Ablation, Request

    asked = Ablation(
        task=full_path(task),
        args=dict(map(task_arg, args)),
        instruction_field=instruction_field,
        arms_file=arms_file,
        scorer_key=scorer_key,
    )
    request = Request(
        workers=models or (DEFAULT_WORKER,),
        out=out,
        trials=("ablate",),
        arms=arms,
        course=course,
        seed=seed,
        replicates=replicates,
        items=count,
        ablation=asked,
        model_roles=dict(map(read_role, model_roles)),
        temperature=temperature,
        model_args=dict(map(read_arg, model_args)),
    )
    _carry_out(request, asked, plan_only=plan_only, as_json=as_json)


def _carry_out(request: "Request", asked: "Ablation", *, plan_only: bool, as_json: bool) -> None:
    from worktrial.cli.report import show
    from worktrial.instruction.plan import planned
    from worktrial.report.words import one_line
    from worktrial.running import run
    from worktrial.visible import visible

    plan = planned(asked, request.course, seed=request.seed, items=request.items)
    for line in plan.shown():
        click.echo(f"worktrial: {one_line(line, 400)}", err=True)
    if not plan_only:
        show(run(request), as_json=as_json)
        return
    for arm, text in plan.example().items():
        click.echo(f"--- {arm}\n{visible(text)}\n")


def task_arg(text: str) -> tuple[str, Any]:
    """An argument of the task, its value read as YAML, as Inspect does; or as it stands."""
    import yaml

    name, found, value = text.partition("=")
    if not found or not name:
        raise click.BadParameter(f"`-T` must be NAME=VALUE; got {text!r}")
    try:
        return name, yaml.safe_load(value)
    except yaml.YAMLError:
        return name, value
