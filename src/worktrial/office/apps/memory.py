"""Memory: what the worker keeps from one session to the next."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from worktrial.office.apps.arguments import Filled, Page, Text
from worktrial.office.apps.listing import line, paged
from worktrial.office.tool import Refusal, Takes, Tool

if TYPE_CHECKING:
    from worktrial.office.office import Office


class _List(Takes):
    page: Page = 1


class _Save(Takes):
    key: Filled
    text: Annotated[Text, Field(min_length=1)]


class _Forget(Takes):
    key: Filled


def _list(office: "Office", takes: _List) -> str:
    rows = office.rows("select key, text from memory order by key")
    texts = [(key, f"{line(key)} | {text}") for key, text in rows]
    return paged(office, texts, takes.page, read="memory")


def _save(office: "Office", takes: _Save) -> str:
    if _known(office, takes.key):
        office.change("memory", takes.key, text=takes.text)
        return f"{takes.key!r} saved over."
    office.add("memory", key=takes.key, text=takes.text)
    return f"{takes.key!r} saved."


def _forget(office: "Office", takes: _Forget) -> str:
    if not _known(office, takes.key):
        raise Refusal("not_found", f"Nothing is saved under {takes.key!r}; look with memory_list.")
    office.remove("memory", takes.key)
    return f"{takes.key!r} forgotten."


def _known(office: "Office", key: str) -> bool:
    return bool(office.rows("select 1 from memory where key = ?", key))


TOOLS = (
    Tool("memory_list", "memory", "Everything that was saved for later sessions.", _List, _list),
    Tool("memory_save", "memory", "Save a text for later sessions.", _Save, _save, writes=True),
    Tool("memory_forget", "memory", "Remove what was saved.", _Forget, _forget, writes=True),
)
"""The tools of the memory."""
