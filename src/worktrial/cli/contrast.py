"""`worktrial contrast`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worktrial.cli.ablate import task_arg
from worktrial.cli.run import DEFAULT_WORKER, read_arg, read_role
from worktrial.interface import full_path

if TYPE_CHECKING:
    from worktrial.trial import Contrast, Request


_ARMS = 2


@click.command()
@click.argument("proxy", metavar="PROXY")
@click.argument("work", required=False, metavar="[WORK]")
@click.option(
    "--proxy", "proxy_name", metavar="NAME",
    help="What the proxy is called; of a table, in its column arm.",
)  # fmt: skip
@click.option(
    "--work", "work_name", metavar="NAME",
    help="What the work is called; of a table, in its column arm.",
)  # fmt: skip
@click.option(
    "--pair", metavar="FIELD",
    help="What makes items of PROXY and WORK the same: id, a field of the samples, or none."
    "  [default: id for a table, else none]",
)  # fmt: skip
@click.option(
    "--cluster", metavar="FIELD",
    help="A field of the samples: the unit that is independent of others.  [default: the item]",
)  # fmt: skip
@click.option(
    "--scorer-key", "scorer_keys", multiple=True, metavar="KEY",
    help="Which score counts: a scorer, a metric, a key of its value. Once for both, or once for "
    "PROXY and again for WORK.  [default: the first]",
)  # fmt: skip
@click.option(
    "--rename", "renames", multiple=True, metavar="OLD=NEW",
    help="A worker that is called otherwise under the two. Repeatable.",
)  # fmt: skip
@click.option(
    "--model", "models", multiple=True, metavar="MODEL",
    help="Of tasks: a worker, any Inspect model, embedded/NAME or reference/NAME. Repeatable. "
    f"[default: {DEFAULT_WORKER}]",
)  # fmt: skip
@click.option(
    "--proxy-arg", "proxy_args", multiple=True, metavar="NAME=VALUE",
    help="For the proxy task. Repeatable.",
)  # fmt: skip
@click.option(
    "--work-arg", "work_args", multiple=True, metavar="NAME=VALUE",
    help="For the work task. Repeatable.",
)  # fmt: skip
@click.option(
    "--items", "count", type=int, metavar="N", help="Of tasks: the most of each.  [default: all]"
)
@click.option(
    "--replicates", type=int, metavar="N",
    help="Of tasks: how often each item is run.  [default: 1]",
)  # fmt: skip
@click.option(
    "--model-role", "model_roles", multiple=True, metavar="ROLE=MODEL",
    help="Of tasks: a model in a role, such as grader=….",
)  # fmt: skip
@click.option("--temperature", type=click.FloatRange(0, 2), help="Of tasks: of the workers.")
@click.option("-M", "model_args", multiple=True, metavar="NAME=VALUE", help="For embedded workers.")
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("contrast"), show_default=True,
    help="The run's folder; the same command goes on in it.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print findings.json instead of the table.")
def contrast(
    proxy: str,
    work: str | None,
    proxy_name: str | None,
    work_name: str | None,
    pair: str | None,
    cluster: str | None,
    scorer_keys: tuple[str, ...],
    renames: tuple[str, ...],
    models: tuple[str, ...],
    proxy_args: tuple[str, ...],
    work_args: tuple[str, ...],
    count: int | None,
    replicates: int | None,
    model_roles: tuple[str, ...],
    temperature: float | None,
    model_args: tuple[str, ...],
    seed: int,
    out: Path,
    as_json: bool,
) -> None:
    """Hold any benchmark against any work: what of its scores and of its order is left?

    PROXY and WORK are two Inspect tasks, which are run; or results that are there: folders of
    Inspect logs, promptfoo's out.json, DeepEval's test_run_….json, lm-evaluation-harness's
    samples_….jsonl. PROXY alone is a table of both, CSV or Parquet, with the columns worker, item,
    arm, score and, if you have them, cluster, replicate and cost.
    """
    from worktrial.contrast.reading import is_brought
    from worktrial.trial import Contrast, Request

    asked = Contrast(
        proxy=proxy,
        work=work,
        proxy_name=proxy_name,
        work_name=work_name,
        pair=pair,
        cluster=cluster,
        scorer_keys=scorer_keys,
        proxy_args=dict(map(task_arg, proxy_args)),
        work_args=dict(map(task_arg, work_args)),
        rename=dict(map(_rename, renames)),
    )
    if len(scorer_keys) > _ARMS:
        raise click.UsageError("`--scorer-key` is given once, or once for each of the two")
    if is_brought(asked):
        _refuse_of_tasks(
            model=models, proxy_arg=proxy_args, work_arg=work_args, items=count,
            replicates=replicates, model_role=model_roles, temperature=temperature,
        )  # fmt: skip
        _bring(asked, out, seed, as_json=as_json)
        return
    request = Request(
        workers=models or (DEFAULT_WORKER,),
        out=out,
        trials=("contrast",),
        course="whole" if count is None else "part",
        seed=seed,
        replicates=1 if replicates is None else replicates,
        items=count,
        contrast=replace(asked, proxy=full_path(proxy), work=full_path(work or "")),
        model_roles=dict(map(read_role, model_roles)),
        temperature=temperature,
        model_args=dict(map(read_arg, model_args)),
    )
    _run(request, as_json=as_json)


def _refuse_of_tasks(**options: object) -> None:
    given = [name.replace("_", "-") for name, value in options.items() if value not in (None, ())]
    if given:
        raise click.UsageError(f"`--{given[0]}` is for tasks, which are run; these are results")


def _bring(asked: "Contrast", out: Path, seed: int, *, as_json: bool) -> None:
    from worktrial.cli.report import show
    from worktrial.contrast.reading import read_brought
    from worktrial.evidence import RunFolder
    from worktrial.running.contrast import bring, said_of

    brought, folder = read_brought(asked), RunFolder(out)
    for line in said_of(brought):
        _say(line)
    bring(brought, asked, folder, seed=seed)
    show(folder, as_json=as_json)


def _run(request: "Request", *, as_json: bool) -> None:
    from worktrial.cli.report import show
    from worktrial.running import run
    from worktrial.running.contrast import said_of_items
    from worktrial.running.trials import TRIALS

    for line in said_of_items(TRIALS["contrast"].draw(request)):
        _say(line)
    show(run(request), as_json=as_json)


def _say(line: str) -> None:
    from worktrial.report.words import one_line

    click.echo(f"worktrial: {one_line(line)}", err=True)


def _rename(text: str) -> tuple[str, str]:
    old, found, new = text.partition("=")
    if not found or not old or not new:
        raise click.BadParameter(f"`--rename` must be OLD=NEW; got {text!r}")
    return old, new
