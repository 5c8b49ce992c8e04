"""Two texts side by side in bounded time and space, whatever a worker wrote."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

Kind = Literal["same", "del", "ins", "note"]
_COMPARED_CHARACTERS = 100_000
_COMPARED_LINES = 1_000
_COMPARED_FILES = 8
_NAMED_FILES = 20
_SHOWN_LINES = 48
_SHOWN_CHARACTERS = 320
_CONTEXT = 2


class Line(NamedTuple):
    """One line of a difference; `mark` is the part of it that differs."""

    kind: Kind
    before: str
    mark: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class FileDiff:
    """How one file came out: a heading and its lines."""

    name: str
    lines: tuple[Line, ...]


def cut(text: str, *, lines: int = _SHOWN_LINES) -> str:
    """The beginning of a text, and how much more there is."""
    kept = text[: lines * _SHOWN_CHARACTERS].split("\n")
    shown = "\n".join(_cut_line(line) for line in kept[:lines])
    left, total = len(text) - len("\n".join(kept[:lines])), text.count("\n") + 1
    if left <= 0:
        return shown
    more = max(0, total - lines)
    return shown + f"\n… {f'{more:,} more lines, ' if more else ''}{left:,} more characters"


def _cut_line(line: str) -> str:
    if len(line) <= _SHOWN_CHARACTERS:
        return line
    return f"{line[:_SHOWN_CHARACTERS]}… {len(line) - _SHOWN_CHARACTERS:,} more characters"


def compare(oracle: Mapping[str, str], output: Mapping[str, str]) -> list[FileDiff]:
    """What a worker's files lack and add, against those that they should be.

    Args:
        oracle: The files as they should be.
        output: The files as the worker made them.

    Returns:
        The files that differ, in the oracle's order; none for equal ones. Beyond a few they are
        not compared line by line: the last entry names them.
    """
    names = dict.fromkeys([*oracle, *output])
    differing = [name for name in names if oracle.get(name) != output.get(name)]
    told, rest = differing[:_COMPARED_FILES], differing[_COMPARED_FILES:]
    found = [FileDiff(_heading(n, oracle, output), _lines(oracle.get(n, ""), output.get(n, "")))
             for n in told]  # fmt: skip
    return [*found, *([FileDiff(f"{len(rest):,} more files differ", _named(rest))] if rest else [])]


def _named(files: Sequence[str]) -> tuple[Line, ...]:
    more = len(files) - _NAMED_FILES
    named = [Line("note", _cut_line(name)) for name in files[:_NAMED_FILES]]
    return (*named, *([Line("note", f"… and {more:,} more")] if more > 0 else []))


def _heading(name: str, oracle: Mapping[str, str], output: Mapping[str, str]) -> str:
    state = " (should not be there)" if name not in oracle else ""
    return f"{name}{state or (' (is not there)' if name not in output else '')}"


def _lines(oracle: str, output: str) -> tuple[Line, ...]:
    found = list(_changes(_split(oracle), _split(output)))
    shown = found[:_SHOWN_LINES]
    if len(found) > len(shown):
        shown.append(Line("note", f"… {len(found) - len(shown):,} more lines"))
    beyond = max(len(oracle), len(output)) - _COMPARED_CHARACTERS
    if beyond > 0:
        shown.append(Line("note", f"… {beyond:,} more characters were not compared here"))
    return tuple(shown)


def _split(text: str) -> list[str]:
    return text[:_COMPARED_CHARACTERS].split("\n")[:_COMPARED_LINES]


def _changes(left: list[str], right: list[str]) -> Iterator[Line]:
    groups = list(SequenceMatcher(None, left, right).get_grouped_opcodes(_CONTEXT))
    for number, group in enumerate(groups):
        if number or group[0][1]:
            yield Line("note", f"line {group[0][1] + 1}")
        for tag, a, b, c, d in group:
            if tag == "equal":
                yield from (Line("same", _cut_line(line)) for line in left[a:b])
            elif b - a == d - c:
                yield from (
                    line
                    for pair in zip(left[a:b], right[c:d], strict=True)
                    for line in _pair(*pair)
                )
            else:
                yield from (Line("del", _cut_line(line)) for line in left[a:b])
                yield from (Line("ins", _cut_line(line)) for line in right[c:d])


def _pair(left: str, right: str) -> tuple[Line, Line]:
    """Two lines that stand for each other: what they share is cut, what differs is marked."""
    head = _shared(left, right)
    tail = _shared(left[head:][::-1], right[head:][::-1])
    return _marked("del", left, head, tail), _marked("ins", right, head, tail)


def _shared(left: str, right: str) -> int:
    """How many characters two texts begin with in common."""
    differing = (i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b)
    return next(differing, min(len(left), len(right)))


def _marked(kind: Kind, line: str, head: int, tail: int) -> Line:
    before, after = line[:head], line[len(line) - tail :]
    room = _SHOWN_CHARACTERS // 2
    return Line(
        kind,
        before if head <= room else f"{head - room:,} characters …{before[-room:]}",
        _cut_line(line[head : len(line) - tail]),
        after if tail <= room else f"{after[:room]}… {tail - room:,} more characters",
    )
