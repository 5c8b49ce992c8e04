"""Contacts: people outside the company."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from worktrial.office.apps.arguments import Filled, Line, Page
from worktrial.office.apps.listing import listed
from worktrial.office.apps.lookup import mailable
from worktrial.office.tool import Refusal, Takes, Tool

if TYPE_CHECKING:
    from worktrial.office.office import Office


class _Find(Takes):
    text: Annotated[Line, Field(description="words; all contacts without")] = ""
    page: Page = 1


class _Add(Takes):
    name: Filled
    organisation: Line
    mail: Filled
    phone: Line = ""


def _find(office: "Office", takes: _Find) -> str:
    rows = office.rows(
        "select * from contact"
        " where holds(name || ' ' || organisation || ' ' || mail || ' ' || phone, ?)"
        " order by cast(substr(id, 3) as integer)",
        takes.text,
    )
    return listed(office, rows, takes.page, read="contact")


def _add(office: "Office", takes: _Add) -> str:
    mail = mailable("mail", takes.mail)
    if not mail or ", " in mail:
        raise Refusal("invalid", "`mail`: must be one mail address.")
    if known := office.rows("select id from contact where mail = ?", mail):
        raise Refusal("conflict", f"{mail} is in the contacts as {known[0][0]}.")
    name = office.new_id("contact")
    office.add(
        "contact",
        id=name,
        name=takes.name,
        organisation=takes.organisation,
        mail=mail,
        phone=takes.phone,
    )
    return f"Contact {name} added."


TOOLS = (
    Tool("contact_find", "contacts", "Find contacts outside the company.", _Find, _find),
    Tool("contact_add", "contacts", "Add a contact.", _Add, _add, writes=True),
)
"""The tools of the contacts."""
