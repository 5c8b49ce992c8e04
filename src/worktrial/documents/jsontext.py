"""JSON: a unit for every object and every list item; order of keys and spacing mean nothing.

A unit's kind is the path of lists that lead to it: `{}` is the root object, `orders[]` an element
of its list `orders`, `orders[].lines[]` an element of a list in there. Indices are not part of
it, so a list that loses its first element has lost one unit. Objects inside an object are fields
with dotted names.

Text that is not JSON is read token by token: brackets that are owed are supplied, what fits
nowhere is opaque, and a mended file is never equal to a sound one.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import simplejson

from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit, Value, opaque

ROOT = "{}"
DEEPEST = 48
"""Deeper nesting is not read: every level costs a frame of the stack."""
_ITEM = "[]="
"""The field of a list item that is no object; no escaped key reads like this."""
_ARRAY = "[]["
"""The field that marks a list item which is itself a list."""
_LONGEST_NUMBER = 300
_WIDTH = 180
FLAW = Unit("opaque", text="malformed JSON", layout=" ")
"""Stands for a comma, colon or bracket that was missing or in the wrong place."""

Json = None | bool | str | Decimal | list["Json"] | dict[str, "Json"]


class JsonFormat(Format):
    """JSON text with exact numbers; a broken file keeps all but what is broken."""

    def parse(self, text: str) -> list[Unit]:
        """The root, then list by list, by name, each element before its own lists."""
        try:
            return units_of(_decode(text))
        except (RecursionError, ValueError, ArithmeticError):
            value, lost = _Salvage(text).read()
            return [*(units_of(value) if value is not None else ()), *lost]

    def render(self, units: Sequence[Unit]) -> str:
        """Indented JSON, an object without lists on one line if it fits; opaque units follow."""
        known = [u for u in units if u.kind != "opaque"]
        rest = "".join(f"{u.layout or u.text}\n" for u in units if u.kind == "opaque")
        return f"{_text(value_of(known))}\n{rest}" if known else rest


JSON = JsonFormat()


# --- reading -----------------------------------------------------------------------------------


def _decode(text: str) -> Json:
    def constant(name: str) -> Json:
        raise ValueError(f"{name} is not JSON")

    value: Json = simplejson.loads(
        text,
        parse_float=number,
        parse_int=number,
        parse_constant=constant,
        object_pairs_hook=every_key,
    )
    return value


def number(text: str) -> Decimal:
    """An exact number, unless writing it out would fill the memory.

    Raises:
        ValueError: If it is as large as that.
        ArithmeticError: If it is no number.
    """
    value = Decimal(text)
    if len(text) > _LONGEST_NUMBER or abs(value.adjusted()) > _LONGEST_NUMBER:
        raise ValueError("a number too long to be one")
    return value


def every_key(pairs: Sequence[tuple[str, Json]]) -> dict[str, Json]:
    """Keep repeated keys apart, so that a second one is not silently the only one."""
    kept = dict(pairs)
    if len(kept) == len(pairs):
        return kept
    kept, seen = {}, Counter[str]()
    for key, value in pairs:
        seen[key] += 1
        kept[f"{key}#{seen[key]}" if seen[key] > 1 else key] = value
    return kept


def units_of(value: Json) -> list[Unit]:
    """The units of a JSON value.

    Raises:
        ValueError: If it is nested too deeply.
    """
    if isinstance(value, dict):
        return list(_object(value, ROOT, 0, ordered=False))
    return list(_elements(value if isinstance(value, list) else [value], "[]", 0))


def _elements(items: list[Json], kind: str, depth: int) -> Iterator[Unit]:
    for item in items:
        if isinstance(item, dict):
            yield from _object(item, kind, depth + 1, ordered=True)
        elif isinstance(item, list):
            yield Unit(kind, {_ARRAY: None}, structural=True)
            yield from _elements(item, f"{kind}[]", depth + 1)
        else:
            yield Unit(kind, {_ITEM: item})


def _object(value: dict[str, Json], kind: str, depth: int, *, ordered: bool) -> Iterator[Unit]:
    """One object: its scalars as fields, then its lists by name, element by element."""
    fields: dict[str, Value] = {}
    lists: list[tuple[str, list[Json]]] = []
    _flatten(value, "", fields, lists, depth)
    yield Unit(kind, fields, ordered=ordered, structural=kind == ROOT or bool(lists))
    prefix = "" if kind == ROOT else f"{kind}."
    for name, items in sorted(lists, key=lambda named: named[0]):
        yield from _elements(items, f"{prefix}{name}[]", depth + 1)


def _flatten(
    value: dict[str, Json],
    prefix: str,
    fields: dict[str, Value],
    lists: list[tuple[str, list[Json]]],
    depth: int,
) -> None:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    for key, inner in value.items():
        name = prefix + escaped(key)
        if isinstance(inner, dict) and inner:
            _flatten(inner, f"{name}.", fields, lists, depth + 1)
        elif isinstance(inner, list) and inner:
            lists.append((name, inner))
        elif isinstance(inner, dict | list):
            fields[f"{name}{'{}' if isinstance(inner, dict) else '[]'}"] = None
        else:
            fields[name] = inner


# --- names -------------------------------------------------------------------------------------

_ESCAPES = {"\\": "\\\\", ".": "\\d", "[]": "\\l", "{}": "\\o"}
_PLAIN = {written: plain for plain, written in _ESCAPES.items()}


def escaped(key: str) -> str:
    """A key as one step of a dotted name."""
    return re.sub(r"[\\.]|\[\]|\{\}", lambda found: _ESCAPES[found[0]], key)


def unescaped(step: str) -> str:
    """The key that a step of a dotted name stands for."""
    return re.sub(r"\\.", lambda found: _PLAIN.get(found[0], found[0]), step)


def _path(name: str) -> list[str]:
    return [unescaped(step) for step in name.split(".", DEEPEST)]


# --- salvage -----------------------------------------------------------------------------------

_STRING = r'"(?:[^"\\\n]|\\.)*+"'
_TOKEN = re.compile(
    rf"(?P<key>{_STRING})\s*+:|(?P<open>[{{\[])|(?P<close>[}}\]])|(?P<comma>,)"
    rf"|(?P<value>{_STRING}|[^\s{{}}\[\],:\"]+)|(?P<junk>:|\"[^\n]*)"
)


@dataclass(slots=True)
class _Open:
    """A list or object that is still being read, and the key that waits for its value."""

    array: bool
    entries: list[tuple[str, Json]] = field(default_factory=list)
    key: str | None = None

    def value(self) -> Json:
        return [v for _, v in self.entries] if self.array else every_key(self.entries)


class _Salvage:
    """Reads broken JSON in one pass, with a stack of what is open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stack: list[_Open] = []
        self.done = False
        self.lost: list[tuple[int, int]] = []

    def read(self) -> tuple[Json, list[Unit]]:
        """What could be read, if anything, and what could not."""
        for token in _TOKEN.finditer(self.text):
            if self.done and token.lastgroup == "open":
                self.lost.append((token.start(), len(self.text)))
                break
            if not self._take(token):
                self.lost.append(token.span())
        while len(self.stack) > 1:
            self._pop()
        lost = self._opaque()
        if not self.stack:
            return None, lost
        return self.stack[0].value(), lost or [FLAW]

    def _take(self, token: re.Match[str]) -> bool:
        """Whether a token fits where it stands."""
        if self.done and (token.lastgroup != "key" or self.stack[0].array):
            return token.lastgroup == "comma"
        match token.lastgroup:
            case "key":
                return self._name(token)
            case "open":
                return self._open(array=token[0] == "[")
            case "close":
                return self._close(array=token[0] == "]")
            case "value":
                return self._scalar(token[0])
            case "comma":
                self._forget()
                return True
            case _:
                self._unfinished(token[0])
                return False

    def _forget(self) -> None:
        """No key waits for its value any longer."""
        if self.stack:
            self.stack[-1].key = None

    def _unfinished(self, text: str) -> None:
        """After a string that its line does not close: the brackets at the end belong outside."""
        if text == ":":
            return
        self._forget()
        for mark in text[len(text.rstrip(" \t\r,}]")) :]:
            if mark in "}]":
                self._close(array=mark == "]")

    def _name(self, token: re.Match[str]) -> bool:
        """A key: in a list, either the list was never closed or an object never opened."""
        if not self.stack:
            return False
        self.done = False
        if self.stack[-1].array:
            starts_list = re.compile(r"\s*\[").match(self.text, token.end())
            if not (starts_list and self._close(array=True)) and not self._open(array=False):
                return False
        if self.stack[-1].array:
            return False
        try:
            key = _decode(token["key"])
        except ValueError:
            return False
        self.stack[-1].key = str(key)
        return True

    def _open(self, *, array: bool) -> bool:
        """A bracket: where an object waits for a key, it belongs to the list around it."""
        if len(self.stack) >= DEEPEST // 2:
            return False
        top = self.stack[-1] if self.stack else None
        if top and not top.array and top.key is None:
            if any(frame.array for frame in self.stack):
                while not self.stack[-1].array:
                    self._pop()
            else:
                top.key = ""
                self.stack.append(_Open(array=True))
        self.stack.append(_Open(array))
        return True

    def _close(self, *, array: bool) -> bool:
        """Close the nearest bracket of its sort and all that is open inside it."""
        at = max((i for i, frame in enumerate(self.stack) if frame.array == array), default=-1)
        if at < 0:
            return False
        while len(self.stack) > max(at, 1):
            self._pop()
        self.done = at == 0
        return True

    def _pop(self) -> None:
        self._put(self.stack.pop().value())

    def _scalar(self, text: str) -> bool:
        try:
            return self._put(_decode(text))
        except (ValueError, ArithmeticError):
            return False

    def _put(self, value: Json) -> bool:
        top = self.stack[-1] if self.stack else None
        if top is None or (top.key is None and not top.array):
            return False
        top.entries.append((top.key or "", value))
        top.key = None
        return True

    def _opaque(self) -> list[Unit]:
        """The lost stretches, those of one line together, as opaque units a line."""
        spans: list[tuple[int, int]] = []
        for start, end in self.lost:
            if spans and not self.text[spans[-1][1] : start].strip(" \t"):
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        lines = [line for start, end in spans for line in self.text[start:end].splitlines()]
        return [opaque(line) for line in lines if line.strip(" \t,")]


# --- writing -----------------------------------------------------------------------------------


def value_of(units: Sequence[Unit]) -> Json:
    """Put units back into one value; an element whose parent is gone gets an empty one."""
    root: Json = [] if units[0].kind.startswith("[]") else {}
    latest: dict[str, Json] = {"": root, ROOT: root}
    for unit in units:
        if unit.kind == ROOT:
            if isinstance(root, dict):
                _fill(root, unit)
        else:
            latest[unit.kind] = _element(unit)
            _attach(latest, unit.kind, latest[unit.kind])
    return root


def _element(unit: Unit) -> Json:
    if _ARRAY in unit.fields:
        return []
    if _ITEM in unit.fields:
        return _scalar(unit.fields[_ITEM])
    value: dict[str, Json] = {}
    _fill(value, unit)
    return value


def _attach(latest: dict[str, Json], kind: str, value: Json) -> None:
    """Append a value to its list, making the list and its owner where they are missing."""
    owner_kind, name = _owner(kind)
    if owner_kind not in latest:
        latest[owner_kind] = {} if name else []
        _attach(latest, owner_kind, latest[owner_kind])
    owner = latest[owner_kind]
    if isinstance(owner, list):
        owner.append(value)
    elif isinstance(owner, dict):
        owner, last = _descend(owner, name)
        items = owner.setdefault(last, [])
        if isinstance(items, list):
            items.append(value)


def _owner(kind: str) -> tuple[str, str]:
    """The kind that holds a list, and the list's dotted name in it."""
    stem = kind.removesuffix("[]")
    if "[]" not in stem:
        return ("", stem)
    owner, _, name = stem.rpartition("[]")
    return f"{owner}[]", name.removeprefix(".")


def _fill(value: dict[str, Json], unit: Unit) -> None:
    for name, scalar in unit.fields.items():
        empty: Json = {} if name.endswith("{}") else [] if name.endswith("[]") else None
        if scalar is None and empty is not None:
            owner, last = _descend(value, name[:-2])
            owner[last] = empty
        else:
            owner, last = _descend(value, name)
            owner[last] = _scalar(scalar)


def _descend(owner: dict[str, Json], name: str) -> tuple[dict[str, Json], str]:
    """The object that a dotted name leads to, made where it is missing, and the last key."""
    *path, last = _path(name)
    for step in path:
        inner = owner.setdefault(step, {})
        owner = inner if isinstance(inner, dict) else owner
    return owner, last


def _scalar(value: Value) -> Json:
    return value if isinstance(value, str | bool | Decimal | None) else value.isoformat()


_ENCODER = simplejson.JSONEncoder(ensure_ascii=False, use_decimal=True)


def _text(value: Json, indent: str = "") -> str:
    """A value as text: what holds no list goes on one line where it fits."""
    if not value or not isinstance(value, list | dict):
        return _encoded(value)
    line = _encoded(value) if indent and _is_flat(value) else ""
    if line and len(indent) + len(line) <= _WIDTH:
        return line
    inner = f"{indent}  "
    if isinstance(value, list):
        parts = [_text(item, inner) for item in value]
        left, right = "[", "]"
    else:
        parts = [f"{_encoded(key)}: {_text(item, inner)}" for key, item in value.items()]
        left, right = "{", "}"
    body = ",\n".join(f"{inner}{part}" for part in parts)
    return f"{left}\n{body}\n{indent}{right}"


def _is_flat(value: Json) -> bool:
    if isinstance(value, dict):
        return all(not isinstance(v, list) and _is_flat(v) for v in value.values())
    return not isinstance(value, list) or not any(isinstance(v, list | dict) for v in value)


def _encoded(value: Json) -> str:
    text: str = _ENCODER.encode(value)
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text)
