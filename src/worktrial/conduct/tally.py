"""Numbers of many trajectories, kept small: per sample its values, per worker its whys."""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from worktrial.conduct.clean import CLAUSES, clean_of
from worktrial.conduct.events import ModelCall, ToolCall, Trajectory
from worktrial.conduct.metric import Measure
from worktrial.conduct.metrics import METRICS
from worktrial.conduct.timeline import Marks, Timeline, timeline
from worktrial.estimate.inputs import FloatArray

SUCCESS, CLEAN = "success", "clean_success"
COLUMNS = (*METRICS, *CLAUSES, SUCCESS, CLEAN)
WORST = 3
"""Trajectories of a worker that are told."""
_WHYS = 6
"""Different reasons of a metric that are kept; more are counted together."""
_OTHER = "other reasons"
_WHY = 240

Unit = tuple[str, str]
"""What is independent: a task and a sample's id."""


@dataclass(frozen=True, slots=True)
class Row:
    """One trajectory as numbers.

    Attributes:
        values: Under `COLUMNS`; NaN where there is none.
        tools: Its tool calls, in order, as numbers of names.
        tokens: In and out, of each model call that did not fail; −1 where unknown.
    """

    values: "array[float]"
    tools: "array[int]"
    tokens: "array[int]"


class Column:
    """The values of one metric: by unit, means over its repetitions."""

    def __init__(self, units: list[FloatArray]) -> None:
        """Take the values of every unit, NaN where there is none."""
        known = [values[~np.isnan(values)] for values in units]
        self.items = sum(values.size for values in known)
        self.means = np.array([values.mean() for values in known if values.size])


@dataclass(slots=True)
class WorkerTally:
    """All that is kept of one worker."""

    rows: dict[Unit, list[Row]] = field(default_factory=lambda: defaultdict(list))
    whys: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    worst: list[Timeline] = field(default_factory=list)

    @property
    def samples(self) -> int:
        """How many trajectories there are."""
        return sum(map(len, self.rows.values()))

    def of(self, *names: str) -> list[FloatArray]:
        """The values under these columns, shape (repetitions, columns), unit by unit."""
        places = [COLUMNS.index(name) for name in names]
        return [
            np.array([[row.values[p] for p in places] for row in rows])
            for rows in self.rows.values()
        ]

    def column(self, name: str) -> Column:
        """The values of one metric."""
        return Column([values[:, 0] for values in self.of(name)])

    def why(self, name: str) -> str:
        """Why a metric could not be measured, the most frequent reason first."""
        counted = self.whys[name].most_common()
        if len(counted) == 1:
            return counted[0][0]
        return "; ".join(f"{reason} ({count} samples)" for reason, count in counted)


class Tally:
    """Everything that is kept of all trajectories."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.workers: dict[str, WorkerTally] = {}
        self.unmapped: Counter[str] = Counter()
        self.tools: dict[str, int] = {}
        self._seen: dict[bytes, str] = {}

    def repeated(self, trajectory: Trajectory) -> str | None:
        """The other log in which the same sample was already read, event for event."""
        identity = _identity(trajectory)
        first = self._seen.setdefault(identity, trajectory.log) if identity else trajectory.log
        return None if first == trajectory.log else first

    def add(self, trajectory: Trajectory) -> None:
        """Keep the numbers of a trajectory, and its events if it is among the worst."""
        worker = self.workers.setdefault(trajectory.worker, WorkerTally())
        measured = measured_of(trajectory)
        for name, measure in measured.items():
            if measure.value is None:
                _count(worker.whys[name], measure.why or "no reason was given")
        worker.rows[trajectory.task, trajectory.sample].append(self._row(trajectory, measured))
        self.unmapped.update(trajectory.unmapped)
        _keep_worst(worker.worst, trajectory, marks_of(measured))

    def _row(self, trajectory: Trajectory, measured: Mapping[str, Measure]) -> Row:
        values = (measured[name].value for name in COLUMNS)
        names = (e.tool for e in trajectory.events if isinstance(e, ToolCall))
        calls = [e for e in trajectory.events if isinstance(e, ModelCall) and e.error is None]
        return Row(
            array("d", (math.nan if value is None else value for value in values)),
            array("L", (self.tools.setdefault(name, len(self.tools)) for name in names)),
            array(
                "q", (-1 if n is None else n for c in calls for n in (c.tokens_in, c.tokens_out))
            ),
        )


def measured_of(trajectory: Trajectory) -> dict[str, Measure]:
    """Every metric and clause of a trajectory, its success and its clean success."""
    clean = clean_of(trajectory)
    unscored = "the log has no score that reads as a number"
    unclear = "; ".join(m.why for m in clean.clauses.values() if m.why) or unscored
    return {
        **{name: metric.measure(trajectory) for name, metric in METRICS.items()},
        **{name: clean.clauses[name] for name in CLAUSES},
        SUCCESS: Measure(clean.success, why=None if clean.success is not None else unscored),
        CLEAN: Measure(clean.clean, why=None if clean.clean is not None else unclear),
    }


def marks_of(measured: Mapping[str, Measure]) -> Marks:
    """What is to blame, by place, of metrics of which one way is better."""
    marks: dict[int, list[str]] = defaultdict(list)
    for name, measure in measured.items():
        if blames(name, measure):
            for place in measure.places:
                marks[place].append(name)
    return marks


def blames(name: str, measure: Measure) -> bool:
    """Whether the places of a measure are those of defects."""
    if name in CLAUSES:
        return measure.value is not None and measure.value < 1
    # Where neither way is better, such as what checking costs, places are no defects.
    return name in METRICS and METRICS[name].better is not None


def _keep_worst(worst: list[Timeline], trajectory: Trajectory, marks: Marks) -> None:
    """Keep a trajectory if it is among those with the most marked events, one of each sample."""
    unit = trajectory.task, trajectory.sample
    same = next((told for told in worst if (told.task, told.sample) == unit), None)
    beaten = same or (worst[-1] if len(worst) == WORST else None)
    if not marks or (beaten and len(marks) <= beaten.marked):
        return
    if beaten:
        worst.remove(beaten)
    worst.append(timeline(trajectory, marks))
    worst.sort(key=lambda told: -told.marked)


def _count(whys: Counter[str], reason: str) -> None:
    reason = " ".join(reason[:_WHY].split())
    whys[reason if reason in whys or len(whys) < _WHYS else _OTHER] += 1


def _identity(trajectory: Trajectory) -> bytes:
    """What two readings of one sample share; nothing for one without events."""
    if not trajectory.events:
        return b""
    name = "\x1f".join((trajectory.worker, trajectory.task, trajectory.sample))
    told = blake2b(f"{name}\x1f{trajectory.epoch}".encode(errors="replace"), digest_size=16)
    told.update(array("d", (event.at for event in trajectory.events)).tobytes())
    return told.digest()
