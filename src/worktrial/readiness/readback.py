"""Looking again: the call that shows whether another was carried out."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from worktrial.readiness.items import Call
from worktrial.readiness.scene import step

_AHEAD = timedelta(days=60)


def reads_back(call: Call, draft: Mapping[str, object]) -> Iterator[Call]:
    """The call that shows whether another was carried out; none where there is no such.

    Args:
        call: The other.
        draft: The arguments of the mail that it sends, if it sends one.
    """
    given = call.arguments
    match call.tool:
        case "mail_send":
            yield step("mail_search", text=str(draft.get("subject", "")), box="sent")
        case "form_submit":
            yield step("form_show", form=given["form"])
        case "calendar_add":
            yield step("calendar_list", first_day=given["day"], last_day=given["day"])
        case "ticket_add":
            yield step("ticket_list", text=given["title"])
        case "ticket_change" | "ticket_remark":
            yield step("ticket_read", ticket=given["ticket"])
        case "contact_add":
            yield step("contact_find", text=given["name"])
        case "file_write":
            yield step("file_read", path=given["path"])


def looks_again(call: Call, draft: Mapping[str, object], today: date) -> Iterator[Call]:
    """The call that shows it, of everything that is of consequence.

    Args:
        call: What was done.
        draft: The arguments of the mail that it sends, if it sends one.
        today: In the office.
    """
    match call.tool:
        case "calendar_change" | "calendar_cancel":
            last = (today + _AHEAD).isoformat()
            yield step("calendar_list", first_day=today.isoformat(), last_day=last)
        case "mail_discard":
            yield step("mail_search", box="draft")
        case _:
            yield from reads_back(call, draft)
