"""A text editor over files in memory: what a worker's tool calls do, and how to write such calls.

Nothing is run and no path leaves the workspace: a file is a plain name and its text.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from worktrial.documents.handover import MOST_FILES, plain_name, whole_lines
from worktrial.documents.passages import MOST_COUNTED, Passage, changed, lines_of, often
from worktrial.documents.unit import Files

TOOL = "editor"
DESCRIPTION = "View and change the working files. Each change is kept at once."
MOST_CALLS = 500
"""Calls of one turn; more are not carried out."""
MOST_SHOWN = 2_000_000
"""Characters of files that are shown in one turn, the last file in full."""
Command = Literal["view", "create", "str_replace", "insert", "delete"]


class Call(NamedTuple):
    """A tool call as a worker made it.

    Attributes:
        tool: The tool's name, whatever it is.
        arguments: As they came; anything at all.
        problem: Why the arguments could not be read, if so.
    """

    tool: str
    arguments: Mapping[str, object]
    problem: str | None = None


class Result(NamedTuple):
    """What a call is answered: what was done, or a mistake and why nothing was."""

    text: str
    mistaken: bool = False


class Arguments(BaseModel):
    """What the tool takes; the worker reads these descriptions."""

    model_config = ConfigDict(extra="forbid", strict=True)
    command: Command = Field(description="What to do.")
    path: str = Field(description="The file's name, without a folder.")
    file_text: str | None = Field(
        None, description="For `create`: the whole text of the file; what is there is replaced."
    )
    old_str: str | None = Field(
        None,
        description="For `str_replace`: the text to replace. It must occur exactly once in the "
        "file, spaces and line ends included.",
    )
    new_str: str | None = Field(
        None, description="For `str_replace`: the text in its place; nothing if left out."
    )
    insert_line: int | None = Field(
        None,
        description="For `insert`: the number of the line after which to insert; 0 is the top.",
    )
    insert_text: str | None = Field(None, description="For `insert`: the lines to insert.")
    view_range: Annotated[list[int], Field(min_length=2, max_length=2)] | None = Field(
        None,
        description="For `view`: the first and the last line to show, counted from 1; -1 is the "
        "end. The whole file is shown if left out.",
    )


def schema() -> dict[str, Any]:
    """The tool's arguments as a plain JSON schema: no alternatives, which many models misread."""
    full = Arguments.model_json_schema()
    return {
        "type": "object",
        "properties": {name: _plain(of) for name, of in full["properties"].items()},
        "required": full["required"],
        "additionalProperties": False,
    }


def _plain(of: Mapping[str, Any]) -> dict[str, Any]:
    kept = next(one for one in of.get("anyOf", [of]) if one.get("type") != "null")
    shown = {key: kept[key] for key in ("type", "enum", "items") if key in kept}
    return {**shown, "description": of["description"]}


class _Mistake(Exception):  # noqa: N818 - the worker's, and an answer to it
    """Why a call is not carried out."""


class Editor:
    """The workspace of one conversation.

    Attributes:
        files: The working files as they are now.
        reference: Files that can be viewed only.
    """

    def __init__(self, files: Files, reference: Files) -> None:
        self.files: dict[str, str] = dict(files)
        self.reference = reference

    def turn(self, calls: Sequence[Call]) -> tuple[Result, ...]:
        """Carry out the calls of one turn, in their order."""
        results: list[Result] = []
        shown = 0
        for call in calls:
            if len(results) >= MOST_CALLS or shown > MOST_SHOWN:
                results.append(Result("Not carried out: too much in one turn.", mistaken=True))
                continue
            results.append(self._do(call))
            shown += len(results[-1].text)
        return tuple(results)

    def _do(self, call: Call) -> Result:
        try:
            arguments = _checked(call)
            return Result(self._commands[arguments.command](self, arguments))
        except _Mistake as mistake:
            return Result(str(mistake), mistaken=True)

    def _view(self, given: Arguments) -> str:
        text = self.files.get(given.path, self.reference.get(given.path))
        if text is None:
            raise _Mistake(self._unknown(given.path))
        lines = lines_of(text)
        first, last = _range(given.view_range, len(lines))
        if not lines:
            return "The file is empty."
        return "".join(
            f"{number:>6}\t{line}" for number, line in enumerate(lines[first - 1 : last], first)
        )

    def _create(self, given: Arguments) -> str:
        if given.file_text is None:
            raise _Mistake("`create` needs `file_text`")
        self._open_to_change(given.path)
        if given.path not in self.files:
            if not plain_name(given.path):
                raise _Mistake("`path` must be a plain file name with an extension, no folder")
            if len(self.files) >= MOST_FILES:
                raise _Mistake(f"there can be {MOST_FILES} files at most")
        self.files[given.path] = given.file_text
        return "Written."

    def _str_replace(self, given: Arguments) -> str:
        if not given.old_str:
            raise _Mistake("`str_replace` needs `old_str`")
        text = self._working(given.path)
        found = _count(text, given.old_str)
        if found != 1:
            often_ = f"occurs {often(found)}" if found else "does not occur"
            raise _Mistake(f"`old_str` must occur exactly once in the file; it {often_}")
        self.files[given.path] = text.replace(given.old_str, given.new_str or "")
        return "Replaced."

    def _insert(self, given: Arguments) -> str:
        if given.insert_line is None or given.insert_text is None:
            raise _Mistake("`insert` needs `insert_line` and `insert_text`")
        lines = lines_of(whole_lines(self._working(given.path)))
        if not 0 <= given.insert_line <= len(lines):
            raise _Mistake(f"`insert_line` must be 0 to {len(lines)}; got {given.insert_line}")
        lines.insert(given.insert_line, whole_lines(given.insert_text))
        self.files[given.path] = "".join(lines)
        return "Inserted."

    def _delete(self, given: Arguments) -> str:
        self._working(given.path)
        del self.files[given.path]
        return "Deleted."

    _commands: Mapping[Command, Callable[["Editor", Arguments], str]] = {
        "view": _view,
        "create": _create,
        "str_replace": _str_replace,
        "insert": _insert,
        "delete": _delete,
    }

    def _working(self, path: str) -> str:
        self._open_to_change(path)
        if path not in self.files:
            raise _Mistake(self._unknown(path))
        return self.files[path]

    def _open_to_change(self, path: str) -> None:
        if path in self.reference:
            raise _Mistake("this file is for reference only and cannot be changed")

    def _unknown(self, path: str) -> str:
        there = ", ".join(f"`{name}`" for name in (*self.files, *self.reference))
        return f"there is no file {path[:100]!r}; there are {there}"


def _checked(call: Call) -> Arguments:
    """The arguments, if they are what the tool takes; `None` is the same as left out."""
    if call.tool != TOOL:
        raise _Mistake(f"there is no tool {call.tool[:100]!r}; use `{TOOL}`")
    if call.problem is not None:
        raise _Mistake(f"the arguments could not be read: {call.problem[:300]}")
    try:
        return Arguments.model_validate(dict(call.arguments))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        name = ".".join(str(part) for part in first["loc"])[:100]
        raise _Mistake(f"`{name}` is wrong: {first['msg']}") from None


def _range(view: Collection[int] | None, lines: int) -> tuple[int, int]:
    if view is None:
        return 1, lines
    first, last = view
    last = lines if last == -1 else last
    if not 1 <= first <= last <= lines:
        raise _Mistake(f"`view_range` must lie within lines 1 to {lines}")
    return first, last


def _count(text: str, search: str) -> int:
    """How often a text occurs in another, overlaps counted, up to `MOST_COUNTED`."""
    count, at = 0, text.find(search)
    while at >= 0 and count < MOST_COUNTED:
        count += 1
        at = text.find(search, at + 1)
    return count


# --- writing calls -----------------------------------------------------------------------------


def write_views(names: Collection[str]) -> list[Call]:
    """The calls that show some files."""
    return [Call(TOOL, {"command": "view", "path": name}) for name in names]


def read_view(shown: str) -> str:
    """The text that a view of a whole file shows."""
    lines = shown.split("\n")
    return "\n".join(line.partition("\t")[2] for line in lines)


def write_calls(before: Files, after: Files) -> list[Call]:
    """The calls that turn some files into others, both in whole lines."""
    return [Call(TOOL, call) for call in _calls(before, after)]


def _calls(before: Files, after: Files) -> Iterator[dict[str, object]]:
    for name, text in after.items():
        if name not in before:
            yield {"command": "create", "path": name, "file_text": text}
        elif text != before[name]:
            yield from _edits(name, before[name], text)
    for name in before:
        if name not in after:
            yield {"command": "delete", "path": name}


def _edits(name: str, before: str, after: str) -> list[dict[str, object]]:
    """One call for each passage, from the last to the first; or the whole file, if shorter."""
    old, new = lines_of(before), lines_of(after)
    edits = [_edit(old, new, passage) for passage in reversed(changed(old, new))]
    if sum(len(str(value)) for edit in edits for value in edit.values()) >= len(after):
        return [{"command": "create", "path": name, "file_text": after}]
    return [{"path": name, **edit} for edit in edits]


def _edit(old: list[str], new: list[str], passage: Passage) -> dict[str, object]:
    """The call for a passage, when all those below it are done."""
    start, end, new_start, new_end = (
        passage.start, passage.end, passage.new_start, passage.new_end,
    )  # fmt: skip
    if start == end:
        text = "".join(new[new_start:new_end])
        return {"command": "insert", "insert_line": start, "insert_text": text}
    below = new[new_end:]
    now = "".join([*old[:end], *below])
    above = under = 0
    reach = 1
    while _count(now, "".join([*old[start - above : end], *below[:under]])) != 1:
        above, under = min(start, above + reach), min(len(below), under + reach)
        reach *= 2
    around = (old[start - above : start], below[:under])
    return {
        "command": "str_replace",
        "old_str": "".join([*around[0], *old[start:end], *around[1]]),
        "new_str": "".join([*around[0], *new[new_start:new_end], *around[1]]),
    }
