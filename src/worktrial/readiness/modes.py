"""Ways to make calls without tools: all in one answer, in text, or by handing a file to and fro."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from worktrial.documents.blocks import apply_blocks, marks_for, read_blocks
from worktrial.documents.editor import TOOL
from worktrial.documents.handover import Unusable, fence_for, read_files, whole_lines, write_files
from worktrial.office.office import TOOLS
from worktrial.office.surface import Surface
from worktrial.office.tool import Offer
from worktrial.readiness.items import OfficeItem, Page

MOST_CALLS = 50
"""Calls of one answer; more are not carried out."""
FAILED = "Error: "
"""Before what a call in text returns, if it failed."""
_MOST_READ = 200_000
_DONE = "DONE:"

_CALLS = (
    'Write each call on a line of its own, as JSON: {{"tool": "its name", "arguments": {{…}}}}. '
    "No argument may be missing but those in brackets."
)
_AT_ONCE = (
    "You cannot look anything up now: what there is to see is below. Do all of it in one answer. "
    f"{_CALLS} Put them in the order in which they are to be made; `last` names the draft that was "
    f"made before. End with a line `{_DONE} ` and your message to {{user}}."
)
_IN_TEXT = (
    f"You have no tools but these, and call them in text. {_CALLS} A message with a call is "
    "answered with what the call returns. When all is done, write a message to {user} without a "
    "call."
)
_FILE = "Here is the file `{name}`.\n\n{shown}\n\n{answer}"
_ANSWERS: Mapping[str, str] = {
    "rewrite": (
        "Answer with the file as it is after the change, in full: a line with ### and its name, "
        "then its content between two lines of {fence}."
    ),
    "search_replace": (
        "Answer with blocks: passages of the file and what takes their place. Under a line with "
        "### and the file's name, write for each passage:\n\n{search}\nlines of the file, exactly "
        "as they are\n{divider}\nthe lines that take their place\n{replace}\n\nThe search lines "
        "must occur in the file exactly once."
    ),
    "tools": (
        f"View and change it with the tool `{TOOL}`. When it is done, say so in a few words "
        "without calling the tool."
    ),
}


class WrittenCall(NamedTuple):
    """A call as it was written in an answer."""

    tool: str
    arguments: Mapping[str, Any]


# --- what is asked ---


def at_once(request: str, item: OfficeItem, surface: Surface, user: str) -> str:
    """A request to be carried out in one answer, with all that the plan would read.

    Args:
        request: What the user says.
        item: Whose plan says what is read.
        surface: An untouched office, which is read here.
        user: To whom the message goes.
    """
    shown = "\n\n".join(_shown(surface, item))
    return "\n\n".join(
        [request, _AT_ONCE.format(user=user), f"## Calls\n\n{listing(surface.offers())}",
         f"## At hand\n\n{shown or 'Nothing.'}"]
    )  # fmt: skip


def in_text(request: str, surface: Surface, user: str) -> str:
    """A request whose calls are made in text."""
    calls = f"## Calls\n\n{listing(surface.offers())}"
    return "\n\n".join([request, _IN_TEXT.format(user=user), calls])


def with_file(request: str, page: Page, handover: str) -> str:
    """A request to change a file that is shown."""
    name, text = file_name(page), whole_lines(page.before)
    fence, marks = fence_for(text), marks_for(text)
    answer = _ANSWERS[handover].format(
        fence=fence, search=marks.search, divider=marks.divider, replace=marks.replace
    )
    shown = "" if handover == "tools" else write_files({name: text}, fence)
    return f"{request}\n\n{_FILE.format(name=name, shown=shown, answer=answer)}"


def listing(offers: Sequence[Offer]) -> str:
    """Tools in words, a line each; optional arguments in brackets."""
    return "\n".join(f"- {o.name}({', '.join(_arguments(o))}): {o.text}" for o in offers)


def file_name(page: Page) -> str:
    """The name under which a file passes: hand-overs know no folders."""
    return PurePosixPath(page.path).name


def _arguments(offer: Offer) -> Iterator[str]:
    for name in offer.schema.get("properties", {}):
        yield name if name in offer.schema.get("required", ()) else f"[{name}]"


def _shown(surface: Surface, item: OfficeItem) -> Iterator[str]:
    """What each reading call of the plan returns, once it was asked for what has to be."""
    for call in item.told.plans[0]:
        reads = not TOOLS[call.tool].writes
        if reads or call.tool == "permission_ask":
            reply = surface.call(call.tool, call.arguments)
            if reads:
                asked = json.dumps(call.arguments, ensure_ascii=False)
                yield f"### {call.tool} {asked}\n{reply.text}"


# --- what is answered ---


def read_calls(text: str) -> list[WrittenCall]:
    """The calls of an answer: every JSON object with a tool that begins a line."""
    return list(_written(text[:_MOST_READ]))[:MOST_CALLS]


def read_message(text: str) -> str:
    """What an answer says to the user: after the mark, or all of it where nothing is called."""
    _, found, after = text.rpartition(_DONE)
    if found:
        return after.strip()
    return "" if read_calls(text) else text


def read_file(text: str, page: Page, handover: str) -> str | Unusable:
    """The file as an answer leaves it."""
    name = file_name(page)
    files = {name: whole_lines(page.before)}
    if handover == "rewrite":
        found = read_files(text, names=files)
        return found if isinstance(found, Unusable) else found.get(name, files[name])
    blocks = read_blocks(text, files)
    if isinstance(blocks, Unusable):
        return blocks
    applied = apply_blocks(blocks, files)
    return applied.files.get(name, "") if applied.done else Unusable("none of its blocks fits")


def _written(text: str) -> Iterator[WrittenCall]:
    decoder, at = json.JSONDecoder(), 0
    while (at := _next_object(text, at)) >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        at = end
        arguments = value.get("arguments", {}) if isinstance(value, dict) else None
        if isinstance(arguments, dict) and isinstance(value.get("tool"), str):
            yield WrittenCall(value["tool"], arguments)


def _next_object(text: str, at: int) -> int:
    """Where the next line begins that opens an object; -1 if none does."""
    while (at := text.find("{", at)) >= 0:
        if not text[text.rfind("\n", 0, at) + 1 : at].strip(" \t`-*"):
            return at
        at += 1
    return at
