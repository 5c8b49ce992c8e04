"""An office worked in by a plan, for tests."""

import re
from collections.abc import Iterable, Sequence

from worktrial.office.events import Event
from worktrial.office.office import Office
from worktrial.readiness.draw import open_office
from worktrial.readiness.items import Call, Field, OfficeItem, Optional, Session, Trap
from worktrial.readiness.scene import told

_ID = re.compile(r"\b[metsr]-\d+\b")
SEED = 5


def bare(
    *, fields: Sequence[Field] = (), traps: Sequence[Trap] = (), optional: Sequence[Optional] = ()
) -> OfficeItem:
    """An item with nothing to do but what it needs and must not touch."""
    return OfficeItem(
        id="bare-000",
        family="bare",
        kind="task",
        seed=SEED,
        draw=1,
        user="p-01",
        apps=("mail",),
        told=told("Nothing to do.", (), "Done."),
        goal=(),
        fields=tuple(fields),
        traps=tuple(traps),
        optional=tuple(optional),
    )


def work(
    of: OfficeItem, sessions: Iterable[Session], fillers: Sequence[OfficeItem] = (), turns: int = 9
) -> Office:
    """Carry out the plans of sessions; of each at most so many turns."""
    office = open_office(of, fillers)
    for session in sessions:
        office.begin_session()
        for plan, answer in list(zip(session.plans, session.answers, strict=True))[:turns]:
            office.begin_turn()
            carry_out(office, plan)
            office.say(answer)
    return office


def carry_out(office: Office, plan: Sequence[Call]) -> None:
    """Carry out a plan, every call of which must succeed."""
    last = ""
    for call in plan:
        found = _ID.findall(last)
        arguments = {
            name: value.replace("{last}", found[-1]) if isinstance(value, str) and found else value
            for name, value in call.arguments.items()
        }
        reply = office.call(call.tool, arguments)
        assert reply.trouble is None, (call, reply.text)
        last = reply.text


def happened(*events: tuple[str, str, str, str, str]) -> list[Event]:
    """Events by themselves: kind, tool, target, field, value."""
    return [Event(seq, 1, 1, *rest) for seq, rest in enumerate(events, 1)]
