"""What defines a relay as a measurement."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from worktrial.documents.blocks import write_blocks
from worktrial.documents.domain import domain
from worktrial.protocol import Measurement, Scorer, digest
from worktrial.protocol.checklist import Answered, records
from worktrial.relay import baton
from worktrial.relay.agent import LIMITS
from worktrial.relay.answers import Answer
from worktrial.relay.arms import TURNS, Arm
from worktrial.relay.arms import arm as find_arm
from worktrial.relay.baton import Baton
from worktrial.relay.changes import given
from worktrial.relay.dialogue import tools_of
from worktrial.relay.items import Course, Errand, RelayItem
from worktrial.relay.scoring import SCORER_VERSION, RelayScorer, measures
from worktrial.relay.task import TASK_VERSION

RELAY_TASK = "worktrial/relay"
"""The name under which Inspect knows the relay."""

_PROBE = RelayItem(
    id="probe",
    domain="spreadsheet",
    files={"a.csv": "id,n\nx,1\n"},
    distractors={"notes.md": "Nothing.\n"},
    schedule=[Errand(name="probe", kind="scale", forward="Forward.", backward="Backward.")],
    budget_tokens=1000,
    seed=0,
)
"""A relay that is never run: an arm's prompts are hashed as they are written for it."""
_FITS = write_blocks({"a.csv": "x,1\n"}, {"a.csv": "x,2\n"})
_MISFITS = (Answer(""), Answer(f"{_FITS}\n\n{_FITS.replace('x,1', 'y,1')}"))
"""Answers of which something is to be said: nothing at all, and blocks that fit in part."""


def prompt_hash(arm: str) -> str:
    """Hash all that an arm says to a worker and allows it, apart from the items.

    Raises:
        ConfigError: If there is no such arm.
    """
    asked = Baton(_PROBE, find_arm(arm))
    change = asked.arm.change
    return digest(
        {
            **({"change": [change.name, change.number, _reviewed(asked.arm)]} if change else {}),
            "version": baton.PROMPT_VERSION,
            "system": asked.system,
            "prompts": [asked.prompt(), *(_after(answer, asked.arm) for answer in _MISFITS)],
            "tools": [tool.model_dump(exclude_none=True) for tool in tools_of(asked.arm)],
            "turns": TURNS if asked.arm.handover in ("tools", "agent") else 1,
            "budget": asked.arm.budget,
            **(LIMITS if asked.arm.handover == "agent" else {}),
        }
    )


def _after(answer: Answer, arm: Arm) -> str:
    """The prompt that follows an answer, with what it says of it."""
    asked = Baton(_PROBE, arm)
    asked.receive(answer)
    return asked.prompt()


def _reviewed(arm: Arm) -> str:
    """The prompt of a review, of an arm that has them at every leg."""
    asked = Baton(_PROBE, arm)
    asked.remedy.take(asked.files, asked.instruction)
    return asked.remedy.prompt()


def arm_hash(name: str, items: Sequence[RelayItem]) -> str:
    """Hash an arm, with the items as it gives them where it changes them."""
    arm = find_arm(name)
    if arm.change is None or arm.change.calls:
        return prompt_hash(name)
    changed = {item.id: digest(given(item, arm).model_dump(mode="json")) for item in items}
    return digest([prompt_hash(name), changed])


def measurement(
    course: Course,
    items: Sequence[RelayItem],
    *,
    seed: int,
    arms: Sequence[str] = ("rewrite",),
    replicates: int = 1,
    documents: bool = False,
) -> Measurement:
    """The relay's part of a manifest; content by its hash.

    Args:
        course: How large the relay is.
        items: What is sampled.
        seed: From which the items follow.
        arms: Under which each item is run; the first is the primary one.
        replicates: How often.
        documents: Whether the items are of one's own documents.
    """
    return Measurement(
        task_version=TASK_VERSION,
        seed=seed,
        course=course.model_dump(mode="json"),
        items={item.id: digest(item.model_dump(mode="json")) for item in items},
        arms={name: arm_hash(name, items) for name in arms},
        primary=arms[0],
        replicates=replicates,
        stop={
            "attempts": baton.ATTEMPTS,
            "after_a_dropped_baton": "the relay ends at fidelity 0",
            "budget_tokens": "by item, times that of the arm",
            "context": "every leg is a fresh conversation",
        },
        scorer=scorer(),
        settings={
            "domains": list(dict.fromkeys(item.domain for item in items)),
            "documents": documents,
            "clips": {item.domain: dict(domain(item.domain).clips) for item in items},
        },
    )


@cache
def scorer() -> Scorer:
    """This version's scorer: its declared version, and the hash of what it makes of a probe.

    The probe is a file of items and answers that never changes, so the hash does when scoring
    does: in the likeness, the parsers, the edits' programs or the reading of answers.
    """
    probe = json.loads((files(__package__) / "probe.json").read_text("utf-8"))
    scores = [
        [
            {name: None if v is None else round(v, 9) for name, v in row.items()}
            for row in _scored(RelayItem.model_validate(entry["item"]), entry["answers"])
        ]
        for entry in probe
    ]
    return Scorer(version=SCORER_VERSION, sha256=digest(scores))


def _scored(item: RelayItem, answers: list[str]) -> list[Mapping[str, float | None]]:
    found = RelayScorer(item, find_arm("rewrite")).score([Answer(text) for text in answers])
    return measures(found, 2 * len(item.schedule))


def checklist() -> list[Mapping[str, str | bool]]:
    """The Agentic Benchmark Checklist, as far as the relay can answer it by itself."""
    return records(_CHECKLIST)


_CHECKLIST: tuple[Answered, ...] = tuple(
    Answered(*answer)
    for answer in (
        ("task validity", "Residual state of one sample cannot reach another", True,
         "every leg is a fresh conversation over the item's own files"),
        ("task validity", "The worker cannot reach the answers", True,
         "oracles are programs that run after the answer; nothing of a worker's is executed"),
        ("task validity", "Doing nothing is not success", True,
         "incidental.instrument: the null worker; forward legs are scored"),
        ("outcome validity", "Outcomes are checked by a program", True,
         "measurement.scorer; no judge is asked"),
        ("outcome validity", "Success by guessing is known", True,
         "the floor of each domain's likeness, held by tests"),
        ("outcome validity", "Correct answers in another form are not punished", True,
         "formatting that a format calls meaningless leaves likeness at 1, held by tests"),
        ("outcome validity", "Failures that are not the worker's are kept apart", True,
         "outcome infrastructure: missing data, counted"),
        ("reporting", "A human baseline is reported", False, "none was measured"),
        ("reporting", "The items are known not to be in training data", True,
         "drawn from a seed; of one's own documents it cannot be shown"),
    )
)  # fmt: skip
