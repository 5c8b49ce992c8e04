"""The office as a worker left it, made again from what was kept of it: its log."""

from collections.abc import Sequence
from itertools import zip_longest

from worktrial.errors import EvidenceError
from worktrial.office.events import Event
from worktrial.office.office import Office
from worktrial.readiness.draw import open_office
from worktrial.readiness.items import OfficeItem

_SHOWN = 120


def replay(
    item: OfficeItem,
    events: Sequence[Event],
    fillers: Sequence[OfficeItem] = (),
    *,
    page: int | None = None,
) -> Office:
    """Carry a log out again in a fresh office.

    Sessions, turns, calls, faults and messages are done again in their order; all other events
    follow from them.

    Args:
        item: Whose office it was.
        events: The log that was kept.
        fillers: The tasks between its sessions.
        page: How many rows a page of a list had, where it was not the usual number.

    Raises:
        EvidenceError: If the log that results is not the one that was kept.
    """
    office = open_office(item, fillers)
    if page is not None:
        office.page = page
    try:
        for event in events:
            office.repeat(event)
        _compare(item, events, office.events())
    except BaseException:
        office.close()
        raise
    return office


def _compare(item: OfficeItem, kept: Sequence[Event], found: Sequence[Event]) -> None:
    for one, other in zip_longest(kept, found):
        if one != other:
            raise EvidenceError(
                f"the office log of {item.id} is not what its calls lead to: it has {_shown(one)} "
                f"where there must be {_shown(other)}"
            )


def _shown(event: Event | None) -> str:
    if event is None:
        return "no further event"
    text = f"{event.seq} {event.kind} {event.tool} {event.target} {event.field} {event.value}"
    return repr(text[:_SHOWN])
