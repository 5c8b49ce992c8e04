"""The format: text to units and back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from worktrial.documents import table
from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit, Value, opaque

HEAD, NODE, ARC, EDGE, SETTING = "head", "node", "arc", "edge", "setting"
GROUP, EMPTY, COMMENT = "group", "empty", "comment"
NAME, FROM, TO, SUBGRAPH, ABOUT = "name", "from", "to", "subgraph", "about"
PORTS = ("from_port", "to_port")
_RESERVED = frozenset((NAME, FROM, TO, SUBGRAPH, ABOUT, *PORTS))
SIZES = (
    "width", "height", "penwidth", "weight", "minlen", "len", "fontsize", "nodesep", "ranksep",
)  # fmt: skip
_KEYWORDS = frozenset(("node", "edge", "graph", "digraph", "subgraph", "strict"))
_OPERATORS = {"->": ARC, "--": EDGE}
_DEEPEST = 8
_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/|^[ \t]*\#[^\n]*)
    |(?P<string>"(?:[^"\\\n]|\\[\s\S])*")
    |(?P<html><(?:[^<>]|<[^<>]*>)*>)
    |(?P<word>(?!\d)\w+)
    |(?P<number>-?(?:\.\d+|\d+(?:\.\d*)?))
    |(?P<mark>->|--|[{}\[\]=;,:])
    |(?P<junk>"[^\n]*|\S)""",
    re.VERBOSE | re.MULTILINE,
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|-?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)")


class Dot(Format):
    """Statements between braces, some in named subgraphs."""

    def parse(self, text: str) -> list[Unit]:
        """A unit a statement; an edge each for a chain."""
        return list(_Reader(text).units())

    def render(self, units: Sequence[Unit]) -> str:
        """A statement a line; a subgraph is open as long as its statements follow each other."""
        lines: list[str] = []
        path: list[str] = []
        base = 0
        for unit in units:
            if unit.kind == HEAD:
                lines += [*_moved(path, [], base), *(["}"] if base else []), _head(unit)]
                path, base = [], 1
                continue
            to = [p for p in table.written(unit.fields.get(SUBGRAPH)).split("/") if p]
            lines += _moved(path, to, base)
            path = to
            if written := _written(unit):
                lines.append("  " * (base + len(path)) + written)
        lines += [*_moved(path, [], base), *(["}"] if base else [])]
        return "".join(f"{line}\n" for line in lines)


DOT = Dot()


def _moved(path: Sequence[str], to: Sequence[str], base: int) -> list[str]:
    """The lines that leave one subgraph and enter another."""
    same = 0
    while same < min(len(path), len(to)) and path[same] == to[same]:
        same += 1
    closing = ["  " * (base + depth) + "}" for depth in reversed(range(same, len(path)))]
    return closing + [
        "  " * (base + depth) + f"subgraph {_quoted(to[depth])} {{"
        for depth in range(same, len(to))
    ]


def _head(unit: Unit) -> str:
    fields = {n: table.written(v) for n, v in unit.fields.items()}
    name = [_quoted(fields[NAME])] if NAME in fields else []
    return " ".join(
        [*(["strict"] if "strict" in fields else []), fields.get("type", ""), *name, "{"]
    )


def _written(unit: Unit) -> str:
    cells = {n: _quoted(table.written(v)) for n, v in unit.fields.items()}
    attributes = ", ".join(f"{_quoted(n)}={v}" for n, v in cells.items() if n not in _RESERVED)
    listed = f" [{attributes}]" if attributes else ""
    match unit.kind:
        case "node":
            return f"{cells.get(NAME, '')}{listed};"
        case "arc" | "edge":
            operator = {kind: sign for sign, kind in _OPERATORS.items()}[unit.kind]
            return f"{_end(unit, FROM)} {operator} {_end(unit, TO)}{listed};"
        case "setting":
            about = table.written(unit.fields.get(ABOUT))
            return f"{about}{listed or ' []'};" if about else f"{attributes};"
        case "empty":
            return ""
        case "comment":
            return unit.text
        case "group":
            return f"{unit.text};"
        case _:
            return unit.layout or unit.text


def _end(unit: Unit, which: str) -> str:
    port = unit.fields.get(f"{which}_port")
    ports = [_quoted(p) for p in table.written(port).split(":")] if port else []
    return ":".join([_quoted(table.written(unit.fields.get(which))), *ports])


def _quoted(value: str) -> str:
    if _is_html(value) or (_PLAIN.fullmatch(value) and value.lower() not in _KEYWORDS):
        return value
    return '"' + value.replace('"', '\\"') + '"'


def _is_html(value: str) -> bool:
    return value.startswith("<") and value.endswith(">")


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int

    @property
    def value(self) -> str | None:
        """What it names, if it can name anything."""
        if self.kind == "string":
            text = re.sub(r"\\([\s\S])", _unescaped, self.text[1:-1])
            return None if _is_html(text) else text
        return self.text if self.kind in ("word", "number", "html") else None

    @property
    def keyword(self) -> str:
        """The keyword that it is; empty if it is none."""
        word = self.text.lower()
        return word if self.kind == "word" and word in _KEYWORDS else ""


def _unescaped(found: re.Match[str]) -> str:
    return {'"': '"', "\n": ""}.get(found[1], found[0])


_NOTHING = _Token("nothing", "", 0, 0)


class _Reader:
    """Reads one text, a statement at a time; what is no statement is opaque to its line's end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [
            _Token(str(m.lastgroup), m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)
        ]
        self.at = 0
        self.path: list[tuple[str, int]] = []
        self.closing = self._closing()
        self.torn = any(t.text == "{" and i not in self.closing for i, t in enumerate(self.tokens))

    def _closing(self) -> dict[int, int]:
        """Where each brace is closed."""
        found, waiting = {}, []
        for i, token in enumerate(self.tokens):
            if token.text == "{":
                waiting.append(i)
            elif token.text == "}" and waiting:
                found[waiting.pop()] = i
        return found

    def units(self) -> Iterator[Unit]:
        """Every unit, with the subgraph that it stands in."""
        while self.at < len(self.tokens):
            start = self.at
            self._mend(self._peek())
            found = self._statement()
            if found is None:
                self.at = start
                found = [self._lost(start)]
            yield from found

    def _mend(self, token: _Token) -> None:
        """Where a brace is missing, indentation tells which subgraph has ended."""
        while self.torn and self.path and self._indent(token) <= self.path[-1][1]:
            self.path.pop()

    def _indent(self, token: _Token) -> int:
        line = self.text[self.text.rfind("\n", 0, token.start) + 1 : token.start]
        return len(line) if not line.strip() else len(self.text)

    def _statement(self) -> list[Unit] | None:
        token = self._peek()
        if token.kind == "comment":
            self.at += 1
            return [self._here(COMMENT, {}, token.text.strip())]
        if self._take(";") or self._take(","):
            return []
        if self._take("}"):
            return self._left()
        if token.text == "{":
            return self._group(self.at)
        match token.keyword:
            case "strict" | "digraph":
                return self._head()
            case "graph" if self._peek(1).text != "[":
                return self._head()
            case "node" | "edge" | "graph":
                self.at += 1
                fields = self._attributes()
                return (
                    None if fields is None else [self._here(SETTING, {ABOUT: token.text, **fields})]
                )
            case "subgraph":
                return self._enter(self.at)
        return self._plain()

    def _here(self, kind: str, fields: Mapping[str, Value], text: str = "") -> Unit:
        where = {SUBGRAPH: "/".join(name for name, _ in self.path)} if self.path else {}
        return Unit(kind, {**fields, **where}, key=NAME if kind == NODE else None, text=text)

    def _head(self) -> list[Unit] | None:
        strict = {"strict": "yes"} if self._peek().keyword == "strict" else {}
        self.at += len(strict)
        kind = self._peek().keyword
        if kind not in ("graph", "digraph"):
            return None
        self.at += 1
        name = self._named()
        if not self._take("{"):
            return None
        self.path.clear()
        about = {"type": kind, **({} if name is None else {NAME: name}), **strict}
        return [Unit(HEAD, about, structural=True)]

    def _enter(self, start: int) -> list[Unit] | None:
        indent = self._indent(self._peek())
        self.at += 1
        name = self._named()
        if self._peek().text != "{":
            return None
        if not name or "/" in name or len(self.path) == _DEEPEST:
            return self._group(start)
        self.at += 1
        self.path.append((name, indent))
        return []

    def _left(self) -> list[Unit]:
        """The end of a subgraph, which is a unit if nothing stands in it."""
        if not self.path:
            return []
        found = [self._here(EMPTY, {})] if self.tokens[self.at - 2].text == "{" else []
        self.path.pop()
        return found

    def _group(self, start: int) -> list[Unit] | None:
        """An unnamed subgraph as it is; with an edge behind it, it is no unit that we know."""
        if self.at not in self.closing:
            return None
        self.at = self.closing[self.at] + 1
        if self._peek().text in _OPERATORS:
            return [self._lost(start)]
        return [self._here(GROUP, {}, " ".join(t.text for t in self.tokens[start : self.at]))]

    def _plain(self) -> list[Unit] | None:
        """A value of the graph, a node, or a chain of edges."""
        first = self._end_of_edge()
        if first is None:
            return None
        name, port = first
        if port is None and self._take("="):
            value = self._named()
            known = value is not None and name not in _RESERVED
            return [self._here(SETTING, {name: _typed(name, value or "")})] if known else None
        operator, ends = self._peek().text, [first]
        while operator in _OPERATORS and self._take(operator):
            following = self._end_of_edge()
            if following is None:
                return None
            ends.append(following)
        fields = self._attributes()
        if fields is None or self._peek().text in ("=", ":", *_OPERATORS):
            return None
        if len(ends) > 1:
            return [
                self._here(_OPERATORS[operator], _edge(a, b, fields)) for a, b in pairwise(ends)
            ]
        return [self._here(NODE, {NAME: name, **fields})] if port is None else None

    def _end_of_edge(self) -> tuple[str, str | None] | None:
        """A node's name and, if it is given, the port."""
        name = self._named()
        ports: list[str] = []
        while name is not None and self._take(":"):
            port = self._named()
            if not port or ":" in port or len(ports) > 1:
                return None
            ports.append(port)
        return None if name is None else (name, ":".join(ports) or None)

    def _attributes(self) -> dict[str, Value] | None:
        """What stands in brackets, if that can be read."""
        fields: dict[str, Value] = {}
        while self._take("["):
            while not self._take("]"):
                name = self._named()
                value = self._named() if self._take("=") else None
                if name is None or value is None or name in fields or name in _RESERVED:
                    return None
                fields[name] = _typed(name, value)
                _ = self._take(",") or self._take(";")
        return fields

    def _peek(self, ahead: int = 0) -> _Token:
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else _NOTHING

    def _take(self, mark: str) -> bool:
        taken = self._peek().kind == "mark" and self._peek().text == mark
        self.at += taken
        return taken

    def _named(self) -> str | None:
        """A name or value that is not a keyword."""
        token = self._peek()
        if token.keyword:
            return None
        self.at += token.value is not None
        return token.value

    def _lost(self, first: int) -> Unit:
        """The rest of a line, or of a statement, as it is."""
        self.at = max(self.at, first + 1)
        while self.at < len(self.tokens) and self._peek().text not in (";", "{", "}"):
            if "\n" in self.text[self.tokens[self.at - 1].end : self._peek().start]:
                break
            self.at += 1
        return opaque(self.text[self.tokens[first].start : self.tokens[self.at - 1].end])


def _typed(name: str, value: str) -> Value:
    return table.typed(value) if name in SIZES else value


def _edge(
    start: tuple[str, str | None], end: tuple[str, str | None], fields: Mapping[str, Value]
) -> dict[str, Value]:
    ends = {FROM: start[0], PORTS[0]: start[1], TO: end[0], PORTS[1]: end[1]}
    return {**{n: v for n, v in ends.items() if v is not None}, **fields}
