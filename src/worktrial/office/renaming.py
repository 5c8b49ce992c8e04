"""The office's tools under other names, with other types and some arguments nested.

A line of the table is a tool, its other name, and where each argument goes: `day=when.date` into
an object, `to=recipients:list` as a list of texts, `minutes=when.length:min` as the text "45 min",
`page=sheet:#` as the text "2". Each way leads back, so that nothing else about a tool changes.
"""

import re
from collections.abc import Mapping
from copy import copy
from functools import cache
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, Field, create_model
from pydantic.fields import FieldInfo

from worktrial.office.apps import TOOLS
from worktrial.office.schemas import schema
from worktrial.office.tool import Reply, Takes

_TABLE = """
mail_search post_lookup text=phrase box=tray page=sheet:#
mail_read post_open mail=item
mail_draft post_compose to=recipients:list subject=content.heading body=content.message
mail_edit post_revise draft=item to=recipients:list subject=content.heading body=content.message
mail_discard post_drop draft=item
mail_send post_dispatch draft=item
calendar_list agenda_show first_day=span.begin last_day=span.end person=whose page=sheet:#
calendar_add agenda_plan title=topic day=when.date start=when.clock minutes=when.length:min attendees=invited:list place=venue
calendar_change agenda_move event=entry day=when.date start=when.clock minutes=when.length:min attendees=invited:list place=venue title=topic
calendar_cancel agenda_drop event=entry
directory_find staff_lookup text=phrase page=sheet:#
record_read staff_detail person=about.member field=about.detail
permission_ask approval_request person=about.member field=about.detail reason=motive
contact_find partner_lookup text=phrase page=sheet:#
contact_add partner_enter name=who organisation=firm mail=reach.address phone=reach.line
file_list document_browse folder=directory page=sheet:#
file_read document_open path=location
file_write document_store path=location text=content
form_list paper_browse
form_show paper_open form=paper
form_fill paper_enter form=paper field=box.label value=box.entry
form_clear paper_blank form=paper field=box
form_submit paper_hand_in form=paper
ticket_list case_browse queue=desk status=state text=phrase page=sheet:#
ticket_read case_open ticket=case
ticket_add case_start title=headline text=details queue=desk assignee=handling.owner priority=handling.urgency
ticket_change case_update ticket=case status=state assignee=handling.owner priority=handling.urgency queue=desk
ticket_remark case_note ticket=case text=note
memory_list notes_show page=sheet:#
memory_save notes_keep key=label text=content
memory_forget notes_drop key=label
"""  # noqa: E501
LONGEST_LIST, LONGEST_TEXT = 50, 300
_NUMBER = r"(?:0|-?[1-9][0-9]{0,8})"
_Fields = dict[str, Any]


class _Way(NamedTuple):
    """Where an argument goes, and how: as it is, as a list, or as a number with a unit."""

    argument: str
    group: str
    name: str
    how: str

    def there(self, value: Any) -> Any:
        """A value of the office's tool as the other takes it."""
        if self.how == "list":
            return [one.strip() for one in value.split(",")] if value else []
        return f"{value}{_unit(self.how)}" if self.how else value

    def back(self, value: Any) -> Any:
        """And back."""
        if self.how == "list":
            return ", ".join(value)
        return int(value.removesuffix(_unit(self.how))) if self.how else value

    def field(self, info: FieldInfo) -> tuple[Any, Any]:
        """The argument as pydantic takes it: its type, and `...` or a default."""
        if not self.how:
            return info.annotation, copy(info)
        default = ... if info.is_required() else self.there(info.default)
        return (_LIST if self.how == "list" else _number(_unit(self.how))), default


_LIST = Annotated[
    list[Annotated[str, Field(max_length=LONGEST_TEXT)]],
    Field(max_length=LONGEST_LIST, description="mail addresses"),
]


def _unit(how: str) -> str:
    return "" if how == "#" else f" {how}"


def _number(unit: str) -> Any:
    rule = f"a number as text, such as '30{unit}'"

    def check(text: str) -> str:
        if re.fullmatch(_NUMBER + unit, text, re.ASCII):
            return text
        raise ValueError(f"must be {rule}")

    return Annotated[str, AfterValidator(check), Field(description=rule)]


class Renamed(NamedTuple):
    """A tool under its other name.

    Attributes:
        tool: Its own name.
        name: The other.
        ways: Where its arguments go.
    """

    tool: str
    name: str
    ways: tuple[_Way, ...]

    def there(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments of the office's tool as the other takes them."""
        other: dict[str, Any] = {}
        for way in self.ways:
            if way.argument in arguments:
                place = other.setdefault(way.group, {}) if way.group else other
                place[way.name] = way.there(arguments[way.argument])
        return other

    def back(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments that fit `takes` as the office's tool takes them."""
        own: dict[str, Any] = {}
        for way in self.ways:
            place = arguments.get(way.group, {}) if way.group else arguments
            if way.name in place:
                own[way.argument] = way.back(place[way.name])
        return own

    @property
    def takes(self) -> type[Takes]:
        """The arguments under their other names and types."""
        return _model(self)

    def schema(self) -> dict[str, Any]:
        """Their JSON Schema."""
        whole = schema(_model(self))
        for name, inner in _groups(self).items():
            whole["properties"][name] = schema(inner)
        for way in self.ways:
            if way.how == "list":
                place = whole["properties"][way.group] if way.group else whole
                place["properties"][way.name]["items"] = {"type": "string"}
        return whole

    def answer(self, reply: Reply) -> str:
        """What the office says of its tools and of this one's arguments, with the other names.

        What was asked for is passed on as it is.
        """
        places = {way.argument: f"{way.group}.{way.name}".strip(".") for way in self.ways}
        text = _NEXT.sub(lambda found: f'{places["page"]}="{found[1]}"', reply.text)
        if reply.trouble is None and not TOOLS[self.tool].writes:
            return text
        text = _QUOTED.sub(lambda found: f"`{places.get(found[1], found[1])}`", text)
        text = _LISTED.sub(
            lambda found: ", ".join(map(places.__getitem__, found[0].split(", "))), text
        )
        return in_other_words(text)


_NEXT = re.compile(r"(?<=ask for the next with )page=(\d+)\Z")
_QUOTED = re.compile(r"`(\w+)`")
_LISTED = re.compile(r"(?<=^Nothing to change: give one of )[\w, ]+(?=\.$)")


@cache
def _groups(renamed: Renamed) -> Mapping[str, type[Takes]]:
    """The objects in which arguments are nested."""
    names = dict.fromkeys(way.group for way in renamed.ways if way.group)
    return {name: create_model(name, __base__=Takes, **_fields(renamed, name)) for name in names}


@cache
def _model(renamed: Renamed) -> type[Takes]:
    fields = _fields(renamed, "")
    fields |= {name: _object(model) for name, model in _groups(renamed).items()}
    return create_model(renamed.name, __base__=Takes, **fields)


def _fields(renamed: Renamed, group: str) -> _Fields:
    infos = TOOLS[renamed.tool].takes.model_fields
    return {way.name: way.field(infos[way.argument]) for way in renamed.ways if way.group == group}


def _object(model: type[Takes]) -> tuple[Any, Any]:
    """An object of arguments, which may be left out if each of them may."""
    needed = any(info.is_required() for info in model.model_fields.values())
    return model, ... if needed else Field(default_factory=model)


def _line(line: str) -> Renamed:
    tool, name, *ways = line.split()
    return Renamed(tool, name, tuple(map(_way, ways)))


def _way(word: str) -> _Way:
    argument, _, where = word.partition("=")
    path, _, how = where.partition(":")
    group, _, name = path.rpartition(".")
    return _Way(argument, group, name, how)


RENAMED: Mapping[str, Renamed] = {one.tool: one for one in map(_line, _TABLE.strip().splitlines())}
"""Every tool of the office by its own name."""
_NAME = re.compile(rf"\b(?:{'|'.join(RENAMED)})\b")


def in_other_words(text: str) -> str:
    """What the office says of its own tools, with their other names."""
    return _NAME.sub(lambda found: RENAMED[found[0]].name, text)
