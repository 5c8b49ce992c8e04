"""What defines a relay as a measurement."""

from collections.abc import Mapping, Sequence
from typing import Any

from worktrial.documents.blocks import write_blocks
from worktrial.documents.domain import domain
from worktrial.protocol import digest
from worktrial.relay import baton
from worktrial.relay.answers import Answer
from worktrial.relay.arms import TURNS, Arm
from worktrial.relay.arms import arm as find_arm
from worktrial.relay.baton import Baton
from worktrial.relay.dialogue import tools_of
from worktrial.relay.items import Course, Errand, RelayItem
from worktrial.relay.scoring import SCORER_VERSION
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
    return digest(
        {
            "version": baton.PROMPT_VERSION,
            "system": asked.system,
            "prompts": [asked.prompt(), *(_after(answer, asked.arm) for answer in _MISFITS)],
            "tools": [tool.model_dump(exclude_none=True) for tool in tools_of(asked.arm)],
            "turns": TURNS if asked.arm.handover == "tools" else 1,
            "budget": asked.arm.budget,
        }
    )


def _after(answer: Answer, arm: Arm) -> str:
    """The prompt that follows an answer, with what it says of it."""
    asked = Baton(_PROBE, arm)
    asked.receive(answer)
    return asked.prompt()


def measurement(
    course: Course, items: Sequence[RelayItem], *, seed: int, arm: str = "rewrite"
) -> Mapping[str, Any]:
    """The measurement part of a relay's manifest; content by its hash."""
    return {
        "trial": "relay",
        "task_version": TASK_VERSION,
        "course": course.model_dump(mode="json"),
        "seed": seed,
        "domains": sorted({item.domain for item in items}),
        "items": {item.id: digest(item.model_dump(mode="json")) for item in items},
        "arm": arm,
        "attempts": baton.ATTEMPTS,
        "prompt": prompt_hash(arm),
        "scorer": SCORER_VERSION,
        "clips": {item.domain: dict(domain(item.domain).clips) for item in items},
    }
