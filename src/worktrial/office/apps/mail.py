"""Mail: the user's box; drafts are written first, then sent."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from worktrial.office.apps.arguments import Id, Line, Page, Text
from worktrial.office.apps.listing import listed
from worktrial.office.apps.lookup import addresses, mailable
from worktrial.office.tool import Refusal, Takes, Tool

if TYPE_CHECKING:
    from worktrial.office.office import Office

LAST = "last"
To = Annotated[Line, Field(description="mail addresses, comma-separated")]
Draft = Annotated[Id, Field(description="id of a draft, or last")]


class _Search(Takes):
    text: Annotated[Line, Field(description="words; all mails without")] = ""
    box: Literal["inbox", "sent", "draft"] = "inbox"
    page: Page = 1


class _Read(Takes):
    mail: Id


class _Write(Takes):
    to: To
    subject: Line
    body: Text


class _Edit(Takes):
    draft: Draft = LAST
    to: To = ""
    subject: Line = ""
    body: Text = ""


class _Draft(Takes):
    draft: Draft = LAST


def _search(office: "Office", takes: _Search) -> str:
    rows = office.rows(
        "select id, day, iif(box = 'inbox', sender, recipients), subject from message"
        " where box = ? and holds(sender || ' ' || recipients || ' ' || subject || ' ' || body, ?)"
        " order by day desc, cast(substr(id, 3) as integer) desc",
        takes.box,
        takes.text,
    )
    return listed(office, rows, takes.page)


def _read(office: "Office", takes: _Read) -> str:
    found = office.rows("select * from message where id = ?", takes.mail)
    if not found:
        raise Refusal("not_found", f"There is no mail {takes.mail!r}.")
    name, box, sender, recipients, subject, body, day = found[0]
    office.note_read(f"message:{name}")
    return f"{name} ({box}, {day})\nFrom: {sender}\nTo: {recipients}\nSubject: {subject}\n\n{body}"


def _write(office: "Office", takes: _Write) -> str:
    name = office.new_id("message")
    office.note_typed(f"message:{name}", takes.model_dump())
    office.add(
        "message",
        id=name,
        box="draft",
        sender=office.user.mail,
        recipients=", ".join(addresses(takes.to)),
        subject=takes.subject,
        body=takes.body,
        day=office.today.isoformat(),
    )
    return f"Draft {name} saved."


def _edit(office: "Office", takes: _Edit) -> str:
    name, _ = _draft(office, takes.draft)
    typed = takes.model_dump(exclude={"draft"})
    if not any(typed.values()):
        raise Refusal("invalid", "Nothing to change: give `to`, `subject` or `body`.")
    office.note_typed(f"message:{name}", typed)
    to = ", ".join(addresses(takes.to))
    new = {"recipients": to, "subject": takes.subject, "body": takes.body}
    office.change("message", name, **{column: text for column, text in new.items() if text})
    return f"Draft {name} changed."


def _discard(office: "Office", takes: _Draft) -> str:
    name, _ = _draft(office, takes.draft)
    office.remove("message", name)
    return f"Draft {name} discarded."


def _send(office: "Office", takes: _Draft) -> str:
    name, recipients = _draft(office, takes.draft)
    to = mailable("to", recipients)
    if not to:
        raise Refusal("invalid", f"Draft {name} has no recipient; give one with mail_edit.")
    office.change("message", name, box="sent", recipients=to, day=office.today.isoformat())
    return f"{name} sent to {to}."


def _draft(office: "Office", wanted: str) -> tuple[str, str]:
    """The id and the recipients of a draft."""
    found = office.rows(
        "select id, recipients from message where box = 'draft' and ? in (id, 'last')"
        " order by cast(substr(id, 3) as integer) desc limit 1",
        wanted,
    )
    if not found:
        raise Refusal("not_found", f"There is no draft {wanted!r}; look with mail_search.")
    return found[0][0], found[0][1]


TOOLS = (
    Tool("mail_search", "mail", "List mails, newest first.", _Search, _search),
    Tool("mail_read", "mail", "Open a mail.", _Read, _read),
    Tool("mail_draft", "mail", "Write a draft; nothing is sent yet.", _Write, _write, writes=True),
    Tool("mail_edit", "mail", "Replace parts of a draft.", _Edit, _edit, writes=True),
    Tool("mail_discard", "mail", "Throw a draft away.", _Draft, _discard, writes=True),
    Tool("mail_send", "mail", "Send a draft.", _Draft, _send, writes=True),
)
"""The tools of mail."""
