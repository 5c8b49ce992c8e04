"""Findings of conduct in a terminal."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from worktrial.conduct.findings import ConductFindings, WorkerRecord
from worktrial.report.conduct import ConductRow, WorkerConduct
from worktrial.report.text import WIDTH
from worktrial.report.words import one_line

_NAME, _VALUE = 46, 30
_TOOLS = 12


def conduct_text(found: ConductFindings) -> str:
    """Write what trajectories say of each worker.

    Args:
        found: What was found.

    Returns:
        Lines of at most 110 columns. Workers stand in order of name, never of score.
    """
    lines = [line for worker in found.workers for line in _worker(found, worker)]
    lines += [*_unmapped(found), *_legend(found)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _worker(found: ConductFindings, worker: WorkerRecord) -> Iterator[str]:
    conduct = WorkerConduct(found, worker.worker)
    repeated = f", {worker.clusters} different" if worker.clusters < worker.items else ""
    yield f"{one_line(worker.worker, 80)} · {worker.items} samples{repeated}"
    for words, rows in conduct.families():
        yield from _section(words, rows)
    yield from _section("consistency, beside accuracy", conduct.consistency())
    yield from _section("conduct gap", conduct.gap())
    yield from _missing(conduct)
    yield ""


def _section(head: str, rows: Sequence[ConductRow]) -> Iterator[str]:
    if rows:
        yield f"  {head}"
    for row in rows:
        name, value = wrap(row.name, _NAME) or [""], f"{row.text:{_VALUE}}"
        yield f"    {name[0]:{_NAME}}  {value}{row.items:6,} samples  {row.status}"
        yield from (f"      {rest}" for rest in name[1:])
        if row.why:
            yield from _wrapped(f"– {one_line(row.why)}", 6)


def _missing(conduct: WorkerConduct) -> Iterator[str]:
    missing = conduct.missing()
    if missing:
        yield "  not measurable"
    for reason, names in missing.items():
        yield from _wrapped(f"{', '.join(names)}: {one_line(reason)}", 4)


def _unmapped(found: ConductFindings) -> Iterator[str]:
    if not found.unmapped:
        return
    most = sorted(found.unmapped, key=lambda name: (-found.unmapped[name], name))
    named = ", ".join(f"{one_line(n, 60)} ({found.unmapped[n]})" for n in most[:_TOOLS])
    more = f", and {len(most) - _TOOLS} more" if len(most) > _TOOLS else ""
    yield from _wrapped(
        f"Tools that no entry of the mapping names, and the samples that call them: {named}{more}. "
        "Metrics that ask what a tool does leave their calls out; say it in a file with --map.", 0
    )  # fmt: skip
    yield ""


def _legend(found: ConductFindings) -> Iterator[str]:
    levels = sorted({e.level for e in found.estimates if e.level and e.low is not None})
    shown = " and ".join(f"{100 * level:g} %" for level in levels)
    brackets = f"Brackets are {shown} intervals over samples' ids. " if shown else ""
    yield from _wrapped(
        f"{brackets}Workers are in order of name. There is no total. Proposed metrics are this "
        "project's own; validated ones follow a truth known in the field.", 0
    )  # fmt: skip


def _wrapped(text: str, indent: int) -> list[str]:
    space = " " * indent
    return wrap(text, WIDTH, initial_indent=space, subsequent_indent=f"{space}  " if indent else "")
