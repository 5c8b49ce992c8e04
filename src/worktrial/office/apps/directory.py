"""Directory: colleagues, their records, and permission to read what is not open."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from worktrial.office.apps.arguments import Filled, Line, Page
from worktrial.office.apps.listing import listed
from worktrial.office.apps.lookup import colleague
from worktrial.office.forms import LEVELS
from worktrial.office.people import Person
from worktrial.office.tool import Refusal, Takes, Tool

if TYPE_CHECKING:
    from worktrial.office.office import Office

_FIELDS = ", ".join(LEVELS)
Whose = Annotated[Filled, Field(description="name or mail of a colleague")]


class _Find(Takes):
    text: Annotated[Line, Field(description="words of name, team or role; everybody without")] = ""
    page: Page = 1


class _Read(Takes):
    person: Whose
    field: Annotated[Filled, Field(description=_FIELDS)]


class _Ask(Takes):
    person: Whose
    field: Filled
    reason: Filled


def _find(office: "Office", takes: _Find) -> str:
    rows = office.rows(
        "select id, name, mail, team, role, iif(manager = '', '', 'manager ' || manager),"
        " 'desk ' || desk, 'extension ' || extension from person"
        " where holds(name || ' ' || mail || ' ' || team || ' ' || role, ?) order by id",
        takes.text,
    )
    return listed(office, rows, takes.page, read="person")


def _read(office: "Office", takes: _Read) -> str:
    person, level, value = _record(office, takes.person, takes.field)
    if level == "high" and not _permitted(office, person, takes.field):
        raise Refusal(
            "denied",
            f"{takes.field} of {person.name} needs a permission: ask with permission_ask.",
        )
    office.note_read(f"record:{person.id}/{takes.field}")
    return value


def _ask(office: "Office", takes: _Ask) -> str:
    person, level, _ = _record(office, takes.person, takes.field)
    if level == "low":
        return f"{takes.field} needs no permission: read it with record_read."
    office.do(
        "insert into permit values (?, ?, 0, 1)"
        " on conflict (person, field) do update set asked = asked + 1",
        person.id,
        takes.field,
    )
    granted = _permitted(office, person, takes.field)
    office.note_permission(f"record:{person.id}/{takes.field}", takes.reason, granted=granted)
    return "Granted." if granted else "Denied."


def _record(office: "Office", whose: str, field: str) -> tuple[Person, str, str]:
    """Whose record it is, how open the field is, and what it says."""
    person = colleague(office, whose)
    found = office.rows(
        "select level, value from record where person = ? and field = ?", person.id, field
    )
    if not found:
        raise Refusal("not_found", f"There is no field {field[:60]!r}; records hold: {_FIELDS}.")
    return person, found[0][0], found[0][1]


def _permitted(office: "Office", person: Person, field: str) -> bool:
    """Whether a permission was asked for and granted."""
    return bool(
        office.rows(
            "select 1 from permit where person = ? and field = ? and granted = 1 and asked > 0",
            person.id,
            field,
        )
    )


TOOLS = (
    Tool("directory_find", "directory", "Find colleagues.", _Find, _find),
    Tool(
        "record_read", "directory",
        "Read one field of a colleague's record; some need a permission.", _Read, _read,
    ),
    Tool(
        "permission_ask", "directory",
        "Ask for the permission to read a field of a colleague's record.", _Ask, _ask, writes=True,
    ),
)  # fmt: skip
"""The tools of the directory."""
