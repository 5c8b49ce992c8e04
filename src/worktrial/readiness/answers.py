"""What a worker called and said, with what it was answered: the log carried out once more."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from worktrial.office.events import Event
from worktrial.office.faults import answer_of
from worktrial.office.office import Office
from worktrial.readiness.arms import Arm
from worktrial.readiness.desk import opened
from worktrial.readiness.items import OfficeItem

_TOLD = ("call", "fault", "output")
_SILENT = ("completion", "file")
"""Modes in which calls are carried out after the worker has written its only answer."""


@dataclass(frozen=True)
class Step:
    """A call or a message.

    Attributes:
        event: As it was logged.
        reply: What was answered, in the office's own words; `None` where that is not known or the
            worker was not shown it.
    """

    event: Event
    reply: str | None

    @property
    def called(self) -> bool:
        """Whether it is a call, also one that did not reach its tool."""
        return self.event.kind != "output"

    @property
    def done(self) -> bool:
        """Whether it is a call that was carried out."""
        return self.event.kind == "call" and self.event.field == "ok"

    @cached_property
    def arguments(self) -> Mapping[str, Any]:
        """Of a call; empty where they cannot be read."""
        try:
            found = json.loads(self.event.value) if self.called else {}
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def steps(item: OfficeItem, arm: Arm, events: Sequence[Event]) -> list[Step]:
    """Every call and message of an item's log, in order, with what was answered."""
    with opened(item, arm) as office:
        if arm.condition.page is not None:
            office.page = arm.condition.page
        return list(_carried_out(office, events, shown=arm.mode not in _SILENT))


def _carried_out(office: Office, events: Sequence[Event], *, shown: bool) -> Iterator[Step]:
    for event in events:
        lost = _lost(office, event) if event.kind == "fault" else None
        reply = office.repeat(event)
        if event.kind in _TOLD:
            text = lost if reply is None else reply.text
            yield Step(event, text if shown else None)


def _lost(office: Office, event: Event) -> str | None:
    """What was answered to a call that did not reach its tool, where that is known."""
    if event.target != "false_success":
        return answer_of(event.target)
    arguments = Step(event, None).arguments
    return office.rehearse(event.tool, arguments).text
