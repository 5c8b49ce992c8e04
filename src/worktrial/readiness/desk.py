"""The office of an item under an arm, and the ways in which a worker's answers reach it."""

from pathlib import Path

from worktrial.office.faults import Once
from worktrial.office.office import TOOLS, Office
from worktrial.office.surface import Surface
from worktrial.readiness.arms import Arm
from worktrial.readiness.draw import open_office
from worktrial.readiness.items import OfficeItem, Page
from worktrial.readiness.script import between


def opened(item: OfficeItem, arm: Arm, *, path: Path | None = None) -> Office:
    """The office of an item, with what lies between its sessions under an arm."""
    return open_office(arm.made_of(item), between(item, arm), path=path)


def apps(item: OfficeItem, arm: Arm) -> tuple[str, ...]:
    """The apps at hand: the item's own, and those of the tasks between its sessions."""
    own = arm.made_of(item).apps
    return tuple(dict.fromkeys([*own, *(a for one in between(item, arm) for a in one.apps)]))


def surface_of(office: Office, item: OfficeItem, arm: Arm) -> Surface:
    """What a worker is offered."""
    return Surface(
        office,
        apps(item, arm),
        arm.condition,
        draw=item.draw,
        scopes=scopes(item),
        once=_once(item, arm),
    )


def scopes(item: OfficeItem) -> frozenset[str]:
    """The scopes that an item has a use for."""
    sessions = (item.told, *item.apart)
    tools = {call.tool for session in sessions for plan in session.plans for call in plan}
    return frozenset(f"{TOOLS[tool].app}.write" for tool in tools if TOOLS[tool].writes)


def _once(item: OfficeItem, arm: Arm) -> Once | None:
    fault = item.seeded if arm.seeded else None
    if fault is None or fault.kind not in ("timeout", "false_success"):
        return None
    return Once(fault.tool, fault.kind)


def edited(office: Office, page: Page, text: str | None) -> None:
    """Put a file back that a worker changed; nothing where it handed none back."""
    if text is not None and text != page.before:
        office.call("file_write", {"path": page.path, "text": text})
