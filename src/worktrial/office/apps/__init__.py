"""The apps of the office and their tools."""

from collections.abc import Mapping

from worktrial.office.apps import (
    calendar,
    contacts,
    directory,
    files,
    forms,
    mail,
    memory,
    tickets,
)
from worktrial.office.tool import Tool

TOOLS: Mapping[str, Tool] = {
    tool.name: tool
    for app in (mail, calendar, directory, contacts, files, forms, tickets, memory)
    for tool in app.TOOLS
}
"""Every tool by name."""
