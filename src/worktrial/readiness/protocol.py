"""What defines an office trial as a measurement."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from worktrial.protocol import Measurement, Scorer, digest
from worktrial.protocol.checklist import Answered, records
from worktrial.readiness import modes
from worktrial.readiness.arms import ARMS, NATIVE, Arm
from worktrial.readiness.arms import arm as find_arm
from worktrial.readiness.check import measure
from worktrial.readiness.desk import opened, scopes, surface_of
from worktrial.readiness.draw import OfficeCourse, custom_course, draw_items
from worktrial.readiness.items import OfficeItem
from worktrial.readiness.reference import NAMES
from worktrial.readiness.script import between, parts
from worktrial.readiness.task import PROMPT_VERSION, TASK_VERSION, system
from worktrial.readiness.worker import SCORER_VERSION

OFFICE_TASK = "worktrial/office"
"""The name under which Inspect knows the office trial."""
_PROBE_SEED = 0
_SOMEBODY = "somebody"


def measurement(
    course: OfficeCourse,
    items: Sequence[OfficeItem],
    *,
    seed: int,
    arms: Sequence[str],
    replicates: int = 1,
) -> Measurement:
    """The office's part of a manifest; content by its hash.

    Args:
        course: How large the trial is.
        items: What is sampled.
        seed: From which offices and items follow.
        arms: Under which items are run.
        replicates: How often.
    """
    return Measurement(
        task_version=TASK_VERSION,
        seed=seed,
        course=course.model_dump(mode="json"),
        items={item.id: digest(item.model_dump(mode="json")) for item in items},
        arms={name: arm_hash(find_arm(name)) for name in arms},
        primary=NATIVE.name if NATIVE.name in arms else arms[0],
        replicates=replicates,
        stop={
            "calls": f"twice the oracle's and {course.calls} a turn",
            "tokens": f"{course.tokens} a call",
        },
        scorer=scorer(),
        user={"turns": "fixed in the item"},
        settings={"families": sorted({item.family for item in items})},
    )


@cache
def arm_hash(arm: Arm) -> str:
    """Hash all that an arm says to a worker and offers it, on items of a probe."""
    return digest(
        {
            "version": PROMPT_VERSION,
            "shown": [_shown(item, arm) for item in _probe() if arm.takes(item)],
            "over": arm.over,
            "condition": asdict(arm.condition),
        }
    )


def _shown(item: OfficeItem, arm: Arm) -> Mapping[str, Any]:
    office = opened(item, arm)
    surface = surface_of(office, item, arm)
    request = item.told.turns[0]
    asked = {
        "completion": lambda: modes.at_once(request, item, surface, _SOMEBODY),
        "text_calls": lambda: modes.in_text(request, surface, _SOMEBODY),
        "file": lambda: modes.with_file(request, item.page, arm.handover) if item.page else "",
    }
    shown = {
        "system": system(item),
        "turns": [part.session.turns for part in parts(item, arm)],
        "tools": [offer._asdict() for offer in surface.offers()],
        "scopes": sorted(scopes(item)) if arm.condition.scoped else [],
        "between": [one.id for one in between(item, arm)],
        "asked": asked[arm.mode]() if arm.mode in asked else "",
    }
    office.close()
    return shown


@cache
def _probe() -> tuple[OfficeItem, ...]:
    return draw_items(custom_course("pocket"), seed=_PROBE_SEED)


@cache
def scorer() -> Scorer:
    """This version's scorer: its version, and the hash of what it makes of reference workers."""
    arms = (NATIVE, ARMS["midway"], ARMS["apart-1"], ARMS["seeded"])
    scores = [
        [name, item.id, arm.name, sorted(measure(name, item, arm).items())]
        for name in NAMES
        for arm in arms
        for item in _probe()
        if arm.takes(item)
    ]
    return Scorer(version=SCORER_VERSION, sha256=digest(scores))


def checklist() -> list[Mapping[str, str | bool]]:
    """The Agentic Benchmark Checklist, as far as the office can answer it by itself."""
    return records(_CHECKLIST)


_CHECKLIST: tuple[Answered, ...] = tuple(
    Answered(*answer)
    for answer in (
        ("task validity", "Residual state of one sample cannot reach another", True,
         "every item has an office of its own, in memory or in a folder that is removed"),
        ("task validity", "The worker cannot reach the answers", True,
         "goals and labels stay outside the office; nothing of a worker's is executed"),
        ("task validity", "Doing nothing is not success", True,
         "incidental.instrument: the null worker; no goal holds at the start"),
        ("task validity", "Tools work the same in every arm", True,
         "one surface behind Inspect's tools, MCP and text; equal end states are tested"),
        ("outcome validity", "Outcomes are checked by a program", True,
         "measurement.scorer: queries of the end state and of the log"),
        ("outcome validity", "What was not asked for counts against success", True,
         "every goal holds that nothing else was sent, booked or filed"),
        ("outcome validity", "Correct answers in another form are not punished", True,
         "free text has to hold names, codes and days; its words are free"),
        ("outcome validity", "Failures that are not the worker's are kept apart", True,
         "outcomes infrastructure and environment_fault: missing data, counted"),
        ("reporting", "Personal data in it is invented", True, "drawn from a seed"),
        ("reporting", "The items are known not to be in training data", True, "drawn from a seed"),
        ("reporting", "The requests are compared with those of people", False,
         "no person was asked"),
    )
)  # fmt: skip
