"""What defines a contrast as a measurement."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from worktrial.contrast.arms import ARMS, MARGIN, WORK
from worktrial.contrast.rows import Arms
from worktrial.evidence.scores import as_number
from worktrial.protocol import Measurement, Scorer, digest
from worktrial.protocol.checklist import Answered

CONTRAST_TASK = "worktrial/contrast"
"""The name under which Inspect knows a task under an arm."""
TASK_VERSION = 1
SCORER_VERSION = "1"
_SAID = ("C", "I", "P", "N", "yes", "false", "0.5", "93", "?", 1, True, None)


class Known(NamedTuple):
    """An item under an arm, as a protocol has it.

    Attributes:
        arm: Under which.
        name: Its id; the same under both arms where items are paired.
        cluster: The unit that is independent of others.
        sha256: Of what it holds, if that is known.
    """

    arm: str
    name: str
    cluster: str
    sha256: str

    @property
    def id(self) -> str:
        """Its id among the items of both arms."""
        return f"{self.arm}/{self.name}"

    @property
    def record(self) -> dict[str, str]:
        """What a log and a protocol hold of it."""
        return {"id": self.id, "cluster": self.cluster, "sha256": self.sha256}


def known_items(arms: Arms) -> list[Known]:
    """Every item of some rows once."""
    found = {
        (arm, row.item): Known(arm, row.item, row.cluster or row.item, row.sha256)
        for arm, rows in arms.items()
        for row in rows
    }
    return [found[key] for key in sorted(found)]


def measurement(
    items: Iterable[Known],
    *,
    names: Mapping[str, str],
    seed: int,
    replicates: int,
    pair: str,
    paired: bool,
    facts: Mapping[str, object],
) -> Measurement:
    """The contrast's part of a manifest; content by its hash.

    Args:
        items: What is sampled, under both arms.
        names: What each arm is called.
        seed: Of all that is drawn.
        replicates: How often each item is there at most.
        pair: By what items are the same under both arms.
        paired: Whether any are.
        facts: What else is known of the two: tasks, scorer key, what was read.
    """
    known = list(items)
    counts = {arm: sum(item.arm == arm for item in known) for arm in ARMS}
    return Measurement(
        task_version=TASK_VERSION,
        seed=seed,
        course={f"{arm} items": count for arm, count in counts.items()},
        items={item.id: digest(item.record) for item in known},
        arms={arm: digest([arm, names[arm]]) for arm in ARMS},
        primary=WORK,
        replicates=replicates,
        stop={"limits": "their own"},
        scorer=scorer(),
        settings={**names, "pair": pair, "paired": paired, "margin": MARGIN, **facts},
    )


@cache
def scorer() -> Scorer:
    """How what a scorer says becomes a number; the scores themselves are others'."""
    return Scorer(version=SCORER_VERSION, sha256=digest([as_number(said) for said in _SAID]))


def checklist(*, brought: bool) -> Sequence[Mapping[str, str | bool]]:
    """The Agentic Benchmark Checklist, as far as a contrast can answer it by itself."""
    return [answer._asdict() for answer in (*_ALWAYS, _BROUGHT if brought else _RUN)]


_RUN = Answered("task validity", "The tasks are those that are published", True,
                "their own solvers, tools and scorers run; measurement.items")  # fmt: skip
_BROUGHT = Answered("task validity", "The tasks are those that are published", False,
                    "their results were brought; how they came about is not seen")  # fmt: skip
_ALWAYS: tuple[Answered, ...] = tuple(
    Answered(*answer)
    for answer in (
        ("task validity", "The worker cannot reach the answers", False, "the tasks are others'"),
        ("outcome validity", "Scores measure what the task asks for", False,
         "planted workers check what is made of scores, and not their scorers"),
        ("outcome validity", "Failures that are not the worker's are kept apart", True,
         "outcomes infrastructure and judge_fault: missing data, counted"),
        ("reporting", "Intervals are given, over independent units", True,
         "findings.json: estimates"),
        ("reporting", "The estimators are checked against known truth", True,
         "worktrial calibrate"),
    )
)  # fmt: skip
