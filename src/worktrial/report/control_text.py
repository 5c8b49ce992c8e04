"""A control's findings in a terminal."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from worktrial.evidence.findings import Findings
from worktrial.report.control import ControlReading
from worktrial.report.text import WIDTH
from worktrial.report.words import VERDICTS, number, one_line, points, share
from worktrial.training.shares import GUESS, PRIOR, UNTUNED

_HEADS = {
    "clean_lenient_sampled": "clean, answer",
    "clean_strict_sampled": "clean, form too",
    "memorised_lenient_sampled": "memorised, answer",
}
"""What is shown in a terminal; the report has all."""


def control_text(findings: Findings) -> str:
    """Write what a control found.

    Args:
        findings: What was found.

    Returns:
        Lines of at most 110 columns. Arms stand in their own order, never in that of a score.
    """
    reading = ControlReading(findings)
    lines = [
        f"worktrial · control of {one_line(findings.run.course, 60)} · seed {findings.run.seed}",
        "",
        *(_rewards(reading) if reading.rewards else _instructions(reading)),
        "",
        *_claims(findings),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _rewards(reading: ControlReading) -> Iterator[str]:
    yield _row("change, points", [*list(_HEADS.values()), "runs"])
    for arm in reading.arms:
        cells = [number(reading.change(arm, metric), points) for metric in _HEADS]
        yield _row(arm, [*cells, reading.ended(arm)])
    yield from _wrapped(
        "Changes from before training to its end, at temperature 1, with 95 % intervals over seeds "
        "(or bases) and items together."
    )


def _instructions(reading: ControlReading) -> Iterator[str]:
    yield _row("score", [f"{group} families" for group in reading.groups] + ["runs"])
    for arm in [*reading.arms, UNTUNED, GUESS, PRIOR]:
        cells = [number(reading.score(group, arm), share) for group in reading.groups]
        yield _row(arm, [*cells, reading.ended(arm)])
    shares = [number(reading.guess_share(group), share) for group in reading.groups]
    yield _row("guess's share of the gain", shares)
    less = [number(reading.difference(group), points) for group in reading.groups]
    yield _row("full less output-space, points", less)
    yield from _wrapped(
        "Families that no arm was tuned on, asked with full instructions. Intervals of 95 % over "
        "seeds (or bases) and families together."
    )


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{one_line(name, 30):31}" + "".join(f"{cell:22}" for cell in cells)


def _claims(findings: Findings) -> Iterator[str]:
    for claim in findings.claims:
        yield from _wrapped(f"{VERDICTS[claim.verdict]:12}{one_line(claim.text)}", hang=12)


def _wrapped(text: str, hang: int = 0) -> Iterator[str]:
    yield from wrap(text, WIDTH, subsequent_indent=" " * hang)
