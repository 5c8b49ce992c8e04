"""A control's report: one page with the verdict, the curves of every arm, and answers to read."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes

from worktrial.evidence import RunFolder
from worktrial.evidence.findings import Estimate, Findings
from worktrial.evidence.folder import write_whole
from worktrial.report.control import ControlReading
from worktrial.report.drawing import INK, STYLE, Look, legend, looks, panels, share_axis, svg
from worktrial.report.page import environment, style
from worktrial.report.tables import Cell, Row, Table
from worktrial.report.words import MISSING, known, number, one_line, plain, points, share, why
from worktrial.training.asked import Asked
from worktrial.training.jobs import Ended, Job
from worktrial.training.run import base_name, ended_runs
from worktrial.training.shares import GUESS, PRIOR, UNTUNED
from worktrial.training.shown import Answer, kept_answers

_METRICS = {
    "clean_lenient_sampled": "clean: the answer",
    "clean_strict_sampled": "clean: answer and form",
    "memorised_lenient_sampled": "memorised: the answer",
    "memorised_strict_sampled": "memorised: answer and form",
    "clean_lenient_greedy": "clean: the answer, greedy",
}
_CURVES = list(_METRICS)[:3]
_LOGGED = {
    "reward": "reward",
    "entropy": "entropy, nats",
    "completions/mean_length": "tokens",
    "loss": "loss",
}
_LOGGED_TUNING = ("loss", "entropy")
_CLIPPED = "clip_ratio/region_mean"
_RUNS_READ = 1
"""Runs of an arm whose answers are shown."""


class Shown(NamedTuple):
    """Answers of one run at one checkpoint."""

    run: str
    step: int
    answers: Sequence[Answer]


class ArmEvidence(NamedTuple):
    """What lies behind an arm's numbers."""

    name: str
    anchor: str
    runs: Table
    shown: Sequence[Shown]


def publish_control(out: Path) -> Findings:
    """Write `findings.json` and `report.html` from a control's evidence.

    Args:
        out: The control's folder.

    Raises:
        EvidenceError: If it holds no control, or its evidence cannot be read.
    """
    asked, folder = Asked.read(out), RunFolder(out)
    findings = _findings(asked, out)
    write_whole(folder.findings, findings.text())
    write_whole(folder.report, render_control(findings, asked, out))
    return findings


def _findings(asked: Asked, out: Path) -> Findings:
    if asked.control == "rewards":
        from worktrial.training.findings import rewards_findings

        return rewards_findings(asked, out)
    from worktrial.training.shares import instructions_findings

    return instructions_findings(asked, out)


def render_control(findings: Findings, asked: Asked, out: Path) -> str:
    """Write the page.

    Args:
        findings: What was found.
        asked: What was asked.
        out: The control's folder, for what its runs logged and answered.

    Returns:
        HTML that needs nothing else and runs no script. The same arguments give the same bytes.
    """
    reading = ControlReading(findings)
    evidence = list(_evidence(asked, out))
    anchors = {each.name: f"#{each.anchor}" for each in evidence}
    tables = _reward_tables if reading.rewards else _instruction_tables
    template = environment().get_template("control_page.html.j2")
    return template.render(
        css=style(),
        reading=reading,
        asked=asked,
        claims=findings.claims,
        estimates={e.id: e for e in findings.estimates},
        told=_told,
        tables=list(tables(reading, anchors)),
        chart=curves_chart(reading),
        curves=list(_curve_tables(reading)),
        evidence=evidence,
        protocol=_protocol(findings, asked),
    )


def _told(estimate: Estimate) -> str:
    """An estimate that a claim rests on, in words."""
    group = f"{estimate.axis} " if estimate.axis else ""
    name = f"{group}{estimate.metric.replace('_', ' ')}, {estimate.arm}"
    if not estimate.minus_arm:
        return f"{name}: {number(estimate)}"
    return f"{name} less {estimate.minus_arm}: {number(estimate, points, 'points')}"


# Tables.


def _reward_tables(reading: ControlReading, anchors: dict[str, str]) -> Iterator[Table]:
    yield Table(
        "Change from before training to its end, in points",
        ["reward", *_METRICS.values(), "p, adjusted", "form's share of the strict gain", "runs"],
        [_reward_row(reading, arm, anchors[arm]) for arm in reading.arms],
    )
    before = reading.arms[0] if reading.arms else ""
    yield Table(
        "Before training",
        ["", *(_METRICS[metric] for metric in list(_METRICS)[:4])],
        [Row("base", [_cell(_first(reading, before, m), share) for m in list(_METRICS)[:4]])],
    )
    if reading.rates:
        yield Table(
            "Other learning rates, with one seed: change on clean problems, the answer, in points",
            ["reward", *reading.rates],
            [
                Row(arm, [_cell(reading.under(arm, rate), points) for rate in reading.rates])
                for arm in reading.arms
            ],
        )


def _first(reading: ControlReading, arm: str, metric: str) -> Estimate | None:
    return next(iter(reading.curve(arm, metric)), None)


def _reward_row(reading: ControlReading, arm: str, anchor: str) -> Row:
    changes = [_cell(reading.change(arm, metric), points, anchor) for metric in _METRICS]
    primary = reading.change(arm, next(iter(_METRICS)))
    adjusted = known(primary.p_adjusted) if primary else MISSING
    form = _cell(reading.format_share(arm), share)
    return Row(arm, [*changes, Cell(adjusted), form, Cell(reading.ended(arm))])


def _instruction_tables(reading: ControlReading, anchors: dict[str, str]) -> Iterator[Table]:
    for group in reading.groups:
        yield Table(
            f"{group} families: asked with full instructions",
            ["tuned on", "score", "above a guess", "in the space", "runs"],
            [
                Row(arm, [
                    _cell(reading.score(group, arm), share, anchors.get(arm)),
                    _cell(reading.score(group, arm, "corrected"), share),
                    _cell(reading.score(group, arm, "in_space"), share),
                    Cell(reading.ended(arm) or MISSING),
                ])
                for arm in [*reading.arms, UNTUNED, GUESS, PRIOR]
            ],
        )  # fmt: skip
    yield Table(
        "What the instruction adds, and what a guess would reach",
        ["families", "full less output-space, points", "guess's share of the full arm's gain"],
        [
            Row(g, [_cell(reading.difference(g), points), _cell(reading.guess_share(g), share)])
            for g in reading.groups
        ],
    )


def _cell(estimate: Estimate | None, unit: Callable[[float], str], href: str | None = None) -> Cell:
    return Cell(number(estimate, unit), href, note=why(estimate) if estimate else "")


def _protocol(findings: Findings, asked: Asked) -> Table:
    told = asked.model_dump(mode="json")
    recipe = told.pop("recipe")
    rows = {**told, **recipe, **findings.run.versions}
    return Table(
        "What the numbers follow from",
        ["", ""],
        [Row(name.replace("_", " "), [Cell(_value(value))]) for name, value in rows.items()],
    )


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or MISSING
    return MISSING if value is None else one_line(str(value), 200)


# The curves.


def curves_chart(reading: ControlReading) -> Markup:
    """A panel a metric, in it a line an arm over the steps of training."""
    found = _curves(reading)
    with rc_context(STYLE):
        figure, every = panels(len(found), 1.9)
        for axes, (title, curves) in zip(every, found.items(), strict=False):
            axes.set_title(title, fontsize=9, loc="left")
            for arm, look in looks(reading.arms).items():
                _line(axes, curves[arm], arm, look)
            share_axis(axes, "y", "share")
        every[-1].set_xlabel("updates of the weights")
        legend(figure, every[0])
        return svg(
            figure,
            "control-curves",
            "Learning curves",
            "A panel for every metric and in it a line for every arm over the steps of training, "
            "bars for its intervals. The numbers are in the tables below.",
        )


def _curves(reading: ControlReading) -> dict[str, dict[str, list[Estimate]]]:
    """By panel and arm; a panel that has nothing is left out."""
    wanted: list[tuple[str, str, str | None]] = (
        [(_METRICS[metric], metric, None) for metric in _CURVES]
        if reading.rewards
        else [(f"{group} families", "score", group) for group in reading.groups]
    )
    found = {
        title: {arm: reading.curve(arm, metric, group) for arm in reading.arms}
        for title, metric, group in wanted
    }
    return {title: curves for title, curves in found.items() if any(curves.values())}


def _curve_tables(reading: ControlReading) -> Iterator[Table]:
    for title, curves in _curves(reading).items():
        steps = sorted({e.step or 0 for curve in curves.values() for e in curve})
        yield Table(
            f"{title}, after so many updates",
            ["", *map(str, steps)],
            [
                Row(arm, [Cell(number(by_step.get(step))) for step in steps])
                for arm, by_step in (
                    (arm, {e.step: e for e in curve}) for arm, curve in curves.items()
                )
            ],
        )


def _line(axes: Axes, curve: Sequence[Estimate], arm: str, look: Look) -> None:
    points_known = [e for e in curve if e.value is not None]
    steps = [e.step or 0 for e in points_known]
    for step, e in zip(steps, points_known, strict=True):
        if e.low is not None and e.high is not None:
            axes.vlines(step, e.low, e.high, color=look.colour, lw=1, alpha=0.6)
    (line,) = axes.plot(steps, [e.value or 0.0 for e in points_known], label=arm, lw=1.6)
    line.set(color=look.colour, marker=look.marker, ls=look.line, mfc=look.fill, ms=4)
    axes.grid(axis="x", color=INK, alpha=0.08, lw=0.6)


# What lies behind the numbers.


def _evidence(asked: Asked, out: Path) -> Iterator[ArmEvidence]:
    runs = list(ended_runs(asked, out))
    for number_of, arm in enumerate(asked.arms, start=1):
        of_arm = [(job, ended) for job, ended in runs if job.arm == arm]
        read = [job for job, ended in of_arm if ended.outcome == "ended"][:_RUNS_READ]
        yield ArmEvidence(
            arm,
            f"arm-{number_of}",
            Table(
                f"Runs of {arm}; what was logged first and last",
                ["run", "ended", *_logged_heads(asked)],
                [_run_row(asked, out, job, ended) for job, ended in of_arm],
            ),
            [shown for job in read for shown in _shown(asked, out, job)],
        )


def _logged_heads(asked: Asked) -> list[str]:
    if asked.control == "rewards":
        return ["tokens clipped, mean", *_LOGGED.values()]
    return [_LOGGED[name] for name in _LOGGED_TUNING]


def _run_row(asked: Asked, out: Path, job: Job, ended: Ended) -> Row:
    logged, rewards = _logged(job.folder(out)), asked.control == "rewards"
    told = [_from_to(logged, name) for name in (_LOGGED if rewards else _LOGGED_TUNING)]
    if rewards:
        told.insert(0, _mean(logged, _CLIPPED))
    why_not = ended.why or (_PAID_ALIKE if rewards and _paid_alike(logged) else "")
    how = Cell(ended.outcome.replace("_", " "), note=one_line(why_not, 200))
    return Row(_name(asked, job), [how, *map(Cell, told)])


_PAID_ALIKE = "all completions of a prompt were always paid alike: nothing could be learned"


def _paid_alike(logged: Sequence[dict[str, float]]) -> bool:
    return bool(logged) and all(entry.get("reward_std") == 0 for entry in logged)


def _name(asked: Asked, job: Job) -> str:
    rate = "" if job.rate is None else f", rate {job.rate:g}"
    return f"{base_name(asked, job.base)}, seed {job.seed}{rate}"


def _logged(folder: Path) -> list[dict[str, float]]:
    try:
        return list(json.loads((folder / "logged.json").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return []


def _from_to(logged: Sequence[dict[str, float]], name: str) -> str:
    values = [entry[name] for entry in logged if name in entry]
    return f"{_short(values[0])} to {_short(values[-1])}" if values else MISSING


def _mean(logged: Sequence[dict[str, float]], name: str) -> str:
    values = [entry[name] for entry in logged if name in entry]
    return share(sum(values) / len(values)) if values else MISSING


def _short(value: float) -> str:
    return plain(value) if abs(value) >= 10 else f"{value:.3f}".replace("-", "−")


def _shown(asked: Asked, out: Path, job: Job) -> Iterator[Shown]:
    """The answers before training and at its end."""
    kept = kept_answers(job.folder(out))
    for step in sorted(kept)[:: max(1, len(kept) - 1)]:
        yield Shown(_name(asked, job), step, kept[step])
