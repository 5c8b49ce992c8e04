"""Tickets: what is to be done, by queue."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from worktrial.office.apps.arguments import Filled, Id, Line, Page, Short, Text
from worktrial.office.apps.listing import listed
from worktrial.office.apps.lookup import colleague
from worktrial.office.tool import Refusal, Takes, Tool

if TYPE_CHECKING:
    from worktrial.office.office import Office

Assignee = Annotated[Line, Field(description="name or mail of a colleague")]


class _List(Takes):
    queue: Short = ""
    status: Literal["open", "waiting", "closed", "any"] = "open"
    text: Annotated[Line, Field(description="words; all tickets without")] = ""
    page: Page = 1


class _Ticket(Takes):
    ticket: Id


class _Add(Takes):
    title: Filled
    text: Text
    queue: Id
    assignee: Assignee = ""
    priority: Literal["low", "normal", "high", "urgent"] = "normal"


class _Change(Takes):
    ticket: Id
    status: Literal["", "open", "waiting", "closed"] = ""
    assignee: Assignee = ""
    priority: Literal["", "low", "normal", "high", "urgent"] = ""
    queue: Short = ""


class _Remark(Takes):
    ticket: Id
    text: Annotated[Text, Field(min_length=1)]


def _list(office: "Office", takes: _List) -> str:
    rows = office.rows(
        "select id, queue, status, priority, assignee, title from ticket"
        " where ? in ('', queue) and ? in ('any', status)"
        " and holds(title || ' ' || text || ' ' || assignee, ?)"
        " order by cast(substr(id, 3) as integer)",
        takes.queue,
        takes.status,
        takes.text,
    )
    return listed(office, rows, takes.page)


def _read(office: "Office", takes: _Ticket) -> str:
    name, title, text, queue, assignee, priority, status = _ticket(office, takes.ticket)
    office.note_read(f"ticket:{name}")
    remarks = office.rows(
        "select id, author, text from remark where ticket = ?"
        " order by cast(substr(id, 3) as integer)",
        name,
    )
    return "\n".join(
        (
            f"{name} {title}",
            f"Queue: {queue}\nStatus: {status}\nPriority: {priority}\nAssignee: {assignee}\n",
            text,
            *(f"\nRemark {one} by {author}: {said}" for one, author, said in remarks),
        )
    )


def _add(office: "Office", takes: _Add) -> str:
    name = office.new_id("ticket")
    office.add(
        "ticket",
        id=name,
        title=takes.title,
        text=takes.text,
        queue=_queue(office, takes.queue),
        assignee=_assignee(office, takes.assignee),
        priority=takes.priority,
        status="open",
    )
    return f"Ticket {name} added."


def _change(office: "Office", takes: _Change) -> str:
    _ticket(office, takes.ticket)
    new = {
        "status": takes.status,
        "assignee": _assignee(office, takes.assignee),
        "priority": takes.priority,
        "queue": _queue(office, takes.queue),
    }
    given = {column: text for column, text in new.items() if text}
    if not given:
        raise Refusal("invalid", f"Nothing to change: give one of {', '.join(new)}.")
    office.change("ticket", takes.ticket, **given)
    return f"Ticket {takes.ticket} changed."


def _remark(office: "Office", takes: _Remark) -> str:
    _ticket(office, takes.ticket)
    name = office.new_id("remark")
    office.add("remark", id=name, ticket=takes.ticket, author=office.user.mail, text=takes.text)
    return f"Remarked on {takes.ticket} as {name}."


def _ticket(office: "Office", name: str) -> tuple[str, ...]:
    found = office.rows("select * from ticket where id = ?", name)
    if not found:
        raise Refusal("not_found", f"There is no ticket {name!r}; look with ticket_list.")
    return tuple(found[0])


def _assignee(office: "Office", text: str) -> str:
    return colleague(office, text).mail if text else ""


def _queue(office: "Office", name: str) -> str:
    known = [row[0] for row in office.rows("select distinct queue from ticket order by queue")]
    if name and name not in known:
        raise Refusal("not_found", f"There is no queue {name!r}; there are: {', '.join(known)}.")
    return name


TOOLS = (
    Tool("ticket_list", "tickets", "List tickets.", _List, _list),
    Tool("ticket_read", "tickets", "Open a ticket with its remarks.", _Ticket, _read),
    Tool("ticket_add", "tickets", "Add a ticket.", _Add, _add, writes=True),
    Tool(
        "ticket_change", "tickets", "Change a ticket; what is left out stays.", _Change, _change,
        writes=True,
    ),
    Tool("ticket_remark", "tickets", "Add a remark to a ticket.", _Remark, _remark, writes=True),
)  # fmt: skip
"""The tools of the tickets."""
