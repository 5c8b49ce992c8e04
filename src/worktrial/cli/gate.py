"""`worktrial gate`."""

import json
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from worktrial.gate.verdicts import Check, GateReport, Result

_WORDS = {"met": "met", "missed": "missed", "cannot-tell": "cannot tell", "skipped": "skipped"}
_WIDTH = 110


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--policy", type=click.Path(path_type=Path), required=True, metavar="FILE",
    help="What must hold, in YAML.",
)  # fmt: skip
@click.option(
    "--baseline", type=click.Path(path_type=Path), metavar="RUN",
    help="An earlier run, for gates on drift.",
)  # fmt: skip
@click.option(
    "--junit", "junit_file", type=click.Path(path_type=Path), metavar="FILE",
    help="Write JUnit XML there, too.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
def gate(
    run: Path, policy: Path, baseline: Path | None, junit_file: Path | None, as_json: bool
) -> int:
    """Hold RUN against a policy; the exit code says what became of it.

    0 all met; 1 something missed; 3 nothing missed, but the data cannot tell; 4 the baseline is
    not comparable.
    """
    from worktrial.gate import judge, junit, read_policy

    report = judge(run, read_policy(policy), baseline=baseline)
    if junit_file is not None:
        _write(junit_file, junit(report))
    if as_json:
        click.echo(json.dumps(report.record(), indent=1, ensure_ascii=False, allow_nan=False))
    else:
        click.echo("\n".join(line for result in report.results for line in _lines(result)))
        click.echo(_verdict(report))
    return report.exit_code


def _write(path: Path, text: str) -> None:
    from worktrial.errors import ConfigError
    from worktrial.evidence.folder import write_whole

    try:
        write_whole(path, text)
    except OSError as error:
        raise ConfigError(f"`--junit` {path} cannot be written: {error.strerror}") from None


def _lines(result: "Result") -> Iterator[str]:
    """A gate's line: verdict, name, what it asks, and the number that decided."""
    from worktrial.report.words import one_line

    name, asks = one_line(result.name, 60), one_line(result.asks, 120)
    head = f"{_WORDS[result.verdict]:12}{name}: {asks}"
    worst = result.worst
    if worst is not None:
        several = f" (worst of {len(result.checks)})" if len(result.checks) > 1 else ""
        head += f": {_number(worst)}{one_line(worst.subject, 120)}{several}"
    yield head + "".join(f"; judged {mark}" for mark in result.marks)
    notes = [result.why] if worst is None else [worst.why, _settled(worst)]
    for note in notes if result.verdict != "met" else []:
        if note:
            yield from wrap(
                one_line(note), _WIDTH, initial_indent=" " * 14, subsequent_indent=" " * 16
            )


def _number(check: "Check") -> str:
    if check.value is None:
        return ""
    text = _shown(check.value)
    if check.low is not None and check.high is not None:
        text += f" [{_shown(check.low)}, {_shown(check.high)}]"
    return f"{text}{f', {check.clusters} clusters' if check.clusters else ''}, "


def _shown(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _settled(check: "Check") -> str:
    return f"what would settle it: {check.settles}" if check.settles else ""


def _verdict(report: "GateReport") -> str:
    count = [sum(r.verdict == v for r in report.results) for v in _WORDS]
    said = ", ".join(f"{n} {word}" for n, word in zip(count, _WORDS.values(), strict=True) if n)
    levels = {c.level for r in report.results for c in r.checks if c.low is not None and c.level}
    shown = " and ".join(f"{100 * level:g} %" for level in sorted(levels))
    brackets = f". Brackets are {shown} intervals." if shown else ""
    return f"gate: {_WORDS[report.verdict]} ({said}){brackets}"
