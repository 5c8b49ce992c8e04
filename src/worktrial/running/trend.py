"""A folder of runs of one protocol, in order of time."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worktrial.comparison.panel import Panel
from worktrial.comparison.trend import LEVEL, Change, Point, trend_points
from worktrial.errors import ConfigError, EvidenceError
from worktrial.estimate import Interval
from worktrial.evidence import Evidence, RunFolder
from worktrial.evidence.findings import Findings, finite
from worktrial.protocol import Manifest
from worktrial.randomness import derive
from worktrial.reference import on_trial
from worktrial.running.extraction import trials_of
from worktrial.trial import AnyTrial

SCHEMA = "worktrial/trend@1"
_SHORT = 12
_MOST_NAMED = 3


@dataclass(frozen=True)
class Marked:
    """A run that is on the line.

    Attributes:
        name: Of its folder.
        started: When its first call was made, as its log says; `None` of scores that were brought.
        snapshots: By worker, the model that the provider said it was.
    """

    name: str
    started: str | None
    snapshots: Mapping[str, str]


@dataclass(frozen=True)
class LeftOut:
    """A run that is not.

    Attributes:
        name: Of its folder.
        protocol_sha256: Of its measurement; `None` where it cannot be read.
        why: What differs, or is wrong.
    """

    name: str
    protocol_sha256: str | None
    why: str


@dataclass(frozen=True)
class Line:
    """One trial over the runs.

    Attributes:
        trial: Which.
        metric: What is measured, at work.
        in_words: The work arm as a sentence names it, such as `after leg 10`.
        margin: A difference that does not matter.
        points: Worker by worker, in order of time.
    """

    trial: str
    metric: str
    in_words: str
    margin: float
    points: Sequence[Point]

    @property
    def workers(self) -> list[str]:
        """Everyone who was on trial."""
        return list(dict.fromkeys(point.worker for point in self.points))


@dataclass(frozen=True)
class Trend:
    """What became of the same measurement, again and again.

    Attributes:
        protocol_sha256: Of the measurement.
        runs: Those on the line, in order of time; the first is what the others are held against.
        left_out: The others, each with its reason.
        lines: One a trial.
    """

    protocol_sha256: str
    runs: Sequence[Marked]
    left_out: Sequence[LeftOut]
    lines: Sequence[Line]

    def record(self) -> dict[str, Any]:
        """The trend as data, schema `worktrial/trend@1`; `null` is what could not be measured."""
        return {
            "schema": SCHEMA,
            "protocol_sha256": self.protocol_sha256,
            "level": LEVEL,
            "runs": [
                {"run": r.name, "started": r.started, "snapshots": dict(r.snapshots)}
                for r in self.runs
            ],
            "left_out": [
                {"run": r.name, "protocol_sha256": r.protocol_sha256, "why": r.why}
                for r in self.left_out
            ],
            "lines": [
                {
                    "trial": line.trial,
                    "metric": line.metric,
                    "margin": line.margin,
                    "points": [_point(point) for point in line.points],
                }
                for line in self.lines
            ],
        }

    def text(self) -> str:
        """The record as it is printed."""
        return json.dumps(self.record(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _point(point: Point) -> dict[str, Any]:
    record = {"run": point.run, "worker": point.worker, **_bounds(point.score)}
    return record if point.change is None else {**record, "change": _change(point.change)}


def _change(change: Change) -> dict[str, Any]:
    return {
        **_bounds(change.difference),
        "p_value": finite(change.p_value),
        "p_adjusted": finite(change.p_adjusted),
        "verdict": change.verdict,
        "detectable": finite(change.detectable),
    }


def _bounds(found: Interval) -> dict[str, Any]:
    numbers = {name: finite(getattr(found, name)) for name in ("value", "low", "high")}
    why = {} if found.why is None else {"why": found.why}
    return {**numbers, "clusters": found.clusters, **why}


def trend(folder: Path, *, baseline: Path | None = None, margin: float | None = None) -> Trend:
    """Follow the workers of a folder of runs over time.

    Args:
        folder: Every folder in it that is a run counts.
        baseline: The run that all are held against; by default the earliest. What is earlier than
            it is left out.
        margin: A difference that does not matter; each trial's own by default.

    Raises:
        ConfigError: If the margin is not a fraction, or the baseline is not one of the runs.
        EvidenceError: If the folder holds no run that can be read.
    """
    if margin is not None and not 0 < margin < 1:
        raise ConfigError(f"`--margin` must be in (0, 1), got {margin}; write 0.03 for 3 points")
    found = [_read(path) for path in _runs(folder)]
    unreadable = [each for each in found if isinstance(each, LeftOut)]
    read = sorted((each for each in found if isinstance(each, _Run)), key=_Run.when)
    if not read:
        said = "; ".join(f"{each.name}: {each.why}" for each in unreadable[:_MOST_NAMED])
        raise EvidenceError(f"{folder} holds no run that can be followed: {said}")
    first = read[0] if baseline is None else _named(read, baseline, folder)
    reasons = {run.name: run.why_not(first) for run in read}
    kept = [run for run in read if reasons[run.name] is None]
    others = [
        LeftOut(run.name, run.manifest.sha256, why)
        for run in read
        if (why := reasons[run.name]) is not None
    ]
    return Trend(
        first.manifest.sha256,
        [run.marked() for run in kept],
        [*others, *unreadable],
        [line for t in trials_of(first.manifest) for line in _lines(t, kept, margin)],
    )


def _runs(folder: Path) -> list[Path]:
    if RunFolder(folder).protocol.is_file():
        raise ConfigError(f"{folder} is one run; name the folder that holds the runs")
    try:
        inside = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError as error:
        raise ConfigError(f"{folder} cannot be read: {error.strerror}") from None
    found = [path for path in inside if RunFolder(path).protocol.is_file()]
    if not found:
        raise EvidenceError(
            f"{folder} holds no run; make them with: worktrial run --out FOLDER/RUN"
        )
    return found


@dataclass(frozen=True)
class _Run:
    """A run that can be read."""

    name: str
    manifest: Manifest
    findings: Findings
    evidence: Evidence

    def when(self) -> tuple[str, str]:
        """Runs in order of time; those that say none by name, first."""
        return (self.findings.run.started or "", self.name)

    def why_not(self, first: "_Run") -> str | None:
        """Why it cannot be held against the first; `None` if it can."""
        if self.when() < first.when():
            return "it is earlier than the baseline"
        differing = self.manifest.differences(first.manifest)
        if differing:
            more = len(differing) - _MOST_NAMED
            said = "; ".join(map(str, differing[:_MOST_NAMED])) + (f" and {more} more" * (more > 0))
            return (
                f"its protocol is {self.manifest.sha256[:_SHORT]}…, not "
                f"{first.manifest.sha256[:_SHORT]}…: {said}"
            )
        broken = [
            claim
            for claim in self.findings.claims
            if claim.evidence_class == "instrument" and claim.verdict != "met"
        ]
        return f"its instrument is not shown to work: {broken[0].text}" if broken else None

    def marked(self) -> Marked:
        """What is said of it on the line."""
        known = {name: w.snapshot for name, w in self.manifest.worker.items() if w.snapshot}
        return Marked(self.name, self.findings.run.started, known)

    def panel(self, trial: AnyTrial) -> Panel | None:
        """Its workers on trial, if it has the trial's arms."""
        measured = self.manifest.measurement.get(trial.name)
        if measured is None:
            return None
        evidence = self.evidence.of(trial.name)
        workers = on_trial(evidence.under(measured.primary).workers())
        return trial.panel(evidence, measured, workers) if workers else None


def _read(path: Path) -> _Run | LeftOut:
    folder, sha256 = RunFolder(path), None
    try:
        manifest = Manifest.read(folder.protocol)
        sha256 = manifest.sha256
        findings = Findings.read(folder.findings)
        if findings.run.protocol_sha256 != sha256:
            raise EvidenceError(f"its findings are of another protocol; worktrial report {path}")
        return _Run(path.name, manifest, findings, Evidence(folder.evidence))
    except EvidenceError as error:
        return LeftOut(path.name, sha256, str(error))


def _named(runs: Sequence[_Run], baseline: Path, folder: Path) -> _Run:
    for run in runs:
        if run.name == baseline.name and baseline.resolve().parent == folder.resolve():
            return run
    there = ", ".join(run.name for run in runs)
    raise ConfigError(f"`--baseline` must be one of the runs in {folder}, {there}; got {baseline}")


def _lines(trial: AnyTrial, runs: Sequence[_Run], margin: float | None) -> Iterator[Line]:
    found = {run.name: run.panel(trial) for run in runs}
    panels = {name: panel for name, panel in found.items() if panel is not None}
    if not panels:
        return
    first = next(iter(panels.values()))
    seed = derive(runs[0].manifest.measurement[trial.name].seed, "trend") % 2**32
    matters = trial.margin if margin is None else margin
    points = trend_points(panels, margin=matters, seed=seed)
    yield Line(trial.name, first.metric, first.in_words[1], matters, points)
