"""Forms: filled in field by field, then submitted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from worktrial.office.apps.arguments import Filled, Id
from worktrial.office.apps.listing import line
from worktrial.office.tool import Refusal, Takes, Tool

if TYPE_CHECKING:
    from worktrial.office.office import Office


class _Field(NamedTuple):
    """A field of a form and what is filled in."""

    name: str
    text: str
    required: int
    options: str
    value: str | None

    def shown(self) -> str:
        """The field on a line."""
        options = f"one of {self.options}" if self.options else ""
        filled = "" if self.value is None else f"filled in: {self.value}"
        need = "required" if self.required else "optional"
        return line(*filter(None, (self.name, need, self.text, options, filled)))


class _List(Takes):
    pass


class _Form(Takes):
    form: Id


class _Fill(Takes):
    form: Id
    field: Id
    value: Filled


class _Clear(Takes):
    form: Id
    field: Id


def _list(office: "Office", takes: _List) -> str:
    rows = office.rows(
        "select form, group_concat(iif(required, field, null), ', ') from"
        " (select * from form_field order by form, position) group by form"
    )
    return "\n".join(line(form, f"required: {required}") for form, required in rows)


def _show(office: "Office", takes: _Form) -> str:
    fields = _fields(office, takes.form)
    office.note_read(f"form:{takes.form}")
    return "\n".join(field.shown() for field in fields)


def _fill(office: "Office", takes: _Fill) -> str:
    before = _field(office, takes.form, takes.field).value
    target = f"entry:{takes.form}"
    office.note_typed(target, {takes.field: takes.value})
    office.do("insert or replace into entry values (?, ?, ?)", takes.form, takes.field, takes.value)
    how: Literal["added", "changed"] = "added" if before is None else "changed"
    office.note_write(target, how, _entry(takes.form, takes.field, takes.value))
    return f"{takes.field} of {takes.form} filled in."


def _clear(office: "Office", takes: _Clear) -> str:
    before = _field(office, takes.form, takes.field).value
    if before is None:
        raise Refusal("conflict", f"{takes.field} of {takes.form} is not filled in.")
    office.do("delete from entry where form = ? and field = ?", takes.form, takes.field)
    office.note_write(f"entry:{takes.form}", "removed", _entry(takes.form, takes.field, before))
    return f"{takes.field} of {takes.form} cleared."


def _submit(office: "Office", takes: _Form) -> str:
    fields = _fields(office, takes.form)
    _check(takes.form, fields)
    name = office.new_id("submission")
    filled = {field.name: field.value for field in fields if field.value is not None}
    for field, value in filled.items():
        office.do("insert into submission values (?, ?, ?, ?)", name, takes.form, field, value)
    office.do("delete from entry where form = ?", takes.form)
    office.note_write(f"submission:{name}", "added", {"form": takes.form, **filled})
    return f"{takes.form} submitted as {name}."


def _check(form: str, fields: Sequence[_Field]) -> None:
    missing = [field.name for field in fields if field.required and field.value is None]
    if missing:
        raise Refusal("invalid", f"{form} still needs: {', '.join(missing)}.")
    for field in fields:
        if field.value and field.options and field.value not in field.options.split(", "):
            raise Refusal(
                "invalid", f"`{field.name}`: must be one of {field.options}; got {field.value!r}."
            )


def _fields(office: "Office", form: str) -> list[_Field]:
    rows = office.rows(
        "select field, text, required, options, value from form_field"
        " left join entry using (form, field) where form = ? order by position",
        form,
    )
    if not rows:
        raise Refusal("not_found", f"There is no form {form!r}; look with form_list.")
    return [_Field(*row) for row in rows]


def _field(office: "Office", form: str, name: str) -> _Field:
    fields = {field.name: field for field in _fields(office, form)}
    if name not in fields:
        raise Refusal(
            "not_found", f"There is no field {name!r} in {form}; it has: {', '.join(fields)}."
        )
    return fields[name]


def _entry(form: str, field: str, value: str) -> dict[str, str]:
    return {"form": form, "field": field, "value": value}


TOOLS = (
    Tool("form_list", "forms", "List the forms.", _List, _list),
    Tool("form_show", "forms", "Show the fields of a form and what is filled in.", _Form, _show),
    Tool("form_fill", "forms", "Fill in a field of a form.", _Fill, _fill, writes=True),
    Tool("form_clear", "forms", "Empty a field of a form.", _Clear, _clear, writes=True),
    Tool("form_submit", "forms", "Hand a form in.", _Form, _submit, writes=True),
)
"""The tools of the form desk."""
