"""Two states of some files in one text: every line, with a mark of what became of it.

A line begins with `-` where it is gone, with `+` where it is new, with a space where it stayed.
"""

from collections.abc import Iterator

from worktrial.documents.passages import changed, lines_of
from worktrial.documents.unit import Files

_KEPT, _GONE, _NEW = " ", "-", "+"


def marked(before: Files, after: Files) -> dict[str, str]:
    """Every file of either state with its lines marked; both in whole lines."""
    names = [*before, *(name for name in after if name not in before)]
    return {
        name: "".join(_marked(lines_of(before.get(name, "")), lines_of(after.get(name, ""))))
        for name in names
    }


def _marked(old: list[str], new: list[str]) -> Iterator[str]:
    at = 0
    for passage in changed(old, new):
        yield from (_KEPT + line for line in old[at : passage.start])
        yield from (_GONE + line for line in old[passage.start : passage.end])
        yield from (_NEW + line for line in new[passage.new_start : passage.new_end])
        at = passage.end
    yield from (_KEPT + line for line in old[at:])


def read_marked(files: Files) -> tuple[dict[str, str], dict[str, str]]:
    """The two states again; a file without a line of one of them was not in it."""
    return _state(files, _KEPT + _GONE), _state(files, _KEPT + _NEW)


def _state(files: Files, marks: str) -> dict[str, str]:
    states = {
        name: "".join(line[1:] for line in lines_of(text) if line[0] in marks)
        for name, text in files.items()
    }
    return {name: text for name, text in states.items() if text}
