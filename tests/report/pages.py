"""A page of every kind, full of hostile names and texts: what a browser is let loose on."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from conduct.courses import course
from report import ablations, audits, factory, offices, puzzles, talks
from report.test_instruction_page import hostile
from report.test_reasoning_page import hostile_story
from training.control_planted import asked_rewards, planted, steady, written
from worktrial.comparison.panel import Panel
from worktrial.conduct.findings import conduct_findings
from worktrial.contrast.reading import read_brought
from worktrial.evidence import RunFolder
from worktrial.report import publish, render
from worktrial.report.conduct_page import render_conduct
from worktrial.report.control_page import publish_control
from worktrial.report.items import Observed
from worktrial.running.contrast import bring
from worktrial.training.jobs import RUN, Ended, Job
from worktrial.training.shown import Answer, keep_answers
from worktrial.trial import Contrast

PRINTABLE = [text for text in factory.HOSTILE if text.isprintable()]
"""Names that evidence can hold."""


def relay(_: Path) -> str:
    told = factory.stories(relays=1)
    for worker, text in zip(told, factory.HOSTILE, strict=False):
        told[worker] = {s: [factory.with_output(leg, text) for leg in legs]
                        for s, legs in told[worker].items()}  # fmt: skip
    workers = {**factory.WORKERS, factory.HOSTILE[0]: 0.05, "x" * 300: 0.03}
    return render(factory.findings(workers), factory.manifest(), told)


def search(_: Path) -> str:
    workers = [*factory.HOSTILE, "x" * 300]
    told = {worker: [talks.conversation(worker)] for worker in workers}
    return render(talks.findings(workers), talks.manifest(), factory.stories(relays=1), told)


def office(folder: Path) -> str:
    workers = {**dict.fromkeys(PRINTABLE, 0.9), "lab/careful": 0.5, "x" * 300: 0.7}
    items = {w: [offices.told(text, lines=9) for text in factory.HOSTILE] for w in workers}
    return render(offices.findings(folder, workers), offices.manifest(), {}, items=items)


def audit(_: Path) -> str:
    """An audit of many workers, with hostile notes too."""
    workers = {**audits.WORKERS, **dict.fromkeys([*factory.HOSTILE, "x" * 300], "inflated")}
    shown = audits.audited(list(workers), factory.HOSTILE[0])
    told = {w: audits.told(t) for w, t in zip(workers, factory.HOSTILE, strict=False)}
    return render(
        audits.findings(workers), audits.manifest(), {},
        audited=replace(shown, told={**shown.told, **told}),
    )  # fmt: skip


def reasoning(folder: Path) -> str:
    """Puzzles of many workers, and a judge."""
    workers = {**puzzles.WORKERS, **dict.fromkeys([*PRINTABLE, "x" * 300], "fumbler")}
    told = {w: [hostile_story(t)] for w, t in zip(workers, factory.HOSTILE, strict=False)}
    return render(
        puzzles.findings(folder, workers, marks=True), puzzles.manifest("lab/judge"), {},
        written={**puzzles.written(), **told},
    )  # fmt: skip


def ablation(folder: Path) -> str:
    workers = {**ablations.WORKERS, **dict.fromkeys([*PRINTABLE, "x" * 300], "guesser")}
    shown, script = ablations.ablated(), factory.HOSTILE[0]
    told = {w: hostile(t, w).told[w] for w, t in zip(workers, factory.HOSTILE, strict=False)}
    worst = replace(hostile(script, script), told={**told, **shown.told}, arms=shown.arms)
    return render(ablations.findings(folder, workers), ablations.manifest(), {}, ablated=worst)


def contrast(folder: Path) -> str:
    """A contrast of many workers, its arms and its items with hostile names."""
    names = [*PRINTABLE, "x" * 300, "lab/one", "reference/two"]
    path = folder / "scores.parquet"
    rows = [
        (worker, f"{text}{n}", arm, float((n + place + len(arm)) % 3 > 0))
        for place, worker in enumerate(names)
        for n, text in enumerate(PRINTABLE)
        for arm in PRINTABLE[:2]
    ]
    columns = zip(("worker", "item", "arm", "score"), zip(*rows, strict=True), strict=True)
    pq.write_table(pa.table({name: list(of) for name, of in columns}), path)
    asked = Contrast(str(path), proxy_name=PRINTABLE[0], work_name=PRINTABLE[1])
    run = RunFolder(folder / "run")
    bring(read_brought(asked), asked, run)
    publish(run)
    return run.report.read_text(encoding="utf-8")


def conduct(_: Path) -> str:
    """Trajectories of many workers, some with long texts to unfold."""
    texts = [*factory.HOSTILE, "x" * 300, "line\n" * 50]
    courses = [
        course(f"{text}{n}", worker=text, task=text, log=text, text=text, checked=False,
               unmapped=frozenset({text}))
        for text in texts for n in range(2)
    ]  # fmt: skip
    return render_conduct(conduct_findings(courses))


def control(folder: Path) -> str:
    """A control of rewards, one arm of which diverged, with answers to read."""
    asked = asked_rewards(arms=("correct", "random"))
    changes = {"correct": steady(0.2), "random": steady(0.0)}
    written(asked, folder, planted(asked, changes, changes))
    asked.keep(folder)
    Ended("diverged", factory.HOSTILE[0], 7).keep(Job(RUN, 1, "random", 1).folder(folder))
    answers = [Answer("clean", text, text, text, 0.5) for text in PRINTABLE]
    keep_answers(Job(RUN, 1, "correct", 1).folder(folder), 0, answers)
    publish_control(folder)
    return (folder / "report.html").read_text(encoding="utf-8")


def whole(folder: Path) -> str:
    """Every trial in one run, of a few workers."""
    workers = ("lab/knows", "lab/shows", "reference/guesser")
    found = (
        talks.findings(workers),
        offices.findings(folder, dict.fromkeys(workers, 0.7)),
        audits.findings(dict.fromkeys(workers, "inflated")),
        puzzles.findings(folder, dict.fromkeys(workers, "fumbler")),
        ablations.findings(folder, dict.fromkeys(workers, "guesser")),
    )
    kinds = (talks, offices, audits, puzzles, ablations)
    measured = {name: m for kind in kinds for name, m in kind.manifest().measurement.items()}
    return render(
        found[0].model_copy(update={
            part: tuple(each for one in found for each in getattr(one, part))
            for part in ("estimates", "claims", "outcomes", "cost")
        }),
        factory.manifest().model_copy(update={"measurement": measured}),
        factory.stories(relays=1),
        {worker: [talks.conversation("said")] for worker in workers},
        items={worker: [offices.told("said")] for worker in workers},
        audited=audits.audited(list(workers), "said"),
        written=dict.fromkeys(workers, puzzles.told()),
        ablated=replace(ablations.ablated(), told={w: hostile("said", w).told[w] for w in workers}),
        observed={
            trial: Observed(_panel(trial, factory.WORKERS if trial == "relay" else workers), {})
            for trial in measured
        },
    )  # fmt: skip


def _panel(trial: str, workers: Iterable[str]) -> Panel:
    """Two items, so that every mark of a chart has some to lead to."""
    scores = np.array([[[0.9, 0.4], [1.0, 0.6]]] * len(tuple(workers)))
    words = ("as a benchmark asks", "at work")
    return Panel(
        trial, "", "success", "proxy", "work", words, tuple(workers), ("spreadsheet-000", "two"),
        (0, 1), scores,
    )  # fmt: skip


KINDS: dict[str, Callable[[Path], str]] = {
    kind.__name__: kind
    for kind in (
        relay,
        search,
        office,
        audit,
        reasoning,
        ablation,
        contrast,
        whole,
        conduct,
        control,
    )
}
PageOf = Callable[[str], Path]
"""The page of a kind, as a file."""
