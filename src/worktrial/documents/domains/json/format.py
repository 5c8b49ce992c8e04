"""YAML: text to the units of the JSON that says the same, and back."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

import ruamel.yaml
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from worktrial.documents.domain import Format
from worktrial.documents.jsontext import DEEPEST, FLAW, Json, every_key, number, units_of, value_of
from worktrial.documents.unit import Unit, opaque

_MOST_REPAIRS = 12
_MOST_EVENTS = 500_000
_LONGEST_YAML = 4_000_000
_WORDS: Mapping[str, Json] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_PLAIN = re.compile(r"[^\W\d_][\w./@+-]*(?: [\w./@+-]+)*")
_OLD_BOOLEANS = {"yes", "no", "on", "off", "y", "n"}


class YamlFormat(Format):
    """YAML 1.2 without tags, anchors and aliases: the units of the JSON that says the same.

    A line with a tag or an anchor is not read, as what it says beyond its words would be lost.
    """

    def parse(self, text: str) -> list[Unit]:
        """Read the events of each document, never its tags."""
        lost: list[Unit] = []
        for _ in range(_MOST_REPAIRS):
            try:
                return [*_yaml_units(text), *lost]
            except YAMLError as error:
                text, line = _without_line(text, error)
                lost.append(opaque(line) if line.strip() else FLAW)
            except (ValueError, ArithmeticError, RecursionError, TypeError, AttributeError):
                break
        return [*(opaque(line) for line in text.splitlines() if line.strip()), *lost]

    def render(self, units: Sequence[Unit]) -> str:
        """Block style, two spaces a level; opaque units follow."""
        known = [u for u in units if u.kind != "opaque"]
        rest = "".join(f"{u.layout or u.text}\n" for u in units if u.kind == "opaque")
        if not known:
            return rest
        value = value_of(known)
        lines = list(_block(value)) if value else [json.dumps(value)]
        return "".join(f"{line}\n" for line in lines) + rest


YAML = YamlFormat()


# --- reading -----------------------------------------------------------------------------------


def _without_line(text: str, error: YAMLError) -> tuple[str, str]:
    """The text without the line at which reading failed, and that line."""
    lines = text.splitlines(keepends=True)
    mark = getattr(error, "problem_mark", None)
    at = min(mark.line if mark else 0, len(lines) - 1)
    return "".join(lines[:at] + lines[at + 1 :]), "".join(lines[at : at + 1])


def _yaml_units(text: str) -> list[Unit]:
    """The units of every document in a text.

    Raises:
        ValueError: If it has no mapping or list, or is too large or too deep.
    """
    if len(text) > _LONGEST_YAML:
        raise ValueError("too large")
    reader = ruamel.yaml.YAML(typ="safe", pure=True)
    values = _values(islice(reader.parse(text), _MOST_EVENTS))
    if not all(isinstance(value, dict | list) for value in values):
        raise ValueError("prose, not data")
    return [unit for value in values for unit in units_of(value)]


def _values(events: Iterator[Any]) -> list[Json]:
    """Build values from parser events with a stack of our own."""
    stack: list[tuple[str, list[Json]]] = [("StreamStartEvent", [])]
    for event in events:
        name = type(event).__name__
        if name != "AliasEvent" and (getattr(event, "anchor", None) or getattr(event, "tag", None)):
            raise MarkedYAMLError(problem="a tag or an anchor", problem_mark=event.start_mark)
        if name in ("MappingStartEvent", "SequenceStartEvent"):
            if len(stack) > DEEPEST:
                raise ValueError("nested too deeply")
            stack.append((name, []))
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            opened, items = stack.pop()
            stack[-1][1].append(_mapping(items) if opened == "MappingStartEvent" else items)
        elif name == "ScalarEvent":
            stack[-1][1].append(_resolved(event.value) if event.implicit[0] else event.value)
        elif name == "AliasEvent":
            stack[-1][1].append(f"*{event.anchor}")
    return stack[0][1]


def _mapping(items: list[Json]) -> dict[str, Json]:
    keys = [f"{k:f}" if isinstance(k, Decimal) else str(k) for k in items[::2]]
    return every_key(list(zip(keys, items[1::2], strict=True)))


def _resolved(text: str) -> Json:
    """What a plain scalar means by the core schema of YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    return number(text) if _NUMBER.fullmatch(text) else text


# --- writing -----------------------------------------------------------------------------------


def _block(value: Json, indent: str = "") -> Iterator[str]:
    """The lines of a mapping or list that is not empty."""
    within = f"{indent}  "
    if isinstance(value, dict):
        for key, inner in value.items():
            head = f"{indent}{_scalar(key)}:"
            if _has_lines(inner):
                yield head
                yield from _block(inner, within)
            else:
                yield f"{head} {_scalar(inner)}"
    elif isinstance(value, list):
        for inner in value:
            first, *rest = _block(inner, within) if _has_lines(inner) else [_scalar(inner)]
            yield f"{indent}- {first.removeprefix(within)}"
            yield from rest


def _has_lines(value: Json) -> bool:
    return bool(value) and isinstance(value, dict | list)


def _scalar(value: Json) -> str:
    match value:
        case str():
            resolvable = value in _WORDS or value.lower() in _OLD_BOOLEANS
            return value if _PLAIN.fullmatch(value) and not resolvable else _quoted(value)
        case Decimal():
            return str(value)
        case _:
            return json.dumps(value)


def _quoted(text: str) -> str:
    """A double-quoted scalar, which knows no surrogate pairs."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in plain) + '"'
