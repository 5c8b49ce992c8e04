"""Files: texts in folders; a path is a name in a table and never one of this machine."""

import re
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from worktrial.office.apps.arguments import Line, Page, Text
from worktrial.office.apps.listing import listed
from worktrial.office.tool import Refusal, Takes, Tool

if TYPE_CHECKING:
    from worktrial.office.office import Office

_PATH = re.compile(r"[\w.-]+(/[\w.-]+)*")
_LONGEST = 200
Path = Annotated[Line, Field(min_length=1, description="such as plans/roster.txt")]


class _List(Takes):
    folder: Line = ""
    page: Page = 1


class _Read(Takes):
    path: Path


class _Write(Takes):
    path: Path
    text: Text


def _list(office: "Office", takes: _List) -> str:
    folder = takes.folder.strip("/")
    rows = office.rows(
        "select path, owner, length(text) || ' characters' from file"
        " where ? = '' or substr(path, 1, ?) = ? order by path",
        folder,
        len(folder) + 1,
        f"{folder}/",
    )
    return listed(office, rows, takes.page)


def _read(office: "Office", takes: _Read) -> str:
    path = _proper(takes.path)
    found = office.rows("select text from file where path = ?", path)
    if not found:
        raise Refusal("not_found", f"There is no file {path!r}; look with file_list.")
    office.note_read(f"file:{path}")
    return str(found[0][0])


def _write(office: "Office", takes: _Write) -> str:
    path = _proper(takes.path)
    if office.rows("select 1 from file where path = ?", path):
        office.change("file", path, text=takes.text)
        return f"{path} written over."
    office.add("file", path=path, owner=office.user.mail, text=takes.text)
    return f"{path} written."


def _proper(path: str) -> str:
    if len(path) > _LONGEST or not _PATH.fullmatch(path) or ".." in path:
        raise Refusal(
            "invalid",
            f"`path`: must be names of letters, digits, dots and dashes between slashes, at most "
            f"{_LONGEST} characters, without '..'; got {path[:60]!r}.",
        )
    return path


TOOLS = (
    Tool("file_list", "files", "List files.", _List, _list),
    Tool("file_read", "files", "Read a file.", _Read, _read),
    Tool("file_write", "files", "Write a file whole, new or over.", _Write, _write, writes=True),
)
"""The tools of the files."""
