"""What the tools of the office do, and what they refuse."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from worktrial.errors import ConfigError
from worktrial.office.content import FORMS, content
from worktrial.office.office import TOOLS, Office, offers
from worktrial.office.tool import Reply

CONTENT = content(1)
SOMEONE = CONTENT.people[3]


@pytest.fixture
def office() -> Iterator[Office]:
    with Office.furnished(1) as one:
        one.begin_session()
        yield one


def done(office: Office, tool: str, **arguments: Any) -> str:
    reply = office.call(tool, arguments)
    assert reply.trouble is None, reply
    return reply.text


def reads(office: Office) -> list[str]:
    return [event.target for event in office.events() if event.kind == "read"]


# --- mail ---


def test_a_mail_is_found_newest_first_and_read(office: Office) -> None:
    found = done(office, "mail_search", text="LUNCH brightwater").splitlines()
    days = [line.split(" | ")[1] for line in found]
    assert len(found) == 2
    assert days == sorted(days, reverse=True)
    assert reads(office) == []
    name = found[0].split(" | ")[0]
    text = done(office, "mail_read", mail=name)
    assert f"{name} (inbox, {days[0]})" in text
    assert f"To: {office.user.mail}" in text
    assert "may I ask whether the lunch" in text
    assert reads(office) == [f"message:{name}"]


def test_boxes_are_apart(office: Office) -> None:
    assert "from" not in done(office, "mail_search", box="draft")
    sent = done(office, "mail_search", box="sent", text="crates")
    assert "cobalt-freight.example" in sent


def test_a_draft_is_written_changed_and_sent(office: Office) -> None:
    to = "Ann <Ann@b.example>; c@d.example, ann@b.example"
    assert done(office, "mail_draft", to=to, subject="Hi", body="Ho") == "Draft m-048 saved."
    assert done(office, "mail_edit", draft="m-048", body="Hey") == "Draft m-048 changed."
    assert done(office, "mail_send") == "m-048 sent to ann@b.example, c@d.example."
    assert office.rows("select * from message where id = 'm-048'") == [
        ("m-048", "sent", office.user.mail, "ann@b.example, c@d.example", "Hi", "Hey",
         office.today.isoformat()),
    ]  # fmt: skip


def test_last_is_the_newest_draft_and_a_draft_is_found_by_its_id(office: Office) -> None:
    for subject in ("one", "two", "three"):
        done(office, "mail_draft", to="a@b.example", subject=subject, body="")
    assert done(office, "mail_discard") == "Draft m-050 discarded."
    assert done(office, "mail_send", draft="m-048").startswith("m-048 sent")
    assert done(office, "mail_edit", subject="new") == "Draft m-049 changed."
    assert office.call("mail_send", {"draft": "m-048"}).trouble == "not_found"
    assert office.call("mail_edit", {"draft": "m-001", "body": "x"}).trouble == "not_found"


@pytest.mark.parametrize("to", ["", " , ;", "Bob", "a@b.example, Bob", "a@b", "a b@c.example", "@"])
def test_a_mail_without_proper_addresses_is_not_sent(office: Office, to: str) -> None:
    done(office, "mail_draft", to=to, subject="Hi", body="Ho")
    assert office.call("mail_send", {}).trouble == "invalid"
    assert office.rows("select box from message where id = 'm-048'") == [("draft",)]


# --- calendar ---


def test_an_event_is_added_changed_and_cancelled(office: Office) -> None:
    text = done(
        office, "calendar_add", title="Talk", day="2027-01-04", start="09:30", minutes=30,
        attendees=f"{SOMEONE.mail},x@y.example",
    )  # fmt: skip
    assert text == "Event e-043 added."
    listed = {"first_day": "2027-01-01", "last_day": "2027-12-31"}
    line = done(office, "calendar_list", **listed)
    assert line == (
        f"e-043 | 2027-01-04 | 09:30 | 30 min | Talk |  | {office.user.mail} | "
        f"{SOMEONE.mail}, x@y.example"
    )
    assert done(office, "calendar_list", person=SOMEONE.name, **listed) == line
    assert reads(office) == ["event:e-043", "event:e-043"]
    done(office, "calendar_change", event="e-043", day="2027-01-05", place="Orchid")
    assert office.rows("select day, start, place from event where id = 'e-043'") == [
        ("2027-01-05", "09:30", "Orchid")
    ]
    done(office, "calendar_cancel", event="e-043")
    assert done(office, "calendar_list", **listed) == "Nothing found."
    assert office.call("calendar_cancel", {"event": "e-043"}).trouble == "conflict"
    assert office.call("calendar_change", {"event": "e-043", "minutes": 5}).trouble == "conflict"


def test_colleagues_see_only_their_own_events(office: Office) -> None:
    listed = {"first_day": "2026-01-01", "last_day": "2026-12-31"}
    office.page = 100
    for person in CONTENT.people[:6]:
        for line in done(office, "calendar_list", person=person.mail, **listed).splitlines():
            assert person.mail in line


# --- directory and contacts ---


def test_people_are_found_by_name_team_and_role(office: Office) -> None:
    line = done(office, "directory_find", text=SOMEONE.name.upper())
    assert line.split(" | ")[:6] == [*SOMEONE[:5], f"manager {SOMEONE.manager}"]
    assert reads(office) == [f"person:{SOMEONE.id}"]
    assert len(done(office, "directory_find", text="finance").splitlines()) == 4
    assert done(office, "directory_find", text="head design").startswith("p-21")


def test_a_contact_is_added_once(office: Office) -> None:
    new = {"name": "Ann Oh", "organisation": "Oh", "mail": "Ann@oh.example"}
    assert done(office, "contact_add", **new) == "Contact c-15 added."
    assert done(office, "contact_find", text="ann oh") == "c-15 | Ann Oh | Oh | ann@oh.example |"
    assert office.call("contact_add", new).trouble == "conflict"
    assert reads(office) == ["contact:c-15"]


# --- files ---


def test_a_file_is_shown_as_it_is(office: Office) -> None:
    text = " a |\n\n\tb \\ é\u2028\r\n"
    assert done(office, "file_write", path="new/a.txt", text=text) == "new/a.txt written."
    assert done(office, "file_read", path="new/a.txt") == text
    assert done(office, "file_write", path="new/a.txt", text="") == "new/a.txt written over."
    assert done(office, "file_read", path="new/a.txt") == ""
    assert done(office, "file_list", folder="new/") == (
        f"new/a.txt | {office.user.mail} | 0 characters"
    )
    assert reads(office) == ["file:new/a.txt"] * 2


def test_a_folder_is_not_the_beginning_of_a_name(office: Office) -> None:
    done(office, "file_write", path="minute", text="x")
    assert done(office, "file_list", folder="minute") == "Nothing found."
    assert done(office, "file_list", folder="minutes").count("\n") == 5


@pytest.mark.parametrize(
    "path",
    [
        "../etc/passwd", "/etc/passwd", "a/../b", "a//b", "a/", "~/x", "c:\\x", "a b", "a\0b",
        "a\n",         "x" * 201, "%2e%2e/x", "file:///x",
    ],
)  # fmt: skip
def test_a_path_is_names_between_slashes(office: Office, path: str) -> None:
    for tool, arguments in (("file_read", {}), ("file_write", {"text": "x"})):
        assert office.call(tool, {"path": path, **arguments}).trouble == "invalid"


# --- forms ---


def test_a_form_is_filled_in_and_submitted(office: Office) -> None:
    assert len(done(office, "form_list").splitlines()) == len(FORMS)
    for field, value in (
        ("destination", "Graz"), ("day", "2026-05-04"), ("return_day", "2026-05-05"),
        ("purpose", "fair"), ("seat", "aisle"), ("seat", "window"), ("meal", "vegan"),
    ):  # fmt: skip
        done(office, "form_fill", form="travel", field=field, value=value)
    done(office, "form_clear", form="travel", field="meal")
    shown = done(office, "form_show", form="travel")
    assert (
        "seat | optional | on train or plane | one of window, aisle, none | filled in: window"
        in shown
    )
    assert "vegan |" not in shown
    assert done(office, "form_submit", form="travel") == "travel submitted as s-001."
    assert office.rows("select field, value from submission where id = 's-001' order by rowid") == [
        ("destination", "Graz"), ("day", "2026-05-04"), ("return_day", "2026-05-05"),
        ("purpose", "fair"), ("seat", "window"),
    ]  # fmt: skip
    assert office.rows("select * from entry") == []
    assert office.events()[-1][5:] == (
        "submission:s-001",
        "added",
        '{"day":"2026-05-04","destination":"Graz","form":"travel","purpose":"fair",'
        '"return_day":"2026-05-05","seat":"window"}',
    )
    assert reads(office) == ["form:travel"]


def test_a_form_names_what_it_still_needs(office: Office) -> None:
    done(office, "form_fill", form="access", field="level", value="god")
    reply = office.call("form_submit", {"form": "access"})
    assert reply == Reply("access still needs: system, reason.", "invalid")
    done(office, "form_fill", form="access", field="system", value="x")
    done(office, "form_fill", form="access", field="reason", value="x")
    reply = office.call("form_submit", {"form": "access"})
    assert reply == Reply("`level`: must be one of read, write, admin; got 'god'.", "invalid")


# --- tickets and memory ---


def test_a_ticket_is_added_changed_and_remarked_on(office: Office) -> None:
    text = done(office, "ticket_add", title="Lamp", text="Dark.", queue="it", assignee=SOMEONE.name)
    assert text == "Ticket t-019 added."
    done(office, "ticket_change", ticket="t-019", status="waiting", priority="high")
    assert (
        done(office, "ticket_remark", ticket="t-019", text="Soon.") == "Remarked on t-019 as r-012."
    )
    assert done(office, "ticket_read", ticket="t-019") == (
        f"t-019 Lamp\nQueue: it\nStatus: waiting\nPriority: high\nAssignee: {SOMEONE.mail}\n\nDark."
        f"\n\nRemark r-012 by {office.user.mail}: Soon."
    )
    assert reads(office) == ["ticket:t-019"]
    assert "t-019" not in done(office, "ticket_list", queue="it")
    assert "t-019" in done(office, "ticket_list", queue="it", status="any", text="lamp")


def test_memory_lasts_over_sessions(office: Office) -> None:
    done(office, "memory_save", key="seat", text="aisle\nalways")
    office.begin_session()
    assert done(office, "memory_list") == "seat | aisle\nalways"
    assert reads(office) == ["memory:seat"]
    done(office, "memory_forget", key="seat")
    assert done(office, "memory_list") == "Nothing found."


# --- lists and ids ---


def test_a_list_comes_in_pages(office: Office) -> None:
    office.page = 10
    pages = [done(office, "directory_find", page=page).splitlines() for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [11, 11, 4]
    assert pages[0][-1] == "page 1 of 3; ask for the next with page=2"
    assert reads(office) == [f"person:{one.id}" for one in CONTENT.people]
    assert office.call("directory_find", {"page": 4}).trouble == "not_found"


def test_words_are_taken_literally(office: Office) -> None:
    for text in ("%", "_%", "' or 1=1 --", "*", "\\"):
        assert done(office, "mail_search", text=text) == "Nothing found."


def test_new_ids_follow_the_largest() -> None:
    row = ("m-501", "inbox", "a@b.example", "c@d.example", "x", "y", "2026-01-01")
    with Office.furnished(1, [("message", row)]) as office:
        assert done(office, "mail_draft", to="", subject="", body="") == "Draft m-502 saved."


def test_every_created_row_is_the_last_id_of_its_reply(office: Office) -> None:
    made: Mapping[str, tuple[str, Mapping[str, Any]]] = {
        "m-048": ("mail_draft", {"to": "t-5@e-9.example", "subject": "e-001", "body": ""}),
        "e-043": (
            "calendar_add",
            {"title": "a", "day": "2026-05-05", "start": "10:00", "minutes": 5},
        ),
        "t-019": ("ticket_add", {"title": "a", "text": "b", "queue": "it"}),
        "r-012": ("ticket_remark", {"ticket": "t-001", "text": "b"}),
    }
    for name, (tool, arguments) in made.items():
        assert re.findall(r"\b[metsr]-\d+\b", done(office, tool, **arguments))[-1] == name


# --- refusals ---


@pytest.mark.parametrize(
    ("tool", "arguments", "trouble", "text"),
    [
        ("mail_read", {}, "invalid", "`mail` is missing."),
        ("mail_read", {"mail": 3}, "invalid", "`mail`: input should be a valid string; got 3."),
        ("mail_read", {"mail": "m-001", "x": 1}, "invalid",
         "`x` is no argument of mail_read; it takes: mail."),
        ("form_list", {"x": 1}, "invalid", "`x` is no argument of form_list; it takes: none."),
        ("mail_search", {"box": "spam"}, "invalid",
         "`box`: input should be 'inbox', 'sent' or 'draft'; got 'spam'."),
        ("mail_search", {"page": "1"}, "invalid",
         "`page`: input should be a valid integer; got '1'."),
        ("mail_search", {"page": True}, "invalid",
         "`page`: input should be a valid integer; got True."),
        ("mail_search", {"page": 0}, "invalid",
         "`page`: input should be greater than or equal to 1; got 0."),
        ("mail_read", {"mail": "x" * 41}, "invalid",
         f"`mail`: string should have at most 40 characters; got '{'x' * 12}...{'x' * 13}'."),
        ("mail_read", {"mail": "m-999"}, "not_found", "There is no mail 'm-999'."),
        ("mail_edit", {}, "not_found", "There is no draft 'last'; look with mail_search."),
        ("calendar_list", {"first_day": "4 May", "last_day": "2026-05-05"}, "invalid",
         "`first_day`: must be a day, YYYY-MM-DD; got '4 May'."),
        ("calendar_list", {"first_day": "2026-05-05", "last_day": "2026-05-04"}, "invalid",
         "`last_day`: must not be before `first_day`."),
        ("calendar_list", {"first_day": "2026-05-05", "last_day": "2026-05-06", "person": "Nobody"},
         "not_found", "There is no colleague 'Nobody'; look with directory_find."),
        ("calendar_add", {"title": "a", "day": "2026-02-30", "start": "10:00", "minutes": 5},
         "invalid", "`day`: must be a day, YYYY-MM-DD; got '2026-02-30'."),
        ("calendar_add", {"title": "a", "day": "2026-02-20", "start": "24:00", "minutes": 5},
         "invalid", "`start`: must be a time, HH:MM; got '24:00'."),
        ("calendar_add", {"title": "a", "day": "2026-02-20", "start": "10:00", "minutes": 5,
                          "attendees": "Bob"},
         "invalid", "`attendees`: must be mail addresses, comma-separated; got 'bob'."),
        ("calendar_change", {"event": "e-001"}, "invalid",
         "Nothing to change: give one of day, start, minutes, attendees, place, title."),
        ("calendar_change", {"event": "e-900", "minutes": 5}, "not_found",
         "There is no event 'e-900'; look with calendar_list."),
        ("record_read", {"person": SOMEONE.name, "field": "shoe_size"}, "not_found", None),
        ("permission_ask", {"person": "x", "field": "salary", "reason": "y"}, "not_found", None),
        ("permission_ask", {"person": SOMEONE.name, "field": "salary", "reason": ""}, "invalid",
         None),
        ("contact_add", {"name": "a", "organisation": "b", "mail": "c"}, "invalid", None),
        ("contact_add", {"name": "a", "organisation": "b", "mail": "c@d.example,e@f.example"},
         "invalid", "`mail`: must be one mail address."),
        ("file_read", {"path": "none.txt"}, "not_found",
         "There is no file 'none.txt'; look with file_list."),
        ("form_show", {"form": "x"}, "not_found", "There is no form 'x'; look with form_list."),
        ("form_fill", {"form": "leave", "field": "x", "value": "y"}, "not_found", None),
        ("form_clear", {"form": "leave", "field": "reason"}, "conflict",
         "reason of leave is not filled in."),
        ("ticket_read", {"ticket": "t-900"}, "not_found",
         "There is no ticket 't-900'; look with ticket_list."),
        ("ticket_add", {"title": "a", "text": "b", "queue": "x"}, "not_found",
         "There is no queue 'x'; there are: facilities, finance, it, people."),
        ("ticket_add", {"title": "a", "text": "b", "queue": "it", "assignee": "x"}, "not_found",
         None),
        ("ticket_change", {"ticket": "t-001"}, "invalid",
         "Nothing to change: give one of status, assignee, priority, queue."),
        ("ticket_remark", {"ticket": "t-900", "text": "x"}, "not_found", None),
        ("memory_forget", {"key": "x"}, "not_found",
         "Nothing is saved under 'x'; look with memory_list."),
        ("mail_burn", {}, "unknown", "There is no tool 'mail_burn'."),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_in_one_line(
    office: Office, tool: str, arguments: Mapping[str, Any], trouble: str, text: str | None
) -> None:
    reply = office.call(tool, arguments)
    assert reply.trouble == trouble
    assert text is None or reply.text == text
    assert "\n" not in reply.text
    assert not [event for event in office.events() if event.kind in ("read", "write")]


# --- offers ---


def test_offers_are_short_schemas() -> None:
    found = {offer.name: offer for offer in offers({tool.app for tool in TOOLS.values()})}
    assert set(found) == set(TOOLS)
    assert found["mail_search"].schema == {
        "type": "object",
        "properties": {
            "text": {"type": "string", "description": "words; all mails without"},
            "box": {"type": "string", "enum": ["inbox", "sent", "draft"], "default": "inbox"},
            "page": {"type": "integer", "default": 1},
        },
        "required": [],
        "additionalProperties": False,
    }
    for offer in found.values():
        assert not re.search(r'"(title|\$ref|anyOf)":', str(offer.schema).replace("'", '"')) or (
            "title" in TOOLS[offer.name].takes.model_fields
        )
        assert list(offer.schema["properties"]) == list(TOOLS[offer.name].takes.model_fields)


def test_offers_are_of_the_apps_that_are_asked_for() -> None:
    assert [offer.name for offer in offers(["contacts"])] == ["contact_find", "contact_add"]
    assert offers([]) == []
    with pytest.raises(ConfigError, match=r"`apps` must be among .*; got fax"):
        offers(["mail", "fax"])
