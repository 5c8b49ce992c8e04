"""What defines a relay as a measurement."""

from collections.abc import Mapping, Sequence
from typing import Any

from worktrial.documents.domain import domain
from worktrial.protocol import digest
from worktrial.relay import baton
from worktrial.relay.extract import ARM
from worktrial.relay.items import Course, RelayItem
from worktrial.relay.scoring import SCORER_VERSION
from worktrial.relay.task import TASK_VERSION

RELAY_TASK = "worktrial/relay"
"""The name under which Inspect knows the relay."""


def measurement(course: Course, items: Sequence[RelayItem], *, seed: int) -> Mapping[str, Any]:
    """The measurement part of a relay's manifest; content by its hash."""
    return {
        "trial": "relay",
        "task_version": TASK_VERSION,
        "course": course.model_dump(mode="json"),
        "seed": seed,
        "domains": sorted({item.domain for item in items}),
        "items": {item.id: digest(item.model_dump(mode="json")) for item in items},
        "arm": ARM,
        "attempts": baton.ATTEMPTS,
        "prompt": digest([baton.PROMPT_VERSION, baton.Baton(items[0]).prompt()]),
        "scorer": SCORER_VERSION,
        "clips": {item.domain: dict(domain(item.domain).clips) for item in items},
    }
