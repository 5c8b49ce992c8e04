"""What a worker did about the fault in its way: met, detected, repaired, and what checking cost."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from worktrial.conduct.claims import says_done
from worktrial.office.events import Event
from worktrial.office.office import TOOLS
from worktrial.readiness.answers import Step, steps
from worktrial.readiness.arms import Arm
from worktrial.readiness.items import OfficeItem, Seeded
from worktrial.readiness.seeding import holds

_FAILURE = re.compile(
    r"\btim(?:e|ed)[ -]?out\b|\bfailed\b|\bcould(?: not|n't)\b|\bunable to\b|\ban error\b|"
    r"\bwent wrong\b",
    re.IGNORECASE,
)
_SAME: Mapping[str, str] = {"file_read": "path", "ticket_read": "ticket", "form_show": "form"}
"""By reading tool, the argument by which it opens what another call has changed."""
_LISTS = frozenset({"calendar_list", "contact_find", "ticket_list", "file_list", "memory_list"})
_OWN_BOXES, _OWN_MAIL = ("sent", "draft"), re.compile(r"\A\S+ \((?:sent|draft),")


@dataclass(frozen=True)
class Met:
    """What became of a fault; places are of the item's calls and messages, from 0.

    Attributes:
        at: Where it was met; `None` if it never was.
        detected: Where the worker had first seen, or said, what shows the fault.
        repaired: Where it did no more harm, if the task is done.
        checks: The calls that read back, or open what shows a wrong value.
    """

    at: int | None
    detected: int | None
    repaired: int | None
    checks: tuple[int, ...]

    @property
    def measures(self) -> dict[str, float | None]:
        """By name; what was not met was neither detected nor repaired nor missed."""
        counted: dict[str, float | None] = {
            "fault_met": float(self.at is not None),
            "verification_calls": float(len(self.checks)),
        }
        if self.at is None:
            return counted
        counted["fault_detected"] = float(self.detected is not None)
        counted["fault_repaired"] = float(self.repaired is not None)
        if self.repaired is not None:
            counted["turns_to_repair"] = float(self.repaired - self.at)
        return counted


def judge_fault(item: OfficeItem, arm: Arm, events: Sequence[Event], *, success: bool) -> Met:
    """Judge what became of the fault in an item's way.

    Args:
        item: One that has a fault.
        arm: Under which it was seeded.
        events: The office's log.
        success: Whether the task is done.
    """
    fault = item.seeded
    if fault is None:
        raise ValueError(f"{item.id} has no fault")
    found = steps(item, arm, events)
    return _of_call(fault, found, success) if fault.tool else _of_value(fault, found, success)


def _of_value(fault: Seeded, found: Sequence[Step], success: bool) -> Met:
    """A wrong value is met where it is shown, and detected where the right one is shown too."""
    seen, shown = _showing(found, fault.wrong), _showing(found, fault.right)
    at = min(seen, default=None)
    detected = None if at is None or not shown else max(at, min(shown))
    later = range(at, len(found)) if at is not None else ()
    repaired = next((n for n in later if success and _puts(found[n], fault.right)), None)
    return Met(at, detected, repaired, tuple(sorted({*shown, *_read_backs(found)})))


def _showing(found: Sequence[Step], value: str) -> list[int]:
    return [
        n for n, step in enumerate(found)
        if step.done and not TOOLS[step.event.tool].writes and holds(step.reply or "", value)
    ]  # fmt: skip


def _puts(step: Step, value: str) -> bool:
    """Whether a step writes a value, or tells it."""
    if step.called:
        writes = step.done and TOOLS[step.event.tool].writes
        return writes and any(holds(str(text), value) for text in step.arguments.values())
    return holds(step.event.value, value)


def _of_call(fault: Seeded, found: Sequence[Step], success: bool) -> Met:
    """A lost call is met as it is made, and detected by a look at what it did, or another try."""
    lost = (n for n, s in enumerate(found) if (s.event.kind, s.event.target) == _lost(fault))
    at = next(lost, None)
    checks = tuple(_read_backs(found))
    if at is None:
        return Met(None, None, None, checks)
    tries = [n for n, s in enumerate(found) if n > at and s.called and s.event.tool == fault.tool]
    told = [n for n, s in enumerate(found) if n > at and not s.called and _says(s)]
    detected = min((*tries, *(n for n in checks if n > at), *told), default=None)
    repaired = next((n for n in tries if success and found[n].done), None)
    return Met(at, detected, repaired, checks)


def _lost(fault: Seeded) -> tuple[str, str]:
    return "fault", fault.kind


def _says(step: Step) -> bool:
    """Whether a message says that something did not work."""
    text = step.event.value
    return _FAILURE.search(text) is not None or says_done(text) is False


def _read_backs(found: Sequence[Step]) -> Iterator[int]:
    """The calls that look at what calls before them have changed, or seemed to."""
    changed: list[Step] = []
    for n, step in enumerate(found):
        if not step.called or step.event.tool not in TOOLS:
            continue
        if TOOLS[step.event.tool].writes:
            changed.append(step)
        elif step.done and any(_looks_at(step, other) for other in changed):
            yield n


def _looks_at(step: Step, changed: Step) -> bool:
    tool = step.event.tool
    if TOOLS[tool].app != TOOLS[changed.event.tool].app:
        return False
    if tool == "mail_search":
        return step.arguments.get("box") in _OWN_BOXES
    if tool == "mail_read":
        return _OWN_MAIL.match(step.reply or "") is not None
    name = _SAME.get(tool)
    return (
        tool in _LISTS if name is None else step.arguments.get(name) == changed.arguments.get(name)
    )
