"""A blind sheet of a run's work for people to label, and what it says once they have."""

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from worktrial.acceptance.agreement import corrected_rates, metric_agreement, self_agreement
from worktrial.acceptance.sheet import Answer, Job, Key, Told, drawn, key_path, keyed, sheet_csv
from worktrial.errors import ConfigError
from worktrial.evidence import Evidence, FinishedLog, RunFolder, SampleLog, read_samples
from worktrial.evidence.findings import Estimate
from worktrial.evidence.folder import write_whole
from worktrial.protocol import Manifest, is_evidence_sealed
from worktrial.readiness.stories import story_of as office_story
from worktrial.reference import on_trial
from worktrial.relay.legs import story_of as relay_story
from worktrial.report.page import environment, style
from worktrial.running.extraction import checked_logs, trials_of
from worktrial.search.stories import story_of as conversation_story
from worktrial.trial import AnyTrial

_COMPARED_LINES, _COMPARED_CHARACTERS = 1_000, 100_000


class Sheet(NamedTuple):
    """What was written.

    Attributes:
        key: The key, in the run's folder.
        table: The sheet as CSV.
        page: The same to read, HTML.
    """

    key: Key
    table: Path
    page: Path


class Trialled(NamedTuple):
    """A trial's work that can be labelled.

    Attributes:
        trial: Which.
        evidence: Its observations under the arm under which the work is done.
        ruled: By job, the program's verdict in [0, 1].
    """

    trial: AnyTrial
    evidence: Evidence
    ruled: Mapping[Job, float]


def write_sheet(
    folder: RunFolder, table: Path, *, count: int, duplicates: float, seed: int,
    trials: Sequence[str] = (),
) -> Sheet:  # fmt: skip
    """Write a sheet, a page beside it, and the key into the run's folder.

    Args:
        folder: The run's.
        table: Where the sheet goes; the page goes beside it.
        count: How many different jobs.
        duplicates: The share of these that comes twice.
        seed: Of the draw.
        trials: Of which; all that can be labelled by default.

    Raises:
        ConfigError: If there is nothing to label, not as many jobs, or a file cannot be written.
        EvidenceError: If the run cannot be read.
    """
    manifest = Manifest.read(folder.existing().protocol)
    if is_evidence_sealed(manifest):
        raise ConfigError(
            "`label` needs what workers wrote; this run's scores were brought, without it; label "
            "them where they come from, and use: worktrial report RUN --accepted FILE"
        )
    logs = checked_logs(folder, manifest)
    jobs = [job for each in trialled(folder, manifest, trials) for job in each.ruled]
    rows = drawn(jobs, count, duplicates=duplicates, seed=seed)
    told = {job: text for name, of in logs.items() for job, text in _told(name, of, set(rows))}
    lost = next((job for job in rows if job not in told), None)
    if lost is not None:
        raise ConfigError(f"{folder.logs} holds no sample {lost.sample[:60]!r} of {lost.trial}")
    key = keyed(rows, told, seed=seed, run=manifest.sha256)
    page = table.with_suffix(".html")
    place = key_path(folder.path, key.sheet)
    try:
        place.parent.mkdir(exist_ok=True)
        write_whole(place, key.text())
        write_whole(table, sheet_csv(key, told))
        write_whole(page, _page(key, told))
    except OSError as error:
        raise ConfigError(f"`--out` must be a file that can be written; {table}: {error.strerror}"
                          ) from None  # fmt: skip
    return Sheet(key, table, page)


def labelled_findings(
    folder: RunFolder, answers: Sequence[Answer]
) -> tuple[list[Estimate], list[Estimate], list[Estimate]]:
    """What a labelled sheet says.

    Args:
        folder: The run's.
        answers: Of one sheet.

    Returns:
        Agreement of the person with themselves; of metrics with the person; each worker's share of
        jobs accepted, by labels alone and corrected.
    """
    manifest = Manifest.read(folder.protocol)
    of = sorted({answer.row.trial for answer in answers})
    found = trialled(folder, manifest, of)
    return (
        self_agreement(answers),
        [e for t in found for e in metric_agreement(t.trial.name, answers, t.evidence, t.ruled)],
        [e for t in found for e in corrected_rates(t.trial.name, answers, t.ruled)],
    )


def trialled(folder: RunFolder, manifest: Manifest, only: Sequence[str]) -> list[Trialled]:
    """The trials of a run whose work can be labelled.

    Raises:
        ConfigError: If one that is named is not there, or there is none.
    """
    evidence = Evidence(folder.evidence)
    known = {trial.name: trial for trial in trials_of(manifest) if trial.name in TELLERS}
    for name in only:
        if name not in known:
            raise ConfigError(
                f"`--trial` must be one of this run's that give work, {', '.join(known)}; "
                f"got {name!r}"
            )
    found = [
        of
        for name, trial in known.items()
        if not only or name in only
        if (of := _trialled(trial, manifest, evidence.of(name))) is not None
    ]
    if not found:
        raise ConfigError(
            f"{folder.path} holds no work to label; labels are of {', '.join(TELLERS)}"
        )
    return found


def _trialled(trial: AnyTrial, manifest: Manifest, evidence: Evidence) -> Trialled | None:
    measured, job = manifest.measurement[trial.name], trial.job
    workers = on_trial(evidence.workers())
    panel = trial.panel(evidence, measured, workers, job.metric if job else None)
    if panel is None:
        return None
    works = panel.work if panel.work in measured.arms else measured.primary
    arm = job.arm if job and job.arm else works
    under = evidence.under(arm)
    rows = under.query(
        "select distinct worker, item, arm, sample, replicate from evidence where list_contains(?, "
        "worker) order by all",
        [workers],
    )
    least = job.at_least if job else 1
    ruled: dict[Job, float] = {}
    panels = {
        n: trial.panel(evidence.repetition(n), measured, workers, job.metric if job else None)
        for n in sorted({replicate for *_, replicate in rows})
    }
    for row in rows:
        work = Job(trial.name, *row)
        of = panels[work.replicate]
        if of is None or work.item not in of.items:
            continue
        score = of.under_work[of.workers.index(work.worker), of.items.index(work.item)]
        # What was lost on its way was not done by anyone.
        if not np.isnan(score):
            ruled[work] = float(score) if least == 1 else float(score >= least)
    return Trialled(trial, under, ruled)


def _told(trial: str, logs: Sequence[FinishedLog], wanted: set[Job]) -> Iterator[tuple[Job, Told]]:
    """The texts of some jobs of a trial."""
    for log in logs:
        mine = {
            (j.sample, j.replicate): j for j in wanted if (j.worker, j.arm) == (log.worker, log.arm)
        }
        if not mine:
            continue
        for found in read_samples(log, only={sample for sample, _ in mine}):
            job = mine.get((str(found.sample.id), found.sample.epoch))
            if job is not None:
                yield job, TELLERS[trial](found)


def _of_relay(found: SampleLog) -> Told:
    legs = relay_story(found)
    if not legs:
        return Told("", "Nothing was handed on.")
    original, last = legs[0].original, legs[-1]
    asked = "\n\n".join(f"Step {n}:\n{leg.instruction}" for n, leg in enumerate(legs, 1))
    task = f"The document:\n\n{_files(original)}\n\nAsked for, one after the other:\n\n{asked}"
    if not last.made:
        return Told(task, f"Nothing was handed on after step {len(legs)}.")
    return Told(task, _files(last.made), _diff(original, last.made))


def _of_search(found: SampleLog) -> Told:
    story = conversation_story(found)
    wanted = "\n".join(f"- {line}" for line in story.goal)
    talk = "\n\n".join(
        f"Worker: {turn.worker}" + (f"\n\nUser: {turn.user}" if turn.user else "")
        for turn in story.turns
    )
    task = f"The request:\n\n{story.opening}\n\nWhat a good answer says:\n\n{wanted}"
    return Told(task, talk or "Nothing was said.")


def _of_office(found: SampleLog) -> Told:
    turns = office_story(found).turns
    task = "\n\n".join(f"{turn.session}.{turn.number} {turn.request}" for turn in turns)
    result = "\n".join(
        f"{turn.session}.{turn.number} {line.kind}: {line.text}"
        for turn in turns
        for line in turn.lines
    )
    return Told(task, result or "Nothing was done.")


def _of_any(found: SampleLog) -> Told:
    given = found.sample.input
    asked = given if isinstance(given, str) else "\n\n".join(m.text for m in given)
    return Told(asked, found.sample.output.completion or "Nothing was written.")


TELLERS: Mapping[str, Callable[[SampleLog], Told]] = {
    "relay": _of_relay,
    "search": _of_search,
    "office": _of_office,
    "reasoning": _of_any,
    "ablate": _of_any,
    "contrast": _of_any,
}
"""By trial, how its work is told without saying who did it."""


def _files(files: Mapping[str, str]) -> str:
    if len(files) == 1:
        return next(iter(files.values()))
    return "\n\n".join(f"[{name}]\n{text}" for name, text in files.items())


def _diff(original: Mapping[str, str], made: Mapping[str, str]) -> str:
    """What was lost (−) and what was added (+), of bounded length."""
    before, after = (
        _files(files)[:_COMPARED_CHARACTERS].splitlines()[:_COMPARED_LINES]
        for files in (original, made)
    )
    lines = list(difflib.unified_diff(before, after, lineterm="", n=1))[2:]
    return "\n".join(lines) or "No difference from the document."


def _page(key: Key, told: Mapping[Job, Told]) -> str:
    rows = [(row.id, told[row.job]) for row in key.rows]
    return environment().get_template("labels_page.html.j2").render(css=style(), key=key, rows=rows)
