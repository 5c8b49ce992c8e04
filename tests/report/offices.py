"""An office's findings and items for tests of the page, out of evidence that is written by hand."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from readiness.observed import Row, measurement, rows, written
from report import factory
from worktrial.evidence.findings import Findings, RunFacts
from worktrial.protocol import Manifest
from worktrial.readiness.findings import office_findings
from worktrial.readiness.stories import ItemStory, Line, TurnStory
from worktrial.report.office import ToldItem

ARMS = ("native", "completion", "midway", "apart-1", "apart-20", "mcp", "faulty")
SOUND = {arm: {"oracle": 1.0, "null": 0.0, "leaks": 0.0, "items": 8.0} for arm in ARMS}
TASKS, SHIFTS, SESSIONS = (
    [f"{kind}-{n:02}" for n in range(many)]
    for kind, many in (("task", 12), ("shift", 6), ("session", 6))
)


def worker_rows(name: str, skill: float) -> Iterator[Row]:
    """All but the last items succeed, the more so the more skilled; privacy the other way round."""

    def done(items: Sequence[str], share: float) -> dict[str, float | None]:
        return {item: float(n < share * len(items)) for n, item in enumerate(items)}

    for items in (TASKS, SHIFTS, SESSIONS):
        yield from rows(name, "native", "success", done(items, skill))
    yield from rows(name, "native", "privacy", dict.fromkeys(TASKS, 1.2 - skill))
    for channel in ("output", "tool_argument", "draft", "memory", "third_party"):
        yield from rows(name, "native", f"leaks_{channel}", done(TASKS, 0.2))
    yield from rows(name, "native", "requests", dict.fromkeys(TASKS, 2.0))
    yield from rows(name, "native", "tokens_in", dict.fromkeys(TASKS, 900.0))
    for arm in ("completion", "mcp", "faulty"):
        yield from rows(name, arm, "success", {**done(TASKS, 0.8 * skill), TASKS[-1]: None})
    yield from rows(name, "midway", "success", done(SHIFTS, 0.5))
    for arm, share in (("apart-1", 0.9), ("apart-20", 0.5)):
        for metric in ("success", "kept", "used_right"):
            yield from rows(name, arm, metric, done(SESSIONS, share))


def manifest() -> Manifest:
    """Of a run of an office alone."""
    known = factory.manifest()
    incidental = {
        **known.incidental, "instrument": {"office": SOUND}, "course": "pocket",
        "versions": {"worktrial": "0.1.0"},
    }  # fmt: skip
    return known.model_copy(
        update={"measurement": {"office": measurement(*ARMS)}, "incidental": incidental}
    )


def evidence(path: Path, workers: Mapping[str, float]) -> None:
    written(path, (row for name, skill in workers.items() for row in worker_rows(name, skill)))


def findings(path: Path, workers: Mapping[str, float]) -> Findings:
    """What is found of these workers; `path` is a folder to write in."""
    table = written(path, (r for name, skill in workers.items() for r in worker_rows(name, skill)))
    found = office_findings(table, measurement(*ARMS), instrument=SOUND)
    facts = RunFacts(seed=7, course="pocket", protocol_sha256=manifest().sha256, versions={})
    return Findings(
        run=facts, estimates=found.estimates, claims=found.claims, outcomes=found.outcomes,
        cost=found.cost,
    )  # fmt: skip


def told(text: str, *, lines: int = 3) -> ToldItem:
    """An item in which everybody says the same."""
    kinds = ("call", "read", "write", "typed", "permission", "fault", "said")
    turn = TurnStory(1, 1, text, tuple(Line(kinds[n % 7], text) for n in range(lines)))
    story = ItemStory(text, "task-00", 1, "native", (turn,), 5)
    return ToldItem(story, "ok", {"success": 0.0, "calls": 12.0, "privacy": None})
